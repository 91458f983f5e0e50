"""A plan's tasks as an outline by the sections of the document, with progress rolled up from the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain, DirectiveKind
from hoptac.foundation.access import Context
from hoptac.tasks import selectors
from hoptac.tasks.asked import Asked
from hoptac.tasks.models import Task
from hoptac.tasks.rules.rollup import Rolled, compute_rollup, compute_sum
from hoptac.tasks.terms import RUNNING, State

_NOTHING = Rolled(percent=None)
# So many tasks are shown at once; of a longer plan a section's tasks come when it is opened.
MOST_AT_ONCE = 250
_FIELDS = (
    "pk", "parent", "section", "number", "title", "state", "percent", "due_on", "lead__name",
)  # fmt: skip


@dataclass
class Node:
    """A task with its parts."""

    pk: UUID
    parent: UUID | None
    section: str
    number: str
    title: str
    state: str
    percent: int
    due_on: date | None
    lead: str
    days_late: int = 0
    parts: list[Node] = field(default_factory=list)
    rolled: Rolled = _NOTHING
    is_wanted: bool = True

    @property
    def state_name(self) -> str:
        return str(State(self.state).label)


@dataclass
class Section:
    """A section of the plan: its tasks, and the sections below it."""

    path: str
    title: str = ""
    nodes: list[Node] = field(default_factory=list)
    below: list[Section] = field(default_factory=list)
    rolled: Rolled = _NOTHING
    is_open: bool = True
    shows_tasks: bool = True

    @property
    def is_wanted(self) -> bool:
        return bool(self.nodes) or any(s.is_wanted for s in self.below)


@dataclass
class Outline:
    """The whole plan."""

    directive: Directive
    sections: list[Section]
    rolled: Rolled
    is_partial: bool


def plans_seen(ctx: Context) -> list[Directive]:
    """Return the documents of the tasks that the caller may see, the latest first."""
    tasks = selectors.tasks_seen(ctx).filter(directive__isnull=False).order_by()
    found = Directive.objects.filter(pk__in=tasks.values("directive"))
    return list(found.order_by("-issued_on", "-id").defer("text", "reading", "words"))


def plan_of(
    ctx: Context, wanted: UUID | None, plans: list[Directive] | None = None
) -> Directive | None:
    """Return the plan asked for; without one the latest plan of the Party with tasks, else the latest with tasks.

    ``plans`` are those of :func:`plans_seen`, where they are known already.
    """
    found = plans_seen(ctx) if plans is None else plans
    if wanted is not None:
        return next((d for d in found if d.pk == wanted), None)
    of_kind = [d for d in found if d.kind in {DirectiveKind.PLAN, DirectiveKind.PROGRAMME}]
    return next((d for d in of_kind if d.chain == Chain.PARTY), next(iter(of_kind or found), None))


def outline(ctx: Context, asked: Asked, directive: Directive, *, opened: str = "") -> Outline:
    """Return a plan's tasks that the caller sees, in the document's order.

    Progress is rolled up over all of them; filters only hide rows: a task stays while one of its parts fits.
    Of a long plan only the section ``opened`` shows its tasks.
    """
    seen = selectors.tasks_seen(ctx).filter(directive=directive)
    rows = seen.order_by("position", "id").values_list(*_FIELDS)
    nodes = {row[0]: _node(row) for row in rows}
    tops: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.parent) if node.parent else None
        (above.parts if above else tops).append(node)
        if node.due_on is not None and node.state in RUNNING:
            node.days_late = max((ctx.today - node.due_on).days, 0)
    for node in tops:
        _roll(node)
    if asked.narrows_a_plan:
        query = asked.tasks(ctx).filter(directive=directive)
        wanted = set(query.order_by().values_list("pk", flat=True))
        tops = [n for n in tops if _keep(n, wanted)]
    sections = _sections(directive, nodes.values(), tops)
    shown = sum(1 for top in tops for _n in _walk(top))
    is_partial = shown > MOST_AT_ONCE
    if is_partial:
        for section in _all(sections):
            section.is_open = opened == section.path or opened.startswith(f"{section.path}.")
            section.shows_tasks = opened == section.path
    every = [n for n in nodes.values() if n.parent not in nodes]
    return Outline(directive, sections, compute_sum(n.rolled for n in every), is_partial)


def rolled_up(ctx: Context, task: Task) -> Rolled:
    """Return how one task stands with the parts that the caller sees, of whatever depth."""
    nodes = {task.pk: _node_of(task)}
    level = [task.pk]
    while level:
        rows = selectors.tasks_seen(ctx).filter(parent__in=level).order_by("position", "id")
        level = []
        for row in rows.values_list(*_FIELDS):
            if row[0] not in nodes:
                nodes[row[0]] = _node(row)
                nodes[nodes[row[0]].parent or task.pk].parts.append(nodes[row[0]])
                level.append(row[0])
    return _roll(nodes[task.pk])


def _node_of(task: Task) -> Node:
    return Node(task.pk, task.parent_id, task.section, task.number, task.title, task.state, task.percent,
                task.due_on, "")  # fmt: skip


def _node(row: tuple[Any, ...]) -> Node:
    node = Node(*row)
    node.lead = node.lead or ""
    return node


def _roll(node: Node) -> Rolled:
    node.rolled = compute_rollup(
        state=node.state, percent=node.percent, is_late=node.days_late > 0,
        parts=[_roll(part) for part in node.parts],
    )  # fmt: skip
    return node.rolled


def _keep(node: Node, wanted: set[UUID]) -> bool:
    """Drop the parts that do not fit; tell whether the task, or one of its parts, does."""
    node.is_wanted = node.pk in wanted
    node.parts = [p for p in node.parts if _keep(p, wanted)]
    return node.is_wanted or bool(node.parts)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _walk(part)


def _sections(directive: Directive, every: Any, tops: list[Node]) -> list[Section]:
    """Return the sections in the document's order, tasks in each, sections below their parents."""
    reading = (
        Directive.objects.filter(pk=directive.pk)
        .values_list("reading__sections", flat=True)
        .first()
    )
    read = {s["path"]: s for s in reading or [] if isinstance(s, dict) and s.get("path")}
    order = {path: n for n, path in enumerate(read)}
    found: dict[str, Section] = {}
    roots: list[Section] = []

    def section(path: str) -> Section:
        if path not in found:
            words = read.get(path, {})
            found[path] = Section(path, str(words.get("title", "")))
            above = str(words.get("parent", "")) or path.rpartition(".")[0]
            (section(above).below if above and above != path else roots).append(found[path])
        return found[path]

    for node in tops:
        section(node.section).nodes.append(node)

    def roll(one: Section) -> Rolled:
        one.rolled = compute_sum([*(n.rolled for n in one.nodes), *(roll(s) for s in one.below)])
        one.below.sort(key=lambda s: (order.get(s.path, len(order)), s.path))
        return one.rolled

    for root in roots:
        roll(root)
    return sorted(roots, key=lambda s: (order.get(s.path, len(order)), s.path))


def _all(sections: list[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.below)
