"""A document said in words and blocks, ready to be set: what both writers print, decided once.

The result is plain data. A text is a list of stretches: a string, or a mapping with ``t`` and what
holds of it (``b``, ``i``, ``u``, ``href``, ``to``, ``place``, ``note``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.conf import settings

from hoptac.foundation.documents.formats import Format, format_on, kind_of
from hoptac.foundation.documents.official import outline, widths, wording
from hoptac.foundation.documents.official.metrics import width_mm
from hoptac.foundation.documents.official.structure import (
    Annex,
    Block,
    Bullets,
    Cell,
    Column,
    Fields,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
    Text,
)
from hoptac.foundation.documents.official.typography import clean, set_well
from hoptac.foundation.vietnamese import format_number

PAGE_MM = (210, 297)
# Where "Kính gửi:" begins, from the left margin.
ADDRESSED_MM = 25
# Letters in a cell beyond which its row may be parted by a page.
_LONG_CELL = 600
_ALIGN = {"text": "left", "number": "right", "center": "center"}


class UnknownPlace(ValueError):
    """A link leads to a place that the document does not have, or one that it has twice."""


class Sheet:
    """The parts of one document in the words in which they are printed."""

    def __init__(self, document: OfficialDocument, letters: Callable[[str], str] = set_well):
        self.document = document
        self.letters = letters
        self.format: Format = format_on(document.profile, document.day)
        # A paper that is none of the official kinds brings its own name.
        self.names_itself = (
            bool(document.kind_name) or kind_of(document.profile, document.kind).names_itself
        )
        every = [*document.blocks, *(b for a in document.annexes for b in a.blocks)]
        self.depths = outline.depths(every)
        # How deep the last heading lay: of the document's own name 1; no level is ever skipped.
        self.reached = self.named = 0
        self.places: set[str] = set()
        self.links: set[str] = set()

    def as_data(self) -> dict[str, Any]:
        """Return everything that is printed.

        :raises UnknownPlace: a link leads nowhere
        :raises ValueError: a link is no address, or a row has more cells than the table columns
        """
        d, fmt, say = self.document, self.format, self.letters
        names_itself = self.names_itself
        kind = say(wording.kind_name(d)).strip().upper() if names_itself else ""
        self.reached = self.named = 1 if kind else 0
        signatures = [self._signature(s) for s in d.signatures]
        found = {
            "format": fmt.as_data(),
            "addressed_mm": ADDRESSED_MM,
            "title": clean(self.title()),
            "author": clean(d.author or " ".join(wording.lines_of(d.issuer))),
            "keywords": [clean(k) for k in d.keywords],
            "day": d.day,
            "nation": say(fmt.nation).upper(),
            "parent": self._name(d.parent, fmt.parent_size, bold=False),
            "issuer": self._name(d.issuer, fmt.issuer_size, bold=True),
            "right_width": round(self.right_width(), 2),
            "number": say(wording.number_line(fmt, d.number, d.symbol)),
            "draft": "DỰ THẢO" if d.is_draft else "",
            "letter_about": "" if names_itself or not d.about else say(fmt.letter_about_word + d.about),
            "place_and_day": say(wording.place_and_day(d.place, d.day)),
            "kind": kind,
            "about": say(d.about) if names_itself else "",
            "addressees": [say(a) for a in wording.addressed(fmt, d.addressees)] if d.addressees else [],
            "dash_mm": round(width_mm("Kính gửi", fmt.body_size), 2),
            "basis": [self.text(b) for b in self._basis()],
            "blocks": self.blocks(d.blocks),
            "signatures": signatures,
            "receivers": (
                [say(r) for r in wording.receivers(fmt, d.recipients, has_addressees=bool(d.addressees))]
                if d.recipients is not None else []
            ),
            "annexes": [self._annex(a, at) for at, a in enumerate(d.annexes, start=1)],
            "depths": dict(self.depths),
        }  # fmt: skip
        if lost := self.links - self.places:
            raise UnknownPlace(", ".join(sorted(lost)))
        return found

    def title(self) -> str:
        """Return what the file is called: the kind and what it is about."""
        d = self.document
        return " ".join(p for p in (wording.kind_name(d), d.about) if p)

    def right_width(self) -> float:
        """Return the width in millimetres of the head's right half: what stands there keeps to its lines."""
        fmt, room = self.format, self.room(landscape=False)
        place = wording.place_and_day(self.document.place, self.document.day)
        widest = max(
            width_mm(fmt.nation.upper(), fmt.nation_size, bold=True),
            width_mm(fmt.motto, fmt.motto_size, bold=True),
            width_mm(place, fmt.place_size, italic=True),
        )
        return min(max(widest + 1.5, room * 0.55), room * 0.66)

    def _name(self, name: str | Sequence[str], size: int, *, bold: bool) -> list[str]:
        """Return a body's name in capitals, in lines that fit the head's left half."""
        room = self.room(landscape=False) - self.right_width() - widths.GUTTER_MM
        lines = [self.letters(line).upper() for line in wording.lines_of(name)]
        return [part for line in lines for part in widths.balanced(line, size, room, bold=bold)]

    # --- Texts

    def text(self, text: Text, decimals: int | None = None) -> list[Any]:
        """Return a text as stretches; numbers in it have these decimals."""
        parts = [text] if isinstance(text, str | Run) else text
        found: list[Any] = []
        for part in parts:
            if isinstance(part, str):
                if part:
                    found.append(self.letters(part))
                continue
            own = part.text if isinstance(part.text, str) else format_number(part.text, decimals)
            said: dict[str, Any] = {"t": self.letters(own)}
            looks = (("b", part.bold), ("i", part.italic), ("u", part.underline))
            said |= {name: True for name, is_so in looks if is_so}
            if part.href:
                said |= self._link(part.href)
            if part.anchor:
                said["place"] = self._place(part.anchor)
            if part.note:
                said["note"] = self.letters(part.note)
            found.append(said if len(said) > 1 else said["t"])
        return found

    def _link(self, href: str) -> dict[str, str]:
        if href.startswith("#"):
            to = clean(href[1:])
            self.links.add(to)
            return {"to": to}
        if href.startswith("/") and not href.startswith("//"):
            href = settings.PUBLIC_URL + href
        if not href.startswith(("https://", "http://", "mailto:")):
            raise ValueError(f"{href!r} is no address that a document may lead to")
        return {"href": "".join(c for c in href if c.isprintable() and c not in ' <>"')}

    def _place(self, name: str) -> str:
        name = clean(name)
        if name in self.places:
            raise UnknownPlace(f"{name} twice")
        self.places.add(name)
        return name

    def _basis(self) -> list[Text]:
        """Return the bases, each ended as a list is: a semicolon, the last a full stop."""
        found: list[Text] = []
        for at, basis in enumerate(self.document.basis):
            ending = ";" if at < len(self.document.basis) - 1 else "."
            runs = [basis] if isinstance(basis, str | Run) else list(basis)
            if self.format.basis_style == "dashed":
                runs.insert(0, "- ")
            last = runs[-1] if runs else ""
            if isinstance(last, str):
                runs[-1:] = [last.rstrip(" ;,.") + ending]
            else:
                runs.append(ending)
            found.append(runs)
        return found

    # --- Blocks

    def blocks(self, blocks: Sequence[Block], *, landscape: bool = False) -> list[dict[str, Any]]:
        """Return blocks as they are set, numbers of headings counted."""
        numbers = iter(outline.labels(blocks, self.format.roman_ending))
        found: list[dict[str, Any]] = []
        for block in blocks:
            match block:
                case Heading():
                    number = self.letters(next(numbers)).strip()
                    if number or self.letters(block.text).strip():
                        found.append(self._heading(block, number))
                case Paragraph():
                    if block.text:
                        found.append(self._paragraph(block))
                case Bullets():
                    found.extend(self._bullets(block))
                case Fields():
                    rows = [[self.letters(n), self.text(v) if v else None] for n, v in block.rows]
                    found.append({"what": "fields", "rows": rows})
                case Table():
                    found.append(self._table(block, self.room(landscape=landscape)))
                case PageBreak():
                    found.append({"what": "break"})
                case _:
                    raise TypeError(f"{type(block).__name__} is no block of a document")
        return found

    def room(self, *, landscape: bool) -> float:
        """Return the width of the text in millimetres."""
        fmt = self.format
        if landscape:
            return PAGE_MM[1] - fmt.margin_bottom_mm - fmt.margin_top_mm
        return PAGE_MM[0] - fmt.margin_left_mm - fmt.margin_right_mm

    def _heading(self, heading: Heading, number: str) -> dict[str, Any]:
        text = self.letters(heading.text)
        is_capital = heading.level in {"part", "chapter", "roman"}
        self.reached = min(self.depths[heading.level] + self.named, self.reached + 1)
        return {
            "what": "heading", "level": heading.level, "depth": self.depths[heading.level],
            "below": self.reached,
            "number": number, "text": text.upper() if is_capital else text,
            "place": self._place(heading.anchor) if heading.anchor else "",
        }  # fmt: skip

    def _paragraph(self, paragraph: Paragraph) -> dict[str, Any]:
        indent = paragraph.indent and paragraph.align in {"justify", "left"}
        return {
            "what": "paragraph", "text": self.text(paragraph.text), "align": paragraph.align,
            "indent": indent, "keep": paragraph.keep_with_next,
            "place": self._place(paragraph.anchor) if paragraph.anchor else "",
        }  # fmt: skip

    def _bullets(self, bullets: Bullets) -> Iterable[dict[str, Any]]:
        for at, item in enumerate(bullets.items, start=1):
            mark = {"1.": f"{at}.", "a)": f"{wording.letter(at)})"}.get(
                bullets.marker, bullets.marker
            )
            yield {
                "what": "item", "mark": mark, "text": self.text(item),
                "is_last": at == len(bullets.items),
            }  # fmt: skip

    def _table(self, table: Table, room: float) -> dict[str, Any]:
        columns = table.columns
        rows = [r if isinstance(r, Row) else Row(r) for r in table.rows]
        for row in rows:
            if len(row.cells) not in {1, len(columns)}:
                raise ValueError(f"a row of {len(row.cells)} cells in a table of {len(columns)}")
        said: list[dict[str, Any]] = [
            {
                "cells": [self._cell(c, col) for c, col in zip(r.cells, columns, strict=False)],
                "span": len(columns) if len(r.cells) == 1 else 1,
                "bold": r.bold,
                "whole": _is_short(r),
                "place": self._place(r.anchor) if r.anchor else "",
            }
            for r in rows
        ]  # fmt: skip
        titles = [self.letters(c.title) for c in columns]
        if any(c.width for c in columns):
            own = widths.shares([c.width for c in columns], room)
        else:
            own = widths.fitted(
                titles,
                [[_plain(r["cells"][at]) for r in said if r["span"] == 1] for at in range(len(columns))],
                [c.kind == "number" for c in columns], size=self.format.table_size, total=room,
            )  # fmt: skip
        return {
            "what": "table",
            "title": self.letters(table.title),
            "unit": self.letters(f"Đơn vị tính: {table.unit}") if table.unit else "",
            "note": self.text(table.note) if table.note else [],
            "place": self._place(table.anchor) if table.anchor else "",
            "widths": [round(w, 2) for w in own],
            "align": [_ALIGN[c.kind] for c in columns],
            "heading": self._table_heading(columns, numbered=table.numbered),
            "rows": said,
        }

    def _table_heading(self, columns: Sequence[Column], *, numbered: bool) -> list[list[Any]]:
        """Return the rows of a table's heading, each cell with how far it reaches."""

        def cell(
            text: str, across: int = 1, down: int = 1, *, italic: bool = False
        ) -> dict[str, Any]:
            return {"text": self.letters(text), "across": across, "down": down, "italic": italic}

        if not any(c.group for c in columns):
            rows = [[cell(c.title) for c in columns]]
        else:
            upper: list[Any] = []
            lower: list[Any] = []
            for group, members in groupby(columns, key=lambda c: c.group):
                inside = list(members)
                if group:
                    upper.append(cell(group, across=len(inside)))
                    lower.extend(cell(c.title) for c in inside)
                else:
                    upper.extend(cell(c.title, down=2) for c in inside)
            rows = [upper, lower]
        if numbered:
            rows.append([cell(f"({at})", italic=True) for at in range(1, len(columns) + 1)])
        return rows

    def _cell(self, value: Cell, column: Column) -> list[Any]:
        if value is None:
            return []
        if isinstance(value, bool):
            raise TypeError("a cell says yes or no in words")
        if isinstance(value, int | Decimal):
            return [format_number(value, column.decimals)]
        if isinstance(value, date):
            return [wording.short_day(value)]
        return self.text(value, column.decimals)

    # --- The end

    def _signature(self, signature: Signature) -> dict[str, Any]:
        say = self.letters
        powers = [say(p) for p in wording.powers(self.format, signature)]
        # Beneath a power a post may be set less strongly; who signs in own power has it in bold.
        is_below = self.format.post_style == "upright" and bool(signature.authorities)
        post = powers.pop() if is_below and signature.post else ""
        return {
            "powers": powers, "post": post,
            "name": say(signature.name), "note": say(signature.note), "mark": say(signature.mark),
        }  # fmt: skip

    def _annex(self, annex: Annex, at: int) -> dict[str, Any]:
        alone = len(self.document.annexes) == 1
        number = annex.number if annex.number is not None else "" if alone else wording.roman(at)
        self.reached = self.named = 1
        reference = annex.reference
        if reference is None:
            reference = f"(Kèm theo {wording.citation(self.document)})"
        return {
            "number": self.letters(f"Phụ lục {number}".strip()),
            "title": self.letters(annex.title).upper(),
            "reference": self.letters(reference),
            "landscape": annex.landscape,
            "place": self._place(annex.anchor) if annex.anchor else "",
            "blocks": self.blocks(annex.blocks, landscape=annex.landscape),
        }


def _is_short(row: Row) -> bool:
    """Tell whether a row may be kept from being parted by a page."""
    return all(len(c) < _LONG_CELL for c in row.cells if isinstance(c, str))


def _plain(text: list[Any]) -> str:
    return "".join(part if isinstance(part, str) else part["t"] for part in text)
