"""The paper: set in type, read back by a machine from a print, its signed file, and on the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
import zxingcpp
from django.core.management import call_command
from PIL import Image, ImageFilter

from hoptac.certificates import signatures
from hoptac.certificates.actions import (
    attach_signed_file,
    distrust_root,
    revoke_certificate,
    trust_root,
)
from hoptac.certificates.document import address_of
from hoptac.certificates.qr import qr_svg
from hoptac.certificates.words import dong_in_words
from hoptac.foundation.findings import Refused
from tests.signing import root_of_signers, signed


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"), (5, "Năm đồng"), (15, "Mười lăm đồng"), (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"), (1_000, "Một nghìn đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (293_000_000, "Hai trăm chín mươi ba triệu đồng"),
        (2_050_000_000, "Hai tỷ không trăm năm mươi triệu đồng"),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
        (12_345_678_915, "Mười hai tỷ ba trăm bốn mươi lăm triệu sáu trăm bảy mươi tám nghìn chín trăm mười lăm đồng"),
    ],
)  # fmt: skip
def test_sums_are_written_out(amount: int, words: str) -> None:
    assert dong_in_words(amount) == words


def test_a_printed_and_scanned_code_is_read(issue: Callable[..., Any]) -> None:
    """3 cm wide at 200 dpi, a little turned, blurred and grey, as an office's scanner gives it."""
    certificate = issue()
    address = address_of(certificate.payload)
    source = (
        "#set page(width: 60mm, height: 60mm, margin: 10mm)\n"
        '#image(bytes(sys.inputs.qr), format: "svg", width: 30mm)'
    )
    page: Any = typst.compile(
        source.encode(), format="png", ppi=200, sys_inputs={"qr": qr_svg(address)}
    )
    scan = Image.open(io.BytesIO(page)).convert("L")
    scan = scan.rotate(2, fillcolor=255, resample=Image.Resampling.BICUBIC)
    scan = scan.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: 40 + v * 180 // 255)
    found = zxingcpp.read_barcodes(scan)
    assert [b.text for b in found] == [address]


def verify(path: Path) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_certificate", str(path), stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_tells_them_apart(
    issue: Callable[..., Any], the_system: Any, tmp_path: Path
) -> None:
    first, text = issue(), tmp_path / "code.txt"
    pdf, picture = tmp_path / "a.pdf", tmp_path / "qr.png"
    pdf.write_bytes(first.file.read())
    text.write_text(address_of(first.payload) + "\n")
    source = '#set page(width: 60mm, height: 60mm, margin: 8mm)\n#image(bytes(sys.inputs.qr), format: "svg")'
    picture.write_bytes(
        typst.compile(
            source.encode(),
            format="png",
            ppi=150,
            sys_inputs={"qr": qr_svg(address_of(first.payload))},
        )
    )  # type: ignore[arg-type]
    for path in (pdf, text, picture):
        code, line = verify(path)
        assert code == 0, line
        assert line.startswith(f"VALID: {first.number}, Hợp tác xã Nông nghiệp Hòa An")
        assert line.count("\n") == 1
    second = issue(reason="change")
    code, line = verify(pdf)
    assert (code, second.number in line) == (3, True)
    revoke_certificate(the_system.because("sai"), second, on=date(2026, 5, 1))
    text.write_text(second.payload)
    assert verify(text)[0] == 4
    text.write_text(second.payload[:-2] + ("AA" if second.payload[-2:] != "AA" else "QA"))
    assert verify(text)[0] in {6, 8}
    middle = len(second.payload) - 40
    sign = "A" if second.payload[middle] != "A" else "B"
    text.write_text(second.payload[:middle] + sign + second.payload[middle + 1 :])
    assert verify(text)[0] == 6
    text.write_text("xin chào")
    assert verify(text)[0] == 8
    pdf.write_bytes(first.file.read() + b"\n% one byte more\n")
    code, line = verify(pdf)
    assert code == 6, "a genuine code in another file is a forgery"


# --- Signed outside -----------------------------------------------------------------------------


def test_a_signed_file_is_attached_with_what_was_found(
    issue: Callable[..., Any], the_system: Any, tmp_path: Path
) -> None:
    certificate = issue()
    content = signed(certificate.file.read())
    unknown = attach_signed_file(the_system, certificate, content=content, name="ky.pdf")
    assert "Nguyễn Văn Ký" in unknown.signer
    assert (unknown.is_intact, unknown.is_trusted) == (True, False)
    assert abs((unknown.signed_at - datetime.now(UTC)).total_seconds()) < 120
    known = trust_root(the_system, content=root_of_signers())
    assert attach_signed_file(the_system, certificate, content=content, name="ky.pdf").is_trusted
    distrust_root(the_system.because("hết tin"), known)
    again = attach_signed_file(the_system, certificate, content=content, name="ky.pdf")
    assert not again.is_trusted
    path = tmp_path / "ky.pdf"
    path.write_bytes(content)
    assert verify(path)[0] == 0


def test_what_is_not_the_signed_certificate_is_refused(
    issue: Callable[..., Any], the_system: Any
) -> None:
    one = issue()
    content = signed(one.file.read())
    two = issue(reason="change")
    at = content.rindex(b"(D:") + 6  # the day of signing, which the signature covers
    broken = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    for certificate, given, code in (
        (one, one.file.read(), "not_signed"), (one, b"%PDF-1.7 nothing", "not_a_pdf"),
        (two, content, "not_this_file"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            attach_signed_file(the_system, certificate, content=given, name="a.pdf")
        assert refused.value.codes == {code}
    with pytest.raises(Refused):
        attach_signed_file(the_system, one, content=broken, name="a.pdf")
    later = content + b"\n1 0 obj\n<<>>\nendobj\n"
    with pytest.raises(Refused):
        attach_signed_file(the_system, one, content=later, name="a.pdf")


def test_the_file_says_which_code_it_bears(issue: Callable[..., Any]) -> None:
    certificate = issue()
    assert signatures.mark_in(certificate.file.read()) == certificate.payload
    assert signatures.mark_in(b"%PDF-1.4 nothing") == ""
