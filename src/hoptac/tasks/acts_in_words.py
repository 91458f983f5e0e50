"""The acts upon tasks as the journal says them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "tasks.create_task": _("Task entered"),
    "tasks.take_passages": _("Tasks made of a document's passages"),
    "tasks.edit_task": _("Task edited"),
    "tasks.assign": _("Task assigned"),
    "tasks.spread": _("Task given to several agencies"),
    "tasks.gather": _("Task taken back from several agencies"),
    "tasks.give_on": _("Task given on"),
    "tasks.add_helper": _("Coordinating agency added"),
    "tasks.accept_assignment": _("Task accepted"),
    "tasks.refuse_assignment": _("Task refused"),
    "tasks.hand_on": _("Task handed on"),
    "tasks.release": _("Agency released from a task"),
    "tasks.name_officer": _("Officer named for a task"),
    "tasks.pass_to_successors": _("Tasks passed to the successor"),
    "tasks.report_progress": _("Progress of a task reported"),
    "tasks.report_done": _("Task reported done"),
    "tasks.withdraw_report": _("Report withdrawn"),
    "tasks.judge_done": _("Task judged done"),
    "tasks.judge_not_done": _("Task judged not done"),
    "tasks.return_report": _("Report sent back"),
    "tasks.extend": _("Due day of a task moved"),
    "tasks.ask_extension": _("More time for a task asked for"),
    "tasks.withdraw_extension": _("Request for more time withdrawn"),
    "tasks.grant_extension": _("More time for a task granted"),
    "tasks.refuse_extension": _("More time for a task refused"),
    "tasks.cancel_task": _("Task called off"),
    "tasks.reopen_task": _("Task opened again"),
    "tasks.escalate": _("Late task escalated"),
    "tasks.open_periods": _("Periods of a task opened"),
    "tasks.export": _("List of tasks exported"),
    "tasks.tie_indicator": _("Indicator tied to a task"),
    "tasks.untie_indicator": _("Indicator untied from a task"),
    "tasks.wait_for": _("Task waits for another"),
    "tasks.wait_no_more": _("Task waits for another no more"),
}
