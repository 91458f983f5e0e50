"""Taking the watch list out: journalled, since it carries names out of the system."""

from __future__ import annotations

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("cases.export")
def record_export(ctx: Context, *, query: str, format: str, rows: int) -> None:
    """Note in the journal that the caller takes the watch list out: what was asked, how many rows."""
    note(ctx, query=query, format=format, rows=rows)
