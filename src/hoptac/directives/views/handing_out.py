"""Lists taken out as CSV or as a workbook; what was taken is journalled first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.directives.actions import record_export
from hoptac.foundation.access import Context
from hoptac.foundation.transfers.exports import ExportColumn, csv_stream, write_xlsx
from hoptac.ui.templatetags.ui import number

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed_out_list(
    ctx: Context, form: str, *, what: str, query: str, count: int, columns: Sequence[ExportColumn],
    lines: Iterable[tuple[Any, ...]], title: str, word: str,
) -> HttpResponseBase:  # fmt: skip
    """Return a list as a file of the form asked for; no other form there is."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    record_export(ctx, what=what, query=query, format=form, rows=count)
    name = f"{word}-{ctx.today:%Y-%m-%d}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(
            csv_stream(columns, lines), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    taken = _("Exported by %(name)s on %(day)s; %(count)s rows.") % {
        "name": ctx.user.full_name if ctx.user else "",
        "day": timezone.localtime().strftime("%H:%M %d/%m/%Y"), "count": number(count),
    }  # fmt: skip
    write_xlsx(book, columns, lines, title=title, lines=[taken])
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)
