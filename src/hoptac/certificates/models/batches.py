"""Certificates to be issued in a batch: for which bodies, what each would say, what became of each.

Working papers of an officer, as the lines of an imported list are: what is issued by them stands as
certificates of their own, each with its act.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.certificates.models.issued import Certificate
from hoptac.certificates.terms import BatchReason, BatchState, Ground, ItemState
from hoptac.foundation.access import Context
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative


class IssueBatchQuerySet(models.QuerySet["IssueBatch"]):
    def visible_to(
        self, ctx: Context, permission: str = "certificates.issue"
    ) -> IssueBatchQuerySet:
        """Keep the caller's own batches; the system's own work sees all."""
        return self.filter(user=ctx.user) if ctx.user else self


class IssueBatch(models.Model):
    """One officer's batch by one authority: drawn up, looked at, started, perhaps stopped and gone on with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(_("province"), max_length=4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("authority"),
    )  # fmt: skip
    authority_name = models.CharField(_("authority"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    signatory = models.CharField(_("signed by"), max_length=200)
    reason = models.CharField(_("reason"), max_length=12, choices=BatchReason)
    basis = models.CharField(_("decision"), max_length=300)
    grounds = models.JSONField(default=list)
    query = models.CharField(max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState, default=BatchState.READY
    )
    agreeing = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("drawn up at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects: ClassVar = IssueBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of certificates")
        verbose_name_plural = _("batches of certificates")
        ordering = ("-created_at", "pk")
        indexes = (
            models.Index(fields=("user", "-created_at"), name="issue_batch_user"),
            models.Index(
                fields=("state",), name="issue_batch_open",
                condition=models.Q(state__in=("waiting", "running", "stopping")),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.authority_name} {self.issued_on:%d/%m/%Y}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the batch is the caller's own."""
        return type(self).objects.filter(pk=self.pk).visible_to(ctx, permission).exists()


class IssueItem(models.Model):
    """One body of a batch: what its certificate would say, and the certificate, or why there is none."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        IssueBatch, models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    place = models.PositiveIntegerField(_("place"))
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12)
    name = models.CharField(_("name"), max_length=250)
    ground = models.CharField(_("why"), max_length=10, choices=Ground)
    differs = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    before = models.ForeignKey(
        Certificate, models.PROTECT, null=True, related_name="+", db_constraint=False,
        db_index=False, verbose_name=_("certificate in force"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=10, choices=ItemState, default=ItemState.WAITING
    )
    findings = models.JSONField(default=list)
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, db_constraint=False)

    class Meta:
        verbose_name = _("certificate of a batch")
        verbose_name_plural = _("certificates of a batch")
        ordering = ("batch", "place")
        constraints = (
            models.UniqueConstraint(fields=("batch", "place"), name="issue_item_place"),
            models.UniqueConstraint(fields=("batch", "cooperative"), name="issue_item_once"),
            models.CheckConstraint(
                condition=models.Q(state="issued", certificate__isnull=False)
                | ~models.Q(state="issued") & models.Q(certificate__isnull=True),
                name="issue_item_issued_has_certificate",
            ),
        )

    def __str__(self) -> str:
        return self.name
