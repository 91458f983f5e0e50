"""A filing as people read it: what is sought, field by field, and what was done, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hoptac.jurisdiction.places import places
from hoptac.registration.matters import CHOICES, MATTERS, Matter, from_json
from hoptac.registration.models import Branch, Filing, FilingStep, Mark
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import grounds
from hoptac.registration.terms import StepKind
from hoptac.registry.models import Period
from hoptac.registry.rules.vsic import name_of
from hoptac.registry.tables import day as day_in_words
from hoptac.registry.tables import number


@dataclass(frozen=True)
class Sought:
    """One thing that a dossier seeks: its field, what it is called, what it says, what stands today."""

    code: str
    label: str
    value: str = ""
    before: str = ""
    entries: tuple[tuple[tuple[str, str], ...], ...] = ()


def proposal_in_words(filing: Filing, *, shows_people: bool) -> list[Sought]:
    """Return what a filing seeks, beside what the register says now where that differs."""
    values = from_json(filing.proposal)
    period = None
    if filing.cooperative_id is not None:
        period = Period.objects.filter(cooperative=filing.cooperative_id, is_latest=True).first()
    found = []
    for code in PROCEDURES[filing.procedure].fields:
        matter, value = MATTERS[code], values.get(code)
        if value in (None, "", []) or (matter.is_private and not shows_people):
            continue
        label = str(matter.label)
        if matter.kind == "list":
            entries = tuple(tuple(_entry(v, matter.parts, filing, shows_people)) for v in value)
            found.append(Sought(code, label, entries=entries))
            continue
        words = said(matter, value, filing.judged_on)
        before = _before(matter, period, filing)
        found.append(Sought(code, label, words, before if before != words else ""))
    return found


def _entry(
    values: Mapping[str, Any], parts: tuple[str, ...], filing: Filing, shows_people: bool
) -> Iterator[tuple[str, str]]:
    for code in parts:
        matter, value = MATTERS[code], values.get(code)
        if value not in (None, "") and (shows_people or not matter.is_private):
            yield str(matter.label), said(matter, value, filing.judged_on)


def _before(matter: Matter, period: Period | None, filing: Filing) -> str:
    if period is None or filing.took_effect_on is not None:
        return ""
    return _standing(matter, period)


def _standing(matter: Matter, period: Period) -> str:
    name = "commune_id" if matter.code == "commune" else matter.code
    return said(matter, getattr(period, name, None))


def standing_in_words(cooperative: Any, codes: Iterable[str]) -> dict[str, str]:
    """Return what the register says now of a body in the fields of a procedure, people left out."""
    period = None
    if cooperative is not None:
        period = Period.objects.filter(cooperative=cooperative, is_latest=True).first()
    if period is None:
        return {}
    known = [c for c in codes if not MATTERS[c].is_private]
    return {c: words for c in known if (words := _standing(MATTERS[c], period))}


def said(matter: Matter, value: Any, day: date | None = None) -> str:
    """Return a value as people read it."""
    if value in (None, ""):
        return ""
    if matter.kind == "unit":
        place = places().get(value if isinstance(value, UUID) else UUID(str(value)))
        return place.heading if place else ""
    if matter.unit:
        return f"{number(Decimal(value))} {matter.unit}"
    if isinstance(value, date):
        return day_in_words(value)
    if matter.code == "grounds":
        named = {g.code: g.name for g in grounds("revocation")} | {"tax": _("Tax enforcement")}
        return "; ".join(named.get(c, c) for c in value)
    if matter.kind == "codes":
        return "; ".join(f"{c} {name_of(c, day or localdate())}".strip() for c in value)
    if matter.code in CHOICES:
        return str(dict(CHOICES[matter.code].choices).get(value, value))
    if matter.kind == "body":
        period = Period.objects.filter(cooperative=value, is_latest=True).first()
        return period.name if period else str(value)
    if matter.code == "branch":
        branch = Branch.objects.live().filter(branch_id=value).order_by("-valid").first()
        return branch.name if branch else str(value)
    if matter.code == "mark":
        mark = Mark.objects.filter(pk=value).first()
        return f"{mark.get_kind_display()}, {mark.document}" if mark else str(value)
    return str(value)


@dataclass(frozen=True)
class StepInWords:
    """A step as the course shows it."""

    title: str
    at: datetime
    who: str
    words: list[str]
    kind: str


_COLOURS = {
    StepKind.GRANTED: "ok", StepKind.TOOK_EFFECT: "ok", StepKind.REFUSED: "bad",
    StepKind.RETURNED: "bad", StepKind.LAPSED: "bad", StepKind.WITHDRAWN: "bad",
    StepKind.CERTIFIED: "ok", StepKind.FEE_PAID: "ok", StepKind.PAPER_CORRECTED: "warn",
    StepKind.CERTIFICATE_WAITS: "warn",
    StepKind.SUPPLEMENT_ASKED: "warn", StepKind.SENT_BACK: "warn",
}  # fmt: skip


def step_in_words(step: FilingStep) -> StepInWords:
    """Return a step in words: who, what, until when."""
    words = [line for line in step.words.splitlines() if line]
    if step.to is not None:
        words.insert(0, _("To %(name)s") % {"name": step.to.full_name})
    is_decision = step.kind in {StepKind.GRANTED, StepKind.REFUSED}
    on = _("Decision of %(day)s") if is_decision else _("From %(day)s")
    for name, text in (("due_on", _("Due on %(day)s")), ("until", _("To be supplied by %(day)s")),
                       ("on", on)):  # fmt: skip
        value = step.details.get(name)
        if value:
            words.append(text % {"day": f"{date.fromisoformat(value):%d/%m/%Y}"})
    who = step.by.full_name if step.by else _("The system")
    return StepInWords(
        step.get_kind_display(), step.at, who, words, _COLOURS.get(StepKind(step.kind), "")
    )
