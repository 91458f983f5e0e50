"""The given workbooks in other offices' habits: whatever moves, the same truth is read."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.governance.rosters import read_members
from hoptac.jurisdiction.gazetteer import load_gazetteer
from hoptac.registry.listing import read_register
from hoptac.returns.workbooks import read_returns
from tests.workbooks import encoders, mutate
from tests.workbooks.compare import compare
from tests.workbooks.mutate import Case, column_index, each_of, each_text

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HOPTAC_SHARED") or ROOT.parent / "shared") / "data"
PLACES = ROOT / "rulebook" / "jurisdiction"
FILES = {"clean": "register-2019-clean", "office": "register-2019-office",
         "members": "members-sample", "returns": "returns-2019"}  # fmt: skip
pytestmark = pytest.mark.skipif(
    not (SHARED / "register-2019-office.truth.json").exists(), reason="the given workbooks are away"
)


@cache
def _given(name: str) -> tuple[Any, Any, Any]:
    stem = FILES[name]
    truth = json.loads((SHARED / f"{stem}.truth.json").read_text(encoding="utf-8"))
    register = _read("clean", _given("clean")[0], None).records if name == "returns" else None
    return read_workbook(SHARED / f"{stem}.xlsx"), truth, register


def case_of(name: str) -> Case:
    return Case(*copy.deepcopy(_given(name)))


def _read(name: str, workbook: Any, register: Any) -> Any:
    if name == "members":
        return read_members(workbook)
    if name == "returns":
        return read_returns(workbook, register=register)
    return read_register(copy.deepcopy(workbook), lambda day: load_gazetteer(PLACES, day))


def differences(name: str, case: Case) -> list[str]:
    read = _read(name, case.workbook, case.register)
    found = compare(read.as_json(), case.truth)
    if name != "returns" and str(read.as_of) != case.truth["as_of"]:
        found.append(f"as of: read {read.as_of}, true {case.truth['as_of']}")
    return found


def _titles(case: Case) -> None:
    for sheet, _layout in case.layouts():
        wide = max(len(r) for r in sheet.rows)
        mutate.move_rows(case, sheet, 0, [
            ["LIÊN MINH HỢP TÁC XÃ", *[None] * (wide - 1)], [None] * wide, [None] * wide,
        ])  # fmt: skip


def _left(case: Case) -> None:
    mutate.move_columns(case, lambda c: c + 2)


def _gap(case: Case) -> None:
    mutate.move_columns(case, lambda c: c if c < 3 else c + 1)


def _backwards(case: Case) -> None:
    wide = max(len(r) for s, _l in case.layouts() for r in s.rows)
    mutate.move_columns(case, lambda c: wide - 1 - c)


def _encoded(encode: Callable[[str], str]) -> Callable[[Case], None]:
    return lambda case: each_text(case, encode)


def _numbered(case: Case) -> None:
    for sheet, layout in case.layouts():
        if not layout.get("number_rows"):
            wide = max(len(r) for r in sheet.rows)
            row = [f"({i + 1})" for i in range(wide)]
            mutate.move_rows(case, sheet, max(layout["header_rows"]), [row])


def _repeated(case: Case) -> None:
    """Print the heading again on every page of forty lines."""
    for sheet, layout in case.layouts():
        top = [list(sheet.rows[r - 1]) for r in layout["header_rows"]]
        rows = sorted(r["row"] for r in case.truth["records"] if r["sheet"] == sheet.name)
        for row in reversed(rows[40::40]):
            mutate.move_rows(case, sheet, row - 1, top)


def _blank_lines(case: Case) -> None:
    for sheet, _layout in case.layouts():
        wide = max(len(r) for r in sheet.rows)
        rows = sorted(r["row"] for r in case.truth["records"] if r["sheet"] == sheet.name)
        for row in reversed(rows[15::15]):
            mutate.move_rows(case, sheet, row - 1, [[None] * wide, [" "] * wide])


def _capitals(case: Case) -> None:
    for sheet, layout in case.layouts():
        for r in layout["header_rows"]:
            sheet.rows[r - 1] = [v.upper() if isinstance(v, str) else v for v in sheet.rows[r - 1]]


def _unmarked_heads(case: Case) -> None:
    from hoptac.foundation.vietnamese import fold

    for sheet, layout in case.layouts():
        for r in layout["header_rows"]:
            sheet.rows[r - 1] = [fold(v) if isinstance(v, str) else v for v in sheet.rows[r - 1]]


def _no_count(case: Case) -> None:
    """Leave the numbers of the lines out; what else stands in their column stays."""
    each_of(case, "number", lambda v: None)
    for sheet, layout in case.layouts():
        c = column_index(layout["columns"].pop("number"))
        for r in (*layout["header_rows"], *layout.get("repeated_header_rows", ())):
            sheet.rows[r - 1][c] = None


def _signed(case: Case) -> None:
    for sheet, _layout in case.layouts():
        wide = max(len(r) for r in sheet.rows)
        foot: list[list[Any]] = [[None] * wide for _ in range(5)]
        foot[1][0], foot[1][-3] = "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"
        foot[2][0], foot[2][-3] = "- Như trên;", "KT. CHỦ TỊCH"
        foot[3][0], foot[4][-3] = "- Lưu: VT.", "Nguyễn Văn Mẫu"
        sheet.rows += foot


def _extra_columns(case: Case) -> None:
    for sheet, layout in case.layouts():
        for r, row in enumerate(sheet.rows):
            wide = max(len(x) for x in sheet.rows[: r + 1])
            row += [None] * (wide - len(row))
        top = sheet.rows[min(layout["header_rows"]) - 1]
        wide = max(len(r) for r in sheet.rows)
        top += [None] * (wide - len(top)) + [
            "Email",
            "Số Quyết định công nhận",
            "Xếp loại năm trước",
        ]
        for record in case.truth["records"]:
            if record["sheet"] == sheet.name:
                row = sheet.rows[record["row"] - 1]
                row += [None] * (wide - len(row)) + ["a@example.invalid", "12/QĐ-UBND", "Khá"]


def _cover(case: Case) -> None:
    case.workbook.sheets.insert(0, Sheet("Bìa", [
        ["UBND TỈNH KIÊN GIANG"], [None], ["DANH SÁCH HỢP TÁC XÃ"], ["Năm 2019"], [None],
        ["STT", "Nội dung", "Ghi chú"], [1, "Danh sách", None], [2, "Tổng hợp", None],
    ]))  # fmt: skip


EVERYWHERE: dict[str, Callable[[Case], None]] = {
    "as it came": lambda case: None,
    "titles above": _titles,
    "two blank columns at the left": _left,
    "tcvn3": _encoded(encoders.to_tcvn3),
    "vni": _encoded(encoders.to_vni),
    "decomposed": _encoded(encoders.to_nfd),
    "new tone habit": _encoded(mutate.old_tones),
    "old tone habit decomposed": _encoded(
        lambda t: unicodedata.normalize("NFD", mutate.old_tones(t))
    ),
    "numbering row": _numbered,
    "heading on every page": _repeated,
    "blank lines": _blank_lines,
    "headings in capitals": _capitals,
    "headings without marks": _unmarked_heads,
    "no running number": _no_count,
    "signatures below": _signed,
    "columns nobody asked for": _extra_columns,
    "a cover sheet": _cover,
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", EVERYWHERE)
def test_a_given_workbook_is_read_in_another_layout(name: str, how: str):
    case = case_of(name)
    EVERYWHERE[how](case)
    found = differences(name, case)
    assert not found, "\n".join(found[:8])


def _heads_a(case: Case) -> None:
    mutate.rename(case, {
        "number": "TT", "name": "TÊN ĐƠN VỊ", "registration_number": "MST",
        "sector": "Lĩnh vực hoạt động", "activity": "Ngành nghề SXKD", "district": "Huyện, TP",
        "commune": "Xã, P, TT", "address": "Địa chỉ (ấp, khu phố)",
        "established_on": "Thời điểm thành lập", "charter_capital_vnd": "VĐL (đồng)",
        "area_ha": "DT canh tác (ha)", "members": "Tổng số TV", "workers": "Tổng số LĐ",
        "chairman": "Người đại diện theo pháp luật", "director": "Giám đốc HTX", "phone": "SĐT liên hệ",
        "status": "Hiện trạng",
    })  # fmt: skip


def _heads_b(case: Case) -> None:
    mutate.rename(case, {
        "number": "Số TT", "name": "Tên hợp tác xã (ghi theo GCN)", "registration_number": "Số ĐKKD/MST",
        "sector": "Phân loại theo ngành", "activity": "Hoạt động SXKD chính", "district": "Địa bàn huyện",
        "commune": "Địa bàn xã", "address": "Địa chỉ cụ thể", "established_on": "Năm thành lập",
        "charter_capital_vnd": "Tổng vốn điều lệ đăng ký, đồng", "area_ha": "Diện tích đất sản xuất",
        "members": "Số xã viên (người)", "workers": "LĐ thường xuyên", "chairman": "Họ tên Chủ tịch HĐQT",
        "director": "Họ tên Giám đốc", "phone": "Số ĐT", "status": "Tình hình hoạt động hiện nay",
    })  # fmt: skip


def _million_above(case: Case) -> None:
    (sheet, _layout), *_rest = case.layouts()
    each_of(case, "charter_capital_vnd", lambda v: v / 1e6)
    mutate.rename(case, {"charter_capital_vnd": "Vốn điều lệ"})
    wide = len(sheet.rows[0])
    mutate.move_rows(case, sheet, 0, [[None] * (wide - 3) + ["ĐVT: Triệu đồng", None, None]])


def _unit(heading: str, factor: float) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        each_of(case, "charter_capital_vnd", lambda v: round(v / factor, 9))
        mutate.rename(case, {"charter_capital_vnd": heading})

    return change


def _as_text(case: Case) -> None:
    for field in ("charter_capital_vnd", "area_ha", "members", "workers"):
        each_of(case, field, mutate.vietnamese)
    each_of(case, "established_on", mutate.dmy)


def _unit_in_cell(case: Case) -> None:
    each_of(case, "charter_capital_vnd", lambda v: f"{mutate.vietnamese(v / 1e6)} triệu đồng")
    each_of(case, "area_ha", lambda v: f"{mutate.vietnamese(v)} ha")
    each_of(case, "members", lambda v: f"{v} thành viên")
    each_of(case, "workers", lambda v: f"{v} người")


def _codes_as_numbers(case: Case) -> None:
    each_of(case, "registration_number", float)


def _codes_grouped(case: Case) -> None:
    each_of(case, "registration_number", lambda v: f"{v[:4]} {v[4:7]} {v[7:]}")


def _phones(case: Case) -> None:
    each_of(case, "phone", lambda v: f"{v[:4]}.{v[4:7]}.{v[7:]}")


def _phones_abroad(case: Case) -> None:
    each_of(case, "phone", lambda v: f"(+84) {v[1:4]} {v[4:]}")


def _iso_days(case: Case) -> None:
    each_of(case, "established_on", lambda v: v.strftime("%Y-%m-%d"))


def _dotted_days(case: Case) -> None:
    each_of(case, "established_on", lambda v: f"{v.day}.{v.month}.{v.year}")


def _days_in_words(case: Case) -> None:
    each_of(case, "established_on", lambda v: f"Ngày {v.day:02d} tháng {v.month:02d} năm {v.year}")


def _day_numbers(case: Case) -> None:
    each_of(case, "established_on", lambda v: v.toordinal() - dt.date(1899, 12, 30).toordinal())


def _day_numbers_1904(case: Case) -> None:
    each_of(case, "established_on", lambda v: v.toordinal() - dt.date(1904, 1, 1).toordinal())
    for sheet in case.workbook.sheets:
        sheet.epoch_1904 = True


def _short_places(case: Case) -> None:
    short = (("Thành phố ", "TP."), ("Huyện ", "H."))
    shorter = (("Phường ", "P."), ("Thị trấn ", "TT."), ("Xã ", "X."))

    def cut(pairs: Any) -> Callable[[str], str]:
        return lambda v: next((v.replace(a, b, 1) for a, b in pairs if v.startswith(a)), v)

    each_of(case, "district", cut(short))
    each_of(case, "commune", cut(shorter))


def _repeats_blank(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    c, above = column_index(layout["columns"]["district"]), None
    for row in sheet.rows[1:]:
        row[c], above = (None if row[c] == above else row[c]), row[c] or above


def _ditto(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    c, above = column_index(layout["columns"]["district"]), None
    for row in sheet.rows[1:]:
        row[c], above = ("nt" if row[c] == above else row[c]), row[c] or above


def _merged_down(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    c = column_index(layout["columns"]["district"])
    start = 1
    for r in range(2, len(sheet.rows) + 1):
        value = sheet.rows[r][c] if r < len(sheet.rows) else None
        if value != sheet.rows[start][c]:
            if r - start > 1:
                sheet.merged.append((start, c, r - 1, c))
                for k in range(start + 1, r):
                    sheet.rows[k][c] = None
            start = r


def _sheets_by_district(case: Case) -> None:
    mutate.split_sheets(case, "district")


def _sheets_by_short_district(case: Case) -> None:
    names = {r["district"]: f"{i}. H. {r['district']}" for i, r in enumerate(case.truth["records"])}
    mutate.split_sheets(case, "district", names)


def _numbered_sheets_with_titles(case: Case) -> None:
    """Sheets named only by number; the title above each table says the district."""
    names: dict[str, str] = {}
    for record in case.truth["records"]:
        names.setdefault(record["district"], f"Sheet{len(names) + 1}")
    real = {v: k for k, v in names.items()}
    mutate.split_sheets(case, "district", names)
    for sheet in case.workbook.sheets:
        wide = len(sheet.rows[0])
        title = f"DANH SÁCH HỢP TÁC XÃ TRÊN ĐỊA BÀN {real[sheet.name].upper()}"
        mutate.move_rows(case, sheet, 0, [[title, *[None] * (wide - 1)], [None] * wide])


_SECTORS = {
    "agriculture": "Nông nghiệp", "industry": "CN-TTCN", "construction": "Xây dựng",
    "credit": "Quỹ TDND", "trade": "TM-DV", "transport": "Vận tải",
}  # fmt: skip


def _sheets_by_sector(case: Case) -> None:
    mutate.split_sheets(case, "sector", _SECTORS)


def _groups_by_sector(case: Case) -> None:
    names = {"agriculture": "Lĩnh vực nông nghiệp", "industry": "Lĩnh vực công nghiệp - TTCN",
             "construction": "Lĩnh vực xây dựng", "credit": "Quỹ tín dụng nhân dân",
             "trade": "Lĩnh vực thương mại, dịch vụ", "transport": "Lĩnh vực giao thông vận tải"}  # fmt: skip
    roman = iter(("I", "II", "III", "IV", "V", "VI"))
    mutate.group_rows(case, "sector", lambda v, n: f"{next(roman)}. {names[v]} ({len(n)} HTX)")


def _groups_by_district(case: Case) -> None:
    mutate.group_rows(case, "district", lambda v, n: f"* {v}: {len(n)} HTX")


def _sector_words(case: Case) -> None:
    words = {"Nông nghiệp": "NN", "Công nghiệp": "CN - TTCN", "Xây dựng": "XD", "Tín dụng": "QTDND",
             "Thương mại": "TMDV", "Vận tải": "GTVT"}  # fmt: skip
    each_of(case, "sector", lambda v: next((b for a, b in words.items() if v.startswith(a)), v))


def _whole_address(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    at = {k: column_index(layout["columns"][k]) for k in ("address", "commune", "district")}
    sheet.rows[0][at["address"]] = "Địa chỉ trụ sở chính"
    sheet.rows[0][at["commune"]] = sheet.rows[0][at["district"]] = None
    for row in sheet.rows[1:]:
        parts = (row[at["address"]], row[at["commune"]], row[at["district"]], "tỉnh Kiên Giang")
        row[at["address"]] = ", ".join(p for p in parts if p)
        row[at["commune"]] = row[at["district"]] = None


def _states(case: Case) -> None:
    words = {"Đang hoạt động": "HĐ", "Tạm ngừng hoạt động": "Tạm ngưng HĐ",
             "Ngừng hoạt động": "Ngưng HĐ", "Chờ giải thể": "Đang làm thủ tục giải thể"}  # fmt: skip
    each_of(case, "status", lambda v: words.get(v, v))


def _without(field: str, *keys: str) -> Callable[[Case], None]:
    return lambda case: mutate.drop_column(case, field, *keys)


def _sums(records: list[dict[str, Any]], layout: Any, wide: int, label: str) -> list[Any]:
    row: list[Any] = [None] * wide
    row[0] = label
    for field in ("charter_capital_vnd", "area_ha", "members", "workers"):
        total = sum(r[field] or 0 for r in records)
        row[column_index(layout["columns"][field])] = round(total, 2)
    return row


def _total_on_top(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    row = _sums(case.truth["records"], layout, len(sheet.rows[0]), "TOÀN TỈNH (447 HTX)")
    mutate.move_rows(case, sheet, 1, [row])


def _subtotals(label: Callable[[str, int], str]) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        (sheet, layout), *_rest = case.layouts()
        wide, order = len(sheet.rows[0]), {}
        for record in case.truth["records"]:
            order.setdefault(record["district"], []).append(record)
        rows = sheet.rows[:1]
        for value, records in order.items():
            for record in records:
                rows.append(sheet.rows[record["row"] - 1])
                record["row"] = len(rows)
            rows.append(_sums(records, layout, wide, label(value, len(records))))
        whole = case.truth["records"]
        rows.append(_sums(whole, layout, wide, "TỔNG CỘNG TOÀN TỈNH: 447 HTX"))
        sheet.rows = rows

    return change


def _marks_under_sectors(case: Case) -> None:
    """Six narrow columns, one a sector, and an x in one of them."""
    (sheet, layout), *_rest = case.layouts()
    c = column_index(layout["columns"].pop("sector"))
    mutate.move_columns(case, lambda i: i if i <= c else i + 5)
    top = sheet.rows[0]
    names = ["Nông nghiệp", "CN-TTCN", "Xây dựng", "Tín dụng", "Thương mại", "Vận tải"]
    codes = ["agriculture", "industry", "construction", "credit", "trade", "transport"]
    top[c : c + 6] = ["Lĩnh vực hoạt động", *[None] * 5]
    low: list[Any] = [None] * len(top)
    low[c : c + 6] = names
    mutate.move_rows(case, sheet, 1, [low])
    sheet.merged = [(0, i, 1, i) for i in range(len(top)) if not c <= i < c + 6]
    sheet.merged.append((0, c, 0, c + 5))
    for record in case.truth["records"]:
        row = sheet.rows[record["row"] - 1]
        row[c : c + 6] = ["x" if code == record["sector"] else None for code in codes]


def _commune_and_district(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    at = {k: column_index(layout["columns"][k]) for k in ("commune", "district")}
    sheet.rows[0][at["commune"]], sheet.rows[0][at["district"]] = "Xã, huyện", None
    for row in sheet.rows[1:]:
        row[at["commune"]] = f"{row[at['commune']]}, {row[at['district']].lower()}"
        row[at["district"]] = None


def _short_years(case: Case) -> None:
    each_of(case, "established_on", lambda v: v.strftime("%d/%m/%y"))


def _counted_as_text(case: Case) -> None:
    each_of(case, "number", lambda v: f"{v:02d}.")


def _american(case: Case) -> None:
    each_of(case, "charter_capital_vnd", lambda v: f"{v:,}")


def _dong_in_cells(case: Case) -> None:
    each_of(case, "charter_capital_vnd", lambda v: f"{mutate.vietnamese(v)}đ")


def _square_metres(case: Case) -> None:
    each_of(case, "area_ha", lambda v: round(v * 10_000))
    mutate.rename(case, {"area_ha": "Diện tích (m2)"})


def _labelled_codes(case: Case) -> None:
    each_of(case, "registration_number", lambda v: f"MST: {v}")


def _two_phones(case: Case) -> None:
    each_of(case, "phone", lambda v: f"{v} - 0297.3863773")


def _named_phones(case: Case) -> None:
    each_of(case, "phone", lambda v: f"ĐT: {v}")


def _merged_titles(case: Case) -> None:
    (sheet, _layout), *_rest = case.layouts()
    wide = len(sheet.rows[0])
    long = "DANH SÁCH HỢP TÁC XÃ ĐANG HOẠT ĐỘNG, TẠM NGỪNG VÀ CHỜ GIẢI THỂ TRÊN ĐỊA BÀN TỈNH ĐẾN THỜI ĐIỂM"
    mutate.move_rows(case, sheet, 0, [
        [long, *[None] * (wide - 1)], ["Thời điểm: 31/12/2019", *[None] * (wide - 1)],
    ])  # fmt: skip
    sheet.merged += [(0, 0, 0, wide - 1), (1, 0, 1, wide - 1)]


def _three_levels(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    wide = len(sheet.rows[0])
    at = {k: column_index(v) for k, v in layout["columns"].items()}
    mutate.move_rows(case, sheet, 0, [[None] * wide, [None] * wide])
    top, middle, low = sheet.rows[:3]
    groups = {("district", "commune", "address"): ("Thông tin chung", "Địa chỉ"),
              ("charter_capital_vnd", "area_ha"): ("Quy mô", "Nguồn lực"),
              ("members", "workers"): ("Quy mô", "Số người"),
              ("chairman", "director", "phone"): ("Quản lý", "Người quản lý, điều hành")}  # fmt: skip
    names = {"district": "Huyện, TP", "commune": "Xã, phường", "address": "Ấp, KP", "members": "Thành viên",
             "workers": "Lao động", "chairman": "Chủ tịch", "director": "Giám đốc", "phone": "ĐT"}  # fmt: skip
    grouped = {at[f] for g in groups for f in g}
    for fields, (first, second) in groups.items():
        left, right = at[fields[0]], at[fields[-1]]
        top[left], middle[left] = first, second
        sheet.merged += [(0, left, 0, right), (1, left, 1, right)]
        for f in fields:
            low[at[f]] = names.get(f, low[at[f]])
    for c in set(range(wide)) - grouped:
        top[c], low[c] = low[c], None
        sheet.merged.append((0, c, 2, c))


CLEAN: dict[str, Callable[[Case], None]] = {
    "columns backwards": _backwards,
    "a blank column inside": _gap,
    "other headings": _heads_a,
    "still other headings": _heads_b,
    "million above the table": _million_above,
    "billion": _unit("Vốn điều lệ (tỷ đồng)", 1e9),
    "million short": _unit("Vốn điều lệ\n(tr.đ)", 1e6),
    "million as Trđ": _unit("VĐL (Trđ)", 1e6),
    "thousand": _unit("Vốn điều lệ (1.000đ)", 1e3),
    "million by figures only": _unit("Vốn điều lệ", 1e6),
    "dong by figures only": _unit("Vốn điều lệ", 1),
    "everything as text": _as_text,
    "units in the cells": _unit_in_cell,
    "codes as numbers": _codes_as_numbers,
    "codes in groups": _codes_grouped,
    "phones with points": _phones,
    "phones with country code": _phones_abroad,
    "days as iso": _iso_days,
    "days with points": _dotted_days,
    "days in words": _days_in_words,
    "days as numbers": _day_numbers,
    "days as numbers since 1904": _day_numbers_1904,
    "short types of places": _short_places,
    "district blank where it repeats": _repeats_blank,
    "district as ditto": _ditto,
    "district merged": _merged_down,
    "a sheet a district": _sheets_by_district,
    "a sheet a district, short": _sheets_by_short_district,
    "district in the title": _numbered_sheets_with_titles,
    "a sheet a sector": _sheets_by_sector,
    "sector as group rows": _groups_by_sector,
    "district as group rows": _groups_by_district,
    "short words of sectors": _sector_words,
    "one address": _whole_address,
    "short words of states": _states,
    "total on top": _total_on_top,
    "subtotals by district": _subtotals(lambda d, n: f"Cộng {d} ({n} HTX)"),
    "subtotals, tersely": _subtotals(lambda d, n: "Cộng:"),
    "x under sectors": _marks_under_sectors,
    "commune with its district": _commune_and_district,
    "years of two digits": _short_years,
    "running number as text": _counted_as_text,
    "american figures": _american,
    "dong beside figures": _dong_in_cells,
    "square metres": _square_metres,
    "codes with a word": _labelled_codes,
    "two phones": _two_phones,
    "phones with a word": _named_phones,
    "merged titles": _merged_titles,
    "headings of three levels": _three_levels,
    "no director": _without("director"),
    "no phone": _without("phone"),
    "no number": _without("registration_number"),
    "no capital": _without("charter_capital_vnd"),
    "no area": _without("area_ha"),
    "no founding": _without("established_on", "established_on", "established_precision"),
    "no address": _without("address"),
    "no status": _without("status"),
    "no sector": _without("sector"),
    "no activity": _without("activity"),
    "no commune": _without("commune", "commune", "commune_type", "commune_code"),
}


@pytest.mark.parametrize("how", CLEAN)
def test_the_easy_register_is_read_in_another_habit(how: str):
    case = case_of("clean")
    CLEAN[how](case)
    found = differences("clean", case)
    assert not found, "\n".join(found[:8])


def _roster_heads(case: Case) -> None:
    mutate.rename(case, {
        "full_name": "HỌ VÀ TÊN XÃ VIÊN", "birth_date": "Năm sinh", "gender": "Phái",
        "id_number": "Số CCCD (CMND)", "address": "Địa chỉ thường trú", "kind": "Đối tượng TV",
        "contribution_vnd": "Vốn đã góp (đ)", "share": "Tỉ lệ % vốn", "joined_on": "Thời gian vào HTX",
        "land_ha": "Đất SX (ha)", "phone": "ĐTDĐ",
    })  # fmt: skip


def _million_contributions(case: Case) -> None:
    def change(v: Any) -> Any:
        if isinstance(v, str):
            digits = v.replace(".", "").replace(",", "").strip()
            return int(digits) / 1e6 if digits.isdigit() else v
        return v / 1e6 if isinstance(v, (int, float)) else v

    each_of(case, "contribution_vnd", change)
    mutate.rename(case, {"contribution_vnd": "Vốn góp (triệu đồng)"})


def _no_share(case: Case) -> None:
    mutate.drop_column(case, "share")


def _two_gender_columns(case: Case) -> None:
    (sheet, layout), *_rest = case.layouts()
    at = column_index(layout["columns"]["gender"])
    mutate.move_columns(case, lambda c: c if c <= at else c + 1)
    top = sheet.rows[min(layout["header_rows"]) - 1]
    top[at], top[at + 1] = "Nam", "Nữ"
    for record in case.truth["records"]:
        row = sheet.rows[record["row"] - 1]
        gender = str(row[at] or "").strip().lower()
        row[at], row[at + 1] = ("x" if gender == "nam" else None), ("x" if gender == "nữ" else None)


MEMBERS: dict[str, Callable[[Case], None]] = {
    "columns backwards": _backwards,
    "a blank column inside": _gap,
    "other headings": _roster_heads,
    "contributions in million": _million_contributions,
    "no share": _no_share,
    "x under male and female": _two_gender_columns,
    "no land": _without("land_ha"),
    "no phone": _without("phone"),
}


@pytest.mark.parametrize("how", MEMBERS)
def test_the_roster_is_read_in_another_habit(how: str):
    case = case_of("members")
    MEMBERS[how](case)
    found = differences("members", case)
    assert not found, "\n".join(found[:8])


_MONEY = ("charter_capital assets liabilities equity indivisible_assets revenue revenue_members "
          "profit fund_development fund_reserve fund_other").split()  # fmt: skip


def _flat_heads(case: Case) -> None:
    names = {
        "members": "Tổng số thành viên", "members_individual": "TV là cá nhân",
        "members_household": "TV là hộ gia đình", "members_entity": "TV là pháp nhân",
        "members_new": "TV kết nạp mới", "members_left": "TV ra khỏi HTX", "workers": "Tổng số lao động",
        "workers_members": "LĐ là thành viên", "workers_female": "LĐ nữ",
    }  # fmt: skip
    mutate.rename(case, names)
    for sheet, layout in case.layouts():
        top, low = (sheet.rows[r - 1] for r in layout["header_rows"])
        sheet.merged = []
        for c in range(len(top)):
            if c < len(low) and low[c] is not None:
                top[c], low[c] = low[c], None


def _years_in_names(case: Case) -> None:
    for sheet, layout in case.layouts():
        new = f"BC năm {sheet.name}"
        for item in (*case.truth["records"], *case.truth["problems"]):
            if item["sheet"] == sheet.name:
                item["sheet"] = new
        layout["sheet"] = sheet.name = new


def _returns_unit(name: str, factor: float) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        from hoptac.foundation.tables.numbers import plain_number

        def scaled(v: Any) -> Any:
            number = plain_number(v) if isinstance(v, str) else v
            if not isinstance(number, (int, float)) and number is None:
                return v
            return round(float(number) * factor, 3)

        for field in (*_MONEY, "income_per_worker"):
            each_of(case, field, scaled)
        for sheet, _layout in case.layouts():
            for row in sheet.rows[:6]:
                for c, v in enumerate(row):
                    if isinstance(v, str):
                        row[c] = v.replace("triệu đồng", name)
        for p in case.truth["problems"]:
            if p["code"].startswith("unit_jump") and p["field"] in (*_MONEY, "income_per_worker"):
                p["repair"] = p["repair"] * factor

    return change


def _one_sheet(case: Case) -> None:
    """All years below each other in one sheet, the year in a column of its own."""
    mutate.move_columns(case, lambda c: c if c < 2 else c + 1)
    (first, layout), *others = case.layouts()
    for sheet, its in case.layouts():
        for r, row in enumerate(sheet.rows):
            row += [None] * (30 - len(row))
            if r == min(its["header_rows"]) - 1:
                row[2] = "Năm"
            elif r >= max(its["header_rows"]) and any(v is not None for v in row):
                row[2] = its["year"]
    number = layout["number_rows"][0] - 1
    first.rows[number][2] = "(2a)"
    for sheet, its in others:
        start, down = max(its["number_rows"]), len(first.rows)
        first.formulas |= {(r - start + down, c) for r, c in sheet.formulas if r >= start}
        first.rows += sheet.rows[start:]
        for item in (*case.truth["records"], *case.truth["problems"]):
            if item["sheet"] == sheet.name:
                item["sheet"] = first.name
                if item["row"]:
                    item["row"] += down - start
                    if item.get("cell"):
                        item["cell"] = f"{item['column']}{item['row']}"
    case.workbook.sheets = [first]
    for item in (first, *case.truth["records"], *case.truth["problems"]):
        if isinstance(item, dict):
            item["sheet"] = "Tổng hợp"
        else:
            item.name = "Tổng hợp"
    for row in first.rows[:3]:
        row[:] = [None if isinstance(v, str) and "2019" in v else v for v in row]


RETURNS: dict[str, Callable[[Case], None]] = {
    "a heading of one level": _flat_heads,
    "columns backwards": _backwards,
    "years inside the names": _years_in_names,
    "in thousand": _returns_unit("nghìn đồng", 1e3),
    "in dong": _returns_unit("đồng", 1e6),
    "years in a column": _one_sheet,
    "no services": lambda case: mutate.drop_column(case, "services"),
}


@pytest.mark.parametrize("how", RETURNS)
def test_the_returns_are_read_in_another_habit(how: str):
    case = case_of("returns")
    RETURNS[how](case)
    if how == "no services":
        for record in case.truth["records"]:
            record["services"] = []
    found = differences("returns", case)
    assert not found, "\n".join(found[:8])
