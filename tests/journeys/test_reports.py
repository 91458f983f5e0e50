"""A plan's year in a browser: read, carried out, one agency late; the yearly report drafted, signed and sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from hoptac.directives.models import Directive
from hoptac.jurisdiction import offices, scope
from hoptac.jurisdiction.actions import add_agency, load_agencies
from hoptac.jurisdiction.models import Agency
from hoptac.reports.models import Report
from hoptac.tasks.models import Task
from hoptac.tasks.tasks import turn
from tests.browser import WIDTHS, assert_accessible, assert_no_overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEED = settings.ROOT / "demo" / "ke-hoach-ket-luan-70.txt"
TODAY = timezone.localdate()


@pytest.fixture
def agencies(the_system: Any) -> dict[str, Agency]:
    load_agencies(the_system)
    province = Agency.objects.get(code="so-tc-ag").unit
    add_agency(the_system, name="Văn phòng Tỉnh ủy An Giang", code="vptu-ag", kind="party", unit=province,
               begin=date(2025, 7, 1))  # fmt: skip
    scope.forget()
    offices.forget()
    return {a.code: a for a in Agency.objects.all()}


def send(page: Any, to: str = "") -> None:
    """Send the form of the page, and wait for where it leads."""
    page.locator("main form .form-actions .primary").first.click()
    if to:
        page.wait_for_url(to)


def choose(page: Any, name: str, words: str) -> None:
    """Type into a long select until it finds what is meant."""
    box = page.locator(f"select[name={name}]").locator("xpath=..").get_by_role("combobox")
    box.fill(words)
    box.press("Enter")


def loaded(page: Any, tmp_path: Path) -> list[Task]:
    """Bring the founding plan as a file and accept its first two tasks."""
    path = tmp_path / "ke-hoach.txt"
    path.write_bytes(SEED.read_bytes())
    page.goto("/directives/upload/")
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Đọc", exact=True).click()
    page.get_by_role("heading", name="Kết quả đọc").wait_for()
    page.fill("[name=symbol]", "105-KH/TU")
    page.fill("[name=issued_on]", "01/06/2020")
    page.select_option("[name=level]", "province")
    page.get_by_role("button", name="Nhập văn bản").click()
    page.get_by_role("heading", name="Kế hoạch 105-KH/TU").wait_for()
    page.get_by_role("link", name="Nhiệm vụ đề xuất").first.click()
    for n in range(2):
        page.locator("article.proposal").first.wait_for()
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.get_by_text("Đã chấp nhận 1 nhiệm vụ").wait_for()
        assert Task.objects.count() == n + 1
    return list(Task.objects.order_by("position", "number"))


def assigned(page: Any, task: Task, lead: Agency, due_on: date) -> None:
    page.goto(f"/tasks/{task.pk}/assign/")
    choose(page, "lead", lead.name)
    page.select_option("[name=rhythm]", "once")
    page.fill("[name=due_on]", f"{due_on:%d/%m/%Y}")
    send(page, f"**/tasks/{task.pk}/")


def test_the_plan_is_carried_out_and_the_yearly_report_signed_and_sent(
    browser_of: Callable[..., Any], officer: Callable[..., Any], agencies: dict[str, Agency], tmp_path: Path,
    the_system: Any, settings: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "files"
    finance, farming = agencies["so-tc-ag"], agencies["so-nnmt-ag"]
    desk = browser_of(officer("party_office", agency=agencies["vptu-ag"], name="Văn phòng Tỉnh ủy"))
    first, second = loaded(desk, tmp_path)
    assigned(desk, first, finance, TODAY + timedelta(days=10))
    assigned(desk, second, farming, TODAY - timedelta(days=60))

    # One agency does its task and shows it; the other only tells how far it is, and what it lacks.
    money = browser_of(officer("department_officer", agency=finance, name="Cán bộ Sở Tài chính"))
    money.goto(f"/tasks/{first.pk}/accept/")
    send(money, f"**/tasks/{first.pk}/")
    money.goto(f"/tasks/{first.pk}/report/")
    money.fill("[name=result]", "Đã rà soát xong các hợp tác xã ngừng hoạt động.")
    paper = tmp_path / "quyet-dinh.txt"
    paper.write_text("Quyết định", encoding="utf-8")
    money.set_input_files("[name=brought]", paper)
    send(money, f"**/tasks/{first.pk}/")
    desk.goto(f"/tasks/{first.pk}/judge/")
    send(desk, f"**/tasks/{first.pk}/")
    fields = browser_of(officer("sector_officer", agency=farming, name="Cán bộ Sở Nông nghiệp"))
    fields.goto(f"/tasks/{second.pk}/accept/")
    send(fields, f"**/tasks/{second.pk}/")
    fields.goto(f"/tasks/{second.pk}/progress/")
    fields.fill("[name=words]", "Đang khảo sát vùng nguyên liệu.")
    fields.fill("[name=percent]", "40")
    fields.fill("[name=difficulty]", "Thiếu đất sản xuất tập trung")
    fields.fill("[name=proposal]", "Bố trí quỹ đất")
    send(fields, f"**/tasks/{second.pk}/")

    # The day turns: who ordered the late task is told.
    assert turn(the_system.by(today=TODAY))["told"] == 1
    desk.goto("/")
    assert int(desk.locator(".bell-count").inner_text()) >= 1

    # The yearly report is there at once, with what is done and what is late.
    money.goto("/reports/new/")
    money.select_option("[name=kind]", "year")
    choose(money, "directive", "105-KH/TU")
    send(money, "**/reports/*-*/")
    report = Report.objects.get()
    figures = {f.code: f.value for f in report.figures.filter(code__startswith="nv_")}
    assert (figures["nv_total"], figures["nv_done_in_time"], figures["nv_late"]) == (2, 1, 1)
    base = f"/reports/{report.pk}/"
    money.goto(f"{base}tasks/?standing=late")
    expect(money.locator("main tbody tr")).to_have_count(1)

    # It takes up what was told; agencies are asked for their part.
    money.goto(f"{base}words/")
    for name in ("difficulties", "proposals"):
        money.locator(f"[name={name}]").check()
    send(money, f"**{base}")
    money.goto(f"{base}ask/")
    money.locator("[name=sections][value=kho_khan]").check()
    find = money.locator("#id_agencies_find")
    find.fill("so nong nghiep")
    find.press("Enter")
    money.fill("[name=due_on]", f"{TODAY + timedelta(days=5):%d/%m/%Y}")
    shoot(money, "reports-ask", widths=WIDTHS)
    assert_accessible(money)
    assert_no_overflow(money)
    send(money, f"**{base}")
    fields.goto("/reports/")
    fields.locator("main a", has_text="Khó khăn").first.click()
    fields.fill("[name=text]", "Diện tích đất sản xuất còn manh mún.")
    send(fields, f"**{base}")
    money.goto(base)
    money.locator(f"a[href*='{base}contributions/'][href$='/judge/']").click()
    money.get_by_role("button", name="Chấp nhận").click()
    money.wait_for_url(f"**{base}")
    money.goto(f"{base}sections/ke_hoach/")
    money.fill("[name=text]", "Tiếp tục củng cố các hợp tác xã.")
    send(money, f"**{base}")

    for step in ("assemble", "submit"):
        money.goto(f"{base}{step}/")
        send(money, f"**{base}")
    money.goto(f"{base}sign/")
    money.fill("[name=signer]", "Nguyễn Minh Họa")
    money.fill("[name=signer_post]", "Giám đốc")
    money.fill("[name=receivers]", "Ủy ban nhân dân tỉnh")
    send(money, f"**{base}")
    report.refresh_from_db()
    assert report.written_number == "01/BC-STC"
    money.goto(f"{base}preview/")
    paper_text = money.locator("article.paper").inner_text()
    for said in ("Thiếu đất sản xuất tập trung", "Bố trí quỹ đất", "manh mún", "Nguyễn Minh Họa"):
        assert said in paper_text
    with money.expect_download() as download:
        money.locator("main a", has_text="PDF").click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"

    # It goes to agencies, which find it among their documents and say that they have it.
    money.goto(f"{base}distribute/")
    find = money.locator("#id_agencies_find")
    find.fill("so nong nghiep")
    find.press("Enter")
    send(money, f"**{base}")
    report.refresh_from_db()
    assert report.state == "distributed"
    fields.goto("/")
    fields.get_by_text("Văn bản chờ xác nhận đã nhận").first.click()
    fields.get_by_role("checkbox").first.check()
    fields.get_by_role("button", name="Xác nhận đã nhận các mục đã chọn").click()
    fields.get_by_text("Đã xác nhận nhận 1 văn bản").wait_for()
    assert Directive.objects.get(pk=report.made_id).recipients.get().acknowledged_at is not None
    fields.goto(f"{base}preview/")
    assert "01/BC-STC" in fields.locator("article.paper").inner_text()
