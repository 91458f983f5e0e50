"""Statistics on both sides of a reorganisation: what ended counts until the day, what came since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.access import Context
from hoptac.registration import actions
from hoptac.registration.rules.procedures import procedure_on
from hoptac.statistics.selectors import tabulate

DAY = date(2024, 6, 11)
CODES = ["cooperatives", "members", "area", "charter_capital", "workers"]


def figures(ctx: Context, day: date) -> list[Any]:
    """Return the sums of a day, and those of its sector, which have to agree."""
    table = tabulate(ctx, CODES, "sector", as_of=day)
    (farming,) = (r for r in table.rows if r.code == "agriculture")
    found = [table.value(i) for i in table.indicators]
    assert [table.value(i, farming) for i in table.indicators] == found
    return found


@pytest.fixture
def two_became_one(
    cooperative: Callable[..., Any], the_system: Context, units: Any
) -> tuple[Any, Any]:
    """Giồng Riềng, 11 June 2024: 46 + 22 members and 42.75 + 31.14 ha became 66 and 69.4 ha."""
    commune = units.commune("Hòa Hưng")
    first, second = (
        cooperative(name=f"Hợp tác xã {n}", district="Giồng Riềng", members=members, area=area)
        for n, members, area in (("A", 46, Decimal("42.75")), ("B", 22, Decimal("31.14")))
    )
    then = the_system.by(today=DAY)
    filing = actions.receive(
        then, "consolidation", cooperative=first, applicant="Ai",
        papers=procedure_on("consolidation", DAY).papers_required("cooperative"),
        proposal={
            "decided_on": date(2024, 5, 20), "votes": 90, "others": [{"body": str(second.pk)}],
            "name": "Hợp tác xã C", "commune": commune.pk, "sector": "agriculture",
            "charter_capital": 69_400_000, "members": 66, "workers": 7, "area": Decimal("69.4"),
            "representatives": [{"person": "Nguyễn Văn An", "position": "Giám đốc"}],
        },
    )  # fmt: skip
    actions.propose(then, filing, outcome="grant")
    actions.decide(then, filing, outcome="grant", signatory="Ai")
    return first, second


@pytest.mark.django_db
def test_the_day_before_both_count_and_on_the_day_the_one_that_they_became(
    two_became_one: Any, the_system: Context
) -> None:
    declared = [1, 66, Decimal("69.4"), 69_400_000, 7]
    assert figures(the_system, date(2024, 6, 10))[:3] == [2, 68, Decimal("73.89")]
    assert figures(the_system, DAY) == declared
    assert figures(the_system, date(2024, 12, 31)) == declared


@pytest.mark.django_db
def test_years_before_keep_what_they_said(two_became_one: Any, the_system: Context) -> None:
    years = tabulate(the_system, CODES, "sector", "year", years=range(2021, 2025))
    of_year = {
        column.label: [years.value(i, None, column) for i in years.indicators]
        for column in years.columns
    }
    assert [of_year[y][:3] for y in sorted(of_year)] == [
        *[[2, 68, Decimal("73.89")]] * 3, [1, 66, Decimal("69.4")],
    ]  # fmt: skip
