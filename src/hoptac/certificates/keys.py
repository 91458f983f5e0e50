"""The keys that sign certificates: private halves as files, public halves in the database."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from hoptac.certificates.models import SigningKey
from hoptac.certificates.payload import PublicKey, key_id_of
from hoptac.foundation.findings import Finding, Refused

_kept: dict[tuple[str, str], Ed25519PrivateKey] = {}


def folder() -> Path:
    """Return where the private keys lie (HOPTAC_CERTIFICATE_KEYS)."""
    return Path(settings.CERTIFICATE_KEYS)


def make() -> tuple[str, bytes]:
    """Make a key and keep its private half in a file that only we may read; returns name and public half.

    The file is on the disk before this returns. Should the act fail, a file stays that no row names.
    """
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    name, place = key_id_of(public), folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(place / f"{name}.pem", flags, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return name, public


def private_half(name: str) -> Ed25519PrivateKey | None:
    """Return the private half of a key; nothing where its file is not here."""
    place = str(folder())
    if (place, name) not in _kept and re.fullmatch("[0-9a-f]{8}", name):
        with suppress(FileNotFoundError):
            content = (folder() / f"{name}.pem").read_bytes()
            found = serialization.load_pem_private_key(content, None)
            if isinstance(found, Ed25519PrivateKey):
                _kept[place, name] = found
    return _kept.get((place, name))


def current() -> SigningKey | None:
    """Return the key that signs today: the one that has not ended."""
    return SigningKey.objects.filter(end__isnull=True).order_by("-valid_from", "-id").first()


def signing() -> tuple[SigningKey, Ed25519PrivateKey]:
    """Return the key that signs today with its private half.

    :raises Refused: there is none yet, or its file is not on this machine
    """
    key = current()
    private = private_half(key.pk) if key else None
    if key is None or private is None:
        raise Refused(
            Finding(
                "no_signing_key",
                _("No key signs certificates on this machine. The system administrator makes one."),
            )
        )
    if private.public_key().public_bytes_raw().hex() != key.public_key:
        raise ValueError(f"the file of key {key.pk} holds another key")
    return key, private


def public_keys() -> dict[str, PublicKey]:
    """Return every key that this office ever had."""
    rows = SigningKey.objects.order_by("pk").values_list(
        "pk", "public_key", "end__last_on", "end__is_compromised"
    )
    return {
        pk: PublicKey(pk, bytes.fromhex(public), last_on, bool(compromised))
        for pk, public, last_on, compromised in rows
    }


def may_sign(key: PublicKey, day: date) -> bool:
    """Tell whether a key signs certificates of a day."""
    return key.valid_to is None or day <= key.valid_to
