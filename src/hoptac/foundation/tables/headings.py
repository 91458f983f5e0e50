"""Finding the heading of a table and what each column holds, by the words people use."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any

from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.vietnamese import fold

_SPACE = re.compile(r"[\s\xa0_*:;.\-–/\\,]+")


def words(value: Any) -> str:
    """Return a cell's text folded, with single blanks for every sign but brackets."""
    return (
        _SPACE.sub(" ", fold(str(value))).strip().replace("m²", "m2") if value is not None else ""
    )


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

    def path(self, first: int, last: int, column: int, *, wrapped: bool = False) -> list[str]:
        """Return the heading's words above a column, from the top down, each once.

        A cell that heads this column alone and the one below it are one text on two lines. With ``wrapped``
        no cell heads its neighbours unless it is merged over them.
        """
        found: list[str] = []
        runs_on = False
        for r in range(first, last + 1):
            text = words(self.at(r, column))
            if text and runs_on and found and found[-1] != text:
                found[-1] += " " + text
                runs_on = r < last and self._heads_alone(r, last, column, wrapped=wrapped)
                continue
            runs_on = (
                bool(text) and r < last and self._heads_alone(r, last, column, wrapped=wrapped)
            )
            if not text and r < last and not found and not wrapped:
                # A parent written once over several columns without merging.
                c = column
                while c > 0 and not text and not self._ends(r, c):
                    c -= 1
                    text = words(self.at(r, c))
                    if text and not any(self.at(below, c) for below in range(r + 1, last + 1)):
                        text = ""
                        break
            if text and (not found or found[-1] != text):
                found.append(text)
        return found

    def merged_columns(self, row: int) -> set[int]:
        """Return the columns of a row that lie in a merged range."""
        return {c for r, c in self.covered if r == row}

    def _heads_alone(self, row: int, last: int, column: int, *, wrapped: bool) -> bool:
        """Tell whether a heading cell that is not merged stands over its own column and no other."""
        if (row, column) in self.covered:
            return False
        if wrapped or self.at(row, column + 1):
            return True
        return not any(self.at(r, column + 1) for r in range(row + 1, last + 1))

    def _ends(self, row: int, column: int) -> bool:
        return (row, column) in self.covered


def _is_heading_text(value: Any) -> bool:
    if isinstance(value, int):
        return 1990 <= value <= 2100  # a year above figures
    text = value.strip() if isinstance(value, str) else ""
    return bool(text) and (not text.isdigit() or re.fullmatch(r"(?:19|20)\d\d", text) is not None)


@functools.cache
def _any_word(field_: Field) -> re.Pattern[str]:
    """Return what finds any of a field's words: most cells hold none, and are done with at once."""
    said = (*field_.names, *(part for both in field_.under for part in both))
    return re.compile("|".join(f"(?:{pattern})" for pattern in said))


def score_path(field_: Field, path: Sequence[str]) -> float:
    """Return how well a heading names a field: 0 for not at all."""
    if not path:
        return 0.0
    leaf, above = path[-1], " ".join(path[:-1])
    any_word = _any_word(field_)
    if not any_word.search(leaf) and not any_word.search(above):
        return 0.0
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
            if first < start or (
                height > 1 and (_looks_like_title(rows[first]) or _holds_values(rows[first]))
            ):
                break
            found = _heading(grid, fields, first, last)
            if height > 1 and _stands_below(grid, first, last):
                wrapped = _heading(grid, fields, first, last, wrapped=True)
                if found and wrapped and wrapped.score > found.score + _CLEARLY:
                    found = wrapped
            if found is None or len(found.columns) < least:
                continue
            if not all(any(f in found.columns for f in group) for group in needed):
                continue
            # A taller heading must name more than the lower part alone, one further down more fields.
            if best is None or (
                found.score > best.score + 0.01
                and (first <= best.last + 1 or len(found.columns) > len(best.columns))
            ):
                best = found
    if best is not None:
        best = _trimmed(grid, fields, best)
        _take_units(sheet, best)
        _take_units(sheet, best)  # where a lowest heading of one word stands above them
        _name_more(fields, best)
        # Under what stands merged above it a column may be another's: *Chủ tịch HĐQT | Họ và tên*.
        if not all(any(f in best.columns for f in group) for group in needed):
            return None
    return best


def _stands_below(grid: Grid, first: int, last: int) -> bool:
    """Tell whether every text of a heading stands in its lowest row, so that those above may be its beginnings."""
    sheet_rows = grid.sheet.rows
    above = {
        c for r in range(first, last) for c, v in enumerate(sheet_rows[r]) if v not in (None, "")
    }
    return not above & grid.merged_columns(first) and all(grid.at(last, c) for c in above)


# By how much headings read as wrapped lines must name more than read as groups.
_CLEARLY = 2.0
_UNIT = re.compile(
    r"\(?(?:(?:dvt|don vi(?: tinh)?|tinh bang) )?"
    r"((?:1 ?000 ?|nghin |ngan |trieu |ty |ti |tr )?(?:dong|d|vnd)|trd|trieu|ty|tr d|(?:1 ?000 ?)?m2|ha|"
    r"hec ?ta|cong|nguoi|lao dong|ld|thanh vien|tv|xa vien|ho|htx)\)?"
)


def _take_units(sheet: Sheet, heading: Heading) -> None:
    """Take the row below the heading for its last one where it names nothing but units."""
    below = sheet.rows[heading.last + 1] if heading.last + 1 < len(sheet.rows) else []
    told = {c: words(v) for c, v in enumerate(below) if v is not None and v != ""}
    units = {c: found[1] for c, t in told.items() if (found := _UNIT.fullmatch(t))}
    if not told or len(units) != len(told):
        return
    heading.last += 1
    for c, unit in units.items():
        if c in heading.texts:
            heading.texts[c] += f" ({unit})"


def _name_more(fields: Sequence[Field], heading: Heading) -> None:
    """Add the fields that a column's heading names only with the words of the row of units below it."""
    paths = {
        c: t.split(" | ") for c, t in heading.texts.items() if c not in heading.columns.values()
    }
    missing = [f for f in fields if f.code not in heading.columns]
    heading.columns |= {code: c for code, (c, _score) in assign(missing, paths).items()}


def heading_cells(sheet: Sheet, heading: Heading) -> set[str]:
    """Return the words of the heading's cells, as one printed again repeats them."""
    told = {words(v) for r in sheet.rows[heading.first : heading.last + 1] for v in r}
    return (told | {p for t in heading.texts.values() for p in t.split(" | ")}) - {""}


_SAYS_SOMETHING = re.compile(r":\s*\S|\d{4}")


def _looks_like_title(row: Sequence[Any]) -> bool:
    """Tell whether a row is a line above the table: long, or at its left edge and saying a value."""
    filled = [(c, str(v)) for c, v in enumerate(row) if v not in (None, "")]
    if len(filled) != 1:
        return False
    column, text = filled[0]
    return len(text) > 60 or (column == 0 and _SAYS_SOMETHING.search(text) is not None)


_VALUE = re.compile(r"'?\d[\d.,/\- ]*%?")


def _holds_values(row: Sequence[Any]) -> bool:
    """Tell whether a row holds data, so that no heading reaches up into it; years may stand there."""
    values = 0
    for v in row:
        if isinstance(v, str):
            v = v.strip()
            values += _VALUE.fullmatch(v) is not None and not re.fullmatch(r"(?:19|20)\d\d", v)
        elif isinstance(v, (int, float)):
            values += not 1990 <= v <= 2100
        elif v is not None:
            values += 1
    return values >= 2


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
    if bottom == best.last and (
        _tells_years(grid.sheet.rows, best.last + 1) or _is_lower_part(grid, best)
    ):
        bottom += 1
    elif bottom == best.last and (deeper := _named_below(grid, fields, best)):
        return deeper
    if top < best.first or bottom > best.last:
        return _heading(grid, fields, top, bottom) or best
    return best


def _named_below(grid: Grid, fields: Sequence[Field], best: Heading) -> Heading | None:
    """Return the heading with the row below it, where that has texts under unknown columns only and names them."""
    r = best.last + 1
    below = grid.sheet.rows[r] if r < len(grid.sheet.rows) else []
    filled = {c: v for c, v in enumerate(below) if v not in (None, "")}
    known = set(best.columns.values())
    if not filled or known & set(filled) or not all(map(_is_heading_text, filled.values())):
        return None
    deeper = _heading(grid, fields, best.first, r)
    return deeper if deeper and len(deeper.columns) > len(best.columns) else None


def _is_lower_part(grid: Grid, best: Heading) -> bool:
    """Tell whether the row below a heading parts one of its columns (*Lĩnh vực* into NN, XD, TM), and no more."""
    r = best.last + 1
    below = grid.sheet.rows[r] if r < len(grid.sheet.rows) else []
    filled = {c: v for c, v in enumerate(below) if v not in (None, "")}
    new = [c for c in filled if c not in best.texts]
    if len(new) < 2 or not all(map(_is_heading_text, filled.values())):
        return False
    parted = [c for c in filled if c in best.texts]
    return all(c + 1 in new for c in parted) and len(parted) < len(new)


_YEARS_ONLY = re.compile(
    r"(?:(?:nam|thuc hien|ke hoach|uoc) ?)*(?:19|20)\d\d|thuc hien|ke hoach|uoc"
)


def _tells_years(rows: Sequence[Sequence[Any]], r: int) -> bool:
    """Tell whether a row only says of which year the figures of a heading above it are."""
    told = [words(v) for v in rows[r] if v not in (None, "")] if r < len(rows) else []
    return len(told) > 1 and all(_YEARS_ONLY.fullmatch(t) for t in told)


def _heading(
    grid: Grid, fields: Sequence[Field], first: int, last: int, *, wrapped: bool = False
) -> Heading | None:
    width = max((len(grid.sheet.rows[r]) for r in range(first, last + 1)), default=0)
    paths = {c: grid.path(first, last, c, wrapped=wrapped) for c in range(min(width, 300))}
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


def area_unit(text: str) -> Decimal | None:
    """Return the hectares of the unit of land that a folded text names."""
    if re.search(r"(?:\b1 ?000|nghin|ngan) ?m2\b", text):
        return Decimal("0.1")
    if re.search(r"\bm2\b", text):
        return Decimal("0.0001")
    if re.search(r"\(cong\)|\bcong (?:dat|lua)\b", text):
        return Decimal("0.1")
    return Decimal(1) if re.search(r"\bha\b|\bhec ?ta\b", text) else None


# Words that folded look like the dong: lao động, hoạt động, vốn cổ đông.
_NOT_DONG = re.compile(r"\b(?:lao|hoat|huy|hop|co|luu|cong|hanh) dong\b")


def money_unit(text: str) -> tuple[int, str] | None:
    """Return the money unit that a folded text names, as its factor in dong and its name."""
    text = _NOT_DONG.sub(" ", text)
    for pattern, factor, name in _UNIT_IN_HEADING:
        if pattern.search(text):
            return factor, name
    return None
