"""What plans say to reports: planned values of a year by the codes of the annex, and what sources stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from hoptac.directives.terms import Reach
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind, Level
from hoptac.plans.figures import planned_on
from hoptac.plans.forms_of_law import AnnexRow
from hoptac.plans.models import PlanTarget, StatedActual, YearPlan
from hoptac.plans.terms import IN_FORCE, PlanKind


@dataclass(frozen=True)
class Told:
    """What plans say of one row of an annex: the value planned and by which plan, the value last stated."""

    planned: Decimal | None = None
    plan: YearPlan | None = None
    stated: StatedActual | None = None


def told_of_rows(agency: Agency, rows: tuple[AnnexRow, ...], on: date) -> dict[str, Told]:
    """Return what plans in force say of rows of an annex for the year of a day, by the rows' codes.

    First the agency's own plan of the year, then that of the province's People's Committee, then their
    lists of targets of several years; only those for the whole province. A target is known by the row's
    code or by being computed in the same way. Restricted plans of others say nothing here.
    """
    plans = _plans(agency, on)
    by_plan: dict[UUID, list[PlanTarget]] = {p.pk: [] for p in plans}
    targets = PlanTarget.objects.filter(plan__in=plans, retired_by__isnull=True)
    for row_of_plan in targets.order_by("position", "code"):
        by_plan[row_of_plan.plan_id].append(row_of_plan)
    stated: dict[tuple[UUID, str], StatedActual] = {}
    said = StatedActual.objects.filter(plan__in=plans, retired_by__isnull=True, as_of__lte=on)
    for statement in said.filter(as_of__year=on.year).order_by("as_of", "id"):
        stated[statement.plan_id, statement.code] = statement
    found = {}
    for row in rows:
        told = Told()
        for plan in plans:
            target = _target(row, by_plan[plan.pk])
            planned = planned_on(plan, target, on) if target is not None else None
            value = stated.get((plan.pk, row.code))
            if told.planned is None and planned is not None:
                told = Told(planned, plan, told.stated)
            if told.stated is None and value is not None:
                told = Told(told.planned, told.plan, value)
        found[row.code] = told
    return found


def _plans(agency: Agency, on: date) -> list[YearPlan]:
    """Return the plans that count, the nearest to the agency first."""
    of_province = Q(agency__kind=AgencyKind.COMMITTEE, agency__unit__level=Level.PROVINCE)
    rows = YearPlan.objects.filter(
        Q(agency=agency) | of_province & Q(reach=Reach.OPEN),
        Q(kind=PlanKind.YEAR, year=on.year) | Q(kind=PlanKind.TARGET_LIST, year__lte=on.year, last_year__gte=on.year),
        province_code=agency.province_code, unit__isnull=True, state__in=sorted(IN_FORCE),
    )  # fmt: skip
    return sorted(
        rows.order_by("pk"),
        key=lambda p: (p.kind != PlanKind.YEAR, p.agency_id != agency.pk),
    )


def _target(row: AnnexRow, targets: list[PlanTarget]) -> PlanTarget | None:
    """Return the target of a row: of its code, else one computed in the same way."""
    same = next((t for t in targets if t.code == row.code), None)
    if same is not None or not row.measure:
        return same
    computed = (row.measure, row.parameters, row.divisor)
    return next((t for t in targets if (t.measure, t.parameters, t.divisor) == computed), None)
