"""Days off as the law has them: holidays of a year, placed and made good, and known exchanges (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook import Rule
from hoptac.foundation.working_days.lunar import solar_day

HOLIDAY, OFF, WORK = "holiday", "exchanged_off", "exchanged_work"
# The calendar of the moon is reckoned with to this year; holidays are known from the first.
FIRST_YEAR, LAST_YEAR = 1995, 2150
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WeekRule(Rule):
    """On which days of the week State offices rest (1 is Monday)."""

    topic: ClassVar[str] = "working_days/week"
    rest: list[int]


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A public holiday: its day in one of the two calendars, how many days off, how many before."""

    code: str
    name: Mapping[str, str]
    basis: str
    calendar: str
    month: int
    day: int
    days: int
    before: list[int]
    since: int
    until: int = LAST_YEAR
    confirmed: bool = False
    source: Any = ""

    def falls_on(self, year: int) -> date:
        """Return the holiday's own day in a year."""
        if self.calendar == "lunar":
            return solar_day(year, self.month, self.day)
        return date(year, self.month, self.day)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the calendar says of one day: off or worked, why, by what basis.

    ``is_made_good``: off because a holiday lay on a day of rest. ``with_day``: the other day of an
    exchange. ``id``: the administrator's entry, if it is one.
    """

    day: date
    kind: str
    name: Mapping[str, str] | str = ""
    basis: str = ""
    is_confirmed: bool = False
    is_made_good: bool = False
    with_day: date | None = None
    id: Any = None


def is_rest(day: date) -> bool:
    """Tell whether State offices rest on this day of every week."""
    versions = rulebook.versions(WeekRule)
    rule = next((v for v in reversed(versions) if v.in_force <= day), versions[0])
    return day.isoweekday() in rule.rest


def holidays_of(year: int) -> list[Holiday]:
    """Return the public holidays that a year has, in the order of the law."""
    every = (Holiday(**t) for t in rulebook.tables("working_days/holidays", "holiday"))
    return [h for h in every if h.since <= year <= h.until]


def exchanges_of(year: int) -> Iterator[Mark]:
    """Yield the days of a year that a notice known to the release exchanged."""
    for table in rulebook.tables("working_days/exchanges", "exchange"):
        off, work = table["off"], table["work"]
        for day, kind, other in ((off, OFF, work), (work, WORK, off)):
            if day.year == year:
                yield Mark(
                    day=day, kind=kind, basis=table["basis"], with_day=other,
                    is_confirmed=bool(table.get("confirmed")),
                )  # fmt: skip


def compute_proposals(year: int, before: Mapping[str, int] | None = None) -> list[Mark]:
    """Return the days off (and worked in exchange) of a year, in order, none twice.

    Where the law leaves open how many days lie before the holiday, ``before`` says it by the
    holiday's code; else that placement is taken which loses fewest days to days of rest, of equals
    the earliest, as nearly every notice of the Government has done.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return []
    chosen = {
        h.code: (before or {}).get(h.code, usual_placement(h, year)) for h in holidays_of(year)
    }
    found: dict[date, Mark] = {}
    lost: list[Mark] = []
    for holiday in holidays_of(year):
        first = holiday.falls_on(year) - chosen[holiday.code] * _DAY
        for day in (first + n * _DAY for n in range(holiday.days)):
            mark = Mark(
                day=day, kind=HOLIDAY, name=holiday.name, basis=holiday.basis,
                is_confirmed=holiday.confirmed,
            )  # fmt: skip
            # Made good once all are placed.
            if is_rest(day):
                lost.append(mark)
            found.setdefault(day, mark)
    for mark in lost:
        day = mark.day
        while is_rest(day) or day in found:
            day += _DAY
        found[day] = Mark(
            day=day, kind=HOLIDAY, name=mark.name, basis=mark.basis, is_made_good=True,
            is_confirmed=mark.is_confirmed,
        )  # fmt: skip
    for mark in exchanges_of(year):
        # An exchange whose days the holidays of the year overtook says nothing any more.
        if mark.day not in found:
            found[mark.day] = mark
    return [found[day] for day in sorted(found)]


def usual_placement(holiday: Holiday, year: int) -> int:
    """Return how many days off lie before the holiday, where nobody says it otherwise."""
    day = holiday.falls_on(year)

    def lost(before: int) -> int:
        first = day - before * _DAY
        return sum(is_rest(first + n * _DAY) for n in range(holiday.days))

    return min(holiday.before, key=lambda n: (lost(n), -n))
