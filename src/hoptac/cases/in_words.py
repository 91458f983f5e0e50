"""Grounds and steps as pages say them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoptac.cases.models import CaseStep
from hoptac.cases.rules.grounds import (
    LIMITS,
    Judged,
    Said,
    Standing,
    least_members,
    parts_over,
)
from hoptac.cases.terms import Closing, Share, StepKind
from hoptac.registry.tables import day as day_text
from hoptac.registry.tables import labels, number
from hoptac.registry.terms import WorkingState

TONES = {
    Standing.OVER: "bad", Standing.RUNNING: "warn", Standing.EXCUSED: "info", Standing.CLEAR: "ok",
    Standing.UNKNOWN: "",
}  # fmt: skip


def standing_words(judged: Judged) -> str:
    """Return how a ground stands: ``12 days left``, ``over for 40 days``."""
    left = judged.days_left
    match judged.standing:
        case Standing.UNKNOWN:
            return _("not known")
        case Standing.CLEAR:
            return _("in order")
        case Standing.EXCUSED:
            return _("force majeure")
    if left is None:
        return ""
    if left < 0:
        return ngettext("over for %(n)s day", "over for %(n)s days", -left) % {"n": number(-left)}
    if left == 0:
        return _("last day")
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": number(left)}


def evidence(judged: Judged, kind: str) -> str:
    """Return, in one sentence, what a ground rests on: the last thing said, by whom, and what is asked."""
    said = judged.last_said
    if said is None:
        return str(_NOTHING[judged.code]())
    source = f" ({said.source})" if said.source else ""
    return f"{_SAYS[judged.code](judged, said, kind)}{source}"


def _idle(judged: Judged, said: Said, kind: str) -> str:
    return _("Working state since %(day)s: %(state)s") % {
        "day": day_text(said.on) if said.on > date.min else "–", "state": labels(WorkingState)[said.value],
    }  # fmt: skip


def _members(judged: Judged, said: Said, kind: str) -> str:
    return _("%(count)s members as of %(day)s; the law asks for %(least)s") % {
        "count": number(said.value), "day": day_text(said.on),
        "least": least_members(kind, judged.day),
    }  # fmt: skip


def _meeting(judged: Judged, said: Said, kind: str) -> str:
    return _("Last general meeting on %(day)s") % {"day": day_text(said.on)}


def _report(judged: Judged, said: Said, kind: str) -> str:
    if judged.since is None:
        return _("Last report received on %(day)s") % {"day": day_text(said.on)}
    return _("Asked for on %(day)s, not received since") % {"day": day_text(judged.since)}


def _parts(judged: Judged, said: Said, kind: str) -> str:
    names = labels(Share)
    over = parts_over(judged.code, kind, judged.day, said.value)
    shown = over or [p for p in LIMITS[judged.code](kind, judged.day) if p in said.value]
    told = "; ".join(f"{names[p]}: {number(said.value[p])}" for p in shown)
    return _("As of %(day)s: %(parts)s") % {"day": day_text(said.on), "parts": told}


def _charter(judged: Judged, said: Said, kind: str) -> str:
    if judged.since is None:
        return _("Settled on %(day)s") % {"day": day_text(said.on)}
    return _("Founded under an earlier law; no amended charter is kept")


def _registration(judged: Judged, said: Said, kind: str) -> str:
    if judged.since is None:
        return _("Settled on %(day)s") % {"day": day_text(said.on)}
    return _("Has no registration number; whether it needs one is to be looked at")


def _yearly(judged: Judged, said: Said, kind: str) -> str:
    return _("Last report received on %(day)s") % {"day": day_text(said.on)}


_SAYS = {
    "idle": _idle, "few_members": _members, "no_meeting": _meeting, "no_report": _report,
    "capital_cap": _parts, "foreign_share": _parts, "charter": _charter,
    "group_registration": _registration, "group_members": _members, "group_report": _yearly,
}  # fmt: skip
_NOTHING = {
    "idle": lambda: _("Its working state is not known."),
    "few_members": lambda: _("The number of members was never stated."),
    "no_meeting": lambda: _("No general meeting is kept."),
    "no_report": lambda: _("No report was asked for."),
    "capital_cap": lambda: _("No part of the capital was stated."),
    "foreign_share": lambda: _("No foreign part was stated."),
    "charter": lambda: _("The day of its establishment is not known."),
    "group_registration": lambda: _("The day of its establishment is not known."),
    "group_members": lambda: _("The number of members was never stated."),
    "group_report": lambda: _("No yearly report is kept."),
}


def to_do(judged: Judged) -> str:
    """Return what a body can do about a ground, in plain words; nothing where it is in order."""
    if judged.standing in {Standing.CLEAR, Standing.EXCUSED}:
        return ""
    return {
        "idle": _("Register a suspension, or take up operation and tell the office."),
        "few_members": _("Take in members, merge with a neighbour, or state the members you have."),
        "no_meeting": _("Hold the yearly general meeting and bring its minutes to the office."),
        "no_report": _("Send the report that was asked for."),
        "capital_cap": _("Bring the contributions below the cap and state the new parts."),
        "foreign_share": _("Bring the foreign part below the limit and state the new parts."),
        "charter": _(
            "Read the charter against the Law of 2023; file its amendment, or keep the day on which "
            "it was found to need none."
        ),
        "group_registration": _(
            "See whether it must register; receive its dossier, or keep the day on which it was "
            "found to need none."
        ),
        "group_members": _("Ask the group for its contract and members as they are now."),
        "group_report": _("Ask the group for its yearly report."),
    }[judged.code]


@dataclass(frozen=True)
class GroundLine:
    """A ground as a page shows it."""

    judged: Judged
    name: str
    tone: str
    words: str
    evidence: str
    to_do: str

    @property
    def due(self) -> str:
        return day_text(self.judged.due_on) if self.judged.due_on else ""


def ground_line(judged: Judged, kind: str) -> GroundLine:
    return GroundLine(
        judged, judged.name, TONES[judged.standing], standing_words(judged), evidence(judged, kind),
        to_do(judged),
    )  # fmt: skip


_INTERNAL = frozenset(
    {StepKind.WEIGHED, StepKind.HANDED_OVER, StepKind.VISIT_WAIVED, StepKind.OPENED}
)


@dataclass(frozen=True)
class StepLine:
    """A step of a case as its timeline shows it."""

    step: CaseStep
    title: str
    who: str
    words: list[str]
    tone: str

    @property
    def is_undone(self) -> bool:
        return hasattr(self.step, "undone_by")


def step_line(step: CaseStep, *, to_body: bool = False) -> StepLine:
    """Return a step in words; the body reads no opinions of the office."""
    words = [] if to_body and step.kind in _INTERNAL else [w for w in step.words.split("\n") if w]
    details = step.details
    match step.kind:
        case StepKind.NOTICED:
            words.append(_("To be explained by %(day)s") % {"day": _iso(details["until"])})
        case StepKind.EXPLAINED:
            words.insert(0, f"{details.get('by', '')}, {_iso(details['on'])}".strip(", "))
            if details.get("late"):
                words.append(_("After the term; taken all the same."))
        case StepKind.DELAYED:
            words.append(_("Until %(day)s") % {"day": _iso(details["until"])})
        case StepKind.CLOSED:
            words.insert(0, labels(Closing)[details["closing"]])
        case StepKind.HANDED_OVER if step.to:
            words.insert(0, step.to.full_name)
        case StepKind.WITHDRAWN:
            words.insert(0, labels(StepKind)[details["kind"]])
        case StepKind.PROPOSED | StepKind.MERGING:
            words.append(_("Filing %(number)s") % {"number": details.get("filing", "")})
        case StepKind.PUBLISHED:
            words.append(_iso(details["on"]))
    tone = {
        StepKind.NOTICED: "bad", StepKind.PROPOSED: "bad", StepKind.PUBLISHED: "bad",
        StepKind.CLOSED: "ok", StepKind.MERGED: "ok", StepKind.WITHDRAWN: "warn",
    }.get(StepKind(step.kind), "")  # fmt: skip
    who = step.by.full_name if step.by else _("the system")
    return StepLine(step, step.get_kind_display(), who, words, tone)


def _iso(text: str) -> str:
    return day_text(date.fromisoformat(text))


def next_step(case: Any, today: date) -> str:
    """Return what comes next in a case, in plain words."""
    from hoptac.cases.terms import State

    days = {
        "until": day_text(case.explain_until) if case.explain_until else "",
        "delay": day_text(case.delayed_until) if case.delayed_until else "",
        "number": case.filing.receipt_number if case.filing else "",
    }
    if case.state == State.NOTICED and case.explain_until and case.explain_until < today:
        return _("The body said nothing by %(until)s: weigh it.") % days
    if case.state == State.DELAYED and case.delayed_until and case.delayed_until < today:
        return (
            _(
                "The delay ended on %(delay)s: see whether it was mended, and take the case up again."
            )
            % days
        )
    if case.state == State.PROPOSED and case.filing and case.filing.took_effect_on:
        return _("The decision took effect: publish it within the term.")
    words: dict[str, str] = {
        State.OPENED: _("Look on the spot and enter the visit sheet. Print it first, to fill it in there."),
        State.VISITED: _("Close the case if the visit cleared it; otherwise notify the body."),
        State.NOTICED: _("The body may explain or object until %(until)s."),
        State.EXPLAINED: _("Weigh what the body said."),
        State.WEIGHED: _("Decide: close, put off, merge instead, or put forward."),
        State.DELAYED: _("The body has time to mend until %(delay)s."),
        State.MERGING: _("Waits for the filing %(number)s."),
        State.PROPOSED: _("A second officer decides the filing %(number)s."),
        State.PUBLISHED: "", State.MERGED: "", State.CLOSED: "",
    }  # fmt: skip
    return words[case.state] % days
