"""A way of looking at the list that an officer keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.identifiers import uuid7


class SavedView(models.Model):
    """Filters, order and columns of a list under a name; private, or shared within a role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000)
    is_default = models.BooleanField(_("opens first"), default=False)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("user", "page", "name"), name="saved_view_once"),
        )

    def __str__(self) -> str:
        return self.name
