"""To whom a directive went, who has acknowledged it, and how each made it concrete."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models.directives import Directive
from hoptac.directives.terms import Making, Owed, Purpose
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, refused
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def standing(self) -> RecipientQuerySet:
        """Keep those that were not recalled."""
        return self.filter(recalled_on__isnull=True)

    def to_acknowledge(self) -> RecipientQuerySet:
        """Keep those to act upon it whose receipt is outstanding."""
        return self.standing().filter(acknowledged_at__isnull=True, purpose=Purpose.ACT)

    def to_make(self) -> RecipientQuerySet:
        """Keep those whose own document is awaited."""
        return self.standing().filter(making=Making.AWAITED)

    def late_to_acknowledge(self, today: date) -> RecipientQuerySet:
        return self.to_acknowledge().filter(acknowledge_by__lt=today)

    def late_to_make(self, today: date) -> RecipientQuerySet:
        return self.to_make().filter(make_by__lt=today)

    def late(self, today: date) -> RecipientQuerySet:
        return self.standing().filter(
            Q(acknowledged_at__isnull=True, acknowledge_by__lt=today, purpose=Purpose.ACT)
            | Q(making=Making.AWAITED, make_by__lt=today)
        )


@pghistory.track()
class Recipient(models.Model):
    """One agency on the distribution list of one directive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    directive = models.ForeignKey(Directive, models.PROTECT, related_name="recipients")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    sent_on = models.DateField(_("sent on"))
    purpose = models.CharField(_("for what"), max_length=4, choices=Purpose, default=Purpose.ACT)
    acknowledge_by = models.DateField(_("to be acknowledged by"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    making = models.CharField(
        _("own document"), max_length=10, choices=Making, default=Making.NOT_ASKED
    )
    make_by = models.DateField(_("own document due on"), null=True, blank=True)
    made_on = models.DateField(_("own document linked on"), null=True, blank=True)
    own_directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="makes_concrete"
    )
    waived_because = models.CharField(_("why none is needed"), max_length=500, blank=True)
    recalled_on = models.DateField(_("recalled on"), null=True, blank=True)
    recalled_because = models.CharField(_("why it was recalled"), max_length=300, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ("directive", "sent_on", "id")
        triggers = kept_for_ever("recipient")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("directive", "agency"),
                condition=Q(recalled_on__isnull=True),
                name="recipient_once",
            ),
            models.CheckConstraint(
                condition=~Q(making=Making.MADE) | Q(own_directive__isnull=False),
                name="recipient_made_by_a_document",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.ACT) | ~Q(making=Making.AWAITED),
                name="recipient_asked_to_act",
            ),
            models.CheckConstraint(
                condition=~Q(making=Making.WAIVED) | ~Q(waived_because=""),
                name="recipient_waived_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("agency",),
                condition=Q(acknowledged_at__isnull=True, recalled_on__isnull=True, purpose=Purpose.ACT),
                include=("directive", "acknowledge_by"), name="recipient_unacknowledged",
            ),
            models.Index(
                fields=("agency",), condition=Q(making=Making.AWAITED, recalled_on__isnull=True),
                include=("directive", "make_by"), name="recipient_awaited",
            ),
            models.Index(fields=("agency", "directive"), name="recipient_agency"),
            models.Index(fields=("directive", "making"), name="recipient_directive"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.directive_id} > {self.agency_id}"

    @property
    def is_recalled(self) -> bool:
        return self.recalled_on is not None

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller speaks for the receiving agency."""
        if self.is_recalled:
            return False
        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return True
        return self.agency_id in agencies_spoken_for(ctx, permission)


class Reminded(models.Model):
    """A step of the rule of reminders that a sending reached, told once for each term."""

    id = models.BigAutoField(primary_key=True)
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="reminders")
    code = models.CharField(max_length=40)
    owed = models.CharField(_("what is owed"), max_length=12, choices=Owed)
    due_on = models.DateField(_("due on"))
    on = models.DateField(_("told on"))
    to: Any = models.JSONField(default=list)
    act_id = models.UUIDField()

    class Meta:
        verbose_name = _("reminder of a sending")
        verbose_name_plural = _("reminders of sendings")
        ordering = ("recipient_id", "id")
        triggers = refused("directive_reminded", "udt")
        constraints = (
            models.UniqueConstraint(
                fields=("recipient", "owed", "code", "due_on"), name="directive_reminded_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.owed} {self.code}"
