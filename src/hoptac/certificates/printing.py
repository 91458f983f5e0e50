"""Many certificates in one download: one PDF to be printed, or the single files in a ZIP.

Both are put together of the stored files when they are asked for; nothing is kept a second time.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from hoptac.certificates.models import Certificate

# What one PDF for the printer holds at most: five hundred are about 30 MB, put together in four seconds.
MOST_PAGES = 500


def together(certificates: Iterable[Certificate]) -> IO[bytes]:
    """Return one PDF of the certificates' pages in their order, as a file that goes away when it is closed.

    For the printer only: the single files are the archival ones (PDF/A), and those that are signed.
    The library takes a tenth of a second to load and is loaded here.

    :raises Damaged: the bytes of a certificate are lost or altered
    """
    import pikepdf

    whole = tempfile.TemporaryFile(suffix=".pdf")  # noqa: SIM115  (closed by the caller)
    with pikepdf.new() as pdf:
        for certificate in certificates:
            with pikepdf.open(io.BytesIO(certificate.file.read())) as one:
                for page in one.pages:
                    for name in ("/StructParents", "/Tabs"):
                        if name in page.obj:
                            del page.obj[name]
                pdf.pages.extend(one.pages)
        pdf.save(whole, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    whole.seek(0)
    return whole


class _Sink(io.RawIOBase):
    """Takes what a ZIP writer writes and gives it away again."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.pieces.append(bytes(data))  # type: ignore[call-overload]
        return len(self.pieces[-1])

    def taken(self) -> bytes:
        found, self.pieces = b"".join(self.pieces), []
        return found


def zipped(certificates: Iterable[Certificate]) -> Iterator[bytes]:
    """Yield a ZIP of the certificates' files, one after the other; they are compressed already.

    :raises Damaged: the bytes of a certificate are lost or altered
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for certificate in certificates:
            info = zipfile.ZipInfo(
                certificate.file.name, (*certificate.issued_on.timetuple()[:3], 0, 0, 0)
            )
            info.external_attr = 0o644 << 16
            archive.writestr(info, certificate.file.read())
            yield sink.taken()
    yield sink.taken()
