"""What is known, by whom, since when: rows that are added and retired, never changed.

A live row has no ``retired_by``. A correction retires rows and adds others under its own act; the
database refuses any other change, and any overlap of live particulars (triggers).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import never_overlap, only_retired, points_at
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models.cooperative import Cooperative
from hoptac.registry.rules.vsic import name_of
from hoptac.registry.terms import (
    LegalEra,
    LegalStatus,
    LineageKind,
    Precision,
    Sector,
    WorkingState,
)

LIVE = models.Q(retired_by__isnull=True)


class FactQuerySet(models.QuerySet):
    def live(self) -> FactQuerySet:
        """Keep what holds today; retired rows are what was once believed."""
        return self.filter(LIVE)


class Fact(models.Model):
    """Base of a dated fact: whose it is, which act brought it, which act retired it."""

    id = models.BigAutoField(primary_key=True)
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, related_name="%(class)s_set", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    source_row = models.CharField(_("place in the source"), max_length=60, blank=True)

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class Particulars(Fact):
    """Names, place, people and standing of a body over a stretch of time."""

    valid = DateRangeField(_("in effect"))
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=120, blank=True)
    foreign_name = models.CharField(_("foreign name"), max_length=250, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=14, blank=True)
    certificate_number = models.CharField(_("certificate number"), max_length=60, blank=True)
    sector = models.CharField(_("sector"), max_length=14, choices=Sector, blank=True)
    activity = models.CharField(_("main activity"), max_length=400, blank=True)
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, verbose_name=_("commune"), related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    address = models.CharField(_("address"), max_length=300, blank=True)
    established_on = models.DateField(_("established on"), null=True)
    established_precision = models.CharField(max_length=5, choices=Precision, default="day")
    legal_era = models.CharField(_("registered under"), max_length=12, choices=LegalEra)
    legal_status = models.CharField(_("legal status"), max_length=15, choices=LegalStatus)
    working_state = models.CharField(_("working state"), max_length=20, choices=WorkingState)
    chairman = models.CharField(_("chairman"), max_length=120, blank=True)
    director = models.CharField(_("director"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.CharField(_("e-mail"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # Written by ``registry.particulars``: what searching and sorting read, without marks.
    fold = models.CharField(max_length=800)
    sort_key = models.CharField(max_length=400, db_collation="C")

    class Meta:
        verbose_name = _("particulars")
        verbose_name_plural = _("particulars")
        ordering = ("cooperative", "valid")
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="particulars_named"),
        )
        indexes = (
            models.Index(fields=("cooperative", "id"), name="particulars_of"),
            models.Index(fields=("act_id",), name="particulars_act"),
            models.Index(
                fields=("retired_by",), name="particulars_retired",
                condition=models.Q(retired_by__isnull=False),
            ),
            models.Index(
                fields=("registration_number",), name="particulars_number",
                condition=LIVE & ~models.Q(registration_number=""),
            ),
        )  # fmt: skip
        triggers = (
            *only_retired("particulars"),
            *points_at("particulars", "cooperative_id", "registry_cooperative"),
            *points_at("particulars", "commune_id", "jurisdiction_adminunit"),
            *never_overlap(
                "particulars", "registry_particulars", "cooperative_id", "registry_cooperative"
            ),
        )

    def __str__(self) -> str:
        return self.name


class FigureStatement(Fact):
    """What one source said of one body as of one day. Two sources may differ; both are kept.

    The figure in force on a day is, per measure, that of the latest ``as_of`` not after it, and of
    two on one day the one recorded last.
    """

    as_of = models.DateField(_("as of"))
    charter_capital = models.BigIntegerField(_("charter capital (dong)"), null=True)
    area = models.DecimalField(
        _("cultivated area (ha)"), max_digits=12, decimal_places=2, null=True
    )
    members = models.IntegerField(_("members (persons)"), null=True)
    workers = models.IntegerField(_("workers (persons)"), null=True)

    class Meta:
        verbose_name = _("statement of figures")
        verbose_name_plural = _("statements of figures")
        ordering = ("cooperative", "as_of", "id")
        indexes = (
            models.Index(fields=("cooperative", "as_of", "id"), name="figures_of"),
            models.Index(fields=("act_id",), name="figures_act"),
            models.Index(
                fields=("retired_by",), name="figures_retired",
                condition=models.Q(retired_by__isnull=False),
            ),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                name="figures_not_negative",
                condition=(
                    (models.Q(charter_capital__isnull=True) | models.Q(charter_capital__gte=0))
                    & (models.Q(area__isnull=True) | models.Q(area__gte=0))
                    & (models.Q(members__isnull=True) | models.Q(members__gte=0))
                    & (models.Q(workers__isnull=True) | models.Q(workers__gte=0))
                ),
            ),
        )
        triggers = (
            *only_retired("figures"),
            *points_at("figures", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.as_of}"


class BusinessLine(Fact):
    """A line of business by its four-digit VSIC code; one may be the main one."""

    valid = DateRangeField(_("in effect"))
    vsic_code = models.CharField(_("VSIC code"), max_length=5)
    is_main = models.BooleanField(_("main line"), default=False)

    class Meta:
        verbose_name = _("line of business")
        verbose_name_plural = _("lines of business")
        ordering = ("cooperative", "-is_main", "vsic_code")
        constraints = (
            ExclusionConstraint(
                name="business_line_no_overlap",
                expressions=[
                    ("cooperative", RangeOperators.EQUAL),
                    ("vsic_code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=LIVE,
            ),
        )
        indexes = (models.Index(fields=("act_id",), name="business_line_act"),)
        triggers = (
            *only_retired("business_line"),
            *points_at("business_line", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return self.vsic_code

    @property
    def name(self) -> str:
        """What the code meant when it was stated; nothing where the list of that day is not known."""
        return name_of(self.vsic_code, self.valid.lower)


class Lineage(Fact):
    """One body's passing into another: ``cooperative`` is the earlier, ``successor`` the later."""

    successor = models.ForeignKey(Cooperative, models.PROTECT, related_name="ancestry")
    kind = models.CharField(_("kind"), max_length=14, choices=LineageKind)
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineages")
        ordering = ("on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("cooperative", "successor", "kind"), condition=LIVE, name="lineage_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(cooperative=models.F("successor")), name="lineage_of_two"
            ),
        )
        indexes = (models.Index(fields=("act_id",), name="lineage_act"),)
        triggers = (
            *only_retired("lineage"),
            *points_at("lineage", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.kind} {self.successor_id}"
