"""Extracts that came from a national system, and where they differ from the register."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.exchange.models.messages import Placed
from hoptac.exchange.terms import ExtractState, Side, Verdict, What
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7


class ExtractQuerySet(models.QuerySet["Extract"]):
    def visible_to(self, ctx: Context) -> ExtractQuerySet:
        """Keep the caller's own extracts, and all of a province for who sees all of it."""
        reach = ctx.coverage("exchange.view")
        if reach.everything or not ctx.user:
            return self
        return self.filter(Q(user=ctx.user) | Q(province_code__in=sorted(reach.provinces)))


class Extract(models.Model):
    """One file that came from a national system: its day, what was in it, what it led to.

    It is kept (``path``) and held against the register by a job; ``step`` and ``progress`` tell how
    far that is, ``refusal`` why it could not be done. ``as_of`` is empty until the file has said it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    system = models.CharField(_("system"), max_length=30)
    filename = models.CharField(_("file"), max_length=255)
    digest = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField(_("size (bytes)"))
    path = models.CharField(max_length=255)
    as_of = models.DateField(_("state of affairs on"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExtractState, default=ExtractState.WAITING
    )
    step = models.CharField(max_length=20, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=1000, blank=True)
    seconds = models.FloatField(null=True)
    is_whole = models.BooleanField(_("names every body of the territory"))
    counts = models.JSONField(default=dict)
    titles = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("brought in at"), auto_now_add=True)
    act_id = models.UUIDField()

    objects: ClassVar = ExtractQuerySet.as_manager()

    class Meta:
        verbose_name = _("extract")
        verbose_name_plural = _("extracts")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("digest", "system"), name="extract_digest"),
            models.Index(
                fields=("state",), name="extract_unfinished",
                condition=Q(state__in=("waiting", "comparing")),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.filename

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may act upon it: one's own, or all of the province."""
        reach = ctx.coverage(permission)
        return (
            reach.everything
            or (ctx.user is not None and self.user_id == ctx.user.pk)
            or self.province_code in reach.provinces
        )


class Difference(Placed):
    """One thing that a national system tells otherwise than the register, until it is decided.

    ``identity`` names what is claimed: the same claim in a later extract is the same difference.
    ``ours_since`` is the day since which the register says what it says, ``theirs_on`` the day of
    the extract, ``open_since`` the day on which the claim came in first. ``acts`` are the acts by
    which a decision changed the register; ``batch`` is the act that decided it together with others.
    """

    what = models.CharField(_("kind"), max_length=12, choices=What)
    field = models.CharField(_("field"), max_length=30, blank=True)
    identity = models.CharField(max_length=64)
    ours = models.CharField(_("the register"), max_length=600, blank=True)
    theirs = models.CharField(_("the national system"), max_length=600, blank=True)
    ours_since = models.DateField(_("said since"), null=True)
    ours_source = models.CharField(_("source"), max_length=250, blank=True)
    theirs_on = models.DateField(_("extract of"))
    open_since = models.DateField(_("differs since"))
    place = models.CharField(_("place in the file"), max_length=120, blank=True)
    record = models.JSONField(default=dict)
    suggestion = models.CharField(max_length=8, choices=Side, blank=True)
    why = models.CharField(max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=Verdict, default=Verdict.OPEN)
    extract = models.ForeignKey(Extract, models.PROTECT, related_name="differences")
    last_extract = models.ForeignKey(Extract, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    words = models.CharField(_("why"), max_length=500, blank=True)
    acts = models.JSONField(default=list)
    batch = models.UUIDField(null=True)
    decisions = models.PositiveIntegerField(default=0)
    history = models.JSONField(default=list)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("identity",), name="difference_stands_once",
                condition=Q(state__in=("open", "ours", "noted")),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("state", "field", "name", "id"), name="difference_state"),
            models.Index(fields=("cooperative", "state"), name="difference_of_body"),
            models.Index(
                fields=("batch",), name="difference_batch", condition=Q(batch__isnull=False)
            ),
        )
        triggers = kept_for_ever("difference")
