"""Whom the course of a task tells, and when nothing is asked any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hoptac.foundation.notices.models import Notice
from hoptac.foundation.notices.wording import in_words
from hoptac.tasks import actions

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _today(province: Any) -> None:
    province.today = TODAY


def asked(province: Any, agency: str, role: str = "sector_officer") -> list[str]:
    """Return the kinds of notices that still ask something of an agency's officer."""
    user = province.of(agency, role).user
    rows = Notice.objects.filter(user=user, done_at__isnull=True).order_by("made_at")
    return [n.kind for n in rows]


def test_who_leads_and_who_helps_are_told_and_it_is_done_when_they_answer(province: Any) -> None:
    for agency in ("Sở Kế hoạch", "Sở Tài chính"):
        province.of(agency)
    task = province.assigned(
        accepted=False, helpers=("Sở Tài chính",), due_on=TODAY + timedelta(days=30)
    )
    assert asked(province, "Sở Kế hoạch") == ["tasks.assigned"]
    assert asked(province, "Sở Tài chính") == ["tasks.assigned"]
    told = in_words(
        province.of("Sở Kế hoạch"), Notice.objects.filter(user=province.of("Sở Kế hoạch").user)
    )
    assert told[0].href == f"/tasks/{task.pk}/"
    assert task.number in told[0].text
    actions.accept_assignment(province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"))
    assert asked(province, "Sở Kế hoạch") == []
    assert asked(province, "Sở Tài chính") == ["tasks.assigned"]


def test_a_refusal_is_asked_of_who_assigned_until_it_is_assigned_anew(province: Any) -> None:
    for agency in ("Sở Kế hoạch", "UBND tỉnh"):
        province.of(agency)
    task = province.assigned(accepted=False, due_on=TODAY + timedelta(days=30))
    line = province.line(task, "Sở Kế hoạch")
    actions.refuse_assignment(province.of("Sở Kế hoạch"), line, words="Không thuộc chức năng")
    assert asked(province, "UBND tỉnh") == ["tasks.refused"]
    task.refresh_from_db()
    actions.assign(province.of("UBND tỉnh"), task, lead=province.agency("Sở Nông nghiệp"))
    assert asked(province, "UBND tỉnh") == []


def test_a_report_is_asked_of_the_judge_and_sent_back_to_who_reported(province: Any) -> None:
    for agency in ("Sở Kế hoạch", "UBND tỉnh", "Sở Nông nghiệp"):
        province.of(agency)
    task = province.assigned(due_on=TODAY + timedelta(days=30))
    term = province.report(task)
    assert "tasks.to_judge" in asked(province, "UBND tỉnh")
    actions.return_report(province.of("UBND tỉnh"), term, words="Thiếu danh sách")
    assert "tasks.to_judge" not in asked(province, "UBND tỉnh")
    assert "tasks.returned" in asked(province, "Sở Kế hoạch")
    term = province.report(task)
    assert "tasks.returned" not in asked(province, "Sở Kế hoạch")
    actions.judge_done(province.of("UBND tỉnh"), term)
    assert "tasks.judged_done" in asked(province, "Sở Kế hoạch")
    assert asked(province, "Sở Nông nghiệp") == []


def test_a_late_task_is_told_to_those_whom_the_rule_names(province: Any, officer: Any) -> None:
    overseer = officer("department_officer", unit=province.unit)
    for agency in ("Sở Kế hoạch", "UBND tỉnh"):
        province.of(agency)
    task = province.assigned(due_on=TODAY - timedelta(days=60))
    actions.escalate(province.system.by(today=TODAY), task.terms.get())
    assert "tasks.late" in asked(province, "UBND tỉnh")
    assert Notice.objects.filter(user=overseer.user, kind="tasks.late").count() == 1
    # Late 20 working days: no longer the officer's own affair.
    assert "tasks.late" not in asked(province, "Sở Kế hoạch")
    actions.extend(province.of("UBND tỉnh"), task, due_on=TODAY + timedelta(days=9), words="Mưa lũ")
    assert "tasks.late" not in asked(province, "UBND tỉnh")
    assert "tasks.extended" in asked(province, "Sở Kế hoạch")


def test_only_the_officer_named_is_told_of_what_follows(province: Any, officer: Any) -> None:
    province.of("Sở Kế hoạch")
    named = officer("sector_officer", agency=province.agency("Sở Kế hoạch"))
    task = province.assigned(due_on=TODAY + timedelta(days=30))
    actions.name_officer(
        province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), officer=named.user
    )
    assert Notice.objects.filter(user=named.user, kind="tasks.officer_named").exists()
    actions.cancel_task(province.of("UBND tỉnh"), task, words="Gộp vào nhiệm vụ khác")
    told = Notice.objects.filter(kind="tasks.cancelled").values_list("user", flat=True)
    assert list(told) == [named.user.pk]
