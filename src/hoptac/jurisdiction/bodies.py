"""The bodies that a mandate may name: answered from above, for the register lies higher up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

# Takes keys; returns name and address of the page of those that there are.
Source = Callable[[set[UUID]], dict[UUID, tuple[str, str]]]
_source: Source = lambda keys: {}  # noqa: E731


def set_source(source: Source) -> None:
    """Declare how bodies are found (done by ``registry`` when the apps start)."""
    global _source
    _source = source


def find(keys: Iterable[UUID | None]) -> dict[UUID, tuple[str, str]]:
    """Return name and page of the bodies with these keys, in one question."""
    asked = {k for k in keys if k is not None}
    return _source(asked) if asked else {}
