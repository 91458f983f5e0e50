"""The mark that a notice of violation leaves at a body, while which nothing else is registered."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from hoptac.cases.models import Case
from hoptac.foundation.access import Context
from hoptac.registration import facts
from hoptac.registration.models import Mark
from hoptac.registration.terms import MarkKind


def set_mark(ctx: Context, case: Case) -> None:
    """Mark the body by the notice of its case (NĐ 92/2024 art. 33)."""
    facts.add(
        ctx, Mark, case.cooperative, ctx.today, filing=None, kind=MarkKind.VIOLATION.value,
        issuer=issuer_of(case), document=case.mark_document,
    )  # fmt: skip


def lift_mark(ctx: Context, case: Case, on: date | None = None) -> bool:
    """Lift the mark of a case from a day on (today): the body can register again. Tell whether it stood."""
    day = on or ctx.today
    standing = (
        Mark.objects.live()
        .filter(
            cooperative=case.cooperative_id, kind=MarkKind.VIOLATION, document=case.mark_document
        )
        .filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=day))
    )
    found = list(standing.order_by("id"))
    for mark in found:
        facts.end(ctx, mark, day)
    return bool(found)


def issuer_of(case: Case) -> str:
    """Return the office that acts in a case, as its letters name it."""
    return f"Ủy ban nhân dân {case.authority.full_name}"[:120]
