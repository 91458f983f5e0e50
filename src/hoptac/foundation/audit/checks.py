"""What higher apps can tell of their own tables when the journal is checked."""

from __future__ import annotations

from collections.abc import Callable

_CHECKS: list[Callable[[], list[str]]] = []


def declare(check: Callable[[], list[str]]) -> None:
    """Add a check, which returns what does not hold in words; done once, when the apps start."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def troubles() -> list[str]:
    """Return everything that the declared checks find."""
    return [words for check in _CHECKS for words in check()]
