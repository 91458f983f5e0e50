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


class BatchReason(models.TextChoices):
    """Why many are issued at once; the rest of :class:`IssueReason` is one body's own doing."""

    EXCHANGE = IssueReason.EXCHANGE.value, IssueReason.EXCHANGE.label
    CHANGE = IssueReason.CHANGE.value, IssueReason.CHANGE.label
    CORRECTION = IssueReason.CORRECTION.value, IssueReason.CORRECTION.label


class BatchState(models.TextChoices):
    READY = "ready", _("To be looked at")
    WAITING = "waiting", _("Waits for its turn")
    RUNNING = "running", _("Being issued")
    STOPPING = "stopping", _("Being stopped")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")
    ASIDE = "aside", _("Put aside")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("To be issued")
    ISSUED = "issued", _("Has been issued")
    REFUSED = "refused", _("Cannot be issued")
    LEFT_OUT = "left_out", _("Left out")


class Ground(models.TextChoices):
    """Why a body stands among the certificates to issue."""

    MISSING = "missing", _("No certificate in force")
    DIFFERS = "differs", _("The register says otherwise")
    PLACE = "place", _("Only the address is written otherwise")


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


BATCH_TONES = {
    BatchState.READY: "warn", BatchState.WAITING: "info", BatchState.RUNNING: "info",
    BatchState.STOPPING: "warn", BatchState.STOPPED: "warn", BatchState.DONE: "ok",
    BatchState.ASIDE: "",
}  # fmt: skip
ITEM_TONES = {
    ItemState.WAITING: "info", ItemState.ISSUED: "ok", ItemState.REFUSED: "bad",
    ItemState.LEFT_OUT: "",
}  # fmt: skip
TONES = {State.IN_FORCE: "ok", State.SUPERSEDED: "warn", State.REVOKED: "bad"}

ACT_NAMES = {
    "certificates.issue_certificate": _("Certificate issued"),
    "certificates.draw_up_batch": _("Batch of certificates drawn up"),
    "certificates.choose_item": _("Certificate taken into a batch or left out"),
    "certificates.start_batch": _("Batch of certificates started"),
    "certificates.stop_batch": _("Batch of certificates stopped"),
    "certificates.put_batch_aside": _("Batch of certificates put aside"),
    "certificates.issue_block": _("Certificates issued in a batch"),
    "certificates.revoke_certificate": _("Certificate revoked"),
    "certificates.restore_certificate": _("Certificate restored"),
    "certificates.attach_signed_file": _("Signed file of a certificate attached"),
    "certificates.rotate_key": _("Signing key of certificates made"),
    "certificates.trust_root": _("Authority trusted for signatures"),
    "certificates.distrust_root": _("Authority trusted for signatures no more"),
}
