"""Certificates as issued with all that stands about them, and the batches by which they are issued."""

from hoptac.certificates.models.batches import IssueBatch, IssueItem
from hoptac.certificates.models.issued import (
    Certificate,
    CertificateQuerySet,
    KeyEnd,
    LogEntry,
    LogHead,
    LogNode,
    SignedFile,
    SigningKey,
    Standing,
    TrustedRoot,
)

__all__ = [
    "Certificate", "CertificateQuerySet", "IssueBatch", "IssueItem", "KeyEnd", "LogEntry", "LogHead",
    "LogNode", "SignedFile", "SigningKey", "Standing", "TrustedRoot",
]  # fmt: skip
