"""The Vietnamese lunar calendar: which day of the solar calendar a lunar day is (pure).

Months begin on the day of the new moon, the eleventh holds the winter solstice, a month without a
principal term is leap; day and night are those of the meridian of Vietnam (UTC+7), so that Tết is
now and then a day apart from China's. After Jean Meeus's short series and the method published by
Hồ Ngọc Đức; good to a few minutes from 1900 to 2199.
"""

from __future__ import annotations

import functools
import math
from datetime import date

_HOURS_EAST = 7
_MONTH = 29.530588853
_FIRST_NEW_MOON = 2415021.076998695
_JULIAN_DAY_OF_ORDINAL = 1721425


def solar_day(year: int, month: int, day: int) -> date:
    """Return the day on which a day of an ordinary (not leap) lunar month falls.

    ``year`` is the lunar year: that in which its Tết falls.
    """
    begins_in = year - 1 if month < 11 else year
    first, next_first = _eleventh_month(begins_in), _eleventh_month(begins_in + 1)
    number = math.floor(0.5 + (first - _FIRST_NEW_MOON) / _MONTH)
    ahead = (month - 11) % 12
    if next_first - first > 365 and ahead >= _leap_month(first):
        ahead += 1
    return date.fromordinal(_new_moon_day(number + ahead) + day - 1 - _JULIAN_DAY_OF_ORDINAL)


@functools.cache
def _eleventh_month(year: int) -> int:
    """Return the Julian day on which the lunar month of the year's winter solstice begins."""
    last = date(year, 12, 31).toordinal() + _JULIAN_DAY_OF_ORDINAL
    number = math.floor((last - 2415021) / _MONTH)
    begins = _new_moon_day(number)
    return begins if _term(begins) < 9 else _new_moon_day(number - 1)


def _leap_month(eleventh: int) -> int:
    """Return how many months after the eleventh the leap month comes."""
    number = math.floor(0.5 + (eleventh - _FIRST_NEW_MOON) / _MONTH)
    months = range(1, 14)
    terms = [_term(_new_moon_day(number + ahead)) for ahead in months]
    return next(a for a, one, after in zip(months, terms, terms[1:], strict=False) if one == after)


def _term(julian_day: int) -> int:
    """Return in which twelfth of its course the sun stands as the day begins in Vietnam."""
    t = (julian_day - 0.5 - _HOURS_EAST / 24 - 2451545.0) / 36525
    anomaly = math.radians(357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * math.sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
    longitude += 0.000290 * math.sin(3 * anomaly)
    return math.floor(longitude % 360 / 30)


@functools.cache
def _new_moon_day(number: int) -> int:
    """Return the Julian day, in Vietnam, of a new moon counted from the first of 1900."""
    t = number / 1236.85
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * math.sin(math.radians(166.56 + 132.87 * t - 0.009173 * t**2))
    sun = 359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3
    node = 21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3
    terms = (
        (0.1734 - 0.000393 * t, sun), (0.0021, 2 * sun), (-0.4068, moon), (0.0161, 2 * moon),
        (-0.0004, 3 * moon), (0.0104, 2 * node), (-0.0051, sun + moon), (-0.0074, sun - moon),
        (0.0004, 2 * node + sun), (-0.0004, 2 * node - sun), (-0.0006, 2 * node + moon),
        (0.0010, 2 * node - moon), (0.0005, 2 * moon + sun),
    )  # fmt: skip
    moved = sum(size * math.sin(math.radians(angle)) for size, angle in terms)
    # Earth turns a little slower than the clocks of astronomy run.
    slower = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(mean + moved - slower + 0.5 + _HOURS_EAST / 24)
