"""The rule-keeper holds what the system works with against the official texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from hoptac.foundation.rulebook.models import Confirmation
from tests.browser import WIDTHS, assert_sound, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_keeper_corrects_a_number_confirms_another_and_takes_one_back(
    officer: Callable, browser_of: Callable
) -> None:
    page = browser_of(officer("rule_keeper", name="Trương Thị Luật"))
    page.goto("/")
    page.get_by_role("link", name=re.compile("Căn cứ cần xác nhận")).first.click()
    page.get_by_role("link", name=re.compile("Quy định pháp luật")).click()
    page.goto("/facts/?group=rules&q=phân+loại+quy+mô")
    page.get_by_role("link", name=re.compile("Phân loại quy mô")).click()
    page.get_by_role("link", name="Đính chính").click()
    page.get_by_label(re.compile("Số thành viên")).fill("50; 300; 1.000")
    page.get_by_label(re.compile("Văn bản chính thức")).fill("Nghị định 113/2024/NĐ-CP")
    page.get_by_label(re.compile("Lý do")).fill("Điều 4 ghi từ 300 và từ 1.000")
    page.get_by_role("button", name="Đính chính và xác nhận").click()
    expect(page.get_by_text("đã đính chính và xác nhận").first).to_be_visible()
    expect(page.get_by_text("50; 300; 1.000").first).to_be_visible()
    page.goto("/statistics/")
    assert Confirmation.objects.live().count() == 1
    page.goto("/facts/?group=rules&state=settled")
    page.get_by_role("link", name=re.compile("Phân loại quy mô")).click()
    page.get_by_role("link", name="Rút xác nhận").click()
    page.get_by_label(re.compile("Lý do")).fill("Đọc nhầm khoản")
    page.get_by_role("button", name="Rút xác nhận").click()
    expect(page.get_by_text("không còn hiệu lực")).to_be_visible()
    expect(page.get_by_text("50; 301; 1.001").first).to_be_visible()
    page.goto("/facts/?group=lists")
    while page.locator("tbody input[type=checkbox]").count():  # a page at a time
        for box in page.locator("tbody input[type=checkbox]").all():
            box.check()
        page.get_by_role("button", name="Xác nhận các dòng đã đánh dấu").click()
        page.get_by_label(re.compile("Văn bản chính thức")).fill("Nghị quyết 1654/NQ-UBTVQH15")
        page.get_by_role("button", name="Văn bản quy định đúng như vậy").click()
        expect(page.get_by_text("Đã xác nhận.")).to_be_visible()
        page.goto("/facts/?group=lists")
    expect(page.get_by_text("Không có kết quả phù hợp")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_hold_at_every_width(
    width: int, officer: Callable, open_page: Callable, live_server: Any, agencies: None
) -> None:
    page = open_page(width=width)
    sign_in(page, officer("rule_keeper").user, live_server.url)
    for address in (
        "/facts/", "/facts/rule:registry.size:1900-01-01/",
        "/facts/rule:registry.size:1900-01-01/correct/", "/facts/?q=kh%C3%B4ng+c%C3%B3+g%C3%AC",
    ):  # fmt: skip
        page.goto(live_server.url + address)
        assert_sound(page)


@pytest.fixture
def agencies(the_system: Any) -> None:
    from hoptac.jurisdiction.actions import load_agencies

    load_agencies(the_system)
