"""The acts upon plans."""

from hoptac.plans.actions.approving import (
    adjust,
    approve,
    close_year,
    issue,
    reopen_year,
    return_plan,
    submit,
    withdraw,
)
from hoptac.plans.actions.drafting import abandon_plan, ask_plans, draft_plan, edit_plan
from hoptac.plans.actions.exporting import record_export
from hoptac.plans.actions.targets import drop_target, retire_actual, set_target, state_actual
from hoptac.plans.actions.working import leave_task, take_part, take_task

__all__ = (
    "abandon_plan", "adjust", "approve", "ask_plans", "close_year", "draft_plan", "drop_target", "edit_plan",
    "issue", "leave_task", "record_export", "reopen_year", "retire_actual", "return_plan", "set_target",
    "state_actual", "submit", "take_part", "take_task", "withdraw",
)  # fmt: skip
