"""The program of the limited child: reads one workbook or document from its input, writes what it holds.

Run by path with ``-I -S``; it is told the kind of file, its limits and where libraries are. Rows
leave as marshalled frames: marshal holds data only, so that even a child taken over by a hostile
file could not make its caller run anything.
"""

from __future__ import annotations

import gc
import marshal
import os
import resource
import sys
from typing import Any

FRAME_ROWS = 4000
_STRING, _DATE, _MOMENT, _TIME = 1, 2, 3, 4


def main(argv: list[str]) -> None:
    """Limit this process, then read; ``argv``: kind, encoding, memory, cpu, cell limits, paths."""
    kind, encoding = argv[0], argv[1]
    memory, cpu, rows, columns, text = map(int, argv[2:7])
    sys.path.extend(argv[7:])
    os.lseek(0, 0, os.SEEK_SET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    gc.disable()
    out = _Output()
    try:
        if kind == "csv":
            _read_csv(out, encoding, rows, columns, text)
        elif kind in ("docx", "pdf"):
            _read_document(out, kind)
        else:
            _read_calamine(out, rows, columns, text)
    except MemoryError:
        os._exit(77)
    except BaseException as error:  # a Rust panic is no Exception
        out.send(("error", type(error).__name__, str(error)[:300]))
    os._exit(0)


class _Output:
    def __init__(self) -> None:
        self.file = os.fdopen(1, "wb", buffering=0)

    def send(self, message: Any) -> None:
        data = marshal.dumps(message)
        view = memoryview(len(data).to_bytes(4, "little") + data)
        while view:
            view = view[self.file.write(view) :]


def _read_csv(out: _Output, encoding: str, rows: int, columns: int, text: int) -> None:
    from hoptac.foundation.transfers.csv_text import decode, read_rows
    from hoptac.foundation.transfers.verdicts import BadWorkbook, Limits

    with os.fdopen(0, "rb") as file:
        content = decode(file.read(), encoding)
    try:
        table = read_rows(content, Limits(rows=rows, columns=columns, cell_text=text))
    except BadWorkbook as refused:
        out.send(("refused", refused.code, refused.detail))
        return
    out.send(("sheet", 0, "", False))
    width = max(map(len, table), default=0)
    for row in table:
        row.extend([None] * (width - len(row)))
    for start in range(0, len(table), FRAME_ROWS):
        frame = table[start : start + FRAME_ROWS]
        longest = max((len(value) for row in frame for value in row if value), default=0)
        out.send(("rows", frame, [], longest > text))
    out.send(("end",))


def _read_document(out: _Output, kind: str) -> None:
    """Send the text of a document: ``("text", text, pages, pages with text)``."""
    with os.fdopen(0, "rb") as file:
        if kind == "docx":
            from hoptac.foundation.transfers.docx_text import BadPart, docx_text

            try:
                out.send(("text", docx_text(file), 0, 0))
            except BadPart as bad:
                out.send(("refused", bad.args[0], {"part": bad.args[1]}))
                return
        else:
            from hoptac.foundation.transfers.pdf_text import Damaged, Locked, pdf_text

            try:
                out.send(("text", *pdf_text(file.read())))
            except Locked:
                out.send(("refused", "encrypted", {}))
                return
            except Damaged:
                out.send(("refused", "file_damaged", {"part": "pdf"}))
                return
    out.send(("end",))


def _read_calamine(out: _Output, rows: int, columns: int, text: int) -> None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(os.fdopen(0, "rb"))
    for index, about in enumerate(book.sheets_metadata):
        out.send(("sheet", index, about.name, about.visible != SheetVisibleEnum.Visible))
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        if sheet.end is None:
            continue
        if sheet.end[0] >= rows:
            out.send(("far", index, sheet.end[0], sheet.end[1]))
            return
        _send_rows(out, sheet, index, columns, text)
    out.send(("end",))


def _send_rows(out: _Output, sheet: Any, index: int, columns: int, text: int) -> None:
    left = [None] * sheet.start[1]
    if sheet.end[1] >= columns:
        out.send(("far", index, sheet.end[0], sheet.end[1]))
        return
    special: list[tuple[int, int, int, Any]] = []
    known: dict[str, str] = {}
    frame: list[list[Any]] = []
    for row in sheet.iter_rows():
        values: list[Any] = left.copy()
        for value in row:
            kind = value.__class__
            if kind is str:
                if not value:
                    values.append(None)
                else:
                    values.append(known.setdefault(value, value))
            elif kind is float:
                values.append(int(value) if value.is_integer() else value)
            elif kind is int or kind is bool or value is None:
                values.append(value)
            else:
                special.append((len(frame), len(values), *_plain(value)))
                values.append(None)
        frame.append(values)
        if len(frame) == FRAME_ROWS:
            _flush(out, frame, special, known, text)
            frame, special, known = [], [], {}
    _flush(out, frame, special, known, text)


def _flush(
    out: _Output, frame: list[list[Any]], special: list[Any], known: dict[str, str], text: int
) -> None:
    longest = max(map(len, known), default=0)
    out.send(("rows", frame, special, longest > text))


def _plain(value: Any) -> tuple[int, Any]:
    """Return a kind and plain content for what marshal does not know: dates and durations."""
    name = type(value).__name__
    if name == "datetime":
        fields = (value.year, value.month, value.day)
        return _MOMENT, (*fields, value.hour, value.minute, value.second, value.microsecond)
    if name == "date":
        return _DATE, (value.year, value.month, value.day)
    if name == "time":
        return _TIME, (value.hour, value.minute, value.second)
    if name == "timedelta":
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return _STRING, f"{hours}:{minutes:02}:{seconds:02}"
    return _STRING, str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
