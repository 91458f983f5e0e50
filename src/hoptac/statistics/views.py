"""The page of figures: choose, see, follow a number to its bodies, take the table out."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.exports import csv_stream, write_xlsx
from hoptac.jurisdiction.places import places
from hoptac.registry.filters import CODED, unread_day
from hoptac.statistics.asked import Asked, read
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.dimensions import DIMENSIONS, last_day_with_districts
from hoptac.statistics.selectors import PERMISSION, Table, bodies_behind
from hoptac.statistics.sheets import chart, day_text, export, member_of, sheets
from hoptac.ui.views import OfficeView

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_BODIES = 500
_MOST_DAYS = 6


def map_names() -> dict[str, str]:
    """Return the maps to choose from, in words."""
    last = last_day_with_districts()
    names = {"of_the_day": _("The map of each date"), "today": _("Today's map")}
    if last is not None:
        names["districts"] = _("The last map with districts (%(day)s)") % {"day": day_text(last)}
    return names


class TableView(OfficeView):
    """Indicators crossed with one or two sides, on days, on a map."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = read(request.GET, today=self.ctx.today)
        chosen = [indicators()[code] for code in asked.indicators]
        context: dict[str, Any] = {
            "asked": asked, "form": _form(asked), "kept": _kept(asked),
            "chosen": ", ".join(str(i.name) for i in chosen),
            "has_growth": any(i.needs_base for i in chosen),
            "unread_day": unread_day(request.GET.get("on")),
        }  # fmt: skip
        try:
            table = asked.table(self.ctx)
        except Refused as refused:
            context["refused"] = refused.findings
            return render(request, "statistics/table.html", context, status=422)
        drawn = chart(table)
        context |= {
            "table": table,
            "sheets": list(sheets(table, asked)),
            "chart": drawn if len(drawn["categories"]) > 1 and drawn["series"] else None,
            "chart_label": table.indicators[0].titled,
            "heading": heading(table),
            "terms": terms(table, asked),
            "taken": _taken(self.ctx),
            "query": asked.query(),
            "without_filters": asked.query(filters={}),
            "no_districts": _lacks_districts(table),
        }
        return render(request, "statistics/table.html", context)


class DownloadView(OfficeView):
    """The same table as ``?format=xlsx`` or ``csv``."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = request.GET.get("format", "xlsx")
        if form not in {"csv", "xlsx"}:
            raise Http404
        asked = read(request.GET, today=self.ctx.today)
        try:
            table = asked.table(self.ctx)
        except Refused as refused:
            message = "\n".join(str(f.message) for f in refused.findings)
            return HttpResponse(message, status=422, content_type="text/plain; charset=utf-8")
        columns, rows = export(table)
        name = f"statistics-{table.day:%Y-%m-%d}.{form}"
        if form == "csv":
            pieces = list(csv_stream(columns, rows))
            answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
        book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
        write_xlsx(book, columns, rows, title=heading(table), lines=self._lines(table, asked),
                   sheet_name=_("Statistics"))  # fmt: skip
        book.seek(0)
        return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)

    def _lines(self, table: Table, asked: Asked) -> list[str]:
        told = [f"{label}: {value}" for label, value in terms(table, asked)]
        source = _("Source")
        sources = [f"{i.name}: {i.definition} {source}: {i.source}." for i in table.indicators]
        return [*told, *sources, _taken(self.ctx)]


class BehindView(OfficeView):
    """The bodies of one number, where the register's list has no filter that keeps exactly them."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = read(request.GET, today=self.ctx.today)
        indicator = indicators().get(request.GET.get("of", ""))
        if indicator is None or not self.ctx.may("registry.view"):
            raise Http404
        try:
            table = asked.table(self.ctx)
            row = member_of(table.rows, request.GET.get("row"))
            column = member_of(table.columns, request.GET.get("column"))
        except (Refused, LookupError):
            raise Http404 from None
        found = bodies_behind(self.ctx, table, indicator, row, column, most=_MOST_BODIES + 1)
        context = {
            "indicator": indicator,
            "parts": [m.label for m in (row, column) if m is not None],
            "day": table.moments[table.place(row, column)].day,
            "bodies": found[:_MOST_BODIES],
            "is_cut": len(found) > _MOST_BODIES,
            "most": _MOST_BODIES,
            "query": asked.query(),
        }
        return render(request, "statistics/behind.html", context)


def terms(table: Table, asked: Asked) -> list[tuple[str, str]]:
    """Return on what terms a table was counted, for paper and files: day, map, base year, filters."""
    days = [day_text(m.day) for m in table.moments]
    as_of = ", ".join(days) if len(days) <= _MOST_DAYS else f"{days[0]} – {days[-1]}"
    told = [(_("As of"), as_of), (_("Map"), map_names()[table.map])]
    if any(i.needs_base for i in table.indicators):
        told.append((_("Base year of growth"), str(asked.base_year)))
    kept: dict[str, list[str]] = {}
    for label, value in _kept(asked):
        kept.setdefault(str(label), []).append(str(value))
    return [*told, *((label, ", ".join(values)) for label, values in kept.items())]


def _taken(ctx: Context) -> str:
    """Return who takes the table out, and when."""
    return _("Taken out by %(name)s on %(day)s.") % {
        "name": ctx.user.full_name if ctx.user else "",
        "day": timezone.localtime().strftime("%H:%M %d/%m/%Y"),
    }


def heading(table: Table) -> str:
    """Return what a table is, in a line."""
    names = ", ".join(str(i.name) for i in table.indicators)
    by = str(table.row_side.label).lower()
    if table.column_side is not None:
        by = _("%(one)s and %(other)s") % {"one": by, "other": str(table.column_side.label).lower()}
    if not table.has_time:
        return _("%(names)s by %(by)s as of %(day)s") % {
            "names": names, "by": by, "day": day_text(table.day),
        }  # fmt: skip
    return _("%(names)s by %(by)s") % {"names": names, "by": by}


def _lacks_districts(table: Table) -> bool:
    """Tell whether a table by district speaks of days on which there were none."""
    last = last_day_with_districts()
    if last is None or table.map == "districts":
        return False
    sides = (table.row_side, table.column_side)
    return any(s is not None and s.code == "district" for s in sides) and (
        table.day > last or table.map == "today"
    )


def _form(asked: Asked) -> dict[str, Any]:
    """Return the choices of the form with those made."""
    return {
        "indicators": [
            {"code": i.code, "name": str(i.name), "unit": i.shown_unit, "is_on": i.code in asked.indicators,
             "definition": str(i.definition), "source": str(i.source),
             "formula": i.formula_in_words, "as_of": i.as_of_in_words,
             "basis": i.basis, "confirmed": i.confirmed}
            for i in indicators().values()
        ],
        "rows": [(d.code, d.label, d.code == asked.rows) for d in DIMENSIONS.values()],
        "columns": [(d.code, d.label, d.code == asked.columns) for d in DIMENSIONS.values()],
        "maps": [(code, name, code == asked.map) for code, name in map_names().items()],
        "days": ", ".join(day_text(d) for d in asked.days),
        "hidden": [(name, v) for name, values in asked.filters.items() for v in values],
        "year_from": str(asked.year_from or ""),
        "year_to": str(asked.year_to or ""),
        "base_year": str(asked.base_year),
    }  # fmt: skip


def _kept(asked: Asked) -> list[tuple[str, str]]:
    """Return the filters in force, in words."""
    known = places()
    found = []
    for name, values in asked.filters.items():
        if name in CODED:
            label, choices = CODED[name]
            words = dict(choices)
            found += [(str(label), str(words[v])) for v in values]
        else:
            label = _("District") if name == "district" else _("Commune")
            units = (p for p in known.units.values() if str(p.id) in values)
            found += [(label, p.heading) for p in units]
    return found
