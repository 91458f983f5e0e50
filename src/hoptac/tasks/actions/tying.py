"""What a task waits for, and the live indicators that show how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.measures import measure
from hoptac.jurisdiction.models import AdminUnit
from hoptac.tasks.models import Dependency, Task, TiedIndicator
from hoptac.tasks.steps import speaking, take_step
from hoptac.tasks.terms import Direction, StepKind


@action("tasks.assign", name="tasks.tie_indicator")
def tie_indicator(
    ctx: Context,
    task: Task,
    *,
    code: str,
    target: Decimal,
    target_on: date,
    baseline_on: date,
    direction: str = Direction.AT_LEAST.value,
    parameters: Mapping[str, Any] | None = None,
    unit: AdminUnit | None = None,
    basis: str = "",
    expected_version: int | None = None,
) -> TiedIndicator:
    """Tie a computed figure to a task: from its value on a day to a target by another.

    :raises Refused: no such measure or parameter, the days are the wrong way round, or it is tied already
    """
    known = measure(code)
    if known is None:
        raise Refused(Finding("measure_unknown", _("There is no such indicator."), field="code"))
    given = {k: v for k, v in (parameters or {}).items() if v not in ("", None)}
    choices = {p.name: {c for c, _label in p.choices()} for p in known.parameters}
    for name, value in given.items():
        if value not in choices.get(name, set()):
            raise Refused(
                Finding(
                    "parameter_unknown", _("The indicator cannot be narrowed by this."), field=name
                )
            )
    if target_on <= baseline_on:
        raise Refused(
            Finding("target_before", _("The target lies before the baseline."), field="target_on")
        )
    if direction not in Direction.values:
        raise Refused(
            Finding("direction_unknown", _("Choose which way it must move."), field="direction")
        )
    if unit is not None and unit.province_code != task.province_code:
        raise OutOfReach("tasks.assign")
    same = TiedIndicator.objects.filter(task=task, measure=code, parameters=given, unit=unit)
    if same.filter(retired_by__isnull=True).exists():
        raise Refused(
            Finding("tied_already", _("This indicator is tied to the task already."), field="code")
        )
    tied = TiedIndicator.objects.create(
        task=task, measure=code, parameters=given, unit=unit, direction=direction, baseline_on=baseline_on,
        target=target, target_on=target_on, basis=basis[:200], act_id=act_of(ctx),
    )  # fmt: skip
    take_step(ctx, task, StepKind.TIED, expected_version=expected_version,
              details={"measure": code, "target": str(target)}, **speaking(ctx, task.assigner))  # fmt: skip
    note(ctx, measure=code, target=target, target_on=target_on)
    return tied


@action("tasks.assign", name="tasks.untie_indicator")
def untie_indicator(
    ctx: Context, tied: TiedIndicator, *, expected_version: int | None = None
) -> Task:
    """Untie a figure from its task; what was proved by it stays as it was kept.

    :raises Refused: it is no longer tied
    """
    if tied.retired_by is not None:
        raise Refused(Finding("not_tied", _("It is no longer tied to the task.")))
    tied.retired_by = act_of(ctx)
    tied.save(update_fields=("retired_by",))
    take_step(ctx, tied.task, StepKind.UNTIED, expected_version=expected_version,
              details={"measure": tied.measure}, **speaking(ctx, tied.task.assigner))  # fmt: skip
    note(ctx, subject=tied.task, measure=tied.measure)
    return tied.task


@action("tasks.assign", name="tasks.wait_for")
def wait_for(
    ctx: Context, task: Task, *, needed: Task, expected_version: int | None = None
) -> Dependency:
    """Let a task wait for another: it cannot be reported done before that one is.

    :raises Refused: they would wait for each other, or it waits already
    :raises OutOfReach: the caller does not see the other task
    """
    if not needed.is_within(ctx, "tasks.view"):
        raise OutOfReach("tasks.view")
    if _waits(needed, task):
        raise Refused(
            Finding("waits_in_circle", _("The two would wait for each other."), field="needed")
        )
    if Dependency.objects.filter(task=task, needed=needed, retired_by__isnull=True).exists():
        raise Refused(
            Finding("waits_already", _("It waits for this task already."), field="needed")
        )
    found = Dependency.objects.create(task=task, needed=needed, act_id=act_of(ctx))
    take_step(ctx, task, StepKind.WAITS_FOR, expected_version=expected_version,
              details={"needed": needed.number}, **speaking(ctx, task.assigner))  # fmt: skip
    note(ctx, needed=needed.number)
    return found


def _waits(task: Task, needed: Task) -> bool:
    """Tell whether a task waits for another, at once or through others."""
    seen, todo = set(), [task.pk]
    while todo:
        if needed.pk in todo:
            return True
        seen.update(todo)
        rows = Dependency.objects.filter(task__in=todo, retired_by__isnull=True)
        todo = [pk for pk in rows.values_list("needed", flat=True) if pk not in seen]
    return False


@action("tasks.assign", name="tasks.wait_no_more")
def wait_no_more(
    ctx: Context, task: Task, *, needed: Task, expected_version: int | None = None
) -> Task:
    """Let a task wait for another no more.

    :raises Refused: it does not wait for it
    """
    found = Dependency.objects.filter(task=task, needed=needed, retired_by__isnull=True).first()
    if found is None:
        raise Refused(Finding("waits_not", _("It does not wait for this task.")))
    found.retired_by = act_of(ctx)
    found.save(update_fields=("retired_by",))
    take_step(ctx, task, StepKind.WAITS_NO_MORE, expected_version=expected_version,
              details={"needed": needed.number}, **speaking(ctx, task.assigner))  # fmt: skip
    note(ctx, needed=needed.number)
    return task
