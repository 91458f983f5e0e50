"""Inspection of an old .xls (OLE2 container, BIFF records) before the parser sees it.

The container is walked with bounds on every chain; the records give formulas, merged cells, hidden
rows and errors, which the parser does not tell.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from hoptac.foundation.transfers.sheet_scan import SheetScan, column_letters
from hoptac.foundation.transfers.verdicts import Limits, megabytes, note, refusal
from hoptac.foundation.transfers.xlsx_guard import Inspection

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFE
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOF, _EOF, _FILEPASS, _DATEMODE = 0x0809, 0x000A, 0x002F, 0x0022
_BOUNDSHEET, _FORMULA, _BOOLERR, _ROW = 0x0085, 0x0006, 0x0205, 0x0208
_COLINFO, _MERGEDCELLS, _DIMENSIONS, _SST = 0x007D, 0x00E5, 0x0200, 0x00FC
_VALUES = {0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6, _BOOLERR, _FORMULA}
_MULRK = 0x00BD
_OLD_BOF = {0x0009, 0x0209, 0x0409}


def inspect_xls(file: BinaryIO, size: int, limits: Limits) -> Inspection:
    """Return what the old workbook holds.

    :raises BadWorkbook: encrypted, damaged, too big, or an Office file that is no workbook
    """
    if size > limits.xls_bytes:
        raise refusal("file_too_big", size=megabytes(size), limit=megabytes(limits.xls_bytes))
    file.seek(0)
    container = _Container(file.read(size))
    names = {name.casefold(): at for name, at in container.streams.items()}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise refusal("encrypted")
    if "worddocument" in names:
        raise refusal("format_not_taken", kind="word")
    if "powerpoint document" in names:
        raise refusal("format_not_taken", kind="powerpoint")
    entry = names.get("workbook") or names.get("book")
    if entry is None:
        raise refusal("format_not_taken", kind="ole")
    result = Inspection("xls")
    if "_vba_project_cur" in names:
        result.notes.append(note("macros_ignored"))
    if "mbd" in names or any(name.startswith("mbd") for name in names):
        result.notes.append(note("embedded_ignored"))
    _read_records(container.stream(*entry), result, limits)
    if not result.sheets:
        raise refusal("no_sheet")
    if len(result.sheets) > limits.sheets:
        raise refusal("too_many_sheets", count=len(result.sheets), limit=limits.sheets)
    for scan in result.sheets:
        if scan.hidden:
            result.notes.append(note("sheet_hidden", sheet=scan.name))
    return result


class _Container:
    """The streams of an OLE2 file by name; every chain is bounded by the size of the file."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 1536 or data[:8] != OLE_SIGNATURE:
            raise refusal("file_truncated")
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise refusal("file_damaged", part="OLE2")
        self.sector = 1 << shift
        self.most = len(data) // self.sector + 1
        directory, self.cutoff, mini_fat = (
            struct.unpack_from("<L", data, 48)[0],
            struct.unpack_from("<L", data, 56)[0],
            struct.unpack_from("<L", data, 60)[0],
        )
        self.fat = self._read_fat()
        self.mini_fat = _words(self._chain(mini_fat)) if mini_fat < _END_OF_CHAIN else []
        self.streams: dict[str, tuple[int, int]] = {}
        self.mini = b""
        self._read_directory(self._chain(directory))

    def _read_fat(self) -> list[int]:
        sectors = [s for s in struct.unpack_from("<109L", self.data, 76) if s < _END_OF_CHAIN - 2]
        at, seen = struct.unpack_from("<L", self.data, 68)[0], 0
        while at < _END_OF_CHAIN - 2 and seen < self.most:
            words = _words(self._sector(at))
            sectors += [s for s in words[:-1] if s < _END_OF_CHAIN - 2]
            at, seen = words[-1], seen + 1
        if len(sectors) > self.most:
            raise refusal("file_damaged", part="OLE2")
        fat: list[int] = []
        for sector in sectors:
            fat += _words(self._sector(sector))
        return fat

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        data = self.data[start : start + self.sector]
        if not data:
            raise refusal("file_truncated")
        return data.ljust(self.sector, b"\0")

    def _chain(self, at: int) -> bytes:
        out, seen = [], 0
        while at < _END_OF_CHAIN - 2:
            if seen > self.most or at >= len(self.fat):
                raise refusal("file_damaged", part="OLE2")
            out.append(self._sector(at))
            at, seen = self.fat[at], seen + 1
        return b"".join(out)

    def _read_directory(self, data: bytes) -> None:
        for start in range(0, min(len(data), 128 * 4096), 128):
            length, kind = struct.unpack_from("<HB", data, start + 64)
            if kind not in (1, 2, 5) or not 2 <= length <= 64:
                continue
            name = data[start : start + length - 2].decode("utf-16-le", "replace")
            at, size = struct.unpack_from("<LL", data, start + 116)
            if kind == 5:
                self.mini = self._chain(at)[:size] if at < _END_OF_CHAIN else b""
            else:
                self.streams.setdefault(name, (at, size))

    def stream(self, at: int, size: int) -> bytes:
        """Return the bytes of one stream."""
        if size >= self.cutoff:
            data = self._chain(at)[:size]
        else:
            out, seen = [], 0
            while at < _END_OF_CHAIN - 2:
                if at >= len(self.mini_fat) or seen > len(self.mini_fat):
                    raise refusal("file_damaged", part="OLE2")
                out.append(self.mini[at * 64 : at * 64 + 64])
                at, seen = self.mini_fat[at], seen + 1
            data = b"".join(out)[:size]
        if len(data) < size:
            raise refusal("file_truncated")
        return data


def _words(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4]))


def _read_records(data: bytes, result: Inspection, limits: Limits) -> None:
    by_offset: dict[int, SheetScan] = {}
    scan: SheetScan | None = None
    at, depth, valued = 0, 0, 0
    if len(data) >= 4 and struct.unpack_from("<H", data)[0] in _OLD_BOF:
        raise refusal("format_not_taken", kind="xls")
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        body = at + 4
        if body + length > len(data):
            raise refusal("file_truncated")
        if kind == _BOF:
            depth += 1
            if depth == 1 or at in by_offset:
                scan, depth = by_offset.get(at), 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                scan, depth = None, 0
        elif scan is None:
            _note_global(data, kind, body, length, result, by_offset, limits)
        elif depth == 1:
            valued += _note_record(scan, data, kind, body, length, limits)
            if valued > limits.cells:
                raise refusal("too_many_cells", sheet=scan.name, limit=limits.cells)
        at = body + length


def _note_global(
    data: bytes,
    kind: int,
    body: int,
    length: int,
    result: Inspection,
    by_offset: dict[int, SheetScan],
    limits: Limits,
) -> None:
    """Note one record of the workbook as a whole."""
    if kind == _FILEPASS:
        raise refusal("encrypted")
    if kind == _DATEMODE and length >= 2:
        result.epoch_1904 = data[body] == 1
    elif kind == _BOUNDSHEET and length >= 8:
        found, offset = _bound_sheet(data, body, length)
        by_offset[offset] = found
        result.sheets.append(found)
    elif kind == _SST and length >= 8:
        count, unique = struct.unpack_from("<LL", data, body)
        if max(count // 4, unique) > limits.strings:
            raise refusal("too_many_strings", count=unique, limit=limits.strings)


def _bound_sheet(data: bytes, body: int, length: int) -> tuple[SheetScan, int]:
    offset, state, _, size, flags = struct.unpack_from("<LBBBB", data, body)
    raw = data[body + 8 : body + length]
    text = (
        raw[: size * 2].decode("utf-16-le", "replace")
        if flags & 1
        else raw[:size].decode("latin-1")
    )
    return SheetScan(text, hidden=(state & 3) != 0), offset


def _note_record(
    scan: SheetScan, data: bytes, kind: int, body: int, length: int, limits: Limits
) -> int:
    """Note one record of a sheet; return how many cells with a value it holds."""
    if kind in _VALUES and length >= 6:
        _note_value(scan, data, kind, body, length, limits)
        return 1
    if kind == _MULRK and length >= 6:
        count = (length - 6) // 6
        scan.last_row = max(scan.last_row, struct.unpack_from("<H", data, body)[0])
        scan.valued += count
        return count
    if kind == _ROW and length >= 16:
        scan.rows += 1
        if data[body + 12] & 0x20:
            scan.hidden_rows.add(struct.unpack_from("<H", data, body)[0])
    elif kind == _COLINFO and length >= 10:
        first, last, _, _, options = struct.unpack_from("<5H", data, body)
        if options & 1:
            scan.hidden_columns.update(range(first, min(last, limits.columns) + 1))
    elif kind == _MERGEDCELLS and length >= 2:
        count = struct.unpack_from("<H", data, body)[0]
        for i in range(min(count, (length - 2) // 8)):
            top, bottom, left, right = struct.unpack_from("<4H", data, body + 2 + 8 * i)
            scan.merged.append((top, left, bottom, right))
    return 0


def _note_value(
    scan: SheetScan, data: bytes, kind: int, body: int, length: int, limits: Limits
) -> None:
    row, column = struct.unpack_from("<HH", data, body)
    if column >= limits.columns:
        letters = column_letters(column)
        raise refusal(
            "too_many_columns", sheet=scan.name, row=row + 1, column=letters, limit=limits.columns
        )
    scan.last_row = max(scan.last_row, row)
    scan.valued += 1
    if kind == _FORMULA:
        scan.formulas.add((row, column))
        if length >= 14 and data[body + 12 : body + 14] == b"\xff\xff" and data[body + 6] == 2:
            scan.errors[row, column] = _ERRORS.get(data[body + 8], "#N/A")
    elif kind == _BOOLERR and length >= 8 and data[body + 7] == 1:
        scan.errors[row, column] = _ERRORS.get(data[body + 6], "#N/A")
