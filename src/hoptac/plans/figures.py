"""Actual values of targets: computed from the records, or as a source stated them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.measures import Asked, Measure, measures
from hoptac.foundation.rulebook import rule_in_force
from hoptac.plans.models import PlanTarget, StatedActual, YearPlan
from hoptac.plans.rules.standing import StandingRule, judge, percent_of_plan
from hoptac.plans.terms import PlanKind, Standing


@dataclass(frozen=True)
class Actual:
    """One actual value with where it comes from; ``href`` leads to the records behind a computed one."""

    value: Decimal | None
    as_of: date
    source: str
    is_computed: bool
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class TargetLine:
    """A target against its actual values on a day.

    ``actual`` is what counts: computed where the records tell, else the latest statement. ``stated`` are
    all statements up to the day, the latest first: sources may differ, and from the records too.
    ``planned`` is the value for the day's year where the plan has a path.
    """

    target: PlanTarget
    on: date
    planned: Decimal | None
    actual: Actual | None
    before: Decimal | None
    percent: Decimal | None
    standing: Standing
    stated: Sequence[StatedActual] = field(default_factory=tuple)

    @property
    def value(self) -> Decimal | None:
        return self.actual.value if self.actual else None

    @property
    def change(self) -> Decimal | None:
        """The change against the year before."""
        if self.value is None or self.before is None:
            return None
        return self.value - self.before

    @property
    def differs(self) -> bool:
        """Whether a source says otherwise than what counts, for the same day."""
        return self.actual is not None and any(
            s.value != self.actual.value and s.as_of == self.actual.as_of for s in self.stated
        )


def lines_of(
    plan: YearPlan, on: date, *, targets: Sequence[PlanTarget] | None = None
) -> list[TargetLine]:
    """Return every target of a plan against its actual values on a day (at most the end of the plan)."""
    day = min(on, plan.ends_on)
    rows = live_targets(plan) if targets is None else targets
    stated = stated_of(plan, day)
    known = measures()
    rule = rule_in_force(StandingRule, on=max(plan.begins_after, date(2013, 7, 1)))
    taken: dict[Any, Any] = {}
    return [_line(plan, t, day, stated.get(t.code, []), known, rule, taken) for t in rows]


def live_targets(plan: YearPlan) -> list[PlanTarget]:
    """Return the targets of a plan as they stand."""
    rows = plan.targets.filter(retired_by__isnull=True).select_related("responsible")
    return list(rows.order_by("position", "code"))


def stated_of(plan: YearPlan, on: date) -> dict[str, list[StatedActual]]:
    """Return what sources stated up to a day, by target, the latest first."""
    found: dict[str, list[StatedActual]] = {}
    rows = plan.stated.filter(retired_by__isnull=True, as_of__lte=on).select_related("by")
    for row in rows.order_by("-as_of", "-id"):
        found.setdefault(row.code, []).append(row)
    return found


def computed(
    plan: YearPlan,
    known: Measure,
    parameters: Mapping[str, Any],
    divisor: int,
    on: date,
    taken: dict[Any, Any] | None = None,
) -> Actual:
    """Return the value of a measure over a plan's territory at the end of a day.

    ``taken`` keeps readings within one page, since rows may ask for the same.
    """
    since = date(on.year - 1, 12, 31)
    key = (known.code, tuple(sorted(parameters.items())), on)
    kept = {} if taken is None else taken
    if key not in kept:
        kept[key] = known.take(
            Asked(province_code=plan.province_code, on=on, unit_id=plan.unit_id, since=since, parameters=parameters)
        )  # fmt: skip
    reading = kept[key]
    value = None if reading.value is None else Decimal(reading.value) / divisor
    return Actual(value, on, str(known.name), is_computed=True, href=reading.href)


def value_before(
    plan: YearPlan, target: PlanTarget, taken: dict[Any, Any] | None = None
) -> Decimal | None:
    """Return what a computed target was at the end of the year before; nothing for stated ones."""
    known = measures().get(target.measure)
    if known is None:
        return None
    return computed(plan, known, target.parameters, target.divisor, plan.begins_after, taken).value


def planned_on(plan: YearPlan, target: PlanTarget, on: date) -> Decimal | None:
    """Return the planned value that counts on a day: of its year, where the plan has a path."""
    if plan.kind == PlanKind.TARGET_LIST and str(on.year) in target.path:
        return Decimal(target.path[str(on.year)])
    return target.planned


def begins_at_nought(known: Measure | None) -> bool:
    """Whether a target is counted anew each year; what is only stated is taken as such."""
    return known is None or known.counts_since or known.is_yearly


def _line(
    plan: YearPlan,
    target: PlanTarget,
    on: date,
    stated: list[StatedActual],
    known: dict[str, Measure],
    rule: StandingRule,
    taken: dict[Any, Any],
) -> TargetLine:
    measure = known.get(target.measure)
    actual: Actual | None = None
    if measure is not None:
        actual = computed(plan, measure, target.parameters, target.divisor, on, taken)
    elif stated:
        said = stated[0]
        actual = Actual(said.value, said.as_of, said.source, is_computed=False)
    planned = planned_on(plan, target, on)
    before = target.before
    if before is None and measure is not None:
        before = computed(
            plan, measure, target.parameters, target.divisor, plan.begins_after, taken
        ).value
    has_path = plan.kind == PlanKind.TARGET_LIST and str(on.year) in target.path
    standing = judge(
        rule, value=actual.value if actual else None, planned=planned,
        start=None if begins_at_nought(measure) else before, at_most=target.direction == "at_most",
        begins_after=date(on.year - 1, 12, 31) if has_path else plan.begins_after,
        ends_on=date(on.year, 12, 31) if has_path else plan.ends_on, on=on,
    )  # fmt: skip
    return TargetLine(
        target=target, on=on, planned=planned, actual=actual, before=before, standing=standing,
        percent=percent_of_plan(actual.value if actual else None, planned), stated=stated,
    )  # fmt: skip
