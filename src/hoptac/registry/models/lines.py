"""Lines of a list that is being brought in: typed, checked, matched, not yet in the register."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.transfers.models import ImportBatch


class Verdict(models.TextChoices):
    NEW = "new", _("New in the register")
    CHANGED = "changed", _("Differs from the register")
    SAME = "same", _("As in the register")
    UNDECIDED = "undecided", _("Perhaps the same: you decide")
    QUARANTINED = "quarantined", _("Cannot be taken yet")
    SKIPPED = "skipped", _("Left out")


class RegisterLine(models.Model):
    """One row of the file as read. ``cooperative_id`` is the matched body, or the new one's id.

    ``as_of`` is set where the lines of a file speak of several days (yearly returns).
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="register_lines", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    sheet = models.CharField(_("sheet"), max_length=120)
    row = models.IntegerField(_("row"))
    verdict = models.CharField(_("verdict"), max_length=11, choices=Verdict)
    cooperative_id = models.UUIDField(null=True)
    changed = ArrayField(models.CharField(max_length=30), default=list)
    candidates = models.JSONField(null=True)
    problems = ArrayField(models.CharField(max_length=50), default=list)
    kind = models.CharField(_("kind"), max_length=12)
    name = models.CharField(_("name"), max_length=250)
    registration_number = models.CharField(_("registration number"), max_length=14)
    sector = models.CharField(_("sector"), max_length=14)
    activity = models.CharField(_("main activity"), max_length=400)
    commune_id = models.UUIDField(null=True)
    address = models.CharField(_("address"), max_length=300)
    established_on = models.DateField(_("established on"), null=True)
    established_precision = models.CharField(max_length=5)
    legal_era = models.CharField(max_length=12)
    working_state = models.CharField(_("working state"), max_length=20)
    chairman = models.CharField(_("chairman"), max_length=120)
    director = models.CharField(_("director"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=60)
    charter_capital = models.BigIntegerField(_("charter capital (dong)"), null=True)
    area = models.DecimalField(
        _("cultivated area (ha)"), max_digits=12, decimal_places=2, null=True
    )
    members = models.IntegerField(_("members"), null=True)
    workers = models.IntegerField(_("workers"), null=True)
    as_of = models.DateField(_("as of"), null=True)
    fold = models.CharField(max_length=800)
    sort_key = models.CharField(max_length=400, db_collation="C")

    class Meta:
        verbose_name = _("line of a list")
        verbose_name_plural = _("lines of a list")
        ordering = ("batch", "sheet", "row")
        indexes = (models.Index(fields=("batch", "verdict", "sheet", "row"), name="line_verdict"),)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row} {self.name}"
