"""Tasks over time: their stretches of work for the chart, periods to come computed ahead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.tasks.charts.gantt import Line, Span
from hoptac.tasks.models import Assignment, Dependency, Task, Term
from hoptac.tasks.rules.rhythm import Due, Period, periods
from hoptac.tasks.terms import OPEN, Rhythm, State, TermState

_ENDED = frozenset({TermState.DONE, TermState.NOT_DONE})


@lru_cache(maxsize=4096)
def _periods(rhythm: str, month: int, day: int, since: date, until: date) -> tuple[Period, ...]:
    return tuple(periods(rhythm, Due(month=month, day=day), since=since, until=until))


@dataclass(frozen=True)
class Recurring:
    """What is needed to compute the periods of a recurring task."""

    rhythm: str
    month: int
    day: int
    starts_on: date | None
    ends_on: date | None


def periods_ahead(of: Recurring, *, today: date, until: date) -> Iterator[Period]:
    """Yield the periods that begin after those already opened, as far as they begin by ``until``."""
    opened_until = max(today, of.starts_on or today)
    last = min(until, of.ends_on or until)
    if last <= opened_until:
        return
    for period in _periods(of.rhythm, of.month, of.day, opened_until, last):
        if period.begins_on > opened_until:
            yield period


def recurring(task: Task) -> Recurring:
    return Recurring(task.rhythm, task.due_month, task.due_day, task.starts_on, task.ends_on)


def with_beginning(tasks: Any) -> Any:
    """Let each task know since when somebody answers for it (``given_on``)."""
    lines = Assignment.objects.filter(task=OuterRef("pk")).order_by().values("task")
    return tasks.annotate(given_on=Subquery(lines.annotate(first=Min("since")).values("first")))


def lines_of(ctx: Context, tasks: list[Any], *, until: date, group: str) -> list[Line]:
    """Return the rows of a chart: the tasks under the headings of their groups, in the order given.

    ``group`` is ``agency`` or ``plan``.
    """
    ids = [t.pk for t in tasks]
    terms: dict[Any, list[Term]] = defaultdict(list)
    shown = Term.objects.filter(task__in=ids, due_on__isnull=False).exclude(
        state=TermState.CANCELLED
    )
    for term in shown.order_by("due_on", "id"):
        terms[term.task_id].append(term)
    needs: dict[Any, list[Any]] = defaultdict(list)
    rows = Dependency.objects.filter(task__in=ids, needed__in=ids, retired_by__isnull=True)
    for task, needed in rows.order_by("pk").values_list("task", "needed"):
        needs[task].append(needed)
    alike = Counter(t.title for t in tasks)
    found: list[Line] = []
    heading: Any = ...
    for task in tasks:
        of = task.lead if group == "agency" else task.directive
        if (of and of.pk) != heading:
            heading = of and of.pk
            found.append(Line(key=("group", heading), label=_name(of), is_heading=True))
        spans = list(_spans(ctx, task, terms[task.pk], until))
        found.append(
            Line(
                key=task.pk,
                label=_label(task, alike),
                spans=spans,
                needs=needs[task.pk],
                extra=task,
            )
        )
    return found


def _label(task: Any, alike: Counter[str]) -> str:
    """Return how a row is called; parts of one order to many are told apart by their agencies."""
    if alike[task.title] > 1 and task.lead is not None:
        return f"{task.lead.short_name} · {task.title}"
    return str(task.title)


def _name(of: Any) -> str:
    return getattr(of, "short_name", "") if isinstance(of, Directive) else str(of or "–")


def _spans(ctx: Context, task: Any, terms: list[Term], until: date) -> Iterator[Span]:
    begun = task.starts_on or task.given_on
    for term in terms:
        due_on = term.due_on
        if due_on is None:
            continue
        begins = max(term.begins_on, begun) if term.begins_on and begun else term.begins_on or begun
        ended = term.state in _ENDED
        late = not ended and term.state != TermState.REPORTED and due_on < ctx.today
        late = late or term.state == TermState.NOT_DONE
        yield Span(
            begins_on=min(begins or due_on, due_on), ends_on=due_on, is_done=term.state == TermState.DONE, is_late=late,
            percent=100 if term.state == TermState.DONE else term.percent,
        )  # fmt: skip
    if not terms and task.due_on:
        yield Span(begins_on=min(begun or task.due_on, task.due_on), ends_on=task.due_on)
    elif not terms and begun:
        yield from _without_due_day(task, begun, until)
    if task.rhythm != Rhythm.ONCE and task.state in OPEN:
        for period in periods_ahead(recurring(task), today=ctx.today, until=until):
            yield Span(
                begins_on=period.begins_on,
                ends_on=max(period.due_on, period.begins_on),
                is_ahead=True,
            )


def _without_due_day(task: Any, begun: date, until: date) -> Iterator[Span]:
    """Yield the stretch of a task that no day ends: until it was done, else beyond the chart."""
    if task.state == State.DONE and task.done_on:
        yield Span(begins_on=min(begun, task.done_on), ends_on=task.done_on, is_done=True)
    elif task.state in OPEN and begun <= until:
        yield Span(begins_on=begun, ends_on=until, is_open=True)


@dataclass(frozen=True, kw_only=True)
class DueDay:
    """One due day of a task; ``key`` stays the same from one reading to the next."""

    task: Any
    title: str
    number: str
    lead: str
    due_on: date
    label: str = ""
    state: str = ""
    is_late: bool = False
    is_ahead: bool = False

    @property
    def key(self) -> str:
        return f"{self.task}-{self.label or 'once'}"


_AHEAD = (
    "pk",
    "title",
    "number",
    "lead__name",
    "rhythm",
    "due_month",
    "due_day",
    "starts_on",
    "ends_on",
)


def due_ahead(ctx: Context, tasks: Any, *, since: date, until: date) -> list[DueDay]:
    """Return the due days to come of recurring tasks, from a day to another, that no term stands for yet."""
    if until <= ctx.today:
        return []
    rows = tasks.filter(state__in=sorted(OPEN)).exclude(rhythm=Rhythm.ONCE).order_by("number")
    found = []
    for pk, title, number, lead, *rest in rows.values_list(*_AHEAD):
        for period in periods_ahead(Recurring(*rest), today=ctx.today, until=until):
            if since <= period.due_on <= until:
                found.append(
                    DueDay(task=pk, title=title, number=number, lead=lead or "", due_on=period.due_on,
                           label=period.label, is_ahead=True)
                )  # fmt: skip
    return found


_TERM = ("task", "task__title", "task__number", "task__lead__name", "due_on", "label", "state")


def due_days(ctx: Context, terms: Any) -> list[DueDay]:
    """Return terms as due days."""
    return [
        DueDay(
            task=pk, title=title, number=number, lead=lead or "", due_on=due_on, label=label, state=state,
            is_late=state == TermState.OPEN and due_on < ctx.today,
        )
        for pk, title, number, lead, due_on, label, state in terms.values_list(*_TERM)
    ]  # fmt: skip


def year_from(day: date) -> date:
    return day + timedelta(days=366)
