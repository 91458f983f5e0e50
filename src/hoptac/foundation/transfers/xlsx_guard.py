"""Inspection of an .xlsx or .xlsm before any parser sees it: sizes, parts, relations, sheets.

Parts are inflated in a stream with a ceiling, so that memory stays at a few megabytes whatever the
file declares. Macros, embedded objects and links are never opened; the officer gets a note.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree

from hoptac.foundation.transfers.sheet_scan import (
    SheetScan,
    SheetScanner,
    check_no_document_type,
    check_text,
    pieces,
)
from hoptac.foundation.transfers.verdicts import (
    MEGABYTE,
    BadWorkbook,
    Limits,
    Note,
    megabytes,
    note,
    refusal,
)

_CHUNK = MEGABYTE
_PEEK = 24 * MEGABYTE
_END_RECORD = b"PK\x05\x06"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DECLARATION = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)[\"']")
_TELLING_FORMAT = re.compile(r"^0{2,}(?![.,])|%|,(?=[^0#]*$)|\"[^\"]*[^\W\d_]")
_BUILT_IN_FORMATS = {9: "0%", 10: "0.00%"}


@dataclass
class Inspection:
    """What the guard found: format, the scan of each sheet in order, and notes for the officer."""

    format: str
    sheets: list[SheetScan] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    epoch_1904: bool = False
    encoding: str = ""
    delimiter: str = ""


def inspect_xlsx(file: BinaryIO, size: int, limits: Limits) -> Inspection:
    """Return what the workbook holds; nothing of it has been given to a parser yet.

    :raises BadWorkbook: damaged, encrypted, too big, or built as no office program builds it
    """
    _check_directory_size(file, size, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError):
        raise refusal("file_damaged", part="zip") from None
    parts = _check_parts(entries, size, limits)
    return _Package(file, parts, limits).inspect()


def _check_directory_size(file: BinaryIO, size: int, limits: Limits) -> None:
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read(65_557)
    at = tail.rfind(_END_RECORD)
    if at < 0 or len(tail) - at < 22:
        raise refusal("file_truncated")
    _, _, _, _, count, length, offset, _ = struct.unpack("<4s4H2LH", tail[at : at + 22])
    if count > limits.parts or length > limits.parts * 400:
        raise refusal("too_many_parts", count=count, limit=limits.parts)
    if offset + length > start + at:
        raise refusal("file_truncated")


def _check_parts(
    entries: list[zipfile.ZipInfo], size: int, limits: Limits
) -> dict[str, zipfile.ZipInfo]:
    parts: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        folded = name.casefold()
        if (
            folded in parts
            or name.startswith("/")
            or ".." in name.split("/")
            or ":" in name
            or "\0" in name
        ):
            raise refusal("part_name", part=name)
        if entry.flag_bits & 0x1:
            raise refusal("encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refusal("file_damaged", part=name)
        if entry.header_offset + entry.compress_size > size:
            raise refusal("file_truncated")
        total += entry.file_size
        parts[folded] = entry
    end = -1
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise refusal("parts_tangled", part=entry.filename)
        end = entry.header_offset + 30 + entry.compress_size
    if total > limits.inflated_bytes and not _is_mostly_sheets(entries, total):
        raise _too_big(total, limits)
    return parts


def _is_mostly_sheets(entries: list[zipfile.ZipInfo], total: int) -> bool:
    sheets = sum(e.file_size for e in entries if "/worksheets/" in e.filename)
    return sheets > total // 2


def _too_big(size: int, limits: Limits) -> BadWorkbook:
    return refusal("inflates_too_big", size=megabytes(size), limit=megabytes(limits.inflated_bytes))


class _Package:
    """The parts of one workbook, opened only as far as the guard must."""

    def __init__(self, file: BinaryIO, parts: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
        self.file = file
        self.parts = parts
        self.limits = limits
        self.total = sum(entry.file_size for entry in parts.values())

    def inspect(self) -> Inspection:
        result = Inspection("xlsx", notes=self._notes_on_parts())
        main = self._main_part()
        if "vbaproject.bin" in {name.rsplit("/", 1)[-1] for name in self.parts}:
            result.format = "xlsm"
        folder = main.rsplit("/", 1)[0] + "/" if "/" in main else ""
        relations = self._relations(main, folder)
        names = self._sheet_names(main, relations, result)
        styles = self._telling_styles(relations)
        self._check_strings(relations)
        if self.total > self.limits.inflated_bytes:
            self._refuse_too_big(names)
        for name, hidden, part in names:
            scan = SheetScan(name, hidden)
            if part:
                SheetScanner(scan, self.limits, styles).read(self._chunks(part), name)
            result.sheets.append(scan)
            if hidden:
                result.notes.append(note("sheet_hidden", sheet=name))
            blank = scan.rows - (scan.last_row + 1)
            if blank > 10_000:
                result.notes.append(note("blank_rows_ignored", sheet=name, rows=blank))
        if sum(scan.valued for scan in result.sheets) > self.limits.cells:
            raise refusal("too_many_cells", sheet=names[-1][0], limit=self.limits.cells)
        return result

    # ---- parts

    def _main_part(self) -> str:
        for name in self.parts:
            if name.startswith(("word/", "ppt/")):
                raise refusal("format_not_taken", kind="word" if name[0] == "w" else "powerpoint")
        if "xl/workbook.bin" in self.parts:
            raise refusal("format_not_taken", kind="xlsb")
        if "mimetype" in self.parts and "content.xml" in self.parts:
            raise refusal("format_not_taken", kind="ods")
        if "xl/workbook.xml" in self.parts:
            return "xl/workbook.xml"
        for relation in self._read_relations("_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                target = relation.get("Target", "").lstrip("/")
                if target.casefold() in self.parts and "sheet" in self._content_types():
                    return target
        if "[content_types].xml" in self.parts or any(n.startswith("xl/") for n in self.parts):
            raise refusal("part_missing", part="xl/workbook.xml")
        raise refusal("format_not_taken", kind="archive")

    def _content_types(self) -> str:
        if "[content_types].xml" not in self.parts:
            return ""
        return self._small("[content_types].xml").decode("utf-8", "replace")

    def _notes_on_parts(self) -> list[Note]:
        notes = []
        names = list(self.parts)
        if any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in names):
            notes.append(note("macros_ignored"))
        linked = ("xl/externallinks/", "xl/querytables/", "xl/connections.xml", "xl/model/")
        if any(n.startswith(linked) for n in names):
            notes.append(note("links_ignored"))
        embedded = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")
        if any(n.startswith(embedded) for n in names):
            notes.append(note("embedded_ignored"))
        return notes

    def _relations(self, main: str, folder: str) -> dict[str, tuple[str, str]]:
        part = f"{folder}_rels/{main.rsplit('/', 1)[-1]}.rels"
        found = {}
        for relation in self._read_relations(part):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            target = target.lstrip("/") if target.startswith("/") else folder + target
            found[relation.get("Id", "")] = (
                relation.get("Type", "").rsplit("/", 1)[-1],
                _normalised(target),
            )
        return found

    def _read_relations(self, part: str) -> list[ElementTree.Element]:
        if part.casefold() not in self.parts:
            raise refusal("part_missing", part=part)
        return list(self._tree(part).iter(_RELATION))

    def _sheet_names(
        self, main: str, relations: dict[str, tuple[str, str]], result: Inspection
    ) -> list[tuple[str, bool, str]]:
        tree = self._tree(main)
        found: list[tuple[str, bool, str]] = []
        used: set[str] = set()
        for element in tree.iter():
            tag = element.tag.rsplit("}", 1)[-1]
            if tag == "workbookPr":
                result.epoch_1904 = element.get("date1904") in ("1", "true")
            if tag != "sheet":
                continue
            name = element.get("name", "")
            ids = [v for k, v in element.attrib.items() if k.endswith("}id")]
            kind, part = relations.get(ids[0] if ids else "", ("", ""))
            if part.casefold() not in self.parts:
                raise refusal("part_missing", part=name or part)
            if part.casefold() in used or part.casefold() == main.casefold():
                raise refusal("parts_tangled", part=name)
            used.add(part.casefold())
            hidden = element.get("state", "visible") != "visible"
            found.append((name, hidden, part if kind == "worksheet" else ""))
        if not found:
            raise refusal("no_sheet")
        if len(found) > self.limits.sheets:
            raise refusal("too_many_sheets", count=len(found), limit=self.limits.sheets)
        return found

    def _telling_styles(self, relations: dict[str, tuple[str, str]]) -> dict[int, str]:
        """Return number formats that change what is seen: leading zeros, percent, a unit."""
        part = next((p for kind, p in relations.values() if kind == "styles"), "")
        if part.casefold() not in self.parts:
            return {}
        data = self._small(part)
        formats = dict(_BUILT_IN_FORMATS)
        tag = re.compile(rb"<(?:[\w.-]+:)?(numFmt|xf)\s([^>]*)>")
        at = re.search(rb"<(?:[\w.-]+:)?cellXfs[\s>]", data)
        end = re.search(rb"</(?:[\w.-]+:)?cellXfs>", data)
        codes = data[: at.start()] if at else data
        for match in tag.finditer(codes):
            if match[1] == b"numFmt":
                attributes = _attributes(b"<x " + match[2].rstrip(b"/ ") + b"/>")
                code = attributes.get("formatCode", "")
                number = attributes.get("numFmtId", "")
                if number.isdigit() and _TELLING_FORMAT.search(code.split(";")[0]):
                    formats[int(number)] = code
        telling: dict[int, str] = {}
        if at and end:
            for index, match in enumerate(
                m for m in tag.finditer(data, at.end(), end.start()) if m[1] == b"xf"
            ):
                found = re.search(rb"numFmtId=[\"'](\d+)[\"']", match[2])
                if found and int(found[1]) in formats:
                    telling[index] = formats[int(found[1])]
        return telling if len(telling) <= 200 else {}

    def _check_strings(self, relations: dict[str, tuple[str, str]]) -> None:
        part = next((p for kind, p in relations.values() if kind == "sharedStrings"), "")
        part = part or ("xl/sharedStrings.xml" if "xl/sharedstrings.xml" in self.parts else "")
        if part.casefold() not in self.parts:
            return
        limit = self.limits.strings
        count = 0
        for i, piece in enumerate(pieces(self._chunks(part), part, self.limits, b"<si", b"<x:si")):
            if i == 0:
                for claim in re.findall(
                    rb"(?:unique)?[cC]ount\s*=\s*[\"'](\d+)[\"']", piece[:2000]
                ):
                    if int(claim) > 4 * limit:
                        raise refusal("too_many_strings", count=int(claim), limit=limit)
                claim = re.search(rb"uniqueCount\s*=\s*[\"'](\d+)[\"']", piece[:2000])
                if claim and int(claim[1]) > limit:
                    raise refusal("too_many_strings", count=int(claim[1]), limit=limit)
            check_no_document_type(piece, part)
            count += piece.count(b"<si") + piece.count(b":si")
            if count > limit:
                raise refusal("too_many_strings", count=count, limit=limit)

    def _refuse_too_big(self, names: list[tuple[str, bool, str]]) -> None:
        """Look into the biggest sheet to say whether blank rows make it big; refuse in any case."""
        sheets = [(self.parts[p.casefold()].file_size, name, p) for name, _, p in names if p]
        if sheets:
            _, name, part = max(sheets)
            rows = valued = 0
            for i, chunk in enumerate(self._chunks(part)):
                rows += chunk.count(b"<row")
                valued += chunk.count(b"<v") + chunk.count(b"<is")
                if i * _CHUNK > _PEEK:
                    break
            if rows > 2000 and valued < rows // 4:
                raise refusal("blank_rows", sheet=name, rows=rows)
        raise _too_big(self.total, self.limits)

    # ---- bytes

    def _tree(self, part: str) -> ElementTree.Element:
        data = self._small(part)
        try:
            return ElementTree.fromstring(data)  # noqa: S314  (no DTD: see _small)
        except (ElementTree.ParseError, ValueError, LookupError):
            raise refusal("file_damaged", part=part) from None

    def _small(self, part: str) -> bytes:
        entry = self.parts[part.casefold()]
        if entry.file_size > self.limits.small_part_bytes:
            raise _too_big(entry.file_size, self.limits)
        data = b"".join(self._chunks(part))
        check_text(data, part, self.limits)
        check_no_document_type(data, part)
        return data

    def _chunks(self, part: str) -> Iterator[bytes]:
        """Yield the inflated bytes of a part; its size, checksum and encoding are verified."""
        entry = self.parts[part.casefold()]
        file = self.file
        file.seek(entry.header_offset)
        header = file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise refusal("file_damaged", part=part)
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        name = file.read(name_length)
        if name != entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437"):
            raise refusal("part_name", part=part)
        position = entry.header_offset + 30 + name_length + extra_length
        raw = self._raw(position, entry.compress_size)
        stored = entry.compress_type == zipfile.ZIP_STORED
        chunks = raw if stored else self._inflated(raw, part)
        seen = check = 0
        for chunk in chunks:
            if seen == 0:
                _check_encoding(chunk, part)
            seen += len(chunk)
            if seen > entry.file_size:
                raise refusal("size_false", part=part)
            check = zlib.crc32(chunk, check)
            yield chunk
        if seen != entry.file_size or check != entry.CRC:
            raise refusal("file_damaged", part=part)

    def _raw(self, position: int, length: int) -> Iterator[bytes]:
        while length > 0:
            self.file.seek(position)
            data = self.file.read(min(256 * 1024, length))
            if not data:
                raise refusal("file_truncated")
            position += len(data)
            length -= len(data)
            yield data

    def _inflated(self, raw: Iterator[bytes], part: str) -> Iterator[bytes]:
        engine = zlib.decompressobj(-15)
        try:
            for data in raw:
                pending = data
                while pending:
                    chunk = engine.decompress(pending, _CHUNK)
                    if chunk:
                        yield chunk
                    pending = engine.unconsumed_tail
                if engine.eof:
                    break
            while not engine.eof:
                chunk = engine.decompress(b"", _CHUNK)
                if not chunk:
                    break
                yield chunk
        except zlib.error:
            raise refusal("file_damaged", part=part) from None


def _check_encoding(head: bytes, part: str) -> None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] in (b"<\0?\0", b"\0<\0?"):
        raise refusal("encoding", part=part)
    declared = _DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise refusal("encoding", part=part)


def _normalised(path: str) -> str:
    parts: list[str] = []
    for piece in path.replace("\\", "/").split("/"):
        if piece == "..":
            if parts:
                parts.pop()
        elif piece not in ("", "."):
            parts.append(piece)
    return "/".join(parts)


def _attributes(tag: bytes) -> dict[str, str]:
    try:
        return dict(ElementTree.fromstring(tag).attrib)  # noqa: S314  (one tag)
    except ElementTree.ParseError:
        return {}
