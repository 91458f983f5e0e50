"""Taking a national system's file out: journalled, like every list that leaves."""

from __future__ import annotations

from datetime import date

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note


@action("exchange.export")
def record_export(
    ctx: Context, *, system: str, day: date, format: str, rows: int, to: str = ""
) -> None:
    """Note in the journal which system's file of which day the caller takes out, and how many rows."""
    note(ctx, system=system, day=day, format=format, rows=rows, to=to)


@action("exchange.export", name="exchange.export_report")
def record_report(ctx: Context, *, what: str, format: str, rows: int) -> None:
    """Note in the journal that the caller takes the report of reconciliation out, or its decisions."""
    note(ctx, what=what, format=format, rows=rows)
