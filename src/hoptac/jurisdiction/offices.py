"""For which agencies a caller speaks: those of the mandates, and those whose duties passed to them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

from hoptac.foundation.access import Context
from hoptac.foundation.database import ask

# The agencies of mandates, or of a mandate's unit below the province, and all that they succeeded.
_SPOKEN_FOR = """
WITH RECURSIVE own (id) AS (
    SELECT agency.id FROM jurisdiction_agency agency
    JOIN jurisdiction_adminunit unit ON unit.id = agency.unit_id
    WHERE agency.id = ANY(%s::uuid[])
       OR agency.unit_id = ANY(%s::uuid[]) AND unit.level <> 'province'
    UNION
    SELECT passing.predecessor_id FROM jurisdiction_agencysuccession passing
    JOIN own ON passing.successor_id = own.id
)
SELECT id FROM own
"""
_KEEP_SECONDS = 60
_kept: dict[tuple[frozenset[UUID], frozenset[UUID]], tuple[float, frozenset[UUID]]] = {}


def agencies_spoken_for(ctx: Context, permission: str) -> frozenset[UUID]:
    """Return the agencies on whose behalf the caller may do what the permission allows.

    A mandate within an agency speaks for it and for every agency whose duties it took over; one over a
    district or commune (without agency) for the offices of that unit. A mandate over a whole
    province speaks for none by itself.
    """
    granting = [g for g in ctx.grants if permission in g.role.permissions]
    agencies = frozenset(g.agency_id for g in granting if g.agency_id is not None)
    units = frozenset(g.unit_id for g in granting if g.agency_id is None and g.unit_id is not None)
    return spoken_for(agencies, units)


def spoken_for(agencies: Iterable[UUID], units: Iterable[UUID] = ()) -> frozenset[UUID]:
    """Return these agencies, the offices of these units, and all whose duties passed to them."""
    key = (frozenset(agencies), frozenset(units))
    if not key[0] and not key[1]:
        return frozenset()
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = frozenset(pk for (pk,) in ask(_SPOKEN_FOR, [sorted(key[0]), sorted(key[1])]))
    if len(_kept) > 1000:
        _kept.clear()
    _kept[key] = (time.monotonic() + _KEEP_SECONDS, found)
    return found


def forget() -> None:
    """Drop what was kept (after agencies change, and between tests)."""
    _kept.clear()
