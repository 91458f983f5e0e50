"""The calendar as an administrator keeps it: years adopted, days off, days exchanged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import only_retired
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.working_days import rules


class Kind(models.TextChoices):
    HOLIDAY = rules.HOLIDAY, _("public holiday")
    OFF = rules.OFF, _("day off in exchange")
    WORK = rules.WORK, _("working day in exchange")


class CalendarQuerySet(models.QuerySet):
    def live(self) -> CalendarQuerySet:
        """Keep what nobody removed."""
        return self.filter(retired_by__isnull=True)


class _Kept(models.Model):
    """What both have in common: added and retired by acts, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    objects: ClassVar = CalendarQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller keeps the calendar of the whole province."""
        reach = ctx.coverage(permission)
        return reach.everything or self.province_code in reach.provinces


class CalendarYear(_Kept):
    """A year whose calendar was adopted; what was computed for it counts no longer.

    ``basis`` is the notice of that year; without it the year is adopted but not confirmed.
    """

    year = models.SmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("adopted year")
        verbose_name_plural = _("adopted years")
        ordering = ("year", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "year"),
                condition=models.Q(retired_by__isnull=True),
                name="year_adopted_once",
            ),
        )
        triggers = only_retired("calendar_year")

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(_Kept):
    """One day that differs from the days of its week: off, or worked in exchange for another."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    name = models.CharField(_("name"), max_length=120, blank=True)
    with_day = models.DateField(_("exchanged for"), null=True)
    is_made_good = models.BooleanField(_("in place of a day of rest"), default=False)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        ordering = ("day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "day"),
                condition=models.Q(retired_by__isnull=True),
                name="calendar_day_once",
            ),
        )
        triggers = only_retired("calendar_day")

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
