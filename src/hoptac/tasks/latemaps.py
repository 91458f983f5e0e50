"""Where tasks are late: by the units of the leading agencies; the province's own agencies beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.terms import Level
from hoptac.tasks import selectors
from hoptac.tasks.asked import Asked
from hoptac.tasks.charts import latemap
from hoptac.tasks.terms import RUNNING


@dataclass(frozen=True)
class LateRow:
    """A unit, or an agency of the province, with what is open and late there."""

    name: str
    open: int
    late: int
    href: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def grade(self) -> str:
        return latemap.grade_of(self.open, self.late)

    @property
    def share(self) -> int:
        return round(100 * self.late / self.open) if self.open else 0


@dataclass(frozen=True)
class LateMap:
    """The map: its drawing, the rows of units and of the province's agencies, the worst first."""

    drawing: latemap.Drawing
    units: list[LateRow]
    agencies: list[LateRow]
    most: int

    @property
    def without_place(self) -> list[LateRow]:
        return [r for r in self.units if r.latitude is None]


def late_map(ctx: Context, asked: Asked) -> LateMap:
    """Return who is late among the leading agencies of the tasks asked for."""
    late = Q(state__in=sorted(RUNNING), due_on__lt=ctx.today)
    tasks = selectors.tasks_seen(ctx).open().filter(asked.kept(ctx), lead__isnull=False)
    counts: dict[UUID, tuple[int, int]] = {
        lead: (open_, late_)
        for lead, open_, late_ in tasks.order_by()
        .values_list("lead")
        .annotate(open=Count("pk"), late=Count("pk", filter=late))
    }
    agencies = Agency.objects.filter(pk__in=counts).select_related("unit").order_by("code")
    below: dict[UUID, tuple[AdminUnit, int, int]] = {}
    own = []
    for agency in agencies:
        open_, late_ = counts[agency.pk]
        if agency.unit.level == Level.PROVINCE:
            own.append(LateRow(agency.name, open_, late_, _list(asked, late_, agency=agency.pk)))
            continue
        unit, had, was = below.get(agency.unit_id, (agency.unit, 0, 0))
        below[agency.unit_id] = (unit, had + open_, was + late_)
    units = [
        LateRow(
            unit.heading, open_, late_, _list(asked, late_, unit=unit.pk),
            None if unit.latitude is None else float(unit.latitude),
            None if unit.longitude is None else float(unit.longitude),
        )
        for unit, open_, late_ in below.values()
    ]  # fmt: skip
    places = [
        latemap.Place(
            key=r.name, name=r.name, latitude=r.latitude, longitude=r.longitude, open=r.open, late=r.late,
            href=r.href,
        )
        for r in units
        if r.latitude is not None and r.longitude is not None
    ]  # fmt: skip
    return LateMap(
        latemap.draw(places),
        _worst_first(units),
        _worst_first(own),
        max((r.open for r in own), default=1),
    )


def _worst_first(rows: list[LateRow]) -> list[LateRow]:
    return sorted(rows, key=lambda r: (-r.late, -r.open, r.name))


def _list(asked: Asked, late: int, **of: Any) -> str:
    query = asked.query(heap="all", late=bool(late) or asked.late, **of)
    return f"{reverse('tasks:list')}?{query}"
