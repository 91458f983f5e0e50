"""Tables of the journal. Rows are added by :mod:`.journal` and never change."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import refused


class Act(models.Model):
    """One entry of the journal: who did what to whom, when, under which mandate.

    ``number`` runs without gaps; ``hash`` covers the entry and the hash before it.
    """

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    name = models.CharField(_("act"), max_length=80)
    actor_id = models.UUIDField(_("person"), null=True)
    mandate_id = models.UUIDField(_("mandate"), null=True)
    channel = models.CharField(_("channel"), max_length=10)
    province_code = models.CharField(_("province"), max_length=4)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    parent_id = models.UUIDField(null=True)
    undoes_id = models.UUIDField(null=True)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001
    payload_digest = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    version = models.SmallIntegerField(default=1)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "number"), name="act_subject"),
            models.Index(fields=("actor_id", "number"), name="act_actor"),
            models.Index(fields=("name", "number"), name="act_name"),
        )
        triggers = refused("act", "udt")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ActPayload(models.Model):
    """What an entry says in words and values; erasable, so that the chain can outlive it.

    The chain covers only a salted digest of it.
    """

    act = models.OneToOneField(Act, models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(null=True)
    content = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("content of an entry")
        verbose_name_plural = _("contents of entries")
        triggers = (
            *refused("payload", "dt"),
            pgtrigger.Protect(
                name="payload_erased_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__erased_at__isnull=True)
                | pgtrigger.Q(new__content__isnull=False)
                | pgtrigger.Q(new__salt__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.act_id)
