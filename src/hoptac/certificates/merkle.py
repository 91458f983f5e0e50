"""Merkle trees after RFC 6962: the log's hashes, and its proofs out of the nodes that are kept.

A node ``(level, index)`` covers the leaves ``index << level`` up to ``(index + 1) << level``; it is
kept as soon as all of them are there and is never changed. Everything else is folded from these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

Node = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def added(index: int, leaf: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """Yield the nodes that come to be complete when the leaf number ``index`` (from 0) is added."""
    level, value = 0, leaf
    yield level, index, value
    while index & 1:
        value = node_hash(node(level, index - 1), value)
        level, index = level + 1, index >> 1
        yield level, index, value


def left_of(index: int) -> list[tuple[int, int]]:
    """Return the kept nodes that :func:`added` and the root after it ask for."""
    found, level, size = [], 0, index
    while size:
        if size & 1:
            found.append((level, size - 1))
        level, size = level + 1, size >> 1
    return found


def root(size: int, node: Node) -> bytes:
    """Return the head of the tree of the first ``size`` leaves."""
    return _hash(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise IndexError(index)
    return _path(index, 0, size, node)


def consistency(first: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of ``first`` leaves is the beginning of that of ``size`` (2.1.2)."""
    if not 0 < first <= size:
        raise IndexError(first)
    return [] if first == size else _subproof(first, 0, size, node, is_whole=True)


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _hash(start: int, count: int, node: Node) -> bytes:
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    k = _split(count)
    return node_hash(_hash(start, k, node), _hash(start + k, count - k, node))


def _path(index: int, start: int, count: int, node: Node) -> list[bytes]:
    if count == 1:
        return []
    k = _split(count)
    if index < k:
        return [*_path(index, start, k, node), _hash(start + k, count - k, node)]
    return [*_path(index - k, start + k, count - k, node), _hash(start, k, node)]


def _subproof(first: int, start: int, count: int, node: Node, *, is_whole: bool) -> list[bytes]:
    if first == count:
        return [] if is_whole else [_hash(start, count, node)]
    k = _split(count)
    if first <= k:
        rest = _hash(start + k, count - k, node)
        return [*_subproof(first, start, k, node, is_whole=is_whole), rest]
    left = _hash(start, k, node)
    return [*_subproof(first - k, start + k, count - k, node, is_whole=False), left]
