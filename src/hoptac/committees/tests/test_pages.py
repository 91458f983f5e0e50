"""The pages of committees, meetings and following officers: what each reader sees and may do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hoptac.committees import actions
from hoptac.committees.models import Committee, FollowingOfficer, Handover, Meeting
from hoptac.committees.tests.conftest import Board
from hoptac.foundation.access import Context

Browse = Callable[[Context], Client]


@pytest.fixture
def today(province: Any) -> date:
    province.today = timezone.localdate()
    return province.today


def typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def test_a_committee_is_founded_and_its_members_appointed_on_its_pages(
    province: Any, client_of: Browse, today: date
) -> None:
    so = client_of(province.of("Sở Kế hoạch"))
    page = so.get("/committees/new/")
    sent = {
        "name": "Ban Chỉ đạo", "founding": "QĐ 1", "founded_on": "01/03/2020", "unit": str(province.unit.pk),
        "standing": str(province.agency("Sở Kế hoạch").pk), "key": page.context["form"].initial["key"],
    }  # fmt: skip
    assert (
        so.post(
            "/committees/new/", {**sent, "founded_on": typed(today + timedelta(days=9))}
        ).status_code
        == 422
    )
    assert so.post("/committees/new/", sent).status_code == 302
    assert so.post("/committees/new/", sent).status_code == 302
    committee = Committee.objects.get()
    answer = so.post(
        f"/committees/{committee.pk}/appoint/",
        {"name": "Nguyễn A", "post": "Phó Chủ tịch", "seat": "head", "since": "01/03/2020", "decision": "QĐ 1"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert "Nguyễn A" in so.get(f"/committees/{committee.pk}/").content.decode()
    assert "Nguyễn A" not in so.get(f"/committees/{committee.pk}/?day=29/02/2020").content.decode()


def test_others_see_who_sits_there_but_keep_nothing(
    board: Board, client_of: Browse, today: date
) -> None:
    other = client_of(board.stranger)
    page = other.get(f"/committees/{board.committee.pk}/").content.decode()
    assert "Nguyễn Trưởng" in page
    assert "/appoint/" not in page
    assert other.get(f"/committees/{board.committee.pk}/appoint/").status_code == 404
    member = board.people["Trần Phó"]
    assert other.post(f"/committees/members/{member.pk}/end/", {}).status_code == 404
    assert (
        client_of(board.province.of("Tỉnh ủy", "bank_officer")).get("/committees/").status_code
        == 403
    )


def test_a_meeting_goes_from_agenda_to_issued_conclusions_on_one_page(
    board: Board, client_of: Browse, today: date
) -> None:
    so = client_of(board.keeper)
    answer = so.post(
        f"/committees/{board.committee.pk}/meeting/",
        {"kind": "regular", "title": "Họp quý", "day": typed(today), "begins": "08:00", "ends": "07:00",
         "place": "Phòng 1", "chair": board.people["Nguyễn Trưởng"].pk},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "ends" in answer.context["form"].errors
    answer = so.post(
        f"/committees/{board.committee.pk}/meeting/",
        {"kind": "regular", "title": "Họp quý", "day": typed(today), "begins": "08:00", "ends": "10:00",
         "place": "Phòng 1", "chair": board.people["Nguyễn Trưởng"].pk},
    )  # fmt: skip
    assert answer.status_code == 302
    meeting = Meeting.objects.get()
    page = f"/committees/meetings/{meeting.pk}/"
    assert so.post(page + "invite/", {"number": "5/GM"}).status_code == 422
    for title in ("Báo cáo quý", "Thảo luận"):
        assert so.post(page + "item/", {"title": title, "planned_minutes": 20}).status_code == 302
    first, second = meeting.items.order_by("position")
    so.post(f"/committees/items/{second.pk}/move/", {"way": "up"})
    assert [i.title for i in so.get(page).context["agenda"]] == ["Thảo luận", "Báo cáo quý"]
    file = SimpleUploadedFile("bao-cao.txt", "Số liệu".encode())
    assert so.post(f"/committees/items/{first.pk}/paper/", {"file": file}).status_code == 302
    paper = first.papers.get()
    assert so.get(f"{page}files/{paper.file_id}/").status_code == 200
    assert so.post(page + "invite/", {"number": "5/GM"}).status_code == 302
    away = board.people["Trần Phó"].pk
    came = {f"presence_{m.pk}": "present" for m in board.people.values()}
    answer = so.post(page + "attendance/", {**came, f"presence_{away}": "absent"})
    assert answer.status_code == 422
    answer = so.post(
        page + "attendance/", {**came, f"presence_{away}": "absent", f"words_{away}": "Ốm"}
    )
    assert answer.status_code == 302
    assert (
        so.post(
            page + "minutes/", {f"said_{first.pk}": "Đã nghe", f"said_{second.pk}": "Nhất trí"}
        ).status_code
        == 302
    )
    lead = board.province.agency("Sở Nông nghiệp").pk
    sent = {
        "kind": "task",
        "content": "Rà soát hợp tác xã",
        "lead": lead,
        "due_on": typed(today + timedelta(days=20)),
    }
    assert so.post(page + "conclusion/", {**sent, "lead": ""}).status_code == 422
    assert so.post(page + "conclusion/", sent).status_code == 302
    assert so.post(page + "adopt/", {}).status_code == 302
    other = client_of(board.stranger)
    assert other.get(page).status_code == 404
    answer = so.post(
        page + "issue/", {"symbol": "31/TB-BCĐ", "issued_on": typed(today), "is_open": "on"}
    )
    assert answer.status_code == 302
    shown = other.get(page).content.decode()
    assert "Rà soát hợp tác xã" in shown
    assert "Nhất trí" in shown
    for code in ("move", "invite", "adopt", "issue"):
        assert so.post(page + f"{code}/", {}).status_code in {409, 422}
    assert other.post(page + "attendance/", came).status_code == 404


def test_a_form_read_before_another_changed_the_meeting_is_told(
    board: Board, client_of: Browse, today: date
) -> None:
    meeting = board.meeting(days=3)
    so = client_of(board.keeper)
    page = f"/committees/meetings/{meeting.pk}/"
    version = so.get(page + "cancel/").context["form"].initial["version"]
    actions.add_item(board.keeper, meeting, title="Thêm")
    answer = so.post(page + "cancel/", {"words": "Mưa bão lớn", "version": version})
    assert answer.status_code == 409
    assert "Mưa bão lớn" in answer.content.decode()


def test_every_paper_of_a_meeting_is_printed_for_its_readers(
    board: Board, client_of: Browse, today: date
) -> None:
    meeting = board.concluded(is_open=False)
    page = f"/committees/meetings/{meeting.pk}/"
    so, other = client_of(board.keeper), client_of(board.stranger)
    for what in ("invitation", "minutes", "conclusions"):
        for form, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
            answer = so.get(f"{page}print/{what}/{form}/")
            assert answer.content.startswith(start), what
            assert other.get(f"{page}print/{what}/{form}/").status_code == 404
    assert so.get(f"{page}print/letter/pdf/").status_code == 404
    calendar = so.get(f"{page}calendar/").content.decode()
    assert "BEGIN:VEVENT" in calendar
    assert other.get(f"{page}calendar/").status_code == 404
    assert other.get(f"{page}files/{meeting.minutes_id}/").status_code == 404


def test_papers_that_the_reader_may_not_see_are_not_named(
    board: Board, client_of: Browse, today: date
) -> None:
    province = board.province
    secret = province.task(by="Tỉnh ủy", title="Việc riêng của Tỉnh ủy", reach="recipients")
    meeting = board.meeting(days=2)
    actions.add_paper(board.keeper, meeting.items.first(), task=secret)
    member = board.people["Trần Phó"]
    actions.assign_charge(
        board.keeper, member, content="Theo dõi", since=date(2020, 3, 1), task=secret
    )
    page = client_of(board.keeper).get(f"/committees/{board.committee.pk}/").content.decode()
    assert "Theo dõi" in page
    assert secret.number not in page
    page = client_of(board.keeper).get(f"/committees/meetings/{meeting.pk}/").content.decode()
    assert "Việc riêng" not in page


def test_officers_are_named_handed_over_and_go_out_as_a_file(
    province: Any, client_of: Browse, today: date
) -> None:
    so = client_of(province.of("Sở Kế hoạch"))
    agency = province.agency("Sở Kế hoạch")
    assert str(agency.pk) in so.get("/officers/?only=without").content.decode()
    sent = {
        "agency": agency.pk, "name": "Võ Theo Dõi", "post": "Chuyên viên", "since": "01/03/2020", "decision": "QĐ 5",
        "user": province.of("Sở Kế hoạch").user.pk, "fields_followed": "Nông nghiệp",
    }  # fmt: skip
    assert so.post("/officers/new/", {**sent, "decision": ""}).status_code == 422
    assert so.post("/officers/new/", sent).status_code == 302
    assert so.post("/officers/new/", sent).status_code == 422
    officer = FollowingOfficer.objects.get()
    page = f"/officers/{officer.pk}/"
    course = {
        "course": "Bồi dưỡng", "provider": "Trường", "hours": 16, "begins_on": "01/06/2020", "ends_on": "02/06/2020",
    }  # fmt: skip
    assert so.post(page + "training/", course).status_code == 302
    assert "Bồi dưỡng" in so.get(page).content.decode()
    other = client_of(province.of("Sở Nông nghiệp"))
    assert other.get(page).status_code == 200
    assert other.get(page + "handover/").status_code == 404
    assert (
        other.post(f"/officers/trainings/{officer.trainings.get().pk}/retire/").status_code == 404
    )
    taking = province.of("Sở Kế hoạch", "registration_officer").user
    answer = so.post(
        page + "handover/",
        {
            "on": typed(today),
            "decision": "QĐ 9",
            "name": "Đỗ Nhận",
            "post": "Chuyên viên",
            "user": taking.pk,
        },
    )
    assert answer.status_code == 302
    assert "Đỗ Nhận" in so.get("/officers/").content.decode()
    handover = Handover.objects.get()
    paper = f"/officers/handovers/{handover.pk}/"
    assert f"{paper}pdf/" in so.get(page).content.decode()
    for form, beginning in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert so.get(f"{paper}{form}/").content.startswith(beginning)
        assert other.get(f"{paper}{form}/").status_code == 404
    assert so.get(f"{paper}odt/").status_code == 404
    assert client_of(province.of("Tỉnh ủy", "auditor")).get(f"{paper}pdf/").status_code == 403
    for form in ("csv", "xlsx"):
        answer = so.get(f"/officers/export/?format={form}")
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)
        assert content
    assert "Đỗ Nhận" in b"".join(so.get("/officers/export/?format=csv").streaming_content).decode()
    assert client_of(province.of("Tỉnh ủy", "auditor")).get("/officers/export/").status_code == 403


def test_the_pages_ask_the_database_no_more_for_more_rows(
    board: Board, client_of: Browse, today: date, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        member = board.seat("member", f"Thành viên {number}")
        actions.assign_charge(board.keeper, member, content="Lĩnh vực", since=date(2020, 3, 1))
        board.concluded(symbol=f"{number}/TB-BCĐ")
    following = board.meeting(days=3)
    so = client_of(board.keeper)
    so.get("/committees/")
    with django_assert_max_num_queries(25):
        assert so.get("/committees/").status_code == 200
    with django_assert_max_num_queries(35):
        assert so.get(f"/committees/{board.committee.pk}/").status_code == 200
    with django_assert_max_num_queries(40):
        page = so.get(f"/committees/meetings/{following.pk}/")
    assert len(page.context["followed"]) == 6
    with django_assert_max_num_queries(25):
        assert so.get("/officers/").status_code == 200


def test_the_home_page_tells_members_and_keepers_what_waits(board: Board, today: date) -> None:
    from hoptac.foundation.duties import duties

    meeting = board.meeting(days=3)
    assert any(d.href == "/committees/" for d in duties(board.keeper))
    actions.invite(board.keeper, meeting, number="5/GM")
    member = board.province.of("Mặt trận")
    assert [d.count for d in duties(member) if d.href == "/committees/"] == [1]
    assert [d.count for d in duties(board.stranger) if d.href == "/committees/"] == []
