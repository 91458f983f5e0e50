"""The pages of tasks: what each reader sees and may do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.tasks import actions
from hoptac.tasks.models import Task

Browse = Callable[[Context], Client]


@pytest.fixture
def today(province: Any) -> date:
    province.today = timezone.localdate()
    return province.today


def test_an_agency_accepts_reports_with_a_file_and_the_assigner_judges(
    province: Any, client_of: Browse, today: date
) -> None:
    task = province.assigned(accepted=False, due_on=today + timedelta(days=30))
    so, ubnd = client_of(province.of("Sở Kế hoạch")), client_of(province.of("UBND tỉnh"))
    page = so.get(f"/tasks/{task.pk}/").content.decode()
    assert "Nhận nhiệm vụ" in page or "accept" in page
    own = province.of("Sở Kế hoạch").user
    given = so.get(f"/tasks/{task.pk}/accept/").context["form"].initial
    answer = so.post(
        f"/tasks/{task.pk}/accept/",
        {"version": given["version"], "key": given["key"], "officer": own.pk},
    )
    assert answer.status_code == 302
    answer = so.post(f"/tasks/{task.pk}/report/", {"result": "Đã mở 03 lớp"})
    assert answer.status_code == 422
    file = SimpleUploadedFile("bao-cao.txt", "Danh sách".encode())
    answer = so.post(
        f"/tasks/{task.pk}/report/",
        {"result": "Đã mở 03 lớp", "brought": file, "shows": "Danh sách"},
    )
    assert answer.status_code == 302
    assert so.get(f"/tasks/{task.pk}/judge/").status_code == 404
    assert "Đã mở 03 lớp" in ubnd.get(f"/tasks/{task.pk}/judge/").content.decode()
    assert ubnd.post(f"/tasks/{task.pk}/judge/", {"words": "Đạt"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "done"
    proof = task.steps.get(kind="reported").proofs.get()
    assert ubnd.get(f"/tasks/{task.pk}/files/{proof.file_id}/").status_code == 200
    other = client_of(province.of("Sở Nông nghiệp"))
    assert other.get(f"/tasks/{task.pk}/files/{proof.file_id}/").status_code == 404


def test_a_form_sent_twice_is_done_once(province: Any, client_of: Browse, today: date) -> None:
    task = province.assigned()
    so = client_of(province.of("Sở Kế hoạch"))
    given = so.get(f"/tasks/{task.pk}/progress/").context["form"].initial
    sent = {"words": "Mở lớp", "percent": "10", "key": given["key"], "version": given["version"]}
    assert so.post(f"/tasks/{task.pk}/progress/", sent).status_code == 302
    assert so.post(f"/tasks/{task.pk}/progress/", sent).status_code == 302
    assert task.steps.filter(kind="progress").count() == 1


def test_an_old_form_is_told_and_keeps_what_was_typed(
    province: Any, client_of: Browse, today: date
) -> None:
    task = province.assigned()
    ubnd = client_of(province.of("UBND tỉnh"))
    version = ubnd.get(f"/tasks/{task.pk}/extend/").context["form"].initial["version"]
    actions.report_progress(
        province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), words="x"
    )
    day = today + timedelta(days=60)
    answer = ubnd.post(
        f"/tasks/{task.pk}/extend/",
        {"due_on": f"{day:%d/%m/%Y}", "words": "Mưa lũ", "version": version},
    )
    assert answer.status_code == 409
    assert "Mưa lũ" in answer.content.decode()


def test_the_list_shows_heaps_filters_and_goes_out_as_a_file(
    province: Any, client_of: Browse, today: date
) -> None:
    province.assigned(title="Đào tạo giám đốc", due_on=today - timedelta(days=3))
    province.assigned(title="Tuyên truyền", due_on=today + timedelta(days=3))
    so = client_of(province.of("Sở Kế hoạch"))
    assert [t.title for t in so.get("/tasks/?heap=late").context["tasks"]] == ["Đào tạo giám đốc"]
    assert [t.title for t in so.get("/tasks/?heap=all&q=tuyen truyen").context["tasks"]] == [
        "Tuyên truyền"
    ]
    assert so.get("/tasks/?heap=nowhere").status_code == 404
    csv = b"".join(so.get("/tasks/export/?heap=all&format=csv").streaming_content).decode()
    assert "Đào tạo giám đốc" in csv
    assert so.get("/tasks/export/?format=xlsx").getvalue()[:2] == b"PK"
    rows = so.get("/tasks/agencies/").context["rows"]
    assert [(r.agency.name, r.open, r.late, r.latest) for r in rows] == [("Sở Kế hoạch", 2, 1, 3)]


def test_a_restricted_task_is_in_no_list_count_file_or_page_of_others(
    province: Any, client_of: Browse, today: date
) -> None:
    task = province.assigned(title="Mật riêng", reach="recipients")
    other = client_of(province.of("Sở Nông nghiệp"))
    for address in ("/tasks/?heap=all", "/tasks/agencies/"):
        assert "Mật riêng" not in other.get(address).content.decode()
    assert other.get("/tasks/agencies/").context["rows"] == []
    assert (
        "Mật riêng"
        not in b"".join(other.get("/tasks/export/?format=csv").streaming_content).decode()
    )
    for step in ("", "progress/", "assign/", "part/"):
        assert other.get(f"/tasks/{task.pk}/{step}").status_code == 404


def test_a_task_is_entered_given_a_part_and_tied_on_screen(
    province: Any, client_of: Browse, today: date
) -> None:
    ubnd = client_of(province.of("UBND tỉnh"))
    agency = province.agency("UBND tỉnh")
    sent = {
        "assigner": agency.pk,
        "title": "Giải thể HTX ngừng hoạt động",
        "rhythm": "year",
        "month": "12",
        "day": "15",
    }
    answer = ubnd.post("/tasks/new/", sent)
    task = Task.objects.get()
    assert answer.headers["Location"] == f"/tasks/{task.pk}/assign/"
    answer = ubnd.post(f"/tasks/{task.pk}/assign/", {"lead": province.agency("Sở Kế hoạch").pk, "rhythm": "year",
                                                      "month": "12", "day": "15"})  # fmt: skip
    assert answer.status_code == 302
    assert ubnd.post(f"/tasks/{task.pk}/part/", {**sent, "title": "Rà soát"}).status_code == 302
    day = {"target_on": f"31/12/{today.year + 1}", "baseline_on": f"01/01/{today.year}"}
    tie = {"code": "register.idle_ended", "target": "10", "direction": "at_least", **day}
    assert ubnd.post(f"/tasks/{task.pk}/tie/", tie).status_code == 302
    page = ubnd.get(f"/tasks/{task.pk}/")
    assert [t.title for t in page.context["parts"]] == ["Rà soát"]
    tied = page.context["indicators"][0].tied
    assert ubnd.post(f"/tasks/{task.pk}/indicators/{tied.pk}/untie/").status_code == 302
    assert ubnd.get(f"/tasks/{task.pk}/").context["indicators"] == []


def test_every_step_opens_for_whom_it_is_offered(
    province: Any, client_of: Browse, today: date
) -> None:
    task = province.assigned(due_on=today - timedelta(days=1))
    for name in ("UBND tỉnh", "Sở Kế hoạch"):
        browser = client_of(province.of(name))
        page = browser.get(f"/tasks/{task.pk}/")
        steps = page.context["main_steps"] + page.context["other_steps"]
        assert steps
        for step, line in steps:
            query = f"?line={line.pk}" if line else ""
            assert browser.get(f"/tasks/{task.pk}/{step.code}/{query}").status_code == 200, (
                step.code
            )


def test_pages_ask_the_database_a_bounded_number_of_times(
    province: Any, client_of: Browse, today: date, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        province.assigned(
            title=f"Việc {n}", due_on=today + timedelta(days=n), helpers=("Sở Nông nghiệp",)
        )
    task = Task.objects.order_by("number").first()
    so = client_of(province.of("Sở Kế hoạch"))
    for address, most in (
        ("/tasks/?heap=all", 20),
        ("/tasks/agencies/", 20),
        (f"/tasks/{task.pk}/", 40),
    ):
        so.get(address)
        with django_assert_max_num_queries(most):
            assert so.get(address).status_code == 200
