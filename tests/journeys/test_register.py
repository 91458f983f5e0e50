"""An officer's day with the register, in a real browser."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hoptac.foundation.audit.models import Act
from hoptac.registry.models import Period, SavedView

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOA_AN = "Hợp tác xã Dịch vụ nông nghiệp Hoà An"
AXE = Path(__file__).parents[1] / "assets" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"
    )
    assert found == []


def test_an_officer_finds_keeps_and_takes_out(province, browser_of, tmp_path):
    page = browser_of(province.department)
    page.goto("/registry/")
    rows = page.locator("#results tbody tr")
    expect(rows).to_have_count(4)
    assert_accessible(page)

    # Typing is enough; marks do not matter; the address follows.
    page.locator("#q").press_sequentially("hoa an", delay=20)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(HOA_AN)
    expect(page).to_have_url(re.compile(r"q=hoa"))
    page.locator("#q").fill("")
    expect(rows).to_have_count(4)

    # Filters, then columns.
    page.locator("#filters > summary").click()
    page.locator('#filters input[name="sector"][value="credit"]').check()
    page.get_by_role("button", name="Áp dụng").click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name=re.compile("^Bỏ Lĩnh vực")).click()
    expect(rows).to_have_count(4)
    page.locator("#columns > summary").click()
    chosen = page.locator('#columns input[name="cols"]:checked')
    while chosen.count():
        chosen.first.uncheck()
    page.locator('#columns input[value="director"]').check()
    page.locator('#columns input[value="members"]').check()
    page.get_by_role("button", name="Hiện các cột này").click()
    expect(page.locator("#results thead th")).to_have_count(3)
    page.get_by_role("link", name="Thành viên").click()
    expect(rows.first).to_contain_text("Ấp Đông")

    # Keep it, and take out exactly that.
    page.locator("#views > summary").click()
    page.get_by_label("Lưu kiểu xem này với tên").fill("Theo thành viên")
    page.get_by_role("button", name="Lưu kiểu xem").click()
    expect(page.locator(".findings.success")).to_contain_text("Theo thành viên")
    assert SavedView.objects.get().query == "sort=-members&cols=members%2Cdirector"
    page.locator("main details.menu", has_text="Xuất").locator("summary").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Văn bản CSV").click()
    taken.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["Tên", "Thành viên", "Giám đốc"]
    assert [line[1] for line in lines[1:]] == ["1200", "52", "20", "6"]


def test_an_officer_corrects_a_mistake_and_reads_the_history(province, browser_of):
    page = browser_of(province.district)
    page.goto("/registry/?q=hoa+an")
    page.get_by_role("link", name=HOA_AN).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOA_AN)
    assert_accessible(page)

    page.locator("main details.menu > summary", has_text="Cập nhật").click()
    page.get_by_role("link", name="Đính chính sai sót").click()
    page.get_by_role("link", name="Nhân sự và liên hệ").click()
    page.get_by_label("Giám đốc", exact=True).fill("Huỳnh Văn Hai")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator(".findings")).to_contain_text("lý do")
    assert_accessible(page)
    page.get_by_label("Lý do").fill("Gõ nhầm dấu khi nhập")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator("ins")).to_have_text("Huỳnh Văn Hai")
    page.get_by_role("button", name="Ghi vào sổ").click()

    expect(page.locator(".findings.success")).to_be_visible()
    history = page.locator("#history")
    expect(history).to_contain_text("Gõ nhầm dấu khi nhập")
    expect(history.locator("del")).to_have_text("Huỳnh Văn Hải")
    found = Period.objects.get(cooperative=province.hoa_an, is_latest=True)
    assert found.director == "Huỳnh Văn Hai"


def test_an_impatient_officer_without_network_loses_nothing_and_records_once(province, browser_of):
    page = browser_of(province.district)
    page.goto(f"/registry/{province.hoa_an.pk}/figures/")
    page.locator("[name=as_of]").fill("30/06/2024")
    page.locator("[name=members]").fill("61")
    page.locator("[name=source]").fill("Báo cáo giữa năm")
    page.get_by_role("button", name="Kiểm tra").click()
    send = page.get_by_role("button", name="Ghi vào sổ")
    expect(send).to_be_visible()

    page.context.set_offline(True)
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("Mất kết nối mạng")
    assert_accessible(page)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)

    before = Act.objects.count()
    send.dblclick()
    # Recorded, or, where the second click came through: recorded already. Never nothing, never twice.
    expect(page.locator("main").get_by_role("status")).to_contain_text(re.compile("ghi"))
    assert Act.objects.count() == before + 1
    assert Period.objects.get(cooperative=province.hoa_an, is_latest=True).members == 61


def test_an_officer_looks_at_a_past_day(province, browser_of):
    page = browser_of(province.district)
    page.goto("/registry/")
    expect(page.locator("#results")).not_to_contain_text("Đã Xong")
    page.locator("#filters > summary").click()
    page.locator("#on").fill("31/12/2019")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator(".as-of")).to_contain_text("31/12/2019")
    expect(page.locator("#results")).to_contain_text("Đã Xong")
    page.get_by_role("link", name="Hợp tác xã Đã Xong").click()
    expect(page.locator(".record-head")).to_contain_text("Đã giải thể")
    page.locator("#on").fill("31/12/2019")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".as-of")).to_contain_text("31/12/2019")
    expect(page.locator(".record-head")).to_contain_text("Đang hoạt động")


def test_the_register_works_without_scripts(province, browser_of):
    page = browser_of(province.department, java_script_enabled=False)
    page.goto("/registry/")
    page.locator("#q").fill("tan hiep")
    page.locator("#q").press("Enter")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trần Thị Sở")
