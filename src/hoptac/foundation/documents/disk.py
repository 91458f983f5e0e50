"""Bytes on the disk under their SHA-256, so that they outlast a loss of power; without Django."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """Bytes that lie on the disk: their SHA-256 and how many they are."""

    sha256: str
    size: int


def place_in(folder: Path, sha256: str) -> Path:
    """Return where bytes with this digest lie in a folder."""
    return folder / sha256[:2] / sha256


def keep_in(folder: Path, content: bytes) -> Kept:
    """Put bytes in their place in a folder, unless they lie there, and wait until the disk has them."""
    digest = hashlib.sha256(content).hexdigest()
    path = place_in(folder, digest)
    if not (path.exists() and path.read_bytes() == content):
        _put(path, content)
    return Kept(digest, len(content))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
