"""The given workbooks in other offices' habits: whatever moves, the same truth is read."""

from __future__ import annotations

import copy
import json
import os
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hoptac.foundation.tables.headings import money_unit, words
from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.transfers.sheets import read_workbook
from hoptac.governance.rosters import read_members
from hoptac.jurisdiction.gazetteer import load_gazetteer
from hoptac.registry.listing import read_register
from hoptac.returns.workbooks import read_returns
from tests.workbooks import encoders, mutate
from tests.workbooks.compare import compare
from tests.workbooks.habits import CLEAN, backwards, gap, without
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
    "vni of another converter": _encoded(
        lambda t: encoders.to_vni(t).replace("ì", "iø").replace("í", "iù")
    ),
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


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Vốn điều lệ (tỷ đồng)", 10**9), ("ĐVT: tỷ", 10**9), ("Vốn (triệu VNĐ)", 10**6),
        ("ĐVT: Triệu đ", 10**6), ("VĐL (tr.đ)", 10**6), ("Vốn (1.000đ)", 10**3), ("1000 VNĐ", 10**3),
        ("ĐVT: nghìn đ", 10**3), ("Vốn (đ)", 1), ("Đơn vị tính: VNĐ", 1), ("Vốn góp của công ty", None),
        ("Vốn ngân sách", None), ("Tỷ lệ góp vốn", None),
    ],
)  # fmt: skip
def test_a_unit_of_money_is_found_in_words(text: str, factor: int | None):
    found = money_unit(words(text))
    assert (found[0] if found else None) == factor


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
    "columns backwards": backwards,
    "a blank column inside": gap,
    "other headings": _roster_heads,
    "contributions in million": _million_contributions,
    "no share": _no_share,
    "x under male and female": _two_gender_columns,
    "no land": without("land_ha"),
    "no phone": without("phone"),
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
    "columns backwards": backwards,
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
