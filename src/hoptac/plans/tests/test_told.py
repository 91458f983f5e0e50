"""What plans in force say to reports, row by row of the annex."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.plans import actions
from hoptac.plans.forms_of_law import annex
from hoptac.plans.told import told_of_rows

DAY = date(2021, 6, 30)


def told(plans: Any, name: str, code: str) -> Any:
    return told_of_rows(plans.agency(name), annex(1), DAY)[code]


def test_a_target_is_known_by_the_rows_code_or_by_how_it_is_computed(plans: Any) -> None:
    plan = plans.draft("UBND tỉnh")
    plans.target(plan, "HTX-05", by="UBND tỉnh", planned=7)
    plans.target(plan, "own", by="UBND tỉnh", planned=9, measure="statistics.members")
    actions.submit(plans.of("UBND tỉnh"), plan)
    assert told(plans, "Sở Kế hoạch", "HTX-05").planned is None
    actions.approve(plans.of("UBND tỉnh"), plan)
    assert told(plans, "Sở Kế hoạch", "HTX-05").planned == 7
    assert told(plans, "Sở Kế hoạch", "HTX-11").planned == 9
    assert told(plans, "Sở Kế hoạch", "HTX-51").planned is None


def test_the_agencys_own_plan_comes_before_the_provinces_and_others_say_nothing(plans: Any) -> None:
    plans.approved("UBND tỉnh")
    own = plans.draft("Sở Kế hoạch")
    plans.target(own, "HTX-01", planned=3)
    actions.submit(plans.of("Sở Kế hoạch"), own)
    actions.approve(plans.of("UBND tỉnh"), own)
    assert told(plans, "Sở Kế hoạch", "HTX-01").plan == own
    assert told(plans, "Sở Nông nghiệp", "HTX-01").planned == 10
    assert (
        told_of_rows(plans.agency("Sở Kế hoạch"), annex(1), date(2022, 1, 1))["HTX-01"].plan is None
    )


def test_a_plan_of_a_part_of_the_province_says_nothing_of_the_whole(plans: Any) -> None:
    plans.district("Giồng Riềng")
    plan = plans.draft("Giồng Riềng")
    assert plan.unit is not None
    plans.target(plan, "HTX-01", by="Giồng Riềng", planned=3)
    actions.submit(plans.of("Giồng Riềng"), plan)
    actions.approve(plans.of("UBND tỉnh"), plan)
    assert told(plans, "Giồng Riềng", "HTX-01").planned is None


@pytest.mark.parametrize(
    ("as_of", "value"), [(date(2021, 5, 31), Decimal(4)), (date(2021, 7, 31), None)]
)
def test_a_stated_value_counts_up_to_the_day(
    plans: Any, as_of: date, value: Decimal | None
) -> None:
    plan = plans.draft("UBND tỉnh")
    plans.target(plan, "HTX-05", by="UBND tỉnh", planned=7)
    actions.submit(plans.of("UBND tỉnh"), plan)
    actions.approve(plans.of("UBND tỉnh"), plan)
    actions.state_actual(
        plans.of("UBND tỉnh", today=date(2021, 12, 1)), plan, code="HTX-05", value=Decimal(4), as_of=as_of,
        source="Báo cáo của Sở",
    )  # fmt: skip
    stated = told(plans, "UBND tỉnh", "HTX-05").stated
    assert (stated.value if stated else None) == value
