"""Agencies of the province, dated, with their successors."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models.units import AdminUnit
from hoptac.jurisdiction.terms import AgencyKind


@pghistory.track()
class Agency(models.Model):
    """A department, office, Party body, front or alliance, for as long as it bore the name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=AgencyKind)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    province_code = models.CharField(max_length=4)
    valid = DateRangeField(_("in existence"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # False where name or days are not yet read off a document: shown with a mark.
    is_confirmed = models.BooleanField(_("read off a document"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("code",)
        triggers = kept_for_ever("agency")
        constraints = (
            models.UniqueConstraint(fields=("province_code", "code"), name="agency_code_once"),
        )

    def __str__(self) -> str:
        return self.name

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's permission carries over the ground of the agency's unit."""
        from hoptac.jurisdiction import scope

        return scope.reaches(ctx, permission, self.unit, None, self.province_code)


@pghistory.track()
class AgencySuccession(models.Model):
    """An agency's duties passing to another on a day.

    ``is_rename``: it is the same agency under another name; mandates within it go on.
    """

    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="precessions")
    on = models.DateField(_("on"))
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    is_rename = models.BooleanField(_("only renamed"), default=False)
    is_confirmed = models.BooleanField(_("read off a document"), default=False)

    class Meta:
        verbose_name = _("succession of agencies")
        verbose_name_plural = _("successions of agencies")
        ordering = ("on",)
        constraints = (
            models.UniqueConstraint(
                fields=("predecessor", "successor"), name="agency_succession_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} > {self.successor}"
