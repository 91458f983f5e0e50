"""An officer counts, follows a number to its bodies, takes the table out; a program does the same."""

from __future__ import annotations

import csv
import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import browser
from tests.browser import THEMES, WIDTHS, assert_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEN = "on=2019-12-31"


@pytest.fixture
def sign_in(live_server):
    return lambda page, user: browser.sign_in(page, user, live_server.url)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_figures_are_sound_on_every_screen(province, open_page, sign_in, width, theme):
    page = open_page(width=width, theme=theme)
    sign_in(page, province.department.user)
    page.goto(f"/statistics/?{THEN}&rows=district&cols=sector&i=cooperatives&i=area")
    expect(page.locator(".chart.drawn svg").first).to_be_visible()
    assert_sound(page)
    for address in ("/api/", "/api/tokens/"):
        page.goto(address)
        assert_sound(page)


def test_a_number_leads_to_the_bodies_that_it_counts(province, page, sign_in, tmp_path):
    sign_in(page, province.department.user)
    page.goto("/statistics/")
    page.locator("#id_on").fill("31/12/2019")
    page.locator("#id_rows").select_option(label="Huyện")
    page.get_by_role("button", name="Xem").click()
    row = page.get_by_role("row", name=re.compile("Huyện Giồng Riềng"))
    number = row.get_by_role("link").first
    expect(number).to_have_text("3")
    with page.expect_download() as taken:
        page.locator("details.menu summary", has_text="Tải về").click()
        page.get_by_role("link", name="CSV").click()
    path = Path(tmp_path / "table.csv")
    taken.value.save_as(path)
    lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert [line[1] for line in lines if line[0] == "Huyện Giồng Riềng"] == ["3"]
    number.click()
    expect(page.locator("#results tbody tr")).to_have_count(3)


def test_a_program_reads_with_a_token_made_on_the_page(province, page, sign_in, live_server):
    sign_in(page, province.department.user)
    page.goto("/api/tokens/")
    page.get_by_label("Mục đích").fill("báo cáo")
    page.get_by_role("button", name="Tạo khóa").click()
    secret = page.locator("code.secret").inner_text()

    def ask(path: str) -> Any:
        request = urllib.request.Request(
            f"{live_server.url}/api/v1{path}", headers={"Authorization": f"Bearer {secret}"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    assert ask("/statistics?as_of=2019-12-31")["total"] == {"cooperatives": 4}
    page.reload()
    assert secret not in page.content()
    expect(page.get_by_text("báo cáo", exact=True)).to_be_visible()
