"""The code on a certificate: what the paper says, without personal data, and a signature over it.

Version 1, in bytes (docs/certificates.md): version 1, kind, key id (4), day of issue as days since
1 January 1970 (2, big endian); number, code, name, head office, authority, each as a length and
UTF-8 in NFC; charter capital in dong plus one, nothing stated being 0; Ed25519 signature (64) over
the words ``hoptac/certificate/1`` and a line feed followed by all the bytes before it. Lengths and
the capital are numbers of seven bits a byte, the lowest first, in as few bytes as can be. The whole
is written in base64url without padding.

There is one way to write a certificate: whatever can be read and is not written so is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
KINDS = {1: "registration", 2: "group", 3: "branch", 4: "office", 5: "place"}
CONTEXT = b"hoptac/certificate/1\n"
_CODES = {name: code for code, name in KINDS.items()}
_EPOCH = date(1970, 1, 1)
_TEXTS = ("number", "code", "name", "office", "authority")
_MOST_BYTES = 600
_MOST_NUMBER = 2**53 - 1
_SIGNATURE = 64
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_ADDRESS = re.compile(r"(?:(https?)://([^/?#@\s]+)/c#)?([A-Za-z0-9_-]{90,6000})", re.ASCII)


class Malformed(ValueError):
    """The text is not the code of a certificate."""


@dataclass(frozen=True)
class Payload:
    """What the code says."""

    kind: str
    key_id: str
    issued_on: date
    number: str
    code: str
    name: str
    office: str
    authority: str
    capital: int | None = None


@dataclass(frozen=True)
class Signed:
    """A code that was read: what it says, who is said to have signed it; not yet verified."""

    payload: Payload
    body: bytes
    signature: bytes

    @property
    def text(self) -> str:
        return _to_text(self.body + self.signature)

    @property
    def digest(self) -> str:
        """What the log and the lists call the certificate by: SHA-256 of all its bytes."""
        return hashlib.sha256(self.body + self.signature).hexdigest()

    def is_signed_by(self, public: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, CONTEXT + self.body)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class PublicKey:
    """A key as the world knows it: until which day of issue it signs, and whether it was stolen."""

    id: str
    public: bytes
    valid_to: date | None = None
    is_compromised: bool = False


def key_id_of(public: bytes) -> str:
    """Return the name of a key: the first four bytes of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:8]


def encode(payload: Payload, sign: Callable[[bytes], bytes]) -> Signed:
    """Return the signed code.

    :raises Malformed: a text is too long or holds signs that no paper has
    """
    body = body_of(payload)
    return Signed(payload, body, sign(CONTEXT + body))


def body_of(payload: Payload) -> bytes:
    """Return the bytes that are signed."""
    days = (payload.issued_on - _EPOCH).days
    if not 0 <= days < 2**16 or payload.kind not in _CODES:
        raise Malformed("day or kind")
    out = bytearray([VERSION, _CODES[payload.kind]])
    out += bytes.fromhex(payload.key_id) + days.to_bytes(2, "big")
    for name in _TEXTS:
        text = getattr(payload, name)
        content = text.encode()
        if not _is_plain(text) or len(content) > _MOST_BYTES:
            raise Malformed(name)
        out += _number(len(content)) + content
    stated = 0 if payload.capital is None else payload.capital + 1
    if not 0 <= stated <= _MOST_NUMBER:
        raise Malformed("capital")
    return bytes(out + _number(stated))


def address_of(text: str) -> tuple[str, str]:
    """Return the host (or nothing) and the code of what was scanned or typed.

    :raises Malformed: it is neither the bare code nor its address as it is printed
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        raise Malformed("address")
    return found[2] or "", found[3]


def decode(text: str) -> Signed:
    """Return what a code says.

    :raises Malformed: it is not one, or not written as we write it
    """
    content = _from_text(address_of(text)[1])
    body, signature = content[:-_SIGNATURE], content[-_SIGNATURE:]
    if len(body) < 9 or body[0] != VERSION or body[1] not in KINDS:
        raise Malformed("version or kind")
    at = 8
    texts = {}
    for name in _TEXTS:
        length, at = _read_number(body, at)
        if length > _MOST_BYTES or at + length > len(body):
            raise Malformed(name)
        try:
            texts[name] = body[at : at + length].decode()
        except UnicodeDecodeError as error:
            raise Malformed(name) from error
        at += length
    stated, at = _read_number(body, at)
    if at != len(body):
        raise Malformed("more than it says")
    payload = Payload(
        kind=KINDS[body[1]], key_id=body[2:6].hex(),
        issued_on=_EPOCH + timedelta(days=int.from_bytes(body[6:8], "big")),
        capital=stated - 1 if stated else None, **texts,
    )  # fmt: skip
    if body_of(payload) != body:
        raise Malformed("not written as we write it")
    return Signed(payload, body, signature)


def judge(signed: Signed, keys: Mapping[str, PublicKey]) -> str:
    """Return ``signed``, ``forged``, ``foreign`` (a key that this office never had), or ``stolen``
    (well signed, by a key that somebody else may hold: only the office's own list can tell)."""
    key = keys.get(signed.payload.key_id)
    if key is None:
        return "foreign"
    if not signed.is_signed_by(key.public):
        return "forged"
    if key.is_compromised:
        return "stolen"
    if key.valid_to is not None and signed.payload.issued_on > key.valid_to:
        return "forged"
    return "signed"


def _is_plain(text: str) -> bool:
    return (
        text == text.strip()
        and unicodedata.is_normalized("NFC", text)
        # What can be printed is in none of those categories.
        and (text.isprintable() or not any(unicodedata.category(c) in _REFUSED for c in text))
    )


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _read_number(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift <= 49:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise Malformed("number")


def _to_text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _from_text(text: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Malformed("base64url") from error
    if _to_text(content) != text:
        raise Malformed("base64url")
    return content
