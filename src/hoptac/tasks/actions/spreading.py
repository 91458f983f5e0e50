"""One order to many: a part of a task for each agency of a group ("each district", "all departments")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of, action, each_of, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.numbering import take_several
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.actions.assigning import (
    answer_line,
    assign,
    end_lines,
    new_line,
    refuse_agencies,
)
from hoptac.tasks.actions.planning import cancel_task, create_task, new_task
from hoptac.tasks.duedays import terms_wanted
from hoptac.tasks.models import Assignment, Step, Task, Term
from hoptac.tasks.spreading import answered, last_spread, parts_spread
from hoptac.tasks.steps import refuse_if_passed, refuse_without, speaking, take_step
from hoptac.tasks.terms import Answer, Ended, Part, State, StepKind, TermState


@action("tasks.assign", name="tasks.spread")
def spread(
    ctx: Context,
    task: Task,
    *,
    agencies: Iterable[Agency],
    words: str = "",
    due: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> list[Task]:
    """Order a task of each of several agencies: each gets a part of its own, with the same days.

    The task itself stays with whoever ordered it, who follows the parts; an agency that has a part already is
    passed over. All of them or none. ``due`` may still set the days of a task that was not assigned before.

    :raises Refused: no agency is named, one does not exist any more, or the task was reported or has ended
    """
    chosen = list(dict.fromkeys(agencies))
    given = set(task.children.exclude(state=State.CANCELLED).values_list("lead", flat=True))
    fresh = [a for a in chosen if a.pk not in given]
    if not fresh:
        raise Refused(
            Finding("agencies_missing", _("Choose at least one agency that has no part yet."), field="agencies")
        )  # fmt: skip
    if expected_version is not None and expected_version != task.version:
        raise Conflict(expected_version, task.version)
    refuse_if_passed(task, StepKind.SPREAD)
    was_draft = task.state == State.DRAFT
    if task.state in {State.DRAFT, State.REFUSED}:
        _keep(ctx, task, words, due)
    found = _order(ctx, task, fresh, words, after=len(given))
    take_step(
        ctx, task, StepKind.SPREAD, words=words,
        details={"parts": [str(p.pk) for p in found], "agencies": [a.name for a in fresh], "was_draft": was_draft},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    note(ctx, parts=[p.number for p in found])
    return found


def _order(
    ctx: Context, task: Task, agencies: list[Agency], words: str, *, after: int
) -> list[Task]:
    """Enter a part for each agency and assign it, in few statements however many they are.

    Each part has its own entries in the journal, as if it had been entered and assigned by itself.
    """
    refuse_agencies(ctx, task, agencies)
    due = {
        n: getattr(task, n) for n in ("rhythm", "due_month", "due_day", "starts_on", "ends_on", "due_words")
    }  # fmt: skip
    numbers = take_several(f"task:{task.province_code}:{ctx.today.year}", len(agencies))
    parts = [
        new_task(
            ctx, number, title=task.title, assigner=task.assigner, directive=task.directive, parent=task,
            content=task.content, product=task.product, section=task.section, position=position, reach=task.reach,
            state=State.ASSIGNED, lead=agency, due={**due, "due_on": None if task.recurs else task.due_on},
        )
        for position, (number, agency) in enumerate(zip(numbers, agencies, strict=True), after + 1)
    ]  # fmt: skip
    terms = [terms_wanted(ctx, part) for part in parts]
    for part, own in zip(parts, terms, strict=True):
        part.due_on = min((t.due_on for t in own if t.due_on), default=None)
    Task.objects.bulk_create(parts)
    lines = [
        new_line(ctx, p, a, Part.LEAD, task.assigner) for p, a in zip(parts, agencies, strict=True)
    ]
    Assignment.objects.bulk_create(lines)
    Term.objects.bulk_create(t for own in terms for t in own)
    entered, assigned = each_of(ctx, create_task, parts), each_of(ctx, assign, parts)
    said = {"on": ctx.today, "by": ctx.user, **speaking(ctx, task.assigner)}
    Step.objects.bulk_create(
        Step(task=part, kind=kind, act_id=act_of(inner), **said, **more)
        for part, line, first, then in zip(parts, lines, entered, assigned, strict=True)
        for inner, kind, more in (
            (first, StepKind.CREATED, {}),
            (then, StepKind.ASSIGNED, {"words": words[:2000], "to_agency": line.agency}),
        )
    )  # fmt: skip
    for part, line, first, then in zip(parts, lines, entered, assigned, strict=True):
        note(first, number=part.number, title=part.title)
        note(then, lead=line.agency_id, coordinating=[])
        announce(then, "tasks.assigned", task=part, lines=[line], chain=line.chain)
    return parts


def _keep(ctx: Context, task: Task, words: str, due: dict[str, Any] | None) -> None:
    """Let the task stay with whoever ordered it; who orders on an agency's behalf need not answer for it, too."""
    assign(ctx, task, lead=task.assigner, words=words, due=due)
    line = task.assignments.now().get(part=Part.LEAD, agency=task.assigner_id)
    answer_line(ctx, line, Answer.ACCEPTED, "")
    take_step(ctx, task, StepKind.ACCEPTED, leads=State.UNDER_WAY, **speaking(ctx, task.assigner))
    announce(ctx, "tasks.answered", task=task, line=line)


@action("tasks.assign", name="tasks.gather")
def gather(
    ctx: Context, task: Task, *, words: str, expected_version: int | None = None
) -> list[Task]:
    """Take the last order to many back, all of it, while none of its agencies has answered.

    The parts are called off, and their agencies told. A task that nobody answered for before it was given to
    many waits to be assigned again. Returns the parts.

    :raises Refused: no reason, nothing was given to many, or an agency has answered already
    """
    refuse_without(words, _("Say why it is taken back."))
    order = last_spread(task)
    if order is None:
        raise Refused(Finding("not_spread", _("It was not given to several agencies.")))
    parts = parts_spread(order)
    if acted := answered(parts):
        names = "; ".join(str(p.lead) for p in acted[:5])
        raise Refused(
            Finding("answered_already", _("Some have answered already: %(agencies)s. Call off single parts instead.")
                    % {"agencies": names})
        )  # fmt: skip
    for part in parts:
        cancel_task(ctx, part, words=words)
    changes: dict[str, Any] = {}
    if order.details.get("was_draft") and not task.children.exclude(state=State.CANCELLED).exists():
        end_lines(ctx, task.assignments.now(), Ended.RELEASED)
        task.terms.filter(state=TermState.OPEN).update(
            state=TermState.CANCELLED, act_id=act_of(ctx)
        )
        changes = {"lead": None, "percent": 0, **({"due_on": None} if task.recurs else {})}
    take_step(
        ctx, task, StepKind.GATHERED, expected_version=expected_version, words=words, changes=changes,
        leads=State.DRAFT if changes else None, details={"agencies": [str(p.lead) for p in parts]},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    note(ctx, parts=[p.number for p in parts])
    return parts
