"""What the desk gave out in writing: kept as it was set, for ever; when and how it was handed out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import refused
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.registration.models.filings import Filing
from hoptac.registration.terms import HandedOutBy, IssuedKind


class IssuedPaper(models.Model):
    """A receipt, slip or letter as it was issued: its bytes never change.

    A letter has the next number of its authority's ``series`` in the year. A mistake is mended by a
    new paper that ``corrects`` the old one (NĐ 30/2020 art. 18 cl. 3).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="issued")
    kind = models.CharField(_("kind"), max_length=12, choices=IssuedKind)
    series = models.CharField(max_length=60, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    symbol = models.CharField(_("symbol"), max_length=30, blank=True)
    issued_on = models.DateField(_("issued on"))
    signatory = models.CharField(_("signed by"), max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    words = models.CharField(_("what was wrong"), max_length=500, blank=True)
    act_id = models.UUIDField(_("recorded by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")
        ordering = ("filing", "at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("series", "number"), condition=~Q(series=""), name="issued_number_once"
            ),
        )
        triggers = refused("issued_paper", "udt")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}".strip()

    @property
    def code(self) -> str:
        """The number and symbol as they stand on the paper; empty where it has none."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""


class PaperHandout(models.Model):
    """That an issued paper went out: when, how, to whom."""

    id = models.BigAutoField(primary_key=True)
    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="handouts")
    how = models.CharField(_("how"), max_length=8, choices=HandedOutBy)
    on = models.DateField(_("on"))
    to = models.CharField(_("to"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("handing out of a paper")
        verbose_name_plural = _("handing out of papers")
        ordering = ("paper", "id")
        triggers = refused("paper_handout", "udt")

    def __str__(self) -> str:
        return f"{self.paper_id} {self.how} {self.on}"


class SignedPaper(models.Model):
    """An issued letter as it was signed outside: the same file with a signature added."""

    id = models.BigAutoField(primary_key=True)
    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="signed")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    signer = models.CharField(_("signer"), max_length=300)
    issuer = models.CharField(_("issuer"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True)
    is_trusted = models.BooleanField(_("trusted"), default=False)
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("signed letter")
        verbose_name_plural = _("signed letters")
        ordering = ("paper", "id")
        triggers = refused("signed_paper", "udt")

    def __str__(self) -> str:
        return f"{self.paper_id} {self.signer}"
