"""Writing facts that filings bring: the shared hand of the effects. Not an act itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of
from hoptac.registration.models import Filing, LegalRepresentative
from hoptac.registration.models.facts import RegistrationFact
from hoptac.registry.models import Cooperative

F = TypeVar("F", bound=RegistrationFact)

_OWN = {
    "id",
    "cooperative_id",
    "act_id",
    "retired_by",
    "source",
    "source_row",
    "valid",
    "filing_id",
}


def source_of(filing: Filing) -> str:
    """Return what the register names as the source of a filing's facts."""
    number = filing.decision_number or filing.receipt_number
    return f"{filing.title} {number}".strip()[:200]


def add(
    ctx: Context,
    model: type[F],
    cooperative: Cooperative,
    begins: date,
    *,
    filing: Filing | None,
    last: date | None = None,
    **values: Any,
) -> F:
    """Add a fact from a day on, until ``last`` (that day included) if it has an end."""
    after = last + timedelta(days=1) if last else None
    return model.objects.create(
        cooperative=cooperative, valid=DateRange(begins, after), act_id=act_of(ctx), filing=filing,
        source=source_of(filing) if filing else "", **values,
    )  # fmt: skip


def end(ctx: Context, row: F, on: date, *, filing: Filing | None = None, **values: Any) -> F | None:
    """Let a fact hold no longer from a day on; return the row of the days before, if any.

    With ``values`` a further row says how it stands since, and names the filing that brought it.
    """
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    kept = {k: v for k, v in kept.items() if k not in _OWN}
    model = type(row)
    model.objects.filter(pk=row.pk).update(retired_by=act_of(ctx))
    common = {
        "cooperative_id": row.cooperative_id, "act_id": act_of(ctx), "filing_id": row.filing_id,
        "source": row.source,
    }  # fmt: skip
    before = None
    if row.valid.lower < on:
        before = model.objects.create(valid=DateRange(row.valid.lower, on), **common, **kept)
    if values:
        if filing is not None:
            common |= {"filing_id": filing.pk, "source": source_of(filing)}
        model.objects.create(
            valid=DateRange(max(on, row.valid.lower), row.valid.upper),
            **common,
            **{**kept, **values},
        )
    return before


def in_force(model: type[F], cooperative_id: UUID, day: date) -> list[F]:
    """Return the live facts of a body that hold on a day."""
    found = model.objects.live().filter(cooperative_id=cooperative_id, valid__contains=day)
    return list(found.order_by("id"))


def set_representatives(
    ctx: Context,
    cooperative: Cooperative,
    people: Iterable[Mapping[str, Any]],
    on: date,
    filing: Filing,
) -> None:
    """Let these be the legal representatives from a day on."""
    for row in in_force(LegalRepresentative, cooperative.pk, on):
        end(ctx, row, on)
    for person in people:
        values = {k: v for k, v in person.items() if v not in (None, "")}
        values["name"] = values.pop("person")
        add(ctx, LegalRepresentative, cooperative, on, filing=filing, **values)
