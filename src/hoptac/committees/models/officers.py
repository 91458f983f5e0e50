"""Who follows the collective economy in each agency, how the work passed on, what they were trained in."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.committees.models.committees import VIEW, is_system, provinces_of
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.models.tasks import speaks_for


class OfficerQuerySet(models.QuerySet["FollowingOfficer"]):
    def visible_to(self, ctx: Context, permission: str = VIEW) -> OfficerQuerySet:
        """Keep those of the caller's provinces: agencies name them so that others know whom to ask."""
        if is_system(ctx, permission):
            return self
        return self.filter(agency__province_code__in=provinces_of(ctx, permission))

    def on(self, day: date) -> OfficerQuerySet:
        return self.filter(valid__contains=day)


@pghistory.track()
class FollowingOfficer(models.Model):
    """Somebody named to follow the collective economy in an agency (plan on Conclusion 70, part II.3)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="following_officers", verbose_name=_("agency")
    )
    name = models.CharField(_("full name"), max_length=120)
    post = models.CharField(_("post"), max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )  # fmt: skip
    fields = models.CharField(_("fields followed"), max_length=300, blank=True)
    is_main_work = models.BooleanField(_("full time"), default=False)
    valid = DateRangeField(_("in charge"))
    decision = models.CharField(_("named by"), max_length=200)
    ending = models.CharField(_("ended because"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("following officer")
        verbose_name_plural = _("following officers")
        ordering = ("agency_id", "id")
        triggers = kept_for_ever("following_officer")
        indexes = (models.Index(fields=("user",), name="following_officer_user"),)

    def __str__(self) -> str:
        return self.name

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may see the officer, or (to change) speaks for the agency."""
        if permission == VIEW:
            return FollowingOfficer.objects.filter(pk=self.pk).visible_to(ctx).exists()
        return speaks_for(ctx, permission, self.agency_id)


class Handover(models.Model):
    """The work of a following officer passing to another: what was open on that day (*biên bản bàn giao*)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    leaving = models.OneToOneField(
        FollowingOfficer, models.PROTECT, related_name="handed_over", verbose_name=_("handed over by")
    )  # fmt: skip
    taking = models.ForeignKey(
        FollowingOfficer, models.PROTECT, related_name="took_over", verbose_name=_("taken over by")
    )
    on = models.DateField(_("on"))
    words = models.TextField(_("remarks"), blank=True)
    # Tasks as they stood on the day: number, title, state, due day.
    tasks: Any = models.JSONField(default=list)
    act_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ("-on", "-id")
        triggers = kept_for_ever("handover")
        constraints = (
            models.CheckConstraint(
                condition=~Q(leaving=models.F("taking")), name="handover_of_two"
            ),
        )

    def __str__(self) -> str:
        return f"{self.leaving_id} > {self.taking_id}"


@pghistory.track()
class OfficerTraining(models.Model):
    """A course that a following officer attended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(
        FollowingOfficer, models.PROTECT, related_name="trainings", verbose_name=_("officer")
    )
    course = models.CharField(_("course"), max_length=300)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    provider = models.CharField(_("held by"), max_length=200)
    hours = models.PositiveSmallIntegerField(_("hours"))
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    certificate = models.CharField(_("certificate"), max_length=120, blank=True)
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("course attended")
        verbose_name_plural = _("courses attended")
        ordering = ("-ends_on", "-id")
        triggers = kept_for_ever("officer_training")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("begins_on")), name="training_ends_later"
            ),
        )

    def __str__(self) -> str:
        return self.course

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.officer.is_within(ctx, permission)
