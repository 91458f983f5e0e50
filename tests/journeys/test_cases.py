"""From the watch list to a body that is saved, and to one whose certificate is revoked, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoptac.cases import actions
from hoptac.cases.models import Case
from hoptac.foundation.access import Context
from hoptac.registration import actions as desk
from hoptac.registration.models import Mark
from hoptac.registry.models import Period
from tests.browser import WIDTHS, assert_accessible, assert_no_overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def listed(province: Any, the_system: Context) -> Any:
    """Return a body whose last general meeting was in April 2024."""
    actions.record_date(
        the_system, province.hoa_an, kind="meeting", on=date(2024, 4, 20), document="BB 01"
    )
    return province.hoa_an


def choose(page: Any, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def visit(page: Any, folder: Path, *, meeting: str = "") -> None:
    """Fill in a visit sheet, as on a phone, with a photograph."""
    photo = folder / "anh.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\nanh")
    for name, value in (
        ("at_address", "yes"),
        ("has_sign", "no"),
        ("operates", "yes"),
        ("has_books", "unclear"),
    ):
        choose(page, name, value)
    page.get_by_label("Kết quả kiểm tra").fill("Còn hoạt động, có kho và trạm bơm.")
    if meeting:
        page.get_by_label("Đại hội thành viên gần nhất").fill(meeting)
    page.locator('input[type="file"]').set_input_files(str(photo))
    page.get_by_role("button", name="Nhập phiếu").click()


def test_a_visit_on_the_spot_saves_a_body(
    browser_of: Callable[..., Any], province: Any, listed: Any, tmp_path: Path
) -> None:
    page = browser_of(province.district)
    page.goto("/cases/watch/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    assert_accessible(page)
    page.get_by_role("checkbox", name="Mở vụ việc của").check()
    page.get_by_role("button", name="Mở vụ việc cho các đơn vị đã chọn").click()
    page.get_by_role("link", name="Hoà An").click()
    page.get_by_text("Việc tiếp theo").wait_for()
    page.set_viewport_size({"width": 360, "height": 800})
    assert_no_overflow(page)
    page.get_by_role("link", name="Nhập phiếu kiểm tra").click()
    page.get_by_role("button", name="Nhập phiếu").wait_for()
    assert_no_overflow(page)
    visit(page, tmp_path, meeting="15/10/2026")
    page.get_by_text("không căn cứ nào của vụ việc hết thời hạn").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="Kết thúc", exact=True).click()
    choose(page, "closing", "mended")
    page.locator("#id_words").fill("Đã họp đại hội, có biên bản.")
    page.get_by_role("button", name="Kết thúc vụ việc").click()
    page.get_by_text("Vụ việc đã kết thúc").wait_for()
    assert Case.objects.get().state == "closed"
    assert not Mark.objects.exists()


def test_a_body_that_does_not_mend_is_heard_and_revoked_by_two_officers(
    browser_of: Callable[..., Any],
    province: Any,
    listed: Any,
    tmp_path: Path,
    officer: Callable[..., Context],
) -> None:
    page = browser_of(province.district)
    page.goto(f"/registry/{listed.pk}/")
    page.get_by_role("link", name="Mở vụ việc").click()
    page.get_by_role("button", name="Mở vụ việc").click()
    page.get_by_role("link", name="Nhập phiếu kiểm tra").click()
    visit(page, tmp_path)
    page.get_by_role("link", name="Thông báo cho đơn vị").click()
    page.get_by_label("Người ký").fill("Lê Văn Chín")
    page.get_by_role("button", name="Gửi thông báo").click()
    page.get_by_role("link", name="Thông báo vi phạm").wait_for()
    case = Case.objects.get()
    # The director answers from a phone.
    director = browser_of(officer("cooperative_director", cooperative_id=listed.pk))
    director.set_viewport_size({"width": 360, "height": 800})
    director.goto("/")
    director.get_by_role("link", name="Thông báo cần trả lời").click()
    director.get_by_role("link", name="Hoà An").click()
    director.get_by_text("Đơn vị có thể giải trình").wait_for()
    assert_no_overflow(director)
    director.get_by_role("link", name="Giải trình, phản đối").click()
    director.get_by_label("Nội dung giải trình, phản đối").fill("Chưa họp được vì vụ mùa.")
    director.get_by_role("button", name="Gửi", exact=True).click()
    director.get_by_text("Giải trình của đơn vị đã đến").wait_for()
    page.reload()
    page.get_by_role("link", name="Xem xét", exact=True).click()
    page.get_by_label("Kết quả xem xét và đề xuất").fill("Không đủ lý do.")
    page.get_by_role("button", name="Ghi kết quả xem xét").click()
    page.get_by_role("link", name="Đề xuất thu hồi").click()
    page.locator("#id_words").fill("Không họp đại hội quá 18 tháng, không khắc phục.")
    page.get_by_role("button", name="Trình", exact=True).click()
    page.get_by_text("Chờ người quyết định").first.wait_for()
    case.refresh_from_db()
    # The second pair of eyes is the registration desk's own story.
    second = officer("registrar", unit=province.units.district("Giồng Riềng"))
    desk.propose(province.district, case.filing, outcome="grant", opinion="Đủ căn cứ.")
    desk.decide(second, case.filing, outcome="grant", signatory="Lê Văn Chín")
    page.reload()
    page.get_by_role("link", name="Ghi việc công bố").click()
    page.get_by_label("Nơi công bố").fill("Cổng thông tin quốc gia")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.get_by_text("Đã công bố; vụ việc kết thúc").wait_for()
    assert Period.objects.get(cooperative=listed, is_latest=True).legal_status == "ending"
