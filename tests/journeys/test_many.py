"""Agencies by the hundred are chosen by group, by typing, from the keyboard; without scripts, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import browser
from tests.browser import THEMES, WIDTHS, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def catalogue(province: Any, live_server: Any) -> Callable[[Any], Any]:
    """Open the page of components, and return its first set of groups."""

    def show(page: Any) -> Any:
        browser.sign_in(page, province.department.user, live_server.url)
        page.goto(f"{live_server.url}/ui/")
        return page.locator(".many").first

    return show


def test_one_is_found_without_marks_and_ticked_by_enter(page: Any, catalogue: Callable) -> None:
    many = catalogue(page)
    address, count = page.url, many.get_by_role("status")
    expect(count).to_have_text("Đã chọn: 1/33")
    find = many.get_by_role("searchbox")
    find.press_sequentially("vinh hoa hung 27")
    expect(many.locator(".many-choices label:visible")).to_have_count(1)
    expect(count).to_have_text("Tìm thấy: 1 · Đã chọn: 1/33")
    find.press("Enter")
    expect(count).to_have_text("Đã chọn: 2/33")
    assert page.url == address  # Enter ticked; it did not send the form
    find.press("Escape")
    expect(many.locator("details").nth(1)).not_to_have_attribute("open", "")
    find.press("ArrowDown")
    expect(many.locator("[value=d1]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(count).to_have_text("Đã chọn: 3/33")


def test_a_group_is_ticked_at_once_but_for_who_has_it_already(
    page: Any, catalogue: Callable
) -> None:
    many = catalogue(page)
    whole = many.get_by_label("Chọn cả nhóm").first
    expect(whole).to_have_js_property("indeterminate", True)
    whole.check()
    expect(many.locator("[value=d2]")).to_be_checked()
    expect(many.locator("[value=d3]")).not_to_be_checked()
    many.locator("[value=d1]").uncheck()
    expect(whole).to_have_js_property("indeterminate", True)
    expect(many.locator("summary").first).to_contain_text("1/3")


def test_without_scripts_a_whole_group_is_sent_by_its_own_box(
    open_page: Callable[..., Any], catalogue: Callable
) -> None:
    many = catalogue(open_page(scripts=False))
    expect(many.get_by_role("searchbox")).to_have_count(0)
    many.locator("summary").nth(1).click()
    expect(many.locator("[name$=_all]").nth(1)).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_it_is_sound_on_phone_and_desk(
    theme: str, open_page: Callable[..., Any], catalogue: Callable
) -> None:
    page = open_page(theme=theme)
    many = catalogue(page)
    many.locator("summary").nth(1).click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        browser.assert_no_overflow(page)
    browser.assert_accessible(page, within=".many")
    shoot(page, "many", widths=WIDTHS, theme=theme)
