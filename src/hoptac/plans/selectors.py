"""Questions about plans; each begins with who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.urls import reverse

from hoptac.directives.models import Directive, Passage
from hoptac.directives.terms import PassageState
from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.models import Agency, AgencySuccession, Mandate
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.jurisdiction.terms import Level
from hoptac.plans.models import PlanAsked, PlanStep, PlanTask, StatedActual, YearPlan
from hoptac.plans.models.plans import YearPlanQuerySet
from hoptac.plans.terms import EDITABLE, HANDED_IN, IN_FORCE, PlanKind, State
from hoptac.tasks.models import Task
from hoptac.tasks.terms import Direction

# What lists show of an agency and its place.
_NAMED = ("agency__name", "agency__unit__level", "agency__unit__kind", "agency__unit__name")
HEAPS = ("all", "own", "asked", "late", "returned", "to_approve", "to_issue")


def plans_seen(ctx: Context) -> YearPlanQuerySet:
    """Return the plans that the caller may read."""
    found: YearPlanQuerySet = YearPlan.objects.visible_to(ctx)
    return found


def plan_seen(ctx: Context, pk: UUID) -> YearPlan | None:
    """Return a plan with what its page names, if the caller may read it."""
    related = ("agency__unit", "unit", "approver", "parent", "directive", "tied_to", "issued")
    return plans_seen(ctx).select_related(*related).filter(pk=pk).first()


def directive_shown(ctx: Context, directive: Directive | None) -> Directive | None:
    """Return a document if the caller may read it; else a plan's page does not name it."""
    if directive is None:
        return None
    return Directive.objects.visible_to(ctx).filter(pk=directive.pk).first()


def directives_named(ctx: Context) -> QuerySet[Directive]:
    """Return the documents that a plan may carry out or be tied to, the latest first."""
    return Directive.objects.visible_to(ctx).order_by("-issued_on", "-id")


def making_agencies(ctx: Context, permission: str = "plans.make") -> QuerySet[Agency]:
    """Return the agencies of today for which the caller may make (or approve) plans."""
    now = Agency.objects.filter(valid__contains=ctx.today).select_related("unit").order_by("name")
    if any(g.province_code == "*" for g in ctx.grants if permission in g.role.permissions):
        return now
    return now.filter(pk__in=agencies_spoken_for(ctx, permission))


def agencies_now(ctx: Context) -> QuerySet[Agency]:
    """Return the agencies of the caller's provinces that exist today."""
    now = Agency.objects.filter(valid__contains=ctx.today).select_related("unit").order_by("name")
    provinces = {g.province_code for g in ctx.grants}
    return now if "*" in provinces else now.filter(province_code__in=sorted(provinces))


def people_of(permission: str, agency: Agency, on: date) -> list[User]:
    """Return the people who may do what a permission allows for an agency on a day."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    passed = AgencySuccession.objects.filter(predecessor=agency).values("successor")
    place = Q(agency=agency) | Q(agency__in=passed)
    if agency.unit.level != Level.PROVINCE:
        place |= Q(agency__isnull=True, unit=agency.unit)
    held = Mandate.objects.on(on).filter(place, role__in=roles, cooperative_id__isnull=True)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("full_name", "pk"))


# --- The year's plans, and who has none ---------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """An agency in a year: its plan, if there is one that the caller may read, and until when it was asked."""

    agency: Agency
    plan: YearPlan | None
    asked: PlanAsked | None
    today: date

    @property
    def is_handed_in(self) -> bool:
        return self.plan is not None and self.plan.state in HANDED_IN

    @property
    def days_late(self) -> int:
        """How many days too late it was handed in, or is by today; nought when in time or not asked."""
        if self.asked is None:
            return 0
        day = self.plan.submitted_on if self.plan is not None and self.is_handed_in else None
        return max(0, ((day or self.today) - self.asked.due_on).days)


def rows_of_year(ctx: Context, year: int | None, heap: str = "all") -> list[Row]:
    """Return the agencies that have a plan of a year or were asked for one, those without plan first.

    Without year of all years. Of whom plans were asked, the asked and those who asked or oversee know.
    """
    shown = (
        "kind", "year", "title", "state", "submitted_on", "approved_on", "edition", "approver_id",
    )  # fmt: skip
    plans = plans_seen(ctx).standing().select_related("agency__unit").only(*shown, *_NAMED)
    if year is not None:
        plans = plans.filter(year=year)
    asked = {(a.agency_id, a.of_year): a for a in _asked(ctx, year)}
    found = []
    for plan in plans.order_by("-year", "-kind", "agency__unit__sort_key", "agency__name"):
        key = (plan.agency_id, plan.year)
        found.append(
            Row(plan.agency, plan, asked.pop(key, None) if plan.kind == PlanKind.YEAR else None, ctx.today)
        )  # fmt: skip
    # A plan that the caller may not read yet is no plan that is missing.
    hidden = set(
        YearPlan.objects.standing()
        .filter(kind=PlanKind.YEAR, agency__in={agency for agency, _year in asked})
        .values_list("agency", "year")
    )
    without = [Row(a.agency, None, a, ctx.today) for key, a in asked.items() if key not in hidden]
    without.sort(key=lambda r: (r.asked.due_on if r.asked else date.max, r.agency.name))
    return list(_heaped(ctx, [*without, *found], heap))


def _asked(ctx: Context, year: int | None) -> list[Any]:
    rows = PlanAsked.objects.filter(retired_by__isnull=True).exclude(plan__state=State.ABANDONED)
    if year is not None:
        rows = rows.filter(plan__year=year)
    granting = [g for g in ctx.grants if "plans.view" in g.role.permissions]
    if not any(g.province_code == "*" for g in granting):
        own = agencies_spoken_for(ctx, "plans.view")
        overseen = sorted(ctx.coverage("plans.oversee").provinces)
        rows = rows.filter(
            Q(agency__in=own) | Q(plan__agency__in=own) | Q(plan__province_code__in=overseen),
            plan__province_code__in=sorted({g.province_code for g in granting}),
        )
    rows = rows.annotate(of_year=F("plan__year")).select_related("agency__unit")
    return list(rows.only("due_on", *_NAMED).order_by("due_on", "id"))


def _heaped(ctx: Context, rows: Iterable[Row], heap: str) -> Iterable[Row]:
    if heap == "all":
        yield from rows
        return
    making = _pks(making_agencies(ctx))
    approving = _pks(making_agencies(ctx, "plans.approve"))
    for row in rows:
        mine, state = row.agency.pk in making, row.plan.state if row.plan else ""
        fits = {
            "own": mine,
            "asked": mine and row.asked is not None and not row.is_handed_in,
            "late": row.days_late > 0 and not row.is_handed_in,
            "returned": mine and state == State.RETURNED,
            "to_approve": bool(row.plan and row.plan.approver_id in approving and state == State.SUBMITTED),
            "to_issue": mine and state == State.APPROVED,
        }  # fmt: skip
        if fits[heap]:
            yield row


def _pks(agencies: QuerySet[Agency]) -> set[Any]:
    return set(agencies.order_by().values_list("pk", flat=True))


def years_known(ctx: Context) -> list[int]:
    """Return the years of which there are plans, with this one and the next, the latest first."""
    known = set(plans_seen(ctx).order_by().values_list("year", flat=True).distinct())
    return sorted(known | {ctx.today.year, ctx.today.year + 1}, reverse=True)


def waiting_counts(ctx: Context) -> dict[str, int]:
    """Return how much waits for the agencies for which the caller speaks."""
    making, approving = agencies_spoken_for(ctx, "plans.make"), agencies_spoken_for(ctx, "plans.approve")  # fmt: skip
    if not making and not approving:
        return dict.fromkeys(("late", "asked", "returned", "to_approve", "to_issue"), 0)
    handed_in = YearPlan.objects.filter(
        agency=OuterRef("agency"), kind=PlanKind.YEAR, year=OuterRef("plan__year"), state__in=sorted(HANDED_IN),
    )  # fmt: skip
    asked = PlanAsked.objects.filter(
        ~Exists(handed_in), agency__in=making, retired_by__isnull=True
    ).exclude(plan__state=State.ABANDONED)
    own = YearPlan.objects.filter(agency__in=making)
    return {
        "late": asked.filter(due_on__lt=ctx.today).count(),
        "asked": asked.filter(due_on__gte=ctx.today).count(),
        "returned": own.filter(state=State.RETURNED).count(),
        "to_approve": YearPlan.objects.filter(approver__in=approving, state=State.SUBMITTED).count(),
        "to_issue": own.filter(state=State.APPROVED).count(),
    }  # fmt: skip


# --- One plan ----------------------------------------------------------------------------------------


def course_of(ctx: Context, plan: YearPlan) -> list[PlanStep]:
    """Return the course of a plan, the latest first: for its parties and overseers; others see what came of it."""
    steps = plan.steps.select_related("by", "agency").order_by("-id")
    if may_see_course(ctx, plan):
        return list(steps)
    return list(steps.filter(kind__in=("approved", "issued", "adjusted", "closed", "reopened")))


def may_see_course(ctx: Context, plan: YearPlan) -> bool:
    """Tell whether the caller reads how a plan came about."""
    if any(g.province_code == "*" for g in ctx.grants):
        return True
    own = agencies_spoken_for(ctx, "plans.view")
    parties = {plan.agency_id, plan.approver_id, plan.parent.agency_id if plan.parent else None}
    return bool(own & parties) or plan.province_code in ctx.coverage("plans.oversee").provinces


def tasks_of(ctx: Context, plan: YearPlan) -> list[Task]:
    """Return the tasks of a plan that the caller may read, in their order."""
    taken = PlanTask.objects.filter(plan=plan, retired_by__isnull=True)
    seen = Task.objects.visible_to(ctx, "plans.view").filter(pk__in=taken.values("task"))
    return list(seen.select_related("lead").order_by("due_on", "number"))


def tasks_to_take(ctx: Context, plan: YearPlan) -> QuerySet[Task]:
    """Return the open tasks that could become part of a plan: the agency's own first of all."""
    taken = PlanTask.objects.filter(plan=plan, retired_by__isnull=True).values("task")
    seen = Task.objects.visible_to(ctx, "plans.make").open().exclude(pk__in=taken)
    return seen.of_agencies(frozenset({plan.agency_id})).order_by("number")


def parts_of(ctx: Context, plan: YearPlan) -> QuerySet[YearPlan]:
    """Return the plans below this one that the caller may read."""
    return plans_seen(ctx).standing().filter(parent=plan).select_related("agency__unit")


def asked_of(plan: YearPlan) -> list[PlanAsked]:
    """Return of whom a plan asks plans of their own."""
    rows = plan.asked.filter(retired_by__isnull=True).select_related("agency")
    return list(rows.order_by("due_on", "agency__name"))


def stated_row(plan: YearPlan, pk: UUID) -> StatedActual | None:
    """Return one stated value of a plan that was not taken back."""
    return plan.stated.filter(pk=pk, retired_by__isnull=True).first()


def stated_values(plan: YearPlan, code: str) -> list[StatedActual]:
    """Return what sources stated of a target, the latest first."""
    rows = plan.stated.filter(code=code, retired_by__isnull=True).select_related("by")
    return list(rows.order_by("-as_of", "-id"))


def plan_before(ctx: Context, plan: YearPlan) -> YearPlan | None:
    """Return the agency's plan of the year before, if the caller may read it."""
    return (
        plans_seen(ctx).standing().filter(agency=plan.agency, kind=plan.kind, year=plan.year - 1).first()
    )  # fmt: skip


def plan_after(ctx: Context, plan: YearPlan) -> YearPlan | None:
    """Return the agency's plan of the year after, if the caller may read it."""
    return (
        plans_seen(ctx).standing().filter(agency=plan.agency, kind=plan.kind, year=plan.year + 1).first()
    )  # fmt: skip


def parents_for(ctx: Context, year: int) -> QuerySet[YearPlan]:
    """Return the plans below which one of a year can be made, of the year or longer."""
    covering = Q(year=year) | Q(year__lte=year, last_year__gte=year)
    found = plans_seen(ctx).standing().filter(covering).select_related("agency")
    return found.filter(
        Q(state__in=sorted(IN_FORCE | {State.SUBMITTED})) | Q(state__in=sorted(EDITABLE))
    ).order_by("-kind", "title")


# --- Targets made of aims --------------------------------------------------------------------------


def target_page(ctx: Context, passage: UUID, figure: int) -> str:
    """Return where the caller makes a target of a number of an aim; nothing where the caller makes no plans."""
    if not ctx.may("plans.make"):
        return ""
    return f"{reverse('plans:aim', args=[passage])}?figure={figure}"


def aim_seen(ctx: Context, pk: str) -> Passage | None:
    """Return an aim of a document that the caller may read."""
    try:
        key = UUID(pk)
    except ValueError:
        return None
    seen = Directive.objects.visible_to(ctx).values("pk")
    rows = Passage.objects.filter(pk=key, state=PassageState.AIM, directive__in=seen)
    return rows.select_related("directive").first()


def plans_to_draft(ctx: Context, directive: UUID) -> list[YearPlan]:
    """Return the plans that the caller is drafting, those that carry out the document first."""
    rows = YearPlan.objects.visible_to(ctx).filter(
        state__in=sorted(EDITABLE), agency__in=making_agencies(ctx).values("pk")
    )
    first = Case(When(directive=directive, then=0), default=1, output_field=IntegerField())
    return list(rows.select_related("agency").order_by(first, "-year", "title")[:100])


def target_of_aim(aim: Passage, figure: str) -> dict[str, Any]:
    """Return what a form of a target begins with: the aim's words, the number, what it counts, where it stands."""
    figures = aim.due.get("figures", [])
    told = figures[int(figure)] if figure.isdecimal() and int(figure) < len(figures) else {}
    where = aim.directive.name + (f", {aim.section}" if aim.section else "")
    begin: dict[str, Any] = {"name": aim.content[:300], "basis": where[:200]}
    if told:
        begin |= {
            "planned": Decimal(str(told["value"])), "unit_name": str(told.get("unit", ""))[:60],
            "direction": Direction.AT_MOST if told.get("bound") == "at_most" else Direction.AT_LEAST,
            "code": f"{aim.position}.{int(figure) + 1}", "adds_up": told.get("unit") != "%",
        }  # fmt: skip
    return begin
