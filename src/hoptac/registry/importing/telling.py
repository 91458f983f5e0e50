"""What an officer says of a file before it is read again: its columns, its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.terms import BatchState
from hoptac.registry.importing.service import remember_layout


def layouts_by_key(layouts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the lists of a file by what their columns are told under: the sheet's name, or the layout's
    mark for a further list on that sheet."""
    keyed: dict[str, dict[str, Any]] = {}
    for layout in layouts:
        keyed[layout["fingerprint"] if layout["sheet"] in keyed else layout["sheet"]] = layout
    return keyed


@action("registry.import_register", name="registry.tell_columns")
def tell_columns(
    ctx: Context, batch: ImportBatch, *, mapping: Mapping[str, Mapping[str, str]]
) -> ImportBatch:
    """Say what each column of each sheet means; later files of these layouts are read so, too.

    The caller has the file read again.

    :raises Refused: the file is being read or was entered
    """
    _refuse_unless(batch, BatchState.READY, BatchState.REFUSED)
    for key, layout in layouts_by_key(batch.layouts).items():
        chosen = mapping.get(key)
        if chosen and layout["fingerprint"]:
            remember_layout(ctx, batch, fingerprint=layout["fingerprint"], mapping=chosen)
    batch.mapping = {sheet: dict(columns) for sheet, columns in mapping.items()}
    batch.save(update_fields=["mapping"])
    return batch


@action("registry.import_register", name="registry.tell_day")
def tell_day(ctx: Context, batch: ImportBatch, *, on: date) -> ImportBatch:
    """Say on which day the list was true. The caller has the file read again.

    :raises Refused: the file is being read or was entered, or the day lies in the future
    """
    _refuse_unless(batch, BatchState.READY)
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="as_of"))
    note(ctx, was=batch.as_of, on=on)
    batch.as_of = on
    batch.save(update_fields=["as_of"])
    return batch


def _refuse_unless(batch: ImportBatch, *states: str) -> None:
    if batch.state not in states:
        raise Refused(Finding("file_busy", _("The file is being read, or was entered already.")))
