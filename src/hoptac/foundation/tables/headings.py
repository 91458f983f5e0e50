"""Finding the heading of a table and what each column holds, by the words people use."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.vietnamese import fold

_SPACE = re.compile(r"[\s\xa0_*:;.\-–/\\,]+")


def words(value: Any) -> str:
    """Return a cell's text folded, with single blanks for every sign but brackets."""
    return _SPACE.sub(" ", fold(str(value))).strip() if value is not None else ""


def column_letter(index: int) -> str:
    """Return ``A`` for 0, ``AA`` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Field:
    """A field that a column may hold, and the words its headings use.

    ``names`` are patterns over folded text, the strongest first. They are tried on the lowest heading
    cell; ``under`` on the cells above it, where the lowest alone says too little (*Họ và tên*). ``but``
    rules a heading out.
    """

    code: str
    names: tuple[str, ...]
    under: tuple[tuple[str, str], ...] = ()
    but: str = ""
    is_number: bool = False


@dataclass
class Heading:
    """Where the heading stands (rows from 0, within) and which column holds which field."""

    first: int
    last: int
    columns: dict[str, int]
    texts: dict[int, str]
    score: float = 0.0
    units: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Return what files of one layout share: the headings in their order."""
        whole = "|".join(f"{c}={t}" for c, t in sorted(self.texts.items()))
        return hashlib.sha256(whole.encode()).hexdigest()

    def letters(self) -> dict[str, str]:
        return {code: column_letter(c) for code, c in self.columns.items()}


def as_written(sheet: Sheet, heading: Heading) -> dict[str, str]:
    """Return each column's heading as the file words it, by the column's letter, for people to read."""
    rows = sheet.rows[heading.first : heading.last + 1]
    said = {words(v): " ".join(str(v).split()) for row in rows for v in row if v is not None}
    return {
        column_letter(c): " – ".join(said.get(part, part) for part in text.split(" | "))
        for c, text in heading.texts.items()
    }


class Grid:
    """A sheet's cells with merged ranges filled, for reading headings."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.covered: dict[tuple[int, int], tuple[int, int]] = {}
        for r1, c1, r2, c2 in sheet.merged:
            if (r2 - r1 + 1) * (c2 - c1 + 1) <= 4000:
                for r in range(r1, r2 + 1):
                    for c in range(c1, c2 + 1):
                        self.covered[r, c] = (r1, c1)

    def at(self, row: int, column: int) -> Any:
        """Return the cell's own value, or that of the merged range it lies in."""
        r, c = self.covered.get((row, column), (row, column))
        rows = self.sheet.rows
        if r >= len(rows) or c >= len(rows[r]):
            return None
        return rows[r][c]

    def path(self, first: int, last: int, column: int) -> list[str]:
        """Return the heading's words above a column, from the top down, each once."""
        found: list[str] = []
        for r in range(first, last + 1):
            text = words(self.at(r, column))
            if not text and r < last and not found:
                # A parent written once over several columns without merging.
                c = column
                while c > 0 and not text and not self._ends(r, c):
                    c -= 1
                    text = words(self.at(r, c))
                    if text and words(self.at(last, c)) == "":
                        text = ""
                        break
            if text and (not found or found[-1] != text):
                found.append(text)
        return found

    def _ends(self, row: int, column: int) -> bool:
        return (row, column) in self.covered


def _is_heading_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not value.strip().isdigit()


def score_path(field_: Field, path: Sequence[str]) -> float:
    """Return how well a heading names a field: 0 for not at all."""
    if not path:
        return 0.0
    leaf, above = path[-1], " ".join(path[:-1])
    whole = " ".join(path)
    if field_.but and re.search(field_.but, whole):
        return 0.0
    best = 0.0
    for rank, pattern in enumerate(field_.names):
        strength = 10.0 - min(rank, 8)
        found = re.search(pattern, leaf)
        if found:
            cover = (found.end() - found.start()) / max(len(leaf), 1)
            best = max(best, strength + 2 * cover)
        elif above and re.search(pattern, above) and len(path) > 1:
            best = max(best, strength * 0.35)
    for parent, child in field_.under:
        if re.search(parent, above) and re.search(child, leaf):
            best = max(best, 12.0)
    return best


def find_heading(
    sheet: Sheet,
    fields: Sequence[Field],
    *,
    needed: Iterable[Sequence[str]],
    least: int = 3,
    search: int = 60,
    start: int = 0,
) -> Heading | None:
    """Return the best heading among the sheet's first filled rows, or nothing where the sheet is no table.

    ``needed`` lists groups of fields of each of which one must be found. ``start`` is the first row looked
    at.
    """
    grid = Grid(sheet)
    needed = [tuple(n) for n in needed]
    best: Heading | None = None
    rows = sheet.rows
    filled = (r for r in range(start, len(rows)) if any(rows[r]))
    for last in islice(filled, search):
        texts = [v for v in rows[last] if _is_heading_text(v)]
        if len(texts) < 2:
            continue
        for height in (1, 2, 3):
            first = last - height + 1
            if first < start or (height > 1 and _looks_like_title(rows[first])):
                break
            found = _heading(grid, fields, first, last)
            if found is None or len(found.columns) < least:
                continue
            if not all(any(f in found.columns for f in group) for group in needed):
                continue
            # A taller heading must name more than the lower part alone.
            if best is None or found.score > best.score + 0.01:
                best = found
    if best is not None:
        best = _trimmed(grid, fields, best)
    return best


def _looks_like_title(row: Sequence[Any]) -> bool:
    filled = [v for v in row if v not in (None, "")]
    return len(filled) == 1 and len(str(filled[0])) > 60


def _trimmed(grid: Grid, fields: Sequence[Field], best: Heading) -> Heading:
    """Take the rows above and below where merged cells say that they belong to the heading."""
    tops = [grid.covered[k][0] for k in grid.covered if k[0] == best.first]
    top = min([best.first, *tops])
    bottoms = Counter(
        r2 for r1, c1, r2, c2 in grid.sheet.merged
        if c1 == c2 and best.first <= r1 <= best.last < r2 <= best.last + 2
    )  # fmt: skip
    bottom, times = bottoms.most_common(1)[0] if bottoms else (best.last, 0)
    if times < 3:
        bottom = best.last
    if top < best.first or bottom > best.last:
        return _heading(grid, fields, top, bottom) or best
    return best


def _heading(grid: Grid, fields: Sequence[Field], first: int, last: int) -> Heading | None:
    width = max((len(grid.sheet.rows[r]) for r in range(first, last + 1)), default=0)
    paths = {c: grid.path(first, last, c) for c in range(min(width, 300))}
    paths = {c: p for c, p in paths.items() if p}
    if len(paths) < 2:
        return None
    long = sum(len(" ".join(p)) > 120 for p in paths.values())
    if long > len(paths) // 2:
        return None
    columns = assign(fields, paths)
    score = sum(s for _c, s in columns.values()) - 0.8 * sum(
        not any(code_c == c for code_c, _s in columns.values()) for c in paths
    )
    return Heading(
        first, last, {code: c for code, (c, _s) in columns.items()},
        {c: " | ".join(p) for c, p in paths.items()}, score,
    )  # fmt: skip


def assign(
    fields: Sequence[Field], paths: Mapping[int, Sequence[str]]
) -> dict[str, tuple[int, float]]:
    """Return for each field its column: the surest pairs first, each column and field once."""
    pairs = [
        (score_path(f, path), -column, f.code) for f in fields for column, path in paths.items()
    ]
    pairs = sorted((p for p in pairs if p[0] >= 2), reverse=True)
    taken: dict[str, tuple[int, float]] = {}
    used: set[int] = set()
    for score, negative, code in pairs:
        if code not in taken and -negative not in used:
            taken[code] = (-negative, score)
            used.add(-negative)
    return taken


def with_mapping(heading: Heading, mapping: Mapping[str, str]) -> Heading:
    """Return the heading with columns as an officer said (letter to field; an empty field drops one)."""
    numbers = {column_letter(c): c for c in range(300)}
    columns = dict(heading.columns)
    for letter, code in mapping.items():
        column = numbers.get(letter.upper())
        if column is None:
            continue
        columns = {k: c for k, c in columns.items() if c != column and k != code}
        if code:
            columns[code] = column
    return Heading(
        heading.first, heading.last, columns, heading.texts, heading.score, heading.units
    )


_NUMBER_ROW = re.compile(r"^\(?\s*(?:cot\s*)?(\d{1,2}[a-d]?|[a-d])\s*\)?(?:\s*[=+\-]\s*.*)?$")


def is_number_row(row: Sequence[Any]) -> bool:
    """Tell whether a row only numbers the columns: ``(1) (2) (3)``, ``1 2 3``, ``A B 1 2``."""
    filled = [v for v in row if v not in (None, "")]
    if len(filled) < 3:
        return False
    numbers = []
    for v in filled:
        text = str(v).strip().lower()
        found = _NUMBER_ROW.match(text) if len(text) <= 14 else None
        if found is None:
            return False
        if found[1].isdigit():
            numbers.append(int(found[1]))
    rising = sum(b == a + 1 for a, b in pairwise(numbers))
    return len(numbers) >= 2 and rising >= len(numbers) - 2


_UNIT_IN_HEADING = (
    (re.compile(r"\bt[yi] (?:dong|d|vnd)\b|\(t[yi]\b|(?<!cong )\bt[yi]$"), 10**9, "tỷ đồng"),
    (re.compile(r"\btrieu\b|\btr (?:dong|d|vnd)\b|\btrd\b"), 10**6, "triệu đồng"),
    (
        re.compile(r"\bnghin\b|\bngan (?:dong|d|vnd)\b|\b1 ?000 ?(?:dong|d|vnd)\b"),
        10**3,
        "nghìn đồng",
    ),
    (re.compile(r"\(dong|\bdong\)|\bvnd\b|\(d\)|dvt dong|\bdong\b"), 1, "đồng"),
)


def money_unit(text: str) -> tuple[int, str] | None:
    """Return the money unit that a folded text names, as its factor in dong and its name."""
    for pattern, factor, name in _UNIT_IN_HEADING:
        if pattern.search(text):
            return factor, name
    return None
