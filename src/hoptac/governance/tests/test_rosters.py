"""Registers of members are read as they stand, and everything wrong in them is said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.governance.rosters import read_members
from tests.workbooks.compare import compare

DATA = Path(__file__).parents[4] / "tests" / "workbooks" / "data"
HEADING = ["STT", "Họ và tên", "Năm sinh", "Giới tính", "Số CCCD", "Vốn góp (đồng)", "Ngày vào HTX"]
FOUNDED = dt.date(2010, 5, 4)


def book(*rows: list[Any], name: str = "HTX 1", file: str = "thành viên.xlsx") -> Workbook:
    width = max(map(len, rows))
    return Workbook(file, "xlsx", [Sheet(name, [r + [None] * (width - len(r)) for r in rows])])


def member(number: int, name: str, **other: Any) -> list[Any]:
    cells = {
        "birth": 1970, "gender": "Nam", "id": f"0910709{number:05}", "paid": 1_000_000, "joined": FOUNDED,
    } | other  # fmt: skip
    return [number, name, *cells.values()]


def codes(read: Any) -> list[tuple[str, int | None]]:
    return [(p["code"], p["row"]) for p in read.problems]


def test_the_sample_roster_is_read_without_a_difference():
    truth = json.loads((DATA / "members-sample.truth.json").read_text(encoding="utf-8"))
    read = read_members(read_workbook(DATA / "members-sample.xlsx"))
    assert compare(read.as_json(), truth) == []
    assert read.extra["cooperatives"] == truth["cooperatives"]
    found = {(p["code"], p["row"], p["column"]): p for p in read.problems}
    for p in truth["problems"]:
        told = found[p["code"], p["row"], p["column"]]
        for key in ("cell", "value", "repair", "related_rows"):
            assert told.get(key) == p.get(key)
    assert read.as_of == dt.date(2019, 12, 31)
    for key, told in truth["layout"][0].items():
        assert read.layouts[0][key] == told


def test_a_surname_like_the_word_for_a_sum_is_a_member():
    rows = [member(i, n) for i, n in enumerate(("Tống Văn Ba", "Công Tâm", "Tổng Thị"), 1)]
    read = read_members(book(HEADING, *rows, ["Tổng cộng", None, None, None, None, 3_000_000]))
    assert [r["full_name"] for r in read.records] == ["Tống Văn Ba", "Công Tâm", "Tổng Thị"]
    assert read.layouts[0]["total_rows"] == [5]


def test_group_rows_say_whose_members_follow():
    read = read_members(
        book(
            HEADING,
            ["I. HTX Hòa An (MST: 1709551552; vốn điều lệ: 3 triệu đồng; 2 thành viên)"],
            member(1, "Lê Ba"),
            member(2, "Lê Tư"),
            ["Cộng", None, None, None, None, 2_000_000],
            ["II. HTX Hòa Bình (MST: 1709409242; vốn điều lệ: 1.000.000 đồng; 1 thành viên)"],
            member(1, "Lê Năm"),
        )
    )
    numbers = [r["registration_number"] for r in read.records]
    assert numbers == ["1709551552", "1709551552", "1709409242"]
    assert ("contributions_differ_from_capital", None) in codes(read)
    assert [b["charter_capital_vnd"] for b in read.extra["cooperatives"]] == [3_000_000, 1_000_000]


def test_year_of_birth_in_a_column_for_men_and_one_for_women():
    top = ["STT", "Họ và tên", "Năm sinh", None, "Số CMND"]
    sheet = Sheet(
        "Thành viên",
        [
            top,
            [None, None, "Nam", "Nữ", None],
            [1, "Lê Ba", 1970, None, "379000001"],
            [2, "Lê Thị Tư", None, "1/2/1972", "379000002"],
        ],
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)],
    )
    read = read_members(Workbook("a.xlsx", "xlsx", [sheet]))
    told = [(r["gender"], r["birth_date"], r["birth_precision"]) for r in read.records]
    assert told == [("male", "1970-01-01", "year"), ("female", "1972-02-01", "day")]
    assert read.problems == []


def test_the_papers_are_held_against_the_person():
    rows = [
        member(1, "Lê Ba", gender="Nữ"),
        member(2, "Lê Tư", birth=1971),
        member(3, "Lê Năm", id=91070900003),
        member(4, "Lê Sáu", id="1234567"),
        member(5, "Lê Bảy", id=None),
        member(6, "Lê Tám", joined=dt.date(2010, 5, 3)),
        member(7, "Lê Chín", birth="31/6/1970"),
        *(member(i, f"Trần {i}") for i in range(8, 30)),
    ]
    read = read_members(book(HEADING, *rows), as_of=dt.date(2019, 12, 31))
    assert codes(read) == [
        ("identity_gender_mismatch", 2),
        ("identity_birth_mismatch", 3),
        ("identity_lost_zero", 4),
        ("identity_format", 5),
        ("identity_missing", 6),
        ("joined_before_founding", 7),
        ("birth_date_impossible", 8),
    ]
    assert read.records[2]["id_number"] == "091070900003"


def test_founding_is_not_guessed_where_many_joined_before_the_busiest_day():
    rows = [member(i, f"Trần {i}", joined=dt.date(2000 + i % 9, 3, i)) for i in range(1, 20)]
    rows += [member(i, f"Lê {i}") for i in range(20, 31)]
    assert read_members(book(HEADING, *rows)).problems == []


def test_the_register_tells_what_the_roster_does_not():
    known = {"registration_number": "1709551552", "name": "HTX Hòa An", "established_on": "2011-01-01",
             "charter_capital_vnd": 4_000_000}  # fmt: skip
    read = read_members(
        book(["Mã số HTX: 1709551552"], [], HEADING, member(1, "Lê Ba")),
        as_of=dt.date(2019, 12, 31),
        register=[known],
    )
    assert codes(read) == [("contribution_over_cap", 4), ("joined_before_founding", 4)]


def test_a_fifth_exactly_is_no_more_than_a_fifth_though_shares_are_rounded():
    heading = [*HEADING, "Tỷ lệ (%)"]
    paid = (1_000_002, 1_333_333, 1_333_333, 1_666_666, 1_333_333)
    rows = [[*member(i, f"Lê {i}", paid=p), round(p / 66_666.67, 2)] for i, p in enumerate(paid, 1)]
    day = dt.date(2019, 12, 31)
    assert codes(read_members(book(heading, *rows), as_of=day)) == [("contribution_over_cap", 5)]


def test_a_whole_province_is_read():
    heading = ["STT", "Tên HTX", "Mã số HTX", *HEADING[1:]]
    rows = [
        [i + 1, f"HTX Hòa {i // 120}", None, *member(i % 120 + 1, f"Lê Văn {i}", id=f"{i:09}")[1:]]
        for i in range(52_000)
    ]
    read = read_members(book(heading, *rows))
    assert len(read.records) == 52_000
    assert len(read.extra["cooperatives"]) == 434
