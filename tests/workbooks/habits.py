"""Habits of offices that keep one flat list: each lays the easy register out anew, truth and all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.workbooks import mutate
from tests.workbooks.mutate import Case, column_index, each_of


def gap(case: Case) -> None:
    mutate.move_columns(case, lambda c: c if c < 3 else c + 1)


def backwards(case: Case) -> None:
    wide = max(len(r) for s, _l in case.layouts() for r in s.rows)
    mutate.move_columns(case, lambda c: wide - 1 - c)


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


def without(field: str, *keys: str) -> Callable[[Case], None]:
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
    "columns backwards": backwards,
    "a blank column inside": gap,
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
    "no director": without("director"),
    "no phone": without("phone"),
    "no number": without("registration_number"),
    "no capital": without("charter_capital_vnd"),
    "no area": without("area_ha"),
    "no founding": without("established_on", "established_on", "established_precision"),
    "no address": without("address"),
    "no status": without("status"),
    "no sector": without("sector"),
    "no activity": without("activity"),
    "no commune": without("commune", "commune", "commune_type", "commune_code"),
}
