"""Bodies as the national systems see them: the values behind every field of a layout."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from hoptac.exchange.layouts import CODED, Layout, their_code
from hoptac.foundation.access import Context
from hoptac.registration.models import LegalRepresentative
from hoptac.registry.models import BusinessLine, Particulars, Period
from hoptac.registry.models.periods import PeriodQuerySet
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import Kind, Sector, WorkingState

_CHUNK = 1000
# Our fields that stand in the projection, under the names that layouts use.
_PERIOD = {
    "code": "registration_number",
    "kind": "kind",
    "name": "name",
    "status": "legal_status",
    "established_on": "established_on",
    "address": "address",
    "commune": "commune__name",
    "commune_code": "commune__code",
    "charter_capital": "charter_capital",
    "members": "members",
    "workers": "workers",
    "area": "area",
    "sector": "sector",
    "working_state": "working_state",
    "chairman": "chairman",
    "phone": "phone",
}
_OTHER = {"short_name", "foreign_name", "lines", "representative"}
_PER_COMMUNE = {"cooperatives", "unions", "groups"}
KNOWN_FIELDS = frozenset(_PERIOD) | _OTHER | _PER_COMMUNE
# Fields that name a person or a telephone: shown to those who may see contacts.
CONTACTS = frozenset({"representative", "chairman", "phone"})
_WORDED: dict[str, Any] = {"sector": Sector, "working_state": WorkingState}


def bodies(ctx: Context, layout: Layout, day: date, permission: str) -> PeriodQuerySet:
    """Return what a layout speaks of on a day within the caller's territory, as periods in order.

    Yearly information leaves out what had ended; the registration database keeps it.
    """
    found = register_on(ctx, day, permission).filter(kind__in=layout.kinds)
    if not layout.gives:
        found = found.existing()
    return found.order_by("sort_key", "cooperative_id")


def records(periods: Iterable[dict[str, Any]], day: date) -> Iterator[dict[str, Any]]:
    """Yield for each period (as :func:`values` gives it) every field that layouts know, ours as they are."""
    iterator = iter(periods)
    while chunk := list(itertools.islice(iterator, _CHUNK)):
        ids = [row["cooperative_id"] for row in chunk]
        names = {
            pk: (short, foreign)
            for pk, short, foreign in Particulars.objects.filter(
                pk__in=[row["particulars_id"] for row in chunk]
            ).values_list("pk", "short_name", "foreign_name")
        }
        lines, people = _lines(ids, day), _representatives(ids, day)
        for row in chunk:
            record = {field: row[column] for field, column in _PERIOD.items()}
            pk = row["cooperative_id"]
            record["short_name"], record["foreign_name"] = names.get(
                row["particulars_id"], ("", "")
            )
            record["lines"] = lines.get(pk, [])
            record["representative"] = "; ".join(people.get(pk, ())) or row["director"]
            record["id"] = pk
            record["commune_id"] = row["commune_id"]
            yield record


def values(periods: PeriodQuerySet) -> Iterator[dict[str, Any]]:
    """Return periods row by row with the columns that :func:`records` asks for."""
    columns = {*_PERIOD.values(), "cooperative_id", "particulars_id", "director", "commune_id"}
    return periods.values(*sorted(columns)).iterator(chunk_size=_CHUNK)


def record_of(cooperative_id: UUID, day: date) -> dict[str, Any] | None:
    """Return one body's record as of a day, whoever asks."""
    found = Period.objects.filter(cooperative=cooperative_id)
    rows = list(values(found.filter(valid__contains=day)) or [])
    rows = rows or list(values(found.filter(is_latest=True)))
    return next(records(rows, day), None)


def _lines(ids: Collection[UUID], day: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = BusinessLine.objects.live().filter(cooperative__in=ids, valid__contains=day)
    for pk, code in rows.order_by("cooperative", "-is_main", "vsic_code").values_list(
        "cooperative_id", "vsic_code"
    ):
        found[pk].append(code)
    return found


def _representatives(ids: Collection[UUID], day: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = LegalRepresentative.objects.live().filter(cooperative__in=ids, valid__contains=day)
    for pk, name in rows.order_by("cooperative", "id").values_list("cooperative_id", "name"):
        found[pk].append(name)
    return found


def in_layout(layout: Layout, record: dict[str, Any], hidden: Collection[str] = ()) -> list[Any]:
    """Return a record as the values of the layout's columns: their codes, their units."""
    row = []
    for column in layout.columns:
        value = record.get(column.field)
        if column.field in hidden:
            value = None
        elif column.field in CODED:
            value = their_code(column.field, str(value or ""), str(record.get("kind") or ""))
        elif column.field in _WORDED:
            value = str(_WORDED[column.field](value).label) if value else ""
        elif isinstance(value, list):
            value = "; ".join(value)
        row.append(column.outward(value))
    return row


def hidden_from(ctx: Context, permission: str) -> frozenset[str]:
    """Return the fields that stay empty in what a caller takes out."""
    return frozenset() if ctx.may_throughout("registry.view_contacts", of=permission) else CONTACTS


def rows_of(ctx: Context, layout: Layout, day: date, permission: str) -> Iterator[list[Any]]:
    """Yield the rows of a layout's file as of a day: what the caller may see, and nothing else."""
    found = bodies(ctx, layout, day, permission)
    if layout.rows == "communes":
        yield from _per_commune(layout, found)
        return
    hidden = hidden_from(ctx, permission)
    for record in records(values(found), day):
        yield in_layout(layout, record, hidden)


def count_rows(ctx: Context, layout: Layout, day: date, permission: str) -> int:
    """Return how many rows the file will have."""
    found = bodies(ctx, layout, day, permission).order_by()
    if layout.rows == "communes":
        return found.values("commune_id").distinct().count()
    return found.count()


def _per_commune(layout: Layout, periods: PeriodQuerySet) -> Iterator[list[Any]]:
    sums = periods.order_by().values("commune__code", "commune__name").annotate(
        cooperatives=Count("pk", filter=Q(kind=Kind.COOPERATIVE)),
        unions=Count("pk", filter=Q(kind=Kind.UNION)),
        groups=Count("pk", filter=Q(kind=Kind.GROUP)),
        all_members=Sum("members"), all_workers=Sum("workers"), all_capital=Sum("charter_capital"),
    )  # fmt: skip
    for row in sums.order_by("commune__code"):
        record = {
            "commune_code": row["commune__code"], "commune": row["commune__name"],
            "cooperatives": row["cooperatives"], "unions": row["unions"], "groups": row["groups"],
            "members": row["all_members"], "workers": row["all_workers"], "charter_capital": row["all_capital"],
        }  # fmt: skip
        yield in_layout(layout, record)
