"""Taking lists out: journalled, since they carry what is not for everybody out of the system."""

from __future__ import annotations

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("directives.view", name="directives.export")
def record_export(ctx: Context, *, what: str, query: str, format: str, rows: int) -> None:
    """Note in the journal that the caller takes a list out: which, what was asked, how many rows."""
    note(ctx, what=what, query=query, format=format, rows=rows)
