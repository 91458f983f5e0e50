"""The parts of a plan against the plan: do the districts' targets, and what they reached, make up its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from hoptac.foundation.access import Context
from hoptac.foundation.measures import Asked, Measure, measures, taken_of_each
from hoptac.plans.figures import TargetLine, lines_of
from hoptac.plans.models import PlanTarget, StatedActual, YearPlan
from hoptac.plans.rules.standing import percent_of_plan
from hoptac.plans.selectors import parts_of
from hoptac.plans.terms import HANDED_IN


@dataclass(frozen=True)
class RolledUp:
    """One target with the sums of the parts of the territory; without sums where it cannot be added."""

    line: TargetLine
    adds_up: bool
    count: int
    planned: Decimal | None
    actual: Decimal | None

    @property
    def planned_gap(self) -> Decimal | None:
        """What the parts plan more (below zero: less) than the whole."""
        if self.planned is None or self.line.planned is None:
            return None
        return self.planned - self.line.planned

    @property
    def actual_gap(self) -> Decimal | None:
        """What the parts have more than the whole: bodies of no district, or of districts without plan."""
        if self.actual is None or self.line.value is None:
            return None
        return self.actual - self.line.value


@dataclass(frozen=True)
class PartLine:
    """One part's contribution to a target."""

    plan: YearPlan
    target: PlanTarget
    value: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True)
class RollUp:
    """A plan with its parts: how many of the territory, how many were handed in, target by target."""

    rows: Sequence[RolledUp]
    parts: int
    handed_in: int
    without_unit: int
    on: date


def roll_up(ctx: Context, plan: YearPlan, on: date) -> RollUp:
    """Return every target of a plan with the sums of its parts that have a territory of their own.

    Plans of departments cover the whole province and are not added. The number of questions does not
    grow with the parts.
    """
    lines = lines_of(plan, on)
    day = min(on, plan.ends_on)
    seen = parts_of(ctx, plan)
    counts = seen.order_by().aggregate(
        parts=Count("pk", filter=Q(unit__isnull=False)),
        handed_in=Count("pk", filter=Q(unit__isnull=False, state__in=sorted(HANDED_IN))),
        without=Count("pk", filter=Q(unit__isnull=True)),
    )
    parts = seen.filter(unit__isnull=False)
    units = list(parts.order_by().values_list("unit", flat=True).distinct())
    live = PlanTarget.objects.filter(
        plan__in=parts.order_by().values("pk"), retired_by__isnull=True
    )
    sums = {
        r["serves"]: r
        for r in live.exclude(serves="").order_by().values("serves").annotate(
            n=Count("pk"), planned_sum=Sum("planned")
        )
    }  # fmt: skip
    stated = _stated_sums(parts, day)
    known = measures()
    actuals: dict[Any, Decimal | None] = {}
    rows = []
    for line in lines:
        target, found = line.target, sums.get(line.target.code)
        measure = known.get(target.measure)
        adds = target.adds_up and (measure is None or measure.adds_up)
        actual: Decimal | None = None
        if found and adds:
            if measure is None:
                actual = stated.get(target.code)
            else:
                key = (measure.code, tuple(sorted(target.parameters.items())))
                if key not in actuals:
                    actuals[key] = _sum(_values(plan, target, measure, day, units).values())
                total = actuals[key]
                actual = None if total is None else total / target.divisor
        rows.append(
            RolledUp(line, adds, found["n"] if found else 0, found["planned_sum"] if found and adds else None, actual)
        )  # fmt: skip
    return RollUp(rows, counts["parts"], counts["handed_in"], counts["without"], day)


def part_lines(ctx: Context, plan: YearPlan, code: str, on: date) -> list[PartLine]:
    """Return what every part plans and reached for one target of the plan, by territory."""
    day = min(on, plan.ends_on)
    rows = list(
        PlanTarget.objects.filter(
            plan__in=parts_of(ctx, plan).order_by().values("pk"), serves=code, retired_by__isnull=True
        )
        .select_related("plan__agency__unit", "plan__unit")
        .order_by("plan__unit__sort_key", "plan__agency__name")
    )  # fmt: skip
    known = measures()
    values: dict[Any, dict[Any, Decimal | None]] = {}
    stated = {
        (s.plan_id, s.code): s.value
        for s in StatedActual.objects.filter(
            plan__in=[r.plan_id for r in rows], as_of__lte=day, retired_by__isnull=True
        )
        .order_by("plan_id", "code", "-as_of", "-id")
        .distinct("plan_id", "code")
    }
    found = []
    for row in rows:
        measure = known.get(row.measure)
        value: Decimal | None
        if measure is None:
            value = stated.get((row.plan_id, row.code))
        elif row.plan.unit_id is None:
            reading = measure.take(_asked(row.plan, row, day))
            value = None if reading.value is None else Decimal(reading.value) / row.divisor
        else:
            key = (measure.code, tuple(sorted(row.parameters.items())))
            if key not in values:
                units = [r.plan.unit_id for r in rows if r.plan.unit_id is not None]
                values[key] = _values(plan, row, measure, day, units)
            taken = values[key].get(row.plan.unit_id)
            value = None if taken is None else taken / row.divisor
        found.append(PartLine(row.plan, row, value, percent_of_plan(value, row.planned)))
    return found


def _values(
    plan: YearPlan, target: PlanTarget, measure: Measure, on: date, units: Sequence[Any]
) -> dict[Any, Decimal | None]:
    return dict(taken_of_each(measure, _asked(plan, target, on, whole=True), units))


def _asked(plan: YearPlan, target: PlanTarget, on: date, *, whole: bool = False) -> Asked:
    return Asked(
        province_code=plan.province_code, on=on, unit_id=None if whole else plan.unit_id,
        since=date(on.year - 1, 12, 31), parameters=target.parameters,
    )  # fmt: skip


def _sum(values: Any) -> Decimal | None:
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None


def _stated_sums(parts: Any, on: date) -> dict[str, Decimal]:
    """Return, by the code of the plan's target, the sum of what the parts last stated up to a day."""
    latest = (
        StatedActual.objects.filter(
            plan__in=parts.order_by().values("pk"), as_of__lte=on, retired_by__isnull=True
        )
        .order_by("plan_id", "code", "-as_of", "-id")
        .distinct("plan_id", "code")
        .values_list("plan", "code", "value")
    )
    serving = {
        (plan, code): serves
        for plan, code, serves in PlanTarget.objects.filter(
            plan__in=parts.order_by().values("pk"), retired_by__isnull=True, measure=""
        )
        .exclude(serves="")
        .order_by()
        .values_list("plan", "code", "serves")
    }
    found: dict[str, Decimal] = {}
    for plan, code, value in latest:
        if (serves := serving.get((plan, code))) is not None:
            found[serves] = found.get(serves, Decimal(0)) + value
    return found
