"""The targets of a plan, and what sources state of those that no record shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.actions import take_aim
from hoptac.directives.models import Passage
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.measures import measure
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency
from hoptac.plans.actions.drafting import decimal_of
from hoptac.plans.models import PlanTarget, StatedActual, YearPlan
from hoptac.plans.steps import refuse_if_passed, refuse_version, touch
from hoptac.plans.terms import State, StepKind
from hoptac.tasks.terms import Direction

_CODE = re.compile(r"[A-Za-z0-9_.-]+")
NUMBERS = ("before", "planned", "estimate", "planned_next")
# What may be said of a target while the plan is carried out: it binds nobody.
FORECASTS = ("estimate", "planned_next")


@action("plans.make", name="plans.set_target")
def set_target(
    ctx: Context,
    plan: YearPlan,
    *,
    code: str,
    values: Mapping[str, Any],
    expected_version: int | None = None,
    aim: Passage | None = None,
) -> PlanTarget:
    """Set a target of a plan, new or changed; what was set before stays on record.

    ``values`` are named as the fields of :class:`PlanTarget`. Of a plan that is approved only the
    estimate and the proposal for the next year can still be said; the rest takes an adjustment. ``aim`` is the
    aim of a document of which the target is made: it is marked with it.

    :raises Refused: it was approved, something is missing, or measure, agency or parent's target do not fit
    """
    code = tidy(code)[:40]
    standing = plan.targets.filter(code=code, retired_by__isnull=True).first()
    frozen = plan.is_frozen and standing is not None and set(values) <= set(FORECASTS)
    # What is only foreseen may be said as long as a plan may still be adjusted.
    refuse_if_passed(plan, StepKind.ADJUSTED if frozen else StepKind.EDITED, expected_version)
    if not _CODE.fullmatch(code):
        raise Refused(
            Finding("code_unfit", _("Give the target a code of letters, digits, dots and hyphens."), field="code")
        )  # fmt: skip
    row = standing or PlanTarget(plan=plan, code=code, position=plan.targets.count() + 1)
    before = {k: _said(getattr(row, k)) for k in values if hasattr(row, k)} if standing else {}
    apply_values(ctx, row, values)
    found = replace_target(ctx, standing, row)
    touch(ctx, plan)
    note(
        ctx,
        target=code,
        before=before,
        after={k: _said(getattr(found, k)) for k in before or values if hasattr(found, k)},
    )
    if aim is not None:
        href = reverse("plans:plan", args=[plan.pk]) + "#targets"
        take_aim(ctx, aim.directive, passage=aim.pk, title=f"{plan.title}: {found.name}", href=href)
    return found


@action("plans.make", name="plans.drop_target")
def drop_target(
    ctx: Context, plan: YearPlan, *, code: str, expected_version: int | None = None
) -> PlanTarget:
    """Take a target out of a plan that is being drafted; it stays on record as taken out.

    :raises Refused: it was approved, or has no such target
    """
    refuse_if_passed(plan, StepKind.EDITED, expected_version)
    row = target_of(plan, code)
    row.retired_by = act_of(ctx)
    row.save(update_fields=["retired_by"])
    touch(ctx, plan)
    note(ctx, target=code, name=row.name)
    return row


@action("plans.make", name="plans.state_actual")
def state_actual(
    ctx: Context,
    plan: YearPlan,
    *,
    code: str,
    value: Decimal,
    as_of: date,
    source: str,
    expected_version: int | None = None,
) -> StatedActual:
    """State what a source says of a target as of a day.

    The same source's word for the same day is replaced, and kept as replaced; other sources stay beside it.

    :raises Refused: no source, the day lies ahead or after the plan, there is no such target, or the plan was given up
    """
    refuse_version(plan, expected_version)
    if plan.state in {State.ABANDONED, State.CLOSED}:
        refuse_if_passed(plan, StepKind.TASK_TAKEN)
    target_of(plan, code)
    source = tidy(source)[:200]
    if not source:
        raise Refused(Finding("source_missing", _("Say where the figure comes from."), field="source"))  # fmt: skip
    if as_of > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    if not plan.begins_after <= as_of <= plan.ends_on:
        raise Refused(Finding("date_unfit", _("The day lies outside the plan's time."), field="as_of"))  # fmt: skip
    same = plan.stated.filter(code=code, as_of=as_of, source=source, retired_by__isnull=True)
    same.update(retired_by=act_of(ctx))
    found = StatedActual.objects.create(
        plan=plan, code=code, as_of=as_of, value=value, source=source, by=ctx.user, act_id=act_of(ctx)
    )  # fmt: skip
    touch(ctx, plan)
    note(ctx, target=code, value=value, as_of=as_of, source=source)
    return found


@action("plans.make", name="plans.retire_actual")
def retire_actual(
    ctx: Context, plan: YearPlan, *, stated: StatedActual, expected_version: int | None = None
) -> StatedActual:
    """Take back a stated value that was wrong; it stays on record as taken back.

    :raises OutOfReach: it is not of this plan
    :raises Refused: it is taken back already
    """
    refuse_version(plan, expected_version)
    row = plan.stated.select_for_update(of=("self",)).filter(pk=stated.pk).first()
    if row is None:
        raise OutOfReach("plans.make")
    if row.retired_by is not None:
        raise Refused(Finding("retired_already", _("It is taken back already.")))
    row.retired_by = act_of(ctx)
    row.save(update_fields=["retired_by"])
    touch(ctx, plan)
    note(ctx, target=row.code, value=row.value, as_of=row.as_of, source=row.source)
    return row


# --- What these acts share ------------------------------------------------------------------------------


def target_of(plan: YearPlan, code: str) -> PlanTarget:
    """Return the standing target of a code.

    :raises Refused: the plan has none
    """
    row = plan.targets.filter(code=code, retired_by__isnull=True).first()
    if row is None:
        raise Refused(Finding("target_unknown", _("The plan has no such target."), field="code"))
    found: PlanTarget = row
    return found


def replace_target(ctx: Context, standing: PlanTarget | None, row: PlanTarget) -> PlanTarget:
    """Retire the row that stands (as it is in the database) and add another with the new values."""
    if standing is not None:
        PlanTarget.objects.filter(pk=standing.pk).update(retired_by=act_of(ctx))
    fields = {
        f.attname: getattr(row, f.attname)
        for f in PlanTarget._meta.concrete_fields
        if f.name not in {"id", "act_id", "retired_by"}
    }
    return PlanTarget.objects.create(**fields, act_id=act_of(ctx))


def apply_values(ctx: Context, row: PlanTarget, values: Mapping[str, Any]) -> None:
    """Lay values over a target that is not saved.

    :raises Refused: a value is missing or does not fit
    """
    for name in ("name", "unit_name", "measure", "serves", "basis"):
        if name in values:
            setattr(row, name, tidy(str(values[name])))
    for name in NUMBERS:
        if name in values:
            try:
                setattr(row, name, decimal_of(values[name]))
            except InvalidOperation:
                raise Refused(Finding("not_a_number", _("This is not a number."), field=name)) from None  # fmt: skip
    for name in (
        "parameters",
        "position",
        "divisor",
        "direction",
        "path",
        "responsible",
        "adds_up",
    ):
        if name in values:
            setattr(row, name, values[name])
    if not row.name:
        raise Refused(Finding("field_missing", _("Say what is to be reached."), field="name"))
    if not row.unit_name:
        raise Refused(Finding("field_missing", _("Say in what it is counted."), field="unit_name"))
    if row.direction not in Direction.values:
        raise Refused(Finding("direction_unknown", _("Choose which way it must move."), field="direction"))  # fmt: skip
    row.name, row.unit_name, row.basis = row.name[:300], row.unit_name[:60], row.basis[:200]
    row.parameters = {k: v for k, v in row.parameters.items() if v not in ("", None)}
    _refuse_measure(row)
    _refuse_responsible(ctx, row)
    if row.serves:
        parent = row.plan.parent
        if parent is None or not parent.targets.filter(code=row.serves, retired_by__isnull=True).exists():  # fmt: skip
            raise Refused(
                Finding("serves_unknown", _("The plan above has no such target."), field="serves")
            )
    years = set(row.path)
    if years and not years <= {
        str(y) for y in range(row.plan.year, (row.plan.last_year or row.plan.year) + 1)
    }:
        raise Refused(Finding("path_unfit", _("The path has years outside the plan."), field="path"))  # fmt: skip


def _refuse_measure(row: PlanTarget) -> None:
    if not row.measure:
        row.parameters = {}
        return
    known = measure(row.measure)
    if known is None:
        raise Refused(Finding("measure_unknown", _("There is no such indicator."), field="measure"))
    choices = {p.name: {c for c, _label in p.choices()} for p in known.parameters}
    for name, value in row.parameters.items():
        if value not in choices.get(name, set()):
            raise Refused(
                Finding("parameter_unknown", _("The indicator cannot be narrowed by this."), field=name)
            )  # fmt: skip


def _refuse_responsible(ctx: Context, row: PlanTarget) -> None:
    agency: Agency | None = row.responsible
    if agency is not None and agency.province_code != row.plan.province_code:
        raise Refused(
            Finding("agency_elsewhere", _("The agency is of another province."), field="responsible")
        )  # fmt: skip


def _said(value: Any) -> Any:
    return value if isinstance(value, dict | None) else str(value)
