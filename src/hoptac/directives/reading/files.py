"""Files that hold a document: told by content, guarded, turned into text in a limited child."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
from pathlib import Path, PurePath

from hoptac.directives.reading.refusals import BadDocument, refusal, remark
from hoptac.directives.reading.result import Remark, Source
from hoptac.foundation.tables.legacy import encoding_of, from_tcvn3, from_vni
from hoptac.foundation.transfers.child import child_reading
from hoptac.foundation.transfers.csv_text import decode, inspect_text
from hoptac.foundation.transfers.verdicts import MEGABYTE, BadWorkbook, Limits

LIMITS = Limits(
    file_bytes=40 * MEGABYTE, csv_bytes=20 * MEGABYTE, inflated_bytes=160 * MEGABYTE, parts=3000,
    memory_bytes=1200 * MEGABYTE, cpu_seconds=60, seconds=60,
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)


def text_of(content: bytes | Path, name: str = "") -> tuple[str, Source, tuple[Remark, ...]]:
    """Return the text of a file, what it is, and what the officer should know of it.

    :param content: the file's bytes, or where it lies
    :param name: its name, for the record; what it holds is told by its content
    :raises BadDocument: it may not or cannot be read; its message says why and what to do
    """
    if isinstance(content, Path):
        name = name or content.name
        if content.stat().st_size > LIMITS.file_bytes:
            raise refusal(
                "file_too_big",
                size=content.stat().st_size // MEGABYTE,
                limit=LIMITS.file_bytes // MEGABYTE,
            )
        content = content.read_bytes()
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise refusal("file_empty")
    if len(content) > LIMITS.file_bytes:
        raise refusal(
            "file_too_big", size=len(content) // MEGABYTE, limit=LIMITS.file_bytes // MEGABYTE
        )
    digest = hashlib.sha256(content).hexdigest()
    if content[:1024].lstrip().startswith(b"%PDF"):
        return _pdf(content, name, digest)
    if content.startswith(b"PK"):
        return _docx(content, name, digest)
    if content.startswith(_OLE):
        raise refusal(
            "old_word" if PurePath(name).suffix.lower() in (".doc", ".dot", "") else "ole"
        )
    for signature, kind in _OTHER:
        if content.startswith(signature):
            raise refusal(f"kind_{kind}")
    opening = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        raise refusal("kind_html")
    return _plain(content, name, digest)


def _plain(content: bytes, name: str, digest: str) -> tuple[str, Source, tuple[Remark, ...]]:
    try:
        encoding = inspect_text(io.BytesIO(content), len(content), LIMITS).encoding
        text = decode(content, encoding)
    except BadWorkbook as bad:
        code = bad.code if bad.code in ("file_too_big", "encoding") else "not_text"
        raise refusal(
            code, size=len(content) // MEGABYTE, limit=LIMITS.csv_bytes // MEGABYTE
        ) from None
    remarks: tuple[Remark, ...] = ()
    if encoding in ("cp1252", "utf-8") and not text.isascii():
        old = encoding_of(line for line in text.splitlines() if line.strip())
        if old != "unicode":
            read = from_tcvn3 if old == "tcvn3" else from_vni
            # Line by line: a heading set in the font's capitals comes back in capitals.
            text = "".join(read(line) for line in text.splitlines(keepends=True))
            encoding, remarks = old, (remark("old_font", font=old.upper()),)
    if encoding in ("cp1258",):
        remarks = (remark("encoding_guessed", encoding=encoding),)
    if _looks_binary(text):
        raise refusal("not_text")
    return text, Source(name=name, format="txt", encoding=encoding, sha256=digest), remarks


def _looks_binary(text: str) -> bool:
    sample = text[:20_000]
    odd = sum(1 for c in sample if ord(c) < 32 and c not in "\t\n\r\f\v")
    return odd * 50 > len(sample)


def _docx(content: bytes, name: str, digest: str) -> tuple[str, Source, tuple[Remark, ...]]:
    _check_archive(content)
    text, _, _ = _in_child(content, "docx")
    if not text.strip():
        raise refusal("no_text_docx")
    old = encoding_of(line for line in text.splitlines() if line.strip())
    remarks: tuple[Remark, ...] = ()
    encoding = "unicode"
    if old != "unicode":
        read = from_tcvn3 if old == "tcvn3" else from_vni
        text = "\n".join(read(line) for line in text.split("\n"))
        encoding, remarks = old, (remark("old_font", font=old.upper()),)
    return text, Source(name=name, format="docx", encoding=encoding, sha256=digest), remarks


def _check_archive(content: bytes) -> None:
    """Refuse an archive that is no document, is locked, or would unpack into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError):
        raise refusal("file_damaged") from None
    names = {entry.filename for entry in entries}
    if len(entries) > LIMITS.parts or len(names) != len(entries):
        raise refusal("too_many_parts")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("encrypted")
    if "word/document.xml" not in names:
        if any(n.startswith("xl/") for n in names):
            raise refusal("kind_workbook")
        if "content.xml" in names and "mimetype" in names:
            raise refusal("kind_odt")
        raise refusal("kind_archive")
    total = sum(entry.file_size for entry in entries)
    if total > LIMITS.inflated_bytes or any(
        entry.file_size > 200 * MEGABYTE or (entry.file_size > 8 * MEGABYTE and entry.file_size > 400 * max(1, entry.compress_size))
        for entry in entries
    ):  # fmt: skip
        raise refusal(
            "inflates_too_big", size=total // MEGABYTE, limit=LIMITS.inflated_bytes // MEGABYTE
        )


_LETTERS = re.compile(r"[^\W\d_]")


def _pdf(content: bytes, name: str, digest: str) -> tuple[str, Source, tuple[Remark, ...]]:
    text, pages, filled = _in_child(content, "pdf")
    letters = len(_LETTERS.findall(text[:200_000]))
    if not filled or letters < 40:
        raise refusal("scanned", pages=pages)
    remarks: list[Remark] = []
    if filled < pages:
        remarks.append(remark("pages_without_text", count=pages - filled, pages=pages))
    encoding = "unicode"
    old = encoding_of(line for line in text.splitlines() if line.strip())
    if old != "unicode":
        read = from_tcvn3 if old == "tcvn3" else from_vni
        text = "\n".join(read(line) for line in text.split("\n"))
        encoding = old
        remarks.append(remark("old_font", font=old.upper()))
    return (
        text,
        Source(name=name, format="pdf", encoding=encoding, pages=pages, sha256=digest),
        tuple(remarks),
    )


def _in_child(content: bytes, kind: str) -> tuple[str, int, int]:
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            with child_reading(file, kind, limits=LIMITS) as frames:
                for frame in frames:
                    if frame[0] == "text":
                        return str(frame[1]), int(frame[2]), int(frame[3])
                    if frame[0] == "refused":
                        raise refusal(str(frame[1]), **dict(frame[2]))
                    if frame[0] == "error":
                        raise refusal("file_damaged")
        except BadWorkbook as bad:
            raise refusal(bad.code if bad.code == "reader_lost" else "reader_stopped") from None
    raise refusal("reader_stopped")


__all__ = ["BadDocument", "text_of"]
