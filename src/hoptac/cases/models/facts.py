"""Dates and parts from which grounds are judged, and which no other desk keeps yet."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.cases.terms import DateKind, Share
from hoptac.foundation.audit.triggers import only_retired, points_at
from hoptac.registry.models.facts import LIVE, Fact, FactQuerySet


class KeptDate(Fact):
    """Something that happened to a body on a day, or lasts from one day to another.

    ``until`` is the last day, where the kind has one; empty: it goes on.
    """

    kind = models.CharField(_("what"), max_length=16, choices=DateKind)
    on = models.DateField(_("on"))
    until = models.DateField(_("until"), null=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept date")
        verbose_name_plural = _("kept dates")
        ordering = ("cooperative", "-on", "-id")
        indexes = (
            models.Index(fields=("kind", "cooperative", "on"), name="kept_date_of", condition=LIVE),
            models.Index(fields=("kind", "on", "cooperative"), name="kept_date_on", condition=LIVE),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("on")),
                name="kept_date_in_order",
            ),
        )
        triggers = (
            *only_retired("kept_date"),
            *points_at("kept_date", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


def _part(name: Share) -> models.DecimalField:
    return models.DecimalField(name.label, max_digits=5, decimal_places=2, null=True)


class SharesStatement(Fact):
    """What was declared or found of capped parts as of one day, in hundredths; empty: not said."""

    as_of = models.DateField(_("as of"))
    largest_member = _part(Share.LARGEST_MEMBER)
    associates = _part(Share.ASSOCIATES)
    foreign_capital = _part(Share.FOREIGN_CAPITAL)
    foreign_members = _part(Share.FOREIGN_MEMBERS)
    foreign_board = _part(Share.FOREIGN_BOARD)
    document = models.CharField(_("document"), max_length=200, blank=True)

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of parts")
        verbose_name_plural = _("statements of parts")
        ordering = ("cooperative", "-as_of", "-id")
        indexes = (models.Index(fields=("cooperative", "as_of"), name="shares_of", condition=LIVE),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(**{f"{s}__isnull": True}) | models.Q(**{f"{s}__range": (0, 100)})
                        for s in Share.values
                    )
                ),
                name="shares_in_hundredths",
            ),
        )
        triggers = (
            *only_retired("shares"),
            *points_at("shares", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.as_of}"

    @property
    def parts(self) -> dict[str, Decimal]:
        """The parts that were said, by name."""
        found = {s: getattr(self, s) for s in Share.values}
        return {s: v for s, v in found.items() if v is not None}
