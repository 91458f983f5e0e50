"""Bytes on the disk under their SHA-256, so that they outlast a loss of power; without Django."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO


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
    return keep_all_in(folder, [content])[0]


def keep_all_in(folder: Path, contents: Sequence[bytes]) -> list[Kept]:
    """Do the same with several at once (some dozens), which costs the disk less than one after the other."""
    kept = [Kept(hashlib.sha256(content).hexdigest(), len(content)) for content in contents]
    new = {
        path: content
        for path, content in zip((place_in(folder, k.sha256) for k in kept), contents, strict=True)
        if not _lies_there(path, content)
    }
    parts: dict[Path, Path] = {}
    try:
        with ExitStack() as open_ones:
            # All are written before the first is waited for: the disk then takes them together.
            handles = [open_ones.enter_context(_write(path, new[path], parts)) for path in new]
            for handle in handles:
                os.fsync(handle)
        for path in new:
            os.replace(parts[path], path)
            del parts[path]
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise
    folders = {path.parent for path in new}
    for each in folders:
        _sync(each)
    if folders - _known:  # that the folders themselves are there must be on the disk, too
        _sync(folder)
        _known.update(folders)
    return kept


def _lies_there(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def _write(path: Path, content: bytes, parts: dict[Path, Path]) -> IO[bytes]:
    """Write bytes beside their place, tell ``parts`` where, and return the open file."""
    part = path.parent / f".{path.name[:16]}{os.urandom(6).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(part, flags, 0o600)
    except FileNotFoundError:
        _known.discard(path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, flags, 0o600)
    parts[path] = part
    out = open(handle, "wb", buffering=0)  # noqa: SIM115 (closed by the caller)
    try:
        view = memoryview(content)
        while view:
            view = view[out.write(view) :]
    except BaseException:
        out.close()
        raise
    return out


# Folders whose own names the disk is known to have.
_known: set[Path] = set()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
