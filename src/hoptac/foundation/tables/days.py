"""Days as people write them: a true date, ``25/04/2000``, ``năm 2017``, ``T7/2016``, a day number."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

_DMY = re.compile(
    r"(\d{1,2})\s*[/\-. ]\s*(\d{1,2})\s*[/\-. ]\s*(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_WORDS = re.compile(r"ngay\s*(\d{1,2})\s*(?:thang|/|-)\s*(\d{1,2})\s*(?:nam|/|-)\s*(\d{4})")
_MY = re.compile(r"(?:thang|t)?\s*\.?\s*(\d{1,2})\s*(?:/|-|\.|nam|\s)\s*(\d{4})")
_Y = re.compile(r"(?:nam|n)?\s*\.?\s*(\d{4})")
_QUARTER = re.compile(
    r"(?:quy|q)\s*\.?\s*(iv|i{1,3}|[1-4])\s*(?:/|-|\.|nam|\s)\s*(?:nam\s*)?(\d{4})"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# Day numbers of a spreadsheet that are taken for days: 1945 to 2099.
_FIRST, _LAST = 16438, 73050


@dataclass(frozen=True, slots=True)
class Day:
    """A day read from a cell: the first day of what is said, and how exactly it is said."""

    on: dt.date | None
    precision: str = "day"
    is_plain: bool = False
    impossible: bool = False
    unreadable: bool = False


EMPTY = Day(None)


def _day(year: int, month: int, day: int, precision: str = "day") -> Day:
    if year < 100:
        year += 2000 if year < 50 else 1900
    try:
        return Day(dt.date(year, month, day), precision)
    except ValueError:
        return Day(None, impossible=True)


def read_day(value: Any, fold: Any, *, epoch_1904: bool = False) -> Day:
    """Return the day a cell means; day before month, as in Vietnam.

    ``impossible`` is a day that no calendar has, ``unreadable`` anything else that is no day.
    """
    if value is None:
        return EMPTY
    if isinstance(value, dt.datetime):
        return Day(value.date(), "day", True)
    if isinstance(value, dt.date):
        return Day(value, "day", True)
    if isinstance(value, bool):
        return Day(None, unreadable=True)
    if isinstance(value, (int, float)):
        return _from_number(value, epoch_1904)
    text = fold(value).strip().strip("'\".,;()")
    if text in {"", "-", "--", "x", "khong ro", "khong", "…", "..."}:
        return EMPTY
    for pattern, order in ((_DMY, (2, 1, 0)), (_YMD, (0, 1, 2)), (_WORDS, (2, 1, 0))):
        found = pattern.fullmatch(text)
        if found:
            year, month, day = (int(found[i + 1]) for i in order)
            return _day(year, month, day)
    found = _MY.fullmatch(text)
    if found:
        return _day(int(found[2]), int(found[1]), 1, "month")
    found = _Y.fullmatch(text)
    if found and 1900 <= int(found[1]) <= 2100:
        return _day(int(found[1]), 1, 1, "year")
    found = _QUARTER.fullmatch(text)
    if found:  # no month is said, so that only the year is sure
        quarter = _QUARTERS.get(found[1]) or int(found[1])
        return _day(int(found[2]), quarter * 3 - 2, 1, "year")
    if text.isdigit() and len(text) == 8:
        return _day(int(text[4:]), int(text[2:4]), int(text[:2]))
    if text.isdigit() and _FIRST <= int(text) <= _LAST:
        return _from_number(int(text), epoch_1904)
    inside = _WORDS.search(text) or _DMY.search(text)
    if inside:
        return _day(int(inside[3]), int(inside[2]), int(inside[1]))
    return Day(None, unreadable=True)


def _from_number(value: float, epoch_1904: bool) -> Day:
    if value == int(value) and 1900 <= value <= 2100:
        return _day(int(value), 1, 1, "year")
    days = int(value) + (1462 if epoch_1904 else 0)
    if _FIRST <= days <= _LAST:
        return Day(dt.date(1899, 12, 30) + dt.timedelta(days=days))
    if value == int(value) and 19000101 <= value <= 21001231:
        text = str(int(value))
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    text = f"{value:g}"
    found = re.fullmatch(r"(\d{1,2})\.(\d{4})", text)
    if found:  # 9.2015 typed as a number: September 2015
        return _day(int(found[2]), int(found[1]), 1, "month")
    return Day(None, unreadable=True)


def day_in_text(text: str, fold: Any) -> tuple[dt.date | None, str]:
    """Return the day that a title speaks of (``đến ngày 31/12/2019``), or the end of its year."""
    folded = fold(text)
    found = _WORDS.search(folded) or re.search(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", folded)
    if found:
        day = _day(int(found[3]), int(found[2]), int(found[1]))
        return day.on, "day"
    found = re.search(r"(?<!\d)(?:nam|cuoi nam|den nam)\s*(\d{4})(?!\d)", folded)
    if found and 1950 <= int(found[1]) <= 2100:
        return dt.date(int(found[1]), 12, 31), "year"
    return None, ""
