"""What a plan means to reach, and what was said to be reached where no record can tell."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import only_retired
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.plans.models.plans import YearPlan
from hoptac.tasks.terms import Direction


class PlanTarget(models.Model):
    """One target of a plan, as it was set by one act; a change retires the row and adds another.

    ``code`` names it within the plan and, where it is one of the annex, across plans. ``measure`` is a code
    of ``foundation.measures`` taken with ``parameters``; its value is divided by ``divisor`` to be in
    ``unit_name`` (dong to millions). Without measure its actual value is stated. ``serves`` is the code of
    the parent plan's target to which it adds. ``path`` holds the values of the years of a target list.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="targets")
    edition = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("target"), max_length=300)
    unit_name = models.CharField(_("unit of measurement"), max_length=60)
    measure = models.CharField(_("computed as"), max_length=60, blank=True)
    parameters: Any = models.JSONField(default=dict, blank=True)
    divisor = models.PositiveBigIntegerField(default=1)
    adds_up = models.BooleanField(_("values of parts may be added"), default=True)
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.AT_LEAST
    )
    before = models.DecimalField(_("year before"), max_digits=20, decimal_places=4, null=True)
    planned = models.DecimalField(_("planned"), max_digits=20, decimal_places=4, null=True)
    estimate = models.DecimalField(
        _("estimate of the whole year"), max_digits=20, decimal_places=4, null=True
    )
    planned_next = models.DecimalField(
        _("planned for the next year"), max_digits=20, decimal_places=4, null=True
    )
    path: Any = models.JSONField(default=dict, blank=True)
    responsible = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("responsible agency")
    )
    serves = models.CharField(_("adds to the target"), max_length=40, blank=True)
    basis = models.CharField(_("set by"), max_length=200, blank=True)
    act_id = models.UUIDField()
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("target of a plan")
        verbose_name_plural = _("targets of plans")
        ordering = ("plan_id", "position", "code", "id")
        triggers = only_retired("plan_target")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "code"), condition=Q(retired_by__isnull=True), name="plan_target_once"
            ),
            models.CheckConstraint(condition=Q(divisor__gt=0), name="plan_target_divisor"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class StatedActual(models.Model):
    """What a source said of a target as of a day; never overwritten, and two sources may say otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(YearPlan, models.PROTECT, related_name="stated")
    code = models.CharField(max_length=40)
    as_of = models.DateField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    source = models.CharField(_("source"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act_id = models.UUIDField()
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("stated actual value")
        verbose_name_plural = _("stated actual values")
        ordering = ("plan_id", "code", "as_of", "id")
        triggers = only_retired("stated_actual")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "code", "as_of", "source"), condition=Q(retired_by__isnull=True),
                name="stated_actual_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.as_of} {self.value}"
