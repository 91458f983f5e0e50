"""Who represents a body by law: asked of the app that registers it (a seam; nothing knows better until then)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

# Bodies and a day; the representatives of each as ``form.REPRESENTATIVE`` names their fields.
Source = Callable[[Sequence[UUID], date], dict[UUID, list[dict[str, Any]]]]
_sources: list[Source] = []


def declare(source: Source) -> None:
    """Let a higher app say who represents bodies (from ``AppConfig.ready``)."""
    if source not in _sources:
        _sources.append(source)


def representatives_of(bodies: Sequence[UUID], on: date) -> dict[UUID, list[dict[str, Any]]]:
    """Return the legal representatives on a day of those bodies of which any are known."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for source in _sources:
        found |= source(bodies, on)
    return found
