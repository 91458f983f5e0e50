"""A directive and what it does to others."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.directives.terms import Chain, DirectiveKind, Level, LinkKind, Reach, Standing
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, only_retired
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for

# What a list need not read: the text and what was read in it.
HEAVY = ("text", "reading", "words")

# So many letters of a name go into a list.
SHORT_NAME, _LEAST = 56, 20


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, ctx: Context, permission: str = "directives.view") -> DirectiveQuerySet:
        """Keep what the caller may read.

        Within the provinces of the mandates: documents open to every officer, those issued by, kept
        by or sent to an agency for which the caller speaks, and all of a chain which the caller oversees.
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
            received = Recipient.objects.standing().filter(agency__in=own).values("directive")
            seen |= Q(issuer__in=own) | Q(keeper__in=own) | Q(pk__in=received)
        for chain in Chain:
            overseen = overseen_provinces(ctx, chain)
            if overseen:
                seen |= Q(chain=chain, province_code__in=overseen)
        return self.filter(Q(province_code__in=sorted(provinces)) & seen)

    def kept_by(self, ctx: Context, permission: str) -> DirectiveQuerySet:
        """Keep those that the caller may do the permission to.

        Those of the caller's own agencies, as issuer or as who entered it, and all of a chain
        that the caller's desk keeps for the province.
        """
        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return self
        own = agencies_spoken_for(ctx, permission)
        kept = Q(issuer__in=own) | Q(keeper__in=own) if own else Q(pk__in=())
        for chain in Chain:
            provinces = kept_provinces(ctx, chain)
            if provinces and granting:
                kept |= Q(chain=chain, province_code__in=provinces)
        return self.filter(kept)

    def light(self) -> DirectiveQuerySet:
        """Leave out what a list does not show."""
        return self.defer(*HEAVY)

    def at_hand(self) -> DirectiveQuerySet:
        """Keep those whose text or file is here: not only cited."""
        return self.filter(_AT_HAND)

    def with_standing(self, day: date) -> DirectiveQuerySet:
        """Add ``standing_on``: how each stands on the day, by its dates and by what binds beside it.

        A document is replaced or amended by another from the day on which that one comes into force.
        """
        return self.annotate(standing_on=standing_case(day))

    def standing(self, standing: str, day: date) -> DirectiveQuerySet:
        return self.filter(Exact(standing_case(day), Value(standing)))


_AT_HAND = Q(file__isnull=False) | ~Q(text="")


def overseen_provinces(ctx: Context, chain: str) -> list[str]:
    """Return the provinces throughout which the caller oversees a chain."""
    return sorted(ctx.coverage(f"directives.oversee_{chain}").provinces)


def kept_provinces(ctx: Context, chain: str) -> list[str]:
    """Return the provinces in which the caller's desk keeps the documents of a chain, whoever issued them."""
    return sorted(ctx.coverage(f"directives.keep_{chain}").provinces)


def acting_on(day: date, kind: str) -> Exists:
    """Return whether a document that had come into force by the day does this to the row.

    What was replaced does not come back when the later document expires; only one that was
    revoked before it came into force has done nothing.
    """
    acting = Q(source__in_force_on__lte=day) & (
        Q(source__revoked_on__isnull=True)
        | Q(source__revoked_on__gt=models.F("source__in_force_on"))
    )
    links = DirectiveLink.objects.filter(acting, target=OuterRef("pk"), kind=kind)
    return Exists(links.filter(retired_by__isnull=True))


def standing_case(day: date) -> Case:
    """Return the standing on a day as an expression over directives."""
    return Case(
        When(revoked_on__lte=day, then=Value(Standing.REVOKED)),
        When(acting_on(day, LinkKind.REPLACES), then=Value(Standing.REPLACED)),
        When(ends_on__lte=day, then=Value(Standing.EXPIRED)),
        When(in_force_on__gt=day, then=Value(Standing.COMING)),
        When(in_force_on__isnull=True, then=Value(Standing.UNKNOWN)),
        When(acting_on(day, LinkKind.AMENDS), then=Value(Standing.AMENDED)),
        default=Value(Standing.IN_FORCE),
        output_field=models.CharField(),
    )


@pghistory.track(exclude=["words"])
class Directive(models.Model):
    """A Party or State document as it was issued: one row a document, mended only by corrections.

    ``number`` is the running number ("70"), ``symbol`` the whole as written ("70-KL/TW", "87/KH-UBND");
    both are empty for laws cited by name. ``issuer`` is our own agency where it is one; ``issuer_name``
    is as the document writes it. ``keeper`` is the agency for which it was entered, where that is not its
    issuer. ``text`` is the text that was read, to which the spans of passages refer. A document that
    others cite and nobody has brought yet has neither text nor file and is not confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    chain = models.CharField(_("line of command"), max_length=5, choices=Chain)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    kind = models.CharField(pgettext_lazy("document", "kind"), max_length=10, choices=DirectiveKind)
    number = models.CharField(pgettext_lazy("document", "number"), max_length=20, blank=True)
    symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    title = models.CharField(pgettext_lazy("document", "title"), max_length=600)
    issuer = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("issuing agency of the province"),
    )  # fmt: skip
    keeper = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept by")
    )
    issuer_name = models.CharField(_("issuing body"), max_length=200)
    issued_on = models.DateField(pgettext_lazy("document", "issued on"), null=True, blank=True)
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    signer_post = models.CharField(_("post of the signer"), max_length=200, blank=True)
    in_force_on = models.DateField(_("in force from"), null=True, blank=True)
    # The first day on which it no longer binds.
    ends_on = models.DateField(_("no longer in force from"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_basis = models.CharField(_("revoked by"), max_length=200, blank=True)
    reach = models.CharField(_("who reads it"), max_length=10, choices=Reach, default=Reach.OPEN)
    text = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    # Heading, references, sections, lines of recipients as the reader found them (reading.result).
    reading: Any = models.JSONField(default=dict, blank=True)
    # Every word of symbol, title, bodies and text, folded, to search by the beginnings of words.
    words: Any = SearchVectorField(null=True, editable=False)
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
            # Documents that only some may read are left out: what one may not see shall not refuse.
            models.UniqueConstraint(
                fields=("province_code", "symbol", "issued_on", "issuer_name"),
                condition=~Q(symbol="") & Q(reach=Reach.OPEN),
                name="directive_once",
            ),
        )
        indexes = (
            models.Index(
                "province_code", models.F("issued_on").desc(nulls_last=True), models.F("id").desc(),
                name="directive_province",
            ),
            models.Index(fields=("issuer",), name="directive_issuer"),
            models.Index(fields=("keeper",), name="directive_keeper"),
            models.Index(fields=("province_code", "symbol"), name="directive_symbol"),
            GinIndex(fields=("words",), name="directive_words"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How officers call it: ``Kế hoạch số 87/KH-UBND``; by its title where it has no number."""
        kind = str(self.get_kind_display())
        if self.symbol:
            return f"{kind} {self.symbol}"
        is_named = self.kind == DirectiveKind.LAW or self.title.casefold().startswith(
            kind.casefold()
        )
        return self.title if is_named else f"{kind} {self.title}"

    @property
    def short_name(self) -> str:
        """The name for lists: as :attr:`name`, cut after whole words where there is no number to call it by."""
        name = self.name
        if self.symbol or len(name) <= SHORT_NAME:
            return name
        before, day, _after = name.partition(" ngày ")
        if day and _LEAST < len(before) <= SHORT_NAME:
            return before.rstrip(",") + "…"
        return name[: SHORT_NAME - 1].rpartition(" ")[0].rstrip(",;:-–") + "…"

    @property
    def is_at_hand(self) -> bool:
        """Whether its text or file is here, or it is only known because others cite it."""
        return self.file_id is not None or bool(self.text)

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may do this to the document; to see it is to read it, all else to keep it."""
        if not ctx.may(permission):
            return False
        own = Directive.objects.filter(pk=self.pk)
        found = (
            own.visible_to(ctx, permission)
            if permission == "directives.view"
            else own.kept_by(ctx, permission)
        )
        return bool(found.exists())

    def standing_on_day(self, day: date) -> Standing:
        """Return how it stands on a day."""
        found: Any = Directive.objects.filter(pk=self.pk).with_standing(day).get()
        return Standing(found.standing_on)


class LinkQuerySet(models.QuerySet["DirectiveLink"]):
    def live(self) -> LinkQuerySet:
        return self.filter(retired_by__isnull=True)


class DirectiveLink(models.Model):
    """What one document does to another, by which words; taken back it is retired, not deleted."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Directive, models.PROTECT, related_name="links")
    target = models.ForeignKey(Directive, models.PROTECT, related_name="linked_from")
    kind = models.CharField(pgettext_lazy("link", "kind"), max_length=10, choices=LinkKind)
    articles = models.CharField(_("articles"), max_length=200, blank=True)
    words = models.CharField(_("as written"), max_length=300, blank=True)
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    objects: ClassVar = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of directives")
        verbose_name_plural = _("links of directives")
        ordering = ("id",)
        triggers = only_retired("directive_link")
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
