"""300 agencies, six years, 40 targets each: the year's list and the roll-up stay quick."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from psycopg.types.range import DateRange

from hoptac.foundation.access import Context
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.plans.forms_of_law import annex
from hoptac.plans.models import PlanAsked, PlanTarget, StatedActual, YearPlan
from hoptac.plans.roll_up import part_lines, roll_up
from hoptac.plans.selectors import rows_of_year

pytestmark = pytest.mark.slow
_AGENCIES, _YEARS, _TARGETS = 300, range(2016, 2022), 40
_MOST_MS = 300


@pytest.fixture
def years(units: Any) -> YearPlan:
    """Fill the tables past the acts; return the province's last plan."""
    province = units.province()
    communes = list(
        AdminUnit.objects.filter(
            level__in=("commune", "district"), valid__contains=date(2019, 12, 31)
        ).order_by("level", "pk")[:_AGENCIES]
    )
    give = {"province_code": province.province_code, "valid": DateRange(date(2010, 1, 1), None)}
    top = Agency.objects.create(
        code="t", name="UBND tỉnh", short_name="T", kind="committee", unit=province, **give
    )
    agencies = Agency.objects.bulk_create(
        Agency(
            code=f"x-{n}",
            name=f"UBND {n}",
            short_name=f"X{n}",
            kind="committee",
            unit=communes[n % len(communes)],
            **give,
        )
        for n in range(_AGENCIES)
    )
    offices.forget()
    forms = [*annex(1), *annex(2)][:_TARGETS]
    act = uuid4()
    for year in _YEARS:
        parent = YearPlan.objects.create(
            province_code=province.province_code,
            year=year,
            title=f"KH {year}",
            agency=top,
            approver=top,
            state="approved",
        )
        parts = YearPlan.objects.bulk_create(
            YearPlan(
                province_code=province.province_code,
                year=year,
                title=f"KH {year} {a.name}",
                agency=a,
                approver=top,
                unit=a.unit,
                parent=parent,
                state="submitted",
                submitted_on=date(year - 1, 8, 1),
            )
            for a in agencies
        )
        PlanTarget.objects.bulk_create(
            (
                PlanTarget(
                    plan=p,
                    code=f.code,
                    name=f.name["vi"],
                    unit_name=f.unit_name,
                    measure=f.measure,
                    position=n,
                    parameters=f.parameters,
                    divisor=f.divisor,
                    adds_up=f.adds_up,
                    planned=Decimal(10),
                    serves="" if p is parent else f.code,
                    act_id=act,
                )
                for p in (parent, *parts)
                for n, f in enumerate(forms)
            ),
            batch_size=4000,
        )
        PlanAsked.objects.bulk_create(
            PlanAsked(plan=parent, agency=a, due_on=date(year - 1, 8, 15), act_id=act)
            for a in agencies
        )
        StatedActual.objects.bulk_create(
            StatedActual(
                plan=p,
                code="HTX-07",
                as_of=date(year, 6, 30),
                value=Decimal(2),
                source="BC",
                act_id=act,
            )
            for p in parts
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE plans_yearplan, plans_plantarget, plans_statedactual, plans_planasked"
        )
    return parent


def test_the_list_and_the_roll_up_of_a_year_take_less_than_a_third_of_a_second(
    years: YearPlan, the_system: Context, cooperative: Callable[..., Any]
) -> None:
    for n in range(20):
        cooperative(members=10 + n)
    day = date(2021, 7, 1)
    took = {}
    for name, work in {
        "list": lambda: rows_of_year(the_system, 2021),
        "roll-up": lambda: roll_up(the_system, years, day),
        "one target": lambda: part_lines(the_system, years, "HTX-11", day),
    }.items():
        found = work()
        start, cpu = time.perf_counter(), time.process_time()
        found = work()
        took[name] = (1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu))
        assert found
    print({k: f"{ms:.0f} ms, {cpu:.0f} ms of them here" for k, (ms, cpu) in took.items()})
    rolled = roll_up(the_system, years, day)
    assert rolled.parts == _AGENCIES
    assert {r.line.target.code: r.planned for r in rolled.rows}["HTX-07"] == 10 * _AGENCIES
    assert {r.line.target.code: r.actual for r in rolled.rows}["HTX-07"] == 2 * _AGENCIES
    # Judged by the processor: another may use the machine at the same time.
    assert all(cpu < _MOST_MS for _ms, cpu in took.values()), took
