"""What lies on a commune's ground: who sees the place, or the body, sees the row.

A model of such rows has ``province_code``, ``commune`` and ``cooperative``; its queryset names the
permission that shows them. A mandate over a unit covers the communes that hold its ground, before and after
reforms (:mod:`hoptac.jurisdiction.scope`).
"""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from hoptac.foundation.access import Context, Coverage

Row = TypeVar("Row", bound=models.Model)


def lying_within(reach: Coverage) -> Q:
    """Return which rows a coverage that is neither everything nor nothing reaches."""
    within = Q()
    if reach.provinces:
        within |= Q(province_code__in=sorted(reach.provinces))
    if reach.communes:
        within |= Q(commune__in=sorted(reach.communes))
    if reach.cooperatives:
        within |= Q(cooperative__in=sorted(reach.cooperatives))
    return within


class GroundQuerySet(models.QuerySet[Row]):
    """Rows that lie on the ground of communes."""

    seen_with: ClassVar[str] = ""

    def visible_to(self, ctx: Context, permission: str = "") -> Self:
        """Keep the rows whose ground, or whose body, lies within the caller's territory."""
        reach = ctx.coverage(permission or self.seen_with)
        if reach.everything:
            return self
        return self.none() if reach.is_empty else self.filter(lying_within(reach))


class OnGround(models.Model):
    """Base of a row that lies on a commune's ground."""

    class Meta:
        abstract = True

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's mandates carry the permission to this row."""
        rows: GroundQuerySet = type(self)._default_manager.all()  # type: ignore[assignment]
        return rows.filter(pk=self.pk).visible_to(ctx, permission).exists()
