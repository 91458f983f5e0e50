"""Checks a downloaded log: by itself, sharing no line with the code that writes it.

    python log_check.py head.txt entries.jsonl PUBLIC_KEY_HEX [older-head.txt]

Everything is computed anew from the entries, as RFC 6962 and the signed notes of c2sp.org define it.
Needs Python and the ``cryptography`` package, nothing of Hoptac.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Broken(Exception):
    """What does not hold, in words."""


@dataclass(frozen=True)
class Head:
    """A signed head as its text says it."""

    origin: str
    size: int
    root: bytes
    note: bytes
    signatures: tuple[tuple[str, bytes], ...]


def read_head(text: str) -> Head:
    """Return the head that a text holds."""
    note, found, lines = text.partition("\n\n")
    try:
        origin, size, root = note.split("\n")[:3]
        signatures = []
        for line in lines.splitlines():
            dash, name, value = line.split(" ")
            if dash != "—":
                raise ValueError(line)
            signatures.append((name, base64.b64decode(value, validate=True)))
        if not found or not signatures:
            raise ValueError("no signature")
        return Head(origin, int(size), base64.b64decode(root, validate=True),
                    (note + "\n").encode(), tuple(signatures))  # fmt: skip
    except ValueError as error:
        raise Broken(f"this is not a signed head: {error}") from error


def check_signature(head: Head, public: bytes) -> None:
    """Hold a head against a public key.

    :raises Broken: none of its signatures is that key's
    """
    for name, value in head.signatures:
        wanted = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        if name != head.origin or value[:4] != wanted:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(value[4:], head.note)
        except InvalidSignature:
            continue
        return
    raise Broken("the head is not signed by this key")


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Follow an audit path (RFC 9162, 2.1.3.2).

    :raises Broken: it does not lead to the root
    """
    if not 0 <= index < size:
        raise Broken("there is no such entry")
    fn, sn, r = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for p in path:
        if sn == 0:
            raise Broken("the path is too long")
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\1" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn or r != root:
        raise Broken("the path does not lead to the root")


def check_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Hold two heads against each other (RFC 9162, 2.1.4.2).

    :raises Broken: the first tree is not the beginning of the second
    """
    if first == second:
        if path or first_root != second_root:
            raise Broken("the heads differ")
        return
    if not 0 < first < second:
        raise Broken("the sizes make no sense")
    proof = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not proof:
        raise Broken("the proof is empty")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            raise Broken("the proof is too long")
        if fn & 1 or fn == sn:
            fr = hashlib.sha256(b"\1" + c + fr).digest()
            sr = hashlib.sha256(b"\1" + c + sr).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\1" + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn or fr != first_root or sr != second_root:
        raise Broken("the older tree is not the beginning of the newer one")


def check_log(head: Head, entries: Sequence[bytes], older: Head | None = None) -> int:
    """Hold a head, and an older one, against the entries; returns how many there are.

    :raises Broken: something does not hold
    """
    if len(entries) < head.size:
        raise Broken(f"the head speaks of {head.size} entries, here are {len(entries)}")
    for number, line in enumerate(entries):
        if json.loads(line).get("n") != number:
            raise Broken(f"entry {number} is missing or out of order")
    if tree_hash(entries[: head.size]) != head.root:
        raise Broken("the entries are not those of the head")
    if older is not None:
        if older.origin != head.origin or older.size > head.size:
            raise Broken("the older head is not of this log, or the log was cut off")
        if tree_hash(entries[: older.size]) != older.root:
            raise Broken("entries that the older head covers were altered")
    return head.size


def main(arguments: Sequence[str]) -> int:
    if len(arguments) not in (3, 4):
        print(__doc__)  # noqa: T201
        return 2
    head_file, entries_file, key, *older_file = arguments
    try:
        heads = [read_head(Path(p).read_text("utf-8")) for p in (head_file, *older_file)]
        check_signature(heads[0], bytes.fromhex(key))
        entries = Path(entries_file).read_bytes().splitlines()
        count = check_log(heads[0], entries, heads[1] if older_file else None)
    except (Broken, ValueError) as error:
        print(f"BROKEN: {error}")  # noqa: T201
        return 1
    print(f"OK: {count} entries, head signed, nothing altered")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
