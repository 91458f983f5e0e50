"""The bodies that a mandate may name: answered from above, for the register lies higher up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

# Returns the name and the address of a body's page, or nothing where there is no such body.
Source = Callable[[UUID], tuple[str, str] | None]
_source: Source | None = None


def set_source(source: Source) -> None:
    """Declare how a body is found (done by ``registry`` when the apps start)."""
    global _source
    _source = source


def find(pk: UUID) -> tuple[str, str] | None:
    """Return name and page of a body. Without a source every key is taken as it is."""
    return _source(pk) if _source else (str(pk), "")
