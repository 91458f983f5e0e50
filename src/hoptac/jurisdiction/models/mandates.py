"""Mandates: what a person may do, where, from when to when, by whose order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models.agencies import Agency
from hoptac.jurisdiction.models.units import AdminUnit


class MandateQuerySet(models.QuerySet["Mandate"]):
    def on(self, day: date) -> MandateQuerySet:
        """Keep the mandates in force on the day."""
        return self.filter(valid__contains=day)

    def not_over(self, day: date) -> MandateQuerySet:
        """Keep the mandates in force on the day or later."""
        return self.filter(Q(valid__endswith__gt=day) | Q(valid__endswith__isnull=True))


@pghistory.track()
class Mandate(models.Model):
    """A role given to a person over a unit, within an agency, or for one cooperative.

    ``unit`` may be a unit that has ended (a former district as an area that an officer follows): it
    covers the ground it had. ``cooperative_id`` points upwards to the register, so it is no key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    role = models.CharField(_("role"), max_length=40)
    province_code = models.CharField(max_length=4)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    cooperative_id = models.UUIDField(null=True, blank=True)
    valid = DateRangeField(_("in force"))
    basis = models.CharField(_("decision"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)

    objects: ClassVar = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ("user", "valid")
        indexes = (models.Index(fields=("user",), name="mandate_user"),)

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def last_on(self) -> date | None:
        """The last day it is held; nothing where it has no end."""
        after = self.valid.upper
        return after - timedelta(days=1) if after else None

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's permission carries over the mandate's place."""
        from hoptac.jurisdiction import scope

        return scope.reaches(ctx, permission, self.unit, self.cooperative_id, self.province_code)
