"""The text layer of a PDF, in reading order: lines, indents, tables by their rules; no page numbers.

Runs inside the limited child. Lines keep the order in which the file draws them, so that the two columns at
the top of a document stay apart; two texts on one line far from each other are parted by wide blanks.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_MOST_TEXT = 20_000_000
DITTO = "〃"


@dataclass
class _Letter:
    sign: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass
class _Row:
    """A line as it is drawn, or a row of a table (``is_table``)."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    is_table: bool = False
    base: float = 0.0
    """Where most letters stand."""


@dataclass
class _Page:
    width: float
    height: float
    rows: list[_Row] = field(default_factory=list)


class Locked(Exception):
    """The file asks for a password."""


class Damaged(Exception):
    """The file cannot be opened."""


def pdf_text(data: bytes, most_pages: int = 3000) -> tuple[str, int, int]:
    """Return the text, the number of pages, and how many of them hold text.

    :raises Locked: a password is asked for
    :raises Damaged: no PDF, or none that can be opened
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Locked from None
        raise Damaged from None
    pages: list[_Page] = []
    count = len(document)
    size = 0
    for number in range(min(count, most_pages)):
        try:
            page = _read_page(pdfium, document[number])
        except pdfium.PdfiumError:
            page = _Page(0, 0)
        pages.append(page)
        size += sum(len(row.text) for row in page.rows)
        if size > _MOST_TEXT:
            break
    _drop_margins(pages)
    filled = sum(1 for page in pages if sum(len(row.text.strip()) for row in page.rows) > 20)
    left, pitch = _left(pages), _pitch(pages)
    return "\n\n".join(_written(page, left, pitch) for page in pages if page.rows), count, filled


def _read_page(pdfium: Any, page: Any) -> _Page:
    width, height = page.get_size()
    text_page = page.get_textpage()
    letters = _letters(pdfium.raw, text_page)
    found = _Page(width, height)
    grids = _grids(pdfium, page) if len(letters) < 20_000 else []
    lines: list[list[_Letter]] = [[]]
    for letter in letters:
        if letter.sign == "\n":
            lines.append([])
        else:
            lines[-1].append(letter)
    done: set[int] = set()
    for line in lines:
        drawn = [x for x in line if x.right > x.left or x.sign != " "]
        if not drawn:
            continue
        middle = drawn[len(drawn) // 2]
        x, y = (middle.left + middle.right) / 2, (middle.top + middle.bottom) / 2
        inside = next((i for i, grid in enumerate(grids) if grid.holds(x, y)), None)
        if inside is None:
            found.rows += _lines(line)
        elif inside not in done:
            done.add(inside)
            found.rows += grids[inside].rows(letters)
    return found


def _letters(raw: Any, text_page: Any) -> list[_Letter]:
    count = text_page.count_chars()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found: list[_Letter] = []
    get, box = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    for i in range(count):
        code = get(text_page, i)
        if code == 13:
            continue
        if code in (2, 0xFFFE):
            code = 45
        if code == 10:
            found.append(_Letter("\n", 0, 0, 0, 0))
            continue
        if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        if not box(text_page, i, left, right, bottom, top):
            found.append(_Letter(chr(code), 0, 0, 0, 0))
            continue
        found.append(_Letter(chr(code), left.value, right.value, bottom.value, top.value))
    return found


def _lines(letters: list[_Letter]) -> list[_Row]:
    """Return a drawn line as one row: wide gaps become wide blanks."""
    drawn = [x for x in letters if x.sign != " " and x.right > x.left]
    if not drawn:
        return []
    size = max(6.0, sorted(x.top - x.bottom for x in drawn)[len(drawn) // 2])
    parts: list[str] = []
    before: _Letter | None = None
    for letter in letters:
        if letter.sign == " " or letter.right <= letter.left:
            if parts and parts[-1] != " ":
                parts.append(" ")
            continue
        if before is not None and letter.left - before.right > 2.6 * size:
            parts.append("     ")
        parts.append(letter.sign)
        before = letter
    text = "".join(parts).strip()
    return [
        _Row(
            text, min(x.left for x in drawn), max(x.right for x in drawn), min(x.bottom for x in drawn),
            max(x.top for x in drawn), base=sorted(x.bottom for x in drawn)[len(drawn) // 2],
        )
    ]  # fmt: skip


# --- Tables: cells by the rules drawn round them


@dataclass
class _Grid:
    xs: list[float]
    ys: list[float]
    """Descending: rows from the top."""
    across: list[tuple[float, float, float]]
    """Horizontal rules: y, from x, to x."""
    down: list[tuple[float, float, float]]

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]

    def rows(self, letters: list[_Letter]) -> list[_Row]:
        """Return the rows of the table with their cells' text between strokes."""
        columns, lines = len(self.xs) - 1, len(self.ys) - 1
        cells: list[list[list[_Letter]]] = [[[] for _ in range(columns)] for _ in range(lines)]
        at = (-1, -1)
        for letter in letters:
            if letter.sign == "\n" or letter.right <= letter.left:
                if at[0] >= 0:
                    cells[at[0]][at[1]].append(_Letter(" ", 0, 0, 0, 0))
                continue
            x, y = (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2
            if not self.holds(x, y):
                at = (-1, -1)
                continue
            column = next(i for i in range(columns) if x <= self.xs[i + 1] or i == columns - 1)
            row = next(i for i in range(lines) if y >= self.ys[i + 1] or i == lines - 1)
            row, column = self._first_of(row, column)
            at = (row, column)
            cells[row][column].append(letter)
        found = []
        for i in range(lines):
            words = ["".join(x.sign for x in cell) for cell in cells[i]]
            words = [" ".join(w.split()).replace("|", "/") for w in words]
            for j in range(columns):
                if (
                    i
                    and not words[j]
                    and not self._has_rule(self.ys[i], self.xs[j], self.xs[j + 1])
                ):
                    words[j] = DITTO
            if not any(w and w != DITTO for w in words):
                continue
            text = " | ".join(words)
            if columns == 2:
                text += " |"
            found.append(
                _Row(text, self.xs[0], self.xs[-1], self.ys[i + 1], self.ys[i], is_table=True)
            )
        return found

    def _first_of(self, row: int, column: int) -> tuple[int, int]:
        """Return the first cell of those joined with this one."""
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        while column and not any(
            abs(x - self.xs[column]) < 3 and low - 2 <= middle <= high + 2
            for x, low, high in self.down
        ):
            column -= 1
        while row and not self._has_rule(self.ys[row], self.xs[column], self.xs[column + 1]):
            row -= 1
        return row, column

    def _has_rule(self, y: float, left: float, right: float) -> bool:
        middle = (left + right) / 2
        return any(abs(at - y) < 3 and a - 2 <= middle <= b + 2 for at, a, b in self.across)


def _grids(pdfium: Any, page: Any) -> list[_Grid]:
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    try:
        shapes = page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH], max_depth=4)
        for number, shape in enumerate(shapes):
            if number > 8000:
                return []
            left, bottom, right, top = (
                shape.get_bounds() if hasattr(shape, "get_bounds") else shape.get_pos()
            )
            wide, high = right - left, top - bottom
            if high < 3 and wide > 8:
                across.append(((top + bottom) / 2, left, right))
            elif wide < 3 and high > 6:
                down.append(((left + right) / 2, bottom, top))
            elif wide > 12 and high > 8:
                across += [(top, left, right), (bottom, left, right)]
                down += [(left, bottom, top), (right, bottom, top)]
    except pdfium.PdfiumError:
        return []
    if len(across) < 3 or len(down) < 3:
        return []
    return [g for g in map(_grid, _joined(across, down)) if g is not None]


def _joined(
    across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]
) -> list[tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]]:
    """Return the rules that belong to one table each: stretches of the page's height that uprights cover."""
    bands: list[list[float]] = []
    for _, low, high in sorted(down, key=lambda d: d[1]):
        if bands and low <= bands[-1][1] + 4:
            bands[-1][1] = max(bands[-1][1], high)
        else:
            bands.append([low, high])
    found = []
    for low, high in bands:
        found.append(
            (
                [a for a in across if low - 4 <= a[0] <= high + 4],
                [d for d in down if d[1] >= low - 4 and d[2] <= high + 4],
            )
        )
    return found


def _grid(
    rules: tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]],
) -> _Grid | None:
    across, down = rules
    xs = _apart([d[0] for d in down])
    ys = _apart([a[0] for a in across])
    if len(xs) < 3 or len(ys) < 3:
        return None
    return _Grid(xs, ys[::-1], across, down)


def _apart(values: list[float], least: float = 4) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > least:
            found.append(value)
    return found


# --- Margins and writing


def _drop_margins(pages: list[_Page]) -> None:
    """Take away page numbers, and lines that most pages repeat at their top or bottom."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        for row in _edges(page):
            seen[_edge_key(row)] += 1
    least = max(3, len(pages) // 2)
    for page in pages:
        edges = {id(row) for row in _edges(page)}
        page.rows = [
            row for row in page.rows
            if id(row) not in edges or not (_is_number(row) or seen[_edge_key(row)] >= least)
        ]  # fmt: skip


def _edges(page: _Page) -> list[_Row]:
    return [
        row for row in page.rows
        if not row.is_table and (row.bottom > page.height * 0.92 or row.top < page.height * 0.085)
    ]  # fmt: skip


def _edge_key(row: _Row) -> tuple[str, int]:
    return re.sub(r"\d+", "#", row.text), round(row.bottom / 6)


def _is_number(row: _Row) -> bool:
    return (
        re.fullmatch(r"\W*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", row.text, re.IGNORECASE)
        is not None
    )


def _left(pages: list[_Page]) -> float:
    """Return where lines usually begin."""
    places = Counter(
        round(row.left)
        for page in pages
        for row in page.rows
        if not row.is_table and len(row.text) > 40
    )
    common = [
        place for place, count in places.items() if count >= max(2, max(places.values()) // 6)
    ]
    return float(min(common)) if common else 0.0


def _pitch(pages: list[_Page]) -> float:
    """Return the usual distance from one line to the next."""
    steps = sorted(
        a.base - b.base
        for page in pages
        for a, b in zip(page.rows, page.rows[1:], strict=False)
        if not a.is_table and not b.is_table and 4 < a.base - b.base < 60
    )
    return steps[len(steps) // 2] if steps else 16.0


def _written(page: _Page, left: float, pitch: float) -> str:
    lines: list[str] = []
    before: _Row | None = None
    for row in page.rows:
        if before is not None:
            step = before.base - row.base
            if row.is_table != before.is_table or (
                not row.is_table and not -2 < step < 1.6 * pitch
            ):
                lines.append("")
        indent = max(0, min(24, round((row.left - left) / 6))) if left and not row.is_table else 0
        lines.append(" " * (indent if indent > 1 else 0) + row.text)
        before = row
    return "\n".join(lines)
