"""The calendar of reports: which is due when: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ReportDuty:
    """A report that is due every year, as the rule file says it."""

    code: str
    name: Any
    chain: str
    report: str
    month: int
    day: int
    years_after: int
    basis: str
    confirmed: bool


@dataclass(frozen=True)
class Coming:
    """A report that is due on a day, of a year."""

    duty: ReportDuty
    year: int
    due_on: date

    def days_left(self, today: date) -> int:
        return (self.due_on - today).days


def coming(duties: tuple[ReportDuty, ...], today: date) -> list[Coming]:
    """Return the next due day of each duty from today on, the nearest first."""
    found = []
    for duty in duties:
        due = date(today.year, duty.month, duty.day)
        if due < today:
            due = date(today.year + 1, duty.month, duty.day)
        found.append(Coming(duty, due.year - duty.years_after, due))
    return sorted(found, key=lambda c: (c.due_on, c.duty.code))
