"""Meetings: agenda, invitation, attendance, minutes, conclusions that become tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hoptac.committees import actions, selectors
from hoptac.committees.models import Meeting
from hoptac.committees.tests.conftest import Board
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices.models import Notice
from hoptac.tasks.models import Task


def codes(refused: Any) -> set[str]:
    return set(refused.value.codes)


def test_nobody_is_invited_without_an_agenda(board: Board) -> None:
    meeting = board.meeting(days=7, items=0)
    with pytest.raises(Refused) as refused:
        actions.invite(board.keeper, meeting, number="05/GM-BCĐ")
    assert codes(refused) == {"no_agenda"}


def test_an_invitation_is_kept_as_printed_and_sent_once(board: Board) -> None:
    meeting = board.meeting(days=7)
    actions.invite(board.keeper, meeting, number="05/GM-BCĐ")
    meeting.refresh_from_db()
    assert meeting.state == "invited"
    with meeting.invitation.open() as file:
        assert file.read(5) == b"%PDF-"
    with pytest.raises(Refused) as refused:
        actions.invite(board.keeper, meeting, number="06/GM-BCĐ")
    assert codes(refused) == {"state_passed"}


def test_members_with_accounts_are_told_of_invitation_move_and_cancelling(
    province: Any, board: Board
) -> None:
    from django.utils import timezone

    province.today = timezone.localdate()
    meeting = board.meeting(days=7)
    actions.invite(board.keeper, meeting, number="05/GM-BCĐ")
    meeting.refresh_from_db()
    actions.move_meeting(
        board.keeper, meeting, title=meeting.title, starts_at=meeting.starts_at + timedelta(days=1),
        ends_at=meeting.ends_at + timedelta(days=1), place="Phòng số 2", chair=meeting.chair,
    )  # fmt: skip
    actions.cancel_meeting(board.keeper, meeting, words="Mưa bão")
    told = Notice.objects.filter(user=province.of("Mặt trận").user).values_list("kind", flat=True)
    assert set(told) == {"committees.invitation", "committees.moved", "committees.cancelled"}


def test_only_a_head_or_deputy_in_office_leads_a_meeting(board: Board) -> None:
    meeting = board.meeting(days=7)
    with pytest.raises(Refused) as refused:
        actions.move_meeting(
            board.keeper, meeting, title="x", starts_at=meeting.starts_at, ends_at=meeting.ends_at, place="y",
            chair=board.people["Lê Thư"],
        )  # fmt: skip
    assert codes(refused) == {"chair_impossible"}


def test_no_minutes_and_no_conclusion_before_the_meeting(board: Board) -> None:
    meeting = board.meeting(days=7)
    item = meeting.items.first()
    for act in (
        lambda: actions.write_minutes(board.keeper, meeting, said_of={item.pk: "x"}),
        lambda: actions.adopt_minutes(board.keeper, meeting),
        lambda: actions.add_conclusion(board.keeper, meeting, content="x", kind="noted"),
        lambda: actions.hold_meeting(board.keeper, meeting, came=board.came(meeting)),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {"not_yet_held"}


def test_who_is_away_says_why_and_attendance_may_be_mended(board: Board) -> None:
    meeting = board.meeting()
    away = board.came(meeting) | {board.people["Trần Phó"].pk: ("absent", "")}
    with pytest.raises(Refused) as refused:
        actions.hold_meeting(board.keeper, meeting, came=away)
    assert codes(refused) == {"reason_missing"}
    away[board.people["Trần Phó"].pk] = ("absent", "Đi công tác")
    actions.hold_meeting(board.keeper, meeting, came=away)
    actions.hold_meeting(board.keeper, meeting, came=board.came(meeting))
    assert meeting.attendances.filter(presence="present").count() == 3


def test_minutes_are_adopted_whole_and_then_stand(board: Board) -> None:
    meeting = board.held()
    items = list(meeting.items.order_by("position"))
    actions.write_minutes(board.keeper, meeting, said_of={items[0].pk: "Đã nghe báo cáo."})
    with pytest.raises(Refused) as refused:
        actions.adopt_minutes(board.keeper, meeting)
    assert codes(refused) == {"item_without_minutes"}
    actions.write_minutes(board.keeper, meeting, said_of={items[1].pk: "Đã thảo luận."})
    actions.adopt_minutes(board.keeper, meeting)
    meeting.refresh_from_db()
    assert meeting.minutes is not None
    with pytest.raises(Refused) as refused:
        actions.write_minutes(board.keeper, meeting, said_of={items[1].pk: "Khác"})
    assert codes(refused) == {"minutes_adopted"}


def test_the_agenda_is_put_in_order_and_what_was_dealt_with_stays(board: Board) -> None:
    meeting = board.held()
    first, second = meeting.items.order_by("position")
    actions.move_item(board.keeper, second, up=True)
    assert [i.title for i in selectors.agenda_of(board.keeper, meeting)] == [
        "Nội dung 2",
        "Nội dung 1",
    ]
    actions.write_minutes(board.keeper, meeting, said_of={first.pk: "Có"})
    first.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.drop_item(board.keeper, first)
    assert codes(refused) == {"item_was_dealt_with"}
    actions.drop_item(board.keeper, second)
    assert [i.pk for i in selectors.agenda_of(board.keeper, meeting)] == [first.pk]


def test_a_conclusion_that_asks_for_work_names_an_owner_and_a_day(board: Board) -> None:
    meeting, lead = board.held(), board.province.agency("Sở Nông nghiệp")
    for details, code in (
        ({}, "no_owner"), ({"lead": lead}, "no_day"), ({"lead": lead, "due_on": date(2020, 1, 1)}, "due_passed"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.add_conclusion(board.keeper, meeting, content="Làm", **details)
        assert codes(refused) == {code}
    actions.add_conclusion(board.keeper, meeting, content="Thống nhất báo cáo.", kind="noted")


def test_issued_conclusions_are_a_directive_and_tasks_of_their_owners(board: Board) -> None:
    meeting = board.concluded()
    meeting.refresh_from_db()
    task = Task.objects.get()
    assert (task.lead.name, task.state) == ("Sở Nông nghiệp", "assigned")
    assert task.directive == meeting.notice
    assert (meeting.notice.symbol, meeting.notice.kind) == ("31/TB-BCĐ", "notice")
    assert {r.agency.name for r in meeting.notice.recipients.all()} == {"Sở Nông nghiệp"}
    with pytest.raises(Refused) as refused:
        actions.issue_conclusions(board.keeper, meeting, symbol="32/TB-BCĐ", issued_on=board.today)
    assert codes(refused) == {"issued_already"}
    with pytest.raises(Refused) as refused:
        actions.drop_conclusion(board.keeper, meeting, conclusion=meeting.conclusions.get())
    assert codes(refused) == {"issued_already"}


def test_conclusions_wait_for_the_minutes_and_need_to_be_there(board: Board) -> None:
    meeting = board.held()
    with pytest.raises(Refused) as refused:
        actions.issue_conclusions(board.keeper, meeting, symbol="1/TB", issued_on=board.today)
    assert codes(refused) == {"minutes_open"}
    meeting = board.adopted()
    with pytest.raises(Refused) as refused:
        actions.issue_conclusions(board.keeper, meeting, symbol="1/TB", issued_on=board.today)
    assert codes(refused) == {"nothing_concluded"}


def test_a_meeting_is_read_by_its_people_until_its_conclusions_are_open(board: Board) -> None:
    meeting = board.adopted()
    member = board.province.of("Mặt trận")
    assert selectors.meeting_seen(member, meeting.pk) is not None
    assert selectors.meeting_seen(board.keeper, meeting.pk) is not None
    assert selectors.meeting_seen(board.stranger, meeting.pk) is None
    actions.add_conclusion(
        board.keeper, meeting, content="Việc kín.", lead=board.province.agency("Sở Tài chính"),
        due_on=board.today + timedelta(days=9),
    )  # fmt: skip
    actions.issue_conclusions(
        board.keeper, meeting, symbol="7/TB", issued_on=board.today, is_open=False
    )
    assert selectors.meeting_seen(board.stranger, meeting.pk) is None
    assert selectors.open_conclusions(board.stranger, board.committee) == []
    assert not Task.objects.visible_to(board.stranger).exists()
    other = board.concluded(symbol="8/TB")
    assert selectors.meeting_seen(board.stranger, other.pk) is not None


def test_a_member_whose_seat_ended_reads_the_papers_no_more(board: Board) -> None:
    meeting = board.adopted()
    member = board.province.of("Mặt trận")
    actions.relieve_member(board.keeper, board.people["Lê Thư"], on=board.today, ending="QĐ 9")
    assert selectors.meeting_seen(member, meeting.pk) is None


def test_the_next_meeting_sees_what_became_of_the_last_conclusions(board: Board) -> None:
    board.concluded()
    task = Task.objects.get()
    following = board.meeting(days=3)
    before = selectors.follow_up(board.keeper, following)
    assert [(f.task.state, f.is_open) for f in before] == [("assigned", True)]
    province = board.province
    from hoptac.tasks import actions as tasks

    tasks.accept_assignment(province.of("Sở Nông nghiệp"), province.line(task, "Sở Nông nghiệp"))
    province.report(task, "Sở Nông nghiệp")
    tasks.judge_done(board.keeper, task.terms.get())
    after = selectors.follow_up(board.keeper, following)
    assert [(f.task.state, f.is_open) for f in after] == [("done", False)]
    assert selectors.open_conclusions(board.keeper, board.committee) == []


def test_papers_are_one_thing_each_and_may_be_taken_back(board: Board) -> None:
    meeting = board.meeting()
    item = meeting.items.first()
    with pytest.raises(Refused) as refused:
        actions.add_paper(board.keeper, item)
    assert codes(refused) == {"one_paper"}
    paper = actions.add_paper(board.keeper, item, file=("bao-cao.txt", "Báo cáo".encode()))
    assert selectors.meeting_file(board.keeper, meeting, paper.file_id) is not None
    actions.drop_paper(board.keeper, paper)
    assert selectors.meeting_file(board.keeper, meeting, paper.file_id) is None
    with pytest.raises(OutOfReach):
        actions.add_paper(board.stranger, item, file=("a.txt", b"x"))


def test_meetings_are_numbered_in_their_order(board: Board) -> None:
    assert [board.meeting(days=d).number for d in (1, 2, 3)] == [1, 2, 3]
    assert Meeting.objects.count() == 3
