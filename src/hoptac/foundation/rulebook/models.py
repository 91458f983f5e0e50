"""What was confirmed or corrected against an official text; rows are added and retired."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import only_retired
from hoptac.foundation.identifiers import uuid7


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def live(self) -> ConfirmationQuerySet:
        """Keep those that nobody withdrew."""
        return self.filter(retired_by__isnull=True)


class Confirmation(models.Model):
    """One fact held against one official text on a day: it is so, or it is so once corrected.

    ``fingerprint`` names the content that was read; where the fact says something else today, the
    confirmation no longer speaks of it. ``values`` are the corrections, ``before`` what they replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    fact = models.CharField(_("fact"), max_length=160)
    fingerprint = models.CharField(max_length=64)
    document = models.CharField(_("official text"), max_length=200)
    article = models.CharField(_("article"), max_length=120, blank=True)
    read_on = models.DateField(_("checked on"))
    values = models.JSONField(_("corrected"), default=dict)
    before = models.JSONField(_("before"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    objects: ClassVar = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "fact"),
                condition=models.Q(retired_by__isnull=True),
                name="fact_confirmed_once",
            ),
        )
        triggers = only_retired("confirmation")

    def __str__(self) -> str:
        return f"{self.fact}: {self.document}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller keeps the rules of the whole province."""
        reach = ctx.coverage(permission)
        return reach.everything or self.province_code in reach.provinces
