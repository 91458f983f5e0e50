"""Signatures inside PDF files (PAdES): who signed, when, whether anything was altered since.

The library takes most of a second to load and is loaded when the first file is looked at. Nothing
is fetched from the network: whether a signer's certificate was revoked meanwhile is not asked.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.utils.translation import gettext as _

from hoptac.foundation.findings import Finding, Refused


@dataclass(frozen=True)
class Found:
    """What the last signature of a file was found to be; ``details`` tells of each."""

    signer: str
    issuer: str
    signed_at: datetime | None
    is_intact: bool
    is_trusted: bool
    details: list[dict[str, Any]] = field(default_factory=list)


def apart(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call in a thread of its own: the signing library runs an event loop, and one may run here already."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function, *args, **kwargs).result()


def inspect(content: bytes, roots: Sequence[bytes]) -> Found:
    """Return what a signed PDF's signatures are.

    :raises Refused: the file is no PDF, or holds no signature
    """
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    try:
        reader = PdfFileReader(io.BytesIO(content))
        embedded = list(reader.embedded_regular_signatures)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            Finding("not_a_pdf", _("This file is not a PDF that can be read."), field="file")
        ) from error
    if not embedded:
        raise Refused(
            Finding("not_signed", _("The file holds no digital signature."), field="file")
        )
    trusted = ValidationContext(
        trust_roots=[asn1.Certificate.load(r) for r in roots], allow_fetching=False,
        revocation_mode="soft-fail",
    )  # fmt: skip
    details: list[dict[str, Any]] = []
    for one in embedded:
        try:
            status = apart(validate_pdf_signature, one, signer_validation_context=trusted)
            ends = sum(int(n) for n in list(one.byte_range)[2:])
            is_intact = bool(status.intact and status.valid) and _covers(
                status, is_last=one is embedded[-1], is_whole=ends == len(content)
            )
            is_trusted = bool(is_intact and status.trusted)
        except (SignatureValidationError, SigningError, PdfError, ValueError):
            is_intact = is_trusted = False
        signer = one.signer_cert
        stamped = one.self_reported_timestamp
        details.append(
            {
                "signer": signer.subject.human_friendly if signer else "",
                "issuer": signer.issuer.human_friendly if signer else "",
                "signed_at": stamped.isoformat() if stamped else "",
                "is_intact": is_intact,
                "is_trusted": is_trusted,
            }
        )
    last = details[-1]
    return Found(
        signer=last["signer"], issuer=last["issuer"],
        signed_at=embedded[-1].self_reported_timestamp,
        is_intact=all(d["is_intact"] for d in details), is_trusted=last["is_trusted"],
        details=details,
    )  # fmt: skip


def _covers(status: Any, *, is_last: bool, is_whole: bool) -> bool:
    """Tell whether nothing was added after a signature but later signatures and what keeps it checkable.

    After the last one only the latter may come, and no bytes that no reader looks at.
    """
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return is_whole
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        return False
    return not is_last or status.modification_level == ModificationLevel.LTA_UPDATES


def mark_in(content: bytes) -> str:
    """Return the code that one of our certificates' files says it bears; empty where it says none."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    from hoptac.certificates.document import MARK

    try:
        info = PdfFileReader(io.BytesIO(content)).trailer["/Info"]
        words = str(info["/Keywords"])
    except (PdfError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return words.partition(MARK)[2].split(",")[0].strip()


def read_root(content: bytes) -> tuple[str, str, date, bytes]:
    """Return subject, fingerprint, last day and DER of a certificate authority.

    :raises Refused: the file is no certificate, or not one of an authority
    """
    try:
        load = (
            x509.load_pem_x509_certificate
            if b"-----BEGIN" in content
            else x509.load_der_x509_certificate
        )
        found = load(content)
        is_authority = found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, x509.ExtensionNotFound) as error:
        raise Refused(
            Finding("not_a_root", _("This is not the certificate of an authority."), field="file")
        ) from error
    if not is_authority:
        raise Refused(
            Finding("not_a_root", _("This is not the certificate of an authority."), field="file")
        )
    return (
        found.subject.rfc4514_string(),
        found.fingerprint(hashes.SHA256()).hex(),
        found.not_valid_after_utc.date(),
        found.public_bytes(serialization.Encoding.DER),
    )
