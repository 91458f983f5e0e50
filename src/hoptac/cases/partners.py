"""With whom a body could merge: neighbours of its kind and sector, the nearest first. An aid, no more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from hoptac.cases.rules.grounds import least_members
from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import places
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import LegalStatus, WorkingState

_EARTH_KM = 6371.0
_FAR_KM = 25.0


@dataclass(frozen=True)
class Partner:
    """A neighbour: where, how far between the middles of the communes, how big, how big together."""

    cooperative_id: UUID
    name: str
    commune: str
    distance: float | None
    members: int | None
    charter_capital: int | None
    together: int | None
    is_enough: bool


def partners(ctx: Context, cooperative: Cooperative, most: int = 8) -> list[Partner]:
    """Return bodies of the same kind and sector that operate within 25 km, the nearest first.

    Distances are between the middles of the communes of today's map; where a middle is not known,
    only bodies of the same commune are found. Of two as near, the one with more members comes first.
    """
    day, known = ctx.today, places()
    own = Period.objects.filter(cooperative=cooperative, is_latest=True).first()
    if own is None or own.commune_id is None:
        return []
    found = register_on(ctx, day).filter(
        kind=cooperative.kind, sector=own.sector, legal_status=LegalStatus.ACTIVE,
        working_state__in=(WorkingState.OPERATING, WorkingState.UNKNOWN),
    )  # fmt: skip
    here = known.commune_on(own.commune_id, day)
    middles = _middles()
    near: dict[UUID, float | None] = {}
    for unit_id in known.units:
        there = known.commune_on(unit_id, day)
        if here is None or there is None:
            continue
        if there.id == here.id:
            near[unit_id] = 0.0
        elif here.id in middles and there.id in middles:
            km = distance(middles[here.id], middles[there.id])
            if km <= _FAR_KM:
                near[unit_id] = km
    least = least_members(cooperative.kind, day)
    rows = found.filter(commune__in=list(near)).exclude(cooperative=cooperative)
    picked = []
    for pk, name, commune, members, capital in rows.values_list(
        "cooperative_id", "name", "commune_id", "members", "charter_capital"
    ):
        place = known.commune_on(commune, day)
        together = None if members is None or own.members is None else members + own.members
        picked.append(
            Partner(
                pk, name, place.heading if place else "", near[commune], members, capital, together,
                together is not None and together >= least,
            )
        )  # fmt: skip
    picked.sort(key=lambda p: (p.distance or 0.0, -(p.members or 0), p.name))
    return picked[:most]


def _middles() -> dict[UUID, tuple[float, float]]:
    rows = AdminUnit.objects.filter(latitude__isnull=False, longitude__isnull=False)
    return {
        pk: (float(lat or 0), float(lon or 0))
        for pk, lat, lon in rows.order_by().values_list("pk", "latitude", "longitude")
    }


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the kilometres between two points on the ground (latitude, longitude)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(h))
