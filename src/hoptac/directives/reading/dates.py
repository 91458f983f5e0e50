"""Days as documents write them: ``09-3-2020``, ``15/12/2021``, ``ngày 5 tháng 02 năm 2020``."""

from __future__ import annotations

import re
from datetime import date

_NUMERIC = r"(?P<d1>\d{1,2})\s?[-/.]\s?(?P<m1>\d{1,2})\s?[-/.]\s?(?P<y1>(?:19|20)\d{2})(?!\d)"
_WORDS = r"(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>(?:19|20)\d{2})(?!\d)"
DAY = re.compile(rf"(?:ngày\s+)?(?:{_NUMERIC}|{_WORDS})")
"""A whole day, in lowered text; read it with :func:`day_of`."""


def day_of(match: re.Match[str]) -> date | None:
    """Return the day of a match of :data:`DAY`, or nothing where the calendar has no such day."""
    if match["y1"]:
        year, month, day = match["y1"], match["m1"], match["d1"]
    else:
        year, month, day = match["y2"], match["m2"], match["d2"]
    return make(int(year), int(month), int(day))


def make(year: int, month: int, day: int) -> date | None:
    """Return a day, or nothing where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    if month == 12:
        return date(year, 12, 31)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


_ROMAN = {"i": 1, "v": 5, "x": 10}


def roman(text: str) -> int:
    """Return the number that a Roman numeral up to the thirties writes; 0 for none."""
    total = 0
    values = [_ROMAN.get(c, 0) for c in text.lower()]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total


_ORDINALS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip


def ordinal(text: str) -> int:
    """Return what an ordinal says in digits, Roman numerals or words (*năm*, *5*, *V*); 0 for none."""
    text = text.lower().strip()
    if text.isdigit():
        return int(text)
    return _ORDINALS.get(text, 0) or roman(text)
