"""A commune is found by typing: without marks, by its district, from the keyboard, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import browser
from tests.browser import THEMES, WIDTHS, assert_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sign_in(live_server: Any) -> Callable:
    return lambda page, user: browser.sign_in(page, user, live_server.url)


@pytest.fixture
def address(live_server: Any) -> str:
    from django.urls import reverse

    return live_server.url + reverse("registry:enter")


def box(page: Any) -> Any:
    return page.get_by_role("combobox", name="Xã, phường")


def choices(page: Any) -> Any:
    return page.locator(".combobox-list [role=option]")


def test_a_commune_is_found_without_marks_from_the_keyboard(
    province: Any, page: Any, sign_in: Callable, address: str
) -> None:
    sign_in(page, province.department.user)
    page.goto(address)
    commune = box(page)
    expect(commune).to_have_attribute("aria-expanded", "false")
    commune.press_sequentially("ngoc thuan")
    expect(commune).to_have_attribute("aria-expanded", "true")
    options = choices(page)
    expect(options).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert commune.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    expect(page.get_by_role("status").filter(has_text="1 lựa chọn")).to_have_count(1)
    commune.press("Enter")
    expect(commune).to_have_value("Xã Ngọc Thuận")
    expect(commune).to_have_attribute("aria-expanded", "false")
    chosen = page.locator("select[name=commune_id]").evaluate("s => s.selectedOptions[0].text")
    assert chosen == "Xã Ngọc Thuận"
    assert page.url == address  # Enter chose; it did not send the form


def test_a_districts_name_finds_its_communes_before_and_after_the_reform(
    province: Any, page: Any, sign_in: Callable, address: str
) -> None:
    sign_in(page, province.department.user)
    page.goto(address)
    commune = box(page)
    commune.press_sequentially("giong rieng")
    found = choices(page)
    assert found.count() > 19
    texts = found.all_inner_texts()
    assert any("Huyện Giồng Riềng" in t for t in texts)
    expect(page.get_by_role("group", name=re.compile("Huyện Giồng Riềng, "))).to_be_visible()
    commune.press("ArrowDown")
    commune.press("ArrowDown")
    expect(found.nth(2)).to_have_attribute("aria-selected", "true")
    commune.press("Escape")
    expect(commune).to_have_attribute("aria-expanded", "false")
    expect(commune).to_have_value("")


def test_words_that_fit_nothing_leave_what_was_chosen(
    province: Any, page: Any, sign_in: Callable, address: str
) -> None:
    sign_in(page, province.department.user)
    page.goto(address)
    commune = box(page)
    commune.press_sequentially("ngoc thuan")
    commune.press("Tab")
    expect(commune).to_have_value("Xã Ngọc Thuận")
    commune.fill("qqqq")
    expect(page.get_by_text("Không có lựa chọn phù hợp").first).to_be_visible()
    page.locator("#id_address").focus()
    expect(commune).to_have_value("Xã Ngọc Thuận")
    commune.fill("")
    page.locator("#id_address").focus()
    expect(commune).to_have_value("")
    assert page.locator("select[name=commune_id]").input_value() == ""


def test_a_click_opens_everything_and_the_record_is_entered(
    province: Any, page: Any, sign_in: Callable, address: str
) -> None:
    sign_in(page, province.district.user)
    page.goto(address)
    page.locator("#id_name").fill("Hợp tác xã Mới Lập")
    page.locator("#id_sector").select_option(index=1)
    page.get_by_role("button", name="Hiện mọi lựa chọn").click()
    expect(choices(page).first).to_be_visible()
    choices(page).filter(has_text="Xã Bàn Tân Định").first.click()
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Xã Bàn Tân Định").first).to_be_visible()


def test_the_filter_panel_has_it_too(
    province: Any, page: Any, sign_in: Callable, live_server: Any
) -> None:
    sign_in(page, province.department.user)
    page.goto(f"{live_server.url}/registry/?on=2019-12-31")
    page.locator("summary", has_text="Bộ lọc").click()
    commune = page.locator("#commune")
    expect(commune).to_have_attribute("role", "combobox")
    commune.press_sequentially("tan hiep a")
    choices(page).first.click()
    page.get_by_role("button", name="Áp dụng").click()
    expect(page).to_have_url(re.compile("commune=[0-9a-f-]{36}"))


def test_a_line_of_business_found_by_name_joins_the_codes(
    province: Any, page: Any, sign_in: Callable, live_server: Any
) -> None:
    sign_in(page, province.department.user)
    page.goto(f"{live_server.url}/registry/{province.hoa_an.pk}/lines/")
    box = page.locator("#id_add")
    for typed in ("trong lua", "0163"):
        box.fill("")
        box.press_sequentially(typed)
        box.press("Enter")
        expect(box).to_have_value("")
    expect(page.locator("#id_codes")).to_have_value("0111, 0163")
    page.locator("#id_from_on").fill("01/01/2026")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("0111 Trồng lúa").first).to_be_visible()
    assert_sound(page)


def test_without_scripts_it_is_the_select(
    province: Any, open_page: Callable, sign_in: Callable, address: str
) -> None:
    page = open_page(scripts=False)
    sign_in(page, province.department.user)
    page.goto(address)
    select = page.locator("select#id_commune_id")
    expect(select).to_be_visible()
    select.select_option(label="Xã Ngọc Thuận")
    assert select.evaluate("s => s.value")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_sound_when_open_on_every_screen(
    province: Any, open_page: Callable, sign_in: Callable, address: str, width: int, theme: str
) -> None:
    page = open_page(width=width, theme=theme)
    sign_in(page, province.department.user)
    page.goto(address)
    box(page).click()
    expect(choices(page).first).to_be_visible()
    assert_sound(page)
