"""How a target does on a day against its plan: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from hoptac.foundation.rulebook import Rule
from hoptac.plans.terms import Standing


@dataclass(frozen=True, kw_only=True)
class StandingRule(Rule):
    """When a target is at risk, and by which day plans of the agencies are awaited unless said otherwise."""

    topic: ClassVar[str] = "plans/standing"

    risk_percent: int
    parts_month: int
    parts_day: int


def percent_of_plan(value: Decimal | None, planned: Decimal | None) -> Decimal | None:
    """Return the value in a hundred of the plan, with one decimal; nothing without plan."""
    if value is None or not planned:
        return None
    return (value * 100 / planned).quantize(Decimal("0.1"), ROUND_HALF_UP)


def share_gone(begins_after: date, ends_on: date, on: date) -> Decimal:
    """Return which share of a plan's time has gone by at the end of a day, between 0 and 1."""
    whole = (ends_on - begins_after).days
    return min(Decimal(1), max(Decimal(0), Decimal((on - begins_after).days) / Decimal(whole)))


def judge(
    rule: StandingRule,
    *,
    value: Decimal | None,
    planned: Decimal | None,
    start: Decimal | None,
    at_most: bool,
    begins_after: date,
    ends_on: date,
    on: date,
) -> Standing:
    """Return how a target does on a day.

    ``start`` is the value with which the plan's time began: what was there for things that are counted as
    they stand, nought for what is counted anew each year. What must not be exceeded is only reached at the end.
    """
    if value is None or planned is None:
        return Standing.UNKNOWN
    if value <= planned if at_most else value >= planned:
        falls = start is not None and start > planned
        return Standing.REACHED if on >= ends_on or not at_most or falls else Standing.ON_WAY
    if on >= ends_on:
        return Standing.MISSED
    way = planned - (start or Decimal(0))
    if way == 0 or (way > 0) == at_most:
        # It fell below where it began, or went past what it must not exceed.
        return Standing.AT_RISK
    done = (value - (start or Decimal(0))) / way
    due = share_gone(begins_after, ends_on, on) * rule.risk_percent / 100
    return Standing.AT_RISK if done < due else Standing.ON_WAY
