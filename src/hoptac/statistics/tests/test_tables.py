"""Tables of figures: they add up on every map, keep to the reader's territory, and to the day."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hoptac.foundation.findings import Refused
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.dimensions import DIMENSIONS
from hoptac.statistics.selectors import bodies_behind, check_adds_up, tabulate

THEN = date(2019, 12, 31)
FIGURES = ["cooperatives", "charter_capital", "area", "members", "workers"]


def figures(table, code: str) -> dict[str, object]:
    indicator = indicators()[code]
    return {r.label if r.key else "": table.value(indicator, r) for r in table.rows}


def by_code(table, code: str) -> dict[str, object]:
    return {r.code: table.value(indicators()[code], r) for r in table.rows}


def total(table, code: str) -> object:
    return table.value(indicators()[code])


def test_every_indicator_says_what_it_is_in_both_languages():
    for indicator in indicators().values():
        for words in (indicator.name, indicator.definition, indicator.unit, indicator.source):
            assert words.en
            assert words.vi
        assert indicator.basis
        assert not set(indicator.kinds) - {"cooperative", "union", "group"}


def test_sectors_of_the_day_with_their_total(province):
    table = tabulate(province.department, FIGURES, "sector", as_of=THEN)
    counts = by_code(table, "cooperatives")
    assert counts == {
        "agriculture": 3, "industry": 0, "construction": 0, "credit": 1, "trade": 0,
        "transport": 0, "other": 0,
    }  # fmt: skip
    assert total(table, "cooperatives") == 4
    assert total(table, "charter_capital") == 350_000_000 + 90_000_000 + 12_000_000_000
    assert total(table, "area") == Decimal("160.50")
    assert total(table, "members") == 52 + 6 + 1200 + 12


def test_what_ended_is_gone_after_its_day_and_counted_as_ended_in_its_year(province):
    later = tabulate(province.department, FIGURES, "sector", as_of=date(2020, 12, 31))
    assert total(later, "cooperatives") == 3
    series = tabulate(
        province.department, ["cooperatives", "ended_cooperatives"], "year", years=[2019, 2020, 2021]
    )  # fmt: skip
    assert figures(series, "cooperatives") == {"2019": 4, "2020": 3, "2021": 3}
    assert figures(series, "ended_cooperatives") == {"2019": 0, "2020": 1, "2021": 0}


def test_new_cooperatives_and_growth_over_a_base_year(province):
    table = tabulate(
        province.department, ["new_cooperatives", "growth"], "year", years=[2002, 2015, 2019]
    )
    assert figures(table, "new_cooperatives") == {"2002": 1, "2015": 3, "2019": 0}
    assert figures(table, "growth") == {
        "2002": Decimal("1.00"), "2015": Decimal("4.00"), "2019": Decimal("4.00"),
    }  # fmt: skip


def test_means_are_over_those_that_stated_the_figure(province, cooperative):
    cooperative(name="Hợp tác xã Chưa kê khai", sector="trade")
    table = tabulate(
        province.department,
        ["members_per_cooperative", "with_figures", "cooperatives"],
        "sector",
        as_of=THEN,
    )
    assert by_code(table, "members_per_cooperative")["agriculture"] == Decimal("23.3")
    assert by_code(table, "members_per_cooperative")["trade"] is None
    assert by_code(table, "with_figures")["trade"] == 0
    assert by_code(table, "cooperatives")["trade"] == 1
    assert total(table, "members_per_cooperative") == Decimal("317.5")


@pytest.mark.parametrize("on_map", ["of_the_day", "today", "districts"])
@pytest.mark.parametrize("side", ["district", "commune", "locality", "province", "sector", "kind",
                                  "legal_status", "working_state", "legal_era"])  # fmt: skip
@pytest.mark.parametrize("day", [THEN, date(2026, 1, 1)])
def test_parts_give_the_total_on_every_map(province, side, on_map, day):
    table = tabulate(province.department, [*FIGURES, "bodies"], side, as_of=day, map=on_map)
    for code in [*FIGURES, "bodies"]:
        assert sum(by_code(table, code).values()) == total(table, code)
    assert total(table, "bodies") == (5 if day == THEN else 4)


def test_districts_until_june_2025_and_the_new_communes_since(province):
    old = tabulate(province.department, ["cooperatives"], "locality", as_of=date(2025, 6, 30))
    assert figures(old, "cooperatives")["Huyện Giồng Riềng"] == 2
    new = tabulate(province.department, ["cooperatives"], "locality", as_of=date(2025, 7, 1))
    assert "Huyện Giồng Riềng" not in figures(new, "cooperatives")
    assert sum(figures(new, "cooperatives").values()) == 3
    series = tabulate(
        province.department, ["cooperatives"], "locality", "year", years=[2024, 2025], map="districts"
    )  # fmt: skip
    assert {r.label for r in series.rows} >= {"Huyện Giồng Riềng", "Huyện Tân Hiệp"}


def test_no_district_today_is_shown_as_not_placed(province):
    table = tabulate(province.department, ["cooperatives"], "district", as_of=THEN, map="today")
    assert by_code(table, "cooperatives") == {"none": 4}
    assert total(table, "cooperatives") == 4


def test_two_sides_and_a_series_of_years(province):
    table = tabulate(province.department, ["cooperatives"], "district", "sector", as_of=THEN)
    rows = {r.label: r for r in table.rows}
    columns = {c.key: c for c in table.columns}
    indicator = indicators()["cooperatives"]
    assert table.value(indicator, rows["Huyện Giồng Riềng"], columns["credit"]) == 1
    assert table.value(indicator, rows["Huyện Giồng Riềng"]) == 3
    assert table.value(indicator, None, columns["agriculture"]) == 3
    series = tabulate(
        province.department, ["cooperatives"], "sector", "year", years=range(2000, 2022)
    )
    columns = {c.key: c for c in series.columns}
    values = [series.value(indicator, None, columns[y]) for y in ("2001", "2002", "2015", "2020")]
    assert values == [0, 1, 4, 3]
    assert not series.has_total(of_rows=False)


def test_several_days_side_by_side(province):
    days = [THEN, date(2020, 6, 30)]
    table = tabulate(province.department, ["cooperatives"], "sector", "day", as_of=days)
    indicator = indicators()["cooperatives"]
    assert [table.value(indicator, None, c) for c in table.columns] == [4, 3]


def test_a_reader_counts_only_the_own_territory(province, officer):
    table = tabulate(province.district, ["bodies", "members"], "district", as_of=THEN)
    assert figures(table, "bodies") == {"Huyện Giồng Riềng": 3}
    assert total(table, "members") == 52 + 1200 + 12
    other = tabulate(province.other_district, ["bodies"], "district", as_of=THEN)
    assert total(other, "bodies") == 2
    director = officer("cooperative_director", cooperative_id=province.hoa_an.pk)
    assert total(tabulate(director, ["bodies"], "sector", as_of=THEN), "bodies") == 0


def test_filters_keep_bodies_as_the_list_does(province, units):
    kept = {"district": [str(units.district("Giồng Riềng").pk)], "sector": ["agriculture"]}
    table = tabulate(province.department, ["cooperatives"], "sector", as_of=THEN, filters=kept)
    assert total(table, "cooperatives") == 2


def test_figures_follow_the_next_act(province, cooperative):
    before = total(tabulate(province.department, ["bodies"], "sector", as_of=THEN), "bodies")
    cooperative(name="Hợp tác xã Vừa Nhập")
    after = total(tabulate(province.department, ["bodies"], "sector", as_of=THEN), "bodies")
    assert (before, after) == (5, 6)


def test_a_table_that_does_not_add_up_is_refused():
    check_adds_up(447, [396, 8, 3, 22, 5, 13])
    with pytest.raises(Refused) as refused:
        check_adds_up(447, [396, 8, 3, 22, 5, 14], of="HTX")
    assert refused.value.codes == {"does_not_add_up"}
    assert refused.value.findings[0].details["sum"] == 448


@pytest.mark.parametrize(
    ("codes", "rows", "columns"),
    [(["none"], "sector", None), ([], "sector", None), (["area"], "colour", None),
     (["area"], "sector", "sector"), (["area"], "year", "day")],
)  # fmt: skip
def test_what_is_not_known_is_refused(the_system, codes, rows, columns):
    with pytest.raises(Refused):
        tabulate(the_system, codes, rows, columns)


def test_the_command_prints_exact_numbers(province):
    out = StringIO()
    call_command("statistics", indicator=",".join(FIGURES), by="sector", as_of="2019-12-31",
                 json=True, stdout=out)  # fmt: skip
    data = json.loads(out.getvalue())
    assert data["total"] == {
        "cooperatives": 4, "charter_capital": 12_440_000_000, "area": 160.5, "members": 1270,
        "workers": 26,
    }  # fmt: skip
    assert [r["code"] for r in data["rows"]][:2] == ["agriculture", "industry"]
    assert len(data["rows"]) == 7
    out = StringIO()
    call_command("statistics", by="sector", columns="year", years="2018-2020", stdout=out)
    assert out.getvalue().count("\n") == 9
    with pytest.raises(CommandError):
        call_command("statistics", as_of="31/12/2019")


@pytest.mark.parametrize("side", list(DIMENSIONS))
def test_every_indicator_goes_by_every_side(province, side):
    for code in indicators():
        if side in indicators()[code].without:
            with pytest.raises(Refused, match=str(DIMENSIONS[side].label)):
                tabulate(province.department, [code], side, as_of=THEN)
            continue
        table = tabulate(province.department, [code], side, as_of=THEN)
        assert table.rows or not total(table, code)


def test_a_share_is_of_a_hundred_and_leads_to_those_bodies(province, the_system):
    """One of the four cooperatives of the day was suspended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_period SET working_state = 'idle' WHERE cooperative_id = %s",
            [province.hoa_an.pk],
        )
    codes = ["operating_share", "idle_share"]
    table = tabulate(the_system, codes, "sector", as_of=THEN)
    assert [total(table, c) for c in codes] == [Decimal("75.0"), Decimal("25.0")]
    assert by_code(table, "idle_share")["agriculture"] == Decimal("33.3")
    found = bodies_behind(the_system, table, indicators()["idle_share"], None, None, most=10)
    assert [b.pk for b in found] == [province.hoa_an.pk]
    years = tabulate(the_system, codes, "year", years=[2018, 2019])
    assert figures(years, "idle_share")["2019"] == Decimal("25.0")
