"""The founding plan in a browser: read, entered, distributed, received, made concrete; one agency is late."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.conf import settings

from hoptac.directives.models import Directive, Recipient
from hoptac.foundation.working_days import add_working_days
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.actions import add_agency, load_agencies
from hoptac.jurisdiction.models import Agency
from tests.browser import THEMES, WIDTHS, assert_sound, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEED = settings.ROOT / "demo" / "ke-hoach-ket-luan-70.txt"


def as_docx(text: str) -> bytes:
    """Return a text as a small Word document, a paragraph a line."""
    body = "".join(
        f"<w:p><w:r><w:t xml:space='preserve'>{escape(line)}</w:t></w:r></w:p>"
        for line in text.split("\n")
    )
    office = "http://schemas.openxmlformats.org"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?>'
        f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def agencies(the_system: Any) -> dict[str, Agency]:
    load_agencies(the_system)
    province = Agency.objects.get(code="so-tc-ag").unit
    add_agency(
        the_system,
        name="Văn phòng Tỉnh ủy An Giang",
        code="vptu-ag",
        kind="party",
        unit=province,
        begin=date(2025, 7, 1),
    )
    scope.forget()
    return {a.code: a for a in Agency.objects.all()}


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_the_plan_is_read_entered_sent_and_answered(
    form: str, tmp_path: Path, browser_of: Callable, officer: Callable, agencies: dict[str, Agency]
) -> None:
    text = SEED.read_text(encoding="utf-8")
    path = tmp_path / f"ke-hoach.{form}"
    path.write_bytes(text.encode() if form == "txt" else as_docx(text))
    page = browser_of(officer("party_office", agency=agencies["vptu-ag"]))
    page.goto("/directives/")
    page.get_by_role("link", name="Đọc văn bản từ tệp").click()
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Đọc", exact=True).click()
    # What was read stands in the form, each with the words it was read from.
    page.get_by_role("heading", name="Kết quả đọc").wait_for()
    assert page.input_value("[name=title]").startswith("thực hiện Kết luận số 70-KL/TW")
    assert page.input_value("[name=issuer_name]") == "Ban Thường vụ Tỉnh ủy"
    assert page.locator(".from-words").count() >= 2
    for symbol in ("70-KL/TW", "13-NQ/TW", "12-CTr/TU", "87/KH-UBND", "Luật Hợp tác xã 2012"):
        assert page.locator(".references").get_by_text(symbol).first.is_visible()
    page.fill("[name=symbol]", "105-KH/TU")
    page.fill("[name=issued_on]", f"{date(2020, 6, 1):%d/%m/%Y}")
    page.select_option("[name=level]", "province")
    page.get_by_role("button", name="Nhập văn bản").click()
    page.get_by_role("heading", name="Kế hoạch 105-KH/TU").wait_for()
    plan = Directive.objects.get(symbol="105-KH/TU")
    assert plan.passages.count() >= 60
    assert {x.target.symbol for x in plan.links.all()} >= {"70-KL/TW", "13-NQ/TW"}

    # Tasks are accepted by keyboard: the first, then its neighbour is rejected, then that is undone.
    page.get_by_role("link", name="Nhiệm vụ đề xuất").first.click()
    page.locator("article.proposal").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.get_by_text("Đã chấp nhận 1 nhiệm vụ").wait_for()
    assert plan.passages.filter(state="accepted").count() == 1
    page.keyboard.press("r")
    page.get_by_text("Đã bác 1 đề xuất").wait_for()
    assert plan.passages.filter(state="rejected").count() == 1
    page.get_by_role("button", name="Hoàn tác: bác 1").click()
    page.get_by_text("Đã hoàn tác 1 quyết định").wait_for()
    assert plan.passages.filter(state="rejected").count() == 0

    # Sent to three departments, with a plan of their own by a day.
    page.goto(f"/directives/{plan.pk}/distribute/")
    for code in ("so-tc-ag", "so-nnmt-ag", "lmhtx-ag"):
        page.fill("#id_agencies_find", agencies[code].name)
        page.check(f"input[name=agencies][value='{agencies[code].pk}']")
    due = add_working_days(date.today(), 15)
    page.fill("[name=make_by]", f"{due:%d/%m/%Y}")
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.get_by_text("Đã gửi đến 3 cơ quan").wait_for()
    late = plan.recipients.get(agency__code="lmhtx-ag")
    Recipient.objects.filter(pk=late.pk).update(acknowledge_by=date.today() - timedelta(days=9))

    # Two acknowledge; one of them names its own plan.
    finance = browser_of(officer("sector_officer", agency=agencies["so-tc-ag"]))
    finance.goto("/")
    finance.get_by_text("Văn bản chờ xác nhận đã nhận").first.click()
    finance.get_by_role("checkbox").first.check()
    finance.get_by_role("button", name="Xác nhận đã nhận các mục đã chọn").click()
    finance.get_by_text("Đã xác nhận nhận 1 văn bản").wait_for()
    farming = browser_of(officer("sector_officer", agency=agencies["so-nnmt-ag"]))
    farming.goto(f"/directives/{plan.pk}/")
    farming.get_by_role("link", name="Xác nhận đã nhận").click()
    farming.get_by_role("button", name="Chúng tôi đã nhận").click()
    farming.goto("/directives/new/")
    farming.fill("[name=symbol]", "33/KH-SNNMT")
    farming.fill("[name=title]", "Kế hoạch thực hiện Kết luận số 70-KL/TW")
    farming.fill("[name=issued_on]", f"{date.today():%d/%m/%Y}")
    farming.fill("[name=in_force_on]", f"{date.today():%d/%m/%Y}")
    farming.select_option("[name=level]", "province")
    farming.get_by_role("button", name="Nhập văn bản").click()
    farming.get_by_role("heading", name="Kế hoạch 33/KH-SNNMT").wait_for()
    row = plan.recipients.get(agency__code="so-nnmt-ag")
    own = Directive.objects.get(symbol="33/KH-SNNMT")
    farming.goto(f"/directives/sendings/{row.pk}/make/")
    farming.evaluate(
        """(pk) => { const s = document.querySelector("select[name=own]"); s.value = pk;
        s.dispatchEvent(new Event("change", {bubbles: true})); }""",
        str(own.pk),
    )
    farming.get_by_role("button", name="Đây là văn bản của chúng tôi").click()
    farming.get_by_text("Đã ghi văn bản cụ thể hóa").wait_for()

    # The sender sees who is late, and the graph has grown.
    page.goto("/directives/sendings/?side=out&state=late")
    page.get_by_text("Liên minh Hợp tác xã tỉnh An Giang").first.wait_for()
    assert page.get_by_text("quá hạn").first.is_visible()
    page.goto(f"/directives/{plan.pk}/")
    page.locator("svg.graph tspan").filter(has_text="33/KH-SNNMT").wait_for()
    assert "2/3" in page.locator("#recipients").inner_text()


def test_the_pages_are_sound_at_every_width(
    open_page: Callable,
    live_server: Any,
    officer: Callable,
    agencies: dict[str, Agency],
    the_system: Any,
) -> None:
    from hoptac.directives.actions import distribute
    from hoptac.directives.loading import load_file

    plan = load_file(the_system, SEED, {})
    distribute(
        the_system,
        plan,
        agencies=[agencies["so-tc-ag"], agencies["lmhtx-ag"]],
        make_by=date.today(),
    )
    aim = plan.passages.filter(state="aim").first()
    passage, row = (
        plan.passages.filter(state="proposed").first(),
        plan.recipients.get(agency__code="so-tc-ag"),
    )
    desk = officer("party_office", agency=agencies["vptu-ag"])
    finance = officer("sector_officer", agency=agencies["so-tc-ag"])
    keeper = officer("administrator")
    own = {
        desk: (
            "/directives/", "/directives/new/", "/directives/upload/", "/directives/sendings/?side=out",
            f"/directives/{plan.pk}/", f"/directives/{plan.pk}/reading/?show=all", f"/directives/{plan.pk}/links/",
            f"/directives/{plan.pk}/distribute/", f"/directives/{plan.pk}/correct/",
            f"/directives/{plan.pk}/reading/{passage.pk}/", f"/directives/{plan.pk}/reading/{passage.pk}/split/",
            f"/directives/{plan.pk}/reading/?show=aims", f"/plans/aims/{aim.pk}/",
        ),
        finance: (f"/directives/{plan.pk}/", f"/directives/sendings/{row.pk}/make/", "/directives/sendings/"),
        keeper: ("/agencies/", "/agencies/new/", f"/agencies/{agencies['so-tc-ag'].pk}/end/"),
    }  # fmt: skip
    for number, (ctx, addresses) in enumerate(list(own.items())):
        for width, theme in zip(WIDTHS, (*THEMES, "light"), strict=True):
            page = open_page(width=width, theme=theme)
            sign_in(page, ctx.user, live_server.url)
            for address in addresses:
                assert page.goto(address).status == 200, (number, address)
                assert_sound(page)
            page.context.close()


LONG = (
    "KẾ HOẠCH\nVề phát triển kinh tế tập thể\nI. MỤC TIÊU\n1. Đến năm 2030 toàn tỉnh có trên 1.100 hợp tác xã.\n"
    "II. TỔ CHỨC THỰC HIỆN\n"
    + "".join(
        f"{n}. Sở Tài chính\na) Chủ trì, phối hợp với Sở Nội vụ rà soát chính sách số {n} trước ngày 30/6/2027.\n"
        f"b) Tổng hợp, báo cáo Ủy ban nhân dân tỉnh kết quả phần {n} hằng năm.\n"
        for n in range(1, 111)
    )
)


def test_two_hundred_proposals_are_decided_in_a_few_strokes(
    browser_of: Callable, officer: Callable, agencies: dict[str, Agency]
) -> None:
    from hoptac.directives.actions import record_directive, store_reading
    from hoptac.directives.reading import read_text

    facts = {
        "chain": "party", "symbol": "9-KH/TU", "title": "Kế hoạch dài", "issuer_name": "Tỉnh ủy", "level": "province",
        "issued_on": date(2026, 1, 5), "in_force_on": date(2026, 1, 5),
    }  # fmt: skip
    desk = officer("party_office", agency=agencies["vptu-ag"])
    plan = record_directive(desk, facts=facts, text=LONG)
    store_reading(desk, plan, reading=read_text(LONG))
    assert plan.passages.filter(state="proposed").count() == 220
    page = browser_of(desk)
    page.goto(f"/directives/{plan.pk}/reading/")
    page.locator("article.proposal").first.wait_for()
    assert page.locator("article.proposal").count() == 200
    assert_sound(page)
    for theme in THEMES:
        shoot(page, "proposals", widths=WIDTHS, theme=theme)
    # All that stand on the page at once; then one act takes it back.
    page.locator("[data-ticks=all]").click()
    page.keyboard.press("Shift+A")
    page.get_by_text("Đã chấp nhận 200 nhiệm vụ").wait_for()
    assert plan.passages.filter(state="accepted").count() == 200
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_text("Đã hoàn tác 200 quyết định").wait_for()
    assert plan.passages.filter(state="proposed").count() == 220
    # Two neighbours ticked are rejected together.
    page.locator("article.proposal input[type=checkbox]").nth(0).check()
    page.locator("article.proposal input[type=checkbox]").nth(1).check()
    page.keyboard.press("Shift+R")
    page.get_by_text("Đã bác 2 đề xuất").wait_for()
    page.goto(f"/directives/{plan.pk}/reading/?show=aims")
    shoot(page, "aims", widths=WIDTHS)
    page.goto(f"/plans/aims/{plan.passages.get(state='aim').pk}/")
    shoot(page, "aim", widths=WIDTHS)
    page.goto(f"/directives/{plan.pk}/distribute/")
    shoot(page, "distribute", widths=WIDTHS)
