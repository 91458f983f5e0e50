"""What a document rests on and what rests on it: as a nested list, and drawn in rows from above to below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any
from uuid import UUID

from hoptac.directives.models import Directive, DirectiveLink
from hoptac.directives.selectors import directives_seen
from hoptac.directives.terms import TURNED, LinkKind
from hoptac.foundation.access import Context

MOST_STEPS = 6
MOST_NODES = 120
# Above this many the drawing is left out: the list says the same.
MOST_DRAWN = 40
_WIDE, _HIGH, _GAP_X, _GAP_Y = 190, 66, 18, 46
_A_ROW = 6


@dataclass
class Branch:
    """A document in the nested list: how it stands to the one above it, and what follows under it."""

    directive: Directive
    relation: str
    branches: list[Branch] = field(default_factory=list)
    is_repeated: bool = False


@dataclass(frozen=True)
class Box:
    """A document in the drawing, with its lines of text; sizes are those of the drawing."""

    directive: Directive
    x: int
    y: int
    lines: tuple[str, ...]
    is_here: bool
    width: int = _WIDE
    height: int = _HIGH

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Line:
    """A link in the drawing: a path, what it says."""

    path: str
    kind: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """Boxes and lines with the size of the whole."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


@dataclass(frozen=True)
class Graph:
    """Everything around a document that the caller may read."""

    here: Directive
    above: list[Branch]
    below: list[Branch]
    cited: list[Branch]
    drawing: Drawing | None
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not (self.above or self.below or self.cited)


_Link = tuple[UUID, UUID, str]


def graph_of(ctx: Context, directive: Directive) -> Graph:
    """Return what a document rests on, what rests on it, and what it cites or is cited by.

    Documents that the caller may not read are not there, nor what lies only beyond them. Asks once a step.
    """
    seen: dict[UUID, Directive] = {directive.pk: directive}
    links: set[_Link] = set()
    steps = {directive.pk: 0}
    cut = False
    for way in (-1, 1):
        ahead = {directive.pk}
        for step in range(1, MOST_STEPS + 1):
            found = _links(ahead, way)
            ends = {x[1] if way < 0 else x[0] for x in found}
            fresh = _readable(ctx, ends - set(seen))
            seen |= fresh
            links |= {x for x in found if x[0] in seen and x[1] in seen}
            ahead = set(fresh)
            steps.update(dict.fromkeys(ahead, way * step))
            if len(seen) > MOST_NODES:
                cut = True
                break
            if not ahead:
                break
        else:
            cut = True
    cited = _cited(ctx, directive, seen)
    return Graph(
        directive,
        _branches(directive.pk, links, seen, up=True),
        _branches(directive.pk, links, seen, up=False),
        cited,
        _draw(directive, seen, _among(steps), steps) if 1 < len(steps) <= MOST_DRAWN else None,
        cut,
    )


def _links(ids: Iterable[UUID], way: int) -> set[_Link]:
    near = {"source__in": ids} if way < 0 else {"target__in": ids}
    rows = DirectiveLink.objects.live().filter(**near).exclude(kind=LinkKind.CITES)
    return set(rows.values_list("source_id", "target_id", "kind"))


def _among(ids: Iterable[UUID]) -> set[_Link]:
    """Return the links between any two of these documents."""
    wanted = list(ids)
    rows = DirectiveLink.objects.live().filter(source__in=wanted, target__in=wanted)
    found = rows.exclude(kind=LinkKind.CITES).values_list("source_id", "target_id", "kind")
    return set(found)


def _readable(ctx: Context, ids: set[UUID]) -> dict[UUID, Directive]:
    if not ids:
        return {}
    found = directives_seen(ctx).with_standing(ctx.today).filter(pk__in=ids)
    return {d.pk: d for d in found}


def _cited(ctx: Context, here: Directive, seen: dict[UUID, Directive]) -> list[Branch]:
    rows = DirectiveLink.objects.live().filter(kind=LinkKind.CITES)
    out = [(pk, "cites") for pk in rows.filter(source=here).values_list("target_id", flat=True)]
    into = [(pk, "cited") for pk in rows.filter(target=here).values_list("source_id", flat=True)]
    known = dict(seen) | _readable(ctx, {pk for pk, _way in (*out, *into)} - set(seen))
    found = [
        Branch(known[pk], str(LinkKind.CITES.label if way == "cites" else TURNED[LinkKind.CITES]))
        for pk, way in (*out, *into)
        if pk in known
    ]
    return sorted(found, key=lambda b: (b.relation, b.directive.name))


def _branches(
    start: UUID, links: set[_Link], seen: dict[UUID, Directive], *, up: bool
) -> list[Branch]:
    next_to: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for source, target, kind in links:
        near, far = (source, target) if up else (target, source)
        next_to[near].append((far, kind))
    told: set[UUID] = {start}

    def grow(pk: UUID, depth: int) -> list[Branch]:
        found = []
        for far, kind in sorted(next_to[pk], key=lambda x: (x[1], _order(seen[x[0]]))):
            relation = str(LinkKind(kind).label if up else TURNED[kind])
            branch = Branch(seen[far], relation, is_repeated=far in told)
            found.append(branch)
            if not branch.is_repeated and depth < MOST_STEPS:
                told.add(far)
                branch.branches = grow(far, depth + 1)
        return found

    return grow(start, 1)


def _order(directive: Directive) -> tuple[str, str]:
    return (directive.issued_on.isoformat() if directive.issued_on else "", directive.name)


def _parted(steps: dict[UUID, int], links: set[_Link]) -> dict[UUID, int]:
    """Return the rows of the documents so that each stands below all that it rests on."""
    rows = dict(steps)
    for _turn in range(len(rows)):
        moved = False
        for source, target, _kind in links:
            if source not in rows or target not in rows or rows[source] > rows[target]:
                continue
            moved = True
            if rows[source] > 0:
                rows[source] = rows[target] + 1
            else:
                rows[target] = rows[source] - 1
        if not moved:
            break
    return rows


def _draw(
    here: Directive, seen: dict[UUID, Directive], links: set[_Link], steps: dict[UUID, int]
) -> Drawing:
    steps = _parted(steps, links)
    rows: list[list[UUID]] = []
    for step in sorted(set(steps.values())):
        level = sorted((pk for pk in steps if steps[pk] == step), key=lambda pk: _order(seen[pk]))
        rows.extend(level[i : i + _A_ROW] for i in range(0, len(level), _A_ROW))
    width = max(len(r) for r in rows) * (_WIDE + _GAP_X) - _GAP_X + 4
    boxes: dict[UUID, Box] = {}
    for number, row in enumerate(rows):
        own = len(row) * (_WIDE + _GAP_X) - _GAP_X
        for place, pk in enumerate(row):
            x = 2 + (width - 4 - own) // 2 + place * (_WIDE + _GAP_X)
            d = seen[pk]
            boxes[pk] = Box(d, x, 2 + number * (_HIGH + _GAP_Y), _lines(d), pk == here.pk)
    drawn = [
        Line(_path(boxes[source], boxes[target]), kind, str(LinkKind(kind).label))
        for source, target, kind in sorted(links, key=str)
        if source in boxes and target in boxes
    ]
    return Drawing(list(boxes.values()), drawn, width, len(rows) * (_HIGH + _GAP_Y) - _GAP_Y + 4)


def _lines(directive: Directive) -> tuple[str, ...]:
    """Return the lines of a box: what it is called, and the beginning of its title."""
    head = wrap(directive.name, 24, max_lines=1 if directive.symbol else 3, placeholder="…")
    rest: list[Any] = wrap(directive.title, 28, max_lines=2, placeholder="…") if directive.symbol else []  # fmt: skip
    return (*head, *rest)


def _path(source: Box, target: Box) -> str:
    """Return the curve from the top of a document up to the bottom of the one that it rests on."""
    x1, y1, x2, y2 = source.middle, source.y, target.middle, target.y + target.height
    if y1 <= y2:  # beside or below: around the side
        y2 = target.y + target.height // 2
    bend = max(18, (y1 - y2) // 2)
    return f"M{x1} {y1} C{x1} {y1 - bend} {x2} {y2 + bend} {x2} {y2}"
