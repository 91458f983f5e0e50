"""Days off as the law has them, and terms counted over them by hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from hoptac.foundation.working_days import (
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
    year_of,
)
from hoptac.foundation.working_days.lunar import solar_day
from hoptac.foundation.working_days.rules import WORK, compute_proposals, holidays_of, is_rest


def by_hand(day: date, days: int) -> date:
    """The slow way: one day after the other."""
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


@pytest.mark.parametrize("days", [1, 2, 5, 20, 60, 300])
def test_the_quick_way_ends_where_the_slow_one_does(days: int) -> None:
    for n in range(0, 900, 7):
        start = date(2024, 12, 1) + timedelta(days=n)
        due = add_working_days(start, days)
        assert due == by_hand(start, days)
        assert working_days_between(start, due) == days
        assert working_days_between(due, start) == -days


def test_a_term_of_no_days_is_over_and_below_zero_is_none() -> None:
    assert add_working_days(date(2026, 2, 14), 0) == date(2026, 2, 14)
    assert working_days_between(date(2026, 2, 14), date(2026, 2, 14)) == 0
    for days in (-1, 5001):
        with pytest.raises(ValueError, match="working days"):
            add_working_days(date(2026, 2, 14), days)


def test_a_term_that_ends_on_a_day_off_ends_on_the_next_that_is_worked() -> None:
    assert next_working_day(date(2026, 2, 16)) == date(2026, 2, 23)
    assert next_working_day(date(2026, 2, 23)) == date(2026, 2, 23)
    # Worked in exchange for 31 August.
    assert next_working_day(date(2026, 8, 22)) == date(2026, 8, 22)


@pytest.mark.parametrize(
    ("year", "tet"),
    [
        (1985, date(1985, 1, 21)),  # China: 20 February
        (2007, date(2007, 2, 17)),  # China: the 18th
        (2030, date(2030, 2, 2)),  # China: the 3rd
        (2026, date(2026, 2, 17)),
        (2053, date(2053, 2, 18)),  # China: the 19th
    ],
)
def test_tet_is_the_vietnamese_one(year: int, tet: date) -> None:
    assert solar_day(year, 1, 1) == tet


def independent() -> list[dict[str, str]]:
    """What somebody else reckons, year by year."""
    path = Path(__file__).parent / "data" / "independent.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_the_lunar_calendar_agrees_with_an_independent_one_for_more_than_a_century() -> None:
    for row in independent():
        year = int(row["year"])
        assert str(solar_day(year, 1, 1)) == row["tet"]
        if row["hung_kings"]:
            assert str(solar_day(year, 3, 10)) == row["hung_kings"]


def off(year: int) -> set[date]:
    """Days off of a year that are none of the week's."""
    return {m.day for m in compute_proposals(year) if m.kind != WORK and not is_rest(m.day)}


def theirs(year: int) -> set[str]:
    """Days off of the week as the other reckons; exchanges before 2018 are no part of our rules."""
    row = next(r for r in independent() if int(r["year"]) == year)
    kept = [d for d in row["off"].split() if year >= 2018 or not d.endswith("x")]
    return {f"{year}-{d.rstrip('x')}" for d in kept}


# Of 2014 to 2026 but one: the notice of 2021 placed National Day otherwise, of two as good.
@pytest.mark.parametrize("year", [*range(2014, 2021), *range(2022, 2027)])
def test_days_off_of_past_years_are_those_of_the_governments_notices(year: int) -> None:
    assert {str(d) for d in off(year)} == theirs(year)


def test_a_year_to_come_has_as_many_days_off_as_the_other_reckons() -> None:
    assert [len(off(y)) for y in range(2027, 2060)] == [len(theirs(y)) for y in range(2027, 2060)]


def test_a_holiday_on_a_day_of_rest_is_made_good_and_says_so() -> None:
    marks = {m.day: m for m in compute_proposals(2026)}
    assert marks[date(2026, 4, 26)].name == marks[date(2026, 4, 27)].name
    assert marks[date(2026, 4, 27)].is_made_good
    assert "112" in marks[date(2026, 4, 27)].basis


def test_where_the_law_leaves_it_open_the_placement_can_be_chosen() -> None:
    days = [m.day for m in compute_proposals(2026, {"national": 0})]
    assert date(2026, 9, 3) in days
    assert date(2026, 9, 1) not in days
    assert date(2026, 9, 1) in [m.day for m in compute_proposals(2026)]


def test_each_year_has_the_holidays_of_its_law() -> None:
    def codes(year: int) -> set[str]:
        return {h.code for h in holidays_of(year)}

    assert codes(2006) ^ codes(2007) == {"hung-kings"}
    assert codes(2012) ^ codes(2013) == {"tet", "tet-1995"}
    assert codes(2020) ^ codes(2021) == {"national", "national-1995"}
    assert codes(2025) ^ codes(2026) == {"culture"}
    assert codes(1990) == set()
    assert compute_proposals(1990) == []


def test_what_nobody_adopted_is_computed_and_not_confirmed() -> None:
    year = year_of(2026)
    assert year.adopted is None
    assert not any(m.is_confirmed for m in year.marks.values())
    assert len(year.working) == 249


def test_counting_is_quick_enough_for_a_list_of_thousands() -> None:
    import time

    year_of(2026), year_of(2027)
    begun = time.perf_counter()
    for n in range(10_000):
        add_working_days(date(2026, 1, 1) + timedelta(days=n % 300), 3)
    assert time.perf_counter() - begun < 0.5
