"""Reading an extract of a national system: its heading, its values in our own codes and units."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hoptac.exchange.layouts import CODED, Column, Layout, our_value
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.tables.days import read_day
from hoptac.foundation.tables.numbers import read_number
from hoptac.foundation.transfers.sheets import BadWorkbook, read_workbook
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.registry.names import fold_words

_HEADING_WITHIN = 30
_CODES = re.compile(r"[\s,;|]+")
_MOST_JSON = 200 * 2**20
_NUMBERS = {"charter_capital", "members", "workers", "area"}
_WHOLE = {"charter_capital", "members", "workers"}


@dataclass
class Line:
    """One record of the file: where it stands, and what it says of each field that it has."""

    place: str
    values: dict[str, Any]
    unread: tuple[str, ...] = ()


@dataclass
class Read:
    """A file as read: its lines, which fields it has, what could not be read and how often."""

    lines: list[Line]
    fields: frozenset[str]
    titles: dict[str, str]
    unread: Counter[str] = field(default_factory=Counter)
    as_of: date | None = None


def read_extract(path: Path, filename: str, layout: Layout) -> Read:
    """Return what a file (xlsx, xls, csv or json) says, by the layout's titles and codes.

    :raises Refused: it cannot be read, or has neither a code nor a name
    """
    if filename.lower().endswith(".json"):
        return _from_json(path, layout)
    try:
        workbook = read_workbook(path, filename)
    except BadWorkbook as bad:
        raise Refused(Finding("bad_file", _in_words(bad), field="file")) from bad
    for sheet in workbook.sheets:
        found = _heading(sheet.rows, layout)
        if found is not None:
            row, columns = found
            read = Read([], frozenset(c.field for c in columns.values()),
                        {str(sheet.rows[row][i]): c.code for i, c in columns.items()})  # fmt: skip
            for number, cells in enumerate(sheet.rows[row + 1 :], row + 2):
                given = {i: cells[i] if i < len(cells) else None for i in columns}
                if any(v not in (None, "") for v in given.values()):
                    pairs = ((columns[i], v) for i, v in given.items())
                    _add(read, f"{sheet.name}!{number}", pairs, epoch_1904=sheet.epoch_1904)
            return read
    raise _no_list()


def _in_words(bad: BadWorkbook) -> str:
    from django.utils.translation import get_language

    english = (get_language() or "vi").startswith("en")
    return bad.message_en if english else bad.message_vi


def _no_list() -> Refused:
    message = _(
        "No list of this system was found: its columns are named otherwise. See the layout."
    )
    return Refused(Finding("no_list", message, field="file"))


def _names_of(layout: Layout) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in layout.columns:
        for name in (column.title, column.code):
            found.setdefault(fold_words(name), column)
    return found


def _heading(rows: Sequence[Sequence[Any]], layout: Layout) -> tuple[int, dict[int, Column]] | None:
    """Return the row that names most columns, and which they are."""
    names = _names_of(layout)
    best: tuple[int, dict[int, Column]] | None = None
    for number, cells in enumerate(rows[:_HEADING_WITHIN]):
        columns: dict[int, Column] = {}
        for place, cell in enumerate(cells):
            column = names.get(fold_words(str(cell))) if isinstance(cell, str) else None
            if column is not None and column not in columns.values():
                columns[place] = column
        if len(columns) > (len(best[1]) if best else 1):
            best = (number, columns)
    if best is None or not {c.field for c in best[1].values()} & {"code", "name"}:
        return None
    return best


def _from_json(path: Path, layout: Layout) -> Read:
    if path.stat().st_size > _MOST_JSON:
        raise Refused(Finding("file_too_big", _("The file is too big."), field="file"))
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        message = _("The file is no JSON that can be read.")
        raise Refused(Finding("bad_file", message, field="file")) from None
    records = content.get("records") if isinstance(content, Mapping) else content
    if not isinstance(records, list) or not all(isinstance(r, Mapping) for r in records):
        raise _no_list()
    names = _names_of(layout)
    keys = {str(k) for record in records for k in record}
    columns = {k: names[fold_words(k)] for k in keys if fold_words(k) in names}
    if not {c.field for c in columns.values()} & {"code", "name"}:
        raise _no_list()
    read = Read([], frozenset(c.field for c in columns.values()), {k: c.code for k, c in columns.items()})  # fmt: skip
    if isinstance(content, Mapping) and content.get("as_of"):
        read.as_of = read_day(str(content["as_of"]), fold).on
    for number, record in enumerate(records, 1):
        _add(read, f"{number}", ((c, record.get(k)) for k, c in columns.items()))
    return read


def _add(
    read: Read, place: str, cells: Iterable[tuple[Column, Any]], *, epoch_1904: bool = False
) -> None:
    given = [(c, v) for c, v in cells]
    kinds = (str(v or "") for c, v in given if c.field == "kind")
    kind = our_value("kind", next(kinds, "")) or ""
    values: dict[str, Any] = {}
    unread: list[str] = []
    for column, cell in given:
        value, is_read = _value(column, cell, kind, epoch_1904)
        values[column.field] = value
        if not is_read:
            unread.append(column.field)
            read.unread[column.field] += 1
    read.lines.append(Line(place, values, tuple(unread)))


def _value(column: Column, cell: Any, kind: str, epoch_1904: bool) -> tuple[Any, bool]:
    """Return a cell in our own terms, and whether it could be read; an empty one is nothing."""
    name = column.field
    if cell is None or cell == "":
        return ([] if name == "lines" else None), True
    if name in _NUMBERS:
        number = read_number(cell, fold=fold)
        if number.unreadable or number.value is None or number.value < 0:
            return None, not number.unreadable and number.value is None
        told = number.value * number.unit if number.unit else column.inward(number.value)
        return (int(told) if name in _WHOLE else told), True
    if name == "established_on":
        day = read_day(cell, fold, epoch_1904=epoch_1904)
        return day.on, not (day.unreadable or day.impossible)
    if name == "lines":
        parts = cell if isinstance(cell, list) else _CODES.split(str(cell))
        return [c for c in dict.fromkeys(str(p).strip() for p in parts) if c], True
    text = tidy(str(cell).strip().lstrip("'"))
    if name == "code":
        return "".join(text.split()), True
    if name in CODED:
        found = our_value(name, text, kind)
        return found, found is not None
    return text, True


def texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a record's fields as texts, for keeping and showing."""
    for name, value in values.items():
        if isinstance(value, list):
            yield name, "; ".join(value)
        elif value not in (None, ""):
            yield name, value.isoformat() if isinstance(value, date) else str(value)
