"""Text tables (.csv, .txt, .tsv): encoding, separator and rows, whoever wrote them.

Numbers stay text. TCVN3 and VNI are one byte a letter and look like Western text: they are kept as
such for the decoder of legacy text.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from hoptac.foundation.transfers.formula_text import unescape_text
from hoptac.foundation.transfers.sheet_scan import column_letters
from hoptac.foundation.transfers.verdicts import Limits, megabytes, note, refusal
from hoptac.foundation.transfers.xlsx_guard import Inspection

_CHUNK = 1024 * 1024
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_VOWELS = frozenset(b"aeiouyAEIOUY\xe2\xc2\xe3\xc3\xea\xca\xf4\xd4\xf5\xd5\xfd\xdd")
_CP1258_MARKS = frozenset(b"\xcc\xec\xd2\xf2\xde")
_CP1258_LETTERS = frozenset(b"\xf0\xd0\xfd\xe3")
_VNI_LETTERS = frozenset(b"\xf1\xd1\xf8\xd8\xfb\xdb\xef\xcf\xf6")
_TCVN3_LETTERS = frozenset(bytes(range(0xA8, 0xAF)) + bytes(range(0xB5, 0xBF)))
_SEPARATORS = ",;\t|"
_LONGEST_QUOTED = 4000
_MOST_LINES_QUOTED = 20


def inspect_text(file: BinaryIO, size: int, limits: Limits) -> Inspection:
    """Return the encoding of a text table.

    :raises BadWorkbook: too big, NUL bytes, or text that is broken in its own encoding
    """
    if size > limits.csv_bytes:
        raise refusal("file_too_big", size=megabytes(size), limit=megabytes(limits.csv_bytes))
    file.seek(0)
    head = file.read(_CHUNK)
    result = Inspection("csv")
    result.encoding = _detect(file, head)
    if result.encoding in ("cp1258", "cp1252"):
        result.notes.append(note("encoding_guessed", encoding=result.encoding))
    return result


def decode(data: bytes, encoding: str) -> str:
    """Return the text; bytes that cp1252 does not define keep their number for later decoding."""
    if encoding != "cp1252":
        text = data.decode(encoding)
        return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text
    return data.decode("cp1252", "latin1_fallback")


def read_rows(text: str, limits: Limits) -> list[list[str | None]]:
    """Return the rows of the table; blank fields are None, trailing blank rows are dropped.

    The apostrophe our own export puts before a text that looks like a formula is taken off.

    :raises BadWorkbook: no columns, too many rows or columns, or an endless field
    """
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5:6] in "\r\n":
        separator = text[4]
        text = text[5:].lstrip("\r").removeprefix("\n")
    else:
        separator = _separator(text)
    for options in ({"strict": True}, {}, {"quoting": csv.QUOTE_NONE}):
        try:
            return _collect(
                csv.reader(io.StringIO(text, newline=""), delimiter=separator, **options), limits
            )
        except (csv.Error, _RunawayQuote):
            continue
    raise refusal("giant_text", part="csv", limit=limits.cell_text)


class _RunawayQuote(Exception):
    """A quotation mark was opened and swallows line after line."""


def _collect(reader: Iterator[list[str]], limits: Limits) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    last = 0
    for fields in reader:
        if not any(fields):
            rows.append([])
            if len(rows) > 2_000_000:
                raise refusal("blank_rows", sheet="CSV", rows=len(rows))
            continue
        if max(map(len, fields)) > _LONGEST_QUOTED:
            _check_long(fields)
        while fields and not fields[-1]:
            fields.pop()
        if len(fields) > limits.columns:
            raise refusal(
                "too_many_columns",
                sheet="CSV",
                row=len(rows) + 1,
                column=column_letters(len(fields) - 1),
                limit=limits.columns,
            )
        rows.append(
            [unescape_text(field) if field[:1] == "'" else field or None for field in fields]
        )
        last = len(rows)
        if last > limits.rows:
            raise refusal("too_many_rows", sheet="CSV", row=last, limit=limits.rows)
    del rows[last:]
    return rows


def _check_long(fields: list[str]) -> None:
    for field in fields:
        if len(field) > _LONGEST_QUOTED and field.count("\n") > _MOST_LINES_QUOTED:
            raise _RunawayQuote


def _separator(text: str) -> str:
    sample = text[:200_000].splitlines()[:400]
    best, best_score = "", 0
    for candidate in _SEPARATORS:
        try:
            lengths = Counter(len(row) for row in csv.reader(sample, delimiter=candidate))
        except csv.Error:
            lengths = Counter(line.count(candidate) + 1 for line in sample)
        score = max((rows * min(width - 1, 30) for width, rows in lengths.items()), default=0)
        if score > best_score:
            best, best_score = candidate, score
    if not best:
        raise refusal("text_not_table")
    return best


def _detect(file: BinaryIO, head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            _check_decodes(file, encoding)
            return encoding
    if b"\0" in head:
        encoding = _utf16_without_bom(head)
        if not encoding:
            row = head[: head.index(b"\0")].count(b"\n") + 1
            raise refusal("bad_character", row=row)
        _check_decodes(file, encoding)
        return encoding
    good, bad, first_bad = _utf8_health(file)
    if not bad:
        return "utf-8"
    if good >= 5 * bad:
        raise refusal("encoding", row=first_bad)
    return _single_byte(head)


def _utf16_without_bom(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and even <= odd // 50:
        return "utf-16-le"
    if even > len(head) // 8 and odd <= even // 50:
        return "utf-16-be"
    return ""


def _check_decodes(file: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    row = 1
    file.seek(0)
    while True:
        data = file.read(_CHUNK)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise refusal("encoding", row=row) from None
        if "\0" in text:
            row += text[: text.index("\0")].count("\n")
            raise refusal("bad_character", row=row)
        row += text.count("\n")
        if not data:
            return


def _utf8_health(file: BinaryIO) -> tuple[int, int, int]:
    """Return how many bytes of long letters are well formed, how many not, the first bad row."""
    good = bad = first_bad = 0
    row = 1
    rest = b""
    file.seek(0)
    while True:
        data = file.read(_CHUNK)
        if not data and not rest:
            return good, bad, first_bad
        if b"\0" in data:
            row += data[: data.index(b"\0")].count(b"\n")
            raise refusal("bad_character", row=row)
        block = rest + data
        cut = block.rfind(b"\n") + 1 if data else len(block)
        if not cut and len(block) < 4 * _CHUNK:
            rest = block
            continue
        block, rest = block[: cut or None], block[cut:] if cut else b""
        try:
            text = block.decode("utf-8")
            good += len(block) - len(text)
        except UnicodeDecodeError as error:
            first_bad = first_bad or row + block[: error.start].count(b"\n")
            text = block.decode("utf-8", "ignore")
            kept = len(text.encode("utf-8"))
            bad += len(block) - kept
            good += kept - len(text)
        row += block.count(b"\n")


def _single_byte(head: bytes) -> str:
    counts = Counter(head)
    marks = sum(
        1
        for before, byte in itertools.pairwise(head)
        if byte in _CP1258_MARKS and before in _VOWELS
    )
    cp1258 = marks + sum(counts[b] for b in _CP1258_LETTERS)
    vni = sum(counts[b] for b in _VNI_LETTERS)
    tcvn3 = sum(counts[b] for b in _TCVN3_LETTERS)
    return "cp1258" if marks and cp1258 > vni and cp1258 > tcvn3 else "cp1252"


def _latin1_fallback(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _register() -> None:
    codecs.register_error("latin1_fallback", _latin1_fallback)


_register()
