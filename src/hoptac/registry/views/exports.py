"""Taking out exactly what the list shows: the columns, filters, order and day of the address."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.foundation.access import Context
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import ROWS_AT_ONCE, ExportColumn, csv_stream, write_xlsx
from hoptac.registry.actions import record_export
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.tables import Table, chosen_columns, columns_for, day, number, ordered
from hoptac.registry.views.register import asked

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs("registry.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the list as ``?format=csv`` or ``xlsx``; the journal notes who took what."""
    form = request.GET.get("format", "xlsx")
    if form not in {"csv", "xlsx"}:
        raise Http404
    ctx: Context = request.ctx.by()  # type: ignore[attr-defined]
    wanted = asked(request, columns_for(ctx))
    table = Table(chosen_columns(ctx, wanted.columns), wanted.day)
    periods = wanted.periods(ctx, "registry.export")
    if wanted.kind:
        periods = periods.filter(kind=wanted.kind)
    count = periods.count()
    record_export(
        ctx, query=wanted.query(page=1), columns=[c.code for c in table.columns], format=form,
        rows=count,
    )  # fmt: skip
    found = ordered(periods, wanted.sort, wanted.day).values_list(*table.fields)
    rows = table.export_rows(found.iterator(chunk_size=ROWS_AT_ONCE))
    columns = [
        ExportColumn(str(c.export_label or c.label), c.export_kind, c.width) for c in table.columns
    ]
    word = _("register")
    name = f"{word}-{wanted.day:%Y-%m-%d}.{form}"
    if form == "csv":
        response: Any = StreamingHttpResponse(
            _spoken(csv_stream(columns, rows)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    write_xlsx(book, columns, rows, title=_title(wanted), lines=_lines(ctx, wanted, count))
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


def _spoken(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces in the reader's language, whatever request the thread serves meanwhile."""
    language = translation.get_language() or "vi"
    iterator = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(iterator, None)
        if piece is None:
            return
        yield piece


def _title(wanted: RegisterFilter) -> str:
    return _("Register of cooperatives as of %(day)s") % {"day": day(wanted.day)}


def _lines(ctx: Context, wanted: RegisterFilter, count: int) -> list[str]:
    chips = "; ".join(f"{c.label}: {c.value}" for c in wanted.chips())
    taken = _("Exported by %(name)s on %(day)s; %(count)s rows.") % {
        "name": ctx.user.full_name if ctx.user else "",
        "day": timezone.localtime().strftime("%H:%M %d/%m/%Y"),
        "count": number(count),
    }
    return [*([chips] if chips else []), taken]
