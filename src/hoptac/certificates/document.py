"""The printed certificate: the legal form filled in, with the code that a phone reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from hoptac.certificates.form import FormRule, title_of
from hoptac.certificates.qr import with_code
from hoptac.certificates.terms import PARTS
from hoptac.certificates.words import dong_in_words
from hoptac.foundation.documents.typesetting import typeset

TEMPLATE = "certificates/certificate"
# What the file says of itself, so that the code can be taken out of it again.
MARK = "hoptac-certificate:"


def address_of(text: str) -> str:
    """Return the address that the printed code leads to; what follows the # never leaves the phone."""
    return f"{settings.PUBLIC_URL}/c#{text}"


def render(rule: FormRule, **said: Any) -> bytes:
    """Return the certificate as PDF/A (:func:`data_of` says of what): the same bytes for the same data."""
    return printed(data_of(rule, **said))


def printed(data: dict[str, Any]) -> bytes:
    """Return the certificate of its data; :mod:`foundation.documents.press` does the same in children."""
    return typeset(TEMPLATE, with_code(data))


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
    """Return what the template is given, but for the drawing that :func:`qr.with_code` adds."""
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
        "address": address,
        "host": settings.PUBLIC_URL.partition("://")[2],
        "mark": MARK + code,
    }
