"""Fees: what the People's Council of the province set, and what was paid for a dossier."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import only_retired, refused
from hoptac.foundation.identifiers import uuid7
from hoptac.registration.models.filings import Filing
from hoptac.registration.rules.procedures import title_of
from hoptac.registration.terms import Channel, FeeEntryKind
from hoptac.registry.terms import Kind


class LiveQuerySet(models.QuerySet):
    def live(self) -> LiveQuerySet:
        """Keep what nobody withdrew."""
        return self.filter(retired_by__isnull=True)


class FeeTable(models.Model):
    """The fees of one resolution of the People's Council; in force until the next one is.

    ``is_invented``: made up for a demonstration, and said so wherever an amount of it stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    resolution = models.CharField(_("resolution"), max_length=120)
    resolved_on = models.DateField(_("day of the resolution"))
    in_force = models.DateField(_("in force from"))
    article = models.CharField(_("article"), max_length=120, blank=True)
    is_invented = models.BooleanField(_("invented"), default=False)
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    objects: ClassVar = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("table of fees")
        verbose_name_plural = _("tables of fees")
        ordering = ("-in_force", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "in_force"),
                condition=Q(retired_by__isnull=True),
                name="fees_of_a_day_once",
            ),
        )
        triggers = only_retired("fee_table")

    def __str__(self) -> str:
        return self.resolution

    @property
    def basis(self) -> str:
        """The resolution with its article, as a receipt names it."""
        return ", ".join(p for p in (self.resolution, self.article) if p)

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller keeps the rules of the whole province."""
        reach = ctx.coverage(permission)
        return reach.everything or self.province_code in reach.provinces

    @classmethod
    def on(cls, province: str, day: date) -> FeeTable | None:
        """Return the table of a province that is in force on a day."""
        found = cls.objects.live().filter(province_code=province, in_force__lte=day)
        table: FeeTable | None = found.order_by("-in_force").first()
        return table


class FeeLine(models.Model):
    """The fee of a procedure in dong; of one kind of body or way of filing, or of all (empty)."""

    id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(FeeTable, models.PROTECT, related_name="lines")
    procedure = models.CharField(_("procedure"), max_length=30)
    kind = models.CharField(_("kind of body"), max_length=12, choices=Kind, blank=True)
    channel = models.CharField(_("handed in"), max_length=8, choices=Channel, blank=True)
    amount = models.PositiveBigIntegerField(_("fee (dong)"))

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ("table", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("table", "procedure", "kind", "channel"), name="fee_said_once"
            ),
        )
        triggers = refused("fee_line", "udt")

    def __str__(self) -> str:
        return f"{self.procedure} {self.amount}"

    @property
    def title(self) -> str:
        return title_of(self.procedure)


class FeeEntry(models.Model):
    """A fee paid, waived or paid back; an entry made by mistake is withdrawn, never changed."""

    id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="fees")
    table = models.ForeignKey(FeeTable, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(_("entry"), max_length=8, choices=FeeEntryKind)
    amount = models.PositiveBigIntegerField(_("amount (dong)"), default=0)
    on = models.DateField(_("on"))
    number = models.CharField(_("number of the receipt"), max_length=40, blank=True)
    words = models.CharField(_("ground or remark"), max_length=300, blank=True)
    basis = models.CharField(_("legal basis"), max_length=250, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    objects: ClassVar = LiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a fee")
        verbose_name_plural = _("entries of fees")
        ordering = ("on", "id")
        indexes = (
            models.Index(fields=("filing",), name="fee_of"),
            models.Index(fields=("on",), name="fee_on"),
        )
        triggers = only_retired("fee_entry")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
