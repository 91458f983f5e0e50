"""The given workbooks laid out anew, as other offices would: the truth moves along.

Each mutation takes a :class:`Case` (a workbook in memory with its truth) and changes both in place.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hoptac.foundation.tables.headings import column_letter
from hoptac.foundation.transfers.cells import Sheet, Workbook

Record = dict[str, Any]
_AT_ROW = ("header_rows", "number_rows", "group_rows", "subtotal_rows", "total_rows")


@dataclass
class Case:
    """A workbook and what a perfect reader makes of it."""

    workbook: Workbook
    truth: Record
    register: Sequence[Record] | None = None

    def layouts(self) -> list[tuple[Sheet, Record]]:
        sheets = {s.name: s for s in self.workbook.sheets}
        return [(sheets[x["sheet"]], x) for x in self.truth["layout"]]

    def drop_problems(self, wanted: Callable[[Record], bool]) -> None:
        self.truth["problems"] = [p for p in self.truth["problems"] if not wanted(p)]


def column_index(letters: str) -> int:
    """Return 0 for ``A``, 26 for ``AA``."""
    index = 0
    for c in letters:
        index = index * 26 + ord(c) - 64
    return index - 1


def move_columns(case: Case, place: Callable[[int], int]) -> None:
    """Move every column to its new place, in sheets that hold records."""
    for sheet, layout in case.layouts():
        width = max(len(r) for r in sheet.rows)
        to = {c: place(c) for c in range(width)}
        most = max(to.values()) + 1
        for r, row in enumerate(sheet.rows):
            new: list[Any] = [None] * most
            for c, value in enumerate(row):
                new[to[c]] = value
            sheet.rows[r] = new
        sheet.formulas = {(r, to[c]) for r, c in sheet.formulas}
        merged = []
        for r1, c1, r2, c2 in sheet.merged:
            places = [to[c] for c in range(c1, c2 + 1)]
            row = sheet.rows[r1]
            row[min(places)], row[to[c1]] = row[to[c1]], row[min(places)]
            merged.append((r1, min(places), r2, max(places)))
        sheet.merged = merged
        for r in layout.get("number_rows", ()):
            sheet.rows[r - 1] = [v and f"({c + 1})" for c, v in enumerate(sheet.rows[r - 1])]
        layout["columns"] = {
            k: column_letter(to[column_index(v)]) for k, v in layout["columns"].items()
        }
        for p in case.truth["problems"]:
            if p["sheet"] == sheet.name and p.get("column"):
                p["column"] = column_letter(to[column_index(p["column"])])
                p["cell"] = f"{p['column']}{p['row']}"


def move_rows(case: Case, sheet: Sheet, at: int, new: Sequence[list[Any]]) -> None:
    """Put rows in above row ``at`` (from 0); all that stands below moves down."""
    n = len(new)
    sheet.rows[at:at] = [list(r) for r in new]
    sheet.formulas = {(r + n if r >= at else r, c) for r, c in sheet.formulas}
    sheet.merged = [
        (r1 + n, c1, r2 + n, c2) if r1 >= at
        else (r1, c1, r2 + n if r2 >= at else r2, c2)
        for r1, c1, r2, c2 in sheet.merged
    ]  # fmt: skip
    for item in (*case.truth["records"], *case.truth["problems"]):
        if item["sheet"] == sheet.name and item.get("row") and item["row"] > at:
            item["row"] += n
            if item.get("cell"):
                item["cell"] = f"{item['column']}{item['row']}"
    for layout in case.truth["layout"]:
        if layout["sheet"] == sheet.name:
            for key in ("first_row", "last_row"):
                if layout.get(key, 0) > at:
                    layout[key] += n
            for key in _AT_ROW:
                layout[key] = [r + n if r > at else r for r in layout.get(key, [])]


def each_cell(case: Case, change: Callable[[Any], Any]) -> None:
    for sheet in case.workbook.sheets:
        sheet.rows = [[change(v) for v in row] for row in sheet.rows]


def each_text(case: Case, change: Callable[[str], str]) -> None:
    each_cell(case, lambda v: change(v) if isinstance(v, str) else v)


def each_of(case: Case, field: str, change: Callable[[Any], Any]) -> None:
    """Change a field's cells in the rows of records."""
    rows: dict[str, set[int]] = {}
    for r in case.truth["records"]:
        rows.setdefault(r["sheet"], set()).add(r["row"] - 1)
    for sheet, layout in case.layouts():
        if field not in layout["columns"]:
            continue
        c = column_index(layout["columns"][field])
        for r in rows.get(sheet.name, ()):
            if c < len(sheet.rows[r]) and sheet.rows[r][c] is not None:
                sheet.rows[r][c] = change(sheet.rows[r][c])


def rename(case: Case, names: Mapping[str, str]) -> None:
    """Head columns with other words (the lowest heading cell)."""
    for sheet, layout in case.layouts():
        for field, text in names.items():
            if field in layout["columns"]:
                c = column_index(layout["columns"][field])
                for r in reversed(layout["header_rows"]):
                    if sheet.rows[r - 1][c] is not None:
                        sheet.rows[r - 1][c] = text
                        break


def drop_column(case: Case, field: str, *keys: str) -> None:
    """Take a column out; nothing can be said of its fields any more."""
    letters = {x["sheet"]: x["columns"].get(field) for x in case.truth["layout"]}
    case.drop_problems(
        lambda p: bool(p.get("column")) and p["column"] == letters.get(p["sheet"])
        and p["row"] is not None
    )  # fmt: skip
    for sheet, layout in case.layouts():
        if field not in layout["columns"]:
            continue
        c = column_index(layout["columns"].pop(field))
        for r, row in enumerate(sheet.rows):
            if r + 1 >= min(layout["header_rows"]) and c < len(row):
                row[c] = None
    for record in case.truth["records"]:
        for key in keys or (field,):
            record[key] = None


def split_sheets(case: Case, key: str, names: Mapping[str, str] | None = None) -> None:
    """Give every value of a field its own sheet, and take the field's column out."""
    (sheet, layout), *_rest = case.layouts()
    head = [copy.deepcopy(sheet.rows[r]) for r in range(max(layout["header_rows"]))]
    by_value: dict[str, list[Record]] = {}
    for record in case.truth["records"]:
        by_value.setdefault(record[key], []).append(record)
    c = column_index(layout["columns"][key])
    sheets, layouts = [], []
    for value, records in by_value.items():
        rows = [[v for i, v in enumerate(r) if i != c] for r in copy.deepcopy(head)]
        name = (names or {}).get(value, value)
        for record in records:
            old = sheet.rows[record["row"] - 1]
            rows.append([v for i, v in enumerate(old) if i != c])
            record["sheet"], record["row"] = name, len(rows)
        sheets.append(Sheet(name, rows))
        columns = {
            k: column_letter(column_index(v) - (column_index(v) > c))
            for k, v in layout["columns"].items() if k != key
        }  # fmt: skip
        layouts.append({**copy.deepcopy(layout), "sheet": name, "columns": columns})
    case.workbook.sheets = sheets
    case.truth["layout"] = layouts
    assert not case.truth["problems"]


def group_rows(case: Case, key: str, label: Callable[[str, list[Record]], str]) -> None:
    """Put a row above every run of one value of a field, and blank the field's column."""
    (sheet, layout), *_rest = case.layouts()
    c = column_index(layout["columns"].pop(key))
    order: dict[str, list[Record]] = {}
    for record in case.truth["records"]:
        order.setdefault(record[key], []).append(record)
    rows = sheet.rows[: max(layout["header_rows"])]
    for row in rows:
        row[c] = None
    for value, records in order.items():
        head: list[Any] = [None] * len(sheet.rows[0])
        head[0] = label(value, records)
        rows.append(head)
        for record in records:
            row = sheet.rows[record["row"] - 1]
            row[c] = None
            rows.append(row)
            record["row"] = len(rows)
    sheet.rows = rows


def old_tones(text: str) -> str:
    """Return the text with tones placed the new way (``hoà``, ``thuỷ``)."""
    for a, b in zip("òóỏõọ", "àáảãạ", strict=True):
        text = re.sub(rf"{a}a(?![^\W\d_])", f"o{b}", text)
        text = re.sub(rf"{a.upper()}A(?![^\W\d_])", f"O{b.upper()}", text)
    for a, b in zip("ùúủũụ", "ỳýỷỹỵ", strict=True):
        text = re.sub(rf"(?<![qQ]){a}y(?![^\W\d_])", f"u{b}", text)
    return text


def vietnamese(value: Any) -> str:
    """Return a number as Vietnamese offices type it: ``1.234.567,8``."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    text = f"{value:,}".replace(",", "#").replace(".", ",").replace("#", ".")
    return text.removesuffix(",0")


def dmy(value: Any) -> Any:
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else value
