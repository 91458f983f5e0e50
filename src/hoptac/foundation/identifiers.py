"""Identifiers that are unique across provinces and machines."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator


def uuid7() -> uuid.UUID:
    """Return a version 7 UUID (RFC 9562): sorts by time of making, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def uuid7_texts() -> Iterator[str]:
    """Yield version 7 UUIDs as text, without end: for rows that are copied by the hundred thousand."""
    while True:
        milliseconds = time.time_ns() // 1_000_000
        head = f"{milliseconds:012x}"
        noise = os.urandom(10 * 256).hex()
        for at in range(0, len(noise), 20):
            part = noise[at : at + 20]
            variant = "89ab"[int(part[3], 16) & 3]
            yield f"{head[:8]}-{head[8:]}-7{part[:3]}-{variant}{part[4:7]}-{part[7:19]}"
