"""First wall before uploaded workbooks: the file is inspected before any parser sees it.

``inspect`` tells the format by content (never by name alone), refuses what is damaged, encrypted,
too big or dangerous with a sentence the officer can act on, and returns what the reader needs to
know. Memory stays at a few megabytes. The second wall is :mod:`hoptac.foundation.transfers.child`.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePath
from typing import BinaryIO

from hoptac.foundation.transfers.csv_text import inspect_text
from hoptac.foundation.transfers.sheet_scan import SheetScan, column_index, column_letters
from hoptac.foundation.transfers.verdicts import (
    DEFAULT_LIMITS,
    BadWorkbook,
    Limits,
    Note,
    megabytes,
    note,
    refusal,
)
from hoptac.foundation.transfers.xls_guard import OLE_SIGNATURE, inspect_xls
from hoptac.foundation.transfers.xlsx_guard import Inspection, inspect_xlsx

__all__ = [
    "DEFAULT_LIMITS",
    "BadWorkbook",
    "Inspection",
    "Limits",
    "Note",
    "SheetScan",
    "column_index",
    "column_letters",
    "inspect",
]

_TEXT_NAMES = {".csv", ".txt", ".tsv", ""}
_WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xls", ".xltx", ".xltm"}
# The first record of a workbook of the nineties, with its length; two tabs in UTF-16 begin nearly so.
_OLD_STREAM = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)


def inspect(file: BinaryIO, filename: str, limits: Limits = DEFAULT_LIMITS) -> Inspection:
    """Return what kind of workbook the open file is and what its sheets hold.

    :raises BadWorkbook: the file may not go to a parser; its message says why and what to do
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    extension = PurePath(filename).suffix.lower()
    if not head.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise refusal("file_empty")
    if size > limits.file_bytes:
        raise refusal("file_too_big", size=megabytes(size), limit=megabytes(limits.file_bytes))
    if head.startswith(b"PK"):
        result = inspect_xlsx(file, size, limits)
    elif head.startswith(OLE_SIGNATURE):
        result = inspect_xls(file, size, limits)
    else:
        result = _inspect_other(file, head, extension, size, limits)
    expected = {"xlsm": (".xlsm", ".xltm"), "xls": (".xls",), "xlsx": (".xlsx", ".xltx")}
    if extension and extension not in expected.get(result.format, (extension,)):
        kind = "xls" if result.format == "xls" else "xlsx"
        if not (kind == "xlsx" and extension in _WORKBOOK_NAMES - {".xls"}):
            result.notes.append(note("format_by_content", extension=extension, kind=kind))
    return result


def _inspect_other(
    file: BinaryIO, head: bytes, extension: str, size: int, limits: Limits
) -> Inspection:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and not (signature == b"BM" and extension in _TEXT_NAMES):
            raise refusal("format_not_taken", kind=kind)
    if _OLD_STREAM.match(head):
        raise refusal("format_not_taken", kind="xls")
    opening = (
        head.replace(b"\0", b"")
        .removeprefix(b"\xef\xbb\xbf")
        .lstrip(b"\xff\xfe \t\r\n")[:1000]
        .lower()
    )
    if opening.startswith(b"<"):
        page = b"<html" in opening or b"<!doctype html" in opening or b"<table" in opening
        kind = "html" if page else "xml"
        if extension in _WORKBOOK_NAMES:
            raise refusal("format_misnamed", extension=extension, kind=kind)
        raise refusal("format_not_taken", kind=kind)
    if extension not in _TEXT_NAMES:
        if extension in _WORKBOOK_NAMES and _is_text(head):
            raise refusal("format_misnamed", extension=extension, kind="text")
        raise refusal("not_a_workbook")
    return inspect_text(file, size, limits)


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not any(byte < 9 or 13 < byte < 32 for byte in head)
