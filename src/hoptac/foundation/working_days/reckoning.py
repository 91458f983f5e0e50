"""Counts working days by what is kept in memory; each process looks into the database twice a minute.

Terms run after the Civil Code of 2015, articles 147 and 148: the day of the event does not count.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from hoptac.foundation import rulebook
from hoptac.foundation.working_days.rules import WORK, Mark, compute_proposals, is_rest

_KEEP_SECONDS = 30
_DAY = timedelta(days=1)
# More than this is no term that anybody counts in working days.
MOST_DAYS = 5000


@dataclass(frozen=True)
class Year:
    """A year's calendar: its marks in order, and every working day.

    ``adopted`` is the id of the administrator's adoption; without one the marks are computed, with
    single entries laid over them.
    """

    year: int
    adopted: UUID | None
    marks: Mapping[date, Mark]
    working: tuple[date, ...]


@dataclass(frozen=True)
class _Kept:
    """What the administrator entered, as it was read under these rules, and the years built of it.

    Replaced as a whole, so that a year built of what was read before is never taken for a new one.
    """

    adopted: Mapping[int, UUID]
    marks: Mapping[int, tuple[Mark, ...]]
    rules: int = -1
    years: dict[int, Year] = field(default_factory=dict, compare=False)


_kept = _Kept({}, {})
_look_again_at = float("-inf")


def refresh(*, at_once: bool = False, keep: float = _KEEP_SECONDS) -> None:
    """Bring what holds in the database, unless it was read a moment ago; look again after ``keep``.

    An act that is under way and may yet fail keeps what it reads for a second.
    """
    global _kept, _look_again_at
    now = time.monotonic()
    if not at_once and now < _look_again_at:
        return
    _look_again_at = now + keep
    from hoptac.foundation.working_days.models import CalendarDay, CalendarYear

    marks: dict[int, list[Mark]] = defaultdict(list)
    ours = {"province_code": settings.PROVINCE_CODE}
    for row in CalendarDay.objects.live().filter(**ours):
        mark = Mark(
            day=row.day, kind=row.kind, name=row.name, basis=row.basis, id=row.pk,
            is_confirmed=row.is_confirmed, is_made_good=row.is_made_good, with_day=row.with_day,
        )  # fmt: skip
        marks[row.day.year].append(mark)
    adopted = dict(CalendarYear.objects.live().filter(**ours).values_list("year", "pk"))
    entered = {year: tuple(m) for year, m in marks.items()}
    found = _Kept(adopted, entered, rulebook.generation())
    if found != _kept:
        _kept = found


def forget() -> None:
    """Drop what was brought, and ask no sooner than usual (tests, whose database is swept)."""
    global _kept, _look_again_at
    _look_again_at = time.monotonic() + _KEEP_SECONDS
    _kept = _Kept({}, {})


def year_of(year: int) -> Year:
    """Return the calendar of a year."""
    global _kept
    refresh()
    kept = _kept
    if kept.rules != rulebook.generation():
        kept = _kept = _Kept(kept.adopted, kept.marks, rulebook.generation())
    found = kept.years.get(year)
    if found is None:
        found = kept.years[year] = _build(kept, year)
    return found


def _build(kept: _Kept, year: int) -> Year:
    marks = {} if year in kept.adopted else {m.day: m for m in compute_proposals(year)}
    marks.update({m.day: m for m in kept.marks.get(year, ())})
    first, after = date(year, 1, 1), date(year, 12, 31)
    days = (first + n * _DAY for n in range((after - first).days + 1))
    working = tuple(d for d in days if (marks[d].kind == WORK if d in marks else not is_rest(d)))
    return Year(year, kept.adopted.get(year), dict(sorted(marks.items())), working)


def is_working_day(day: date) -> bool:
    """Tell whether State offices work on the day."""
    working = year_of(day.year).working
    at = bisect_right(working, day)
    return at > 0 and working[at - 1] == day


def next_working_day(day: date) -> date:
    """Return the day itself if it is worked, else the next that is.

    A term that is not counted in working days ends so (Civil Code of 2015, article 148.5).
    """
    return day if is_working_day(day) else add_working_days(day, 1)


def add_working_days(start: date, days: int) -> date:
    """Return the last day of a term of so many working days; day 1 is the day after ``start``.

    With no days at all it is ``start``.

    :raises ValueError: ``days`` is below zero or beyond any term
    """
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"{days} working days")
    if not days:
        return start
    year = start.year
    working = year_of(year).working
    at = bisect_right(working, start) + days - 1
    while at >= len(working):
        at -= len(working)
        year += 1
        working = year_of(year).working
    return working[at]


def working_days_between(first: date, last: date) -> int:
    """Return how many working days lie after ``first`` up to and including ``last``.

    Below zero where ``last`` is the earlier: so many working days ago.
    """
    if last < first:
        return -working_days_between(last, first)
    whole = sum(len(year_of(y).working) for y in range(first.year, last.year))
    return (
        whole
        + bisect_right(year_of(last.year).working, last)
        - bisect_right(year_of(first.year).working, first)
    )
