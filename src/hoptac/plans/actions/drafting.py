"""Beginning a plan, its heading and texts, of whom it asks plans, giving it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from hoptac.directives.models import Directive
from hoptac.directives.terms import Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import Level
from hoptac.plans.figures import live_targets, planned_on, value_before
from hoptac.plans.forms_of_law import annex, national_targets, outline
from hoptac.plans.models import PlanAsked, PlanTarget, PlanTask, YearPlan
from hoptac.plans.steps import refuse_if_passed, refuse_without, take_step, write
from hoptac.plans.terms import HANDED_IN, PlanKind, State, StepKind
from hoptac.tasks.models import Assignment
from hoptac.tasks.models.tasks import speaks_for

TEMPLATES = ("", "annex", "resolution", "last_year")
_EDITABLE = ("title", "approver", "directive", "tied_to", "tie", "texts")


@action("plans.make", name="plans.draft_plan")
def draft_plan(
    ctx: Context,
    *,
    agency: Agency,
    year: int,
    approver: Agency,
    kind: str = PlanKind.YEAR.value,
    title: str = "",
    last_year: int | None = None,
    parent: YearPlan | None = None,
    directive: Directive | None = None,
    tied_to: Directive | None = None,
    tie: str = "",
    template: str = "",
) -> YearPlan:
    """Begin the plan of an agency for a year, over the ground of its unit (a province's agency: the province).

    From a ``parent`` the targets that concern the agency become its own, each adding to the parent's, with
    the year before as proposed value; and the parent's tasks in which it takes part. ``template`` gives the
    targets instead: ``annex`` those of annex 1, ``resolution`` those of Resolution 20 (to be filled in by
    the province), ``last_year`` those of the agency's own plan of the year before.

    :raises OutOfReach: the caller does not speak for the agency, or may not read the parent or a document
    :raises Refused: it has a plan of that year, the year cannot be, or approver or parent do not fit
    """
    if not speaks_for(ctx, "plans.make", agency.pk):
        raise OutOfReach("plans.make")
    _refuse_unfit(ctx, agency, year, kind, last_year, approver, parent, template)
    _refuse_hidden(ctx, parent, directive, tied_to)
    if directive is None and parent is not None:
        directive = parent.issued or parent.directive
    above = (directive, tied_to, parent)
    restricted = any(x is not None and x.reach != Reach.OPEN for x in above)
    reach = Reach.RECIPIENTS if restricted else Reach.OPEN
    plan = YearPlan.objects.create(
        province_code=agency.province_code, kind=kind, year=year,
        last_year=last_year if kind == PlanKind.TARGET_LIST else None,
        title=(tidy(title) or _title(agency, kind, year, last_year))[:300], agency=agency,
        unit=agency.unit if agency.unit.level != Level.PROVINCE else None, parent=parent, approver=approver,
        directive=directive, tied_to=tied_to, tie=tie.strip(), reach=reach, act_id=act_of(ctx),
    )  # fmt: skip
    rows = _from_parent(plan) if parent is not None else []
    rows += [r for r in _from_template(plan, template) if r.code not in {x.code for x in rows}]
    for place, row in enumerate(rows, 1):
        row.position, row.act_id = place, act_of(ctx)
    PlanTarget.objects.bulk_create(rows)
    tasks = _tasks_of_parent(plan)
    PlanTask.objects.bulk_create(PlanTask(plan=plan, task_id=t, act_id=act_of(ctx)) for t in tasks)
    write(ctx, plan, StepKind.DRAFTED, agency=agency, details={"targets": len(rows), "tasks": len(tasks)})  # fmt: skip
    note(ctx, subject=plan, title=plan.title, year=year, targets=len(rows), tasks=len(tasks))
    return plan


@action("plans.make", name="plans.edit_plan")
def edit_plan(
    ctx: Context, plan: YearPlan, *, values: Mapping[str, Any], expected_version: int | None = None
) -> YearPlan:
    """Change the heading of a plan that is being drafted, its documents, or texts of its chapters.

    :raises Refused: it has been submitted, its title is empty, or a chapter is unknown
    :raises OutOfReach: the caller may not read a document
    """
    changes = {k: v for k, v in values.items() if k in _EDITABLE}
    if "title" in changes:
        changes["title"] = tidy(changes["title"])[:300]
        if not changes["title"]:
            raise Refused(
                Finding("field_missing", _("Say what the plan is called."), field="title")
            )
    if "texts" in changes:
        known = {c.code for c in outline() if c.written}
        unknown = sorted(set(changes["texts"]) - known)
        if unknown:
            raise Refused(Finding("chapter_unknown", _("The outline has no such chapter."), field="texts"))  # fmt: skip
        changes["texts"] = {**plan.texts, **{k: v.strip() for k, v in changes["texts"].items()}}
    _refuse_hidden(ctx, None, changes.get("directive"), changes.get("tied_to"))
    if any(
        changes.get(n) is not None and changes[n].reach != Reach.OPEN
        for n in ("directive", "tied_to")
    ):
        changes["reach"] = Reach.RECIPIENTS
    before = {k: str(getattr(plan, k) or "") for k in changes if k != "texts"}
    take_step(
        ctx,
        plan,
        StepKind.EDITED,
        expected_version=expected_version,
        changes=changes,
        details={"before": before},
    )
    note(ctx, changes=sorted(changes), before=before)
    return plan


@action("plans.make", name="plans.ask_plans")
def ask_plans(
    ctx: Context,
    plan: YearPlan,
    *,
    agencies: Iterable[Agency],
    due_on: date,
    words: str = "",
    expected_version: int | None = None,
) -> list[PlanAsked]:
    """Ask agencies and districts for plans of their own below this one, until a day.

    An agency that was asked before gets the new day.

    :raises Refused: none is named, one is of elsewhere or makes this plan, or the day has passed
    """
    chosen = list(dict.fromkeys(agencies))
    if not chosen:
        raise Refused(
            Finding("agencies_missing", _("Choose at least one agency."), field="agencies")
        )
    if due_on < ctx.today:
        raise Refused(Finding("due_passed", _("The day has already passed."), field="due_on"))
    for agency in chosen:
        if agency.province_code != plan.province_code or agency.pk == plan.agency_id:
            raise Refused(
                Finding("agency_unfit", _("%(agency)s cannot be asked for a part of this plan.")
                        % {"agency": agency.name}, field="agencies")
            )  # fmt: skip
    take_step(
        ctx, plan, StepKind.ASKED, expected_version=expected_version, words=words,
        details={"due_on": due_on.isoformat(), "agencies": [a.name for a in chosen]},
    )  # fmt: skip
    PlanAsked.objects.filter(plan=plan, agency__in=chosen, retired_by__isnull=True).update(
        retired_by=act_of(ctx)
    )
    found = PlanAsked.objects.bulk_create(
        PlanAsked(plan=plan, agency=a, due_on=due_on, act_id=act_of(ctx)) for a in chosen
    )
    note(ctx, agencies=[a.pk for a in chosen], due_on=due_on)
    return found


@action("plans.make", name="plans.abandon_plan")
def abandon_plan(
    ctx: Context, plan: YearPlan, *, words: str, expected_version: int | None = None
) -> YearPlan:
    """Give up a plan that was not handed in, so that another can be begun; what was written is kept.

    :raises Refused: no reason, it was handed in, or others hand in parts of it
    """
    refuse_without(words, _("Say why the plan is given up."))
    refuse_if_passed(plan, StepKind.ABANDONED, expected_version)
    if plan.parts.filter(state__in=sorted(HANDED_IN)).exists():
        raise Refused(Finding("has_parts", _("Plans of other agencies have been handed in below it.")))  # fmt: skip
    take_step(ctx, plan, StepKind.ABANDONED, words=words)
    return plan


# --- What is refused ----------------------------------------------------------------------------------


def _refuse_unfit(
    ctx: Context,
    agency: Agency,
    year: int,
    kind: str,
    last_year: int | None,
    approver: Agency,
    parent: YearPlan | None,
    template: str,
) -> None:
    if kind not in PlanKind.values or template not in TEMPLATES:
        raise Refused(Finding("choice_unknown", _("Choose one."), field="kind"))
    if not 2013 <= year <= ctx.today.year + 5:
        raise Refused(
            Finding("year_unfit", _("Plans are kept from 2013 to five years ahead."), field="year")
        )
    if kind == PlanKind.TARGET_LIST and (last_year is None or not year <= last_year <= year + 30):
        raise Refused(
            Finding("last_year_missing", _("Say until which year the targets are set."), field="last_year")
        )  # fmt: skip
    if approver.province_code != agency.province_code or ctx.today not in approver.valid:
        raise Refused(
            Finding("approver_unfit", _("The approving agency does not exist in the province now."), field="approver")
        )  # fmt: skip
    if parent is not None and (
        parent.province_code != agency.province_code
        or (parent.agency_id == agency.pk and parent.kind == kind)
        or not parent.year <= year <= (parent.last_year or parent.year)
        or parent.state == State.ABANDONED
    ):
        raise Refused(
            Finding(
                "parent_unfit",
                _(
                    "A plan is part of one of another agency, or of a target list, that covers its year."
                ),
                field="parent",
            )
        )
    there = YearPlan.objects.standing().filter(agency=agency, kind=kind, year=year).first()
    if there is not None:
        raise Refused(
            Finding(
                "plan_exists", _("%(agency)s has a plan of %(year)s already: “%(title)s”.")
                % {"agency": agency.name, "year": year, "title": there.title}, field="year",
                details={"plan": str(there.pk)},
            )
        )  # fmt: skip


def _refuse_hidden(ctx: Context, parent: YearPlan | None, *directives: Directive | None) -> None:
    """Let nobody build on what they may not read."""
    if parent is not None and not YearPlan.objects.visible_to(ctx).filter(pk=parent.pk).exists():
        raise OutOfReach("plans.make")
    named = {d.pk for d in directives if d is not None}
    if not named or any(g.province_code == "*" for g in ctx.grants):
        return
    seen = Directive.objects.visible_to(ctx).filter(pk__in=named)
    if seen.count() < len(named):
        raise OutOfReach("plans.make")


# --- What a draft begins with ---------------------------------------------------------------------------


def _title(agency: Agency, kind: str, year: int, last_year: int | None) -> str:
    if kind == PlanKind.TARGET_LIST:
        return f"Chỉ tiêu phát triển kinh tế tập thể giai đoạn {year} - {last_year}"
    return f"Kế hoạch phát triển kinh tế tập thể, hợp tác xã năm {year} của {agency.name}"


def _from_parent(plan: YearPlan) -> list[PlanTarget]:
    """Return the parent's targets that concern the agency: all for a district, else those it answers for."""
    parent = plan.parent
    assert parent is not None  # noqa: S101  (called for parts only)
    whole = plan.unit_id is not None or parent.agency_id == plan.agency_id
    taken: dict[Any, Any] = {}
    found = []
    for target in live_targets(parent):
        if not whole and target.responsible_id != plan.agency_id:
            continue
        row = _copy(plan, target)
        row.serves = target.code
        row.before = value_before(plan, row, taken)
        row.planned = row.before
        if parent.agency_id == plan.agency_id:
            row.planned = planned_on(parent, target, plan.ends_on) or row.before
        found.append(row)
    return found


def _from_template(plan: YearPlan, template: str) -> list[PlanTarget]:
    taken: dict[Any, Any] = {}
    if template == "annex":
        rows = [
            PlanTarget(
                plan=plan, code=r.code, name=r.name["vi"], unit_name=r.unit_name, measure=r.measure,
                parameters=r.parameters, divisor=r.divisor, adds_up=r.adds_up,
            )
            for r in annex(1)
        ]  # fmt: skip
    elif template == "resolution":
        rows = [
            PlanTarget(
                plan=plan, code=t.code, name=t.name["vi"], unit_name=t.unit_name, measure=t.measure,
                basis=t.basis, adds_up=t.unit_name != "%",
            )
            for t in national_targets()
            if t.year <= (plan.last_year or plan.year)
        ]  # fmt: skip
    elif template == "last_year":
        before = YearPlan.objects.standing().filter(
            agency=plan.agency, kind=plan.kind, year=plan.year - 1
        )
        old = before.first()
        rows = [_copy(plan, t) for t in live_targets(old)] if old else []
        for row, target in zip(rows, live_targets(old) if old else (), strict=True):
            row.planned = target.planned_next
    else:
        return []
    for row in rows:
        row.before = value_before(plan, row, taken)
    return rows


def _copy(plan: YearPlan, target: PlanTarget) -> PlanTarget:
    return PlanTarget(
        plan=plan, code=target.code, name=target.name, unit_name=target.unit_name, measure=target.measure,
        parameters=target.parameters, divisor=target.divisor, direction=target.direction,
        adds_up=target.adds_up,
    )  # fmt: skip


def _tasks_of_parent(plan: YearPlan) -> list[Any]:
    """Return the parent's tasks in which the agency takes part now."""
    if plan.parent is None:
        return []
    lines = Assignment.objects.now().filter(task=OuterRef("task"), agency=plan.agency)
    rows = PlanTask.objects.filter(Exists(lines), plan=plan.parent, retired_by__isnull=True)
    return list(rows.order_by("id").values_list("task", flat=True))


def decimal_of(value: Any) -> Decimal | None:
    """Return a number as it came from a form or a file."""
    return None if value in (None, "") else Decimal(str(value))
