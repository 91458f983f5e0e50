"""The pages of reports: what each reader sees and may do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.reports import actions
from hoptac.reports.models import Contribution, Report

Browse = Callable[[Context], Client]


@pytest.fixture
def today(plan: Any) -> date:
    plan.province.today = timezone.localdate()
    return plan.province.today


@pytest.fixture
def report(plan: Any, today: date) -> Report:
    plan.task("Quá hạn", due_on=today - timedelta(days=1))
    return plan.report(kind="year", year=today.year, today=today)


def _post(client: Client, address: str, **sent: Any) -> Any:
    """Send a form with the version and key that its page gave."""
    initial = client.get(address).context["form"].initial
    return client.post(address, {k: initial[k] for k in ("version", "key") if k in initial} | sent)


def test_a_report_goes_its_whole_way_on_screen(
    plan: Any, report: Report, client_of: Browse, today: date
) -> None:
    province = plan.province
    author, finance = client_of(province.of("UBND tỉnh")), client_of(province.of("Sở Tài chính"))
    base = f"/reports/{report.pk}/"
    due = f"{today + timedelta(days=5):%d/%m/%Y}"
    sent = {
        "sections": ["chinh_sach"],
        "agencies": [province.agency("Sở Tài chính").pk],
        "due_on": due,
    }
    assert _post(author, f"{base}ask/", **sent).status_code == 302
    row = Contribution.objects.get()
    assert str(row.pk) in finance.get("/reports/").content.decode()
    assert "linh_vuc" not in finance.get(base).content.decode()
    assert finance.get(f"{base}preview/").status_code == 404
    page = f"{base}contributions/{row.pk}/"
    assert _post(finance, page, text="").status_code == 422
    assert _post(finance, page, text="Đã hỗ trợ 5 đơn vị.").status_code == 302
    assert finance.get(f"{page}judge/").status_code == 404
    assert _post(author, f"{page}judge/", verdict="accept").status_code == 302
    assert _post(author, f"{base}sections/kho_khan/", text="Thiếu vốn.").status_code == 302
    assert _post(author, f"{base}assemble/").status_code == 302
    assert "Đã hỗ trợ 5 đơn vị." in author.get(f"{base}preview/").content.decode()
    assert _post(author, f"{base}submit/").status_code == 302
    signing = {
        "signer": "Nguyễn Minh Họa",
        "signer_post": "Chủ tịch",
        "body": "UBND",
        "receivers": "Bộ A\nSở B",
    }
    assert _post(author, f"{base}sign/", **signing).status_code == 302
    report.refresh_from_db()
    assert report.receivers == ["Bộ A", "Sở B"]
    kept = b"".join(author.get(f"{base}file/pdf/").streaming_content)
    assert kept == report.pdf.read()
    assert author.get(f"{base}submit/").status_code == 200
    assert _post(author, f"{base}submit/").status_code == 409


def test_a_report_is_begun_on_screen_and_a_second_leads_to_the_first(
    plan: Any, report: Report, client_of: Browse, today: date
) -> None:
    author = client_of(plan.province.of("UBND tỉnh"))
    sent = {
        "issuer": plan.province.agency("UBND tỉnh").pk,
        "year": today.year,
        "directive": plan.directive.pk,
    }
    first = author.post("/reports/new/", {**sent, "kind": "year"})
    assert first.headers["Location"] == f"/reports/{report.pk}/"
    assert author.post("/reports/new/", {**sent, "kind": "half", "part": "4"}).status_code == 422
    answer = author.post("/reports/new/", {**sent, "kind": "quarter", "part": "1"})
    assert answer.status_code == 302
    assert Report.objects.count() == 2


def test_the_numbers_of_a_report_lead_to_its_tasks(
    plan: Any, report: Report, client_of: Browse
) -> None:
    author = client_of(plan.province.of("UBND tỉnh"))
    href = report.figures.get(code="nv_late").href
    assert href in author.get(f"/reports/{report.pk}/preview/").content.decode()
    shown = author.get(href)
    assert [line.title for line, _label in shown.context["lines"]] == ["Quá hạn"]
    assert author.get(f"/reports/{report.pk}/tasks/?standing=done").context["lines"] == []


def test_a_draft_is_taken_as_word_and_pdf(plan: Any, report: Report, client_of: Browse) -> None:
    author = client_of(plan.province.of("UBND tỉnh"))
    assert author.get(f"/reports/{report.pk}/file/docx/").getvalue()[:2] == b"PK"
    assert author.get(f"/reports/{report.pk}/file/pdf/").getvalue()[:5] == b"%PDF-"
    assert author.get(f"/reports/{report.pk}/file/odt/").status_code == 404


def test_it_is_compared_with_the_last_signed_one(plan: Any, today: date, client_of: Browse) -> None:
    ctx = plan.province.of("UBND tỉnh")
    plan.task("Một", due_on=date(today.year - 1, 5, 1))
    first = plan.report(kind="year", year=today.year - 1, today=today)
    actions.edit_text(ctx, first.sections.get(code="kho_khan"), text="Thiếu vốn.\nThiếu đất.")
    actions.assemble(ctx, first)
    actions.submit(ctx, first)
    actions.sign(ctx, first, signer="A", signer_post="Chủ tịch")
    plan.task("Hai", due_on=today)
    second = plan.report(kind="year", year=today.year, today=today)
    actions.edit_text(ctx, second.sections.get(code="kho_khan"), text="Thiếu vốn.")
    page = client_of(ctx).get(f"/reports/{second.pk}/compare/")
    rows = {
        c.figure.code: (now, then, difference)
        for c, now, then, difference, _share in page.context["rows"]
    }
    assert rows["nv_total"] == ("2", "0", "+2")
    assert ("gone", "Thiếu đất.") in dict(page.context["texts"])["Khó khăn, tồn tại, nguyên nhân"]
    assert client_of(ctx).get(f"/reports/{first.pk}/compare/").status_code == 404


def test_others_find_nothing_of_a_report_that_is_not_out(
    plan: Any, report: Report, client_of: Browse
) -> None:
    other = client_of(plan.province.of("Sở Nông nghiệp"))
    assert report.title not in other.get("/reports/").content.decode()
    for part in ("", "preview/", "tasks/", "file/pdf/", "words/", "sections/kho_khan/", "sign/"):
        assert other.get(f"/reports/{report.pk}/{part}").status_code == 404, part


def test_every_page_asks_the_database_a_bounded_number_of_times(
    plan: Any, report: Report, client_of: Browse, today: date, django_assert_max_num_queries: Any
) -> None:
    for n in range(10):
        plan.task(f"Việc {n}", due_on=today + timedelta(days=n), helpers=("Sở Nông nghiệp",))
    author = client_of(plan.province.of("UBND tỉnh"))
    for part, most in (
        ("", 40),
        ("preview/", 30),
        ("tasks/", 20),
        ("words/", 20),
        ("sections/kho_khan/", 30),
    ):
        author.get(f"/reports/{report.pk}/{part}")
        with django_assert_max_num_queries(most):
            assert author.get(f"/reports/{report.pk}/{part}").status_code == 200
    with django_assert_max_num_queries(20):
        author.get("/reports/")


def test_who_was_asked_for_the_last_report_is_ticked_and_a_group_is_chosen_at_once(
    plan: Any, report: Report, client_of: Browse, today: date
) -> None:
    province = plan.province
    author, finance = client_of(province.of("UBND tỉnh")), province.agency("Sở Tài chính")
    base = f"/reports/{report.pk}/"
    first = author.get(f"{base}ask/").context["form"]
    assert not first["agencies"].initial
    departments = next(
        n
        for n, (_label, options) in enumerate(first.fields["agencies"].choices)
        if str(finance.pk) in dict(options)
    )
    assert str(province.agency("UBND tỉnh").pk) not in first.fields["agencies"].by_pk
    due = f"{today + timedelta(days=5):%d/%m/%Y}"
    sent = {"sections": ["chinh_sach"], "agencies_all": [str(departments)], "due_on": due}
    assert _post(author, f"{base}ask/", **sent).status_code == 302
    asked = set(Contribution.objects.values_list("agency", flat=True))
    assert finance.pk in asked
    assert len(asked) > 1
    quarter = plan.report(today=today, year=today.year, part=1)
    again = author.get(f"/reports/{quarter.pk}/ask/")
    form = again.context["form"]
    assert set(form["agencies"].initial) == {str(pk) for pk in asked}
    assert form["sections"].initial == ["chinh_sach"]
    assert report.title in again.content.decode()


def test_a_signed_report_goes_to_some_who_acknowledge_it_and_to_some_for_information(
    plan: Any, today: date, client_of: Browse
) -> None:
    province = plan.province
    author = client_of(province.of("UBND tỉnh"))
    finance, farms = (str(province.agency(n).pk) for n in ("Sở Tài chính", "Sở Nông nghiệp"))
    first = plan.signed(kind="year", year=today.year - 1, today=today)
    page = f"/reports/{first.pk}/distribute/"
    assert _post(author, page).status_code == 422
    assert _post(author, page, agencies=[finance], informed=[finance, farms]).status_code == 302
    first.refresh_from_db()
    rows = {str(r.agency_id): r for r in first.made.recipients.all()}
    assert rows[finance].acknowledge_by is not None
    assert rows[farms].acknowledge_by is None
    second = plan.signed(kind="year", year=today.year, today=today)
    form = author.get(f"/reports/{second.pk}/distribute/").context["form"]
    assert (form["agencies"].initial, form["informed"].initial) == ([finance], [farms])
