"""Committees: founding, seats, charges, regulation, succession."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from psycopg.types.range import DateRange

from hoptac.committees import actions, selectors
from hoptac.committees.models import Committee, Member
from hoptac.committees.tests.conftest import DECISION, Board
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused

SPRING, SUMMER = date(2020, 3, 1), date(2020, 7, 1)


def codes(refused: Any) -> set[str]:
    return set(refused.value.codes)


def test_only_who_speaks_for_the_standing_agency_keeps_the_committee(board: Board) -> None:
    with pytest.raises(OutOfReach):
        actions.appoint_member(
            board.stranger, board.committee, name="Ai", post="Ai", seat="member", since=SUMMER, decision=DECISION
        )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.adopt_regulation(
            board.province.of("UBND tỉnh", "auditor"), board.committee, title="x", decision="y", in_force_on=SUMMER
        )  # fmt: skip


def test_a_committee_has_one_head_at_a_time_whatever_is_tried(board: Board) -> None:
    with pytest.raises(Refused) as refused:
        board.seat("head", "Người Khác", since=SUMMER)
    assert codes(refused) == {"seat_taken"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(
            committee=board.committee, name="Lách", post="x", seat="head", decision="x", valid=DateRange(SUMMER, None)
        )  # fmt: skip


def test_a_new_head_replaces_the_old_one_and_both_stay_on_record(board: Board) -> None:
    first = board.people["Nguyễn Trưởng"]
    second = board.seat("head", "Phạm Mới", since=SUMMER, replaces=first)
    at = {
        m.name
        for m in selectors.members_on(board.keeper, board.committee, date(2020, 6, 30))
        if m.seat == "head"
    }
    now = {
        m.name
        for m in selectors.members_on(board.keeper, board.committee, SUMMER)
        if m.seat == "head"
    }
    assert (at, now) == ({"Nguyễn Trưởng"}, {"Phạm Mới"})
    assert [m.name for m in selectors.former_members(board.committee, SUMMER)] == ["Nguyễn Trưởng"]
    first.refresh_from_db()
    assert first.ending == second.decision == DECISION


def test_a_member_answers_for_something_only_while_sitting(board: Board) -> None:
    deputy = board.people["Trần Phó"]
    charge = actions.assign_charge(board.keeper, deputy, content="Nông nghiệp", since=SPRING)
    with pytest.raises(Refused) as refused:
        actions.end_charge(board.keeper, charge, until=date(2020, 2, 1))
    assert codes(refused) == {"day_impossible"}
    actions.relieve_member(board.keeper, deputy, on=SUMMER, ending=DECISION)
    charge.refresh_from_db()
    assert charge.until == date(2020, 6, 30)
    with pytest.raises(Refused) as refused:
        actions.assign_charge(board.keeper, deputy, content="Thương mại", since=SPRING)
    assert codes(refused) == {"member_not_there"}
    with pytest.raises(Refused) as refused:
        actions.relieve_member(board.keeper, deputy, on=SUMMER, ending=DECISION)
    assert codes(refused) == {"ended_already"}


def test_nobody_sits_twice_and_a_seat_needs_its_decision(board: Board) -> None:
    with pytest.raises(Refused) as refused:
        board.seat("member", "Lê Thư", since=SUMMER)
    assert codes(refused) == {"sits_already"}
    with pytest.raises(Refused) as refused:
        actions.appoint_member(
            board.keeper, board.committee, name="Ai", post="x", seat="member", since=SUMMER, decision=" "
        )  # fmt: skip
    assert codes(refused) == {"field_missing"}


def test_the_latest_regulation_counts_and_a_day_has_one(board: Board) -> None:
    for day in (SPRING, SUMMER):
        actions.adopt_regulation(
            board.keeper,
            board.committee,
            title=f"Quy chế {day}",
            decision=DECISION,
            in_force_on=day,
        )
    assert board.committee.regulations.first().in_force_on == SUMMER
    with pytest.raises(Refused) as refused:
        actions.adopt_regulation(
            board.keeper, board.committee, title="Nữa", decision=DECISION, in_force_on=SUMMER
        )
    assert codes(refused) == {"known_already"}


def test_a_new_committee_takes_over_and_ends_the_old_one_with_its_seats(board: Board) -> None:
    new = actions.found_committee(
        board.keeper, name="Ban Chỉ đạo mới", unit=board.province.unit, standing=board.committee.standing,
        founding="Quyết định số 2/QĐ-UBND", founded_on=SUMMER, successor_to=board.committee,
    )  # fmt: skip
    old = Committee.objects.get(pk=board.committee.pk)
    assert (old.successor, old.valid.upper) == (new, SUMMER)
    assert not old.members.on(SUMMER).exists()
    assert old.members.on(date(2020, 6, 30)).count() == 3


def test_a_committee_with_meetings_ahead_is_not_ended(board: Board) -> None:
    board.meeting(days=5)
    with pytest.raises(Refused) as refused:
        actions.dissolve_committee(board.keeper, board.committee, on=SUMMER, ending=DECISION)
    assert codes(refused) == {"meetings_wait"}


def test_a_change_of_what_somebody_changed_meanwhile_is_told(board: Board) -> None:
    standing = board.committee.standing
    actions.change_committee(
        board.keeper, board.committee, name="Tên mới", standing=standing, words=DECISION
    )
    with pytest.raises(Conflict):
        actions.change_committee(
            board.keeper, board.committee, name="Tên khác", standing=standing, words=DECISION, expected_version=1
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.change_committee(
            board.keeper, board.committee, name="Tên mới", standing=standing, words=DECISION
        )
    assert codes(refused) == {"nothing_changed"}


def test_a_committee_is_entered_once_and_not_for_days_to_come(board: Board) -> None:
    more = {"unit": board.province.unit, "standing": board.committee.standing, "founding": "QĐ 3"}
    with pytest.raises(Refused) as refused:
        actions.found_committee(board.keeper, name=board.committee.name, founded_on=SUMMER, **more)
    assert codes(refused) == {"known_already"}
    with pytest.raises(Refused) as refused:
        actions.found_committee(board.keeper, name="Ban khác", founded_on=date(2021, 1, 1), **more)
    assert codes(refused) == {"date_in_future"}
