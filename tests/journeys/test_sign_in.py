"""People sign in: the first day of an officer, a lost phone, a locked account, a mandate's end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from hoptac.foundation.accounts import acts, second_factor
from tests import browser
from tests.browser import THEMES, WIDTHS, assert_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "mật khẩu đủ dài"


def code_of(secret: str, steps: int = 0) -> str:
    step = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret.replace(" ", ""), step))


def fill_in(page: Any, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Tên tài khoản").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def heading(page: Any) -> Any:
    return expect(page.get_by_role("heading", level=1))


def test_the_first_day_of_an_officer(page: Any, officer: Callable, the_system: Any) -> None:
    user = officer("department_officer", name="Trần Thị Sở").user
    given = acts.reset_password(the_system, user)
    fill_in(page, user.username, given)
    heading(page).to_have_text("Chọn mật khẩu của riêng mình")
    assert_sound(page)
    page.locator("[name=password]").fill("matkhau123456")
    page.get_by_label("Nhập lại mật khẩu mới").fill("matkhau123456")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator(".findings.error")).to_contain_text("từ thông dụng")
    page.locator("[name=password]").fill("con đò chiều muộn")
    page.get_by_label("Nhập lại mật khẩu mới").fill("con đò chiều muộn")
    page.get_by_role("button", name="Tiếp tục").click()

    heading(page).to_have_text("Cần xác thực hai bước")
    assert_sound(page)
    page.goto("/registry/")
    heading(page).to_have_text("Cần xác thực hai bước")
    page.get_by_role("link", name="Thiết lập").click()
    picture = page.get_by_alt_text("Mã QR của khóa")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100, "our policy lets the picture in"
    assert_sound(page)
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Mã xác thực").fill("000000")
    page.get_by_role("button", name="Bật").click()
    expect(page.locator(".findings.error")).to_be_visible()
    page.get_by_label("Mã xác thực").fill(code_of(secret))
    page.get_by_role("button", name="Bật").click()
    heading(page).to_have_text("Mã khôi phục")
    assert len(re.findall(r"\b\d{8}\b", page.locator(".secret").inner_text())) == 10
    assert_sound(page)
    page.get_by_role("link", name="Tôi đã cất các mã").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_text("Trần Thị Sở").first).to_be_visible()

    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    fill_in(page, user.username, "con đò chiều muộn")
    heading(page).to_have_text("Xác thực hai bước")
    assert_sound(page)
    page.get_by_label("Mã xác thực").fill(code_of(secret, 1))
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_lost_phone_and_a_recovery_code(page: Any, officer: Callable) -> None:
    user = officer().user
    codes = second_factor.enrol(user, second_factor.new_secret(), "")
    fill_in(page, user.username)
    page.get_by_label("Mã xác thực").fill(f"{codes[3][:4]} {codes[3][4:]}")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/accounts/me/")
    expect(page.get_by_text("Còn 9 mã khôi phục")).to_be_visible()
    assert_sound(page)


def test_a_locked_account_is_opened_by_an_administrator(
    open_page: Callable, officer: Callable, live_server: Any
) -> None:
    user, administrator = officer(name="Lê Hay Quên").user, officer("administrator").user
    page = open_page()
    for _n in range(10):
        fill_in(page, user.username, "không nhớ nữa")
        expect(page.locator(".findings.error")).to_contain_text("không đúng")
    fill_in(page, user.username)
    expect(page.locator(".findings.error")).to_contain_text(re.compile(r"thử lại sau 1[45] phút"))
    assert_sound(page)

    desk = open_page()
    browser.sign_in(desk, administrator, live_server.url)
    desk.goto("/people/?q=hay+quen")
    desk.get_by_role("link", name="Lê Hay Quên").click()
    expect(desk.locator(".findings.warning")).to_contain_text("tạm khóa")
    desk.get_by_role("link", name="Mở khóa tài khoản").click()
    desk.get_by_label("Lý do").fill("Gọi điện xác nhận")
    desk.get_by_role("button", name="Mở khóa tài khoản").click()
    expect(desk.locator(".findings.warning")).to_have_count(0)

    fill_in(page, user.username)
    heading(page).to_have_text("Cần xác thực hai bước")


def test_the_end_of_a_mandate_ends_the_session(
    open_page: Callable, officer: Callable, live_server: Any
) -> None:
    ctx, administrator = officer("auditor", name="Hồ Văn Soát"), officer("administrator").user
    page, desk = open_page(), open_page()
    browser.sign_in(page, ctx.user, live_server.url)
    page.goto("/journal/")
    heading(page).to_have_text("Nhật ký")

    browser.sign_in(desk, administrator, live_server.url)
    desk.goto(f"/people/{ctx.user.pk}/")
    desk.get_by_role("link", name=re.compile("^Kết thúc Kiểm toán viên")).click()
    desk.get_by_label("Ngày cuối").fill("31/12/2025")
    desk.get_by_label("Lý do hoặc quyết định").fill("QĐ 40 thôi phân công")
    desk.get_by_role("button", name="Kết thúc").click()
    expect(desk.get_by_text("Đã hết")).to_be_visible()

    page.goto("/journal/")
    heading(page).to_have_text("Đăng nhập")
    expect(page.get_by_role("status")).to_contain_text("Phiên làm việc đã kết thúc")
    fill_in(page, ctx.user.username)
    heading(page).to_have_text("Phân công của anh/chị đã kết thúc ngày 31/12/2025")
    assert_sound(page)


def test_a_new_colleague_is_made_on_screen(
    open_page: Callable, officer: Callable, live_server: Any
) -> None:
    desk = open_page()
    browser.sign_in(desk, officer("administrator").user, live_server.url)
    desk.goto("/people/")
    desk.get_by_role("link", name="Tài khoản mới").click()
    desk.get_by_label("Tên tài khoản").fill("vo.thi.moi")
    desk.get_by_label("Họ tên").fill("Võ Thị Mới")
    desk.get_by_role("button", name="Lập tài khoản").click()
    password = desk.locator(".secret").inner_text()
    assert_sound(desk)
    desk.get_by_role("link", name="Tiếp tục").click()
    desk.get_by_role("link", name="Thêm phân công").click()
    desk.get_by_label("Vai trò").select_option(label="Cán bộ đăng ký")
    desk.get_by_role("combobox", name="Địa bàn").press_sequentially("phuong rach gia")
    desk.locator(".combobox-list").get_by_text("Phường Rạch Giá", exact=True).click()
    desk.get_by_label("Quyết định").fill("QĐ 15/QĐ-UBND ngày 02/01/2026")
    desk.get_by_role("button", name="Lưu phân công").click()
    expect(desk.get_by_text("Đang hiệu lực")).to_be_visible()
    page = open_page()
    fill_in(page, "vo.thi.moi", password)
    heading(page).to_have_text("Chọn mật khẩu của riêng mình")


@pytest.mark.parametrize(("width", "theme"), [*zip(WIDTHS, (*THEMES, "light"), strict=True)])
def test_pages_of_people_places_and_the_journal_are_sound(
    width: int, theme: str, open_page: Callable, officer: Callable, live_server: Any, units: Any,
    the_system: Any,
) -> None:  # fmt: skip
    from hoptac.jurisdiction.actions import load_agencies
    from hoptac.jurisdiction.models import Agency

    load_agencies(the_system)
    ctx = officer("administrator", name="Trần Quản Trị")
    user = officer("registration_officer", unit=units.commune("Rạch Giá", on=date(2026, 1, 1))).user
    acts.end_sessions(ctx, user)
    page = open_page(width=width, theme=theme)
    page.goto("/accounts/login/")
    assert_sound(page)
    browser.sign_in(page, ctx.user, live_server.url)
    unit, agency = units.district("Giồng Riềng"), Agency.objects.get(code="so-nnmt")
    for address in (
        "/people/", "/people/new/", f"/people/{user.pk}/", f"/people/{user.pk}/mandates/new/",
        f"/people/{user.pk}/close/", "/people/?q=nobody", "/places/?on=2019-12-31", "/places/",
        f"/places/{unit.pk}/", "/places/agencies/?show=ever", f"/places/agencies/{agency.pk}/",
        "/journal/", "/journal/?name=registry.record", "/accounts/me/", "/accounts/password/",
        "/accounts/confirm/",
    ):  # fmt: skip
        assert page.goto(address).status == 200, address
        assert_sound(page)
    page.goto("/journal/")
    page.locator("td.name a").first.click()
    page.wait_for_url(re.compile(r"/journal/[0-9a-f-]{36}/"))
    assert_sound(page)
    page.goto("/journal/")
    page.get_by_role("button", name="Kiểm tra chuỗi").click()
    expect(page.get_by_role("status")).to_contain_text("Chuỗi nguyên vẹn")
    assert_sound(page)
