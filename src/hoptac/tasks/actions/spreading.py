"""One order to many: a part of a task for each agency of a group ("each district", "all departments")."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.actions.assigning import accept_assignment, assign
from hoptac.tasks.actions.planning import create_task
from hoptac.tasks.models import Task
from hoptac.tasks.terms import Part, State


@action("tasks.assign", name="tasks.spread")
def spread(
    ctx: Context,
    task: Task,
    *,
    agencies: Iterable[Agency],
    words: str = "",
    expected_version: int | None = None,
) -> list[Task]:
    """Order a task of each of several agencies: each gets a part of its own, with the same days.

    The task itself stays with whoever ordered it, who follows the parts; an agency that has a part already is
    passed over. All of them or none.

    :raises Refused: no agency is named, one does not exist any more, or the task has ended
    """
    chosen = list(dict.fromkeys(agencies))
    if not chosen:
        raise Refused(
            Finding("agencies_missing", _("Choose at least one agency."), field="agencies")
        )
    if expected_version is not None and expected_version != task.version:
        raise Conflict(expected_version, task.version)
    if task.state == State.DRAFT:
        assign(ctx, task, lead=task.assigner, words=words)
        accept_assignment(ctx, task.assignments.now().get(part=Part.LEAD, agency=task.assigner_id))
    given = set(task.children.exclude(state=State.CANCELLED).values_list("lead", flat=True))
    due = {
        "rhythm": task.rhythm, "due_on": task.due_on if not task.recurs else None, "month": task.due_month,
        "day": task.due_day, "starts_on": task.starts_on, "ends_on": task.ends_on, "words": task.due_words,
    }  # fmt: skip
    found = []
    for position, agency in enumerate((a for a in chosen if a.pk not in given), len(given) + 1):
        part = create_task(
            ctx, title=task.title, assigner=task.assigner, directive=task.directive, parent=task,
            content=task.content, product=task.product, section=task.section, position=position,
            reach=task.reach, due=due,
        )  # fmt: skip
        assign(ctx, part, lead=agency, words=words)
        found.append(part)
    note(ctx, parts=[p.number for p in found])
    return found
