"""A file on its way in: the batch, what was found in it, and the layouts that were learnt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.transfers.terms import BatchState, FileKind


class BatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, ctx: Context) -> BatchQuerySet:
        """Keep the caller's own batches (a colleague's file may hold what the caller may not see)."""
        return self.filter(user=ctx.user) if ctx.user else self


class ImportBatch(models.Model):
    """One workbook brought in by one person: read, shown, decided upon, entered, perhaps undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    filename = models.CharField(_("file"), max_length=255)
    digest = models.CharField(_("SHA-256"), max_length=64)
    size = models.BigIntegerField(_("size (bytes)"))
    path = models.CharField(max_length=255)
    as_of = models.DateField(_("state of affairs on"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState, default=BatchState.WAITING
    )
    step = models.CharField(max_length=80, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    layouts = models.JSONField(default=list)
    totals = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("brought in at"), auto_now_add=True)
    act_ids = models.JSONField(default=list)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("digest", "kind"), name="batch_digest"),
            models.Index(fields=("user", "-created_at"), name="batch_user"),
        )

    def __str__(self) -> str:
        return self.filename


class ImportFinding(models.Model):
    """One thing found in the file: where, what, how bad, the repair proposed, what was decided."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="findings", db_constraint=False, db_index=False
    )
    code = models.CharField(max_length=50)
    severity = models.CharField(max_length=8)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    row = models.IntegerField(_("row"), null=True)
    column = models.CharField(_("column"), max_length=4, blank=True)
    field = models.CharField(max_length=60, blank=True)
    value = models.TextField(_("value in the file"), blank=True)
    repair = models.TextField(_("proposed repair"), blank=True)
    related = models.JSONField(default=list)

    class Meta:
        verbose_name = _("finding in a file")
        verbose_name_plural = _("findings in a file")
        ordering = ("batch", "sheet", "row", "id")
        indexes = (models.Index(fields=("batch", "sheet", "row"), name="finding_place"),)

    def __str__(self) -> str:
        return f"{self.code} {self.sheet}!{self.column}{self.row}"


class RememberedLayout(models.Model):
    """Which column meant what, as an officer confirmed it for files of one layout."""

    id = models.BigAutoField(primary_key=True)
    province_code = models.CharField(max_length=4)
    kind = models.CharField(max_length=10, choices=FileKind)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    act_id = models.UUIDField()
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered layout")
        verbose_name_plural = _("remembered layouts")
        ordering = ("-used_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "kind", "fingerprint"), name="layout_once"
            ),
        )

    def __str__(self) -> str:
        return self.fingerprint[:12]
