"""Gathers what a filing's checks look at, and asks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hoptac.foundation.access import system_context
from hoptac.foundation.findings import Finding
from hoptac.foundation.working_days import add_working_days
from hoptac.registration.fees import Account, account_of, unpaid
from hoptac.registration.matters import from_json
from hoptac.registration.models import Branch, Filing, Mark, Suspension
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.checks import Body, Case, check_filing
from hoptac.registration.rules.procedures import paper_name
from hoptac.registration.terms import OPEN, PaperState
from hoptac.registry.models import Period
from hoptac.registry.names import core_name
from hoptac.registry.terms import LegalStatus

_MOST_NAMES = 5


def findings_of(filing: Filing, *, today: date, account: Account | None = None) -> list[Finding]:
    """Return everything that stands in the way of a filing, errors first.

    ``account`` is that of its fee, where the caller has asked for it already.
    """
    procedure = PROCEDURES[filing.procedure]
    case = case_of(filing, today=today)
    found = [
        *check_filing(case, procedure.required, procedure.check),
        *_missing_papers(filing),
        *unpaid(account or account_of(filing)),
    ]
    return sorted(found, key=lambda f: f.severity != "error")


def case_of(filing: Filing, *, today: date) -> Case:
    """Return a filing as its checks see it."""
    values = from_json(filing.proposal)
    keys = [e["body"] for e in values.get("others") or () if e.get("body")]
    return Case(
        kind=filing.kind,
        values=values,
        rule=filing.rule,
        judged_on=filing.judged_on,
        filed_on=filing.filed_on,
        today=today,
        despite_marks=PROCEDURES[filing.procedure].despite_marks,
        body=_body(filing.cooperative_id, today, but=filing.pk),
        others=tuple(_body(UUID(str(k)), today) for k in keys),
        branch_state=_branch_state(filing, values, today),
        same_names=tuple(_like_names(filing, _names(values), today)),
        add_working_days=add_working_days,
    )


def _branch_state(filing: Filing, values: Mapping[str, Any], today: date) -> str:
    if not values.get("branch") or filing.cooperative_id is None:
        return ""
    rows = Branch.objects.live().filter(
        cooperative=filing.cooperative_id, branch_id=values["branch"],
        valid__contains=values.get("from_on") or today,
    )  # fmt: skip
    return rows.values_list("state", flat=True).first() or ""


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    if values.get("name"):
        yield values["name"]
    for part in values.get("new_bodies") or ():
        if part.get("name"):
            yield part["name"]


def _body(cooperative_id: UUID | None, today: date, but: UUID | None = None) -> Body:
    period = None
    if cooperative_id is not None:
        period = Period.objects.filter(cooperative=cooperative_id, is_latest=True).first()
    if period is None:
        return Body()
    marks = Mark.objects.live().filter(cooperative=cooperative_id, valid__contains=today)
    pause = (
        Suspension.objects.live().filter(cooperative=cooperative_id, valid__contains=today).first()
    )
    filings = Filing.objects.filter(cooperative=cooperative_id)
    begun = _begun(filings)
    ending = period.legal_status == LegalStatus.ENDING
    return Body(
        name=period.name,
        kind=period.kind,
        registration_number=period.registration_number,
        legal_status=period.legal_status,
        established_on=period.established_on,
        charter_capital=period.charter_capital,
        members=period.members,
        marks=tuple(f"{m.get_kind_display()}, {m.document}" for m in marks.order_by("id")),
        suspended_until=pause.valid.upper - timedelta(days=1)
        if pause and pause.valid.upper
        else None,
        dissolution_since=begun[-1][1] if begun and ending else None,
        ending_by=tuple(procedure for procedure, _day in begun) if ending else (),
        other_filings=tuple(
            f.title
            for f in filings.filter(state__in=sorted(OPEN))
            .exclude(pk=but or UUID(int=0))
            .order_by("id")
        ),
    )


_BEGIN_AN_END = ("dissolution_notice", "compulsory_dissolution", "revocation")
_CALL_IT_OFF = ("dissolution_cancel", "restoration")


def _begun(filings: QuerySet[Filing]) -> list[tuple[str, date]]:
    """Return what began the end of a body since one was last called off, with its day, in order."""
    told = filings.filter(
        procedure__in=(*_BEGIN_AN_END, *_CALL_IT_OFF), took_effect_on__isnull=False
    )
    found: list[tuple[str, date]] = []
    rows = told.order_by("took_effect_on", "decided_at", "id")
    for procedure, day in rows.values_list("procedure", "took_effect_on"):
        if procedure in _CALL_IT_OFF:
            found = []
        elif day is not None:
            found.append((procedure, day))
    return found


def _like_names(filing: Filing, names: Iterable[str], today: date) -> Iterator[str]:
    """Yield bodies of the register whose own name is the same, marks and short forms aside.

    The whole register is asked, past the caller's territory: names are public (NĐ 92/2024 art. 29).
    """
    wide = system_context(today=today)
    for name in names:
        core = core_name(name)
        found = Period.objects.visible_to(wide).filter(is_latest=True).existing().matching(core)
        if filing.cooperative_id is not None:
            found = found.exclude(cooperative=filing.cooperative_id)
        rows = found.order_by("sort_key", "cooperative_id").values_list("name", flat=True)[:50]
        same = [other for other in rows if core_name(other) == core]
        yield from same[:_MOST_NAMES]


def _missing_papers(filing: Filing) -> Iterator[Finding]:
    papers = [p for p in filing.papers.all() if p.is_required and p.state != PaperState.HANDED_IN]
    if papers:
        yield Finding(
            "papers_missing",
            _("The dossier lacks: %(papers)s.") % {"papers": "; ".join(p.name for p in papers)},
            filing.rule.basis,
            details={"papers": [p.code for p in papers]},
        )


def papers_named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return papers with what the desk calls them, as choices of a form."""
    return [(code, paper_name(code)) for code in codes]
