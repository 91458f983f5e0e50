"""The acts upon tasks."""

from hoptac.tasks.actions.assigning import (
    accept_assignment,
    add_helper,
    assign,
    give_on,
    hand_on,
    name_officer,
    pass_to_successors,
    refuse_assignment,
    release,
)
from hoptac.tasks.actions.escalating import escalate
from hoptac.tasks.actions.exporting import record_export
from hoptac.tasks.actions.extending import (
    ask_extension,
    extend,
    grant_extension,
    refuse_extension,
    withdraw_extension,
)
from hoptac.tasks.actions.planning import (
    cancel_task,
    create_task,
    edit_task,
    open_periods,
    reopen_task,
    take_passages,
)
from hoptac.tasks.actions.reporting import (
    judge_done,
    judge_not_done,
    report_done,
    report_progress,
    return_report,
    withdraw_report,
)
from hoptac.tasks.actions.spreading import gather, spread
from hoptac.tasks.actions.tying import tie_indicator, untie_indicator, wait_for, wait_no_more

__all__ = (
    "accept_assignment", "add_helper", "ask_extension", "assign", "cancel_task", "create_task", "edit_task",
    "escalate", "extend", "gather", "give_on", "grant_extension", "hand_on", "judge_done", "judge_not_done",
    "name_officer", "open_periods", "pass_to_successors", "record_export", "refuse_assignment",
    "refuse_extension", "release", "reopen_task", "report_done", "report_progress", "return_report", "spread",
    "take_passages", "tie_indicator", "untie_indicator", "wait_for", "wait_no_more", "withdraw_extension",
    "withdraw_report",
)  # fmt: skip
