"""The day of an officer who has no mouse: every step by key, from signing in to the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hoptac.foundation.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "Lúa chín vàng đồng 2026"
HOA_AN = "Hợp tác xã Dịch vụ nông nghiệp Hoà An"


def _focused(page: Page) -> str:
    """Return what the focus stands on, as a screen reader would name it."""
    return page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")


def _tab_to(page: Page, words: str, *, most: int = 40) -> None:
    """Press Tab until the focus stands on something of these words; each stop must be seen."""
    for _step in range(most):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                return e === document.body || parseFloat(s.outlineWidth) >= 2 || s.opacity === "0"; }"""
        )
        assert ring, f"{_focused(page)!r} takes the focus without showing it"
        if words in _focused(page):
            return
    raise AssertionError(f"{words!r} is not reached by {most} stops; now at {_focused(page)!r}")


def test_signing_in_finding_reading_and_going_back_by_keys_alone(
    province: Any, officer: Any, open_page: Any
) -> None:
    director = officer(
        "cooperative_director", cooperative_id=province.hoa_an.pk
    )  # no second factor
    user: User = director.user
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    page = open_page(width=1280)
    page.goto("/registry/")
    if _focused(page) != "login":
        _tab_to(page, "login")
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/registry/$"))

    # The first stop leads past the navigation; "/" leads to the search.
    page.keyboard.press("Tab")
    assert _focused(page) == "Đến nội dung chính"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hoa an")
    expect(page).to_have_url(re.compile("q=hoa"))
    rows = page.locator("#results tbody tr")
    expect(rows).to_have_count(1)

    # Filters open and close by key, and give the focus back.
    _tab_to(page, "Bộ lọc")
    page.keyboard.press("Enter")
    expect(page.locator("#filters form")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#filters form")).to_be_hidden()

    _tab_to(page, HOA_AN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOA_AN)
    _tab_to(page, "Nội dung đã ghi")
    page.keyboard.press("Enter")
    expect(page.locator("#history .diff").first).to_be_visible()

    page.go_back()  # Alt and the arrow are the browser's own keys; a browser without window has none
    expect(page.locator("#q")).to_have_value("hoa an")
    expect(rows).to_have_count(1)


def test_the_menu_of_a_record_is_walked_and_left_by_keys(province: Any, browser_of: Any) -> None:
    page = browser_of(province.department)
    page.goto(f"/registry/{province.hoa_an.pk}/")
    _tab_to(page, "Cập nhật")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert _focused(page) == "Thay đổi"
    page.keyboard.press("ArrowDown")
    assert _focused(page) == "Đính chính sai sót"
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    assert "Cập nhật" in _focused(page)
