"""The columns of the list of following officers as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from hoptac.committees.selectors import AgencyOfficers
from hoptac.foundation.transfers.exports import ExportColumn


def columns() -> list[ExportColumn]:
    """Return the columns in the reader's language."""
    return [
        ExportColumn(_("Agency"), "text", 40),
        ExportColumn(_("Full name"), "text", 28),
        ExportColumn(_("Post"), "text", 30),
        ExportColumn(_("Fields followed"), "text", 30),
        ExportColumn(_("Full time"), "text", 10),
        ExportColumn(_("Since"), "date", 12),
        ExportColumn(_("Named by"), "text", 30),
        ExportColumn(_("Open tasks"), "integer", 10),
        ExportColumn(_("Late tasks"), "integer", 10),
        ExportColumn(_("Courses"), "integer", 10),
        ExportColumn(_("Hours of training"), "integer", 12),
    ]


def export_rows(agencies: Iterable[AgencyOfficers]) -> Iterator[tuple[Any, ...]]:
    """Yield one row an officer; an agency without one has a row of its own."""
    for row in agencies:
        if not row.officers:
            yield (row.agency.name, *[""] * 4, None, "", *[None] * 4)
        for found in row.officers:
            o = found.officer
            yield (
                row.agency.name,
                o.name,
                o.post,
                o.fields,
                _("yes") if o.is_main_work else _("no"),
                o.valid.lower,
                o.decision,
                found.open,
                found.late,
                found.courses,
                found.hours,
            )
