"""Annex 1 and 2 of a yearly plan: one row a target, the columns of the ministry's form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.access import Context
from hoptac.foundation.measures import measures
from hoptac.plans.figures import computed, live_targets, stated_of
from hoptac.plans.forms_of_law import AnnexRow, annex
from hoptac.plans.models import PlanTarget, StatedActual, YearPlan
from hoptac.plans.rules.standing import percent_of_plan
from hoptac.plans.selectors import plan_after


@dataclass(frozen=True, kw_only=True)
class AnnexLine:
    """One row: the year before, the plan, six months, the estimate of the year, in % of the plan, the next year."""

    row: AnnexRow
    before: Decimal | None
    planned: Decimal | None
    half: Decimal | None
    estimate: Decimal | None
    percent: Decimal | None
    planned_next: Decimal | None
    is_computed: bool
    sources: str = ""


def annex_lines(ctx: Context, plan: YearPlan, number: int, on: date) -> list[AnnexLine]:
    """Return the rows of an annex for a plan, as known at the end of a day.

    Where the records tell, the year before, the half year and (once it is over) the year are computed;
    else they are what a source stated. The estimate is the plan's own word while the year runs.
    """
    targets = {t.code: t for t in live_targets(plan)}
    after = plan_after(ctx, plan)
    next_targets = {t.code: t for t in live_targets(after)} if after else {}
    stated, taken, known = stated_of(plan, on), {}, measures()  # type: ignore[var-annotated]
    found = []
    for row in annex(number):
        target, measure = targets.get(row.code), known.get(row.measure)

        def taken_on(day: date, row: AnnexRow = row, measure: Any = measure) -> Decimal | None:
            if measure is None or day > on:
                return None
            return computed(plan, measure, row.parameters, row.divisor, day, taken).value

        said = stated.get(row.code, [])
        half_day, end = date(plan.year, 6, 30), date(plan.year, 12, 31)
        half = taken_on(half_day) if measure else _said(said, half_day)
        whole = taken_on(end) if measure else _said(said, end)
        before = taken_on(plan.begins_after)
        if before is None and target is not None:
            before = target.before
        planned = target.planned if target else None
        estimate = whole if whole is not None else (target.estimate if target else None)
        found.append(
            AnnexLine(
                row=row, before=before, planned=planned, half=half, estimate=estimate,
                percent=percent_of_plan(estimate, planned), planned_next=_next(target, next_targets.get(row.code)),
                is_computed=measure is not None, sources="; ".join(dict.fromkeys(s.source for s in said)),
            )
        )  # fmt: skip
    return found


def _said(stated: list[StatedActual], day: date) -> Decimal | None:
    """Return the latest statement of exactly a day."""
    return next((s.value for s in stated if s.as_of == day), None)


def _next(target: PlanTarget | None, after: PlanTarget | None) -> Decimal | None:
    """Return what is planned for the next year: by its own plan, else as proposed."""
    if after is not None and after.planned is not None:
        return after.planned
    return target.planned_next if target else None
