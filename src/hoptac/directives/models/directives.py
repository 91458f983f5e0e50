"""A directive and what it does to others."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.terms import Chain, DirectiveKind, Level, LinkKind, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, ctx: Context, permission: str = "directives.view") -> DirectiveQuerySet:
        """Keep what the caller may read.

        Within the provinces of the mandates: documents open to every officer, those issued by or sent to an
        agency for which the caller speaks, and all of a chain which the caller oversees.
        """
        from hoptac.directives.models.recipients import Recipient

        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return self
        if not granting:
            return self.none()
        provinces = {g.province_code for g in granting}
        own = agencies_spoken_for(ctx, permission)
        seen = Q(reach=Reach.OPEN)
        if own:
            seen |= Q(issuer__in=own)
            received = Recipient.objects.filter(agency__in=own).values("directive")
            seen |= Q(pk__in=received)
        for chain in Chain:
            overseen = {
                g.province_code
                for g in ctx.grants
                if f"directives.oversee_{chain.value}" in g.role.permissions
            }
            if overseen:
                seen |= Q(chain=chain, province_code__in=sorted(overseen))
        return self.filter(Q(province_code__in=sorted(provinces)) & seen)

    def on(self, day: date) -> DirectiveQuerySet:
        """Keep what binds on the day by its own dates."""
        return self.filter(Q(in_force_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day)))


@pghistory.track()
class Directive(models.Model):
    """A Party or State document as it was issued: one row a document, mended only by corrections.

    ``number`` is the running number ("70"), ``symbol`` the whole as written ("70-KL/TW", "87/KH-UBND");
    both are empty for laws cited by name. ``issuer`` is our own agency where it is one; ``issuer_name``
    is as the document writes it. ``text`` is the text that was read, to which the spans of passages refer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    chain = models.CharField(_("line of command"), max_length=5, choices=Chain)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    kind = models.CharField(_("kind"), max_length=10, choices=DirectiveKind)
    number = models.CharField(_("number"), max_length=20, blank=True)
    symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=600)
    issuer = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issuer")
    )
    issuer_name = models.CharField(_("issuing body"), max_length=200)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    signer_post = models.CharField(_("post of the signer"), max_length=200, blank=True)
    in_force_on = models.DateField(_("in force from"), null=True, blank=True)
    # The first day on which it no longer binds.
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_basis = models.CharField(_("revoked by"), max_length=200, blank=True)
    reach = models.CharField(_("who reads it"), max_length=10, choices=Reach, default=Reach.OPEN)
    text = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # Heading, references, sections as the reader found them (directives.reading.result).
    reading: Any = models.JSONField(default=dict, blank=True)
    fold = models.CharField(max_length=1000, editable=False)
    is_confirmed = models.BooleanField(_("read off the document"), default=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ("-issued_on", "-id")
        triggers = kept_for_ever("directive")
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "symbol", "issued_on"),
                condition=~Q(symbol=""),
                name="directive_once",
            ),
        )
        indexes = (
            models.Index(fields=("province_code", "-issued_on"), name="directive_province"),
            models.Index(fields=("issuer",), name="directive_issuer"),
            GinIndex(fields=("fold",), opclasses=("gin_trgm_ops",), name="directive_fold"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How officers call it: ``Kế hoạch số 87/KH-UBND``; by its title where it has no number."""
        if not self.symbol:
            return self.title
        return f"{self.get_kind_display()} {self.symbol}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may do this to the document: as its issuer, or overseeing its chain."""
        if not ctx.may(permission):
            return False
        return Directive.objects.filter(pk=self.pk).visible_to(ctx, permission).exists()


class DirectiveLink(models.Model):
    """What one document does to another, since which day, by which words."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Directive, models.PROTECT, related_name="links")
    target = models.ForeignKey(Directive, models.PROTECT, related_name="linked_from")
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind)
    articles = models.CharField(_("articles"), max_length=200, blank=True)
    words = models.CharField(_("as written"), max_length=300, blank=True)
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("link of directives")
        verbose_name_plural = _("links of directives")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("source", "target", "kind"),
                condition=Q(retired_by__isnull=True),
                name="directive_link_once",
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="directive_link_two"
            ),
        )
        indexes = (models.Index(fields=("target", "kind"), name="directive_link_target"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
