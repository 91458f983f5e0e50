"""For which agencies a caller speaks: those of the mandates, and those whose duties passed to them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.database import ask
from hoptac.jurisdiction.models import Mandate

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


# These agencies and all to which their duties passed.
_SPEAKING = """
WITH RECURSIVE now (id) AS (
    SELECT unnest(%s::uuid[])
    UNION
    SELECT passing.successor_id FROM jurisdiction_agencysuccession passing
    JOIN now ON passing.predecessor_id = now.id
    WHERE passing.on <= %s
)
SELECT agency.id, agency.unit_id, unit.level <> 'province' FROM now
JOIN jurisdiction_agency agency ON agency.id = now.id
JOIN jurisdiction_adminunit unit ON unit.id = agency.unit_id
"""


def people_speaking_for(agencies: Iterable[UUID], permission: str, on: date) -> list[User]:
    """Return the people who may do on a day, on behalf of one of the agencies, what the permission allows.

    As :func:`agencies_spoken_for` has it the other way round. Closed accounts are left out.
    """
    asked = sorted(set(agencies))
    if not asked:
        return []
    rows = ask(_SPEAKING, [asked, on])
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    place = Q(agency__in=[pk for pk, _unit, _below in rows]) | Q(
        agency__isnull=True, unit__in=[unit for _pk, unit, is_below in rows if is_below]
    )
    held = Mandate.objects.on(on).filter(place, role__in=roles, cooperative_id__isnull=True)
    return list(
        User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "pk")
    )


def people_over_province(province_code: str, permission: str, on: date) -> list[User]:
    """Return the people whose mandates of a day carry the permission over the whole province."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    whole = Q(unit__isnull=True) | Q(unit__level="province")
    held = Mandate.objects.on(on).filter(
        whole, role__in=roles, cooperative_id__isnull=True, province_code__in=(province_code, "*")
    )
    return list(
        User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "pk")
    )
