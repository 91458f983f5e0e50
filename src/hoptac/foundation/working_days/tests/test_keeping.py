"""The administrator keeps the calendar: adopts, adds, exchanges, removes; terms follow at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.working_days import add_working_days, is_working_day, reckoning, year_of
from hoptac.foundation.working_days.acts import (
    add_day,
    adopt_year,
    exchange_days,
    give_back_year,
    remove_day,
)
from hoptac.foundation.working_days.models import CalendarDay, CalendarYear

NOTICE = "Thông báo 6150/TB-BLĐTBXH"


@pytest.fixture
def keeper(officer: Callable[..., Context]) -> Context:
    return officer("administrator")


def test_an_adopted_year_counts_as_it_was_adopted_and_is_confirmed_by_its_notice(
    keeper: Context,
) -> None:
    assert not is_working_day(date(2026, 9, 1))
    adopt_year(keeper, 2026, before={"national": 0}, without=[date(2026, 11, 24)], document=NOTICE)
    assert is_working_day(date(2026, 9, 1))
    assert not is_working_day(date(2026, 9, 3))
    assert is_working_day(date(2026, 11, 24))
    marks = year_of(2026).marks.values()
    assert all(m.is_confirmed and m.basis == NOTICE for m in marks)
    assert CalendarDay.objects.get(day=date(2026, 2, 17)).name == "Tết Nguyên đán"
    assert year_of(2027).adopted is None


def test_who_leaves_out_one_day_of_an_exchange_leaves_out_both(keeper: Context) -> None:
    adopt_year(keeper, 2026, without=[date(2026, 8, 31)], document=NOTICE)
    assert is_working_day(date(2026, 8, 31))
    assert not is_working_day(date(2026, 8, 22))


def test_a_year_adopted_without_its_notice_is_not_confirmed(keeper: Context) -> None:
    adopt_year(keeper, 2026)
    assert not any(m.is_confirmed for m in year_of(2026).marks.values())
    assert "112" in year_of(2026).marks[date(2026, 1, 1)].basis


def test_a_year_is_adopted_once_and_given_back_with_a_reason(keeper: Context) -> None:
    before = year_of(2026).working
    adopted = adopt_year(keeper, 2026, without=[date(2026, 11, 24)])
    with pytest.raises(Refused) as refused:
        adopt_year(keeper, 2026)
    assert refused.value.codes == {"year_adopted"}
    with pytest.raises(Refused) as refused:
        give_back_year(keeper, adopted)
    assert refused.value.codes == {"reason_missing"}
    add_day(keeper, date(2026, 12, 24), name="Nghỉ bão", basis="Công điện 01/CĐ-UBND")
    give_back_year(keeper.because("Chờ thông báo"), adopted)
    assert set(before) - set(year_of(2026).working) == {date(2026, 12, 24)}
    assert Act.objects.latest("number").undoes_id == adopted.act_id
    adopt_year(keeper, 2026, document=NOTICE)
    assert not is_working_day(date(2026, 12, 24))


def test_a_day_off_moves_the_end_of_a_term_and_its_removal_moves_it_back(keeper: Context) -> None:
    assert add_working_days(date(2026, 3, 9), 3) == date(2026, 3, 12)
    entry = add_day(keeper, date(2026, 3, 11), name="Nghỉ bão", basis="Công điện 01/CĐ-UBND")
    assert add_working_days(date(2026, 3, 9), 3) == date(2026, 3, 13)
    with pytest.raises(Refused) as refused:
        remove_day(keeper, entry)
    assert refused.value.codes == {"reason_missing"}
    remove_day(keeper.because("Bão đổi hướng"), entry)
    assert add_working_days(date(2026, 3, 9), 3) == date(2026, 3, 12)
    entry.refresh_from_db()
    with pytest.raises(Refused) as refused:
        remove_day(keeper.because("lần nữa"), entry)
    assert refused.value.codes == {"removed_already"}


def test_an_exchange_is_one_thing_both_ways(keeper: Context) -> None:
    off, work = date(2026, 1, 2), date(2026, 1, 10)
    exchange_days(keeper, off, work, basis=NOTICE)
    assert not is_working_day(off)
    assert is_working_day(work)
    assert add_working_days(date(2026, 1, 1), 6) == work
    remove_day(keeper.because("nhầm"), CalendarDay.objects.live().get(day=work))
    assert is_working_day(off)
    assert not is_working_day(work)


@pytest.mark.parametrize(
    ("off", "work", "code"),
    [
        (date(2026, 1, 3), date(2026, 1, 10), "already_off"),
        (date(2026, 1, 1), date(2026, 1, 10), "already_off"),
        (date(2026, 1, 2), date(2026, 1, 9), "not_a_rest"),
        (date(2026, 4, 24), date(2026, 4, 26), "is_holiday"),
        (date(2026, 8, 21), date(2026, 8, 22), "not_a_rest"),
    ],
)
def test_only_a_working_day_and_a_day_of_rest_are_exchanged(
    keeper: Context, off: date, work: date, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        exchange_days(keeper, off, work, basis=NOTICE)
    assert refused.value.codes == {code}
    assert not CalendarDay.objects.exists()


def test_a_day_is_entered_once_with_name_and_basis(keeper: Context) -> None:
    with pytest.raises(Refused) as refused:
        add_day(keeper, date(2026, 3, 11), name=" ", basis="")
    assert refused.value.codes == {"name_missing", "basis_missing"}
    for day, code in ((date(2026, 3, 14), "already_off"), (date(2026, 2, 17), "already_off")):
        with pytest.raises(Refused) as refused:
            add_day(keeper, day, name="Nghỉ", basis="x")
        assert refused.value.codes == {code}
    exchange_days(keeper, date(2026, 1, 2), date(2026, 1, 10), basis=NOTICE)
    with pytest.raises(Refused) as refused:
        add_day(keeper, date(2026, 1, 10), name="Nghỉ", basis="x")
    assert refused.value.codes == {"day_entered"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"year": 1990}, "year_unknown"),
        ({"year": 2151}, "year_unknown"),
        ({"year": 2026, "before": {"tet": 5}}, "placement_unknown"),
        ({"year": 2026, "before": {"không có": 1}}, "placement_unknown"),
    ],
)
def test_what_the_law_does_not_know_is_not_adopted(
    keeper: Context, asked: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        adopt_year(keeper, **asked)
    assert refused.value.codes == {code}


def test_only_an_administrator_of_the_province_keeps_it(
    officer: Callable[..., Context], units: Any
) -> None:
    with pytest.raises(PermissionDenied):
        adopt_year(officer("department_officer"), 2026)
    with pytest.raises(OutOfReach):
        adopt_year(officer("administrator", unit=units.district("Giồng Riềng")), 2026)
    assert not CalendarYear.objects.exists()


def test_rows_are_never_changed_only_retired(keeper: Context) -> None:
    entry = add_day(keeper, date(2026, 3, 11), name="Nghỉ bão", basis="x")
    with pytest.raises(DatabaseError, match="only retired"), transaction.atomic():
        CalendarDay.objects.filter(pk=entry.pk).update(day=date(2026, 3, 12))
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        entry.delete()


def test_another_process_sees_it_when_it_looks_again(keeper: Context) -> None:
    add_day(keeper, date(2026, 3, 11), name="Nghỉ bão", basis="x")
    reckoning.forget()  # as a process that has not looked yet
    assert is_working_day(date(2026, 3, 11))
    reckoning.refresh(at_once=True)
    assert not is_working_day(date(2026, 3, 11))


def test_looking_into_the_calendar_asks_the_database_no_oftener_than_twice_a_minute(
    keeper: Context, django_assert_num_queries: Any
) -> None:
    reckoning.refresh(at_once=True)
    with django_assert_num_queries(0):
        for year in range(2020, 2030):
            year_of(year)


def test_a_corrected_holiday_moves_the_calendar(officer: Callable[..., Context]) -> None:
    from hoptac.foundation.rulebook import acts, facts

    key = "rule:working_days.holidays:culture"
    standing = facts.standing_of(key)
    assert standing is not None
    assert not is_working_day(date(2027, 11, 24))
    acts.correct_fact(
        officer("rule_keeper").because("Luật chưa có"), key, fingerprint=standing.fact.fingerprint,
        values={"days": 0}, document="Bộ luật Lao động", read_on=date(2026, 1, 5),
    )  # fmt: skip
    assert is_working_day(date(2027, 11, 24))
