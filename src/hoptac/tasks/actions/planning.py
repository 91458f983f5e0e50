"""Entering tasks, by hand or from what a document asks, and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hoptac.directives.models import Directive, Passage
from hoptac.directives.terms import Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import take
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.chains import chain_of
from hoptac.tasks.duedays import due_fields, open_terms
from hoptac.tasks.models import Task, Term
from hoptac.tasks.models.tasks import speaks_for
from hoptac.tasks.proposed import due_of, product_of
from hoptac.tasks.steps import (
    follow_lines,
    present_term,
    refuse_without,
    speaking,
    take_step,
    write,
)
from hoptac.tasks.terms import ENDS, Rhythm, State, StepKind, TermState

_EDITABLE = ("title", "content", "product", "section", "position", "reach")


@action("tasks.assign", name="tasks.create_task")
def create_task(
    ctx: Context,
    *,
    title: str,
    assigner: Agency,
    directive: Directive | None = None,
    passage: Passage | None = None,
    parent: Task | None = None,
    content: str = "",
    product: str = "",
    section: str = "",
    position: int | None = None,
    reach: str = Reach.OPEN.value,
    due: dict[str, Any] | None = None,
) -> Task:
    """Enter a task that an agency orders; nobody answers for it until it is assigned.

    ``due`` has the fields of :func:`hoptac.tasks.duedays.due_fields`. Below a parent it is part of it.

    :raises OutOfReach: the caller does not speak for the assigning agency, or that one has no part in the parent
    :raises Refused: it says nothing, its days contradict each other, or its document binds nobody any more
    """
    if not speaks_for(ctx, "tasks.assign", assigner.pk):
        raise OutOfReach("tasks.assign")
    title = tidy(title)
    if not title:
        raise Refused(Finding("field_missing", _("Say what is to be done."), field="title"))
    if parent is not None and not takes_part(assigner, parent):
        raise OutOfReach("tasks.assign")
    if directive is not None and directive.reach != Reach.OPEN:
        reach = Reach.RECIPIENTS.value
    if position is None:
        position = Task.objects.filter(directive=directive, parent=parent).count() + 1
    task = new_task(
        ctx, take(f"task:{assigner.province_code}:{ctx.today.year}"), title=title, assigner=assigner,
        directive=directive, passage=passage, parent=parent, position=position, section=section,
        content=content, product=product, reach=reach, due=due_fields(**(due or {})),
    )  # fmt: skip
    task.save()
    write(ctx, task, StepKind.CREATED, **speaking(ctx, assigner))
    note(ctx, subject=task, number=task.number, title=task.title)
    return task


def new_task(
    ctx: Context, number: int, *, title: str, assigner: Agency, content: str, product: str, due: dict[str, Any],
    **more: Any,
) -> Task:  # fmt: skip
    """Return a task that is not entered yet, with its number of the year."""
    task = Task(
        province_code=assigner.province_code, number=f"{number:04d}/{ctx.today.year}", title=title[:300],
        content=content.strip(), product=tidy(product), chain=chain_of(assigner), assigner=assigner,
        act_id=act_of(ctx), **due, **more,
    )  # fmt: skip
    task.fold = _fold(task)
    return task


def takes_part(agency: Agency, task: Task) -> bool:
    """Tell whether an agency ordered a task or answers for it now: then it may order parts of it."""
    return task.assigner_id == agency.pk or task.assignments.now().filter(agency=agency).exists()


@action("tasks.assign", name="tasks.take_passages")
def take_passages(
    ctx: Context, directive: Directive, *, passages: Sequence[Passage], assigner: Agency
) -> list[Task]:
    """Make a task of each passage of a directive that an officer accepted; each once.

    A passage that already has its task is passed over; a task that was called off is opened again.

    :raises OutOfReach: the caller does not speak for the assigning agency
    """
    known = {t.passage_id: t for t in Task.objects.filter(passage__in=passages)}
    found = []
    for passage in passages:
        if passage.pk in known:
            if known[passage.pk].state == State.CANCELLED:
                reopen_task(ctx, known[passage.pk], words=_("The passage was accepted again."))
            continue
        found.append(
            create_task(
                ctx, title=_headline(passage.content), assigner=assigner, directive=directive,
                passage=passage, content=passage.content, section=passage.section,
                position=passage.position, due=due_of(passage),
                product=product_of(passage),
            )
        )  # fmt: skip
    note(ctx, subject=directive, tasks=[t.number for t in found])
    return found


def _headline(content: str) -> str:
    """Return the first words of what is asked, whole words only, for lists."""
    text = tidy(content)
    if len(text) <= 200:
        return text
    return text[:199].rpartition(" ")[0].rstrip(",;:") + "…"


def _fold(task: Task) -> str:
    return fold(f"{task.number} {task.title} {task.product}")[:700]


@action("tasks.assign", name="tasks.edit_task")
def edit_task(
    ctx: Context,
    task: Task,
    *,
    values: dict[str, Any],
    due: dict[str, Any] | None = None,
    parent: Any = ...,
    expected_version: int | None = None,
) -> Task:
    """Change the words of a task, its place in the tree, or (before it is assigned) when it is due.

    Once assigned its due day is moved by :func:`extend`, which the agencies are told.

    :raises Refused: it has ended, says nothing, or would become part of itself
    """
    changes = {k: v for k, v in values.items() if k in _EDITABLE}
    if "title" in changes:
        changes["title"] = tidy(changes["title"])[:300]
        if not changes["title"]:
            raise Refused(Finding("field_missing", _("Say what is to be done."), field="title"))
    if due is not None:
        if task.state != State.DRAFT:
            raise Refused(
                Finding("already_assigned", _("It is assigned: move its due day instead."), field="due_on")
            )  # fmt: skip
        changes |= due_fields(**due)
    if parent is not ...:
        _refuse_circle(task, parent)
        changes["parent"] = parent
    before = {k: str(getattr(task, k)) for k in changes}
    step = take_step(
        ctx, task, StepKind.EDITED, expected_version=expected_version, changes=changes,
        details={"before": before}, **speaking(ctx, task.assigner),
    )  # fmt: skip
    Task.objects.filter(pk=task.pk).update(fold=_fold(task))
    note(ctx, changes=sorted(changes), before=before)
    return step.task


def _refuse_circle(task: Task, parent: Task | None) -> None:
    above = parent
    while above is not None:
        if above.pk == task.pk:
            raise Refused(
                Finding("part_of_itself", _("A task cannot be part of itself."), field="parent")
            )
        above = above.parent


@action("tasks.assign", name="tasks.cancel_task")
def cancel_task(
    ctx: Context, task: Task, *, words: str, expected_version: int | None = None
) -> Task:
    """Call a task off, with all that is part of it and has not ended; the reason is told to the agencies.

    :raises Refused: no reason, or it has ended
    """
    refuse_without(words, _("Say why it is called off."))
    take_step(ctx, task, StepKind.CANCELLED, expected_version=expected_version, words=words,
              **speaking(ctx, task.assigner))  # fmt: skip
    task.terms.filter(state__in=(TermState.OPEN, TermState.REPORTED)).update(
        state=TermState.CANCELLED, act_id=act_of(ctx)
    )
    announce(ctx, "tasks.cancelled", task=task)
    parts = task.children.exclude(state__in=sorted(ENDS)).filter(assigner=task.assigner_id)
    for part in parts.order_by("position", "id"):
        cancel_task(ctx, part, words=words)
    note(ctx, parts=parts.count())
    return task


@action("tasks.assign", name="tasks.reopen_task")
def reopen_task(
    ctx: Context,
    task: Task,
    *,
    words: str,
    due_on: date | None = None,
    expected_version: int | None = None,
) -> Task:
    """Open again what was judged done or called off: undo of both.

    :raises Refused: no reason, or a task that is not recurring is given no new due day that lies ahead
    """
    refuse_without(words, _("Say why it is opened again."))
    term = task.terms.order_by("-due_on", "-id").first()
    if term is not None:
        term.state, term.judged_on, term.judged_by = TermState.OPEN, None, None
        term.due_on = due_on or term.due_on
        term.version, term.act_id = term.version + 1, act_of(ctx)
        term.save()
    state = State.UNDER_WAY if task.lead_id else State.DRAFT
    take_step(
        ctx, task, StepKind.REOPENED, expected_version=expected_version, words=words, leads=state,
        changes={"done_on": None, "due_on": term.due_on if term else due_on},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    if task.recurs:
        open_terms(ctx, task)
        Task.objects.filter(pk=task.pk).update(**follow_lines(task))
        task.refresh_from_db()
    note(ctx)
    return task


def close_when_over(ctx: Context, task: Task) -> dict[str, Any]:
    """Return the changes of a task whose term was closed: the next one counts, or all is done.

    A recurring task that was judged before its period is over stands at the next period.
    """
    if task.rhythm != Rhythm.ONCE:
        open_terms(ctx, task)
        last = task.terms.order_by("begins_on").last()
        if present_term(task) is None and last is not None and last.ends_on is not None:
            open_terms(ctx, task, until=last.ends_on + timedelta(days=1))
    if present_term(task) is not None:
        return {"state": State.UNDER_WAY, **follow_lines(task)}
    return {"state": State.DONE, "done_on": ctx.today, "percent": 100}


@action("tasks.escalate", name="tasks.open_periods")
def open_periods(ctx: Context, task: Task) -> list[Term]:
    """Open the periods of a recurring task that have begun; the earliest open one is what counts."""
    found = open_terms(ctx, task)
    Task.objects.filter(pk=task.pk).update(**follow_lines(task))
    task.refresh_from_db()
    note(ctx, periods=[t.label for t in found])
    return found
