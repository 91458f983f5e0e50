"""What a mandate covers: answers the questions that ``foundation.access`` asks from below."""

from __future__ import annotations

import time
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from hoptac.foundation.access import ROLES, Context, Coverage, Grant, Role
from hoptac.foundation.accounts.models import User
from hoptac.foundation.database import ask
from hoptac.jurisdiction import offices, places
from hoptac.jurisdiction.models import AdminUnit, Mandate, UnitPlacement
from hoptac.jurisdiction.terms import Level

# Units change a few times in a decade; a worker may serve a covering up to this old (seconds).
_KEEP_SECONDS = 60
_covered: dict[UUID, tuple[float, Coverage]] = {}


_MANDATES = """
SELECT id, role, province_code, unit_id, agency_id, cooperative_id
FROM jurisdiction_mandate WHERE user_id = %s AND valid @> %s::date ORDER BY valid, id
"""


def grants_of(user: Any, day: date) -> tuple[Grant, ...]:
    """Return the user's mandates in force on the day, as grants."""
    return tuple(
        Grant(pk, ROLES.get(role, Role(role, frozenset())), province, unit, agency, cooperative)
        for pk, role, province, unit, agency, cooperative in ask(_MANDATES, [user.pk, day])
    )


def coverage_of(grant: Grant) -> Coverage:
    """Return how far a grant reaches: a cooperative, a unit's ground, a province, everything."""
    if grant.cooperative_id is not None:
        return Coverage(cooperatives=frozenset({grant.cooperative_id}))
    if grant.province_code == "*":
        return Coverage(everything=True)
    if grant.unit_id is None:
        return Coverage(provinces=frozenset({grant.province_code}))
    return covered_by(grant.unit_id)


def covered_by(unit_id: UUID) -> Coverage:
    """Return the ground of a unit, existing or ended: every commune that ever lay on it."""
    kept = _covered.get(unit_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    unit = AdminUnit.objects.only("level", "province_code").get(pk=unit_id)
    if unit.level == Level.PROVINCE:
        found = Coverage(provinces=frozenset({unit.province_code}))
    else:
        communes = UnitPlacement.objects.filter(Q(commune=unit_id) | Q(district=unit_id))
        found = Coverage(communes=frozenset(communes.values_list("unit_id", flat=True)) | {unit_id})
    _covered[unit_id] = (time.monotonic() + _KEEP_SECONDS, found)
    return found


def reaches(
    ctx: Context,
    permission: str,
    unit: AdminUnit | None,
    cooperative_id: UUID | None,
    province: str,
) -> bool:
    """Tell whether the caller's permission carries over a whole place that a mandate names."""
    reach = ctx.coverage(permission)
    if reach.everything or province in reach.provinces:
        return True
    if cooperative_id is not None:
        return cooperative_id in reach.cooperatives
    if unit is None or unit.level == Level.PROVINCE:
        return False
    return bool(reach.communes) and covered_by(unit.pk).communes <= reach.communes


def manages(ctx: Context, permission: str, user: User) -> bool:
    """Tell whether an account is the caller's to manage: every mandate not yet over lies within
    reach.

    Who has none may be taken in by any administrator.
    """
    reach = ctx.coverage(permission)
    if reach.everything:
        return True
    held = Mandate.objects.filter(user=user).not_over(ctx.today).select_related("unit")
    return all(
        reaches(ctx, permission, m.unit, m.cooperative_id, m.province_code)
        for m in held.order_by("pk")
    )


def forget() -> None:
    """Drop what was kept (after units or agencies change, and between tests)."""
    _covered.clear()
    places.forget()
    offices.forget()
