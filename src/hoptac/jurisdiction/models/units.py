"""Administrative units as dated facts, and which unit holds which ground in each epoch of the map."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.terms import KIND_WORD, Level, UnitKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class AdminUnitQuerySet(models.QuerySet["AdminUnit"]):
    def on(self, day: date) -> AdminUnitQuerySet:
        """Keep the units that exist on the day."""
        return self.filter(valid__contains=day)

    def in_order(self) -> AdminUnitQuerySet:
        return self.order_by("sort_key", "code")


@pghistory.track()
class AdminUnit(models.Model):
    """A province, district or commune for as long as it existed under that name and code.

    The State reuses codes (91, 30742), so the code alone names nothing: the own id does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("State code"), max_length=8)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("belongs to"),
    )  # fmt: skip
    province_code = models.CharField(max_length=4)
    valid = DateRangeField(_("in existence"))
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    fold = models.CharField(max_length=120, db_index=True)
    sort_key = models.CharField(max_length=200, db_collation="C")

    objects: ClassVar = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ("sort_key", "code")
        triggers = kept_for_ever("admin_unit")
        constraints = (
            ExclusionConstraint(
                name="unit_code_once_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def word(self) -> str:
        """The Vietnamese word for the unit's kind: ``xã``, ``phường``, ``huyện``."""
        return KIND_WORD[UnitKind(self.kind)]

    @property
    def full_name(self) -> str:
        """Kind and name as written in documents: ``phường Rạch Giá``, ``Phường 1`` stays plain."""
        return f"{self.word} {self.name}"

    @property
    def heading(self) -> str:
        return self.full_name[:1].upper() + self.full_name[1:]


class UnitSuccession(models.Model):
    """One unit's ground passing to another on a day, by a legal act; many to many."""

    predecessor = models.ForeignKey(AdminUnit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(AdminUnit, models.PROTECT, related_name="precessions")
    on = models.DateField(_("on"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession of units")
        verbose_name_plural = _("successions of units")
        ordering = ("on", "predecessor")
        constraints = (
            models.UniqueConstraint(
                fields=("predecessor", "successor", "on"), name="succession_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} > {self.successor}"


class UnitPlacement(models.Model):
    """Where a commune's ground lies on the map of an epoch.

    One row for each commune that ever was and each epoch of the map; rebuilt by
    ``jurisdiction.actions.rebuild_placements`` whenever units change. ``commune`` or ``district``
    is empty where no single unit of that epoch holds the ground (a new commune made of several).
    """

    unit = models.ForeignKey(AdminUnit, models.CASCADE, related_name="placements")
    epoch = DateRangeField()
    commune = models.ForeignKey(AdminUnit, models.CASCADE, null=True, related_name="+")
    district = models.ForeignKey(AdminUnit, models.CASCADE, null=True, related_name="+")
    province = models.ForeignKey(AdminUnit, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("placement of a unit")
        verbose_name_plural = _("placements of units")
        ordering: ClassVar[Sequence[str]] = ("unit", "epoch")
        constraints = (
            ExclusionConstraint(
                name="placement_once_an_epoch",
                expressions=[("unit", RangeOperators.EQUAL), ("epoch", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.epoch}"
