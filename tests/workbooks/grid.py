"""A workbook being made: cells by position, then saved as xlsx (two writers), xls or csv."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

from tests.workbooks.encoders import to_cp1258, to_tcvn3, to_vni


@dataclass(frozen=True)
class Formula:
    """A formula with the value that was last stored for it."""

    text: str
    stored: Any


@dataclass
class Grid:
    """One sheet; rows and columns count from 0."""

    name: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    date_format: str = "dd/mm/yyyy"

    def put(self, row: int, column: int, value: Any) -> None:
        """Write a cell; None leaves it blank."""
        if value is not None:
            self.cells[row, column] = value

    def line(self, row: int, values: list[Any]) -> None:
        """Write a row from column A on."""
        for column, value in enumerate(values):
            self.put(row, column, value)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells; one cell alone is left as it is."""
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    def map_text(self, change: Callable[[str], str], columns: set[int] | None = None) -> None:
        """Change every text, or those of some columns."""
        for (row, column), value in self.cells.items():
            if isinstance(value, str) and (columns is None or column in columns):
                self.cells[row, column] = change(value)

    def height(self) -> int:
        """Return the number of rows."""
        return max((row for row, _ in self.cells), default=-1) + 1

    def width(self) -> int:
        """Return the number of columns."""
        return max((column for _, column in self.cells), default=-1) + 1


def letters(column: int) -> str:
    """Return the letters of a 0-based column."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def save(grids: list[Grid], path: Path, how: str = "xlsxwriter") -> None:
    """Save the sheets: ``xlsxwriter``, ``inline`` (no shared strings), ``openpyxl`` or ``xls``."""
    {
        "xlsxwriter": _save_xlsxwriter,
        "inline": lambda g, p: _save_xlsxwriter(g, p, inline=True),
        "openpyxl": _save_openpyxl,
        "xls": _save_xls,
    }[how](grids, path)


def _save_xlsxwriter(grids: list[Grid], path: Path, *, inline: bool = False) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": inline}
    book = xlsxwriter.Workbook(str(path), options)
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        day = book.add_format({"num_format": grid.date_format})
        for (row, column), value in sorted(grid.cells.items()):
            if isinstance(value, Formula):
                sheet.write_formula(row, column, value.text, None, value.stored)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write_number(row, column, value)
        for merge in grid.merges:
            top = grid.cells.get(merge[:2])
            plain = top if isinstance(top, str | int | float) else ""
            if inline:
                continue  # merging writes cells of rows already gone
            sheet.merge_range(*merge, plain)
            if isinstance(top, dt.date):
                sheet.write_datetime(*merge[:2], top, day)
        for row in grid.hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
        for column in grid.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        if grid.hidden:
            sheet.hide()
    book.close()


def _save_openpyxl(grids: list[Grid], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), value in sorted(grid.cells.items()):
            if isinstance(value, Formula):
                raise ValueError("this writer stores no values of formulas")
            cell = sheet.cell(row + 1, column + 1, value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, dt.date):
                cell.number_format = grid.date_format
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        for row in grid.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in grid.hidden_columns:
            sheet.column_dimensions[letters(column)].hidden = True
        if grid.hidden:
            sheet.sheet_state = "hidden"
    book.save(path)


def _save_xls(grids: list[Grid], path: Path) -> None:
    book = xlwt.Workbook()
    for grid in grids:
        sheet = book.add_sheet(grid.name[:31])
        day = xlwt.XFStyle()
        day.num_format_str = grid.date_format
        plain = xlwt.XFStyle()
        merged = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        for (row, column), value in sorted(grid.cells.items()):
            style = day if isinstance(value, dt.date) else plain
            if isinstance(value, Formula):
                raise ValueError("this writer stores no values of formulas")
            if (row, column) in merged:
                bottom, right = merged[row, column]
                sheet.write_merge(row, bottom, column, right, value, style)
            else:
                sheet.write(row, column, value, style)
        for row in grid.hidden_rows:
            sheet.row(row).hidden = True
        for column in grid.hidden_columns:
            sheet.col(column).hidden = True
        sheet.visibility = 1 if grid.hidden else 0
    book.save(str(path))


CSV_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "tcvn3", "vni")


def save_csv(grid: Grid, path: Path, encoding: str, separator: str, line_end: str = "\r\n") -> None:
    """Save one sheet as text; dates are written day first, numbers as they stand."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end)
    for row in range(grid.height()):
        writer.writerow([_as_text(grid.cells.get((row, c))) for c in range(grid.width())])
    text = out.getvalue()
    if encoding == "cp1258":
        data = to_cp1258(text)
    elif encoding == "tcvn3":
        data = to_tcvn3(text).encode("latin-1")
    elif encoding == "vni":
        data = to_vni(text).encode("cp1252")
    else:
        data = text.encode(encoding)
    path.write_bytes(data)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Formula):
        value = value.stored
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return str(value)
