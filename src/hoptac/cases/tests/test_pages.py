"""The pages of the watch list and of a case, for officers and for the body itself."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hoptac.cases import actions
from hoptac.cases.models import Case, KeptDate
from hoptac.foundation.audit.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(watch: Any) -> Any:
    """The desk as of the day on which pages are asked for."""
    return watch.on(timezone.localdate())


@pytest.fixture
def clerk(client_of: Any, officer: Any, units: Any) -> Any:
    return client_of(officer("registration_officer", unit=units.district("Giồng Riềng")))


def text(answer: Any) -> str:
    assert answer.status_code < 400, answer.status_code
    return answer.content.decode()


def step(client: Any, case: Case, code: str, **given: Any) -> Any:
    case.refresh_from_db()
    address = reverse("cases:step", args=[case.pk, code])
    assert client.get(address).status_code == 200
    return client.post(address, {"version": case.version, **given})


def test_the_list_shows_filters_and_opens_cases(now, clerk):
    body = now.body(name="Hợp tác xã Chưa Họp")
    page = text(clerk.get(reverse("cases:watch")))
    assert "Hợp tác xã Chưa Họp" in page
    assert "Điều 103 khoản 1 điểm e" in page
    assert "Hợp tác xã Chưa Họp" not in text(clerk.get(reverse("cases:watch"), {"ground": "idle"}))
    assert "Hợp tác xã Chưa Họp" not in text(
        clerk.get(reverse("cases:watch"), {"urgency": "excused"})
    )
    answer = clerk.post(reverse("cases:watch"), {"body": [str(body.pk)]})
    assert answer.status_code == 302
    case = Case.objects.get()
    assert str(case.pk) in text(clerk.get(reverse("cases:list"), {"queue": "to_visit"}))
    assert str(case.pk) in text(clerk.get(reverse("cases:watch")))


def test_who_stands_elsewhere_finds_nothing(now, client_of, officer, units):
    case = now.case()
    far = client_of(officer("registration_officer", unit=units.district("Tân Hiệp")))
    for name, args in (
        ("cases:case", [case.pk]),
        ("cases:dates", [case.cooperative_id]),
        ("cases:open", [case.cooperative_id]),
        ("cases:blank_sheet", [case.pk]),
    ):
        assert far.get(reverse(name, args=args)).status_code == 404, name
    assert far.post(reverse("cases:watch"), {"body": [str(case.cooperative_id)]}).status_code == 404


def test_the_list_is_taken_out_as_it_is_shown(now, clerk):
    now.body(name="Hợp tác xã Chưa Họp")
    csv = b"".join(clerk.get(reverse("cases:export"), {"format": "csv"}).streaming_content).decode()
    assert "Hợp tác xã Chưa Họp" in csv
    book = b"".join(clerk.get(reverse("cases:export"), {"ground": "idle"}).streaming_content)
    import io

    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert not any("Chưa Họp" in str(cell) for row in rows for cell in row)
    assert Act.objects.filter(name="cases.export").count() == 2


def test_a_case_goes_through_its_pages(now, clerk):
    case = now.case()
    page = text(clerk.get(reverse("cases:case", args=[case.pk])))
    assert "Nhập phiếu kiểm tra" in page
    assert "Thông báo cho đơn vị" not in page
    blank = clerk.get(reverse("cases:blank_sheet", args=[case.pk]))
    assert blank.content.startswith(b"%PDF-")
    sheet = {
        "visited_on": f"{now.ctx.today:%d/%m/%Y}", "visitors": "Trần Thị Sở", "at_address": "yes",
        "has_sign": "no", "operates": "yes", "has_books": "unclear", "findings": "Còn hoạt động.",
        "brought": SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff\xe0anh"),
    }  # fmt: skip
    assert step(clerk, case, "visit", **{**sheet, "findings": ""}).status_code == 422
    sheet["brought"] = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff\xe0anh")
    assert step(clerk, case, "visit", **sheet).status_code == 302
    early = step(
        clerk, case, "notice", signatory="Lê Văn Chín", explain_until=f"{now.ctx.today:%d/%m/%Y}"
    )
    assert early.status_code == 422
    until = (
        clerk.get(reverse("cases:step", args=[case.pk, "notice"]))
        .context["form"]
        .initial["explain_until"]
    )
    sent = step(clerk, case, "notice", signatory="Lê Văn Chín", explain_until=f"{until:%d/%m/%Y}")
    assert sent.status_code == 302
    page = text(clerk.get(reverse("cases:case", args=[case.pk])))
    photo, letter = (
        f.file_id
        for f in (case.steps.get(kind="visited").files.get(), case.steps.get(kind="noticed").letter)
    )
    for pk in (photo, letter):
        assert str(pk) in page
        assert clerk.get(reverse("cases:file", args=[case.pk, pk])).status_code == 200
    other = now.case()
    assert clerk.get(reverse("cases:file", args=[other.pk, letter])).status_code == 404


def test_a_step_that_somebody_else_took_first_is_told(now, clerk):
    case = now.case()
    case.refresh_from_db()
    stale = case.version
    actions.waive_visit(now.ctx, case, words="Ngập.")
    address = reverse("cases:step", args=[case.pk, "close"])
    answer = clerk.post(address, {"version": stale, "closing": "no_case", "words": "x"})
    assert answer.status_code == 409


def test_a_director_reads_the_own_case_without_the_office_s_opinions_and_answers(
    now, client_of, officer
):
    case = now.case(until="noticed")
    director = client_of(officer("cooperative_director", cooperative_id=case.cooperative_id))
    page = text(director.get(reverse("cases:case", args=[case.pk])))
    assert "Giải trình, phản đối" in page
    assert "Có thể sáp nhập với" not in page
    answer = step(director, case, "answer", words="Chúng tôi đã họp.")
    assert answer.status_code == 302
    actions.weigh(now.ctx, case, words="Ý kiến nội bộ của cơ quan.")
    assert "Ý kiến nội bộ" not in text(director.get(reverse("cases:case", args=[case.pk])))
    assert director.get(reverse("cases:step", args=[case.pk, "close"])).status_code == 403
    home = text(director.get("/"))
    assert "Cần khắc phục trước khi bị xử lý" in home
    record = text(director.get(reverse("cases:box", args=[case.cooperative_id])))
    assert "Tổ chức đại hội thành viên thường niên và nộp biên bản" in record


def test_dates_are_kept_corrected_and_struck_out_on_their_page(now, clerk):
    body = now.body()
    new = reverse("cases:date_new", args=[body.pk])
    ahead = clerk.post(new, {"kind": "meeting", "on": "01/01/2190"})
    assert ahead.status_code == 422
    assert (
        clerk.post(new, {"kind": "meeting", "on": "15/01/2025", "document": "BB 02"}).status_code
        == 302
    )
    row = KeptDate.objects.live().get(document="BB 02")
    correct = reverse("cases:date_correct", args=[body.pk, row.pk])
    assert "15/01/2025" in text(clerk.get(correct))
    assert clerk.post(correct, {"on": "16/01/2025"}).status_code == 422
    assert clerk.post(correct, {"strike": "on", "reason": "Nhầm đơn vị"}).status_code == 302
    assert not KeptDate.objects.live().filter(document="BB 02").exists()
    shares = reverse("cases:shares_new", args=[body.pk])
    assert clerk.post(shares, {"as_of": "01/02/2025", "largest_member": "40,5"}).status_code == 302
    page = text(clerk.get(reverse("cases:dates", args=[body.pk])))
    assert "40,5 %" in page


def test_the_record_shows_how_its_grounds_stand_and_offers_a_case(now, clerk, client_of, officer):
    body = now.body()
    page = text(clerk.get(reverse("registry:record", args=[body.pk])))
    assert "Điều kiện duy trì hoạt động" in page
    box = reverse("cases:box", args=[body.pk])
    assert box in page
    assert reverse("cases:open", args=[body.pk]) in text(clerk.get(box))
    bank = client_of(officer("bank_officer"))
    assert "Điều kiện duy trì" not in text(bank.get(reverse("registry:record", args=[body.pk])))


def test_the_home_page_tells_officers_what_waits(now, clerk):
    now.case()
    assert "Đơn vị cần kiểm tra thực tế" in text(clerk.get("/"))
