"""The identity that everything else points at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.registry.models.periods import Period
from hoptac.registry.terms import Kind


class CooperativeQuerySet(models.QuerySet["Cooperative"]):
    def visible_to(self, ctx: Context, permission: str = "registry.view") -> CooperativeQuerySet:
        """Keep the bodies whose present or last place lies within the caller's territory."""
        seen = Period.objects.filter(is_latest=True).visible_to(ctx, permission)
        return self.filter(pk__in=seen.values("cooperative_id"))


class Cooperative(models.Model):
    """A cooperative, union or group: who it is for life, and nothing that can change.

    ``version`` counts the acts upon it: forms and the API send it back (If-Match).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(_("province"), max_length=4)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    version = models.PositiveIntegerField(default=1)
    act_id = models.UUIDField(_("entered by"))

    objects: ClassVar = CooperativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperative")
        verbose_name_plural = _("cooperatives")
        ordering = ("id",)
        triggers = kept_for_ever("cooperative")

    def __str__(self) -> str:
        return str(self.pk)

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's mandates carry the permission to this body."""
        return type(self).objects.filter(pk=self.pk).visible_to(ctx, permission).exists()
