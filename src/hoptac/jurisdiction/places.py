"""The units and their grounds, kept in the process: pages name places without asking the database.

Units change a few times in a decade. A worker may serve a map up to five minutes old; a unit that
it does not know makes it read the map again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from hoptac.foundation.access import Coverage
from hoptac.jurisdiction.models import AdminUnit, Agency, UnitPlacement
from hoptac.jurisdiction.terms import KIND_WORD, AgencyKind, Level, UnitKind

_KEEP_SECONDS = 300
_LAST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as pages show it."""

    id: UUID
    level: str
    name: str
    full_name: str
    code: str
    province_code: str
    parent_id: UUID | None
    begin: date
    end: date
    sort_key: str

    @property
    def heading(self) -> str:
        return self.full_name[:1].upper() + self.full_name[1:]

    def exists_on(self, day: date) -> bool:
        return self.begin <= day < self.end


@dataclass(frozen=True, slots=True)
class Ground:
    """Which units hold a commune's ground in one epoch of the map."""

    begin: date
    end: date
    commune_id: UUID | None
    district_id: UUID | None


@dataclass(frozen=True, slots=True)
class Office:
    """The office of a district or commune that registers cooperatives."""

    name: str
    begin: date
    end: date
    is_confirmed: bool


@dataclass(frozen=True)
class Places:
    """Every unit ever, for every commune ever its ground in each epoch, and the units' offices."""

    units: dict[UUID, Place]
    grounds: dict[UUID, tuple[Ground, ...]]
    offices: dict[UUID, tuple[Office, ...]] = field(default_factory=dict)
    read_at: float = field(default_factory=time.monotonic)

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The codes of the provinces whose units are here."""
        return frozenset(p.province_code for p in self.units.values())

    @cached_property
    def epochs(self) -> frozenset[date]:
        """The days on which a map came into force."""
        return frozenset(g.begin for grounds in self.grounds.values() for g in grounds)

    @cached_property
    def end_of_districts(self) -> date:
        """The first day without districts; far off while there are some, or never were."""
        ends = (p.end for p in self.units.values() if p.level == Level.DISTRICT)
        return max(ends, default=date.max)

    def get(self, unit_id: UUID | None) -> Place | None:
        return self.units.get(unit_id) if unit_id else None

    def ground_on(self, unit_id: UUID, day: date) -> Ground | None:
        for ground in self.grounds.get(unit_id, ()):
            if ground.begin <= day < ground.end:
                return ground
        return None

    def commune_on(self, unit_id: UUID | None, day: date) -> Place | None:
        """Return the commune that holds the ground on the day, else the unit itself."""
        if unit_id is None:
            return None
        ground = self.ground_on(unit_id, day)
        return self.units.get((ground and ground.commune_id) or unit_id)

    def district_on(self, unit_id: UUID | None, day: date) -> Place | None:
        """Return the district of the ground on the day, or the last one it had before."""
        found = None
        if unit_id is not None:
            for ground in self.grounds.get(unit_id, ()):
                if ground.begin <= day and ground.district_id is not None:
                    found = ground.district_id
        return self.get(found)

    def office_on(self, unit_id: UUID, day: date) -> Office | None:
        """Return the office of the unit on the day, where one is known."""
        for office in self.offices.get(unit_id, ()):
            if office.begin <= day < office.end:
                return office
        return None

    def has_districts_on(self, day: date) -> bool:
        return any(p.level == Level.DISTRICT and p.exists_on(day) for p in self.units.values())

    def communes_on(self, day: date, reach: Coverage) -> list[Place]:
        """Return the communes that exist on the day within a reach, in alphabetical order."""
        return sorted(
            (
                p
                for p in self.units.values()
                if p.level == Level.COMMUNE and p.exists_on(day) and _within(p, reach)
            ),
            key=lambda p: (p.sort_key, p.code),
        )

    def districts(self, reach: Coverage) -> list[Place]:
        """Return every district that ever held ground of the reach, in alphabetical order."""
        found = set(self._district_ids(reach))
        return sorted(
            (self.units[i] for i in found if i in self.units), key=lambda p: (p.sort_key, p.code)
        )

    def _district_ids(self, reach: Coverage) -> Iterator[UUID]:
        for unit_id, grounds in self.grounds.items():
            unit = self.units.get(unit_id)
            if unit is None or not _within(unit, reach):
                continue
            for ground in grounds:
                if ground.district_id is not None:
                    yield ground.district_id


def _within(place: Place, reach: Coverage) -> bool:
    return (
        reach.everything
        or place.province_code in reach.provinces
        or place.id in reach.communes
        or bool(reach.cooperatives)
    )


_kept: Places | None = None


def places(knowing: UUID | None = None) -> Places:
    """Return the map; read again when it is old, or when it does not know a unit."""
    global _kept
    kept = _kept
    if (
        kept is None
        or kept.read_at + _KEEP_SECONDS < time.monotonic()
        or (knowing is not None and knowing not in kept.units)
    ):
        kept = _kept = _read()
    return kept


def heading_of(unit_id: object) -> str:
    """Return a unit's name with its kind; the key itself where it is not (or no longer) known."""
    try:
        place = places().get(UUID(str(unit_id)))
    except ValueError:
        place = None
    return place.heading if place else str(unit_id)


def forget() -> None:
    """Drop the map (after units change)."""
    global _kept
    _kept = None


def _read() -> Places:
    units = {}
    for (
        pk,
        level,
        kind,
        name,
        code,
        province,
        parent,
        valid,
        sort_key,
    ) in AdminUnit.objects.order_by("pk").values_list(
        "id", "level", "kind", "name", "code", "province_code", "parent_id", "valid", "sort_key"
    ):
        units[pk] = Place(
            pk, level, name, f"{KIND_WORD[UnitKind(kind)]} {name}", code, province, parent,
            valid.lower or date.min, valid.upper or _LAST, sort_key,
        )  # fmt: skip
    grounds: dict[UUID, list[Ground]] = defaultdict(list)
    for unit_id, epoch, commune, district in UnitPlacement.objects.order_by(
        "unit_id", "epoch"
    ).values_list("unit_id", "epoch", "commune_id", "district_id"):
        grounds[unit_id].append(
            Ground(epoch.lower or date.min, epoch.upper or _LAST, commune, district)
        )
    offices: dict[UUID, list[Office]] = defaultdict(list)
    for unit_id, name, valid, confirmed in (
        Agency.objects.filter(kind=AgencyKind.OFFICE)
        .order_by("unit_id", "valid")
        .values_list("unit_id", "name", "valid", "is_confirmed")
    ):
        offices[unit_id].append(
            Office(name, valid.lower or date.min, valid.upper or _LAST, confirmed)
        )
    return Places(
        units,
        {k: tuple(v) for k, v in grounds.items()},
        {k: tuple(v) for k, v in offices.items()},
    )
