"""One order to many: a part of a task for each agency of a group ("each district", "all departments")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.actions.assigning import answer_line, assign, end_lines
from hoptac.tasks.actions.planning import cancel_task, create_task
from hoptac.tasks.models import Task
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
    same = {
        "rhythm": task.rhythm, "due_on": task.due_on if not task.recurs else None, "month": task.due_month,
        "day": task.due_day, "starts_on": task.starts_on, "ends_on": task.ends_on, "words": task.due_words,
    }  # fmt: skip
    found = []
    for position, agency in enumerate(fresh, len(given) + 1):
        part = create_task(
            ctx, title=task.title, assigner=task.assigner, directive=task.directive, parent=task,
            content=task.content, product=task.product, section=task.section, position=position,
            reach=task.reach, due=same,
        )  # fmt: skip
        assign(ctx, part, lead=agency, words=words)
        found.append(part)
    take_step(
        ctx, task, StepKind.SPREAD, words=words,
        details={"parts": [str(p.pk) for p in found], "agencies": [a.name for a in fresh], "was_draft": was_draft},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    note(ctx, parts=[p.number for p in found])
    return found


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
