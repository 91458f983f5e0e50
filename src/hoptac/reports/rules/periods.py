"""The stretch that a report covers, and how officers call it: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_ROMAN = ("", "I", "II", "III", "IV")
# Months of one part of a year.
MONTHS = {"quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Period:
    """First and last day, and the words of a document: "quý III năm 2020"."""

    begins_on: date
    ends_on: date
    words: str


def period_of(kind: str, year: int, part: int = 0, until: date | None = None) -> Period:
    """Return the period of a report; of a review from the first day of ``year`` to ``until``.

    :raises ValueError: there is no such part, or a review has no last day
    """
    if kind not in MONTHS:
        if until is None or until.year < year:
            raise ValueError("a review ends on a day after it begins")
        span = f"{year}-{until.year}" if until.year > year else str(year)
        return Period(date(year, 1, 1), until, f"giai đoạn {span}")
    months = MONTHS[kind]
    parts = 12 // months
    at = part if parts > 1 else 1
    if not 1 <= at <= parts:
        raise ValueError(f"{kind} has no part {part}")
    begins = date(year, (at - 1) * months + 1, 1)
    after = date(year + 1, 1, 1) if at == parts else date(year, at * months + 1, 1)
    words = {
        "quarter": f"quý {_ROMAN[at]} năm {year}",
        "half": f"6 tháng {'đầu' if at == 1 else 'cuối'} năm {year}",
        "year": f"năm {year}",
    }[kind]
    return Period(begins, after - timedelta(days=1), words)


def before(period: Period) -> tuple[date, date]:
    """Return the stretch as long as this one that lies just before it: the day before it, its end."""
    ends = period.begins_on - timedelta(days=1)
    months = (period.ends_on.year - period.begins_on.year) * 12 + (
        period.ends_on.month - period.begins_on.month + 1
    )
    at = period.begins_on.year * 12 + period.begins_on.month - 1 - months
    return date(at // 12, at % 12 + 1, 1) - timedelta(days=1), ends
