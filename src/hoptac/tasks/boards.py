"""Tasks as a board: a column for each state, cards with the steps that the caller may take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet

from hoptac.foundation.access import Context
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.tasks import selectors
from hoptac.tasks.asked import Asked
from hoptac.tasks.models import Assignment, Task, Term
from hoptac.tasks.terms import Answer, Part, State, TermState

CARDS = 20
COLUMNS = (
    State.DRAFT, State.ASSIGNED, State.REFUSED, State.UNDER_WAY, State.REPORTED, State.DONE,
)  # fmt: skip


@dataclass
class Column:
    """The tasks of one state: the first ones, and how many there are."""

    state: State
    count: int
    cards: list[Any] = field(default_factory=list)
    href: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def board(ctx: Context, asked: Asked) -> list[Column]:
    """Return the columns of the tasks asked for; those due first, of those done the latest."""
    tasks = asked.tasks(ctx)
    counts = dict(tasks.order_by().values_list("state").annotate(n=Count("pk")))
    found = []
    for state in COLUMNS:
        column = Column(state, counts.get(state.value, 0))
        if column.count:
            column.cards = list(_cards(tasks, state))
        found.append(column)
    return found


def _cards(tasks: QuerySet[Task], state: State) -> QuerySet[Task]:
    first = (
        F("done_on").desc(nulls_last=True)
        if state == State.DONE
        else F("due_on").asc(nulls_last=True)
    )
    return (
        tasks.filter(state=state).select_related("lead").order_by(first, "position", "id")[:CARDS]
    )


@dataclass(frozen=True)
class Sides:
    """On whose behalf the caller may move a task: its orderer, its judge, the caller's own lines in it."""

    orders: bool
    judges: bool
    lines: tuple[Assignment, ...]
    given_on: frozenset[Any]
    term: Term | None


def sides_of(ctx: Context, tasks: list[Task]) -> dict[Any, Sides]:
    """Return for each task what the caller may do with it, by three questions for all of them."""
    everything = any(g.province_code == "*" for g in ctx.grants)
    answering = agencies_spoken_for(ctx, "tasks.answer")
    ordering = selectors.assigning_agencies(ctx)
    ids = [t.pk for t in tasks]
    lines: dict[Any, list[Assignment]] = defaultdict(list)
    own = Assignment.objects.now().filter(task__in=ids)
    if not everything:
        own = own.filter(agency__in=answering)
    for line in own.order_by("-part", "pk"):
        lines[line.task_id].append(line)
    above = Assignment.objects.now().filter(task__in=ids, part=Part.LEAD, given_on_by__isnull=False)
    given = frozenset(above.values_list("given_on_by", flat=True))
    terms: dict[Any, Term] = {}
    running = Term.objects.filter(task__in=ids, state__in=(TermState.OPEN, TermState.REPORTED))
    for term in running.select_related("reported_by").order_by("due_on", "id"):
        terms.setdefault(term.task_id, term)
    found = {}
    for task in tasks:
        present = terms.get(task.pk)
        reported = present.reported_by if present else None
        judge = reported.assigned_by_id if reported else task.assigner_id
        found[task.pk] = Sides(
            orders=task.assigner_id in ordering, judges=judge in ordering, lines=tuple(lines[task.pk]),
            given_on=given, term=present,
        )  # fmt: skip
    return found


def fits(code: str, line: Assignment, *, is_given_on: bool, is_reported: bool) -> bool:
    """Tell whether a step makes sense for a line as it stands."""
    leads, accepted = line.part == Part.LEAD, line.answer == Answer.ACCEPTED
    match code:
        case "accept":
            return not accepted
        case "refuse" | "hand-on":
            return line.answer == Answer.WAITING
        case "ask-more-time":
            return leads and accepted
        case "report" | "give-on":
            return leads and accepted and not is_given_on
        case "withdraw":
            return leads and is_reported
        case "release":
            return leads and is_given_on
    return accepted


def fits_now(code: str, line: Assignment, task: Task) -> bool:
    """Tell whether a step makes sense for one line of a task as it stands."""
    return fits(
        code, line, is_given_on=line.given_on.filter(until__isnull=True).exists(),
        is_reported=task.terms.filter(state=TermState.REPORTED, reported_by=line).exists(),
    )  # fmt: skip


def line_for(ctx: Context, task: Task, code: str, wanted: str = "") -> Assignment | None:
    """Return for which of the caller's lines a step is taken: the one named, else one that it fits, else the first."""
    lines = selectors.own_lines(ctx, task)
    named = [a for a in lines if str(a.pk) == wanted]
    fitting = named or [a for a in lines if fits_now(code, a, task)]
    return next(iter(fitting or lines), None)
