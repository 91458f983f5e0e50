"""An office's printed list goes in, the province's figures come out; in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hoptac.registry.models import Period
from tests.browser import assert_accessible, assert_no_overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office_list(tmp_path: Path) -> Path:
    """The list as an office prints it, made by the generator."""
    from tests.workbooks.generate import make

    path, _truth = make(3, "office", tmp_path)
    return path


def test_an_officer_brings_a_list_in_mends_a_line_enters_and_undoes(
    officer: Any, browser_of: Any, office_list: Path, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    page = browser_of(officer("department_officer"))
    page.goto("/imports/")
    assert_accessible(page)
    page.set_input_files("#id_file", str(office_list))
    page.locator("form[enctype] button.primary").click()
    expect(page).to_have_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    expect(page.locator("#findings tbody tr").first).to_be_visible()
    assert_accessible(page)
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    page.locator('form[action$="/enter/"] button').click()
    expect(page.locator(".badge, .findings.success, h2").first).to_be_visible()
    expect(page.locator("details.more summary")).to_be_visible()
    entered = Period.objects.filter(is_latest=True).count()
    assert entered > 30

    waiting = page.locator("#lines tbody tr")
    if waiting.count():
        waiting.first.get_by_role("link").click()
        assert_accessible(page)
        page.get_by_role("button", name=re.compile("bỏ|Bỏ")).last.click()

    page.goto(page.url.split("lines/")[0])
    page.locator("details.more summary").click()
    page.locator("#reason").fill("Nhầm tệp")
    page.locator('form[action$="/undo/"] button').click()
    expect(page.locator("details.more")).to_have_count(0)
    assert not Period.objects.exists()
