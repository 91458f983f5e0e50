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
from hoptac.jurisdiction.terms import PARTY_ROLES

# The agencies of mandates, or of a mandate's unit below the province, and all that they succeeded; an
# agency that was only renamed is itself under either name.
_SPOKEN_FOR = """
WITH RECURSIVE own (id) AS (
    SELECT agency.id FROM jurisdiction_agency agency
    JOIN jurisdiction_adminunit unit ON unit.id = agency.unit_id
    WHERE agency.id = ANY(%s::uuid[])
        OR (unit.level <> 'province' AND agency.unit_id = ANY(%s::uuid[]) AND agency.kind <> 'party')
        OR (unit.level <> 'province' AND agency.unit_id = ANY(%s::uuid[]) AND agency.kind = 'party')
    UNION
    SELECT CASE WHEN passing.successor_id = own.id
        THEN passing.predecessor_id ELSE passing.successor_id END
    FROM own
    JOIN jurisdiction_agencysuccession passing
        ON passing.successor_id = own.id OR (passing.is_rename AND passing.predecessor_id = own.id)
)
SELECT id FROM own
"""
_KEEP_SECONDS = 60
_Asked = tuple[frozenset[UUID], frozenset[UUID], frozenset[UUID]]
_kept: dict[_Asked, tuple[float, frozenset[UUID]]] = {}


def agencies_spoken_for(ctx: Context, permission: str) -> frozenset[UUID]:
    """Return the agencies on whose behalf the caller may do what the permission allows.

    A mandate within an agency speaks for it and for every agency whose duties it took over; one over a
    district or commune (without agency) for the offices of that unit: State bodies for an officer
    of the State, Party bodies for an officer of the Party. A mandate over a whole province
    speaks for none by itself.
    """
    granting = [g for g in ctx.grants if permission in g.role.permissions]
    agencies = frozenset(g.agency_id for g in granting if g.agency_id is not None)
    placed = [g for g in granting if g.agency_id is None and g.unit_id is not None]
    state = frozenset(g.unit_id for g in placed if g.unit_id and g.role.code not in PARTY_ROLES)
    party = frozenset(g.unit_id for g in placed if g.unit_id and g.role.code in PARTY_ROLES)
    return spoken_for(agencies, state, party)


def spoken_for(
    agencies: Iterable[UUID], units: Iterable[UUID] = (), party_units: Iterable[UUID] = ()
) -> frozenset[UUID]:
    """Return these agencies, the State's and the Party's offices of these units, all they succeeded."""
    key = (frozenset(agencies), frozenset(units), frozenset(party_units))
    if not any(key):
        return frozenset()
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = frozenset(pk for (pk,) in ask(_SPOKEN_FOR, [sorted(part) for part in key]))
    if len(_kept) > 1000:
        _kept.clear()
    _kept[key] = (time.monotonic() + _KEEP_SECONDS, found)
    return found


_HEIRS = """
WITH RECURSIVE heir (id) AS (
    SELECT %s::uuid
    UNION
    SELECT passing.successor_id FROM jurisdiction_agencysuccession passing
    JOIN heir ON passing.predecessor_id = heir.id
)
SELECT id FROM heir
"""


def heirs_of(agency: UUID) -> frozenset[UUID]:
    """Return an agency and all to which its duties passed, one after another."""
    return frozenset(pk for (pk,) in ask(_HEIRS, [agency]))


# Who speaks for agencies on a day: the other way round.
_SPEAKERS = """
WITH RECURSIVE heir (origin, id) AS (
    SELECT id, id FROM jurisdiction_agency WHERE id = ANY(%s::uuid[])
    UNION
    SELECT heir.origin, CASE WHEN passing.predecessor_id = heir.id
        THEN passing.successor_id ELSE passing.predecessor_id END
    FROM heir
    JOIN jurisdiction_agencysuccession passing
        ON passing.predecessor_id = heir.id OR (passing.is_rename AND passing.successor_id = heir.id)
)
SELECT DISTINCT heir.origin, mandate.user_id
FROM heir
JOIN jurisdiction_agency agency ON agency.id = heir.id
JOIN jurisdiction_adminunit unit ON unit.id = agency.unit_id
JOIN jurisdiction_mandate mandate ON mandate.valid @> %s::date AND mandate.role = ANY(%s::text[])
    AND (mandate.agency_id = heir.id
        OR (mandate.agency_id IS NULL AND mandate.unit_id = agency.unit_id AND unit.level <> 'province'
            AND (agency.kind = 'party') = (mandate.role = ANY(%s::text[]))))
"""


def speakers_of(agencies: Iterable[UUID], permission: str, day: date) -> dict[UUID, set[UUID]]:
    """Return who may do this on a day on behalf of each of these agencies, by the keys of the accounts."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    found: dict[UUID, set[UUID]] = {}
    for agency, user in ask(_SPEAKERS, [sorted(agencies), day, roles, sorted(PARTY_ROLES)]):
        found.setdefault(agency, set()).add(user)
    return found


def forget() -> None:
    """Drop what was kept (after agencies change, and between tests)."""
    _kept.clear()


def people_speaking_for(agencies: Iterable[UUID], permission: str, on: date) -> list[User]:
    """Return the people who may do on a day, on behalf of one of the agencies, what the permission allows.

    Closed accounts are left out.
    """
    found = speakers_of(agencies, permission, on).values()
    people = User.objects.filter(pk__in=set().union(*found), is_active=True)
    return list(people.order_by("full_name", "pk"))


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
