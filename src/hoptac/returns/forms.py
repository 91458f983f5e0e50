"""One cooperative's return as the form has it: indicators in rows, years in columns. Pure.

A form is turned, so that its indicators become columns and each of its years a line, and is then read as
any table of returns; what is found is told at the place where it stands on the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hoptac.foundation.tables.headings import Heading, assign, words
from hoptac.foundation.tables.reading import unit_in
from hoptac.foundation.tables.result import Findings, plain
from hoptac.foundation.tables.rows import sayings, texts_of
from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.vietnamese import fold
from hoptac.registry.listed import name_in, number_in
from hoptac.returns.return_fields import FIELDS, MONEY, NEEDED

_FIGURES = tuple(f for f in FIELDS if f.is_number)
_RESULTS = frozenset(NEEDED[1])
_FEWEST = 4  # indicators that make a form
_LEAD = re.compile(
    r"^\s*(?:[-+*•]|(?:[IVX]{1,4}|\d{1,2}(?:\.\d{1,2})*|[A-Za-z])\s*[.)/](?=\s|\D))\s*"
)
_ASIDE = re.compile(
    r"^(?:stt|tt|so tt|ma|ma so|ma chi tieu|don vi(?: tinh)?|dvt|ghi chu|cach ghi|giai trinh)$|"
    r"ke hoach|\bkh\b|\buoc\b|du kien|so voi|so sanh|%|ty le|tang|giam"
)
_BEFORE = re.compile(r"nam truoc|ky truoc|cung ky|dau (?:nam|ky)")
_UNIT_COLUMN = re.compile(r"^(?:don vi(?: tinh)?|dvt|dv tinh)$")
_YEAR = re.compile(r"(?<!\d)(20\d\d|199\d)(?!\d)")


@dataclass
class Who:
    """The cooperative that a form is of, and the cell that tells its number (from 0)."""

    name: str = ""
    number: str | None = None
    at: tuple[int, int] | None = None
    looseness: tuple[int, bool] = (9, False)


@dataclass
class Form:
    """A form found on a sheet: who, which row holds which indicator, which column which year."""

    sheet: Sheet
    who: Who
    heading: int
    rows: dict[str, int]
    texts: dict[int, str]
    years: dict[int, int | None] = field(default_factory=dict)

    def turned(self) -> tuple[Sheet, Heading]:
        """Return the sheet with rows and columns exchanged, and the heading of what was its rows."""
        sheet = self.sheet
        width = max(map(len, sheet.rows))
        cells = [[row[c] if c < len(row) else None for row in sheet.rows] for c in range(width)]
        formulas = {(c, r) for r, c in sheet.formulas}
        turned = replace(sheet, rows=cells, merged=[], formulas=formulas)
        return turned, Heading(0, min(self.years) - 1, self.rows, self.texts)


class TurnedFindings(Findings):
    """Tells what is found on a turned sheet at its true place."""

    def problem(
        self, code: str, row: int | None, column: int | None, field_: str | None, value: Any, **more: Any
    ) -> None:  # fmt: skip
        super().problem(code, column, row, field_, value, **more)

    def notice(self, kind: str, row: int, column: int | None, field_: str | None) -> None:
        if column is not None:
            super().notice(kind, column, row, field_)


def forms_of(sheet: Sheet, year: int | None) -> Iterator[Form]:
    """Yield each form on a sheet; several may stand one below another."""
    tops = [r for r, row in enumerate(sheet.rows) if _is_heading(row)]
    for i, top in enumerate(tops or [-1]):
        start = 0 if not i else _after_blank(sheet, tops[i - 1], top)
        following = tops[i + 1] if i + 1 < len(tops) else None
        end = len(sheet.rows) if following is None else _after_blank(sheet, top, following)
        found = _form(sheet, start, top, end, year)
        if found is not None:
            yield found


def _is_heading(row: Sequence[Any]) -> bool:
    texts = [words(t) for _c, t in texts_of(row)]
    return len(texts) >= 2 and any(
        re.search(r"^(?:cac |ten )?chi tieu\b|^noi dung$", t) for t in texts
    )


def _after_blank(sheet: Sheet, first: int, last: int) -> int:
    """Return the first row of the titles above the heading at ``last``: below the last form's figures."""
    at = last
    while at > first + 1 and not _holds_figures(sheet.rows[at - 1]):
        at -= 1
    return at


def _holds_figures(row: Sequence[Any]) -> bool:
    return (
        sum(v is not None and re.fullmatch(r"-?\d[\d.,\s]*", str(v)) is not None for v in row) >= 2
    )


def _form(sheet: Sheet, start: int, top: int, end: int, year: int | None) -> Form | None:
    best: tuple[int, dict[str, int], dict[int, str]] | None = None
    for c in range(4):
        paths = _paths(sheet, top, end, c)
        if len(paths) < _FEWEST:
            continue
        rows = {code: r for code, (r, _score) in assign(_FIGURES, paths).items()}
        if (
            len(rows) >= _FEWEST
            and rows.keys() & _RESULTS
            and (best is None or len(rows) > len(best[1]))
        ):
            best = (c, rows, {r: " | ".join(p) for r, p in paths.items()})
    if best is None:
        return None
    label, rows, texts = best
    first = min(rows.values())
    heading = top if top >= 0 else first - 1
    above = dict(_headings(sheet, max(top, start), first))
    unit_at = next((c for c, t in above.items() if _UNIT_COLUMN.search(t)), None)
    general = _unit_above(sheet, start, first)
    for code, r in rows.items():
        beside = (
            sheet.rows[r][unit_at] if unit_at is not None and unit_at < len(sheet.rows[r]) else None
        )
        if code in MONEY and not unit_in(texts[r]):
            texts[r] += f" ({words(beside)})" if beside and unit_in(words(beside)) else general
    years = _years(sheet, rows, label, above, year)
    if not years:
        return None
    return Form(sheet, _who(sheet, start, first), heading, rows, texts, years)


def _paths(sheet: Sheet, top: int, end: int, c: int) -> dict[int, list[str]]:
    """Return for each row the words of its indicator, below those of its section."""
    paths: dict[int, list[str]] = {}
    section = ""
    for r in range(top + 1, end):
        row = sheet.rows[r]
        value = row[c] if c < len(row) else None
        if not isinstance(value, str) or not any(ch.isalpha() for ch in value):
            continue
        text = words(_LEAD.sub("", value))
        if any(v not in (None, "") for v in row[c + 1 :]):
            paths[r] = [section, text] if section else [text]
        else:
            section = text
    return paths


def _headings(sheet: Sheet, top: int, first: int) -> Iterator[tuple[int, str]]:
    for c in range(max(map(len, sheet.rows), default=0)):
        told = [
            words(row[c]) for row in sheet.rows[max(top, 0) : first]
            if c < len(row) and row[c] not in (None, "")
        ]  # fmt: skip
        told = [t for t in told if not re.fullmatch(r"\(?\d{1,2}\)?|\(?[a-d]\)?", t)]
        if told:
            yield c, " ".join(told)


def _unit_above(sheet: Sheet, start: int, first: int) -> str:
    for row in sheet.rows[start:first]:
        for _c, text in texts_of(row):
            found = re.search(r"(?:don vi(?: tinh)?|dvt)\W.*", fold(text))
            if found and unit_in(words(found[0])):
                return f" ({words(found[0])})"
    return ""


def _years(
    sheet: Sheet, rows: Mapping[str, int], label: int, above: Mapping[int, str], year: int | None
) -> dict[int, int | None]:
    """Return the columns that hold figures, with their years."""
    found: dict[int, int | None] = {}
    plain_ones: list[int] = []
    for c in range(label + 1, max(len(sheet.rows[r]) for r in rows.values())):
        text = above.get(c, "")
        figures = sum(_is_figure(sheet.rows[r], c) for r in rows.values())
        if not figures or _ASIDE.search(text):
            continue
        named = set(_YEAR.findall(text))
        if len(named) == 1:
            found[c] = int(named.pop())
        elif _BEFORE.search(text):
            found[c] = year - 1 if year else None
        else:
            plain_ones.append(c)
    if plain_ones and year not in found.values():
        found[plain_ones[0]] = year
    return dict(sorted(found.items()))


def _is_figure(row: Sequence[Any], c: int) -> bool:
    value = row[c] if c < len(row) else None
    if isinstance(value, str):
        return any(ch.isdigit() for ch in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _who(sheet: Sheet, start: int, first: int) -> Who:
    """Return the cooperative that the lines above the indicators name, or the sheet's name."""
    who = Who()
    for r in range(start, first):
        for text in sayings(sheet.rows[r]):
            named = name_in(text)
            if named is not None and (named[1], text.isupper()) < who.looseness:
                who.name, who.looseness = named[0], (named[1], text.isupper())
            digits = number_in(text)
            if digits and who.number is None:
                who.number, who.at = digits, (r, _column_of(sheet.rows[r], digits))
    if not who.name:
        named = name_in(sheet.name)
        who.name = named[0] if named else ""
    return who


def _column_of(row: Sequence[Any], digits: str) -> int:
    return next(
        (c for c, v in enumerate(row) if digits in re.sub(r"\D", "", str(plain(v) or ""))), 0
    )
