"""The Standing Committee's page: carried out, on the ground, to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from psycopg.types.range import DateRange

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency
from hoptac.registry.actions import end_cooperative
from hoptac.tasks import actions
from hoptac.workspace import standing
from hoptac.workspace.baseline import baseline_of

Browse = Callable[[Context], Client]
TODAY = timezone.localdate()


@pytest.fixture
def agencies(units: Any) -> dict[str, Agency]:
    offices.forget()
    unit = units.province()
    return {
        code: Agency.objects.create(
            code=code, name=name, short_name=name, kind=kind, unit=unit, province_code=unit.province_code,
            valid=DateRange(date(2010, 1, 1), None),
        )
        for code, name, kind in (
            ("tu", "Tỉnh ủy", "party"), ("so", "Sở Kế hoạch", "department"), ("tg", "Ban Tuyên giáo", "party"),
        )
    }  # fmt: skip


@pytest.fixture
def plan(agencies: dict[str, Agency]) -> Directive:
    reading = {
        "sections": [{"path": "I", "title": "Tuyên truyền"}, {"path": "II", "title": "Nhiệm vụ"}]
    }
    return Directive.objects.create(
        province_code=agencies["tu"].province_code, chain="party", level="province", kind="plan", symbol="70-KH/TU",
        title="Kế hoạch", issuer=agencies["tu"], issuer_name="Tỉnh ủy", issued_on=date(2020, 6, 1),
        reading=reading,
    )  # fmt: skip


@pytest.fixture
def work(the_system: Any, agencies: dict[str, Agency], plan: Directive) -> Callable[..., Any]:
    """Return a function that orders a task of the plan, accepted by its agency."""
    ctx = the_system.by(today=TODAY)

    def make(title: str, lead: str, section: str, due_on: date, **more: Any) -> Any:
        task = actions.create_task(
            ctx,
            title=title,
            assigner=agencies["tu"],
            directive=plan,
            section=section,
            due={"due_on": due_on},
            **more,
        )
        actions.assign(ctx, task, lead=agencies[lead])
        actions.accept_assignment(ctx, task.assignments.get())
        return task

    return make


def test_a_plan_is_told_by_parts_and_by_who_leads_with_the_latest_first(
    work: Any, officer: Any, units: Any, plan: Directive
) -> None:
    work("Muộn ít", "tg", "I.1", TODAY - timedelta(days=3))
    work("Muộn nhiều", "so", "II.1", TODAY - timedelta(days=40))
    work("Kịp", "so", "II.2", TODAY + timedelta(days=9))
    party = officer("party_office", unit=units.province())
    found = standing.carried_out(party, plan)
    assert [(p.label, p.late, p.in_time) for p in found.parts] == [
        ("I. Tuyên truyền", 1, 0),
        ("II. Nhiệm vụ", 1, 1),
    ]
    assert [c.total for c in found.chains] == [1, 2]
    assert [(w.title, w.days) for w in found.worst] == [("Muộn nhiều", 40), ("Muộn ít", 3)]
    assert (found.trend[-1].late, len(found.trend)) == (2, 12)
    assert sum(width for _css, _x, width in found.whole.pieces) == pytest.approx(100, abs=0.1)


def test_the_page_shows_plan_ground_and_decisions_on_one_screen(
    work: Any,
    agencies: Any,
    officer: Any,
    units: Any,
    client_of: Browse,
    the_system: Any,
    cooperative: Any,
) -> None:
    gone = cooperative(
        name="Hợp tác xã Thôi", district="Giồng Riềng", members=9, established_on=date(2015, 1, 1)
    )
    cooperative(
        name="Hợp tác xã Còn", district="Giồng Riềng", members=20, established_on=date(2015, 1, 1)
    )
    end_cooperative(the_system.because(basis="QĐ 1"), gone, on=date(2020, 5, 1))
    task = work("Muộn", "so", "II", TODAY - timedelta(days=30))
    actions.create_task(
        the_system, title="Chưa giao", assigner=agencies["tu"], directive=task.directive
    )
    actions.escalate(the_system.by(today=TODAY), task.terms.get())
    page = client_of(officer("party_office", unit=units.province())).get("/plan/")
    told = {d.label: d.count for d in page.context["decisions"]}
    assert sorted(told.values()) == [1, 1]
    ground = page.context["ground"]
    assert [(c.before, c.now) for c in ground.figures[:1]] == [(2, 1)]
    assert [c.now for c in ground.happened] == [0, 1, 0, 0]
    for link in [c.href for c in (*ground.figures, *ground.happened, *ground.sectors)]:
        assert link.startswith("/registry/")
    assert "Muộn" in page.content.decode()


def test_nothing_of_a_restricted_task_is_told_to_who_may_not_read_it(
    work: Any, officer: Any, units: Any, client_of: Browse, agencies: Any
) -> None:
    work("Mật riêng", "tg", "I", TODAY - timedelta(days=3), reach="recipients")
    # The State's overseer does not oversee the Party's line of command.
    page = client_of(officer("department_officer", unit=units.province())).get("/plan/")
    assert page.status_code == 200
    assert page.context["plan"] is None
    assert "Mật riêng" not in page.content.decode()
    party = client_of(officer("party_office", unit=units.province())).get("/plan/")
    assert party.context["carried"].whole.late == 1


def test_the_page_is_for_those_who_survey_the_plan(
    officer: Any, units: Any, client_of: Browse
) -> None:
    for role in ("sector_officer", "registrar", "bank_officer"):
        assert client_of(officer(role, unit=units.province())).get("/plan/").status_code == 403
    auditor = client_of(officer("auditor", unit=units.province()))
    assert auditor.get("/plan/").status_code == 200
    missing = "00000000-0000-4000-8000-00000000dead"
    assert auditor.get(f"/plan/?directive={missing}").status_code == 404


def test_a_plan_of_a_time_for_which_no_day_is_set_says_so_and_compares_nothing(
    work: Any, officer: Any, units: Any, client_of: Browse, plan: Directive
) -> None:
    assert baseline_of(plan, TODAY) == date(2019, 12, 31)
    plan.issued_on = None
    assert baseline_of(plan, TODAY) == date(2019, 12, 31)
    work("Việc", "so", "II", TODAY)
    Directive.objects.filter(pk=plan.pk).update(issued_on=date(2015, 3, 1))
    page = client_of(officer("party_office", unit=units.province())).get("/plan/")
    assert (page.status_code, page.context["baseline"], page.context["ground"]) == (200, None, None)
