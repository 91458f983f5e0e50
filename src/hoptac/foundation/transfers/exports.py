"""The one writer of exports: rows to CSV or XLSX that never carry a live formula.

CSV text that a spreadsheet would run gets a leading apostrophe; :func:`unescape_text` takes off
exactly what was put on, so that our own files come back as they left. In XLSX text is typed as text
and needs no such change.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from typing import Any, BinaryIO, Literal

import xlsxwriter

from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.transfers.formula_text import (
    SUSPECT_FIRST,
    clean_text,
    escape_text,
    is_runnable,
    unescape_text,
)

__all__ = [
    "CellFinding",
    "ExportColumn",
    "clean_text",
    "csv_stream",
    "escape_text",
    "is_runnable",
    "unescape_text",
    "write_quarantine_workbook",
    "write_xlsx",
]

Kind = Literal["text", "integer", "decimal", "money", "date", "moment"]
Target = str | PathLike[str] | BinaryIO

_BOM = b"\xef\xbb\xbf"
# Rows are written so many at a time: few enough that Python's collector never goes through them.
ROWS_AT_ONCE = 250
_LONGEST_TEXT = 32_767
_WIDTHS: dict[Kind, float] = {
    "text": 22,
    "integer": 11,
    "decimal": 12,
    "money": 17,
    "date": 12,
    "moment": 17,
}
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "#,##0",
    "decimal": "#,##0.##",
    "money": "#,##0",
    "date": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}
_XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True)
class ExportColumn:
    """One column: its heading, what its values are, and how wide it is (in letters)."""

    label: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class CellFinding:
    """What is wrong with one cell (or, without column, with its row); positions count from 0."""

    message: str
    severity: Literal["error", "warning", "notice"] = "error"


def csv_stream(columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV in pieces: UTF-8 with byte order mark, comma, every text quoted, dates ISO."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([escape_text(clean_text(column.label)) for column in columns])
    yield _BOM + out.getvalue().encode("utf-8")
    rows = iter(rows)
    while batch := list(itertools.islice(rows, ROWS_AT_ONCE)):
        out.seek(0)
        out.truncate()
        writer.writerows(zip(*map(_csv_column, zip(*batch, strict=True)), strict=True))
        yield out.getvalue().encode("utf-8", "replace")


def _csv_column(values: Sequence[Any]) -> Sequence[Any]:
    """Return one column of a batch as it may be written: looked through as a whole where that does."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if kinds <= {int, float}:
        return values
    if kinds == {str}:
        texts = values if None not in values else [v for v in values if v is not None]
        if SUSPECT_FIRST.isdisjoint({text[:1] for text in texts}) and "".join(texts).isprintable():
            return values
    elif kinds == {Decimal} and "E" not in "".join(map(str, values)):
        return values
    elif kinds == {dt.date}:
        days = {day: day and day.isoformat() for day in set(values)}
        return [days[day] for day in values]
    return [_csv_value(value) for value in values]


def _csv_value(value: Any) -> Any:
    kind = value.__class__
    if kind is str:
        if value[:1] in SUSPECT_FIRST and is_runnable(value):
            value = f"'{value}"
        return value if value.isprintable() else clean_text(value)
    if kind is int or kind is float or value is None:
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _Number(format(value, "f"))
    return escape_text(clean_text(str(value)))


class _Number(float):
    """A decimal number that is written with the digits it has."""

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def write_xlsx(
    target: Target,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    lines: Sequence[str] = (),
    sheet_name: str = "Danh sách",
) -> int:
    """Write a workbook ready for print and return how many rows it holds.

    ``lines`` stand under the title (as-of date, filters, who exported). The heading stays in view
    and repeats on every page. Rows are taken one by one: memory does not grow with the list.
    """
    book = xlsxwriter.Workbook(target, _XLSX_OPTIONS)
    sheet = book.add_worksheet(_sheet_name(sheet_name))
    looks = _Looks(book)
    header = _write_heading(sheet, looks, columns, title, lines)
    formats = [looks.body(column.kind) for column in columns]
    texts = [column.kind == "text" for column in columns]
    places = list(zip(range(len(columns)), formats, texts, strict=True))
    write_string, write_number, quoted = sheet.write_string, sheet.write_number, looks.quoted
    number = header
    for row in rows:
        number += 1
        for (place, look, is_text), value in zip(places, row, strict=True):
            kind = value.__class__
            if kind is str:
                if value:
                    if not value.isprintable() or len(value) > _LONGEST_TEXT:
                        value = clean_text(value)[:_LONGEST_TEXT]
                    risky = value[:1] in SUSPECT_FIRST and is_runnable(value)
                    write_string(number, place, value, quoted if risky else look)
            elif kind is int or kind is float:
                write_number(number, place, value, look if not is_text else None)
            elif value is not None:
                _write_other(sheet, number, place, value, look)
    _finish(sheet, header, number, columns)
    book.close()
    return number - header


def _write_heading(
    sheet: Any, looks: _Looks, columns: Sequence[ExportColumn], title: str, lines: Sequence[str]
) -> int:
    """Set widths, write title, lines and heading; return the row of the heading."""
    for place, column in enumerate(columns):
        width = column.width or max(_WIDTHS[column.kind], min(len(column.label) * 0.9, 18))
        sheet.set_column(place, place, width)
    row = 0
    if title:
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, clean_text(title), looks.title)
        row += 1
    for line in lines:
        sheet.write_string(row, 0, clean_text(line), looks.line)
        row += 1
    row += bool(row)
    sheet.set_row(row, 32)
    for place, column in enumerate(columns):
        sheet.write_string(row, place, clean_text(column.label), looks.header)
    return row


def _finish(sheet: Any, header: int, last: int, columns: Sequence[ExportColumn]) -> None:
    sheet.freeze_panes(header + 1, min(2, len(columns)))
    if columns:
        sheet.autofilter(header, 0, max(last, header + 1), len(columns) - 1)
        sheet.print_area(0, 0, max(last, header + 1), len(columns) - 1)
    sheet.repeat_rows(header)
    sheet.set_paper(9)
    if len(columns) > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&L&8&A&R&8&P/&N")


def _write_other(sheet: Any, row: int, place: int, value: Any, look: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value, look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, place, value, look)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), look)
    elif isinstance(value, dt.date):
        if value.year < 1900:
            sheet.write_string(row, place, value.isoformat(), look)
        else:
            sheet.write_datetime(row, place, value, look)
    else:
        sheet.write_string(row, place, clean_text(str(value))[:_LONGEST_TEXT], look)


def _sheet_name(name: str) -> str:
    plain = re.sub(r"[\[\]:*?/\\']", " ", clean_text(name)).strip()
    return plain[:31] or "Danh sách"


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.line = book.add_format({"italic": True, "font_color": "#444444"})
        self.header = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#E3ECF4",
                "border": 1,
                "border_color": "#9FB3C8",
            }
        )
        self.quoted = book.add_format({"quote_prefix": True, "num_format": "@"})
        self._body: dict[Kind, Any] = {}

    def body(self, kind: Kind) -> Any:
        """Return the format of the cells of a column; plain text needs none."""
        if kind == "text":
            return None
        if kind not in self._body:
            self._body[kind] = self.book.add_format({"num_format": _FORMATS[kind]})
        return self._body[kind]


def write_quarantine_workbook(
    target: Target,
    sheets: Sequence[Sheet],
    findings: Mapping[tuple[str, int, int | None], Sequence[CellFinding]],
    *,
    header_rows: Mapping[str, int] | None = None,
    rows: Mapping[str, set[int]] | None = None,
    label: str = "Lỗi cần sửa",
) -> None:
    """Write the officer's own rows back with the findings in them, to be mended and sent again.

    A faulty cell is coloured (red for an error, yellow for a warning) and carries the sentences
    as a comment; a last column named ``label`` repeats them. ``findings`` go by sheet, row and
    column (all from 0), ``header_rows`` names the last row of each heading, ``rows`` keeps only
    these rows and all rows up to the heading. Formulas come out as the values they had.
    """
    book = xlsxwriter.Workbook(target, {**_XLSX_OPTIONS, "constant_memory": False})
    fills = {
        "error": book.add_format({"bg_color": "#F8CBCB", "quote_prefix": True}),
        "warning": book.add_format({"bg_color": "#FFF2B3", "quote_prefix": True}),
        "notice": None,
    }
    day = book.add_format({"num_format": _FORMATS["date"]})
    day_fills = {
        "error": book.add_format({"bg_color": "#F8CBCB", "num_format": _FORMATS["date"]}),
        "warning": book.add_format({"bg_color": "#FFF2B3", "num_format": _FORMATS["date"]}),
        "notice": day,
    }
    bold = book.add_format({"bold": True, "font_color": "#9C0006", "text_wrap": True})
    wrap = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "top"})
    quoted = book.add_format({"quote_prefix": True})
    for source in sheets:
        sheet = book.add_worksheet(_sheet_name(source.name))
        header = (header_rows or {}).get(source.name, 0)
        wanted = (rows or {}).get(source.name)
        last_column = max((len(row) for row in source.rows), default=0)
        by_row = _by_row(findings, source.name)
        sheet.set_column(0, max(last_column - 1, 0), 16)
        sheet.set_column(last_column, last_column, 60)
        kept: dict[int, int] = {}
        for index, row in enumerate(source.rows):
            if wanted is not None and index > header and index not in wanted:
                continue
            place = kept[index] = len(kept)
            found = by_row.get(index, {})
            for column, value in enumerate(row):
                severity = _worst(found.get(column, ()))
                look = fills[severity] if severity else None
                if isinstance(value, dt.date):
                    look = day_fills[severity] if severity else day
                elif look is None and isinstance(value, str) and is_runnable(value):
                    look = quoted
                _write_cell(sheet, place, column, value, look)
                if found.get(column):
                    sheet.write_comment(place, column, _sentences(found[column]), {"x_scale": 2})
            if found:
                text = _sentences([item for items in found.values() for item in items])
                sheet.write_string(place, last_column, text, wrap)
        if source.rows:
            sheet.write_string(kept.get(header, 0), last_column, label, bold)
            sheet.freeze_panes(kept.get(header, 0) + 1, 0)
        _merge_kept(sheet, source, kept)
    book.close()


def _by_row(
    findings: Mapping[tuple[str, int, int | None], Sequence[CellFinding]], sheet: str
) -> dict[int, dict[int | None, list[CellFinding]]]:
    found: dict[int, dict[int | None, list[CellFinding]]] = {}
    for (name, row, column), items in findings.items():
        if name == sheet:
            found.setdefault(row, {}).setdefault(column, []).extend(items)
    return found


def _worst(items: Sequence[CellFinding]) -> Literal["error", "warning", "notice"] | None:
    severities = {item.severity for item in items}
    for severity in ("error", "warning", "notice"):
        if severity in severities:
            return severity  # type: ignore[return-value]
    return None


def _sentences(items: Sequence[CellFinding]) -> str:
    return clean_text("\n".join(dict.fromkeys(item.message for item in items)))[:_LONGEST_TEXT]


def _write_cell(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if value is None:
        if look is not None:
            sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, clean_text(value)[:_LONGEST_TEXT], look)
    else:
        _write_other(sheet, row, column, value, look)


def _merge_kept(sheet: Any, source: Sheet, kept: Mapping[int, int]) -> None:
    """Keep the merged ranges whose rows all stand; elsewhere say the value again in each row."""
    for top, left, bottom, right in source.merged:
        if (top, left) == (bottom, right):
            continue
        rows = [kept[row] for row in range(top, bottom + 1) if row in kept]
        value = source.rows[top][left] if left < len(source.rows[top]) else None
        if len(rows) == bottom - top + 1:
            sheet.merge.append([rows[0], left, rows[-1], right])
        elif isinstance(value, str):
            for row in rows:
                sheet.write_string(row, left, clean_text(value))
