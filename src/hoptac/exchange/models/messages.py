"""The outbox: what a national system must be told, and every attempt to tell it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import kept_for_ever, refused
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.outbox import Attempt, Outgoing
from hoptac.jurisdiction.ground import GroundQuerySet, OnGround
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative


class PlacedQuerySet(GroundQuerySet[Any]):
    seen_with = "exchange.view"


class Placed(OnGround):
    """Base of rows about a body somewhere: who sees the place sees the row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    system = models.CharField(_("system"), max_length=30)
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, null=True, verbose_name=_("body"), related_name="+"
    )
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, verbose_name=_("commune"), related_name="+"
    )
    name = models.CharField(_("name"), max_length=250)
    code = models.CharField(_("code"), max_length=40, blank=True)

    objects: ClassVar = PlacedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Message(Placed, Outgoing):
    """One thing to be told. ``key`` is sent with it every time: told twice, it counts once.

    Messages of one body, and of one filing, go out in the order in which they came; one that could
    not be delivered holds the later ones back until an officer sends it again or sets it aside.
    """

    key = models.CharField(max_length=120, unique=True)
    event = models.CharField(_("what happened"), max_length=60)
    title = models.CharField(_("what is told"), max_length=250)
    content = models.JSONField()
    filing_id = models.UUIDField(null=True)
    difference_id = models.UUIDField(null=True)
    act_id = models.UUIDField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("due_at", "id"), name="message_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=("state", "id"), name="message_state"),
            models.Index(fields=("cooperative", "id"), name="message_of_body"),
            models.Index(
                fields=("filing_id", "id"), name="message_of_filing",
                condition=Q(filing_id__isnull=False),
            ),
        )  # fmt: skip
        triggers = kept_for_ever("message")


class Delivery(Attempt):
    """One attempt to deliver a message; ``digest`` and ``size`` tell what was sent."""

    digest = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    size = models.PositiveIntegerField(_("size (bytes)"))
    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")

    class Meta(Attempt.Meta):
        ordering = ("message", "id")
        triggers = refused("delivery", "udt")

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
