"""Words of the certificates: kinds, reasons, states, events of the log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateKind(models.TextChoices):
    REGISTRATION = "registration", _("Registration of a cooperative or union")
    GROUP = "group", _("Registration of a cooperative group")
    BRANCH = "branch", _("Registration of a branch")
    OFFICE = "office", _("Registration of a representative office")
    PLACE = "place", _("Registration of a place of business")


# What belongs to a body and has a code of its own: a body may have several in force at once.
PARTS = frozenset({CertificateKind.BRANCH, CertificateKind.OFFICE, CertificateKind.PLACE})


class IssueReason(models.TextChoices):
    NEW = "new", _("First registration")
    CHANGE = "change", _("Registered change")
    REISSUE = "reissue", _("Issued again: lost, burnt or torn")
    CORRECTION = "correction", _("Correction of the certificate")
    EXCHANGE = "exchange", _("Exchange of a paper certificate")


class State(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class LogEvent(models.TextChoices):
    ISSUE = "issue", _("Issued")
    SUPERSEDE = "supersede", _("Superseded")
    REVOKE = "revoke", _("Revoked")
    RESTORE = "restore", _("Restored")


class Verdict(models.TextChoices):
    """What is said of a code that somebody holds in the hand."""

    VALID = "valid", _("Valid")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")
    ENDED = "ended", _("The body has ended")
    FORGED = "forged", _("Forged")
    FOREIGN = "foreign", _("Not from this office")
    UNREADABLE = "unreadable", _("Not the code of a certificate")


TONES = {State.IN_FORCE: "ok", State.SUPERSEDED: "warn", State.REVOKED: "bad"}

ACT_NAMES = {
    "certificates.issue_certificate": _("Certificate issued"),
    "certificates.revoke_certificate": _("Certificate revoked"),
    "certificates.restore_certificate": _("Certificate restored"),
    "certificates.attach_signed_file": _("Signed file of a certificate attached"),
    "certificates.rotate_key": _("Signing key of certificates made"),
    "certificates.trust_root": _("Authority trusted for signatures"),
    "certificates.distrust_root": _("Authority trusted for signatures no more"),
}
