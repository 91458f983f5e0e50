"""What the law asks of members and their contributions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from hoptac.foundation.rulebook import NotInForce, Rule, rule_in_force


@dataclass(frozen=True, kw_only=True)
class ContributionCapRule(Rule):
    """The most that one member may contribute, in hundredths of the charter capital."""

    topic: ClassVar[str] = "governance/contribution_cap"
    cooperative: int
    union: int


@dataclass(frozen=True, kw_only=True)
class LeastAgeRule(Rule):
    """How many years old a person must be on the day of admission."""

    topic: ClassVar[str] = "governance/least_age"
    member: int
    associate_without_capital: int


def least_age(day: date, *, is_associate: bool = False) -> int:
    """Return the least age of a member under the day's law; 0 where no rule of the day is known."""
    try:
        rule = rule_in_force(LeastAgeRule, on=day)
    except NotInForce:
        return 0
    return rule.associate_without_capital if is_associate else rule.member


def contribution_cap(day: date, *, is_union: bool = False) -> Decimal:
    """Return the largest part of the charter capital that one member may hold under the day's law.

    The whole, where no rule of the day is known.
    """
    try:
        rule = rule_in_force(ContributionCapRule, on=day)
    except NotInForce:
        return Decimal(1)
    return Decimal(rule.union if is_union else rule.cooperative) / 100
