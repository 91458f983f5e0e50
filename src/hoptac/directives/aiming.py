"""What becomes of aims: told by a higher app, in which an officer makes a target of one.

Whoever keeps targets declares itself by :func:`set_target_maker`; the page of the proposals leads there. The target
made, it says so by :func:`hoptac.directives.actions.take_aim`. Without a target maker aims are only shown.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from hoptac.foundation.access import Context

TargetMaker = Callable[[Context, UUID, int], str]
"""Returns the page on which the caller makes a target of a number of an aim; empty where the caller may not."""

_maker: TargetMaker | None = None


def set_target_maker(maker: TargetMaker | None) -> None:
    """Declare where targets are made (``AppConfig.ready`` of a higher app)."""
    global _maker
    _maker = maker


def target_page(ctx: Context, passage: UUID, figure: int) -> str:
    """Return where the caller makes a target of this number of an aim; nothing where nobody keeps targets."""
    return _maker(ctx, passage, figure) if _maker is not None else ""
