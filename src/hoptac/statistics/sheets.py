"""A table as pages and files show it: headings, cells in print, and the way to the bodies behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoptac.foundation.transfers.exports import ExportColumn
from hoptac.foundation.transfers.exports import Kind as CellKind
from hoptac.foundation.vietnamese import format_number
from hoptac.statistics.asked import Asked
from hoptac.statistics.catalogue import Indicator
from hoptac.statistics.counting import Number
from hoptac.statistics.dimensions import Member
from hoptac.statistics.selectors import Table

_MOST_SERIES = 7


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""

    @property
    def is_zero(self) -> bool:
        return self.text in {"0", "–"}


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table of the page: all indicators side by side, or one indicator by columns."""

    title: str
    headings: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    total: Line | None


def sheets(table: Table, asked: Asked) -> Iterator[Sheet]:
    """Yield the tables of a page, each number leading to the bodies that it counts."""
    total_label = _("Total")
    if not table.columns:
        lines = [
            Line(r.label, tuple(_cell(table, asked, i, r, None) for i in table.indicators))
            for r in table.rows
        ]
        total = None
        if table.has_total(of_rows=True):
            cells = tuple(_cell(table, asked, i, None, None) for i in table.indicators)
            total = Line(total_label, cells)
        headings = tuple((str(i.name), i.shown_unit) for i in table.indicators)
        yield Sheet("", headings, tuple(lines), total)
        return
    columns: list[Member | None] = [*table.columns]
    if table.has_total(of_rows=False):
        columns.append(None)
    for indicator in table.indicators:
        rows: list[Member | None] = [*table.rows]
        if table.has_total(of_rows=True):
            rows.append(None)
        found = [
            Line(
                row.label if row else total_label,
                tuple(_cell(table, asked, indicator, row, c) for c in columns),
            )
            for row in rows
        ]
        headings = tuple((c.label if c else total_label, "") for c in columns)
        total = found.pop() if rows[-1] is None else None
        yield Sheet(indicator.titled, headings, tuple(found), total)


def _cell(
    table: Table, asked: Asked, indicator: Indicator, row: Member | None, column: Member | None
) -> Cell:
    number = table.value(indicator, row, column)
    if number is None:
        return Cell("–")
    vi = (get_language() or "vi").startswith("vi")
    text = format_number(number, indicator.decimals if number else 0, vi=vi)
    return Cell(text, behind(table, asked, indicator, row, column) if number else "")


# --- The bodies behind a number -----------------------------------------------------------------


def behind(
    table: Table, asked: Asked, indicator: Indicator, row: Member | None, column: Member | None
) -> str:
    """Return the address of the bodies counted: the register's list, else a list of their own."""
    query = _list_query(table, asked, indicator, row, column)
    if query is not None:
        return f"{reverse('registry:list')}?{urlencode(query)}"
    pairs = {"of": indicator.code}
    pairs |= {"row": row.code} if row else {}
    pairs |= {"column": column.code} if column else {}
    return f"{reverse('statistics:behind')}?{asked.query()}&{urlencode(pairs)}"


def _list_query(
    table: Table, asked: Asked, indicator: Indicator, row: Member | None, column: Member | None
) -> list[tuple[str, str]] | None:
    """Return the parameters of the register's list, or nothing where it has no such filter."""
    if indicator.of == "ended" or indicator.verb == "filled":
        return None
    if indicator.verb == "share" and asked.filters.get("state"):
        return None
    day = table.moments[table.place(row, column)].day
    found: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in asked.filters.items()}
    if len(indicator.kinds) == 1:
        found["kind"] = indicator.kinds
    for member in (row, column):
        if member is None:
            continue
        if member.query is None:
            return None
        # A part narrows its own filter; a unit of another level is kept beside it.
        found |= {name: (value,) for name, value in member.query}
    if indicator.verb == "share":
        found["state"] = (indicator.column,)
    if indicator.of == "new":
        found |= {"from": (str(day.year),), "to": (str(day.year),), "ended": ("1",)}
    if day < asked.today:
        found["on"] = (day.isoformat(),)
    return [(name, value) for name, values in found.items() for value in values] or [("all", "1")]


# --- Files and charts ---------------------------------------------------------------------------


def export(table: Table) -> tuple[list[ExportColumn], Iterator[list[Any]]]:
    """Return columns and rows of a file: every indicator by every column, numbers as numbers."""
    pairs: list[tuple[Indicator, Member | None]] = []
    for indicator in table.indicators:
        ends = [None] if not table.columns or table.has_total(of_rows=False) else []
        pairs += [(indicator, c) for c in (*table.columns, *ends)]
    columns = [ExportColumn(str(table.row_side.label), "text", 32)]
    for indicator, column in pairs:
        words = [indicator.titled]
        if table.columns:
            words.append(column.label if column else _("Total"))
        columns.append(ExportColumn(": ".join(words), _kind(indicator), 18))

    def rows() -> Iterator[list[Any]]:
        ends = [None] if table.has_total(of_rows=True) else []
        for row in (*table.rows, *ends):
            label = row.label if row else _("Total")
            yield [label, *(table.value(i, row, c) for i, c in pairs)]

    return columns, rows()


def _kind(indicator: Indicator) -> CellKind:
    if indicator.decimals:
        return "decimal"
    return "money" if indicator.column == "charter_capital" else "integer"


def chart(table: Table) -> dict[str, Any]:
    """Return the first indicator as the chart component takes it: lines over time, else bars."""
    indicator = table.indicators[0]

    def number(row: Member | None, column: Member | None) -> float | None:
        found = table.value(indicator, row, column)
        return None if found is None else float(found)

    def series(side: tuple[Member, ...], of: Any) -> list[dict[str, Any]]:
        found = [{"name": m.label, "data": of(m)} for m in side]
        found = [s for s in found if any(s["data"])]
        return sorted(found, key=lambda s: -sum(n or 0 for n in s["data"]))

    if table.column_side is not None and table.column_side.is_time:
        over, found = (
            table.columns,
            series(table.rows, lambda r: [number(r, c) for c in table.columns]),
        )
    elif table.columns:
        over, found = (
            table.rows,
            series(table.columns, lambda c: [number(r, c) for r in table.rows]),
        )
    else:
        over = table.rows
        found = [{"name": str(indicator.name), "data": [number(r, None) for r in table.rows]}]
    return {
        "type": "line" if table.has_time else "bar",
        "categories": [m.label for m in over],
        "series": found[:_MOST_SERIES],
        "left_out": max(0, len(found) - _MOST_SERIES),
        "stacked": not table.has_time and len(found) > 1 and indicator.is_additive,
        "unit": str(indicator.unit),
    }


def day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def member_of(side: tuple[Member, ...], code: str | None) -> Member | None:
    """Return the part of a side that an address names; nothing for the whole side.

    :raises LookupError: the side has no such part
    """
    if not code:
        return None
    for member in side:
        if member.code == code:
            return member
    raise LookupError(code)


__all__ = ["Number", "Sheet", "behind", "chart", "day_text", "export", "member_of", "sheets"]
