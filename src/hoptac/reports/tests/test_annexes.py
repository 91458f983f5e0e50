"""The annexes: targets against plans, bodies, tasks, what agencies brought; frozen with the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.documents.official import Row
from hoptac.foundation.documents.official.structure import Annex
from hoptac.plans import actions as plans
from hoptac.registry.actions import end_cooperative, record_lineage
from hoptac.reports import actions, annexes
from hoptac.reports.annexes import annexes_of
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Report
from hoptac.tasks import actions as tasks

DECEMBER = date(2020, 12, 20)


def planned(plan: Any, by: str, values: dict[str, int]) -> Any:
    """Let an agency make a plan of 2020 with these values, approved by the People's Committee."""
    ctx, ubnd = (plan.province.of(n, today=date(2020, 1, 5)) for n in (by, "UBND tỉnh"))
    made = plans.draft_plan(
        ctx, agency=plan.province.agency(by), approver=plan.province.agency("UBND tỉnh"), year=2020,
        title=f"Kế hoạch của {by}", tie="Theo kế hoạch phát triển kinh tế - xã hội.",
    )  # fmt: skip
    for code, value in values.items():
        plans.set_target(
            ctx, made, code=code, values={"name": code, "unit_name": "HTX", "planned": value}
        )
    plans.submit(ctx, made)
    plans.approve(ubnd, made)
    return made


def yearly(plan: Any, by: str = "UBND tỉnh") -> Report:
    report: Report = plan.report(by, kind="year", today=DECEMBER)
    return report


def of(report: Report, title: str) -> list[list[Any]]:
    """Return the rows of an annex."""
    annex: Annex = next(a for a in annexes_of(Draft(report)) if title in a.title)
    table: Any = annex.blocks[0]
    return [list(r.cells) if isinstance(r, Row) else list(r) for r in table.rows]


def value_of(rows: list[list[Any]], name: str) -> Any:
    """Return what a row says: before, planned, now, shares."""
    return next(r[3:] for r in rows if name in str(r[1]))


def test_the_plan_column_is_the_provinces_plan_and_a_dash_where_none(
    plan: Any, cooperative: Callable[..., Any]
) -> None:
    for _n in range(3):
        cooperative()
    planned(plan, "UBND tỉnh", {"HTX-01": 4})
    rows = of(yearly(plan), "Chỉ tiêu phát triển")
    before, target, now, _over, share = value_of(rows, "Tổng số hợp tác xã")
    assert (before, target, now[0].text, share) == (
        Decimal(3),
        Decimal(4),
        Decimal(3),
        Decimal("75.0"),
    )
    assert now[0].href.startswith("/registry/")
    assert value_of(rows, "Tổng số tổ hợp tác")[1] == "–"
    assert value_of(rows, "đạt loại tốt, khá") == ["–"] * 5


def test_the_own_plan_of_who_reports_comes_first(plan: Any) -> None:
    planned(plan, "UBND tỉnh", {"HTX-01": 4, "HTX-05": 2})
    planned(plan, "Sở Kế hoạch", {"HTX-01": 5})
    report = yearly(plan, "Sở Kế hoạch")
    rows = of(report, "Chỉ tiêu phát triển")
    assert [value_of(rows, n)[1] for n in ("Tổng số hợp tác xã", "đạt loại tốt, khá")] == [5, 2]
    told = {f.code: f.asked.get("plan_title") for f in report.figures.filter(planned__isnull=False)}
    assert told == {"HTX-01": "Kế hoạch của Sở Kế hoạch", "HTX-05": "Kế hoạch của UBND tỉnh"}


def test_a_plan_that_is_not_approved_says_nothing(plan: Any) -> None:
    ctx = plan.province.of("UBND tỉnh", today=date(2020, 1, 5))
    agency = plan.province.agency("UBND tỉnh")
    draft = plans.draft_plan(
        ctx, agency=agency, approver=agency, year=2020, title="Dự thảo", tie="x"
    )
    plans.set_target(
        ctx, draft, code="HTX-01", values={"name": "x", "unit_name": "HTX", "planned": 9}
    )
    assert value_of(of(yearly(plan), "Chỉ tiêu phát triển"), "Tổng số hợp tác xã")[1] == "–"


def test_what_no_record_tells_is_what_a_source_stated_to_the_plan(plan: Any) -> None:
    made = planned(plan, "UBND tỉnh", {"HTX-07": 20})
    ctx = plan.province.of("UBND tỉnh", today=DECEMBER)
    plans.state_actual(
        ctx,
        made,
        code="HTX-07",
        value=Decimal(12),
        as_of=date(2020, 11, 30),
        source="Báo cáo của Sở",
    )
    report = yearly(plan)
    _before, target, now, _over, share = value_of(
        of(report, "Chỉ tiêu phát triển"), "công nghệ cao"
    )
    assert (target, now[0].text, now[0].href, share) == (
        20,
        12,
        f"/plans/{made.pk}/",
        Decimal("60.0"),
    )
    table: Any = annexes_of(Draft(report))[0].blocks[0]
    assert "Báo cáo của Sở" in table.note


def test_sectors_add_up_to_the_whole(plan: Any, cooperative: Callable[..., Any]) -> None:
    for sector in ("agriculture", "agriculture", "credit"):
        cooperative(sector=sector)
    rows = of(yearly(plan), "theo ngành")
    now = [r[5][0].text for r in rows]
    assert sum(now) == 3
    assert max(now) == 2


def test_bodies_are_listed_as_the_register_tells_them_and_frozen(
    plan: Any, cooperative: Callable[..., Any], the_system: Any
) -> None:
    new = cooperative(established_on=date(2020, 3, 1), on=date(2020, 3, 2))
    gone, absorbed, absorbing = (cooperative() for _n in range(3))
    basis = the_system.because("Quyết định 12/QĐ-UBND")
    end_cooperative(basis, gone, on=date(2020, 4, 1))
    end_cooperative(basis, absorbed, on=date(2020, 5, 1))
    record_lineage(basis, absorbed, successor=absorbing, kind="merger", on=date(2020, 5, 1))
    report = yearly(plan)
    rows = of(report, "Danh sách tổ chức")
    heads = [r[0] for r in rows if len(r) == 1]
    assert heads == [
        "Hợp tác xã thành lập mới (1)", "Tổ chức sáp nhập, hợp nhất (1)",
        "Tổ chức giải thể, chấm dứt hoạt động (1)",
    ]  # fmt: skip
    assert f"/registry/{new.pk}/" in [r[1][0].href for r in rows if len(r) > 1]
    ctx = plan.province.of("UBND tỉnh", today=DECEMBER)
    actions.assemble(ctx, report)
    actions.submit(ctx, report)
    end_cooperative(basis, absorbing, on=date(2020, 6, 1))
    actions.sign(ctx, report, signer="Nguyễn Minh Họa", signer_post="Chủ tịch")
    kept = Report.objects.get(pk=report.pk)
    assert of(kept, "Danh sách tổ chức") == rows
    assert kept.bodies.count() == 3


def test_the_plan_is_frozen_with_the_report(plan: Any) -> None:
    made = planned(plan, "UBND tỉnh", {"HTX-01": 4})
    report = yearly(plan)
    ctx = plan.province.of("UBND tỉnh", today=DECEMBER)
    actions.assemble(ctx, report)
    actions.submit(ctx, report)
    actions.sign(ctx, report, signer="Nguyễn Minh Họa", signer_post="Chủ tịch")
    plans.adjust(
        ctx, made, changes={"HTX-01": {"planned": 6}}, words="Điều chỉnh", document="Quyết định 9/QĐ-UBND"
    )  # fmt: skip
    kept = Report.objects.get(pk=report.pk)
    assert value_of(of(kept, "Chỉ tiêu phát triển"), "Tổng số hợp tác xã")[1] == Decimal(4)


def test_a_long_list_of_tasks_names_first_what_was_not_done_in_time(
    plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.done("Xong", due_on=date(2020, 9, 25), reported=date(2020, 9, 24))
    plan.task("Quá hạn", due_on=date(2020, 10, 1))
    plan.task("Đang làm", due_on=date(2020, 12, 30))
    report = yearly(plan)
    rows = of(report, "Danh mục nhiệm vụ")
    assert [r[4] for r in rows] == ["Hoàn thành đúng hạn", "Quá hạn", "Đang thực hiện"]
    monkeypatch.setattr(annexes, "MOST_TASKS", 2)
    assert [r[4] for r in of(report, "Danh mục nhiệm vụ")] == ["Quá hạn", "Đang thực hiện"]
    annex = next(a for a in annexes_of(Draft(report)) if "Danh mục" in a.title)
    rest: Any = annex.blocks[1]
    assert [r.text for r in rest.text if not isinstance(r, str)] == ["1 nhiệm vụ"]


def test_agencies_are_quoted_in_their_own_words(plan: Any) -> None:
    ctx, farms = (plan.province.of(n, today=DECEMBER) for n in ("UBND tỉnh", "Sở Nông nghiệp"))
    task = plan.task("Vùng nguyên liệu", due_on=date(2020, 12, 30), lead="Sở Nông nghiệp")
    tasks.report_progress(
        farms, plan.province.line(task, "Sở Nông nghiệp"), words="x", proposal="Bố trí quỹ đất"
    )
    report = yearly(plan)
    (asked,) = actions.ask_contributions(
        ctx, report, sections=["kho_khan"], agencies=[plan.province.agency("Sở Nông nghiệp")], due_on=DECEMBER
    )  # fmt: skip
    actions.hand_in(farms, asked, text="Một số khó khăn:\n- Thiếu đất\n- Thiếu vốn.")
    titles = [a.title for a in annexes_of(Draft(report))]
    assert not any("ý kiến" in t for t in titles)
    actions.accept_contribution(ctx, asked)
    step = task.steps.get(proposal="Bố trí quỹ đất")
    actions.choose_words(ctx, report, proposals=[step.pk])
    rows = of(report, "ý kiến")
    assert [r[3] if isinstance(r[3], str) else r[3][0].text for r in rows] == [
        "Một số khó khăn: Thiếu đất. Thiếu vốn.", "Bố trí quỹ đất",
    ]  # fmt: skip
