"""What filings say of a body beside its particulars: representatives, branches, pauses, marks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import only_retired, points_at
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.terms import BranchKind, BranchState, MarkKind
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
