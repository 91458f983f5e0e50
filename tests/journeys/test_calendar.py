"""An administrator keeps the calendar of working days; everybody reads it and counts by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from hoptac.foundation.working_days.models import CalendarDay, CalendarYear
from tests.browser import THEMES, WIDTHS, assert_sound, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def due(page: Any, start: str, days: str) -> None:
    page.get_by_label("Ngày nhận").fill(start)
    page.get_by_label(re.compile("^Ngày làm việc")).fill(days)
    page.get_by_role("button", name="Tính ngày", exact=True).click()


def test_an_administrator_adopts_a_year_exchanges_a_day_and_takes_it_back(
    officer: Callable, browser_of: Callable
) -> None:
    page = browser_of(officer("administrator", name="Lê Quản Trị"))
    page.goto("/")
    page.get_by_role("link", name="Ngày làm việc").first.click()
    page.goto("/calendar/?year=2026")
    expect(page.get_by_text("Chưa ai chấp nhận lịch của năm này.")).to_be_visible()
    due(page, "12/02/2026", "3")
    expect(page.locator("#due")).to_contain_text("24/02/2026")

    page.get_by_role("link", name="Chấp nhận lịch năm này").click()
    page.get_by_label("Quốc khánh", exact=True).select_option("0")
    page.get_by_role("button", name="Tính lại").click()
    expect(page.get_by_label(re.compile("03/09/2026: Quốc khánh"))).to_be_checked()
    expect(page.get_by_label(re.compile("01/09/2026"))).to_have_count(0)
    page.get_by_label(re.compile("24/11/2026")).uncheck()
    page.get_by_label("Thông báo nghỉ lễ của năm").fill("Thông báo 01/TB-BNV")
    page.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(page.get_by_text("Đã chấp nhận")).to_be_visible()
    expect(page.get_by_text("Chấp nhận theo: Thông báo 01/TB-BNV")).to_be_visible()
    assert CalendarYear.objects.live().get().is_confirmed
    kept = set(CalendarDay.objects.live().values_list("day", flat=True))
    assert {str(d) for d in kept} >= {"2026-02-17", "2026-09-03", "2026-08-22"}
    assert not {str(d) for d in kept} & {"2026-09-01", "2026-11-24"}

    page.get_by_role("link", name="Hoán đổi ngày").click()
    page.get_by_label(re.compile("Ngày làm việc được nghỉ")).fill("02/01/2026")
    page.get_by_label(re.compile("làm bù")).fill("09/01/2026")
    page.get_by_label(re.compile("Căn cứ")).fill("Thông báo 02/TB-BNV")
    page.get_by_role("button", name="Hoán đổi", exact=True).click()
    expect(page.get_by_text("Chỉ ngày nghỉ hằng tuần mới có thể làm bù.").first).to_be_visible()
    page.get_by_label(re.compile("làm bù")).fill("10/01/2026")
    page.get_by_role("button", name="Hoán đổi", exact=True).click()
    expect(page.get_by_text("Đã hoán đổi")).to_be_visible()
    due(page, "31/12/2025", "1")
    expect(page.locator("#due")).to_contain_text("05/01/2026")

    page.goto("/calendar/?year=2026")
    page.get_by_role("link", name="Bỏ 02/01/2026").click()
    expect(page.get_by_text("10/01/2026")).to_be_visible()
    page.get_by_label(re.compile("Lý do")).fill("Thông báo được thay")
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.get_by_text("Đã bỏ")).to_be_visible()
    due(page, "31/12/2025", "1")
    expect(page.locator("#due")).to_contain_text("02/01/2026")

    page.get_by_role("link", name="Thêm ngày nghỉ").click()
    page.get_by_label(re.compile("^Ngày")).first.fill("11/03/2026")
    page.get_by_label(re.compile("Tên")).fill("Nghỉ tránh bão")
    page.get_by_label(re.compile("Căn cứ")).fill("Công điện 05/CĐ-UBND")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_role("cell", name="Nghỉ tránh bão", exact=True)).to_be_visible()

    page.get_by_role("link", name="Trả lại lịch năm").click()
    page.get_by_label(re.compile("Lý do")).fill("Có thông báo thay thế")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_text("Chưa ai chấp nhận lịch của năm này.")).to_be_visible()
    expect(page.get_by_role("cell", name="Nghỉ tránh bão", exact=True)).to_be_visible()
    page.goto("/journal/")
    page.get_by_role("link", name="Trả lại lịch năm").first.click()
    expect(page.get_by_text("Có thông báo thay thế").first).to_be_visible()


def test_a_reader_counts_but_does_not_keep(officer: Callable, browser_of: Callable) -> None:
    page = browser_of(officer("bank_officer"))
    page.goto("/calendar/?year=2026")
    expect(page.get_by_role("link", name="Chấp nhận lịch năm này")).to_have_count(0)
    due(page, "30/04/2027", "1")
    expect(page.locator("#due")).to_contain_text("04/05/2027")
    due(page, "xx", "0")
    expect(page.locator("#due")).to_be_empty()
    page.get_by_role("link", name="2027", exact=True).click()
    expect(page.get_by_role("heading", name="Lịch ngày làm việc 2027")).to_be_visible()
    page.goto("/calendar/add/")
    expect(page.get_by_label(re.compile("Tên"))).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_hold_at_every_width(
    width: int, theme: str, officer: Callable, open_page: Callable, live_server: Any
) -> None:
    page = open_page(width=width, theme=theme)
    sign_in(page, officer("administrator").user, live_server.url)
    for address in (
        "/calendar/?year=2026", "/calendar/adopt/?year=2026", "/calendar/exchange/",
        "/calendar/?year=1995&start=12/02/1996&days=3",
    ):  # fmt: skip
        page.goto(live_server.url + address)
        assert_sound(page)
