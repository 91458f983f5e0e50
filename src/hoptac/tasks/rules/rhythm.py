"""The due days of a task that comes again: pure, no database, no clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Months of one period; a standing task is told once a year.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "standing": 12}


@dataclass(frozen=True, kw_only=True)
class Due:
    """On which day a period's work is due.

    ``month`` counts within the period from 1; beyond its length it falls into the next (13 of a year is
    January of the following one). ``day`` beyond a month's end means its last day. Zero for both: the
    period's last day, as where a document only says "each year".
    """

    month: int = 0
    day: int = 0


@dataclass(frozen=True, kw_only=True)
class Period:
    """One stretch of a recurring task and the day on which it is due."""

    label: str
    begins_on: date
    ends_on: date
    due_on: date


def periods(rhythm: str, due: Due, *, since: date, until: date) -> Iterator[Period]:
    """Yield the periods that a task runs through from ``since`` to ``until``, the first begun one included.

    :raises ValueError: the rhythm does not recur
    """
    length = MONTHS.get(rhythm, 0)
    if not length:
        raise ValueError(f"{rhythm} does not recur")
    year, month = since.year, (since.month - 1) // length * length + 1
    while True:
        begins = date(year, month, 1)
        if begins > until:
            return
        following = _month(year, month + length)
        yield Period(
            label=_label(rhythm, begins), begins_on=begins, ends_on=following - timedelta(days=1),
            due_on=_due_on(begins, following, due),
        )  # fmt: skip
        year, month = following.year, following.month


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _due_on(begins: date, following: date, due: Due) -> date:
    if not due.month and not due.day:
        return following - timedelta(days=1)
    first = _month(begins.year, begins.month + (due.month or 1) - 1)
    return first.replace(day=min(due.day or 1, monthrange(first.year, first.month)[1]))


def _label(rhythm: str, begins: date) -> str:
    """Return how a period is written: ``2021``, ``I/2021`` for quarters and halves, ``03/2021``."""
    if rhythm == "month":
        return f"{begins.month:02d}/{begins.year}"
    if rhythm in {"year", "standing"}:
        return str(begins.year)
    number = (begins.month - 1) // MONTHS[rhythm]
    return f"{('I', 'II', 'III', 'IV')[number]}/{begins.year}"
