"""Rosters and yearly returns in shapes that came up one by one; small enough to be seen whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hoptac.foundation.tables.legacy import decode_sheet
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.governance.rosters import read_members
from hoptac.returns.workbooks import read_returns

JOINED = dt.date(2012, 5, 3)
HEADS = ["STT", "Họ và tên", "Năm sinh", "Giới tính", "Số CMND", "Vốn góp (nghìn đồng)", "Ngày vào"]
LAN = [1, "Trần Thị Lan", 1970, "Nữ", "379100001", 1000, JOINED]
TAM = [2, "Lê Văn Tâm", 1971, "Nam", "379100002", 1000, JOINED]
SON = [3, "Danh Sơn", 1972, "Nam", "379100003", 1000, JOINED]


def _sheet(*rows: list[Any], name: str = "DS", **more: Any) -> Sheet:
    width = max(map(len, rows))
    return Sheet(name, [list(r) + [None] * (width - len(r)) for r in rows], **more)


def _members(*rows: list[Any], **more: Any) -> Any:
    return read_members(Workbook("ds.xlsx", "xlsx", [_sheet(*rows, **more)]))


def _codes(read: Any) -> list[tuple[str, str | None]]:
    return [(p["code"], p["cell"]) for p in read.problems]


# --- Rosters


def test_a_heading_repeated_in_the_middle_does_not_swallow_the_members_above_it():
    heads = ["STT", "Họ và tên", "Năm sinh", "GT", "Số CMND", "Vốn góp", "Ngày vào"]
    read = _members(["HTX Phú Tâm"], heads, LAN, TAM, heads, SON)
    assert [r["row"] for r in read.records] == [3, 4, 6]
    assert [r["gender"] for r in read.records] == ["female", "male", "male"]


def test_the_lines_above_a_table_are_not_its_upper_heading():
    read = _members(["MST: 1709228359; Tổng số TV: 3"], ["Thời điểm: 30/06/2019"], HEADS, LAN, TAM)
    assert {r["registration_number"] for r in read.records} == {"1709228359"}
    assert read.layouts[0]["header_rows"] == [3]
    assert [p["code"] for p in read.problems] == ["member_count_differs"]


def test_what_a_line_below_a_cooperatives_name_says_is_held_against_its_members():
    read = _members(
        ["DANH SÁCH THÀNH VIÊN CÁC HTX ĐẾN 31/12/2019"],
        HEADS,
        ["1/ HTX Phú Tâm - MST: 1709228359"],
        ["Tổng số TV: 3"],
        LAN, TAM,
        ["2/ HTX Bình An - MST: 1709409242"],
        [None, "Vốn điều lệ đến 31/12/2019: 2 triệu đồng; thành viên: 1 người"],
        SON,
    )  # fmt: skip
    told = {
        (p["code"], p["registration_number"]): p["repair"] for p in read.problems if not p["cell"]
    }
    assert told == {
        ("member_count_differs", "1709228359"): 3,
        ("contributions_differ_from_capital", "1709409242"): 2_000_000,
    }


@pytest.mark.parametrize(
    "line",
    [["Vốn điều lệ (triệu đồng):", None, 5], ["Vốn điều lệ:", None, 5000], ["VĐL: 5 tr.đ"]],
)
def test_a_capital_beside_its_label_counts_in_the_unit_told(line: list[Any]):
    read = _members(["HTX Phú Tâm"], line, ["Số thành viên:", None, "2"], HEADS, LAN, TAM)
    (body,) = read.extra["cooperatives"]
    assert (body["charter_capital_vnd"], body["members"]) == (5_000_000, 2)


def test_a_certificate_of_contribution_is_no_amount_and_a_company_no_person():
    heads = [*HEADS[:5], "Số GCN vốn góp", "Số tiền góp vốn (nghìn đồng)", "Ngày vào"]
    firm = [3, "Công ty TNHH Tân Hưng", None, None, "1709409242", "003/GCN", 900, JOINED]
    rows = [[*m[:5], f"00{i}/GCN", *m[5:]] for i, m in enumerate((LAN, TAM), 1)]
    read = _members(["HTX Phú Tâm"], heads, *rows, firm)
    assert [r["contribution_vnd"] for r in read.records] == [1_000_000, 1_000_000, 900_000]
    assert read.records[2]["kind"] == "entity"
    assert "registration_number_format" not in {p["code"] for p in read.problems}
    assert "identity_format" not in {p["code"] for p in read.problems}


def test_a_list_of_cooperatives_is_no_roster_of_their_chairmen():
    rows = [
        ["STT", "Tên HTX", "Mã số thuế", "Chủ tịch HĐQT", None, "Vốn điều lệ"],
        [None, None, None, "Họ và tên", "Điện thoại", None],
        [1, "HTX Phú Tâm", "1709228359", "Lê Văn Tâm", "0830001196", 340],
    ]
    merged = [(0, 3, 0, 4), *((0, c, 1, c) for c in (0, 1, 2, 5))]
    read = read_members(Workbook("ds.xlsx", "xlsx", [_sheet(*rows, merged=merged)]))
    assert not read.records


def test_an_associate_without_capital_may_be_fifteen_since_the_law_of_2023():
    heads = [*HEADS, "Tư cách thành viên"]
    young = [1, "Lê Văn Tâm", dt.date(2008, 3, 1), "Nam", "379100002", None, dt.date(2024, 8, 1)]
    free, full = (
        [*young, "Liên kết không góp vốn"],
        [2, "Danh Sơn", *young[2:4], "379100003", *young[5:]],
    )
    read = _members(["HTX Phú Tâm: thành viên đến 31/12/2024"], heads, free, [*full, "Chính thức"])
    assert _codes(read) == [("under_age", "C4")]


@pytest.mark.parametrize(
    ("heading", "others", "is_read"),
    [
        ("S§T", ["Hä vµ tªn", "NguyÔn V¨n Tó", "Ph¹m ThÞ HuÖ", "Sè CMND", "Vèn gãp"], "SĐT"),
        ("Thôøi haïn goùp voán", ["Hoï vaø teân", "Nguyeãn Vaên Tuù", "Phaïm Thò Hueä"], "Thời hạn góp vốn"),
    ],
)  # fmt: skip
def test_a_column_of_few_words_follows_the_font_of_its_sheet(
    heading: str, others: Any, is_read: str
):
    rows = [[heading, text] for text in others] + [
        [f"{i} thaùng", "xaõ Taân Phuù"] for i in range(8)
    ]
    if heading == "S§T":
        rows = [[heading, text] for text in others * 4]
    decode_sheet(rows)
    assert rows[0][0] == is_read


# --- Returns


def _returns(*sheets: Sheet, **more: Any) -> Any:
    return read_returns(Workbook("bc.xlsx", "xlsx", list(sheets)), **more)


def _form(name: str, number: str, *, profit: Any = 12.5) -> list[list[Any]]:
    return [
        [f"HỢP TÁC XÃ {name.upper()}"],
        ["BÁO CÁO HOẠT ĐỘNG NĂM 2019"],
        [f"1. Tên HTX: HTX {name}"],
        [f"2. Mã số: {number}"],
        ["TT", "Chỉ tiêu", "Mã số", "ĐVT", "Năm 2018", "Năm 2019", "Kế hoạch 2020"],
        ["A", "Thành viên"],
        [1, "Tổng số", "101", "người", 30, "32", 40],
        [2, "- Cá nhân", "102", "người", 20, 20, 25],
        [3, "- Hộ gia đình", "103", "người", 10, 11, 15],
        [4, "- Pháp nhân", "104", "người", 0, 0, 0],
        ["B", "Kết quả hoạt động"],
        [1, "Doanh thu", "201", "triệu đồng", 900, "1.100,5", 1200],
        [2, "Lợi nhuận trước thuế", "202", "triệu đồng", 8, profit, 20],
        [3, "Thu nhập bình quân lao động", "203", "nghìn đồng", 48000, 50000, 52000],
    ]


def test_a_form_of_one_cooperative_is_a_return_of_each_of_its_years():
    read = _returns(_sheet(*_form("Phú Tâm", "1709228359"), name="Biểu"))
    before, now = read.records
    assert [r["year"] for r in read.records] == [2018, 2019]
    assert (now["name"], now["registration_number"]) == ("HTX Phú Tâm", "1709228359")
    assert (now["members"], now["revenue_vnd"], now["income_per_worker_vnd"]) == (
        32, 1_100_500_000, 50_000_000,
    )  # fmt: skip
    assert (before["members"], before["profit_vnd"]) == (30, 8_000_000)
    assert _codes(read) == [("identity_broken", "F7")], "told where it stands on the form"
    assert read.as_of == dt.date(2019, 12, 31)


def test_forms_below_one_another_are_told_apart():
    second = _form("Bình An", "1709409242", profit="lỗ")
    rows = [*_form("Phú Tâm", "1709228359"), [], ["Giám đốc"], [], *second]
    read = _returns(_sheet(*rows))
    assert [(r["name"], r["year"]) for r in read.records] == [
        ("HTX Phú Tâm", 2018), ("HTX Phú Tâm", 2019), ("HTX Bình An", 2018), ("HTX Bình An", 2019),
    ]  # fmt: skip
    assert ("number_unreadable", "F30") in _codes(read)


TABLE = ["STT", "Tên HTX", "Mã số thuế", "Doanh thu (triệu đồng)", "Lợi nhuận"]


def _known(number: int, district: str, founded: str = "2001-01-01") -> dict[str, Any]:
    return {
        "registration_number": f"17090000{number:02}", "name": f"HTX Số {number}", "district": district,
        "established_on": founded, "members": None, "workers": None, "charter_capital_vnd": None,
    }  # fmt: skip


def test_who_is_missing_in_a_districts_file_is_told_by_the_district():
    register = [_known(n, "Gò Quao" if n < 4 else "An Minh") for n in range(20)]
    lines = [[n, f"HTX Số {n}", f"17090000{n:02}", 100 + n, 5] for n in range(3)]
    read = _returns(_sheet(TABLE, *lines, name="2019"), register=lambda year: register)
    assert [m["name"] for m in read.extra["missing_returns"]] == ["HTX Số 3"]
    assert read.extra["expected_returns"] == {"2019": 4}


@pytest.mark.parametrize("merged", [[(0, 3, 0, 4)], []])
def test_years_below_an_indicator_are_read_with_and_without_merged_cells(merged: Any):
    sheet = _sheet(
        ["STT", "Tên HTX", "Mã số thuế", "Lợi nhuận trước thuế", None, "Doanh thu"],
        [None, None, None, "2018", "Năm 2019", 2018, 2019],
        [1, "HTX Số 1", "1709000001", None, 7, None, 90],
        [2, "HTX Số 2", "1709000002", 4, None, 80, None],
        merged=merged,
    )
    register = [_known(1, "Gò Quao", "2019-02-01"), _known(2, "Gò Quao")]
    read = _returns(
        sheet, register=lambda y: [r for r in register if r["established_on"] < f"{y + 1}"]
    )
    assert {(r["name"], r["year"], r["profit_vnd"], r["revenue_vnd"]) for r in read.records} == {
        ("HTX Số 1", 2019, 7_000_000, 90_000_000), ("HTX Số 2", 2018, 4_000_000, 80_000_000),
    }  # fmt: skip
    missing = [(m["name"], m["year"]) for m in read.extra["missing_returns"]]
    assert missing == [("HTX Số 2", 2019)], "Số 1 did not exist in 2018"


@pytest.mark.parametrize(
    ("profit", "expected"), [(0.3, []), (0.3125, ["unit_jump_down"]), (312_500, ["unit_jump_up"])]
)
def test_a_small_profit_is_no_wrong_unit_unless_its_line_shows_it(
    profit: float, expected: list[str]
):
    def line(value: float) -> list[Any]:
        return [1, "HTX Số 1", "1709000001", 4000.5, value]

    sheets = [
        _sheet(TABLE, line(v), name=y)
        for y, v in (("2017", 312.5), ("2018", 298.1), ("2019", profit))
    ]
    read = _returns(*sheets)
    assert [
        p["code"] for p in read.problems if p["field"] == "profit" and "unit" in p["code"]
    ] == expected
