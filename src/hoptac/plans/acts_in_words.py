"""The acts upon plans as the journal says them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "plans.draft_plan": _("Plan begun"),
    "plans.edit_plan": _("Heading or text of a plan changed"),
    "plans.ask_plans": _("Plans asked of agencies"),
    "plans.abandon_plan": _("Plan abandoned"),
    "plans.set_target": _("Target set"),
    "plans.drop_target": _("Target taken out"),
    "plans.state_actual": _("Actual value stated"),
    "plans.retire_actual": _("Stated value taken back"),
    "plans.take_task": _("Task made part of a plan"),
    "plans.take_part": _("Part of a task made part of a plan"),
    "plans.leave_task": _("Task taken out of a plan"),
    "plans.submit": _("Plan submitted"),
    "plans.withdraw": _("Plan withdrawn"),
    "plans.return_plan": _("Plan sent back"),
    "plans.approve": _("Plan approved"),
    "plans.issue": _("Plan issued"),
    "plans.adjust": _("Plan adjusted"),
    "plans.close_year": _("Year of a plan closed"),
    "plans.reopen_year": _("Closed plan opened again"),
    "plans.export": _("Figures of plans exported"),
}
