"""Lists as offices send them, in habits that came up one by one; small enough to be seen whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.governance.rosters import read_members
from hoptac.registry.importing.readers import read_kind
from hoptac.registry.importing.telling import layouts_by_key
from hoptac.returns.workbooks import read_returns

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
