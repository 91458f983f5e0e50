"""Noting who took a list of tasks as a file."""

from __future__ import annotations

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("tasks.export")
def record_export(ctx: Context, *, query: str, format: str, rows: int) -> None:
    """Note that the caller takes a list of tasks as a file."""
    note(ctx, query=query, format=format, rows=rows)
