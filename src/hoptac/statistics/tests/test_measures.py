"""Figures that tasks and plans tie to: the catalogue, and what happened since a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.access import Context
from hoptac.foundation.measures import Asked, measure, measures, taken_of_each
from hoptac.registry.actions import end_cooperative, record_lineage
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.happened import bodies_changed

BASE, DAY = date(2019, 12, 31), date(2020, 12, 31)


def ask(code: str, units: Any, *, on: date = DAY, unit: Any = None, **parameters: str) -> Any:
    found = measure(code)
    assert found is not None
    return found.take(
        Asked(
            province_code=units.province().province_code,
            on=on,
            since=BASE,
            parameters=parameters,
            unit_id=unit and unit.pk,
        )
    )


def test_every_indicator_without_a_base_year_is_offered() -> None:
    offered = measures()
    wanted = {f"statistics.{i.code}" for i in indicators().values() if not i.needs_base}
    assert wanted <= set(offered)
    assert all(m.name and m.unit and m.definition for m in offered.values())


def test_an_indicator_is_taken_of_a_province_a_unit_and_a_sector_with_its_parts(
    units: Any, cooperative: Callable[..., Any]
) -> None:
    cooperative(members=50, district="Giồng Riềng")
    cooperative(members=20, district="Tân Hiệp")
    cooperative(members=7, district="Tân Hiệp", sector="transport")
    members = next(c for c in measures() if c.startswith("statistics.") and "members" in c)
    assert ask(members, units).value == Decimal(77)
    assert sorted(v for _label, v in ask(members, units).parts) == [7, 70]
    assert ask(members, units, unit=units.district("Tân Hiệp")).value == Decimal(27)
    assert ask(members, units, sector="transport").value == Decimal(7)
    assert ask(members, units).href.startswith("/registry/?on=2020-12-31")


@pytest.fixture
def ended(cooperative: Callable[..., Any], the_system: Context) -> Any:
    """One body that stood idle and one that worked end in 2020, one passes into another."""
    idle = cooperative(working_state="idle")
    working, absorbed, absorbing = (cooperative(working_state="operating") for _n in range(3))
    cooperative(working_state="idle")
    basis = the_system.because("Quyết định 12/QĐ-UBND")
    for body, day in (
        (idle, date(2020, 3, 1)),
        (working, date(2020, 4, 1)),
        (absorbed, date(2020, 5, 1)),
    ):
        end_cooperative(basis, body, on=day)
    record_lineage(basis, absorbed, successor=absorbing, kind="merger", on=date(2020, 5, 1))


@pytest.mark.usefixtures("ended")
def test_what_happened_since_a_day_is_counted_from_the_register(units: Any) -> None:
    assert ask("register.ended", units).value == 3
    assert ask("register.idle_ended", units).value == 1
    assert ask("register.joined", units).value == 1
    assert ask("register.ended", units).parts == (("2020", Decimal(3)),)
    assert ask("register.ended", units, on=date(2020, 3, 31)).value == 1
    assert ask("register.ended", units, sector="credit").value == 0


def test_the_day_itself_of_the_baseline_does_not_count(
    units: Any, cooperative: Callable[..., Any]
) -> None:
    cooperative(established_on=BASE, on=BASE)
    cooperative(established_on=date(2020, 1, 1), on=date(2020, 1, 2))
    assert ask("register.new", units).value == 1


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("on", [date(2020, 3, 31), DAY])
def test_many_units_at_once_are_given_what_each_is_given_alone(
    units: Any, cooperative: Callable[..., Any], on: date
) -> None:
    cooperative(members=50, district="Giồng Riềng", charter_capital=7)
    cooperative(
        members=20, district="Tân Hiệp", on=date(2020, 2, 1), established_on=date(2020, 2, 1)
    )
    asked = Asked(province_code=units.province().province_code, on=on, since=BASE)
    places = [units.district(n) for n in ("Rạch Giá", "Giồng Riềng", "Tân Hiệp", "Phú Quốc")]
    for known in measures().values():
        alone = {
            place.pk: known.take(
                Asked(province_code=asked.province_code, on=on, since=BASE, unit_id=place.pk)
            ).value
            for place in places
        }
        assert taken_of_each(known, asked, [p.pk for p in places]) == alone, known.code


@pytest.mark.usefixtures("ended")
def test_the_bodies_behind_the_counts_are_named_with_what_happened(
    units: Any, cooperative: Callable[..., Any]
) -> None:
    new = cooperative(established_on=date(2020, 6, 1), on=date(2020, 6, 2))
    asked = Asked(province_code=units.province().province_code, on=DAY, since=BASE)
    found = bodies_changed(asked)
    assert [c.what for c in found] == ["ended", "ended", "founded", "joined"]
    assert [c.on for c in found if c.what == "ended"] == [date(2020, 3, 1), date(2020, 4, 1)]
    assert next(c.cooperative_id for c in found if c.what == "founded") == new.pk
    assert next(c.into for c in found if c.what == "joined")
    assert sum(c.what != "founded" for c in found) == ask("register.ended", units).value
    assert [c.what for c in bodies_changed(Asked(province_code="xx", on=DAY, since=BASE))] == []
