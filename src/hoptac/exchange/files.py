"""The file that a national system takes, written as a sheet or as JSON, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from hoptac.exchange.layouts import Layout
from hoptac.foundation.transfers.exports import ExportColumn, Kind, csv_stream, write_xlsx

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_KINDS: dict[str, Kind] = {
    "established_on": "date", "charter_capital": "money", "members": "integer", "workers": "integer",
    "area": "decimal", "cooperatives": "integer", "unions": "integer", "groups": "integer",
}  # fmt: skip
_WIDTHS = {
    "name": 44.0,
    "address": 36.0,
    "foreign_name": 30.0,
    "lines": 20.0,
    "representative": 26.0,
}


def columns(layout: Layout) -> list[ExportColumn]:
    """Return the columns of the sheet; a unit stands behind its title where it is not our own."""
    found = []
    for c in layout.columns:
        kind: Kind = "decimal" if c.scale != 1 else _KINDS.get(c.field, "text")
        found.append(ExportColumn(c.title, kind, _WIDTHS.get(c.field)))
    return found


def write_sheet(target: BinaryIO, layout: Layout, day: date, rows: Iterable[Sequence[Any]]) -> int:
    """Write the workbook and return how many rows it holds. Text is typed as text: nothing runs."""
    lines = [f"{layout.basis}; {day:%d/%m/%Y}"]
    return write_xlsx(target, columns(layout), rows, title=layout.name, lines=lines)


def csv_pieces(layout: Layout, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    return csv_stream(columns(layout), rows)


def json_pieces(layout: Layout, day: date, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield the same as JSON: the system, the day, and one object for each row by the columns' codes."""
    codes = [c.code for c in layout.columns]
    head = {"system": layout.system, "as_of": day.isoformat(), "basis": layout.basis}
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "records": ['
    separator = b"\n"
    for row in rows:
        record = dict(zip(codes, row, strict=True))
        yield separator + json.dumps(record, ensure_ascii=False, default=_plain).encode()
        separator = b",\n"
    yield b"\n]}\n"


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
