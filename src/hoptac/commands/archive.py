"""The archive of a backup: one tar file whose manifest names every part with size and SHA-256.

``manifest.json`` comes first, then ``database.dump`` (pg_dump, custom format), the sealed keys of
certificates where they are wanted, ``secret_key`` and ``files/...``. Nothing is compressed twice: the
dump is compressed already, and so are workbooks.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from hoptac.commands.environment import Trouble

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
KEY = "secret_key"


@dataclass(frozen=True)
class Part:
    """One file of an archive."""

    name: str
    size: int
    sha256: str


def digest_of(source: BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 and the length of a stream."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(2**20):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def describe(name: str, path: Path) -> Part:
    """Return the description of a file that is to be a part."""
    with path.open("rb") as source:
        sha256, size = digest_of(source)
    return Part(name, size, sha256)


def write(target: Path, facts: dict[str, Any], parts: Iterable[tuple[str, Path]]) -> list[Part]:
    """Write an archive: complete under its name, or not there at all.

    ``parts`` gives names and where the contents are; their digests are taken before packing.
    """
    listed = [(describe(name, path), path) for name, path in parts]
    manifest = {"format": FORMAT, **facts, "parts": [asdict(part) for part, _ in listed]}
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    draft = target.with_name(target.name + ".part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                head = tarfile.TarInfo(MANIFEST)
                head.size, head.mode = len(content), 0o600
                tar.addfile(head, io.BytesIO(content))
                for part, path in listed:
                    member = tarfile.TarInfo(part.name)
                    member.size, member.mode = part.size, 0o600
                    member.mtime = int(path.stat().st_mtime)
                    with path.open("rb") as source:
                        tar.addfile(member, source)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return [part for part, _ in listed]


def unpack(source: Path, into: Path) -> dict[str, Any]:
    """Unpack an archive and return its manifest; every part is checked against it.

    :raises Trouble: the file is no archive of ours, is cut off, or a part was altered
    """
    try:
        with tarfile.open(source, "r:") as tar:
            return _unpack(tar, source, into)
    except FileNotFoundError as error:
        raise Trouble(f"there is no file {source}.") from error
    except OSError as error:
        raise Trouble(f"{error.filename or source} cannot be used: {error.strerror}.") from error
    except (tarfile.TarError, EOFError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Trouble(f"{source} is not a complete backup of Hoptac ({error}).") from error


def _unpack(tar: tarfile.TarFile, source: Path, into: Path) -> dict[str, Any]:
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == MANIFEST else None
    if content is None:
        raise Trouble(f"{source} is not a backup of Hoptac: it does not begin with a manifest.")
    manifest: dict[str, Any] = json.loads(content.read(64 * 2**20))
    if manifest.get("format") != FORMAT:
        raise Trouble(
            f"{source} has format {manifest.get('format')}, and this version reads {FORMAT}: "
            "restore it with the version that made it, or a newer one."
        )
    waiting = {part["name"]: Part(**part) for part in manifest["parts"]}
    while (member := tar.next()) is not None:
        expected = waiting.pop(member.name, None)
        path = PurePosixPath(member.name)
        if expected is None or not member.isreg() or path.is_absolute() or ".." in path.parts:
            raise Trouble(f"{source} holds {member.name!r}, which its manifest does not name.")
        packed = tar.extractfile(member)
        target = into / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if packed is None or _copy(packed, target) != (expected.sha256, expected.size):
            raise Trouble(f"{source}: the part {member.name!r} was altered or damaged.")
    if waiting:
        raise Trouble(f"{source} is cut off: {next(iter(waiting))!r} is missing.")
    return manifest


def _copy(source: Any, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while block := source.read(2**20):
            digest.update(block)
            size += out.write(block)
    return digest.hexdigest(), size
