"""Taking lists out: journalled, since they carry people's names out of the system."""

from __future__ import annotations

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("registry.export")
def record_export(
    ctx: Context,
    *,
    query: str,
    columns: list[str],
    format: str,
    rows: int,
) -> None:
    """Note in the journal that the caller takes a list out: what was asked, and how many rows."""
    note(ctx, query=query, columns=columns, format=format, rows=rows)
