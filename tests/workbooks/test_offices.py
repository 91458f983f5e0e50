"""Lists as offices send them, in habits that came up one by one; small enough to be seen whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.governance.rosters import read_members
from hoptac.registry.importing.readers import read_kind
from hoptac.registry.importing.telling import layouts_by_key
from hoptac.returns.workbooks import read_returns
from tests.workbooks import encoders

DAY = dt.date(2019, 12, 31)
HEADS = ["STT", "Tên HTX", "Huyện", "Xã", "Mã số thuế", "Số TV", "Vốn ĐL (tr.đ)", "Lĩnh vực"]
FIRST = [1, "HTX Phú Tâm", "Rạch Giá", "xã Phi Thông", "1709228359", 74, 340, "Nông nghiệp"]
SECOND = [2, "HTX Bình An", "Rạch Giá", "xã Phi Thông", "1709409242", 45, 248.63, "Nông nghiệp"]


def _book(rows: list[list[Any]], name: str = "DS") -> Workbook:
    return Workbook("ds.xlsx", "xlsx", [Sheet(name, [list(r) for r in rows])])


def _register(rows: list[list[Any]], day: dt.date | None = DAY) -> Any:
    return read_kind("register", _book(rows), as_of=day, mapping=None)


def _names(read: Any) -> list[str]:
    return [r["name"] for r in read.records]


def test_what_is_carried_over_to_the_next_page_is_no_cooperative():
    carried = [None, "Mang sang", None, None, None, 74, 340]
    read = _register(
        [HEADS, FIRST, [None, "Cộng trang", None, None, None, 74, 340], carried, SECOND]
    )
    assert _names(read) == ["HTX Phú Tâm", "HTX Bình An"]
    assert not read.problems


@pytest.mark.parametrize("spelt", ["H.T.X Nông nghiệp Phú Tâm", "HTXNN Phú Tâm", "HTX NN PHÚ TÂM"])
def test_a_name_written_together_is_the_same_cooperative(spelt: str):
    first = [1, "Hợp tác xã Nông nghiệp Phú Tâm", *FIRST[2:]]
    read = _register([HEADS, first, [2, spelt, *FIRST[2:]]])
    assert [p["code"] for p in read.problems] == ["duplicate_cooperative"]


def test_a_quarter_tells_the_year_surely():
    read = _register(
        [["Tên HTX", "Xã", "Ngày thành lập"], ["HTX Phú Tâm", "xã Phi Thông", "Quý III/2016"]]
    )
    (record,) = read.records
    assert (record["established_on"], record["established_precision"]) == ("2016-07-01", "year")
    assert not read.problems


def test_a_name_and_an_address_that_run_on_in_the_next_line_are_read_whole():
    heads = ["STT", "Tên HTX", "Địa chỉ", "Mã số thuế", "Số TV"]
    read = _register([
        ["UBND HUYỆN GÒ QUAO: DANH SÁCH HTX"],
        heads,
        [1, "HTX Thủy sản", "ấp An Hòa,", "1709228359", 30],
        [None, "Thành Thắng", "xã Định An"],
        [None, "Khối nông nghiệp"],
        [2, "HTX Bình An", "ấp An Thọ, xã Định An", "1709409242", 45],
    ])  # fmt: skip
    assert _names(read) == ["HTX Thủy sản Thành Thắng", "HTX Bình An"]
    assert [(r["address"], r["commune"], r["district"]) for r in read.records] == [
        ("ấp An Hòa", "Định An", "Gò Quao"), ("ấp An Thọ", "Định An", "Gò Quao"),
    ]  # fmt: skip


def test_a_second_list_with_other_columns_is_read_by_its_own_heading():
    other = ["STT", "Mã số thuế", "Tên HTX", "Lĩnh vực", "Huyện", "Xã", "Số TV"]
    line = [1, "1709409242", "HTX Bình An", "Nông nghiệp", "Rạch Giá", "xã Phi Thông", 45]
    again = [2, "1709409242", "HTX Bình An", "Nông nghiệp", "Rạch Giá", "xã Phi Thông", 45]
    read = _register([["A. Đang hoạt động"], HEADS, FIRST, ["B. Đã ngừng"], other, line, again])
    assert _names(read) == ["HTX Phú Tâm", "HTX Bình An", "HTX Bình An"]
    assert [r["row"] for r in read.records] == [3, 6, 7]
    assert read.records[1]["registration_number"] == "1709409242"
    assert [(p["code"], p["cell"]) for p in read.problems] == [("duplicate_cooperative", "C7")]


def test_the_columns_of_a_second_list_are_told_apart_from_the_first():
    other = ["STT", "Mã số thuế", "Tên HTX", "Lĩnh vực", "Huyện", "Xã", "Số TV"]
    line = [1, "1709409242", "HTX Bình An", "Nông nghiệp", "Rạch Giá", "xã Phi Thông", 45]
    read = _register([HEADS, FIRST, other, line])
    _first, second = read.layouts
    assert list(layouts_by_key(read.layouts)) == ["DS", second["fingerprint"]]
    mapping = {"DS": {"F": ""}}
    read = read_kind("register", _book([HEADS, FIRST, other, line]), as_of=DAY, mapping=mapping)
    assert [r["members"] for r in read.records] == [None, 45]


@pytest.mark.parametrize(
    ("values", "field"), [(("45,5", 98.39), "area_ha"), (("0983000111",) * 2, "phone")]
)
def test_a_column_headed_dt_is_land_or_telephone_by_its_figures(values: Any, field: str):
    rows = [[*line, v] for line, v in zip((FIRST, SECOND), values, strict=True)]
    read = _register([[*HEADS, "ĐT"], *rows])
    assert all(r[field] is not None for r in read.records)


def test_a_sum_of_an_upper_group_spans_the_groups_within():
    def group(mark: str, name: str) -> list[Any]:
        return [mark, name]

    third = [1, "HTX Tân Tiến", "Gò Quao", "xã Định An", "1709110420", 20, 100, "Nông nghiệp"]
    rows = [HEADS, group("A", "NÔNG NGHIỆP"), group("I", "TP Rạch Giá"), FIRST, SECOND,
            group("II", "Huyện Gò Quao"), third]  # fmt: skip
    assert not _register([*rows, [None, "Tổng A", None, None, None, 139]]).problems
    wrong = _register([*rows, [None, "Tổng A", None, None, None, 139, 700]])
    assert [(p["code"], p["cell"], p["repair"]) for p in wrong.problems] == [
        ("total_mismatch", "G8", 688.63)
    ]


def test_a_numbered_sector_with_its_sums_heads_a_group():
    heads = ["STT", "Tên HTX", "Huyện", "Xã", "Mã số thuế", "Số TV", "Vốn ĐL (tr.đ)"]
    rows = [
        heads, [1, "Nông nghiệp - thủy sản: 1 HTX", None, None, None, 74, 340], FIRST[:7],
        [2, "TM-DV", None, None, None, 45, 248.63], SECOND[:7],
    ]  # fmt: skip
    read = _register(rows)
    assert [(r["name"], r["sector"]) for r in read.records] == [
        ("HTX Phú Tâm", "agriculture"), ("HTX Bình An", "trade"),
    ]  # fmt: skip
    assert not read.problems


def test_a_wrong_count_beside_a_groups_number_is_shown_where_it_stands():
    read = _register([HEADS, ["I", "TP Rạch Giá: 3 HTX"], FIRST, SECOND])
    assert [(p["code"], p["cell"]) for p in read.problems] == [("count_mismatch", "B2")]


def test_thousands_grouped_in_english_are_not_taken_for_decimals():
    rows = [[*FIRST[:6], "1,150", "Nông nghiệp"], [*SECOND[:6], "340", "Nông nghiệp"]]
    read = _register([HEADS, *rows])
    assert [r["charter_capital_vnd"] for r in read.records] == [1_150_000_000, 340_000_000]


def test_a_list_of_a_district_without_a_day_is_held_against_the_old_map():
    heads = ["STT", "Tên HTX", "Xã", "Mã số thuế"]
    line = [1, "HTX Bình An", "xã Tân Hiệp A", "1709409242"]
    read = _register([["UBND HUYỆN TÂN HIỆP"], heads, line], day=None)
    assert read.records[0]["district"] == "Tân Hiệp"
    signed = _register([["Tân Hiệp, ngày 31 tháng 12 năm 2019"], heads, line], day=None)
    assert signed.as_of == DAY


def test_a_heading_far_below_blank_lines_is_found():
    assert _names(_register([*([[]] * 200), HEADS, FIRST])) == ["HTX Phú Tâm"]


def test_who_signed_a_roster_is_no_member():
    heads = ["TT", "Họ và tên", "Giới tính", "Năm sinh", "Số CCCD", "Loại TV", "Vốn góp (đồng)"]
    member = [1, "Lê Văn An", "Nam", 1954, "379798156", "Cá nhân", 4290000]
    read = read_members(_book([
        ["HTX Phú Tâm, MST 1709228359, 31/12/2019"], heads, member, ["Tổng cộng", *[None] * 5, 4290000],
        [None, "Kế toán", None, None, None, "Chủ tịch HĐQT"], [None, "Trần Thị Hoa", None, None, None, "Lê Văn An"],
    ]))  # fmt: skip
    assert [r["full_name"] for r in read.records] == ["Lê Văn An"]
    assert not read.problems


def test_returns_grouped_by_district_with_sums_and_short_heads():
    read = read_returns(_book([
        ["BÁO CÁO NĂM 2019 (triệu đồng)"],
        ["STT", "Đơn vị", "Mã số thuế", "Số TV", "LĐ thường xuyên", "Trong đó nữ", "Doanh thu", "Vốn CSH"],
        ["I", "Huyện Gò Quao", None, 75, 20, None, 900, None],
        [1, "HTX Bình An", "1709409242", 45, 12, 3, 500, 100],
        [2, "HTX Phú Tâm", "1709228359", 30, 8, 2, 400, 90],
        ["Nơi nhận:", None, None, None, None, None, "CHỦ TỊCH"],
        [None, "- Sở KH&ĐT;", None, None, None, None, "Nguyễn Văn A"],
    ]))  # fmt: skip
    assert [(r["name"], r["district"]) for r in read.records] == [
        ("HTX Bình An", "Gò Quao"), ("HTX Phú Tâm", "Gò Quao"),
    ]  # fmt: skip
    first = read.records[0]
    assert [first[k] for k in ("workers", "workers_female", "equity_vnd")] == [12, 3, 100_000_000]


def test_figures_of_two_years_side_by_side_are_two_returns():
    merged = [(0, 3, 0, 4), (0, 5, 0, 6)]
    rows = [
        ["STT", "Tên HTX", "Mã số thuế", "Năm 2018", None, "Năm 2019", None, "Kế hoạch 2020"],
        [None, None, None, *["Doanh thu (triệu đồng)", "Lợi nhuận (triệu đồng)"] * 2, "Doanh thu"],
        [1, "HTX Bình An", "1709409242", 500, 20, 520, 21, 600],
        [2, "HTX Phú Tâm", "1709228359", 400, 19, 390, 18, 600],
    ]
    read = read_returns(Workbook("so sanh.xlsx", "xlsx", [Sheet("So sánh", rows, merged)]))
    assert [(r["year"], r["row"], r["revenue_vnd"], r["profit_vnd"]) for r in read.records] == [
        (2018, 3, 500_000_000, 20_000_000), (2018, 4, 400_000_000, 19_000_000),
        (2019, 3, 520_000_000, 21_000_000), (2019, 4, 390_000_000, 18_000_000),
    ]  # fmt: skip


LINES = (
    ("TT", "Tên", "Mã số", "Vốn", "Diện tích", "Số thành", "Nội dung", "Ngày, tháng,", "Huyện", "Xã"),
    (None, "hợp tác xã", "thuế", "điều lệ", None, "viên", "hoạt động", "năm thành lập", None, None),
)  # fmt: skip
WHOLE = [1, "HTX Phú Tâm", "1709228359", 340, 98.39, 74, "Trồng lúa", "4/5/2018", "Gò Quao", "xã Định An"]  # fmt: skip


@pytest.mark.parametrize("stands", ["above", "below"])
def test_headings_on_two_lines_of_cells_are_one_text(stands: str):
    heads = [list(r) for r in LINES]
    if stands == "below":
        for c, text in enumerate(heads[1]):
            if text is None:
                heads[0][c], heads[1][c] = None, heads[0][c]
    read = _register(
        [["Đơn vị tính: triệu đồng"], *heads, WHOLE, heads[0], heads[1], [2, *WHOLE[1:]]]
    )
    first = read.records[0]
    assert _names(read) == ["HTX Phú Tâm"] * 2
    assert first["charter_capital_vnd"] == 340_000_000
    assert [first[k] for k in ("members", "activity", "established_on", "area_ha")] == [
        74, "Trồng lúa", "2018-05-04", 98.39,
    ]  # fmt: skip


def test_a_row_of_units_below_the_heading_tells_the_units():
    units = [None, None, None, "(1000đ)", "m2", "(người)"]
    read = _register([LINES[0], LINES[1], units, [*WHOLE[:3], "340.000", 983900, *WHOLE[5:]]])
    (record,) = read.records
    assert (record["charter_capital_vnd"], record["area_ha"]) == (340_000_000, 98.39)
    assert not read.problems


def test_a_group_of_columns_named_after_the_activity_is_neither_dong_nor_a_state():
    rows = [
        ["STT", "Tên HTX", "Xã", "Quy mô hoạt động", None],
        [None, None, None, "Vốn ĐL", "Số người"],
        [None, None, None, None, "Thành viên"],
        [1, "HTX Bình An", "xã Phi Thông", "1.150", 45],
    ]
    read = _register([["ĐVT: triệu đồng"], *rows])
    (record,) = read.records
    assert record["charter_capital_vnd"] == 1_150_000_000
    assert (record["members"], record["status"]) == (45, None)


def test_columns_to_be_marked_with_the_sector_need_no_merged_cells():
    rows = [
        ["STT", "Tên HTX", "Huyện", "Xã", "Lĩnh vực", None, None, None, "Mã số thuế", "Số TV"],
        [None, None, None, None, "NN", "CN-TTCN", "TD", "TM-DV"],
        [1, "HTX A", "Gò Quao", "xã Định An", "x", None, None, None, "1709228359", 74],
        [2, "QTDND B", "Gò Quao", "xã Định An", None, None, "x", None, "1709409242", 45],
    ]
    read = _register(rows)
    assert [r["sector"] for r in read.records] == ["agriculture", "credit"]
    assert not read.problems


def test_a_part_of_an_address_on_a_second_line_is_still_that_part():
    heads = [
        ["STT", "Tên HTX", "Trụ sở chính", "Mã số thuế", "Địa chỉ", "Số TV"],
        [None, None, "Xã", None, "Ấp", None],
    ]
    read = _register([*heads, [1, "HTX A", "xã Phi Thông", "1709228359", "ấp Tà Keo", 74]])
    assert [read.records[0][k] for k in ("commune", "address")] == ["Phi Thông", "ấp Tà Keo"]


def test_a_heading_printed_again_below_its_lines_is_not_taken_for_the_first():
    heads = [[*HEADS, "Số người", None], [*[None] * 8, "Lao động", "Thành viên"]]
    read = _register([*heads, [*FIRST, 9, 74], *heads, [*SECOND, 8, 45]])
    assert _names(read) == ["HTX Phú Tâm", "HTX Bình An"]


@pytest.mark.parametrize(
    ("text", "runs"),
    [("- Trồng lúa; chăn nuôi", False), ("-nt-", False), ("+84 901 000 123", False),
     ("=HYPERLINK(\"http://x.vn\")", True), ("+cmd|calc!A0", True), ("-2+3+cmd|'/C calc'!A0", True)],
)  # fmt: skip
def test_a_dash_before_a_word_is_no_formula(text: str, runs: bool):
    read = _register([[*HEADS, "Ngành nghề chính"], [*FIRST, text]])
    assert ["formula_text" for p in read.problems] == ["formula_text"] * runs


def test_sums_are_held_against_lines_in_the_units_and_habits_of_the_column():
    heads = ["STT", "Tên HTX", "Xã", "Diện tích (m2)", "Số TV", "Vốn ĐL (nghìn đồng)"]
    rows = [
        heads,
        [1, "HTX Phú Tâm", "xã Phi Thông", 500_000, "1,020", "960,000"],
        [2, "HTX Bình An", "xã Phi Thông", 250_000, "980", "1,248,630"],
    ]
    right = _register([*rows, ["Tổng cộng", None, None, "750,000", "2,000", "2,208,630"]])
    assert not right.problems
    assert [r["members"] for r in right.records] == [1020, 980]
    assert [r["charter_capital_vnd"] for r in right.records] == [960_000_000, 1_248_630_000]
    wrong = _register([*rows, ["Tổng cộng", None, None, 760_000, "2,000", "2,208,630"]])
    assert [(p["code"], p["cell"], p["repair"]) for p in wrong.problems] == [
        ("total_mismatch", "D4", 750_000)
    ]


def test_a_column_of_texts_with_decimal_points_is_no_column_of_thousands():
    heads = ["STT", "Tên HTX", "Xã", "Vốn điều lệ (tỷ đồng)"]
    rows = [["1", "HTX A", "xã Phi Thông", "2.642"], ["2", "HTX B", "xã Phi Thông", "0.93941"]]
    read = _register([heads, *rows])
    assert [r["charter_capital_vnd"] for r in read.records] == [2_642_000_000, 939_410_000]
    assert not read.problems


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn Đạt", "Huỳnh Minh Lụa", "Võ Minh Hiếu", "Danh Quốc Thắng"]
)
@pytest.mark.parametrize("font", [encoders.to_tcvn3, encoders.to_vni])
def test_one_cell_of_an_old_font_among_others_is_read(name: str, font: Any):
    lines = [[*FIRST, "Lê Thị Bưởi"] for _line in range(9)]
    read = _register([[*HEADS, "Chủ tịch HĐQT"], *lines, [*SECOND, font(name)]])
    assert read.records[-1]["chairman"] == name
    assert read.records[0]["chairman"] == "Lê Thị Bưởi"


def test_a_heading_typed_anew_above_a_list_in_an_old_font_stays():
    old = [encoders.to_tcvn3(v) if isinstance(v, str) else v for v in SECOND]
    read = _register([["Tên HTX", *HEADS[2:]], *([old[1], *old[2:]] for _line in range(9))])
    assert read.records[0]["name"] == "HTX Bình An"
    assert read.records[0]["sector"] == "agriculture"


def test_signs_that_nobody_sees_change_nothing():
    def veiled(values: list[Any]) -> list[Any]:
        return [
            v.replace(" ", "\u200b\xa0", 1) + "\ufeff" if isinstance(v, str) else v for v in values
        ]

    read = _register([veiled(HEADS), veiled(FIRST), veiled([*SECOND[:6], "248,63 tr", SECOND[7]])])
    plain = _register([HEADS, FIRST, SECOND])
    assert [dict(r) for r in read.records] == [dict(r) for r in plain.records]
    assert not read.problems


def test_a_former_name_in_brackets_tells_who_was_renamed():
    new = [2, "HTX Ban Mai (tên cũ: HTX Phú Tâm)", *FIRST[2:5], 90, 500, "Nông nghiệp"]
    read = _register([HEADS, FIRST, new])
    assert [p["code"] for p in read.problems] == ["renamed_cooperative"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({1: "HTX Ban Mai"}, "renamed_cooperative"), ({3: "xã Định An"}, "duplicate_cooperative")],
)
def test_without_numbers_a_body_is_known_by_all_the_rest(changes: dict[int, str], code: str):
    heads = [
        "STT",
        "Tên HTX",
        "Huyện",
        "Xã",
        "Ngày thành lập",
        "Vốn (tr.đ)",
        "Số TV",
        "LĐ",
        "Chủ tịch",
    ]
    line = [1, "HTX Phú Tâm", "Gò Quao", "xã Định Hòa", "4/5/2018", 340, 74, 12, "Lê Văn An"]
    again = [changes.get(c, v) for c, v in enumerate(line)]
    read = _register([heads, line, again])
    assert [p["code"] for p in read.problems] == [code]


@pytest.mark.parametrize("sheet", ["908_An Biên", "H.An Biên", "HUYỆN AN BIÊN", "7. an bien"])
def test_a_sheet_named_after_its_district_places_its_lines(sheet: str):
    heads = ["STT", "Tên HTX", "Xã", "Mã số thuế"]
    book = _book([heads, [1, "HTX A", "phường Rạch Sỏi", "1709228359"]], sheet)
    read = read_kind("register", book, as_of=DAY, mapping=None)
    assert [p["code"] for p in read.problems] == ["commune_of_other_district"]


def test_a_title_may_name_the_sector_in_short():
    heads = ["STT", "Tên HTX", "Huyện", "Xã", "Mã số thuế"]
    title = ["DANH SÁCH HTX ĐANG QUẢN LÝ LĨNH VỰC CN-TTCN TRÊN ĐỊA BÀN TỈNH"]
    assert _register([title, heads, FIRST[:5]]).records[0]["sector"] == "industry"


def test_a_line_without_a_name_whose_chairman_is_called_cong_is_no_sum():
    read = _register(
        [[*HEADS, "Chủ tịch"], [1, None, None, None, *FIRST[4:7], None, "Bùi Công Oanh"]]
    )
    assert "name_missing" in {p["code"] for p in read.problems}


def test_a_letter_lost_at_the_beginning_of_a_commune_is_a_slip():
    read = _register([HEADS, [1, "HTX A", "U Minh Thượng", "xã A Minh Bắc", *FIRST[4:]]])
    assert [(p["code"], p["repair"]) for p in read.problems] == [
        ("commune_misspelt", "An Minh Bắc")
    ]


def test_a_text_in_utf_16_that_begins_with_tabs_is_no_old_workbook(tmp_path: Any):
    file = tmp_path / "ds.csv"
    lines = ["\t\tDANH SÁCH HTX", "\t".join(HEADS), "\t".join(map(str, FIRST))]
    file.write_bytes("\r\n".join(lines).encode("utf-16-le"))
    read = read_kind("register", read_workbook(file), as_of=DAY, mapping=None)
    assert _names(read) == ["HTX Phú Tâm"]
