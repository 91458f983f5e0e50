"""Made-up registers, counted one body at a time, say what the tables say; parts give their total."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import forget, places
from hoptac.registry.models import Period
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState
from hoptac.statistics import selectors
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.dimensions import last_day_with_districts
from hoptac.statistics.selectors import tabulate

CODES = ["bodies", "cooperatives", "groups", "charter_capital", "area", "members", "workers",
         "with_figures"]  # fmt: skip
SIDES = ["sector", "kind", "legal_status", "working_state", "legal_era", "district", "commune",
         "locality"]  # fmt: skip
MEASURES = ("charter_capital", "area", "members", "workers")


def make_register(luck: random.Random, province: str = "91") -> list[Period]:
    """Write some bodies' periods: of old and new communes, of none, with gaps, moves and ends."""
    of_province = AdminUnit.objects.filter(level="commune", province_code=province)
    communes: list[Any] = list(of_province.order_by("id"))
    rows = []
    for _n in range(luck.randint(1, 40)):
        kind, pk = luck.choice(Kind.values), uuid7()
        day: date | None = date(2010, 1, 1) + timedelta(days=luck.randint(0, 5500))
        while day is not None:
            end = day + timedelta(days=luck.randint(1, 1500)) if luck.random() < 0.7 else None
            figures = {
                "charter_capital": luck.choice([None, 0, luck.randint(1, 10**12)]),
                "area": luck.choice([None, Decimal(luck.randint(0, 10**6)) / 100]),
                "members": luck.choice([None, luck.randint(0, 5000)]),
                "workers": luck.choice([None, luck.randint(0, 500)]),
            }
            rows.append(
                Period(
                    cooperative_id=pk, valid=DateRange(day, end), is_latest=end is None,
                    province_code=province, kind=kind, name=f"Hợp tác xã {pk}",
                    sector=luck.choice([*Sector.values, ""]),
                    commune=luck.choice([None, *luck.sample(communes, min(6, len(communes)))]),
                    legal_era=luck.choice(LegalEra.values),
                    legal_status=luck.choice(LegalStatus.values),
                    working_state=luck.choice(WorkingState.values),
                    particulars_id=0, fold="x", sort_key="x", **figures,
                )
            )  # fmt: skip
            day = None if end is None or luck.random() < 0.2 else end
    return Period.objects.bulk_create(rows)


def key_of(row: Period, side: str, map_day: date) -> str | None:
    """Return the part of a side to which a period belongs."""
    if side not in {"district", "commune", "locality"}:
        return str(getattr(row, side))
    ground = places().ground_on(row.commune_id, map_day) if row.commune_id else None
    if ground is None:
        return None
    found = {
        "district": ground.district_id, "commune": ground.commune_id,
        "locality": ground.district_id or ground.commune_id,
    }[side]  # fmt: skip
    return str(found) if found else None


def worth(row: Period, code: str) -> Any:
    """Return what a period adds to an indicator."""
    if row.kind not in indicators()[code].kinds:
        return 0
    if code in MEASURES:
        return getattr(row, code) or 0
    if code == "with_figures":
        return int(any(getattr(row, m) is not None for m in MEASURES))
    return 1


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.usefixtures("db")
def test_tables_say_what_counting_by_hand_says(the_system: Any, seed: int) -> None:
    luck = random.Random(seed)
    selectors._kept_counts.clear()  # these periods come without an act
    periods = make_register(luck)
    for _n in range(6):
        rows, columns = luck.sample(SIDES, 2)
        on_map = luck.choice(["of_the_day", "today", "districts"])
        if luck.random() < 0.5:
            columns, years = "year", sorted(luck.sample(range(2009, 2027), 5))
            table = tabulate(the_system, CODES, rows, columns, years=years, map=on_map)
        else:
            day = date(2009, 1, 1) + timedelta(days=luck.randint(0, 6500))
            table = tabulate(the_system, CODES, rows, columns, as_of=day, map=on_map)
        for moment in table.moments:
            map_day = {
                "of_the_day": moment.day, "today": the_system.today,
                "districts": min(moment.day, last_day_with_districts() or moment.day),
            }[on_map]  # fmt: skip
            expected: dict[tuple[str, Any, Any], Any] = defaultdict(int)
            for row in periods:
                lives = row.legal_status != LegalStatus.ENDED and row.valid.lower <= moment.day
                if not lives or (row.valid.upper and row.valid.upper <= moment.day):
                    continue
                column = moment.key if columns == "year" else key_of(row, columns, map_day)
                for code in CODES:
                    expected[code, key_of(row, rows, map_day), column] += worth(row, code)
            members = [c for c in table.columns if columns != "year" or c.key == moment.key]
            for code in CODES:
                indicator = indicators()[code]
                found = {
                    (code, r.key, c.key): table.value(indicator, r, c)
                    for r in table.rows
                    for c in members
                }
                of_code = {k: v for k, v in expected.items() if k[0] == code}
                assert {k: v for k, v in found.items() if v} == {
                    k: v for k, v in of_code.items() if v
                }
                column = members[0] if columns == "year" else None
                assert table.value(indicator, None, column) == sum(of_code.values())


@pytest.mark.parametrize("seed", range(4))
def test_beside_another_province_a_province_is_counted_as_if_alone(
    officer: Any, the_system: Any, seed: int, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(forget)
    luck = random.Random(seed)
    clerk = officer("department_officer")
    make_register(luck)

    def told(ctx: Any) -> list[Any]:
        selectors._kept_counts.clear()  # these periods come without an act
        found = []
        for rows, columns in (("district", "year"), ("sector", "year"), ("commune", None)):
            table = tabulate(ctx, CODES, rows, columns, years=range(2014, 2025),
                             as_of=date(2022, 5, 31))  # fmt: skip
            found += [
                (i.code, r.label if r else "", c.key if c else "", number)
                for i in table.indicators
                for r in (*table.rows, None)
                for c in (table.columns if columns else (None,))
                if (number := table.value(i, r, c))
            ]
        return found

    alone = told(clerk)
    AdminUnit.objects.create(
        level="commune", kind="commune", name="Nơi khác", code="99999", province_code="01",
        valid=DateRange(date(2004, 1, 1), None), fold="noi khac", sort_key="n",
    )  # fmt: skip
    forget()
    assert make_register(luck, "01")
    assert told(clerk) == alone != told(the_system)
