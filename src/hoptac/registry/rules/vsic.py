"""Lines of business: what a VSIC code means on a day. Pure.

The classification of 2025 is kept whole. Of the one before only section A (agriculture, forestry,
fishery) is known by name, so that another code of those days has no name here and is not judged: the
same digits may mean something else today.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings

# The decision of 2018 bears this day; what holds before it is not known here at all.
SINCE_2018 = date(2018, 7, 6)
SINCE_2025 = date(2025, 11, 15)
_WHOLE, _SECTION_A = "vsic-2025", "vsic-2018-a"
# Divisions of section A, the only ones that the older list knows.
_KNOWN_BEFORE = ("01", "02", "03")


@functools.cache
def _read(name: str) -> dict[str, str]:
    path = settings.RULEBOOK / "registry" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def names_on(day: date) -> Mapping[str, str]:
    """Return the names by code (sections, divisions, classes, sub-classes) in force on the day."""
    if day < SINCE_2018:
        return {}
    return _read(_WHOLE if day >= SINCE_2025 else _SECTION_A)


def name_of(code: str, on: date) -> str:
    """Return what a code means on a day; nothing where the list of that day does not know it."""
    return names_on(on).get(code, "")


def unknown_codes(codes: Sequence[str], on: date) -> list[str]:
    """Return the codes that do not exist on the day, as far as the list of the day can tell."""
    names = names_on(on)
    if not names:
        return []
    judged = codes if on >= SINCE_2025 else [c for c in codes if c[:2] in _KNOWN_BEFORE]
    return [c for c in judged if c not in names]


@functools.cache
def choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return today's classes and sub-classes under their divisions, for choosing."""
    names = _read(_WHOLE)
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in names.items():
        if len(code) in {4, 5}:
            groups.setdefault(code[:2], []).append((code, f"{code} {name}"))
    return tuple((f"{d} {names[d]}", tuple(lines)) for d, lines in groups.items())
