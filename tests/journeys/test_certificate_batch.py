"""Many certificates: from a filter of the register to a pile of paper, with one left out and one refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hoptac.certificates import working
from hoptac.certificates.actions import rotate_key
from hoptac.certificates.models import Certificate, IssueBatch
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.places import places
from tests.browser import THEMES, WIDTHS, assert_sound, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bodies(
    transactional_db: None, the_system: Context, settings: Any, tmp_path: Path, units: Any,
    cooperative: Callable[..., Any],
) -> list[Any]:  # fmt: skip
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "files"
    rotate_key(the_system)
    commune = units.commune("Hoà An", "Giồng Riềng")
    numbers = ("1700123457", "1700123464", "1700123471", "")
    names = ("Bình Minh", "Đồng Tiến", "Hòa Thuận", "Thiếu Mã Số")
    return [
        cooperative(
            name=f"Hợp tác xã Nông nghiệp {name}", registration_number=number, address="Ấp Hòa A",
            charter_capital=2_050_000_000, chairman="Lê Thị Chủ", commune=commune,
        )
        for name, number in zip(names, numbers, strict=True)
    ]  # fmt: skip


def drawn_up(page: Any, authority: str) -> None:
    """Draw a batch up from the register's page."""
    page.goto("/registry/?sector=agriculture")
    page.get_by_role("link", name="Cấp giấy chứng nhận").click()
    expect(page.locator(".chip", has_text="Nông")).to_be_visible()
    page.locator("#id_signatory_position").fill("Chủ tịch")
    page.locator("#id_signatory_name").fill("Nguyễn Văn Ký")
    page.evaluate(
        "([text]) => { const s = document.querySelector('select[name=authority]');"
        " s.value = [...s.options].find(o => o.text.includes(text)).value;"
        " s.dispatchEvent(new Event('change', {bubbles: true})); }",
        [authority],
    )
    page.locator("#id_basis").fill("Quyết định số 12/QĐ-UBND")
    page.get_by_role("button", name="Lập đợt cấp").click()
    page.wait_for_url(re.compile(r"/certificates/batches/[0-9a-f-]{36}/$"))


def test_from_a_filter_of_the_register_to_a_pile_of_paper(
    bodies: list[Any], officer: Callable[..., Context], browser_of: Any
) -> None:
    clerk = officer("registration_officer")
    page = browser_of(clerk, accept_downloads=True)
    authority = places().commune_on(bodies[0].periods.get(is_latest=True).commune_id, clerk.today)
    assert authority is not None
    page.goto("/certificates/batches/")
    expect(page.get_by_role("heading", name="Chưa có đợt cấp nào")).to_be_visible()
    assert_sound(page)
    drawn_up(page, authority.full_name)
    expect(page.get_by_role("button", name="Cấp 3 giấy")).to_be_visible()
    expect(page.locator("tr", has_text="Thiếu Mã Số")).to_contain_text("Không cấp được")
    assert Certificate.objects.count() == 0
    assert_sound(page)
    page.get_by_role("button", name="Bỏ qua: Hợp tác xã Nông nghiệp Hòa Thuận").click()
    page.get_by_role("button", name="Cấp 2 giấy").click()
    expect(page.get_by_role("heading", name="Đang cấp")).to_be_visible()
    batch = IssueBatch.objects.get()
    working.work(context_of(batch.user), batch.pk, hands=1)
    expect(page.locator(".lead .badge", has_text="Hoàn thành")).to_be_visible()
    assert_sound(page)
    assert Certificate.objects.count() == 2
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tất cả trong một tệp PDF").click()
    content = Path(taken.value.path()).read_bytes()
    assert content.startswith(b"%PDF")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Từng tệp riêng (ZIP)").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(taken.value.path()).read_bytes()))
    stored = [c.file.read() for c in Certificate.objects.order_by("sequence")]
    assert [archive.read(n) for n in archive.namelist()] == stored
    page.get_by_role("link", name=Certificate.objects.order_by("sequence")[0].number).click()
    expect(page.get_by_role("heading", name=re.compile("Giấy chứng nhận"))).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_it_looks_right_everywhere(
    bodies: list[Any], officer: Callable[..., Context], open_page: Any, live_server: Any,
    width: int, theme: str,
) -> None:  # fmt: skip
    clerk = officer("registration_officer")
    page = open_page(width=width, theme=theme)
    sign_in(page, User.objects.get(pk=clerk.user.pk), live_server.url)
    authority = places().commune_on(bodies[0].periods.get(is_latest=True).commune_id, clerk.today)
    assert authority is not None

    page.goto("/certificates/batches/new/")
    assert_sound(page)
    drawn_up(page, authority.full_name)
    assert_sound(page)
    batch = IssueBatch.objects.get()
    IssueBatch.objects.update(state="running")
    page.goto(f"/certificates/batches/{batch.pk}/")
    assert_sound(page)
    working.work(context_of(batch.user), batch.pk, hands=1)
    page.goto(f"/certificates/batches/{batch.pk}/")
    assert_sound(page)
    page.goto("/certificates/batches/")
    assert_sound(page)
    page.goto("/registry/")
    assert_sound(page)
