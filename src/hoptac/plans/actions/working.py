"""The tasks of a plan: taken up as they are, as a part of one above, left out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.plans.models import PlanTask, YearPlan
from hoptac.plans.steps import refuse_if_passed, take_step
from hoptac.plans.terms import StepKind
from hoptac.tasks.actions import assign, create_task
from hoptac.tasks.models import Task


@action("plans.make", name="plans.take_task")
def take_task(
    ctx: Context, plan: YearPlan, *, task: Task, expected_version: int | None = None
) -> PlanTask:
    """Make a task part of a plan.

    :raises OutOfReach: the caller may not read the task
    :raises Refused: it is part of the plan already, or the plan is over
    """
    if not Task.objects.visible_to(ctx, "plans.make").filter(pk=task.pk).exists():
        raise OutOfReach("plans.make")
    refuse_if_passed(plan, StepKind.TASK_TAKEN, expected_version)
    if plan.taken.filter(task=task, retired_by__isnull=True).exists():
        raise Refused(Finding("taken_already", _("The task is part of the plan already."), field="task"))  # fmt: skip
    take_step(ctx, plan, StepKind.TASK_TAKEN, details={"number": task.number})
    found = PlanTask.objects.create(plan=plan, task=task, act_id=act_of(ctx))
    note(ctx, task=task.number)
    return found


@action("plans.make", name="plans.take_part")
def take_part(
    ctx: Context,
    plan: YearPlan,
    *,
    task: Task,
    title: str,
    lead: Agency | None = None,
    due: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> Task:
    """Order a part of a task in which the agency takes part, and make it part of the plan.

    Led by the agency itself unless another is named; due as the task is unless said otherwise.

    :raises OutOfReach: the agency has no part in the task, or the caller may not order for it
    :raises Refused: the plan is over, or the part says nothing
    """
    refuse_if_passed(plan, StepKind.TASK_TAKEN, expected_version)
    if due is None and not task.recurs:
        due = {"due_on": task.due_on}
    part = create_task(
        ctx, title=title, assigner=plan.agency, directive=plan.issued or task.directive, parent=task,
        reach=task.reach, due=due,
    )  # fmt: skip
    assign(ctx, part, lead=lead or plan.agency)
    take_step(ctx, plan, StepKind.TASK_TAKEN, details={"number": part.number, "part_of": task.number})  # fmt: skip
    PlanTask.objects.create(plan=plan, task=part, act_id=act_of(ctx))
    note(ctx, subject=plan, task=part.number, part_of=task.number)
    return part


@action("plans.make", name="plans.leave_task")
def leave_task(
    ctx: Context, plan: YearPlan, *, task: Task, expected_version: int | None = None
) -> PlanTask:
    """Take a task out of a plan; the task itself goes on.

    :raises Refused: it is no part of the plan, or the plan is over
    """
    row = plan.taken.filter(task=task, retired_by__isnull=True).first()
    if row is None:
        raise Refused(Finding("not_taken", _("The task is no part of the plan.")))
    take_step(
        ctx,
        plan,
        StepKind.TASK_LEFT,
        expected_version=expected_version,
        details={"number": task.number},
    )
    row.retired_by = act_of(ctx)
    row.save(update_fields=["retired_by"])
    note(ctx, task=task.number)
    found: PlanTask = row
    return found
