"""``./hoptac verify-certificate FILE``: is this certificate ours, and does it stand?"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hoptac.certificates import signatures, status
from hoptac.certificates.models import Certificate
from hoptac.certificates.terms import Verdict

CODES = {
    Verdict.VALID: 0, Verdict.SUPERSEDED: 3, Verdict.REVOKED: 4, Verdict.ENDED: 5,
    Verdict.FORGED: 6, Verdict.FOREIGN: 7, Verdict.UNREADABLE: 8,
}  # fmt: skip
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8", b"RIFF")


class Command(BaseCommand):
    help = (
        "Check a certificate: its PDF, a picture of its QR code, or a file with the text of the code (- reads it "
        "from the input). Ends with 0 when valid, 3 superseded, 4 revoked, 5 the body has ended, 6 forged or "
        "altered, 7 not from this office, 8 no code found."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="PDF, picture or text; - for the standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = (
                sys.stdin.buffer.read()
                if options["file"] == "-"
                else Path(options["file"]).read_bytes()
            )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        verdict, line = verify(content)
        self.stdout.write(line)
        if CODES[verdict]:
            raise SystemExit(CODES[verdict])


def verify(content: bytes) -> tuple[Verdict, str]:
    """Return the verdict on a file, and one line that says it.

    Of a PDF the bytes themselves are held against what was issued or attached: a genuine code in a
    file that says something else is a forgery.
    """
    is_pdf = content.startswith(b"%PDF-")
    if is_pdf:
        text = signatures.mark_in(content)
    elif content.startswith(_PICTURES):
        text = code_in_picture(content)
    else:
        text = content.decode("utf-8", "replace")
    answer = status.of_text(text)
    verdict, certificate = answer.verdict, answer.certificate
    if is_pdf and certificate is not None and not _is_ours(certificate, content):
        return (
            Verdict.FORGED,
            (
                f"FORGED: the code of certificate {certificate.number} is genuine, "
                "but this file is not the one that was issued"
            ),
        )
    words = verdict.name
    if certificate is not None:
        words += f": {certificate.number}, {certificate.name}, code {certificate.code}"
        words += f", issued {certificate.issued_on:%Y-%m-%d}"
        if answer.since and verdict is not Verdict.VALID:
            words += f"; since {answer.since:%Y-%m-%d}"
        if answer.current:
            words += f"; in force instead: {answer.current.number}"
    elif verdict is Verdict.FORGED:
        words += ": the code was altered, or this office never issued it"
    elif verdict is Verdict.FOREIGN and answer.said:
        words += f": signed by a key {answer.said.key_id} that this office never had"
    else:
        words += ": there is no code of a certificate in it"
    return verdict, words


def _is_ours(certificate: Certificate, content: bytes) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    known = {certificate.file.sha256}
    known |= set(certificate.signed_files.values_list("file__sha256", flat=True))
    return digest in known


def code_in_picture(content: bytes) -> str:
    """Return the text of the first QR code in a picture; empty where there is none."""
    import io

    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content)).convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return ""
    found = zxingcpp.read_barcodes(picture)
    return next((b.text for b in found if b.format == zxingcpp.BarcodeFormat.QRCode), "")
