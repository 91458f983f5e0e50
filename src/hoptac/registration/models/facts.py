"""What filings say of a body beside its particulars: representatives, branches, pauses, marks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import only_retired, points_at
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.terms import BranchKind, BranchState, MarkKind, UndertakingKind
from hoptac.registry.models.facts import Fact, FactQuerySet


class RegistrationFact(Fact):
    """Base: a dated fact of a body that a filing brought."""

    valid = DateRangeField(_("in effect"))
    filing = models.ForeignKey(
        "registration.Filing", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class LegalRepresentative(RegistrationFact):
    """Who acts for the body before the law (Law 2023 art. 11): one or more at a time."""

    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=80, blank=True)
    birth_date = models.DateField(_("born on"), null=True)
    nationality = models.CharField(_("nationality"), max_length=60, default="Việt Nam")
    personal_number = models.CharField(_("personal number"), max_length=20, blank=True)
    contact_address = models.CharField(_("contact address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("legal representative")
        verbose_name_plural = _("legal representatives")
        ordering = ("cooperative", "valid", "id")
        indexes = (models.Index(fields=("cooperative",), name="representative_of"),)
        triggers = (
            *only_retired("representative"),
            *points_at("representative", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return self.name


class Branch(RegistrationFact):
    """A branch, representative office or business place over a stretch of time.

    ``branch_id`` is the same for life; each change is a further row. A branch or office has the
    dependent tax code (13 digits), a place five digits by order (NĐ 92/2024 art. 14).
    """

    branch_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=8, choices=BranchKind)
    code = models.CharField(_("code"), max_length=14)
    name = models.CharField(_("name"), max_length=250)
    commune = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+")
    address = models.CharField(_("address"), max_length=300, blank=True)
    head = models.CharField(_("head"), max_length=120, blank=True)
    lines = models.CharField(_("lines of business"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BranchState)

    class Meta:
        verbose_name = _("branch, office or place")
        verbose_name_plural = _("branches, offices and places")
        ordering = ("cooperative", "kind", "code", "valid")
        indexes = (models.Index(fields=("cooperative",), name="branch_of"),)
        triggers = (
            *only_retired("branch"),
            *points_at("branch", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return self.name


class Suspension(RegistrationFact):
    """A pause of business: from the day to the day before it goes on (Law 2023 art. 96)."""

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("cooperative", "valid")
        indexes = (models.Index(fields=("cooperative",), name="suspension_of"),)
        triggers = (
            *only_retired("suspension"),
            *points_at("suspension", "cooperative_id", "registry_cooperative"),
        )


class Mark(RegistrationFact):
    """A request or notice while which no other registration is taken (NĐ 92/2024 art. 33)."""

    kind = models.CharField(_("kind"), max_length=14, choices=MarkKind)
    issuer = models.CharField(_("issued by"), max_length=200)
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ("cooperative", "valid")
        indexes = (models.Index(fields=("cooperative",), name="mark_of"),)
        triggers = (
            *only_retired("mark"),
            *points_at("mark", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document}"


class Undertaking(RegistrationFact):
    """What a body told of what it has outside the register: a branch abroad, a share in an enterprise.

    Kept with its record as told (Law 2023 arts 55.3, 81); it gets no certificate here.
    """

    kind = models.CharField(_("kind"), max_length=14, choices=UndertakingKind)
    name = models.CharField(_("name"), max_length=250)
    code = models.CharField(_("code"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    head = models.CharField(_("head"), max_length=120, blank=True)
    amount = models.DecimalField(_("contributed"), max_digits=18, decimal_places=0, null=True)

    class Meta:
        verbose_name = _("undertaking outside the register")
        verbose_name_plural = _("undertakings outside the register")
        ordering = ("cooperative", "kind", "id")
        indexes = (models.Index(fields=("cooperative",), name="undertaking_of"),)
        triggers = (
            *only_retired("undertaking"),
            *points_at("undertaking", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return self.name
