"""Letters and sheets of a case: their content as data, set in the type of State documents.

The words of each letter stand in its template (``typst/``), in Vietnamese whatever the reader's
language: they go to the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import translation

from hoptac.cases.models import Case, CaseStep, Letter
from hoptac.cases.rules.grounds import Judged, name_of
from hoptac.cases.terms import LetterKind
from hoptac.foundation.access import Context
from hoptac.foundation.documents.storing import store
from hoptac.foundation.documents.typesetting import typeset
from hoptac.foundation.numbering import take
from hoptac.registry.models import Period
from hoptac.registry.terms import Kind

_NAMES = {
    LetterKind.NOTICE: "thong-bao-vi-pham",
    LetterKind.DELAY: "thong-bao-tam-hoan",
    LetterKind.CLOSING: "thong-bao-ket-thuc",
    LetterKind.TAKEN_BACK: "thong-bao-thu-lai",
}


def take_number(case: Case, day: date) -> str:
    """Return the next number of the letters of the case's office in a year (inside an act)."""
    return f"{take(f'case_letter:{case.authority.code}:{day.year}'):02d}"


def send(
    ctx: Context,
    step: CaseStep,
    kind: LetterKind,
    *,
    number: str,
    signatory: str,
    content: Mapping[str, Any],
) -> Letter:
    """Set a letter of the step, keep it, and return it."""
    case = step.case
    data = {
        **heading(case, ctx.today), "number": number, "signatory": signatory, **content,
    }  # fmt: skip
    pdf = typeset(f"cases/{kind.value}", data)
    name = f"{_NAMES[kind]}-{number}-{ctx.today.year}.pdf"
    stored = store(ctx, pdf, name=name, media_type="application/pdf")
    return Letter.objects.create(
        step=step, kind=kind, number=number, on=ctx.today, signatory=signatory[:120], file=stored
    )


def visit_sheet(case: Case, today: date) -> bytes:
    """Return the sheet of a visit as a PDF to be filled in by hand on the spot."""
    content = {**heading(case, today), "grounds": told(case.grounds)}
    return typeset("cases/visit", content)


def heading(case: Case, day: date) -> dict[str, Any]:
    """Return what every paper of a case names: the office, the body, the day."""
    period = Period.objects.filter(cooperative=case.cooperative_id, is_latest=True).first()
    authority = case.authority
    with translation.override("vi"):
        kind = str(Kind(case.cooperative.kind).label)
    return {
        "unit": authority.full_name, "place": authority.name, "day": day, "case": case.number,
        "opened_on": case.opened_on, "body": case.subject_name, "kind": kind,
        "code": period.registration_number if period else "",
        "address": ", ".join(p for p in (period.address if period else "", case.commune.full_name) if p),
    }  # fmt: skip


def told(grounds: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the grounds that a case keeps as a letter prints them."""
    with translation.override("vi"):
        return [
            {
                "name": name_of(g["code"]),
                "basis": g["basis"],
                "since": g["since"],
                "due_on": g["due_on"],
            }
            for g in grounds
        ]


def told_judged(grounds: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return grounds judged today as a letter prints them."""
    with translation.override("vi"):
        return [
            {
                "name": name_of(g.code), "basis": g.rule.basis, "months": g.rule.months,
                "since": g.since, "due_on": g.due_on,
            }
            for g in grounds
        ]  # fmt: skip
