"""When the digest goes out, and how long notices are kept (pure, but for the calendar of days off)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.utils import timezone

from hoptac.foundation.rulebook import Rule, rule_in_force
from hoptac.foundation.working_days import is_working_day


@dataclass(frozen=True, kw_only=True)
class KeepingRule(Rule):
    """The hour of the digest (local time), and the months that what was read is kept."""

    topic: ClassVar[str] = "notices/keeping"
    digest_hour: int
    keep_read_months: int


@dataclass(frozen=True)
class Cutoffs:
    """Up to when notices go into the digest that is due: the daily and the weekly ones."""

    day: date
    daily: datetime
    weekly: datetime


def digest_due(now: datetime) -> Cutoffs | None:
    """Return what the digest of the day takes; nothing on days off and before its hour.

    The weekly letter goes out on the week's first working day. What was told after the hour waits
    for the next working day, however late the digest itself is written.
    """
    local = timezone.localtime(now)
    hour = rule_in_force(KeepingRule, on=local.date()).digest_hour
    if local.hour < hour or not is_working_day(local.date()):
        return None
    daily = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    weekly = daily - timedelta(days=local.weekday())
    while not is_working_day(weekly.date()):
        weekly += timedelta(days=1)
    return Cutoffs(local.date(), daily, weekly)


def kept_since(day: date) -> date:
    """Return the day before which what was read is removed."""
    months = rule_in_force(KeepingRule, on=day).keep_read_months
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    last = date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
