"""The course of a plan in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from hoptac.plans.models import PlanStep
from hoptac.plans.terms import StepKind

_TONES = {
    StepKind.RETURNED: "bad", StepKind.ABANDONED: "bad", StepKind.ADJUSTED: "warn", StepKind.APPROVED: "good",
    StepKind.ISSUED: "good",
}  # fmt: skip


@dataclass(frozen=True)
class StepLine:
    """One step as the page shows it."""

    step: PlanStep
    title: str
    who: str
    words: list[str]
    tone: str


def step_line(step: PlanStep) -> StepLine:
    """Return a step in words: what, by whom on whose behalf, what was said and changed."""
    who = [step.by.full_name if step.by else _("the system"), str(step.agency or "")]
    return StepLine(
        step, str(step.get_kind_display()), ", ".join(filter(None, who)), list(_told(step)),
        _TONES.get(StepKind(step.kind), ""),
    )  # fmt: skip


def _told(step: PlanStep) -> Iterator[str]:
    details = step.details or {}
    if step.document:
        yield step.document
    if step.words:
        yield step.words
    if "targets" in details:
        yield _("%(targets)s targets and %(tasks)s tasks to begin with") % details
    if details.get("number"):
        yield _("Task %(number)s") % details
    if details.get("agencies"):
        yield _("%(agencies)s, until %(day)s") % {
            "agencies": "; ".join(details["agencies"]), "day": f"{date.fromisoformat(details['due_on']):%d/%m/%Y}",
        }  # fmt: skip
    for code, changes in details.get("changes", {}).items():
        for before, after in changes.values():
            yield f"{code}: {before} → {after}"
