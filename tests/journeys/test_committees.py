"""A committee is founded, meets, concludes; what it concluded is done by the next meeting. An officer hands over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.committees import actions as committees
from hoptac.committees.models import FollowingOfficer, Meeting
from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices
from hoptac.tasks import actions as tasks
from hoptac.tasks.models import Task
from hoptac.tasks.tests.conftest import Province
from tests.browser import WIDTHS, assert_accessible, assert_no_overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(officer: Callable[..., Context], the_system: Context, units: Any) -> Province:
    offices.forget()
    return Province(officer, the_system, units.province(), today=timezone.localdate())


def typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def look_at(page: Any, address: str, name: str) -> None:
    """Open a page as others have it, and ask of it what every page must stand up to."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    assert_accessible(page)
    shoot(page, f"committees/{name}", widths=WIDTHS)
    shoot(page, f"committees/{name}-dark", theme="dark")


def appoint(page: Any, name: str, seat: str, since: str) -> None:
    page.get_by_role("link", name="Thêm thành viên").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=post]").fill("Lãnh đạo")
    page.locator("[name=seat]").select_option(seat)
    page.locator("[name=since]").fill(since)
    page.locator("[name=decision]").fill("Quyết định số 1/QĐ-UBND")
    press(page, "Cử thành viên")


def plan(page: Any, title: str, day: date) -> None:
    page.get_by_role("link", name="Lên lịch họp").click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=day]").fill(typed(day))
    page.locator("[name=begins]").fill("08:00")
    page.locator("[name=ends]").fill("10:00")
    page.locator("[name=place]").fill("Phòng họp số 1")
    page.locator("[name=chair]").select_option(label="Nguyễn Trưởng")
    press(page, "Lên lịch")
    page.get_by_role("link", name="Thêm nội dung").click()
    page.locator("[name=title]").fill("Báo cáo quý")
    press(page, "Đưa vào chương trình")


def test_a_conclusion_is_done_by_the_next_meeting(
    browser_of: Callable[..., Any], office: Province
) -> None:
    lead = office.agency("Sở Nông nghiệp")
    # The keeper's forms are filled in without scripts; the pages are looked at with them.
    page = browser_of(office.of("Sở Kế hoạch"), java_script_enabled=False)
    seen = browser_of(office.of("Sở Kế hoạch"))
    page.goto("/committees/new/")
    page.locator("[name=name]").fill("Ban Chỉ đạo phát triển kinh tế tập thể tỉnh")
    page.locator("[name=unit]").select_option(str(office.unit.pk))
    page.locator("[name=standing]").select_option(label="Sở Kế hoạch")
    page.locator("[name=founding]").fill("Quyết định số 1/QĐ-UBND")
    page.locator("[name=founded_on]").fill("01/03/2020")
    press(page, "Nhập Ban Chỉ đạo")
    appoint(page, "Nguyễn Trưởng", "head", "01/03/2020")
    appoint(page, "Trần Phó", "deputy", "01/03/2020")
    look_at(seen, page.url, "committee")

    plan(page, "Phiên họp quý", office.today)
    page.get_by_role("link", name="Gửi giấy mời").click()
    page.locator("[name=number]").fill("05/GM-BCĐ")
    press(page, "Gửi giấy mời")
    meeting = Meeting.objects.get()
    absent = meeting.committee.members.get(name="Trần Phó")
    page.locator(f"[name=presence_{absent.pk}]").select_option("absent")
    press(page, "Cuộc họp đã diễn ra: ghi nhận người dự")
    assert "nêu lý do vắng" in page.content()
    page.locator(f"[name=words_{absent.pk}]").fill("Đi công tác")
    press(page, "Cuộc họp đã diễn ra: ghi nhận người dự")
    page.get_by_label("Biên bản nội dung này").fill("Đã nghe báo cáo, thống nhất số liệu.")
    press(page, "Lưu biên bản")
    page.get_by_role("link", name="Thêm kết luận").click()
    page.locator("[name=content]").fill("Rà soát các hợp tác xã nông nghiệp")
    page.locator("[name=lead]").select_option(str(lead.pk))
    page.locator("[name=due_on]").fill(typed(office.today + timedelta(days=20)))
    press(page, "Ghi kết luận")
    look_at(seen, f"/committees/meetings/{meeting.pk}/", "meeting")
    page.get_by_role("link", name="Thông qua biên bản").click()
    press(page, "Thông qua biên bản")
    page.get_by_role("link", name="Ban hành kết luận").click()
    page.locator("[name=symbol]").fill("31/TB-BCĐ")
    press(page, "Ban hành thông báo")

    task = Task.objects.get()
    agriculture = office.of("Sở Nông nghiệp")
    tasks.accept_assignment(agriculture, office.line(task, "Sở Nông nghiệp"))
    office.report(task, "Sở Nông nghiệp")
    tasks.judge_done(office.of("Sở Kế hoạch"), task.terms.get())

    page.goto(f"/committees/{meeting.committee_id}/")
    plan(page, "Phiên họp quý sau", office.today + timedelta(days=14))
    followed = page.locator("#follow-up")
    assert "Rà soát các hợp tác xã nông nghiệp" in followed.inner_text()
    assert task.number in followed.inner_text()
    assert "Hoàn thành" in followed.inner_text()
    look_at(seen, page.url, "next-meeting")


def test_an_officer_hands_the_work_over_and_the_tasks_follow(
    browser_of: Callable[..., Any], office: Province
) -> None:
    keeper = office.of("Sở Kế hoạch")
    office.agency("Sở Nông nghiệp")
    committees.name_following_officer(
        keeper, agency=office.agency("Sở Kế hoạch"), name="Võ Theo Dõi", post="Chuyên viên", since=date(2020, 3, 1),
        decision="QĐ 5", user=keeper.user,
    )  # fmt: skip
    task = office.assigned(due_on=office.today + timedelta(days=9))
    tasks.name_officer(keeper, office.line(task, "Sở Kế hoạch"), officer=keeper.user)
    taking = office.of("Sở Kế hoạch", "registration_officer").user
    page = browser_of(keeper, java_script_enabled=False)
    look_at(browser_of(keeper), "/officers/", "officers")
    page.goto("/officers/")
    page.get_by_role("link", name="Võ Theo Dõi").click()
    assert task.number in page.content()
    page.get_by_role("link", name="Bàn giao công việc").click()
    page.locator("[name=decision]").fill("Quyết định số 9/QĐ")
    page.locator("[name=name]").fill("Đỗ Nhận Việc")
    page.locator("[name=post]").fill("Chuyên viên")
    page.locator("[name=user]").select_option(str(taking.pk))
    press(page, "Bàn giao")
    assert office.line(task, "Sở Kế hoạch").officer == taking
    new = FollowingOfficer.objects.get(name="Đỗ Nhận Việc")
    look_at(browser_of(keeper), f"/officers/{new.pk}/", "officer")
    page.goto(f"/officers/{new.pk}/")
    assert task.number in page.locator("main").inner_text()
