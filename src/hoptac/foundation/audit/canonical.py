"""The bytes that the chain is made of. Version 1; never changed, only followed by a version 2.

An entry's bytes are JSON (RFC 8259) in UTF-8: keys sorted, no blanks, text in Unicode NFC, days as
``2019-12-31``, moments in UTC with six digits (``2026-11-23T03:28:46.000000Z``), numbers with a
fraction as text, UUIDs in lower case, bytes as lower-case hex, absent values as ``null``.

    hash(n) = SHA-256(hash(n-1) || bytes(n))        hash(0) = 32 zero bytes
    payload_digest = SHA-256(salt || bytes(payload))
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

VERSION = 1
START = bytes(32)
FIELDS = (
    "id", "number", "at", "name", "actor_id", "mandate_id", "channel", "province_code",
    "subject_kind", "subject_id", "parent_id", "undoes_id", "idempotency_key", "payload_digest",
    "version",
)  # fmt: skip


def plain(value: Any) -> Any:
    """Return the value in the few shapes that JSON and this form know."""
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return unicodedata.normalize("NFC", value)
        case int():
            return value
        case float():
            return repr(value)
        case Decimal():
            return format(value.normalize(), "f")
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case dict():
            return {str(plain(k)): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case set() | frozenset():
            return sorted((plain(v) for v in value), key=str)
    pk = getattr(value, "pk", None)
    return plain(pk) if pk is not None else str(value)


def encode(value: Any) -> bytes:
    """Return the canonical bytes of a value."""
    return json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def payload_digest(salt: bytes, payload: Any) -> bytes:
    return hashlib.sha256(salt + encode(payload)).digest()


def entry_hash(previous: bytes, entry: dict[str, Any]) -> bytes:
    """Return the hash of an entry (a mapping with the FIELDS) that follows ``previous``."""
    return hashlib.sha256(previous + encode({name: entry[name] for name in FIELDS})).digest()
