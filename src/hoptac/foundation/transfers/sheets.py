"""Safe reading of an uploaded workbook: guard, limited child, then a :class:`Workbook`."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from hoptac.foundation.transfers.cells import Sheet, Workbook
from hoptac.foundation.transfers.child import child_reading
from hoptac.foundation.transfers.guard import (
    DEFAULT_LIMITS,
    BadWorkbook,
    Inspection,
    Limits,
    SheetScan,
    column_letters,
    inspect,
)
from hoptac.foundation.transfers.verdicts import refusal

__all__ = ["DEFAULT_LIMITS", "BadWorkbook", "Limits", "read_workbook"]


def read_workbook(
    path: str | os.PathLike[str], filename: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> Workbook:
    """Return the workbook at this path: values by sheet, row and column, all counted from A1.

    Formulas come as the value last stored, their cells being listed in ``formulas``; error values
    come as text (``#REF!``); whole numbers as int; fields of a csv as text. ``filename`` is the
    name the file was uploaded under. Nothing in it is ever run and no link followed.

    :raises BadWorkbook: the file is refused; the message says why and what to do
    """
    name = filename or Path(path).name
    try:
        return _read(path, name, limits)
    except BadWorkbook as bad:
        if bad.code != "reader_lost":
            raise
    return _read(path, name, limits)  # the file did nothing wrong; once more


def _read(path: str | os.PathLike[str], name: str, limits: Limits) -> Workbook:
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(path, "rb", buffering=0))
        frames = _early_frames(file, path, limits, stack)
        inspection = inspect(file, name, limits)
        if frames is None:
            kind = "csv" if inspection.format == "csv" else "calamine"
            child = child_reading(file, kind, inspection.encoding, limits)
            frames = stack.enter_context(child)
        was_collecting = gc.isenabled()
        gc.disable()  # hundreds of thousands of new lists, none of them rubbish
        try:
            sheets = _assemble(frames, inspection, name, limits)
        finally:
            if was_collecting:
                gc.enable()
    return Workbook(name, inspection.format, sheets, list(inspection.notes))


# From this size on it pays to let the child begin while the guard still looks.
_WORTH_BEGINNING = 1024 * 1024


def _early_frames(
    file: BinaryIO, path: str | os.PathLike[str], limits: Limits, stack: contextlib.ExitStack
) -> Any:
    """Start the child on a big workbook at once; its frames are taken only when the guard has passed it.

    The child has its own walls, and ends with ``stack`` when the guard refuses the file.
    """
    size = os.fstat(file.fileno()).st_size
    if not _WORTH_BEGINNING <= size <= limits.file_bytes or os.pread(file.fileno(), 2, 0) != b"PK":
        return None
    second = open(path, "rb", buffering=0)  # noqa: SIM115  (closed with the stack)
    stack.callback(second.close)
    if not os.path.samestat(os.fstat(file.fileno()), os.fstat(second.fileno())):
        return None
    return stack.enter_context(child_reading(second, "calamine", "", limits))


def _assemble(frames: Any, inspection: Inspection, filename: str, limits: Limits) -> list[Sheet]:
    sheets: list[Sheet] = []
    rows: list[list[object]] = []
    for frame in frames:
        if frame[0] == "sheet":
            _, index, name, hidden = frame
            rows = []
            scan = _scan_of(inspection, index, name, hidden)
            sheets.append(_sheet(rows, scan, inspection))
            if inspection.format == "csv":
                sheets[-1].name = PurePath(filename).stem
        elif frame[0] == "rows":
            _take_rows(rows, frame, sheets[-1].name, limits)
        else:
            _raise_if_failed(frame, inspection, limits)
    for sheet, scan in zip(sheets, inspection.sheets, strict=False):
        _show_errors(sheet, scan)
    return sheets


def _scan_of(inspection: Inspection, index: int, name: str, hidden: bool) -> SheetScan:
    if inspection.format == "csv":
        inspection.sheets.append(SheetScan("CSV"))
    elif index >= len(inspection.sheets):
        raise refusal("unreadable", reason=f"sheet {index + 1}")
    return inspection.sheets[index]


def _sheet(rows: list[list[object]], scan: SheetScan, inspection: Inspection) -> Sheet:
    return Sheet(
        name=scan.name,
        rows=rows,
        merged=scan.merged,
        formulas=scan.formulas,
        hidden_rows=scan.hidden_rows,
        hidden_columns=scan.hidden_columns,
        hidden=scan.hidden,
        epoch_1904=inspection.epoch_1904,
        number_formats=scan.number_formats,
    )


def _take_rows(
    rows: list[list[object]], frame: tuple[Any, ...], sheet: str, limits: Limits
) -> None:
    _, block, special, too_long = frame
    for row, column, kind, value in special:
        block[row][column] = _value(kind, value)
    if too_long:
        for i, row in enumerate(block):
            for j, value in enumerate(row):
                if isinstance(value, str) and len(value) > limits.cell_text:
                    cell = f"{column_letters(j)}{len(rows) + i + 1}"
                    raise refusal("giant_text", part=f"{sheet}!{cell}", limit=limits.cell_text)
    rows.extend(block)
    if len(rows) * max(len(block[0]) if block else 0, 1) > limits.area:
        raise refusal("too_many_cells", sheet=sheet, limit=limits.area)


def _value(kind: int, value: Any) -> object:
    if kind == 2:
        return dt.date(*value)
    if kind == 3:
        return dt.datetime(*value)  # noqa: DTZ001  (a cell knows no time zone)
    if kind == 4:
        return dt.time(*value)
    return value


def _raise_if_failed(frame: tuple[Any, ...], inspection: Inspection, limits: Limits) -> None:
    if frame[0] == "refused":
        raise refusal(frame[1], **frame[2])
    if frame[0] == "far":
        _, index, row, column = frame
        name = inspection.sheets[index].name if index < len(inspection.sheets) else str(index + 1)
        if row >= limits.rows:
            raise refusal("too_many_rows", sheet=name, row=row + 1, limit=limits.rows)
        raise refusal(
            "too_many_columns",
            sheet=name,
            row=row + 1,
            column=column_letters(column),
            limit=limits.columns,
        )
    if frame[0] == "error":
        _, kind, reason = frame
        if kind == "MemoryError":
            raise refusal("reader_stopped")
        if kind == "PasswordError":
            raise refusal("encrypted")
        raise refusal("unreadable", reason=reason or kind)


def _show_errors(sheet: Sheet, scan: SheetScan) -> None:
    """Put error values where the parser leaves nothing; bring merged ranges down to the data."""
    rows = sheet.rows
    height = len(rows)
    width = max((len(row) for row in rows), default=0)
    for (row, column), text in scan.errors.items():
        if row < height and column < width and rows[row][column] is None:
            rows[row][column] = text
    scan.merged[:] = [
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in scan.merged
        if top < height and left < width
    ]
