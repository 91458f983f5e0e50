"""The text of a Word document (.docx): paragraphs with their automatic numbers, tables, footnotes.

Runs inside the limited child. Only the standard library; parts are inflated up to a ceiling, document types are
refused before the parser sees them, and nothing outside the archive is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MOST_PART = 96 * 1024 * 1024
_MOST_TEXT = 20_000_000
DITTO = "〃"
"""Stands in a cell that is joined with the one above it."""


class BadPart(Exception):
    """A part that is not taken: its word is the refusal's code, its second the part."""


@dataclass
class _Level:
    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class _Numbering:
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, number: str, level: int) -> str:
        """Return the next label of a list at a level, and count on."""
        levels = self.levels.get(number)
        if not levels:
            return ""
        own = levels.get(level, _Level())
        counts = self.counters[self.abstract.get(number, number)]
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]
        if own.format == "bullet":
            return "-" if own.text not in ("+", "*") else own.text
        if own.format == "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, _Level())
            return _numeral(counts.get(at, other.start), other.format)

        return re.sub(r"%(\d)", shown, own.text)


def _numeral(value: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman"):
        text = ""
        for size, sign in (
            (50, "L"),
            (40, "XL"),
            (10, "X"),
            (9, "IX"),
            (5, "V"),
            (4, "IV"),
            (1, "I"),
        ):
            while value >= size:
                text, value = text + sign, value - size
        return text if kind == "upperRoman" else text.lower()
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{value:02}"
    return str(value)


def docx_text(file: IO[bytes]) -> str:
    """Return the text of an open .docx.

    A paragraph is a line; a row of a table is a line with `` | `` between its cells; footnotes stand at the end,
    each behind its raised number. Deleted text of tracked changes is left out.

    :raises BadPart: a part is missing, damaged, too big or declares a document type
    """
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if "word/document.xml" not in names:
            raise BadPart("part_missing", "word/document.xml")
        numbering = _numbering(archive, names)
        notes: dict[str, list[str]] = {}
        writer = _Writer(numbering, [])
        body = _parse(archive, "word/document.xml").find(f"{_W}body")
        if body is None:
            raise BadPart("part_missing", "body")
        writer.block(body)
        if "word/footnotes.xml" in names:
            for note in _parse(archive, "word/footnotes.xml"):
                if note.get(f"{_W}type") in (None, "normal"):
                    inner = _Writer(numbering, [])
                    inner.block(note)
                    notes[note.get(f"{_W}id", "")] = inner.lines
    lines = writer.lines
    for number, key in enumerate(writer.noted, start=1):
        words = " ".join(line for line in notes.get(key, []) if line)
        if words:
            lines += ["", f"{_raised(number)} {words}"]
    return "\n".join(lines)


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    with archive.open(name) as part:
        data = part.read(_MOST_PART + 1)
    if len(data) > _MOST_PART:
        raise BadPart("inflates_too_big", name)
    plain = data.replace(b"\0", b"")[:4096].lower()
    if b"<!doctype" in plain or b"<!entity" in data.replace(b"\0", b""):
        raise BadPart("document_type", name)
    try:
        return ET.parse(io.BytesIO(data)).getroot()  # noqa: S314  (document types are refused above)
    except ET.ParseError:
        raise BadPart("file_damaged", name) from None


def _numbering(archive: zipfile.ZipFile, names: set[str]) -> _Numbering:
    found = _Numbering()
    if "word/numbering.xml" in names:
        root = _parse(archive, "word/numbering.xml")
        shapes: dict[str, dict[int, _Level]] = {}
        for shape in root.findall(f"{_W}abstractNum"):
            shapes[shape.get(f"{_W}abstractNumId", "")] = {
                int(level.get(f"{_W}ilvl", "0")): _level(level)
                for level in shape.findall(f"{_W}lvl")
            }
        for num in root.findall(f"{_W}num"):
            number = num.get(f"{_W}numId", "")
            shape_id = _value(num, "abstractNumId")
            levels = dict(shapes.get(shape_id, {}))
            own = shape_id
            for change in num.findall(f"{_W}lvlOverride"):
                at = int(change.get(f"{_W}ilvl", "0"))
                begin = change.find(f"{_W}startOverride")
                if begin is not None and at in levels:
                    levels[at] = _Level(
                        levels[at].format, levels[at].text, int(begin.get(f"{_W}val", "1"))
                    )
                    own = f"{shape_id}/{number}"
            found.levels[number] = levels
            found.abstract[number] = own
    if "word/styles.xml" in names:
        for style in _parse(archive, "word/styles.xml").findall(f"{_W}style"):
            properties = style.find(f"{_W}pPr/{_W}numPr")
            if properties is not None and _value(properties, "numId"):
                level = int(_value(properties, "ilvl") or 0)
                found.styles[style.get(f"{_W}styleId", "")] = (_value(properties, "numId"), level)
    return found


def _level(element: ET.Element) -> _Level:
    return _Level(
        _value(element, "numFmt") or "decimal",
        _value(element, "lvlText"),
        int(_value(element, "start") or 1),
    )


def _value(element: ET.Element, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return "" if child is None else child.get(f"{_W}val", "")


class _Writer:
    """Writes blocks as lines."""

    def __init__(self, numbering: _Numbering, noted: list[str]) -> None:
        self.numbering = numbering
        self.lines: list[str] = []
        self.noted = noted
        self.size = 0

    def block(self, element: ET.Element) -> None:
        """Write the paragraphs and tables directly below an element."""
        for child in element:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in (
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}customXml",
                f"{_W}ins",
                f"{_W}smartTag",
            ):
                self.block(child)

    def _add(self, line: str) -> None:
        self.size += len(line)
        if self.size > _MOST_TEXT:
            raise BadPart("inflates_too_big", "word/document.xml")
        self.lines.append(line)

    def _paragraph(self, element: ET.Element) -> None:
        text, boxes = self._text(element)
        label = self._label(element, text)
        lines = text.split("\n")
        self._add(f"{label} {lines[0]}".strip() if label and text.strip() else lines[0].strip())
        for line in lines[1:]:
            self._add(line.strip())
        for box in boxes:
            self.block(box)

    def _label(self, element: ET.Element, text: str) -> str:
        properties = element.find(f"{_W}pPr")
        if properties is None or not text.strip():
            return ""
        numbers = properties.find(f"{_W}numPr")
        if numbers is not None:
            number, level = _value(numbers, "numId"), int(_value(numbers, "ilvl") or 0)
        else:
            number, level = self.numbering.styles.get(_value(properties, "pStyle"), ("", 0))
        return self.numbering.label(number, level) if number and number != "0" else ""

    def _text(self, element: ET.Element) -> tuple[str, list[ET.Element]]:
        """Return a paragraph's text, its leading bold in stars if the rest is not bold, and its text boxes."""
        runs: list[tuple[str, bool]] = []
        boxes: list[ET.Element] = []
        self._runs(element, runs, boxes)
        text = "".join(t for t, _ in runs)
        first = next((i for i, (t, bold) in enumerate(runs) if t.strip() and not bold), len(runs))
        lead = "".join(t for t, _ in runs[:first]).rstrip()
        rest = text[len(lead) :]
        if (
            first < len(runs)
            and len(lead.strip()) > 3
            and len(rest.strip()) > 12
            and re.search(r"[^\W\d_]{2}", lead)
        ):
            gap = len(lead) - len(lead.lstrip())
            return f"{lead[:gap]}**{lead[gap:]}**{rest}", boxes
        return text, boxes

    def _runs(
        self, element: ET.Element, runs: list[tuple[str, bool]], boxes: list[ET.Element]
    ) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{_W}r":
                self._run(child, runs, boxes)
            elif tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_MC}Fallback"):
                continue
            else:
                self._runs(child, runs, boxes)

    def _run(self, run: ET.Element, runs: list[tuple[str, bool]], boxes: list[ET.Element]) -> None:
        mark = run.find(f"{_W}rPr/{_W}b")
        bold = mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "none")
        parts: list[str] = []
        for child in run:
            tag = child.tag
            if tag == f"{_W}t":
                parts.append(child.text or "")
            elif tag == f"{_W}tab":
                parts.append("   ")
            elif tag in (f"{_W}br", f"{_W}cr"):
                parts.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                parts.append("-")
            elif tag == f"{_W}footnoteReference":
                self.noted.append(child.get(f"{_W}id", ""))
                parts.append(_raised(len(self.noted)))
            elif tag == f"{_MC}AlternateContent":
                choice = child.find(f"{_MC}Choice")
                if choice is not None:
                    boxes += choice.iter(f"{_W}txbxContent")
            elif tag in (f"{_W}drawing", f"{_W}pict"):
                boxes += child.iter(f"{_W}txbxContent")
        runs.append(("".join(parts), bold))

    def _table(self, table: ET.Element) -> None:
        rows = [list(_cells(row)) for row in _rows(table)]
        if not rows:
            return
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    self.block(cell)
            self._add("")
            return
        width = max(sum(_span(cell) for cell in row) for row in rows)
        for row in rows:
            texts: list[str] = []
            for cell in row:
                inner = _Writer(self.numbering, self.noted)
                inner.block(cell)
                words = " ".join(" ".join(line.split()) for line in inner.lines if line.strip())
                words = words.replace("|", "/").replace("**", "")
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
                    words = DITTO
                texts.append(words)
                if _span(cell) < width:
                    texts += [""] * (_span(cell) - 1)
            self._add(" | ".join(texts) + (" |" if len(texts) < 3 else ""))
        self._add("")


def _rows(table: ET.Element) -> list[ET.Element]:
    return (
        list(table.iter(f"{_W}tr"))
        if table.find(f".//{_W}tbl") is None
        else table.findall(f"{_W}tr")
    )


def _cells(row: ET.Element) -> list[ET.Element]:
    found = []
    for child in row:
        if child.tag == f"{_W}tc":
            found.append(child)
        elif child.tag in (f"{_W}sdt", f"{_W}ins"):
            found += list(child.iter(f"{_W}tc"))
    return found


def _span(cell: ET.Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    try:
        return max(1, min(64, int(span.get(f"{_W}val", "1")))) if span is not None else 1
    except ValueError:
        return 1


_LAYOUT = re.compile(
    r"cộng\s+hòa\s+xã\s+hội|cộng\s+hoà\s+xã\s+hội|đảng\s+cộng\s+sản|độc\s+lập\s*-|nơi\s+nhận|kính\s+gửi",
    re.IGNORECASE,
)


def _is_layout(rows: list[list[ET.Element]]) -> bool:
    """Tell whether a table only lays text out: the two columns at the top, recipients beside the signer."""
    if all(len(row) == 1 for row in rows):
        return True
    if len(rows) > 6 or max(len(row) for row in rows) > 3:
        return False
    text = " ".join(
        "".join(t.text or "" for t in cell.iter(f"{_W}t")) for row in rows for cell in row
    )
    return bool(_LAYOUT.search(text)) and len(text) < 4000
