"""Noting who took figures of plans as a file."""

from __future__ import annotations

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("plans.export")
def record_export(ctx: Context, *, what: str, format: str, rows: int) -> None:
    """Note that the caller takes a plan, a list or a roll-up as a file."""
    note(ctx, what=what, format=format, rows=rows)
