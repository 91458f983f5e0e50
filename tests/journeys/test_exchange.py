"""An officer holds an extract against the register, decides, undoes, and sees the message delivered."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoptac.exchange.delivery import deliver
from hoptac.exchange.models import Difference, Message
from hoptac.exchange.tests.conftest import StandIn
from hoptac.registry.models import Period
from tests.browser import WIDTHS, assert_accessible, assert_no_overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[StandIn]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = StandIn(tmp_path / "standin.sqlite", port)
    made.start()
    yield made
    made.kill()


def test_from_the_extract_to_the_receipt(
    province: Any, browser_of: Any, registry: StandIn, tmp_path: Path, settings: Any
) -> None:
    settings.EXCHANGE_URL = registry.adapter.address
    Message.objects.update(state="dropped")  # what the making of the province told
    path = tmp_path / "trich-xuat-2026-01.json"
    said = [
        {"code": "1709551552", "name": "Hợp tác xã Dịch vụ nông nghiệp Hoà An", "status": "1",
         "representative": "Huỳnh Văn Nam"},
        {"name": "Hợp tác xã Không Ai Biết", "status": "7"},
    ]  # fmt: skip
    path.write_text(json.dumps({"as_of": "2026-01-31", "records": said}), encoding="utf-8")
    page = browser_of(province.department)
    page.goto("/exchange/")
    assert page.get_by_text("không phải cơ sở dữ liệu của Nhà nước").is_visible()
    page.get_by_role("link", name="Nhập bản trích xuất").click()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Đối chiếu").click()
    page.get_by_role("link", name="Quyết định các điểm khác").click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    assert_accessible(page)

    # Theirs: the register is corrected, and the decision can be undone.
    page.get_by_role("row", name="Người đại diện").get_by_role("link").click()
    page.get_by_label("Hệ thống quốc gia đúng: cập nhật vào sổ").check()
    page.get_by_label("Lý do, hoặc tài liệu đã xem").fill("Quyết định bổ nhiệm")
    assert_accessible(page)
    page.get_by_role("button", name="Quyết định", exact=True).click()
    page.get_by_text("Đã quyết định.").wait_for()
    body = Period.objects.filter(cooperative=province.hoa_an, is_latest=True)
    assert body.get().director == "Huỳnh Văn Nam"
    page.get_by_role("link", name="Hoàn tác quyết định").click()
    page.get_by_label("Lý do").fill("nhầm người")
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_text("Đã hoàn tác: bản ghi").wait_for()
    assert body.get().director == "Huỳnh Văn Hải"

    # Ours: kept, written into the outbox, delivered, proved.
    page.goto("/exchange/differences/?field=status")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Sổ đúng").click()
    page.get_by_text("Đã quyết định: 1.").wait_for()
    assert Difference.objects.get(field="status").state == "ours"
    registry.kill()
    assert deliver()["failed"] == 1
    registry.start()
    Message.objects.filter(state="waiting").update(due_at="2026-01-01T00:00:00Z")
    assert deliver()["accepted"] == 1
    page.goto("/exchange/outbox/?state=delivered")
    page.get_by_role("link", name="Tình trạng pháp lý").click()
    page.get_by_text("MP-000001").first.wait_for()
    assert page.get_by_text("Không trả lời hoặc bận").is_visible()
    assert_accessible(page)
    assert [k["times"] for k in registry.told()] == [1]

    # The report: what is open, what was decided together and is undone as one act.
    page.goto("/exchange/report/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_no_overflow(page)
    assert_accessible(page)
    page.get_by_role("link", name="Hoàn tác tất cả").click()
    page.get_by_label("Lý do").fill("xem lại hồ sơ")
    page.get_by_role("button", name="Hoàn tác tất cả").click()
    page.get_by_text("Đã hoàn tác: 1.").wait_for()
    assert Difference.objects.get(field="status").state == "open"

    # The record shows what is open; a dossier begins with what they say.
    page.goto(f"/registry/{province.hoa_an.pk}/")
    page.get_by_role("heading", name="Điểm khác với hệ thống quốc gia").wait_for()
    assert_accessible(page)
