"""What a reader of returns asks of the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hoptac.registry.models import Period
from hoptac.registry.terms import Kind

_FIGURES = {"members": "members", "workers": "workers", "charter_capital": "charter_capital_vnd"}
_KNOWN = ("registration_number", "name", "established_on", "commune__parent__name")


def cooperatives_at_end_of(year: int) -> list[Mapping[str, Any]] | None:
    """Return the cooperatives that existed at the end of a year; nothing where none is known.

    Those of which the register speaks only later, but which were founded by then, existed too.
    Figures are those stated within the year: older ones say nothing of its end.
    """
    day = date(year, 12, 31)
    periods = Period.objects.filter(kind=Kind.COOPERATIVE)
    fields = [*_KNOWN, *_FIGURES, *(f"{k}_as_of" for k in _FIGURES)]
    found: list[Mapping[str, Any]] = []
    there = periods.filter(valid__contains=day).existing().order_by("sort_key", "pk")
    for one in there.values(*fields):
        stated = {
            key: one[k] if one[f"{k}_as_of"] and one[f"{k}_as_of"].year == year else None
            for k, key in _FIGURES.items()
        }
        found.append(_who(one) | stated)
    told_by_then = periods.filter(valid__startswith__lte=day).values("cooperative")
    later = (
        periods.filter(valid__startswith__gt=day, established_on__lte=day)
        .exclude(cooperative__in=told_by_then)
        .order_by("cooperative_id", "valid")
        .distinct("cooperative_id")
    )
    found += [_who(one) for one in later.values(*_KNOWN)]
    return found or None


def _who(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return who a body is, with the unit above its commune (the district, while there were any)."""
    who = {k: one[k] for k in _KNOWN}
    return who | {"district": who.pop("commune__parent__name") or ""}
