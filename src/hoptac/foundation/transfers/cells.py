"""A workbook as plain values: what the safe reader gives and the readers of every kind take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | None


@dataclass
class Sheet:
    """One sheet: rows from the first line on, cells from column A on; positions count from 0.

    ``merged`` holds (first row, first column, last row, last column), all within. ``formulas`` are
    the cells whose value is only what a formula last gave.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    epoch_1904: bool = False
    number_formats: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Workbook:
    """A file of sheets. ``format`` is xlsx, xlsm, xls or csv; ``notes`` tell what was passed over."""

    filename: str
    format: str
    sheets: list[Sheet]
    notes: list[Any] = field(default_factory=list)
