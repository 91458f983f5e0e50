"""Yearly returns are read as they stand, and everything wrong in them is said."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.registry.importing.readers import read_kind
from hoptac.returns.selectors import cooperatives_at_end_of
from hoptac.returns.workbooks import read_returns
from tests.workbooks.compare import compare

DATA = Path(__file__).parents[4] / "tests" / "workbooks" / "data"
HEADING = ["STT", "Tên HTX", "Mã số thuế", "Vốn điều lệ", "Tổng tài sản", "Doanh thu", "Lợi nhuận"]
HOA_AN, HOA_BINH = "1709551552", "1709409242"


def sheet(year: int, *rows: list[Any], unit: str = "triệu đồng") -> Sheet:
    width = len(HEADING)
    top = [[f"BÁO CÁO NĂM {year}"], [f"Đơn vị tính: {unit}"], HEADING]
    return Sheet(f"{year}", [r + [None] * (width - len(r)) for r in [*top, *rows]])


def book(*sheets: Sheet) -> Workbook:
    return Workbook("báo cáo.xlsx", "xlsx", list(sheets))


def codes(read: Any) -> list[tuple[str, str, int | None]]:
    return [(p["code"], p["sheet"], p["row"]) for p in read.problems]


def places(p: dict[str, Any]) -> tuple[Any, ...]:
    return (p["code"], p["sheet"], p["row"], p["column"], p.get("registration_number"))


def test_the_given_returns_are_read_without_a_difference():
    truth = json.loads((DATA / "returns-2019.truth.json").read_text(encoding="utf-8"))
    register = read_kind(
        "register", read_workbook(DATA / "register-2019-clean.xlsx"), as_of=None, mapping=None
    )
    read = read_returns(read_workbook(DATA / "returns-2019.xlsx"), register=register)
    assert compare(read.as_json(), truth) == []
    found = {places(p): p for p in read.problems}
    for p in truth["problems"]:
        told = found[places(p)]
        assert (told["cell"], told.get("value"), told.get("related_rows")) == (
            p["cell"], p.get("value", told.get("value")), p.get("related_rows"),
        )  # fmt: skip
    assert read.as_of == dt.date(2019, 12, 31)
    assert read.extra["expected_returns"] == truth["expected_returns"]
    told = [(m["registration_number"], m["year"], m["how"]) for m in read.extra["missing_returns"]]
    assert told == [
        (m["registration_number"], m["year"], m["how"]) for m in truth["missing_returns"]
    ]
    for layout, true in zip(read.layouts, truth["layout"], strict=True):
        assert {k: layout[k] for k in true} == true


def test_without_a_register_only_empty_lines_are_missing():
    rows = [[1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10], [2, "HTX Hòa Bình", HOA_BINH]]
    read = read_returns(book(sheet(2018, *rows)))
    assert codes(read) == [("return_missing", "2018", 5)]
    assert read.extra["expected_returns"] == {"2018": 2}
    assert [r["revenue_vnd"] for r in read.records] == [300_000_000]


def test_who_reported_before_and_after_a_year_existed_in_it():
    line = [1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10]
    other = [2, "HTX Hòa Bình", HOA_BINH, 100, 200, 300, 10]
    read = read_returns(book(sheet(2019, line), sheet(2018, other), sheet(2017, line)))
    assert codes(read) == [("return_missing", "2018", None)]
    assert read.extra["missing_returns"] == [
        {"registration_number": HOA_AN, "name": "HTX Hòa An", "year": 2018, "how": "no row"}
    ]
    assert read.extra["expected_returns"] == {"2019": 1, "2018": 2, "2017": 1}


@pytest.mark.parametrize("known_lines", [0, 2])
def test_a_register_of_others_or_of_far_more_tells_nobody_missing(known_lines: int):
    rows = [[1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10], [2, "HTX B", HOA_BINH, 100, 200, 300, 10]]
    others = [{"registration_number": f"{n:010}", "name": f"HTX Số {n}"} for n in range(9)]
    known = [{"registration_number": n, "name": ""} for n in (HOA_AN, HOA_BINH)][:known_lines]
    read = read_returns(book(sheet(2019, *rows)), register=[*known, *others])
    assert (codes(read), read.extra["expected_returns"]) == ([], {"2019": 2})


def test_formulas_are_told_and_columns_may_be_said():
    table = sheet(2019, [1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10])
    table.formulas = {(3, 5)}
    table.rows[3][1] = "=cmd|' /C calc'!A0"
    read = read_returns(book(table), mapping={"2019": {"E": "equity"}})
    assert codes(read) == [("formula_text", "2019", 4), ("formula_cell", "2019", 4)]
    assert (read.records[0]["assets_vnd"], read.records[0]["equity_vnd"]) == (None, 200_000_000)


def test_with_two_years_the_one_far_from_all_others_is_in_the_wrong_unit():
    other = [[i, f"HTX Số {i}", None, 90 + i, 190 + i, 290 + i, 9] for i in range(2, 9)]
    read = read_returns(
        book(
            sheet(2019, [1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10]),
            sheet(2018, [1, "HTX Hòa An", HOA_AN, 100_000, 200_000, 290_000, 12_000], *other),
        )
    )
    jumps = [p for p in read.problems if p["code"] == "unit_jump_up"]
    assert {(p["sheet"], p["row"], p["repair"]) for p in jumps} == {
        ("2018", 4, 100), ("2018", 4, 200), ("2018", 4, 290), ("2018", 4, 12),
    }  # fmt: skip
    assert read.records[1]["assets_vnd"] == 200_000_000


def test_a_figure_written_as_text_is_named_as_the_number_it_says():
    line = [1, "HTX Hòa An", HOA_AN, 100, 200, 300, 10]
    wrong = [1, "HTX Hòa An", HOA_AN, 100, "200.000", "300,5 tỷ", 10]
    read = read_returns(book(*(sheet(y, wrong if y == 2018 else line) for y in (2019, 2018, 2017))))
    told = [(p["code"], p["cell"], p["value"], p["repair"]) for p in read.problems]
    assert told == [
        ("unit_jump_up", "E4", 200_000, 200),
        ("unit_jump_up", "F4", 300_500, 300.5),
    ]


def test_capital_a_thousand_times_the_register_is_in_the_wrong_unit():
    known = [
        {"registration_number": HOA_AN, "name": "HTX Hòa An", "charter_capital_vnd": 100_000_000}
    ]
    read = read_returns(
        book(sheet(2019, [1, "HTX Hòa An", HOA_AN, 100_000, 200, 300, 10])), register=known
    )
    assert codes(read) == [("unit_jump_up", "2019", 4)]


def test_profit_that_falls_to_almost_nothing_is_no_wrong_unit():
    figures = ((2019, 60), (2018, 0.2), (2017, -55))
    sheets = [sheet(y, [1, "HTX Hòa An", HOA_AN, 100, 200, 300, p]) for y, p in figures]
    assert read_returns(book(*sheets)).problems == []


def test_losses_sums_and_districts_between_the_lines():
    rows = [
        ["Huyện Gò Quao"],
        [1, "HTX Hòa An", HOA_AN, "100", "1.200,5", 300, "(12,5)"],
        [2, "HTX Hòa Bình", HOA_BINH, 100, 200, 300, "lỗ 3"],
        ["Cộng huyện Gò Quao", None, None, 200, 1400.5, 600, -15.5],
        ["Tổng cộng", None, None, 200, 1400.5, 600, -15.5],
    ]
    read = read_returns(book(sheet(2019, *rows)))
    assert [(r["district"], r["profit_vnd"]) for r in read.records] == [
        ("Gò Quao", -12_500_000),
        ("Gò Quao", -3_000_000),
    ]
    assert read.records[0]["assets_vnd"] == 1_200_500_000
    layout = read.layouts[0]
    assert (layout["group_rows"], layout["subtotal_rows"], layout["total_rows"]) == ([4], [7], [8])


@pytest.mark.parametrize("unit", ["đồng", "nghìn đồng", "tỷ đồng"])
def test_the_unit_above_the_table_holds(unit: str):
    factor = {"đồng": 1, "nghìn đồng": 10**3, "tỷ đồng": 10**9}[unit]
    read = read_returns(book(sheet(2019, [1, "HTX Hòa An", HOA_AN, 5, 6, 7, 1], unit=unit)))
    assert read.records[0]["revenue_vnd"] == 7 * factor
    assert read.layouts[0]["units"]["revenue"] == unit


@pytest.mark.django_db
def test_the_register_of_the_year_is_asked(cooperative: Callable[..., Any], tmp_path: Path):
    assert cooperatives_at_end_of(2019) is None
    cooperative(
        name="Hợp tác xã Hòa An", registration_number=HOA_AN, members=20, workers=5, charter_capital=10**8
    )  # fmt: skip
    cooperative(name="Hợp tác xã Mới", established_on=dt.date(2020, 2, 1), on=dt.date(2020, 6, 30))
    at_end = cooperatives_at_end_of(2019)
    assert at_end is not None
    assert [(c["registration_number"], c["members"]) for c in at_end] == [(HOA_AN, 20)]
    before = cooperatives_at_end_of(2018)  # the register speaks of it later, but it existed
    assert before is not None
    assert [c.get("members") for c in before] == [None]
    assert cooperatives_at_end_of(2014) is None
    out = tmp_path / "out.json"
    call_command(
        "import_workbook", str(DATA / "returns-2019.xlsx"), kind="returns", dry_run=True, json=str(out)
    )  # fmt: skip
    assert len(json.loads(out.read_text(encoding="utf-8"))["records"]) == 1109


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "file"), [("members", "members-sample"), ("returns", "returns-2019")]
)
def test_an_empty_register_is_no_hindrance(kind: str, file: str, tmp_path: Path):
    out = tmp_path / "out.json"
    call_command(
        "import_workbook", str(DATA / f"{file}.xlsx"), kind=kind, dry_run=True, json=str(out)
    )
    read = json.loads(out.read_text(encoding="utf-8"))
    truth = json.loads((DATA / f"{file}.truth.json").read_text(encoding="utf-8"))
    needs_register = {"differs_from_register", "return_missing"}
    for told in (read, truth):
        told["problems"] = [p for p in told["problems"] if p["code"] not in needs_register]
    assert compare(read, truth) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("returns", "members-sample"),
        ("members", "returns-2019"),
        ("members", "register-2019-clean"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_plain_words(kind: str, file: str, tmp_path: Path):
    out = tmp_path / "out.json"
    with pytest.raises(CommandError) as refused:
        call_command(
            "import_workbook", str(DATA / f"{file}.xlsx"), kind=kind, dry_run=True, json=str(out)
        )
    assert "Hãy xem lại đã chọn đúng loại tệp chưa" in str(refused.value)
    assert json.loads(out.read_text(encoding="utf-8"))["records"] == []


@pytest.mark.django_db
def test_who_reads_a_roster_without_a_day_is_told_against_which_it_was_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "danh sách.csv"
    path.write_text(
        "HTX Hòa An\nHọ và tên,Năm sinh,Giới tính,Số CMND,Ngày vào\n"
        "Lê Văn Ba,1970,Nam,379100001,3/5/2012\n",
        encoding="utf-8",
    )
    call_command("import_workbook", str(path), kind="members", dry_run=True)
    assert "Give the day: --as-of" in capsys.readouterr().err
    call_command(
        "import_workbook", str(path), kind="members", dry_run=True, as_of=dt.date(2019, 12, 31)
    )
    assert "Give the day" not in capsys.readouterr().err
