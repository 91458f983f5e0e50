"""One quick pass over the XML of a sheet: bounds are checked, formulas and hidden rows noted.

One search tells whether a chunk holds anything out of the ordinary (a formula, an error value, a
far cell, a cell without reference); only then is it looked at cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hoptac.foundation.transfers.verdicts import Limits, refusal

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_FAR_ROW = 100_000
_STEP = 65_536

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,4})\$?(\d{1,10})")
_ATTRIBUTE = rb"(?:^|\s)%s\s*=\s*[\"']([^\"']*)[\"']"
_R = re.compile(_ATTRIBUTE % b"r")
_S = re.compile(_ATTRIBUTE % b"s")
_T = re.compile(_ATTRIBUTE % b"t")
_MIN = re.compile(_ATTRIBUTE % b"min")
_MAX = re.compile(_ATTRIBUTE % b"max")
_REF = re.compile(_ATTRIBUTE % b"ref")
_HIDDEN = re.compile(rb"(?:^|\s)hidden\s*=\s*[\"'](?:1|true)[\"']")
_DECLARED_TYPE = re.compile(rb"<!(?!--|\[CDATA\[)")
_BAD_REFERENCE_CHARACTER = re.compile(rb"&#(?:x0*([0-9A-Fa-f]{1,8})|0*([0-9]{1,10}));")


@dataclass
class SheetScan:
    """What the pass found in one sheet; rows and columns count from 0."""

    name: str
    hidden: bool = False
    rows: int = 0
    valued: int = 0
    last_row: int = -1
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    number_formats: dict[tuple[int, int], str] = field(default_factory=dict)


def column_index(letters: str) -> int:
    """Return the 0-based index of a column: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Return the letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check_text(chunk: bytes, part: str, limits: Limits) -> None:
    """Refuse what no XML part may hold: NUL, broken UTF-8, half characters, an endless text."""
    if b"\0" in chunk:
        raise refusal("bad_character", part=part)
    if not chunk.isascii():
        try:
            chunk.decode("utf-8")
        except UnicodeDecodeError:
            raise refusal("encoding", part=part) from None
    if b"#" in chunk and b"&#" in chunk:
        for match in _BAD_REFERENCE_CHARACTER.finditer(chunk):
            point = int(match[1], 16) if match[1] else int(match[2])
            if point == 0 or 0xD800 <= point < 0xE000 or point > 0x10FFFF:
                raise refusal("bad_character", part=part)
    if len(chunk) > 2 * _STEP:
        for start in range(0, len(chunk) - _STEP, _STEP):
            if chunk.find(b"<", start, start + _STEP) < 0:
                raise refusal("giant_text", part=part, limit=limits.cell_text)


def check_no_document_type(chunk: bytes, part: str) -> None:
    """Refuse a DTD or an entity, wherever it stands: no office program writes one."""
    if b"!" in chunk and _DECLARED_TYPE.search(chunk):
        raise refusal("document_type", part=part)


def pieces(chunks: Iterable[bytes], part: str, limits: Limits, *marks: bytes) -> Iterator[bytes]:
    """Yield the text in pieces that begin at one of the marks, each piece checked."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk if rest else chunk
        cut = max(text.rfind(mark) for mark in marks)
        if cut <= 0:
            cut = text.rfind(b"<")
        if cut <= 0:
            if len(text) > 2 * _STEP:
                raise refusal("giant_text", part=part, limit=limits.cell_text)
            rest = text
            continue
        piece, rest = text[:cut], text[cut:]
        check_text(piece, part, limits)
        yield piece
        if len(rest) > 8 * 1024 * 1024:
            raise refusal("giant_text", part=part, limit=limits.cell_text)
    if rest:
        check_text(rest, part, limits)
        yield rest


class SheetScanner:
    """Reads one sheet in pieces; ``styles`` are the number formats by style that tell something."""

    def __init__(self, scan: SheetScan, limits: Limits, styles: dict[int, str]) -> None:
        self.scan = scan
        self.limits = limits
        self.styles = styles
        self.row = -1
        self.column = -1
        self._prepared = False

    def read(self, chunks: Iterable[bytes], part: str) -> SheetScan:
        """Read the whole sheet.

        :raises BadWorkbook: too many rows, columns or cells, or a text that no workbook holds
        """
        for head in chunks:
            self._prepare(head)
            whole = _chain(head, chunks)
            for piece in pieces(whole, part, self.limits, self._row_mark, self._cell_mark):
                self._take(piece)
            break
        return self.scan

    def _prepare(self, head: bytes) -> None:
        match = re.search(rb"<([A-Za-z_][\w.-]*:)?worksheet[\s>]", head)
        prefix = (match[1] or b"") if match else b""
        self._row_mark = b"<" + prefix + b"row"
        self._cell_mark = b"<" + prefix + b"c"
        self._value_mark = b"<" + prefix + b"v"
        self._inline_mark = b"<" + prefix + b"is"
        self._formula_mark = b"<" + prefix + b"f"
        self._full_cell = b"</" + prefix + b"c>"
        p = re.escape(prefix)
        # Whatever is not one of these is looked at more closely; one search for a whole chunk.
        self._unusual = re.compile(
            rb"<(?!/|%sv>|%sc r=\"(?:[A-Z]|[A-N][A-Z])\d{1,6}\""
            rb"(?: s=\"\d+\")?(?: t=\"(?:s|n|b|str|inlineStr)\")?/?>"
            rb"|%srow (?=[^>]*r=\")(?![^>]*hidden=\"(?:1|true))|%sis>|%st[ >])" % (p, p, p, p, p)
        )
        self._row_number = re.compile(rb"<" + p + rb"row\s(?:[^>]*?\s)?r=[\"'](\d+)")
        self._row_tag = re.compile(rb"<" + p + rb"row(\s[^>]*?)?/?>")
        self._token = re.compile(rb"<" + p + rb"(row|c)(\s[^>]*?)?(/?)>")
        self._far = re.compile(rb"r=[\"']([A-Za-z]{2,}\d+|[A-Za-z]\d{6,})[\"']")
        self._bare = re.compile(rb"<" + p + rb"c(?:>|/>|\s(?!\s*r=)(?![^>]*\sr=))")
        self._bare_row = re.compile(rb"<" + p + rb"row(?:>|/>|\s(?!\s*r=)(?![^>]*\sr=))")
        self._formula = re.compile(rb"<" + p + rb"f[\s/>]")
        self._error = re.compile(rb"\st=[\"']e[\"']")
        self._merge_tag = re.compile(rb"<" + p + rb"mergeCell(\s[^>]*)/?>")
        self._column_tag = re.compile(rb"<" + p + rb"col(\s[^>]*?)/?>")
        self._value = re.compile(rb"<" + p + rb"v[^>]*>([^<]*)<")
        plain = rb"<" + p + rb"c r=\"([A-Z]{1,3})(\d{1,7})\""
        body = rb"(?:<" + p + rb"f[^<]*(?:</" + p + rb"f>)?)?<" + p + rb"v>([^<]*)<"
        self._plain_formula = re.compile(plain + rb"[^>]*><" + p + rb"f[\s/>]")
        self._plain_error = re.compile(plain + rb"(?: s=\"\d+\")? t=\"e\">" + body)
        self._style_hint = None
        if self.styles:
            alternatives = b"|".join(b"%d" % number for number in self.styles)
            self._style_hint = re.compile(plain + rb" s=\"(" + alternatives + rb")\"[^>/]*>")

    def _take(self, piece: bytes) -> None:
        scan, limits = self.scan, self.limits
        valued = piece.count(self._full_cell)
        scan.valued += valued
        if scan.valued > limits.cells:
            raise refusal("too_many_cells", sheet=scan.name, limit=limits.cells)
        numbers = self._row_number.findall(piece)
        scan.rows += len(numbers)
        highest = max(map(int, numbers)) if numbers else 0
        if highest > LAST_ROW:
            raise refusal("bad_reference", sheet=scan.name, cell=f"{highest}:{highest}")
        each = bool(valued) and max(highest, self.row + 1) > limits.rows
        if self._unusual.search(piece):
            if _DECLARED_TYPE.search(piece):
                raise refusal("document_type", part=scan.name)
            if b"hidden" in piece:
                self._note_hidden_rows(piece)
                self._note_hidden_columns(piece)
            self._note_merges(piece)
            each = (
                each
                or self._bare_row.search(piece) is not None
                or self._is_odd(piece)
                or not self._note_plain_formulas_and_errors(piece)
            )
        if each:
            self._take_each_cell(piece)
            return
        if self._style_hint:
            self._note_plain_styles(piece)
        if valued:
            self._note_last_row(piece)
        if numbers:
            self.row, self.column = int(numbers[-1]) - 1, -1

    def _note_last_row(self, piece: bytes) -> None:
        """Note the row of the last cell of the piece that is not blank."""
        start = piece.rfind(self._row_mark, 0, piece.rfind(self._full_cell))
        found = self._row_number.match(piece, start) if start >= 0 else None
        row = int(found[1]) - 1 if found else self.row
        self.scan.last_row = max(self.scan.last_row, row)

    def _note_plain_formulas_and_errors(self, piece: bytes) -> bool:
        """Note formulas and errors written the usual way; False if some are written otherwise."""
        scan = self.scan
        formulas = self._plain_formula.findall(piece)
        errors = self._plain_error.findall(piece)
        if len(formulas) != len(self._formula.findall(piece)):
            return False
        if len(errors) != len(self._error.findall(piece)):
            return False
        scan.formulas.update(_place(*found) for found in formulas)
        for letters, number, text in errors:
            scan.errors[_place(letters, number)] = text.decode("utf-8")
        self._check_marked()
        return True

    def _note_plain_styles(self, piece: bytes) -> None:
        if self._style_hint and len(self.scan.number_formats) < self.limits.marked_cells:
            for letters, number, style in self._style_hint.findall(piece):
                self.scan.number_formats[_place(letters, number)] = self.styles[int(style)]

    def _check_marked(self) -> None:
        if len(self.scan.formulas) > self.limits.marked_cells:
            limit = self.limits.marked_cells
            raise refusal("too_many_formulas", sheet=self.scan.name, limit=limit)

    def _is_odd(self, piece: bytes) -> bool:
        """Tell whether a cell is far off or lacks its reference."""
        for found in set(self._far.findall(piece)):
            match = _REFERENCE.fullmatch(found.decode("ascii"))
            if (
                match is None
                or column_index(match[1]) >= self.limits.columns
                or int(match[2]) > self.limits.rows
            ):
                return True
        return self._bare.search(piece) is not None

    def _take_each_cell(self, piece: bytes) -> None:
        scan = self.scan
        tokens = list(self._token.finditer(piece))
        for i, token in enumerate(tokens):
            attributes = token[2] or b""
            reference = _R.search(attributes)
            if token[1] == b"row":
                self.row = int(reference[1]) - 1 if reference else self.row + 1
                self.column = -1
                scan.rows += reference is None
                continue
            row, column = self._position(reference[1] if reference else None)
            if token[3]:
                continue
            end = tokens[i + 1].start() if i + 1 < len(tokens) else len(piece)
            content = piece[token.end() : end]
            if self._formula_mark in content and self._formula.search(content):
                scan.formulas.add((row, column))
            if self._value_mark not in content and self._inline_mark not in content:
                continue
            if row >= self.limits.rows:
                raise refusal("too_many_rows", sheet=scan.name, row=row + 1, limit=self.limits.rows)
            if column >= self.limits.columns:
                raise refusal(
                    "too_many_columns",
                    sheet=scan.name,
                    row=row + 1,
                    column=column_letters(column),
                    limit=self.limits.columns,
                )
            scan.last_row = max(scan.last_row, row)
            self._note_cell(row, column, attributes, content)
        self._check_marked()

    def _position(self, reference: bytes | None) -> tuple[int, int]:
        if reference is None:
            self.column += 1
            return max(self.row, 0), self.column
        match = _REFERENCE.fullmatch(reference.decode("ascii", "replace"))
        row = int(match[2]) - 1 if match else -1
        column = column_index(match[1]) if match else -1
        if not (0 <= row < LAST_ROW and 0 <= column < LAST_COLUMN):
            raise refusal(
                "bad_reference", sheet=self.scan.name, cell=reference.decode("ascii", "replace")
            )
        self.column = column
        return row, column

    def _note_cell(self, row: int, column: int, attributes: bytes, content: bytes) -> None:
        scan = self.scan
        if len(scan.errors) + len(scan.number_formats) > self.limits.marked_cells:
            return
        kind = _T.search(attributes)
        if kind and kind[1] == b"e":
            value = self._value.search(content)
            scan.errors[row, column] = value[1].decode("utf-8") if value else "#N/A"
        if self.styles and (style := _S.search(attributes)) and style[1].isdigit():
            number_format = self.styles.get(int(style[1]))
            if number_format:
                scan.number_formats[row, column] = number_format

    def _note_hidden_rows(self, piece: bytes) -> None:
        row = self.row
        for tag in self._row_tag.finditer(piece):
            attributes = tag[1] or b""
            reference = _R.search(attributes)
            row = int(reference[1]) - 1 if reference and reference[1].isdigit() else row + 1
            if _HIDDEN.search(attributes) and len(self.scan.hidden_rows) < self.limits.rows:
                self.scan.hidden_rows.add(row)

    def _note_hidden_columns(self, piece: bytes) -> None:
        for tag in self._column_tag.finditer(piece):
            low, high = _MIN.search(tag[1]), _MAX.search(tag[1])
            if low and high and _HIDDEN.search(tag[1]):
                first = max(int(low[1] or 1), 1)
                last = min(int(high[1] or 1), self.limits.columns)
                self.scan.hidden_columns.update(range(first - 1, last))

    def _note_merges(self, piece: bytes) -> None:
        scan = self.scan
        for tag in self._merge_tag.finditer(piece):
            found = _REF.search(tag[1])
            text = found[1].decode("ascii", "replace") if found else ""
            corners = [_REFERENCE.fullmatch(corner) for corner in text.split(":")]
            if not 1 <= len(corners) <= 2 or None in corners:
                raise refusal("bad_reference", sheet=scan.name, cell=text)
            rows = sorted(int(c[2]) - 1 for c in corners if c)
            columns = sorted(column_index(c[1]) for c in corners if c)
            if rows[0] < 0 or rows[-1] >= LAST_ROW or columns[-1] >= LAST_COLUMN:
                raise refusal("bad_reference", sheet=scan.name, cell=text)
            if rows[-1] - rows[0] >= _FAR_ROW and columns[-1] - columns[0] >= self.limits.columns:
                raise refusal("giant_merge", sheet=scan.name, cell=text)
            scan.merged.append((rows[0], columns[0], rows[-1], columns[-1]))
        if len(scan.merged) > self.limits.merges:
            raise refusal("too_many_merges", sheet=scan.name, limit=self.limits.merges)


def _place(letters: bytes, number: bytes) -> tuple[int, int]:
    return int(number) - 1, column_index(letters.decode("ascii"))


def _chain(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest
