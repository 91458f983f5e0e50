"""What readers of every kind of sheet share: its heading, its texts, its unit, its formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hoptac.foundation.tables import legacy, rows
from hoptac.foundation.tables.headings import (
    Field,
    Heading,
    as_written,
    column_letter,
    find_heading,
    heading_cells,
    is_number_row,
    money_unit,
    with_mapping,
    words,
)
from hoptac.foundation.tables.result import Findings, ReadResult, Record, plain
from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.vietnamese import tidy

Mapped = Mapping[str, Mapping[str, str]] | None
# Words that folded look like the dong: lao động, hoạt động, vốn cổ đông.
_NOT_DONG = re.compile(r"\b(?:lao|hoat|huy|hop|co|luu|cong|hanh) dong\b")


def tables_of(
    workbook: Workbook,
    fields: Sequence[Field],
    needed: Iterable[Sequence[str]],
    mapping: Mapped,
    result: ReadResult,
) -> list[tuple[Sheet, Heading]]:
    """Return the sheets that hold a table of these fields; the others are named in the result."""
    found = []
    needed = list(needed)
    for sheet in workbook.sheets:
        legacy.decode_sheet(sheet.rows)
        heading = find_heading(sheet, fields, needed=needed)
        if heading is None:
            result.sheets_without_records.append(sheet.name)
            continue
        for key in (sheet.name, heading.fingerprint):
            if mapping and key in mapping:
                heading = with_mapping(heading, mapping[key])
        found.append((sheet, heading))
    return found


def unit_in(folded: str) -> tuple[int, str] | None:
    """Return the money unit that a folded heading names; *lao động* names none."""
    return money_unit(_NOT_DONG.sub(" ", folded))


class SheetReader:
    """A sheet with its heading; kinds of file say what a row means."""

    def __init__(self, sheet: Sheet, heading: Heading, result: ReadResult) -> None:
        self.sheet, self.heading, self.result = sheet, heading, result
        self.column = heading.columns
        self.notes = Findings(result, sheet.name)
        self.kept: dict[str, dict[Any, Any]] = {}
        self.heading_words = heading_cells(sheet, heading)
        self.layout: dict[str, list[int]] = {}

    def note_row(self, kind: str, r: int) -> None:
        self.layout.setdefault(kind, []).append(r + 1)

    def cached(self, name: str, key: Any, compute: Callable[[Any], Any]) -> Any:
        """Return what was computed of a cell's value before; 1, 1.0 and True are told apart."""
        cache = self.kept.setdefault(name, {})
        mark = (type(key), key)
        if mark not in cache:
            cache[mark] = compute(key)
        return cache[mark]

    def text(self, value: Any) -> str:
        if value is None:
            return ""
        return tidy(value) if isinstance(value, str) else tidy(str(plain(value)))

    def cell(self, row: Sequence[Any], code: str) -> Any:
        c = self.column.get(code)
        value = row[c] if c is not None and c < len(row) else None
        return None if isinstance(value, str) and not value.strip() else value

    def is_heading_again(self, row: Sequence[Any]) -> bool:
        """Tell whether the heading stands here once more; a word of many may be typed otherwise."""
        texts = rows.texts_of(row)
        if len(texts) < 2:
            return False
        strange = sum(words(t) not in self.heading_words for _c, t in texts)
        return strange * 4 <= len(texts) if len(texts) > 3 else not strange

    def is_number_row(self, row: Sequence[Any]) -> bool:
        first = next((v for v in row if v is not None and v != ""), None)
        return first is not None and len(str(first)) < 6 and is_number_row(row)

    def unit_of(self, code: str) -> tuple[int, str] | None:
        """Return the money unit that a column's heading or the lines above the table name."""
        c = self.column.get(code)
        if c is None:
            return None
        found = unit_in(self.heading.texts.get(c, ""))
        if found:
            return found
        for r in range(max(0, self.heading.first - 12), self.heading.first):
            for _c, text in rows.texts_of(self.sheet.rows[r]):
                folded = words(text)
                if re.search(r"don vi(?: tinh)?|\bdvt\b", folded):
                    found = unit_in(folded) or found
        return found

    def figures(self, code: str) -> list[float]:
        """Return the numbers above nought that stand in a column, in rising order."""
        c = self.column[code]
        return sorted(
            float(v) for row in self.sheet.rows[self.heading.last + 1 :]
            if c < len(row) and isinstance(v := row[c], (int, float)) and not isinstance(v, bool) and v > 0
        )  # fmt: skip

    def check_formulas(self, r: int, row: Sequence[Any]) -> None:
        """Note the formulas of a line, and the texts that a spreadsheet would run as one."""
        formulas = self.sheet.formulas
        for code, c in self.column.items():
            if c >= len(row):
                continue
            if formulas and (r, c) in formulas:
                self.notes.problem("formula_cell", r, c, code, row[c])
            value = row[c]
            if isinstance(value, str) and value[:1] in "=+-@\t" and is_formula_text(value):
                self.notes.problem("formula_text", r, c, code, value)

    def describe(self, first: int | None, last: int, units: Record, **more: Any) -> None:
        """Add the sheet's layout to the result; rows count from 0."""
        heading, sheet = self.heading, self.sheet
        self.result.layouts.append(
            {
                "sheet": sheet.name,
                **more,
                "header_rows": [i + 1 for i in range(heading.first, heading.last + 1)],
                "first_row": (heading.last + 1 if first is None else first) + 1,
                "last_row": last + 1,
                **{
                    k: self.layout.get(k, [])
                    for k in ("number_rows", "group_rows", "subtotal_rows", "total_rows")
                },
                "columns": heading.letters(),
                "headings": as_written(sheet, heading),
                "units": units,
                "fingerprint": heading.fingerprint,
                "hidden_columns": [column_letter(c) for c in sorted(sheet.hidden_columns)],
                "hidden_rows": [i + 1 for i in sorted(sheet.hidden_rows)],
            }
        )


# A name that is called, linked or pointed at, or a cell, after a sign: no bullet (*- Trồng lúa*), no *-nt-*.
_CALL = re.compile(
    r"[+\-\t][\s\d.,+\-*/]*(?:[=@(]|[A-Za-z_][\w.]*[(|!]|\$?[A-Za-z]{1,3}\$?\d+\s*(?:$|[+\-*/:&(]))"
)


def is_formula_text(value: str) -> bool:
    """Tell whether a text would run as a formula if it were written into a cell."""
    if len(value) < 2:
        return False
    return value[0] in "=@" or (value[0] in "+-\t" and _CALL.match(value) is not None)
