"""The course of a task in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoptac.tasks.models import Proof, Step
from hoptac.tasks.terms import StepKind

_TONES = {
    StepKind.REFUSED: "bad", StepKind.RETURNED: "bad", StepKind.JUDGED_NOT_DONE: "bad", StepKind.CANCELLED: "bad",
    StepKind.ESCALATED: "warn", StepKind.EXTENDED: "warn", StepKind.EXTENSION_REFUSED: "bad",
    StepKind.EXTENSION_ASKED: "warn", StepKind.JUDGED_DONE: "good", StepKind.ACCEPTED: "good",
}  # fmt: skip

# So many agencies are named of an order to many.
_NAMED = 8


@dataclass(frozen=True)
class StepLine:
    """One step as the page shows it."""

    step: Step
    title: str
    who: str
    words: list[str]
    tone: str
    proofs: list[Proof]

    @property
    def on_another_day(self) -> bool:
        """Whether it was entered on another day than it was done."""
        return localtime(self.step.at).date() != self.step.on


def step_line(step: Step) -> StepLine:
    """Return a step in words: what, by whom on whose behalf, what was said and shown."""
    title = str(step.get_kind_display())
    if step.to_agency_id:
        title = f"{title}: {step.to_agency}"
    who = ", ".join(
        filter(None, (step.by.full_name if step.by else _("the system"), str(step.agency or "")))
    )
    return StepLine(
        step,
        title,
        who,
        list(_told(step)),
        _TONES.get(StepKind(step.kind), ""),
        list(step.proofs.all()),
    )


def _told(step: Step) -> Any:
    details = step.details or {}
    if step.term and step.term.label:
        yield _("Period %(label)s") % {"label": step.term.label}
    if step.percent is not None and step.kind == StepKind.PROGRESS:
        yield f"{step.percent} %"
    if step.kind in {StepKind.EXTENDED, StepKind.EXTENSION_ASKED}:
        yield _("From %(before)s to %(after)s") % {
            "before": _day(details.get("before")), "after": _day(details.get("after")),
        }  # fmt: skip
    if details.get("agencies"):
        yield _several(details["agencies"])
    if details.get("coordinating"):
        yield _("Coordinating: %(agencies)s") % {"agencies": "; ".join(details["coordinating"])}
    if details.get("officer"):
        yield details["officer"]
    if step.words:
        yield step.words
    if step.difficulty:
        yield _("Difficulty: %(words)s") % {"words": step.difficulty}
    if step.proposal:
        yield _("Proposal: %(words)s") % {"words": step.proposal}


def _several(names: list[str]) -> str:
    """Return how many agencies, and the names of the first."""
    said = ngettext("%(n)s agency", "%(n)s agencies", len(names)) % {"n": len(names)}
    more = "; …" if len(names) > _NAMED else ""
    return f"{said}: {'; '.join(names[:_NAMED])}{more}"


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else "–"
