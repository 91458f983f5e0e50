"""The shell and the components, as people of every device see them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import browser
from tests.browser import THEMES, WIDTHS, assert_accessible, assert_no_overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(officer):
    return officer("department_officer", name="Nguyễn Thị Hồng Phượng").user


@pytest.fixture
def sign_in(live_server):
    return lambda page, user: browser.sign_in(page, user, live_server.url)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_sound_on_every_screen(open_page, person, width, theme, sign_in):
    page = open_page(width=width, theme=theme)
    sign_in(page, person)
    page.goto("/ui/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thành phần giao diện")
    expect(page.locator(".chart.drawn svg").first).to_be_visible()
    assert_no_overflow(page)
    assert_accessible(page)


@pytest.mark.parametrize("width", [360, 1440])
def test_a_page_that_does_not_exist_says_so_within_the_shell(open_page, person, width, sign_in):
    page = open_page(width=width)
    sign_in(page, person)
    assert page.goto("/no-such-page/").status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có trang này")
    assert_no_overflow(page)
    assert_accessible(page)


def test_language_and_appearance_are_kept(page, person, sign_in):
    sign_in(page, person)
    page.goto("/ui/")
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Components")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    person.refresh_from_db()
    assert (person.language, person.theme) == ("en", "dark")


def test_on_a_phone_the_navigation_is_a_drawer_that_keys_can_work(open_page, person, sign_in):
    page = open_page(width=360)
    sign_in(page, person)
    page.goto("/ui/")
    drawer = page.locator("#side")
    expect(drawer).to_be_hidden()
    toggle = page.get_by_role("button", name="Danh mục")
    toggle.press("Enter")
    expect(drawer).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(toggle).to_be_focused()


def test_without_scripts_the_drawer_opens_and_the_figures_stand_in_a_table(
    open_page, person, sign_in
):
    page = open_page(width=360, scripts=False)
    sign_in(page, person)
    page.goto("/ui/")
    page.locator(".nav-toggle").click()
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    expect(page.get_by_role("cell", name="191")).to_be_visible()


def test_a_day_is_tidied_and_a_figure_grouped(page, person, sign_in):
    sign_in(page, person)
    page.goto("/ui/")
    day, capital = page.locator("#id_empty-established_on"), page.locator("#id_empty-capital")
    day.fill("2122015")
    day.press("Tab")
    expect(day).to_have_value("2122015")
    day.fill("02122015")
    day.press("Tab")
    expect(day).to_have_value("02/12/2015")
    capital.fill("238673000000,5")
    capital.press("Tab")
    expect(capital).to_have_value("238.673.000.000,5")


def test_a_dialog_opens_and_closes_by_key(page, person, sign_in):
    sign_in(page, person)
    page.goto("/ui/")
    page.get_by_role("button", name="Mở", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_demonstration_says_so_within_the_landmarks(page, person, sign_in):
    person.is_demo = True
    person.save()
    sign_in(page, person)
    page.goto("/")
    expect(page.get_by_role("complementary", name="Bản trình diễn")).to_be_visible()
    assert_accessible(page)


def test_an_address_that_only_takes_forms_says_so_within_the_shell(page, officer, sign_in):
    sign_in(page, officer("auditor").user)
    assert page.goto("/journal/verify/").status == 405
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Không mở được trang này bằng địa chỉ"
    )
    assert_accessible(page)


def test_the_own_account_keeps_the_way_to_every_desk(page, person, sign_in):
    sign_in(page, person)
    page.goto("/accounts/me/")
    expect(page.locator("#side").get_by_role("link", name="Tìm trong sổ")).to_be_visible()


def test_a_file_is_chosen_in_the_readers_language_and_by_key(page, person, sign_in):
    sign_in(page, person)
    page.goto("/imports/")
    expect(page.get_by_text("Chọn tệp", exact=True)).to_be_visible()
    box = page.locator("#id_file")
    assert box.evaluate("e => e.getBoundingClientRect().width") <= 1
    box.focus()
    ring = page.locator(".drop").evaluate("e => getComputedStyle(e).outlineStyle")
    assert ring == "solid"
    box.set_input_files({"name": "so.csv", "mimeType": "text/csv", "buffer": b"a"})
    expect(page.locator(".chosen")).to_contain_text("so.csv")
