"""The way of a plan: begun, submitted, sent back, approved, issued, adjusted, closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.directives.models import DirectiveLink
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.plans import actions
from hoptac.plans.models import PlanTarget, YearPlan


def refused(act: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        act(*args, **more)
    return sorted(found.value.codes)


def test_a_plan_goes_to_its_approver_comes_back_and_is_issued(plans: Any) -> None:
    plan = plans.draft()
    plans.target(plan)
    so, ubnd = plans.of("Sở Kế hoạch"), plans.of("UBND tỉnh")
    actions.submit(so, plan)
    assert (plan.state, plan.submitted_on) == ("submitted", plans.province.today)
    actions.return_plan(ubnd, plan, words="Thiếu chỉ tiêu thành viên")
    plans.target(plan, "HTX-11", name="Thành viên", unit_name="người", planned=Decimal("500"))
    actions.submit(so, plan)
    actions.approve(ubnd, plan)
    actions.issue(
        so, plan, symbol="12/KH-SKHĐT", issued_on=date(2020, 9, 10), signer="Nguyễn Văn Ký"
    )
    assert plan.issued.kind == "plan"
    assert plan.issued.issuer_id == plan.agency_id
    assert [s.kind for s in plan.steps.order_by("id")] == [
        "drafted", "submitted", "returned", "submitted", "approved", "issued",
    ]  # fmt: skip


def test_the_issued_plan_carries_out_the_document_of_the_plan_above(plans: Any) -> None:
    parent = plans.issued("UBND tỉnh", symbol="87/KH-UBND", approver="UBND tỉnh")
    plan = plans.draft(parent=parent)
    plans.target(plan)
    actions.submit(plans.of("Sở Kế hoạch"), plan)
    actions.approve(plans.of("UBND tỉnh"), plan)
    actions.issue(plans.of("Sở Kế hoạch"), plan, symbol="9/KH-SKHĐT", issued_on=date(2020, 9, 15))
    link = DirectiveLink.objects.get(source=plan.issued)
    assert (link.target_id, link.kind) == (parent.issued_id, "implements")


def test_only_who_speaks_for_the_agency_makes_its_plan_and_only_the_approver_approves(
    plans: Any,
) -> None:
    plan = plans.draft()
    plans.target(plan)
    other, so, ubnd = plans.of("Sở Nông nghiệp"), plans.of("Sở Kế hoạch"), plans.of("UBND tỉnh")
    with pytest.raises(OutOfReach):
        actions.draft_plan(
            other, agency=plans.agency("Sở Kế hoạch"), year=2022, approver=plans.agency("UBND tỉnh")
        )
    for act in (actions.submit, actions.withdraw):
        with pytest.raises(OutOfReach):
            act(other, plan)
    actions.submit(so, plan)
    with pytest.raises(OutOfReach):
        actions.approve(so, plan)
    with pytest.raises(OutOfReach):
        actions.return_plan(other, plan, words="x")
    actions.approve(ubnd, plan)


def test_what_is_missing_is_told_before_a_plan_goes_out(plans: Any) -> None:
    so = plans.of("Sở Kế hoạch")
    plan = plans.draft(tie="")
    assert refused(actions.submit, so, plan) == ["no_targets"]
    plans.target(plan, planned=None)
    assert refused(actions.submit, so, plan) == ["planned_missing"]
    plans.target(plan)
    assert refused(actions.submit, so, plan) == ["tie_missing"]
    actions.edit_plan(so, plan, values={"tie": "Theo KH kinh tế - xã hội"})
    actions.submit(so, plan)
    assert refused(actions.return_plan, plans.of("UBND tỉnh"), plan, words=" ") == [
        "reason_missing"
    ]
    assert refused(actions.issue, so, plan, symbol="1/KH", issued_on=date(2020, 9, 1)) == ["state_passed"]  # fmt: skip


def test_a_plan_of_a_year_is_begun_once_unless_the_first_was_abandoned(plans: Any) -> None:
    plan = plans.draft()
    assert refused(plans.draft) == ["plan_exists"]
    assert refused(plans.draft, year=1999) == ["year_unfit"]
    assert refused(plans.draft, kind="target_list", year=2022) == ["last_year_missing"]
    assert refused(actions.abandon_plan, plans.of("Sở Kế hoạch"), plan, words="") == ["reason_missing"]  # fmt: skip
    actions.abandon_plan(plans.of("Sở Kế hoạch"), plan, words="Nhầm năm")
    assert plans.draft().state == "draft"


def test_two_officers_cannot_work_over_each_other(plans: Any) -> None:
    plan = plans.draft()
    plans.target(plan)
    with pytest.raises(Conflict):
        actions.submit(plans.of("Sở Kế hoạch"), plan, expected_version=plan.version - 1)


def test_an_approved_plan_changes_by_an_adjustment_only_and_keeps_the_old_value(plans: Any) -> None:
    plan = plans.approved()
    so, ubnd = plans.of("Sở Kế hoạch"), plans.of("UBND tỉnh")
    assert refused(plans.target, plan, planned=12) == ["state_passed"]
    assert refused(actions.drop_target, so, plan, code="HTX-01") == ["state_passed"]
    actions.set_target(so, plan, code="HTX-01", values={"estimate": 9, "planned_next": 12})
    give = {"changes": {"HTX-01": {"planned": 12}}}
    assert refused(actions.adjust, ubnd, plan, **give, words="", document="QĐ 5") == ["reason_missing"]  # fmt: skip
    assert refused(actions.adjust, ubnd, plan, **give, words="Bão", document="") == ["reason_missing"]  # fmt: skip
    same = {"changes": {"HTX-01": {"planned": 10}}, "words": "Bão", "document": "QĐ 5"}
    assert refused(actions.adjust, ubnd, plan, **same) == ["nothing_changed"]
    with pytest.raises(OutOfReach):
        actions.adjust(so, plan, **give, words="Bão", document="QĐ 5")
    actions.adjust(ubnd, plan, **give, words="Bão", document="QĐ 5/QĐ-UBND")
    rows = PlanTarget.objects.filter(plan=plan, code="HTX-01").order_by("id")
    assert [(r.planned, r.edition, r.retired_by is None) for r in rows][-2:] == [
        (Decimal(10), 1, False), (Decimal(12), 2, True),
    ]  # fmt: skip
    assert plan.edition == 2
    assert plan.steps.get(kind="adjusted").details["changes"] == {
        "HTX-01": {"planned": ["10", "12"]}
    }


def test_the_year_is_closed_once_it_is_over_and_every_target_has_a_value(plans: Any) -> None:
    plan = plans.issued()
    actions.adjust(
        plans.of("UBND tỉnh"), plan, changes={"HTX-01": {"planned": 11}}, words="x", document="QĐ 1"
    )
    so = plans.of("Sở Kế hoạch")
    assert refused(actions.close_year, so, plan) == ["not_over"]
    after = plans.of("Sở Kế hoạch", today=date(2022, 1, 10))
    actions.close_year(after, plan)
    assert plan.steps.get(kind="closed").details["outcome"]["HTX-01"] == ["11", "0", "missed"]
    assert refused(actions.reopen_year, after, plan, words="") == ["reason_missing"]
    actions.reopen_year(after, plan, words="Sửa số liệu")
    assert plan.state == "issued"


def test_stated_values_stay_beside_each_other_and_are_replaced_by_their_own_source(
    plans: Any,
) -> None:
    plan = plans.issued()
    later = plans.of("Sở Kế hoạch", today=date(2021, 7, 20))
    give = {"code": "HTX-01", "as_of": date(2021, 6, 30)}
    assert refused(actions.state_actual, later, plan, value=Decimal(5), source="", **give) == [
        "source_missing"
    ]
    assert refused(
        actions.state_actual,
        later,
        plan,
        value=Decimal(5),
        source="BC",
        code="HTX-01",
        as_of=date(2021, 12, 31),
    ) == ["date_in_future"]
    assert refused(
        actions.state_actual,
        later,
        plan,
        value=Decimal(5),
        source="BC",
        code="X",
        as_of=date(2021, 6, 30),
    ) == ["target_unknown"]
    first = actions.state_actual(later, plan, value=Decimal(5), source="BC 1", **give)
    actions.state_actual(later, plan, value=Decimal(6), source="Cục Thống kê", **give)
    actions.state_actual(later, plan, value=Decimal(7), source="BC 1", **give)
    live = plan.stated.filter(retired_by__isnull=True)
    assert sorted((s.source, s.value) for s in live) == [("BC 1", 7), ("Cục Thống kê", 6)]
    assert refused(actions.retire_actual, later, plan, stated=first) == ["retired_already"]
    actions.retire_actual(later, plan, stated=live.get(source="BC 1"))
    assert plan.stated.count() == 3


def test_a_district_begins_from_the_province_with_its_targets_values_and_tasks(
    plans: Any, cooperative: Any
) -> None:
    cooperative(members=20, district="Tân Hiệp")
    cooperative(members=30, district="Giồng Riềng")
    task = plans.province.assigned("Sở Kế hoạch", by="UBND tỉnh")
    parent = plans.draft("UBND tỉnh", template="annex")
    plans.district("Tân Hiệp")
    actions.take_task(plans.of("UBND tỉnh"), parent, task=task)
    codes = set(parent.targets.values_list("code", flat=True))
    assert {"HTX-01", "THT-08"} <= codes
    members = parent.targets.get(code="HTX-11")
    assert members.before == 50
    actions.ask_plans(
        plans.of("UBND tỉnh"),
        parent,
        agencies=[plans.agency("Tân Hiệp"), plans.agency("Sở Kế hoạch")],
        due_on=date(2020, 10, 1),
    )
    with pytest.raises(OutOfReach):
        plans.draft("Tân Hiệp", parent=parent)  # still on the desk of the committee
    for row in parent.targets.filter(retired_by__isnull=True):
        actions.set_target(plans.of("UBND tỉnh"), parent, code=row.code, values={"planned": 60})
    actions.submit(plans.of("UBND tỉnh"), parent)
    actions.approve(plans.of("UBND tỉnh"), parent)
    part = plans.draft("Tân Hiệp", parent=parent)
    row = part.targets.get(code="HTX-11")
    assert (part.unit.name, row.before, row.planned, row.serves) == ("Tân Hiệp", 20, 20, "HTX-11")
    own = plans.draft("Sở Kế hoạch", parent=parent)
    assert [t.task_id for t in own.taken.all()] == [task.pk]
    made = actions.take_part(plans.of("Sở Kế hoạch"), own, task=task, title="Mở lớp")
    assert (made.parent_id, made.lead_id) == (task.pk, own.agency_id)
    actions.leave_task(plans.of("Sở Kế hoạch"), own, task=made)
    assert refused(actions.leave_task, plans.of("Sở Kế hoạch"), own, task=made) == ["not_taken"]


def test_a_department_takes_over_the_targets_for_which_it_answers(plans: Any) -> None:
    parent = plans.draft("UBND tỉnh", approver="UBND tỉnh")
    plans.target(parent, by="UBND tỉnh", responsible=plans.agency("Sở Kế hoạch"))
    plans.target(parent, "HTX-11", by="UBND tỉnh", responsible=plans.agency("Sở Nông nghiệp"))
    actions.submit(plans.of("UBND tỉnh"), parent)
    actions.approve(plans.of("UBND tỉnh"), parent)
    assert list(plans.draft(parent=parent).targets.values_list("code", flat=True)) == ["HTX-01"]


def test_drafts_are_read_by_their_parties_and_overseers_only(plans: Any) -> None:
    plan = plans.draft()
    plans.target(plan)
    seen = lambda ctx: YearPlan.objects.visible_to(ctx).filter(pk=plan.pk).exists()  # noqa: E731
    other, overseer = (
        plans.of("Sở Nông nghiệp"),
        plans.province.of("Sở Tài chính", "department_officer"),
    )
    assert seen(plans.of("Sở Kế hoạch"))
    assert seen(plans.of("UBND tỉnh"))
    assert seen(overseer)
    assert not seen(other)
    actions.submit(plans.of("Sở Kế hoạch"), plan)
    actions.approve(plans.of("UBND tỉnh"), plan)
    assert seen(other)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"measure": "nothing"}, "measure_unknown"),
        ({"name": ""}, "field_missing"),
        ({"unit_name": ""}, "field_missing"),
        ({"measure": "statistics.members", "parameters": {"sector": "x"}}, "parameter_unknown"),
        ({"direction": "up"}, "direction_unknown"),
        ({"serves": "HTX-99"}, "serves_unknown"),
        ({"planned": "ba"}, "not_a_number"),
        ({"path": {"2030": "1"}}, "path_unfit"),
    ],
)
def test_a_target_that_does_not_fit_is_refused(plans: Any, values: Any, code: str) -> None:
    assert refused(plans.target, plans.draft(), **values) == [code]
