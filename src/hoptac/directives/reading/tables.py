"""Tables of tasks: rows under headings such as *Nội dung nhiệm vụ, Cơ quan chủ trì, Thời gian hoàn thành*."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from hoptac.directives.reading.actors import Found
from hoptac.directives.reading.drafts import Context, Draft
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.labels import actors_in
from hoptac.directives.reading.result import Confidence, LeadBasis, Span, TaskKind
from hoptac.directives.reading.structure import Node
from hoptac.directives.reading.when import Timed, time_in_cell
from hoptac.directives.reading.words import grammar, lowered

DITTO = "〃"
"""Stands in a cell that a table joins with the one above it."""


@functools.cache
def _columns() -> dict[str, str]:
    columns = grammar()["columns"]
    return {" ".join(lowered(w).split()): name for name in columns for w in columns[name]}


@dataclass
class _Table:
    """The columns of a table and what its rows above said."""

    columns: dict[str, int]
    width: int
    above: dict[str, tuple[list[Found], str]] = field(default_factory=dict)
    times: list[Timed] = field(default_factory=list)
    group: str = ""


def read_tables(root: Node, context: Context) -> None:
    """Add a draft for each row of each table of tasks below a root."""
    table: _Table | None = None
    for node in root.walk():
        cells = node.paragraph.cells
        if cells is None:
            if node is not root and len(node.text.text) > 120:
                table = None  # a short line may name a group of rows
            continue
        columns = _heading(cells)
        if columns is not None:
            table = _Table(columns, len(cells))
        elif table is not None:
            _row(node, cells, table, context)


def _heading(cells: list[Piece]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for i, cell in enumerate(cells):
        words = " ".join(cell.low.split()).strip(" .:*")
        words = re.sub(r"\s*\([^)]*\)$", "", words)
        name = _columns().get(words) or _nearly(words)
        if name and name not in found:
            found[name] = i
    if "what" in found and ("lead" in found or "when" in found):
        return found
    return None


def _nearly(words: str) -> str:
    for known, name in _columns().items():
        if len(known) > 5 and words.startswith(known) and len(words) < len(known) + 30:
            return name
    return ""


def _row(node: Node, cells: list[Piece], table: _Table, context: Context) -> None:
    number = table.columns.get("number")
    filled = [i for i, c in enumerate(cells) if c.text and c.text != DITTO]
    if len(cells) < 2 or not filled:
        return
    if len(cells) != table.width:
        cells = _fitted(cells, table)
    what = cells[table.columns["what"]] if table.columns["what"] < len(cells) else None
    if what is None:
        return
    rest = [i for i in filled if i not in (number, table.columns["what"])]
    if not what.text or what.text == DITTO or re.fullmatch(r"[\d()\s.=+]+", what.text):
        if len(filled) == 1 and filled[0] != number:
            table.group = cells[filled[0]].text
        return
    label = cells[number].text.strip(" .)") if number is not None and number < len(cells) else ""
    if not rest:
        # A row that spans the table, or a group's name: "I. Công tác tuyên truyền"
        table.group = what.text
        return
    section = node.section()
    path = section.path if section else ""
    own = f"{path}.{label}".strip(".") if label and label != DITTO else path
    text = " ".join(what.text.split()).strip(" .;,-+")
    start = min((c.whole().start for c in cells if c.text), default=0)
    end = max((c.whole().end for c in cells if c.text), default=0)
    draft = Draft(
        kind=TaskKind.ACTION, text=text, what=text[:1].upper() + text[1:], section=own, span=what.whole(),
        sentence=Span(start, end), piece=what, confidence=Confidence.HIGH,
        why=[("table.row", cells[number].text if number is not None and number < len(cells) else "", what.whole())],
    )  # fmt: skip
    if re.match(r"báo cáo|tổng hợp, báo cáo|định kỳ", what.low):
        draft.kind = TaskKind.REPORT
    draft.lead, draft.lead_words = _actors(cells, table, "lead", draft)
    draft.basis = LeadBasis.TABLE if draft.lead else LeadBasis.NONE
    draft.coordinating, draft.coordinating_words = _actors(cells, table, "coordinating", draft)
    when = _cell(cells, table, "when")
    if when is not None and when.text == DITTO:
        draft.times = table.times
    elif when is not None and when.text:
        draft.times = table.times = time_in_cell(when, context.on)
        draft.why.append(("table.when", " ".join(when.text.split()), when.whole()))
    product = _cell(cells, table, "product")
    if product is not None and product.text != DITTO:
        draft.product = " ".join(product.text.split()).strip(" .;")
    if not draft.lead:
        draft.confidence = Confidence.MEDIUM
    context.drafts.append(draft)


def _fitted(cells: list[Piece], table: _Table) -> list[Piece]:
    """Return a row whose cells are fewer or more than the heading's, as well as it can be laid under it."""
    empty = Piece("", [], [])
    if len(cells) < table.width:
        return [*cells, *[empty] * (table.width - len(cells))]
    return cells[: table.width]


def _cell(cells: list[Piece], table: _Table, name: str) -> Piece | None:
    at = table.columns.get(name)
    return cells[at] if at is not None and at < len(cells) else None


def _actors(cells: list[Piece], table: _Table, name: str, draft: Draft) -> tuple[list[Found], str]:
    cell = _cell(cells, table, name)
    if cell is None:
        return [], ""
    if cell.text == DITTO:
        return table.above.get(name, ([], ""))
    if not cell.text.strip(" -–."):
        return [], ""
    _, actors = actors_in(cell)
    words = " ".join(cell.text.split())
    table.above[name] = (actors, words)
    draft.why.append((f"table.{name}", words, cell.whole()))
    return actors, words
