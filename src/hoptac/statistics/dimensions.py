"""The sides of a table: what bodies are divided by, and how each part is named and found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.access import Coverage
from hoptac.jurisdiction.places import Place, Places, places
from hoptac.jurisdiction.terms import Level
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState


@dataclass(frozen=True)
class Dimension:
    """One way to divide bodies.

    ``sql`` is read by ``counting``; ``parameter`` is the filter of the register's list that keeps
    one part. Time (``year``, ``day``) has neither: it says when, not which.
    """

    code: str
    label: Any
    sql: str = ""
    parameter: str = ""
    choices: Any = None
    levels: tuple[str, ...] = ()

    @property
    def is_time(self) -> bool:
        return not self.sql

    @property
    def is_place(self) -> bool:
        return bool(self.levels)


DIMENSIONS: dict[str, Dimension] = {
    d.code: d
    for d in (
        Dimension("sector", gettext_lazy("Sector"), "s.sector", "sector", Sector),
        Dimension("kind", gettext_lazy("Kind"), "s.kind", "kind", Kind),
        Dimension("legal_status", gettext_lazy("Legal status"), "s.legal_status", "legal", LegalStatus),
        Dimension("working_state", gettext_lazy("Working state"), "s.working_state", "state", WorkingState),
        Dimension("legal_era", gettext_lazy("Registered under"), "s.legal_era", "era", LegalEra),
        Dimension("district", gettext_lazy("District"), "g.district_id", "district",
                  levels=(Level.DISTRICT.value,)),
        Dimension("commune", gettext_lazy("Commune"), "g.commune_id", "commune",
                  levels=(Level.COMMUNE.value,)),
        Dimension("locality", gettext_lazy("District, since July 2025 commune"),
                  "coalesce(g.district_id, g.commune_id)", "",
                  levels=(Level.DISTRICT.value, Level.COMMUNE.value)),
        Dimension("province", gettext_lazy("Province"), "g.province_id",
                  levels=(Level.PROVINCE.value,)),
        Dimension("year", gettext_lazy("Year")),
        Dimension("day", gettext_lazy("Date")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One part of a side: its key in the database, its name, how the register's list keeps it.

    ``query`` is empty when the list has no such filter (not stated, not placed).
    """

    key: Any
    label: str
    query: tuple[tuple[str, str], ...] | None = ()

    @property
    def code(self) -> str:
        return str(self.key) if self.key else "none"


@dataclass(frozen=True)
class Moment:
    """One of the days of a table; ``key`` is the year or the day itself."""

    key: str
    label: str
    day: date


def members(
    dimension: Dimension,
    found: set[Any],
    map_days: Sequence[date],
    reach: Coverage,
    kinds: Sequence[str],
) -> tuple[Member, ...]:
    """Return the parts of a side in the order of the desk, those without bodies too.

    ``found`` are the keys that the count met. Unknown ones are shown last and never left out.
    """
    if dimension.is_place:
        return _places(dimension, found, map_days, reach)
    known = dict(dimension.choices.choices)
    known.pop("", None)
    if dimension.choices is Kind:
        known = {k: v for k, v in known.items() if k in kinds}
    if dimension.choices is LegalStatus and LegalStatus.ENDED.value not in found:
        known.pop(LegalStatus.ENDED.value)
    if dimension.choices is WorkingState and WorkingState.ENDED.value not in found:
        known.pop(WorkingState.ENDED.value)
    rows = [Member(k, str(v), ((dimension.parameter, k),)) for k, v in known.items()]
    rest = sorted((str(k or "") for k in found if k not in known), key=str)
    rows += [Member(k, k or _("Not stated"), None) for k in rest]
    return tuple(rows)


def _places(
    dimension: Dimension, found: set[Any], map_days: Sequence[date], reach: Coverage
) -> tuple[Member, ...]:
    known = places()
    wanted: dict[UUID, Place] = {}
    if Level.DISTRICT.value in dimension.levels:
        for place in known.districts(reach):
            if any(place.exists_on(day) for day in map_days):
                wanted[place.id] = place
    for key in found - {None}:
        unit = known.get(UUID(key))
        if unit is not None:
            wanted[unit.id] = unit
    ordered = sorted(wanted.values(), key=lambda p: (p.level != Level.DISTRICT, p.sort_key, p.code))
    rows = [Member(str(p.id), p.heading, _place_query(p, known)) for p in ordered]
    rest = sorted(str(k) for k in found - {None} if UUID(k) not in wanted)
    rows += [Member(k, _("Unit not known"), None) for k in rest]
    if None in found:
        rows.append(Member(None, _("Not placed"), None))
    return tuple(rows)


def _place_query(place: Place, known: Places) -> tuple[tuple[str, str], ...] | None:
    if place.level in {Level.DISTRICT, Level.COMMUNE}:
        return ((str(place.level), str(place.id)),)
    return () if len(known.provinces) == 1 else None


def epoch_of(day: date, known: Places | None = None) -> date:
    """Return the first day of the map in force on a day."""
    begins = (known or places()).epochs
    return max((b for b in begins if b <= day), default=day)


def last_day_with_districts() -> date | None:
    """Return the last day on which there were districts; nothing while there still are."""
    last = places().end_of_districts
    return None if last.year == date.max.year else date.fromordinal(last.toordinal() - 1)
