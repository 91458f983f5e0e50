"""From the text as it stands to its paragraphs: lines joined, footnotes and page numbers set aside.

Whatever is joined or left out, each letter knows where it stood, so that spans lead back to the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import quantiles

from hoptac.directives.reading.result import Span
from hoptac.directives.reading.words import LOWER, UPPER, lowered


@dataclass
class Piece:
    """Clean text with the place of every letter in the text as it stands; ``low`` is for matching."""

    text: str
    at: list[int]
    to: list[int]
    bold: list[tuple[int, int]] = field(default_factory=list)
    low: str = ""

    def __post_init__(self) -> None:
        self.low = lowered(self.text)

    def span(self, start: int, end: int) -> Span:
        """Return where the letters from ``start`` up to ``end`` stand, without blanks around them."""
        text = self.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            place = self.at[min(start, len(self.at) - 1)] if self.at else 0
            return Span(place, place)
        return Span(self.at[start], self.to[end - 1])

    def whole(self) -> Span:
        """Return where the piece stands."""
        return self.span(0, len(self.text))

    def is_bold(self, start: int, end: int) -> bool:
        """Tell whether all letters between are in bold."""
        return any(a <= start and end <= b for a, b in self.bold)

    def joined(self, other: Piece) -> Piece:
        """Return this piece with another after it, a blank between."""
        if not self.text:
            return other
        glue = "" if self.text[-1:] == "\u00ad" else " "
        shift = len(self.text) + len(glue)
        at, to = self.at, self.to
        if glue:
            at, to = [*at, to[-1]], [*to, other.at[0] if other.at else to[-1]]
        bold = [*self.bold, *((a + shift, b + shift) for a, b in other.bold)]
        if len(bold) > 1 and self.bold and other.bold:
            (a, b), (c, d) = self.bold[-1], (other.bold[0][0] + shift, other.bold[0][1] + shift)
            if b == len(self.text) and c == shift:
                bold = [*self.bold[:-1], (a, d), *bold[len(self.bold) + 1 :]]
        return Piece(self.text + glue + other.text, [*at, *other.at], [*to, *other.to], bold)


@dataclass
class Line:
    """A line of the text: its clean piece, its bounds, and how far in it begins."""

    piece: Piece
    start: int
    end: int
    indent: int
    blank_before: int
    raw: str
    cells: list[Piece] | None = None


@dataclass
class Paragraph:
    """A paragraph: one or several lines that belong together. ``cells`` where it is a row of a table."""

    piece: Piece
    lines: list[Line]
    cells: list[Piece] | None = None
    is_footnote: bool = False

    @property
    def text(self) -> str:
        return self.piece.text

    @property
    def low(self) -> str:
        return self.piece.low


_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"
_FOOTNOTE_MARK = re.compile(rf"[{_SUPERSCRIPT}]+|\[\^?\d{{1,2}}\]")
_DROPPED = frozenset("\r\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\f\v")
_STRAY = re.compile(r"(?<=[.!?:;/])\s*\*{1,2}\w{1,8}\*{1,2}\s*$")
_BOLD = re.compile(r"\*\*|__")
_HASH = re.compile(r"^\s{0,3}#{1,6}\s+")
_PLAIN = re.compile(
    r"^[^\*_#\r\ufeff\u200b-\u200f\u2060\u00ad\f\v\t\xa0\u0300-\u036f⁰¹²³⁴-⁹⁽⁾\[]*$"
)


def clean(raw: str, start: int, *, is_bold: bool = False) -> Piece:
    """Return a line without marks of bold, footnotes and other signs that are not text.

    :param is_bold: whether a line above opened bold letters and did not close them
    """
    if not is_bold and _PLAIN.match(raw) and "  " not in raw:
        lead = len(raw) - len(raw.lstrip())
        text = raw.strip()
        first = start + lead
        return Piece(
            text,
            list(range(first, first + len(text))),
            list(range(first + 1, first + len(text) + 1)),
        )
    return _cleaned(raw, start, is_bold)


def _cleaned(raw: str, start: int, is_bold: bool = False) -> Piece:
    drop: set[int] = set()
    for found in (*_FOOTNOTE_MARK.finditer(raw), *_STRAY.finditer(raw), *_HASH.finditer(raw)):
        drop.update(range(*found.span()))
    marks = {m.start(): m for m in _BOLD.finditer(raw)}
    letters: list[str] = []
    at: list[int] = []
    to: list[int] = []
    bold: list[tuple[int, int]] = []
    opened: int | None = 0 if is_bold else None
    i = 0
    while i < len(raw):
        letter = raw[i]
        if i in marks and i not in drop and (letter == "*" or raw[i : i + 3].strip("_") != ""):
            if opened is None:
                opened = len(letters)
            else:
                bold.append((opened, len(letters)))
                opened = None
            i += 2
            continue
        if i in drop or letter in _DROPPED or letter == "*":
            i += 1
            continue
        if letters and unicodedata.combining(letter):
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + letter)
            if len(letters[-1]) > 1:  # cannot be composed: the mark is dropped, its place is kept
                letters[-1] = letters[-1][0]
            to[-1] = start + i + 1
            i += 1
            continue
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                at.append(start + i)
                to.append(start + i + 1)
        else:
            letters.append(letter)
            at.append(start + i)
            to.append(start + i + 1)
        i += 1
    if opened is not None:
        bold.append((opened, len(letters)))
    while letters and letters[-1] == " ":
        letters.pop()
        at.pop()
        to.pop()
    return Piece("".join(letters), at, to, [(a, min(b, len(letters))) for a, b in bold])


def cut(piece: Piece, start: int, end: int) -> Piece:
    """Return a part of a piece, without blanks around it."""
    while start < end and piece.text[start].isspace():
        start += 1
    while end > start and piece.text[end - 1].isspace():
        end -= 1
    bold = [
        (max(a, start) - start, min(b, end) - start)
        for a, b in piece.bold
        if max(a, start) < min(b, end)
    ]
    return Piece(piece.text[start:end], piece.at[start:end], piece.to[start:end], bold)


# --- Lines

_RULE = re.compile(r"^[\s\-_=*–—─.·•~]{3,}$|^[*]+$|^-{2,}\s*/?-*$|^\s*\|?[\s:|+-]{5,}\|?\s*$")
_PAGE = re.compile(
    r"^\s*(?:[-–—]\s*)?(?:trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.I
)
_CELLS = re.compile(r"\s*\|\s*")


def lines_of(text: str) -> list[Line]:
    """Return the lines that hold something; rules drawn with signs and page numbers are left out."""
    found: list[Line] = []
    blanks = 0
    start = 0
    row: list[Piece] | None = (
        None  # cells of a row that is written one cell a line, strokes between
    )
    begun = (0, 0)
    is_bold = False
    for raw in re.split(r"(?<=\n)|(?<=\r)(?!\n)|(?<=[\f\u2028\u2029])", text):
        end = start + len(raw)
        body = raw.rstrip("\r\n\f\u2028\u2029")
        if body.strip() == "|":
            if row and not row[-1].text:
                _close_row(found, row[:-1], begun)
                row = None
            if row is None:
                row, begun = [], (start, len(found))
            row.append(Piece("", [], []))
            blanks, start = blanks + 1, end
            continue
        if (
            not body.strip()
            or (_RULE.match(body) and "**" not in body)
            or (_PAGE.match(body) and not row)
        ):
            blanks += 1
            is_bold = False
            if row and not row[-1].text:  # text after an empty line is no cell
                _close_row(found, row[:-1], begun)
                row = None
        else:
            piece = clean(body, start, is_bold=is_bold)
            is_bold ^= len(_BOLD.findall(body)) % 2 == 1
            if piece.text:
                indent = len(body.expandtabs(4)) - len(body.expandtabs(4).lstrip())
                line = Line(piece, start, start + len(body), indent, blanks, body)
                line.cells = _cells(body, start)
                found.append(line)
                blanks = 0
                if row:
                    row[-1] = row[-1].joined(piece)
        start = end
    if row:
        _close_row(found, row if row[-1].text else row[:-1], begun)
    return found


_OF_HEAD = re.compile(r"cộng h[òo]a\s+xã hội|đảng cộng sản việt nam|^nơi nhận|^số\s*:")


def _close_row(found: list[Line], cells: list[Piece], begun: tuple[int, int]) -> None:
    """Make one line of a row that was written one cell a line; a head of two columns stays as it is."""
    start, first = begun
    if len(cells) < 3 or any(not c.text for c in cells) or sum(len(c.text) for c in cells) > 4000:
        return
    if any(_OF_HEAD.search(c.low) for c in cells):
        return
    lines = found[first:]
    whole = cells[0]
    for cell in cells[1:]:
        whole = whole.joined(cell)
    raw = " | ".join(line.raw for line in lines)
    line = Line(whole, start, lines[-1].end, lines[0].indent, lines[0].blank_before, raw, cells)
    found[first:] = [line]


def _cells(raw: str, start: int) -> list[Piece] | None:
    """Return the cells of a row of a table (``a | b | c``, tabs between), or nothing."""
    if (
        raw.count("|") >= 2
        or (raw.count(" | ") == 1 and len(raw) < 300)
        or raw.rstrip().endswith(" |")
    ):
        sign = "|"
    elif raw.strip("\t ").count("\t") >= 2 or (
        len(raw) - len(raw.rstrip("\t")) >= 2 and raw.strip("\t ").count("\t") == 1
    ):
        sign = "\t"
    else:
        return None
    cells: list[Piece] = []
    place = 0
    for part in raw.split(sign):
        cells.append(clean(part, start + place))
        place += len(part) + 1
    if sign == "|" and raw.strip().startswith("|"):
        cells = cells[1:]
        if raw.strip().endswith("|"):
            cells = cells[:-1]
    return cells if len(cells) >= 2 else None


# --- Paragraphs

ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"
ENUMERATOR = re.compile(
    rf"""^(?:
      (?P<part>(?i:phần)\s+(?:(?i:thứ)\s+[{LOWER}]+|{ROMAN}|\d{{1,2}}|[A-Z])(?=[\s.:–-]|$)\s*[.:–-]?)
    | (?P<chapter>(?i:chương)\s+(?:{ROMAN}|\d{{1,2}})(?=[\s.:–-]|$)\s*[.:–-]?)
    | (?P<section>(?i:mục)\s+(?:\d{{1,2}}|{ROMAN})(?=[\s.:–-]|$)\s*[.:–-]?)
    | (?P<article>(?i:điều)\s+\d{{1,3}}[a-z]?\s*[.:](?=\s|[{UPPER}]|$))
    | (?P<annex>(?:PHỤ\ LỤC|Phụ\ lục|BIỂU|Biểu)(?:\s+(?:số\s+)?(?:{ROMAN}|\d{{1,2}}))?\s*[.:]?(?=\s|$))
    | (?P<roman>{ROMAN}\s?[.)/–-]+(?=\s|[{UPPER}]))
    | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}\s?[.)/–-]?(?=\s|[{UPPER}]))
    | (?P<number>\(?\d{{1,2}}\s?(?:[.)]+(?=\s|[{UPPER}])|[/–-]+(?=\s))|\(\d{{1,2}}\))
    | (?P<letter>[a-zđ]\s?[.)/](?=\s|[{UPPER}])|[a-zđ]-(?=\s)|\([a-zđ]\))
    | (?P<capital>[A-H]\s?[.)/–-](?=\s))
    | (?P<bullet>[-–—•●▪■◦○*+§Ø✓➢]\s*(?=\S))
    )\s*""",
    re.X,
)
_TERMINAL = re.compile(r"[.;:!?…](?:[\"”'’)\]]*)$|\./\.?$")
_CONNECTS = re.compile(
    r"(?:,|[(]|(?<!\w)(?:và|của|các|những|với|về|theo|cho|tại|trong|từ|đến|ngày|số|tháng|năm|là|có|được|do|để|nhằm|trên|ở|bằng|hoặc|hợp|tác|kinh|tế|nhân|dân))$"
)
_GOES_ON = re.compile(
    r"(?:,|[(]|(?<!\w)(?:và|của|các|những|với|về|theo|cho|tại|trong|từ|đến|là|có|được|do|để|nhằm|trên|ở|bằng|hoặc))$"
)
_STARTS = re.compile(
    r"^(?:nơi nhận|kính gửi|căn cứ|điều \d|t/?m\.? |tm\. |kt\. |k/t |tl\. |t/l |xét |theo đề nghị|v/v |số:? ?\d|quyết định:|phụ lục)"
)
_BULLETS = "-–—•●▪■◦○*+§Ø✓➢"


def paragraphs_of(lines: list[Line]) -> list[Paragraph]:
    """Return the paragraphs: wrapped lines joined, sentences that a page break cuts put together."""
    width = _width(lines)
    margin = _margin(lines, width)
    is_spaced = _is_spaced(lines)
    found: list[Paragraph] = []
    open_para: Paragraph | None = None
    for line in lines:
        if line.cells is not None:
            found.append(Paragraph(line.piece, [line], cells=line.cells))
            continue
        if line.raw.lstrip()[:1] in _SUPERSCRIPT:
            found.append(Paragraph(line.piece, [line], is_footnote=True))
            continue
        last = found[-1] if found else None
        if last is not None and last.is_footnote and _continues_footnote(last, line, open_para):
            last.piece = last.piece.joined(line.piece)
            last.lines.append(line)
            continue
        if open_para is not None and (
            (is_spaced and last is open_para and _is_same_block(open_para, line))
            or _continues(open_para, line, width, last, margin)
        ):
            open_para.piece = open_para.piece.joined(line.piece)
            open_para.lines.append(line)
            continue
        open_para = Paragraph(line.piece, [line])
        found.append(open_para)
    return [p for p in found if not p.is_footnote]


def _is_spaced(lines: list[Line]) -> bool:
    """Tell whether empty lines part the paragraphs: then lines without one between belong together."""
    plain = [line for line in lines if line.cells is None]
    numbered = [line for line in plain if ENUMERATOR.match(line.piece.text)]
    close = sum(1 for line in plain if not line.blank_before)
    return (
        len(numbered) >= 5
        and 4 * close >= len(plain)
        and sum(1 for line in numbered if line.blank_before) >= 0.9 * len(numbered)
    )


_BARE_NUMBER = re.compile(r"^\W*[\w.]{1,8}[.)/]\W*$")


def _is_same_block(para: Paragraph, line: Line) -> bool:
    if line.blank_before or _STARTS.match(line.piece.low):
        return False
    if _is_caps(para.text) == _is_caps(line.piece.text) or line.piece.text[:1].islower():
        return True
    return bool(_BARE_NUMBER.match(para.text)) or not _is_caps(para.text)


def _continues_footnote(note: Paragraph, line: Line, before: Paragraph | None) -> bool:
    return not line.blank_before and not _TERMINAL.search(note.text)


def _width(lines: list[Line]) -> int:
    """Return the width to which the text was wrapped, or 0 where a line is a paragraph."""
    lengths = [len(line.piece.text) for line in lines if line.cells is None]
    if len(lengths) < 8:
        return 0
    most = quantiles(lengths, n=20)[17]
    return int(most) if most <= 130 else 0


def _margin(lines: list[Line], width: int) -> int | None:
    """Return where wrapped lines begin, if paragraphs are told by an indent of their first line."""
    if not width:
        return None
    full = [
        line.indent for line in lines if line.cells is None and len(line.piece.text) >= 0.72 * width
    ]
    base = min(full, default=0)
    hanging = sum(1 for indent in full if indent <= base + 1)
    return base if 0.25 * len(full) <= hanging < 0.95 * len(full) else None


def _continues(
    para: Paragraph, line: Line, width: int, last: Paragraph | None, margin: int | None = None
) -> bool:
    """Tell whether a line goes on where the paragraph before it stopped."""
    text, before = line.piece.text, para.text
    if last is not para and last is not None and not last.is_footnote:
        return False  # a table stands between
    is_open = not _TERMINAL.search(before)
    first = text[:1]
    full = bool(width) and len(para.lines[-1].piece.text) >= 0.72 * width
    is_wrapped = line.blank_before == 0 and full and is_open and not _is_caps(before)
    number = ENUMERATOR.match(text) if is_wrapped else None
    if (
        number is not None
        and number.lastgroup in ("number", "dotted", "letter")
        and line.indent <= para.lines[-1].indent
    ):
        return True  # a number at the beginning of a line, in the middle of a sentence
    if _begins_new(line, is_open, before):
        return False
    if _is_caps(before) != _is_caps(text) and not (first.islower() and is_open):
        return False
    previous = para.lines[-1]
    if (
        margin is not None
        and line.indent >= margin + 2
        and not first.islower()
        and para.lines[0].indent >= margin + 2
    ):
        return False  # the first line of a paragraph is set in
    if is_open and first.islower():
        return line.blank_before <= 6
    if line.blank_before == 0 and width:
        if is_open:
            return full or bool(_CONNECTS.search(before.lower()))
        if before.endswith(";") and full and first.islower():
            return True
        # A sentence that ends with the line, in the middle of a paragraph.
        return (
            before[-1:] in ".," and len(previous.piece.text) >= 0.9 * width
            and line.indent <= previous.indent and not before.endswith("./.")
        )  # fmt: skip
    if before.endswith(",") and len(before) > 30 and not _is_caps(text):
        return True
    if is_open and len(before) > 60 and not _is_caps(text):
        return bool(_CONNECTS.search(before.lower())) or (first.isdigit() and line.blank_before > 0)
    return False


def _begins_new(line: Line, is_open: bool, before: str) -> bool:
    text = line.piece.text
    if _STARTS.match(line.piece.low):
        low = line.piece.low
        return not (is_open and low.startswith(("số", "xét", "căn cứ")) and text[:1].islower())
    found = ENUMERATOR.match(text)
    if found is None:
        return bool(line.piece.is_bold(0, len(text)) and not is_open)
    kind = found.lastgroup
    if kind in ("number", "dotted", "roman", "letter", "capital") and is_open:
        # "ngày\n16. " or "khoản\n2, Điều": a wrapped line may begin like an item.
        return not _GOES_ON.search(before.lower()) and not (
            kind == "number" and re.search(r"(?:điều|khoản|mục|điểm|quý|số|ngày|tháng|năm)$", before.lower())
        )  # fmt: skip
    if kind == "bullet" and is_open and line.blank_before == 0:
        return text[1:2] == " " or text[1:2].isupper()
    return True


@lru_cache(maxsize=8192)
def _is_caps(text: str) -> bool:
    letters = [c for c in text[:240] if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.85 * len(letters)


def is_caps(text: str) -> bool:
    """Tell whether a text is set in capitals."""
    return _is_caps(text)


_GAP = re.compile(r"\s{3,}|\t+|\s*\|\s*")


def fragments(line: Line) -> list[Piece]:
    """Return the parts of a line that wide gaps or strokes part: the two columns of a head."""
    if not _GAP.search(line.raw.strip()):
        return [line.piece]
    found = []
    place = 0
    for gap in [*_GAP.finditer(line.raw), None]:
        stop = gap.start() if gap else len(line.raw)
        piece = clean(line.raw[place:stop], line.start + place)
        if piece.text:
            found.append(piece)
        place = gap.end() if gap else stop
    return found or [line.piece]
