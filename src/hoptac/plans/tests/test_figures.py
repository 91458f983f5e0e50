"""Actual values: computed, stated, rolled up over districts, in the annexes and the document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hoptac.foundation.documents.official import to_docx, to_pdf
from hoptac.plans import actions
from hoptac.plans.annexes import annex_lines
from hoptac.plans.documents import document_of
from hoptac.plans.figures import lines_of
from hoptac.plans.forms_of_law import annex, national_targets
from hoptac.plans.roll_up import part_lines, roll_up
from hoptac.plans.rules.standing import StandingRule, judge, percent_of_plan
from hoptac.plans.terms import Standing

RULE = StandingRule(in_force=date(2013, 7, 1), basis="x", risk_percent=80, parts_month=8, parts_day=15)  # fmt: skip
HALF, END = date(2021, 6, 30), date(2021, 12, 31)


@pytest.mark.parametrize(
    ("value", "planned", "start", "at_most", "on", "standing"),
    [
        (None, 10, 0, False, HALF, "unknown"),
        (5, None, 0, False, HALF, "unknown"),
        (10, 10, 5, False, HALF, "reached"),
        (4, 10, 0, False, HALF, "on_way"),
        (3, 10, 0, False, HALF, "at_risk"),
        (9, 10, 0, False, END, "missed"),
        (102, 110, 100, False, HALF, "at_risk"),
        (104, 110, 100, False, HALF, "on_way"),
        (99, 110, 100, False, HALF, "at_risk"),
        (2, 5, 0, True, HALF, "on_way"),
        (2, 5, 0, True, END, "reached"),
        (6, 5, 0, True, HALF, "at_risk"),
        (6, 5, 0, True, END, "missed"),
        (10, 20, 40, True, HALF, "reached"),
        (38, 20, 40, True, HALF, "at_risk"),
        (30, 20, 40, True, HALF, "on_way"),
    ],
)
def test_how_a_target_does_is_told_from_its_way_and_the_time_gone(
    value: Any, planned: Any, start: Any, at_most: bool, on: date, standing: str
) -> None:
    number = lambda v: None if v is None else Decimal(v)  # noqa: E731
    found = judge(
        RULE, value=number(value), planned=number(planned), start=number(start), at_most=at_most,
        begins_after=date(2020, 12, 31), ends_on=END, on=on,
    )  # fmt: skip
    assert found == standing


def test_percent_of_plan_is_rounded_as_offices_do() -> None:
    assert percent_of_plan(Decimal(1), Decimal(8)) == Decimal("12.5")
    assert percent_of_plan(Decimal(1), Decimal(0)) is None


def test_what_the_records_tell_is_computed_for_the_territory_and_the_rest_is_stated(
    plans: Any, cooperative: Any
) -> None:
    cooperative(members=20, district="Tân Hiệp", charter_capital=5_000_000)
    cooperative(members=30, district="Giồng Riềng", charter_capital=7_000_000)
    plans.district("Tân Hiệp")
    plan = plans.draft("Tân Hiệp", year=2020)
    give = {"by": "Tân Hiệp"}
    plans.target(plan, "HTX-11", measure="statistics.members", planned=25, **give)
    plans.target(
        plan, "HTX-51", measure="statistics.charter_capital", divisor=1_000_000, planned=5, **give
    )
    plans.target(plan, "HTX-07", planned=4, **give)
    lines = {x.target.code: x for x in lines_of(plan, date(2020, 6, 30))}
    assert lines["HTX-11"].value == 20
    assert lines["HTX-11"].actual.is_computed
    assert (lines["HTX-51"].value, lines["HTX-51"].percent) == (5, 100)
    assert lines["HTX-07"].standing == Standing.UNKNOWN
    so = plans.of("Tân Hiệp")
    for source, value in (("Báo cáo", 3), ("Thống kê", 2)):
        actions.state_actual(
            so, plan, code="HTX-07", value=Decimal(value), as_of=date(2020, 6, 30), source=source
        )
    actions.state_actual(
        so, plan, code="HTX-11", value=Decimal(22), as_of=date(2020, 6, 30), source="Báo cáo"
    )
    lines = {x.target.code: x for x in lines_of(plan, date(2020, 6, 30))}
    assert (lines["HTX-07"].value, lines["HTX-07"].differs) == (2, True)
    assert (lines["HTX-11"].value, lines["HTX-11"].differs) == (20, True)
    assert [s.value for s in lines["HTX-11"].stated] == [22]


def test_the_districts_are_held_against_the_province(plans: Any, cooperative: Any) -> None:
    for district, members in (("Tân Hiệp", 20), ("Giồng Riềng", 30), ("Rạch Giá", 50)):
        cooperative(members=members, district=district)
    parent = plans.draft("UBND tỉnh", approver="UBND tỉnh")
    ubnd = {"by": "UBND tỉnh"}
    plans.target(parent, "HTX-11", measure="statistics.members", planned=100, **ubnd)
    plans.target(parent, "HTX-07", planned=9, **ubnd)
    plans.target(parent, "TB", measure="statistics.members_per_cooperative", planned=40, **ubnd)
    actions.submit(plans.of("UBND tỉnh"), parent)
    actions.approve(plans.of("UBND tỉnh"), parent)
    for name, planned in (("Tân Hiệp", 25), ("Giồng Riềng", 40)):
        plans.district(name)
        part = plans.draft(name, parent=parent)
        for code in ("HTX-11", "HTX-07", "TB"):
            actions.set_target(plans.of(name), part, code=code, values={"planned": planned})
        day = date(2021, 1, 31)
        actions.state_actual(
            plans.of(name, today=day), part, code="HTX-07", value=Decimal(2), as_of=day, source="BC"
        )
    rolled = roll_up(plans.of("UBND tỉnh"), parent, date(2021, 3, 1))
    rows = {r.line.target.code: r for r in rolled.rows}
    assert (rolled.parts, rolled.handed_in) == (2, 0)
    assert (rows["HTX-11"].planned, rows["HTX-11"].planned_gap) == (65, -35)
    assert (rows["HTX-11"].actual, rows["HTX-11"].actual_gap) == (50, -50)
    assert rows["HTX-07"].actual == 4
    assert (rows["TB"].adds_up, rows["TB"].planned, rows["TB"].actual) == (False, None, None)
    parts = part_lines(plans.of("UBND tỉnh"), parent, "HTX-11", date(2021, 3, 1))
    assert sorted((p.plan.unit.name, p.value, p.percent) for p in parts) == [
        ("Giồng Riềng", 30, 75), ("Tân Hiệp", 20, 80),
    ]  # fmt: skip
    # Of the parts that a reader may not see yet nothing is added.
    assert roll_up(plans.of("Sở Nông nghiệp"), parent, date(2021, 3, 1)).parts == 0


def test_the_questions_of_a_roll_up_do_not_grow_with_the_parts(
    plans: Any, cooperative: Any
) -> None:
    parent = plans.draft("UBND tỉnh", approver="UBND tỉnh")
    plans.target(parent, "HTX-11", by="UBND tỉnh", measure="statistics.members", planned=100)
    actions.submit(plans.of("UBND tỉnh"), parent)
    actions.approve(plans.of("UBND tỉnh"), parent)
    counts = []
    for name in ("Tân Hiệp", "Giồng Riềng", "Rạch Giá"):
        plans.district(name)
        plans.draft(name, parent=parent)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            roll_up(plans.of("UBND tỉnh"), parent, date(2021, 3, 1))
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_a_target_list_has_a_value_for_each_year_from_which_the_plan_of_the_year_begins(
    plans: Any,
) -> None:
    listed = plans.draft(
        "UBND tỉnh",
        approver="UBND tỉnh",
        kind="target_list",
        year=2021,
        last_year=2030,
        template="resolution",
    )
    assert {t.code for t in listed.targets.all()} == {
        t.code for t in national_targets() if t.year <= 2030
    }
    ubnd = plans.of("UBND tỉnh")
    for row in listed.targets.filter(retired_by__isnull=True):
        actions.set_target(
            ubnd,
            listed,
            code=row.code,
            values={"planned": 600, "path": {"2021": "480", "2022": "500"}},
        )
    line = next(x for x in lines_of(listed, HALF) if x.target.code == "NQ20-03")
    assert line.planned == 480
    plan = plans.draft("UBND tỉnh", approver="UBND tỉnh", parent=listed)
    assert plan.targets.get(code="NQ20-03").planned == 480


def test_the_annexes_have_the_ministrys_columns(plans: Any, cooperative: Any) -> None:
    cooperative(members=20, sector="transport")
    plan = plans.draft("UBND tỉnh", approver="UBND tỉnh", year=2020)
    plans.target(plan, "HTX-01", by="UBND tỉnh", planned=4, estimate=3, planned_next=6)
    plans.target(plan, "HTX-07", by="UBND tỉnh", planned=2, before=1)
    day = date(2020, 6, 30)
    later = plans.of("UBND tỉnh", today=date(2020, 7, 5))
    actions.state_actual(
        later, plan, code="HTX-07", value=Decimal(1), as_of=day, source="BC 6 tháng"
    )
    rows = {x.row.code: x for x in annex_lines(later, plan, 1, later.today)}
    assert len(rows) == len(annex(1)) == 39
    one = rows["HTX-01"]
    assert (one.before, one.planned, one.half, one.estimate, one.percent, one.planned_next) == (
        1, 4, 1, 3, 75, 6,
    )  # fmt: skip
    assert (rows["HTX-07"].before, rows["HTX-07"].half, rows["HTX-07"].sources) == (1, 1, "BC 6 tháng")  # fmt: skip
    sectors = {x.row.code: x.half for x in annex_lines(later, plan, 2, later.today)}
    assert sectors["HTX-01.transport"] == 1
    assert sectors["HTX-01.agriculture"] == 0


def test_the_document_has_the_outline_and_both_annexes(plans: Any) -> None:
    plan = plans.draft("UBND tỉnh", approver="UBND tỉnh", template="annex")
    ubnd = plans.of("UBND tỉnh")
    actions.edit_plan(ubnd, plan, values={"texts": {"direction": "Phát triển bền vững."}})
    document = document_of(ubnd, plan, plans.province.today)
    assert document.is_draft
    assert len(document.annexes) == 2
    assert to_docx(document).startswith(b"PK")
    assert to_pdf(document).startswith(b"%PDF")


def test_every_row_of_the_annexes_is_computed_by_a_known_measure_or_stated() -> None:
    from hoptac.foundation.measures import measures

    known = measures()
    for row in (*annex(1), *annex(2)):
        if row.measure:
            choices = {p.name: {c for c, _l in p.choices()} for p in known[row.measure].parameters}
            assert all(v in choices[k] for k, v in row.parameters.items()), row.code
    assert all(not t.measure or t.measure in known for t in national_targets())
