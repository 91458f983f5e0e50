"""A plan of an agency or a district, of whom plans were asked, its tasks and its course."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models import Directive
from hoptac.directives.terms import Reach
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, only_retired, refused
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.plans.terms import EDITABLE, FROZEN, IN_FORCE, PlanKind, State, StepKind
from hoptac.tasks.models import Task
from hoptac.tasks.models.tasks import speaks_for


class YearPlanQuerySet(models.QuerySet["YearPlan"]):
    def visible_to(self, ctx: Context, permission: str = "plans.view") -> YearPlanQuerySet:
        """Keep the plans that the caller may read within the provinces of the mandates.

        Those in force and open to every officer; those that an agency for which the caller speaks makes,
        approves or asked for; those of agencies on the caller's ground; all of a province that the caller oversees.
        """
        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return self
        if not granting:
            return self.none()
        provinces = sorted({g.province_code for g in granting})
        seen = Q(reach=Reach.OPEN, state__in=sorted(IN_FORCE))
        if own := agencies_spoken_for(ctx, permission):
            seen |= Q(agency__in=own) | Q(approver__in=own) | Q(parent__agency__in=own)
        # Who oversees one line of command does not read what carries out a restricted document of the other.
        named = Directive.objects.visible_to(ctx).order_by().values("pk")
        told = Q(reach=Reach.OPEN) | Q(directive__in=named)
        if communes := ctx.coverage(permission).communes:
            seen |= Q(agency__unit__in=sorted(communes)) & told
        if overseen := ctx.coverage("plans.oversee").provinces:
            seen |= Q(province_code__in=sorted(overseen)) & told
        return self.filter(Q(province_code__in=provinces) & seen)

    def standing(self) -> YearPlanQuerySet:
        """Keep what was not abandoned."""
        return self.exclude(state=State.ABANDONED)


@pghistory.track()
class YearPlan(models.Model):
    """What an agency means to reach in a year, for the province or one unit, and how that was approved.

    ``unit`` is the territory; empty, it is the whole province. ``directive`` is what the plan carries out,
    ``tied_to`` the socio-economic plan from which its figures come (``tie`` says how). ``edition`` counts
    adjustments: one until the first. ``texts`` are its chapters by the codes of ``plans/outline``.
    ``last_year`` is the year in which a target list ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    kind = models.CharField(_("kind"), max_length=12, choices=PlanKind, default=PlanKind.YEAR)
    year = models.PositiveSmallIntegerField(_("year"))
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    unit = models.ForeignKey(AdminUnit, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )  # fmt: skip
    approver = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carries out")
    )  # fmt: skip
    tied_to = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("socio-economic plan"),
    )  # fmt: skip
    tie = models.TextField(_("how it is tied to the socio-economic plan"), blank=True)
    texts: Any = models.JSONField(default=dict, blank=True)
    issued = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued as")
    )  # fmt: skip
    reach = models.CharField(max_length=10, choices=Reach, default=Reach.OPEN)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    edition = models.PositiveSmallIntegerField(default=1)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = YearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly plan")
        verbose_name_plural = _("yearly plans")
        ordering = ("-year", "agency_id", "id")
        triggers = kept_for_ever("year_plan")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "kind", "year"), condition=~Q(state=State.ABANDONED),
                name="year_plan_once",
            ),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=models.F("year")),
                name="year_plan_years",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ISSUED, State.CLOSED]) | Q(issued__isnull=False),
                name="year_plan_issued_as",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("province_code", "year", "kind"), name="year_plan_year"),
            models.Index(fields=("parent",), name="year_plan_parent"),
        )

    def __str__(self) -> str:
        return self.title

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller speaks for who makes the plan; for approving, for who approves it."""
        agency = self.approver_id if permission == "plans.approve" else self.agency_id
        return speaks_for(ctx, permission, agency)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def ends_on(self) -> date:
        """The last day of its time."""
        return date(self.last_year or self.year, 12, 31)

    @property
    def begins_after(self) -> date:
        """The day whose figures it sets out from: the last of the year before."""
        return date(self.year - 1, 12, 31)


class PlanAsked(models.Model):
    """An agency of which a plan asks that it makes its own, and until when."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="asked")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    due_on = models.DateField(_("to be submitted by"))
    act_id = models.UUIDField()
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("plan asked for")
        verbose_name_plural = _("plans asked for")
        ordering = ("plan_id", "id")
        triggers = only_retired("plan_asked")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "agency"), condition=Q(retired_by__isnull=True), name="plan_asked_once"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id} > {self.agency_id}"


class PlanTask(models.Model):
    """A task that belongs to a plan."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="taken")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    act_id = models.UUIDField()
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("task of a plan")
        verbose_name_plural = _("tasks of plans")
        ordering = ("plan_id", "id")
        triggers = only_retired("plan_task")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "task"), condition=Q(retired_by__isnull=True), name="plan_task_once"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id} > {self.task_id}"


class PlanStep(models.Model):
    """What was done: one row an act, never changed."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind)
    act_id = models.UUIDField()
    at = models.DateTimeField(_("at"), auto_now_add=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=2000, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    details: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of a plan")
        ordering = ("plan_id", "id")
        triggers = refused("plan_step", "udt")
        indexes = (models.Index(fields=("plan", "-id"), name="plan_step_course"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind}"
