"""The printed certificate: the legal form filled in, with the code that a phone reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import zxingcpp
from django.conf import settings

from hoptac.certificates.form import FormRule, title_of
from hoptac.certificates.terms import PARTS
from hoptac.certificates.words import dong_in_words
from hoptac.foundation.documents.typesetting import typeset

TEMPLATE = "certificates/certificate"
# What the file says of itself, so that the code can be taken out of it again.
MARK = "hoptac-certificate:"
_QUIET = 4
_DARK, _LIGHT = b"\x00", b"\xff"


def address_of(text: str) -> str:
    """Return the address that the printed code leads to; what follows the # never leaves the phone."""
    return f"{settings.PUBLIC_URL}/c#{text}"


def qr_svg(address: str) -> str:
    """Return the code as a drawing with its quiet zone, each run of dark modules one stroke of the path."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = memoryview(code.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    path = []
    for y, row in enumerate(modules.tolist()):
        run, x = bytes(row), 0
        while (x := run.find(_DARK, x)) >= 0:
            end = run.find(_LIGHT, x)
            end = len(run) if end < 0 else end
            path.append(f"M{x + _QUIET} {y + _QUIET}h{end - x}v1h{x - end}z")
            x = end
    size = len(modules) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{"".join(path)}"/></svg>'
    )


def render(rule: FormRule, **said: Any) -> bytes:
    """Return the certificate as PDF/A (:func:`data_of` says of what): the same bytes for the same data."""
    return typeset(TEMPLATE, data_of(rule, **said))


def data_of(
    rule: FormRule,
    *,
    kind: str,
    body_kind: str,
    content: Mapping[str, Any],
    number: str,
    authority: Sequence[str],
    place: str,
    issued_on: date,
    signatory: str,
    reason: str,
    code: str,
) -> dict[str, Any]:
    """Return what the template is given."""
    capital = content.get("charter_capital")
    position, _line, name = signatory.strip().rpartition("\n")
    address = address_of(code)
    return {
        "title": title_of(rule, kind, body_kind),
        "form": rule.group_form if body_kind == "group" else rule.cooperative_form,
        "is_part": kind in PARTS,
        "is_group": body_kind == "group",
        "kind": kind,
        "content": {**content, "charter_capital": None},
        "capital": "" if capital is None else f"{capital:,}".replace(",", "."),
        "capital_words": "" if capital is None else dong_in_words(capital),
        "number": number,
        "authority": list(authority),
        "place": place,
        "issued_on": issued_on,
        "position": position,
        "signatory": name,
        "reason": reason,
        "qr": qr_svg(address),
        "host": settings.PUBLIC_URL.partition("://")[2],
        "mark": MARK + code,
    }
