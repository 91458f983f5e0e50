"""Certificates as issued, what became of them since, the keys that sign, the log in the open.

Nothing here is ever changed: what happens to a certificate is a new :class:`Standing`, the end of a
key a :class:`KeyEnd`.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.certificates.terms import CertificateKind, IssueReason, LogEvent, State
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import only_retired, points_at, refused
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative


class SigningKey(models.Model):
    """The public half of a key that signs certificates and heads of the log, kept for ever.

    The private half is a file outside the database (``CERTIFICATE_KEYS``).
    """

    id = models.CharField(primary_key=True, max_length=8, editable=False)
    public_key = models.CharField(_("public key"), max_length=64, unique=True)
    valid_from = models.DateField(_("signs from"))
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ("valid_from", "id")
        triggers = refused("signing_key", "udt")

    def __str__(self) -> str:
        return self.id


class KeyEnd(models.Model):
    """The end of a key: the last day of issue that it signs, and whether it fell into other hands."""

    key = models.OneToOneField(SigningKey, models.PROTECT, primary_key=True, related_name="end")
    last_on = models.DateField(_("signs until"))
    is_compromised = models.BooleanField(_("fell into other hands"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("end of a key")
        verbose_name_plural = _("ends of keys")
        triggers = refused("key_end", "udt")

    def __str__(self) -> str:
        return self.key_id


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(
        self, ctx: Context, permission: str = "certificates.view"
    ) -> CertificateQuerySet:
        """Keep the certificates of bodies within the caller's territory."""
        if ctx.coverage(permission).everything:
            return self
        seen = Cooperative.objects.visible_to(ctx, permission)
        return self.filter(cooperative__in=seen.values("pk"))

    def with_state(self) -> CertificateQuerySet:
        """Add ``state``, ``state_on`` and ``state_reason``: how each stands today."""
        live = Standing.objects.filter(certificate=models.OuterRef("pk"), retired_by__isnull=True)
        return self.annotate(
            state=models.Subquery(live.values("state")[:1]),
            state_on=models.Subquery(live.values("since")[:1]),
            state_reason=models.Subquery(live.values("reason")[:1]),
        )

    def in_force(self) -> CertificateQuerySet:
        standing = Standing.objects.filter(retired_by__isnull=True, state=State.IN_FORCE)
        return self.filter(pk__in=standing.values("certificate_id"))


class Certificate(models.Model):
    """One certificate as it was issued, with the file that was printed and the code upon it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(_("province"), max_length=4)
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, related_name="certificates", db_constraint=False,
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=CertificateKind)
    series = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=40)
    authority = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("authority"),
    )  # fmt: skip
    authority_name = models.CharField(_("authority"), max_length=200)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=250)
    content = models.JSONField(_("what it says"))
    issued_on = models.DateField(_("issued on"))
    signatory = models.CharField(_("signed by"), max_length=200)
    reason = models.CharField(_("reason"), max_length=12, choices=IssueReason)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+", db_constraint=False)
    payload = models.TextField(_("code on the paper"))
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", db_constraint=False)
    act_id = models.UUIDField(_("recorded by"))

    objects: ClassVar = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("-issued_on", "-sequence")
        constraints = (
            models.UniqueConstraint(fields=("series", "sequence"), name="certificate_number_once"),
            models.UniqueConstraint(
                fields=("province_code", "number"), name="certificate_number_of_province"
            ),
        )
        indexes = (models.Index(fields=("act_id",), name="certificate_act"),)
        triggers = (
            *refused("certificate", "udt"),
            *points_at("certificate", "cooperative_id", "registry_cooperative"),
        )

    def __str__(self) -> str:
        return self.number

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's mandates carry the permission to the certificate's body."""
        return self.cooperative.is_within(ctx, permission)

    def standing_on(self, day: date) -> Standing | None:
        """Return how the certificate stood on a day, as it is known now."""
        found = [s for s in self.standings.all() if s.since <= day]
        return max(found, key=lambda s: (s.since, s.pk), default=None)


class Standing(models.Model):
    """What became of a certificate, from a day on; the live row is how it stands today."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="standings", db_constraint=False
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    since = models.DateField(_("since"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    successor = models.ForeignKey(
        Certificate, models.PROTECT, null=True, related_name="+", db_constraint=False,
        verbose_name=_("superseded by"),
    )  # fmt: skip
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    class Meta:
        verbose_name = _("standing of a certificate")
        verbose_name_plural = _("standings of certificates")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("certificate",), condition=models.Q(retired_by__isnull=True),
                name="standing_one_today",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("act_id",), name="standing_act"),)
        triggers = (
            *only_retired("standing"),
            *points_at("standing", "certificate_id", "certificates_certificate"),
        )

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.state}"


class SignedFile(models.Model):
    """The certificate signed outside (PAdES), attached, with what the signature was found to be."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="signed_files", db_constraint=False
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", db_constraint=False)
    signer = models.CharField(_("signed by"), max_length=300)
    issuer = models.CharField(_("certified by"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True)
    is_intact = models.BooleanField(_("unaltered since it was signed"))
    is_trusted = models.BooleanField(_("known signer"))
    details = models.JSONField(default=list)
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("signed file")
        verbose_name_plural = _("signed files")
        ordering = ("pk",)
        triggers = (
            *refused("signed_file", "udt"),
            *points_at("signed_file", "certificate_id", "certificates_certificate"),
        )

    def __str__(self) -> str:
        return self.signer


class TrustedRoot(models.Model):
    """A certificate authority that the administrator trusts for signatures of attached files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(_("authority"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64)
    valid_to = models.DateField(_("valid until"))
    content = models.BinaryField()
    act_id = models.UUIDField(_("recorded by"))
    retired_by = models.UUIDField(_("retired by"), null=True)

    class Meta:
        verbose_name = _("trusted root")
        verbose_name_plural = _("trusted roots")
        ordering = ("subject", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("fingerprint",), condition=models.Q(retired_by__isnull=True),
                name="trusted_root_once",
            ),
        )  # fmt: skip
        triggers = only_retired("trusted_root")

    def __str__(self) -> str:
        return self.subject


class LogEntry(models.Model):
    """One line of the log in the open: its number from 0 and its text, which is what is hashed."""

    number = models.BigIntegerField(primary_key=True)
    event = models.CharField(_("event"), max_length=10, choices=LogEvent)
    digest = models.CharField("SHA-256", max_length=64)
    line = models.TextField()
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")
        ordering = ("number",)
        indexes = (models.Index(fields=("digest",), name="log_entry_digest"),)
        triggers = (
            *refused("log_entry", "udt"),
            pgtrigger.Trigger(
                name="log_entry_follows",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM certificates_logentry)
                    THEN RAISE EXCEPTION 'an entry of the log follows the last one'; END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.event}"


class LogNode(models.Model):
    """A complete node of the log's tree: which leaves it covers, and their hash."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="log_node_once"),)
        triggers = refused("log_node", "udt")

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class LogHead(models.Model):
    """A head of the log as it was signed: how many entries, the root, the text that anyone may get."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    text = models.TextField()
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("head of the log")
        verbose_name_plural = _("heads of the log")
        ordering = ("size",)
        triggers = refused("log_head", "udt")

    def __str__(self) -> str:
        return str(self.size)
