"""The report of reconciliation: open differences by kind, place and age; what was decided, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.exchange.in_words import said
from hoptac.exchange.models import Difference
from hoptac.exchange.records import CONTACTS
from hoptac.exchange.terms import FIELD_NAMES, Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.transfers.exports import ExportColumn
from hoptac.jurisdiction.places import places

# How long a difference has been open: up to so many days; the last has no end.
AGES = (30, 90, 365, None)
AGE_NAMES: dict[int | None, Any] = {
    30: gettext_lazy("Up to 30 days"),
    90: gettext_lazy("31 to 90 days"),
    365: gettext_lazy("91 to 365 days"),
    None: gettext_lazy("Over a year"),
}
DECIDED = (Verdict.OURS, Verdict.THEIRS, Verdict.NOTED)


@dataclass
class Line:
    """One row of a table: what it counts, how many by age, the oldest, where the rows stand."""

    label: str
    counts: list[int]
    oldest: date | None = None
    query: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Report:
    """Open differences of a territory on a day, by kind and by place, and decisions of thirty days."""

    by_kind: list[Line]
    by_place: list[Line]
    decided: dict[str, int]
    total: Line


def _rows(ctx: Context) -> QuerySet[Difference]:
    found: QuerySet[Difference] = Difference.objects.visible_to(ctx)
    return found


def _ages(today: date) -> dict[str, Any]:
    """Return a count for each age, as one statement asks for them."""
    asked: dict[str, Any] = {}
    after: int | None = None
    for age in AGES:
        within = Q()
        if after is not None:
            within &= Q(open_since__lt=today - timedelta(days=after))
        if age is not None:
            within &= Q(open_since__gte=today - timedelta(days=age))
        asked[f"age_{age}"] = Count("pk", filter=within)
        after = age
    return asked


def _line(label: str, row: dict[str, Any], query: str = "") -> Line:
    return Line(label, [row[f"age_{a}"] for a in AGES], row["oldest"], query)


def report(ctx: Context) -> Report:
    """Return the report as of today within the caller's territory, by three statements."""
    open_rows = _rows(ctx).filter(state=Verdict.OPEN).order_by()
    counted: dict[str, Any] = {**_ages(ctx.today), "oldest": Min("open_since")}
    kinds: Any = open_rows.values("what", "field").annotate(**counted)
    by_kind = [
        _line(_kind(r["what"], r["field"]), r, f"field={r['field']}&what={r['what']}")
        for r in kinds
    ]
    units: Any = open_rows.values("commune").annotate(**counted)
    by_ground: dict[UUID | None, Line] = {}
    for r in units:
        # A commune of before a reform is counted where its ground lies today.
        place = places().commune_on(r["commune"], ctx.today) if r["commune"] else None
        pk = place.id if place else None
        line = by_ground.setdefault(
            pk,
            Line(place.heading if place else _("Place not known"), [0] * len(AGES), None,
                 f"commune={pk}" if pk else ""),
        )  # fmt: skip
        line.counts = [n + r[f"age_{a}"] for n, a in zip(line.counts, AGES, strict=True)]
        line.oldest = min(line.oldest or r["oldest"], r["oldest"])
    by_place = list(by_ground.values())
    since = ctx.today - timedelta(days=30)
    recent = _rows(ctx).filter(decided_at__date__gte=since).order_by()
    decided: dict[str, int] = dict(recent.values_list("state").annotate(n=Count("pk")))
    decided["passed"] = decided.get(Verdict.NOTED, 0) + decided.get(Verdict.SETTLED, 0)
    total = Line(_("Together"), [sum(x.counts[n] for x in by_kind) for n in range(len(AGES))])
    total.oldest = min((x.oldest for x in by_kind if x.oldest), default=None)
    by_kind.sort(key=lambda x: -x.total)
    by_place.sort(key=lambda x: (-x.total, x.label))
    return Report(by_kind, by_place, decided, total)


def _kind(what: str, field: str) -> str:
    return str(FIELD_NAMES.get(field) or What(what).label)


def _place(commune: UUID | None, day: date) -> str:
    place = places().commune_on(commune, day) if commune else None
    return place.heading if place else _("Place not known")


def report_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Counted by"), width=20), ExportColumn(_("What"), width=40),
        *(ExportColumn(str(AGE_NAMES[a]), "integer") for a in AGES),
        ExportColumn(_("Together"), "integer"), ExportColumn(_("The oldest since"), "date"),
    ]  # fmt: skip


def report_rows(found: Report) -> Iterator[tuple[Any, ...]]:
    for name, lines in ((_("Kind"), found.by_kind), (_("Commune"), found.by_place)):
        for x in lines:
            yield (name, x.label, *x.counts, x.total, x.oldest)


# --- Decisions --------------------------------------------------------------------------------------


def decisions(ctx: Context) -> QuerySet[Difference]:
    """Return what was decided and still stands so, the latest first."""
    return (
        _rows(ctx)
        .filter(state__in=DECIDED)
        .select_related("decided_by", "commune", "last_extract")
        .order_by(F("decided_at").desc(nulls_last=True), "id")
    )


@dataclass(frozen=True)
class Batch:
    """Differences that one act decided together and that still stand so."""

    pk: UUID
    count: int
    verdict: str
    at: Any
    by: str
    words: str


def batches(ctx: Context, most: int = 20) -> list[Batch]:
    """Return the latest decisions that one act made of many."""
    rows: Any = (
        _rows(ctx)
        .filter(state__in=DECIDED, batch__isnull=False)
        .order_by()
        .values("batch", "state", "words", "decided_by__full_name")
        .annotate(n=Count("pk"), at=Min("decided_at"))
        .order_by("-at")[:most]
    )
    names = dict(Verdict.choices)
    return [
        Batch(
            r["batch"], r["n"], str(names[r["state"]]), r["at"], r["decided_by__full_name"] or "",
            r["words"],
        )
        for r in rows
    ]  # fmt: skip


def decision_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Name"), width=44), ExportColumn(_("Registration code"), width=16),
        ExportColumn(_("Commune"), width=24), ExportColumn(_("Field"), width=24),
        ExportColumn(_("The register"), width=36), ExportColumn(_("The national system"), width=36),
        ExportColumn(_("Extract of"), "date"), ExportColumn(_("Verdict"), width=28),
        ExportColumn(_("Decided by"), width=26), ExportColumn(_("On"), "date"),
        ExportColumn(_("Why"), width=50),
    ]  # fmt: skip


def decision_rows(
    rows: QuerySet[Difference], today: date, *, hides_contacts: bool
) -> Iterator[tuple[Any, ...]]:
    for d in rows.iterator(chunk_size=1000):
        hidden = hides_contacts and d.field in CONTACTS
        yield (
            d.name, d.code, _place(d.commune_id, today), _kind(d.what, d.field),
            "•••" if hidden else said(d.field, d.ours), "•••" if hidden else said(d.field, d.theirs),
            d.theirs_on, d.get_state_display(), d.decided_by.full_name if d.decided_by else "",
            localtime(d.decided_at).date() if d.decided_at else None, d.words,
        )  # fmt: skip
