"""A task's live indicator: the figure is computed, never typed in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import only_retired
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit
from hoptac.tasks.models.tasks import Task
from hoptac.tasks.terms import Direction


class TiedIndicator(models.Model):
    """A measure of the catalogue that shows how far a task is: from a baseline to a target by a day.

    ``measure`` is a code of ``foundation.measures``; ``parameters`` are what it takes (sector, state, base
    day). Without ``unit`` it is taken over the whole province.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="indicators")
    measure = models.CharField(_("indicator"), max_length=60)
    parameters: Any = models.JSONField(default=dict, blank=True)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    baseline_on = models.DateField(_("baseline as of"))
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4)
    target_on = models.DateField(_("to be reached by"))
    basis = models.CharField(_("set by"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("indicator of a task")
        verbose_name_plural = _("indicators of tasks")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(target_on__gt=models.F("baseline_on")), name="tied_indicator_days"
            ),
        )
        triggers = only_retired("tied_indicator")
        indexes = (models.Index(fields=("task",), name="tied_indicator_task"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.measure}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.task.is_within(ctx, permission)
