"""Size classes by members and by capital."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hoptac.foundation.rulebook import Rule, rule_in_force

# From the smallest class up.
CLASSES = ("micro", "small", "medium", "large")


@dataclass(frozen=True, kw_only=True)
class SizeRule(Rule):
    """The first number of each class above the smallest."""

    topic: ClassVar[str] = "registry/size"
    members: list[int]
    capital: list[int]


@dataclass(frozen=True)
class Band:
    """A class of size: from ``least`` to below ``below``; either may be open."""

    code: str
    least: int | None
    below: int | None


def bands(measure: str, *, on: date) -> dict[str, Band]:
    """Return the classes by ``members`` or ``capital`` under the rule of the day, smallest first."""
    steps = getattr(rule_in_force(SizeRule, on=on), measure)
    edges = [None, *steps, None]
    return {
        code: Band(code, edges[i], edges[i + 1]) for i, code in enumerate(CLASSES[: len(steps) + 1])
    }
