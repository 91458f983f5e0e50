"""The plans of a year: who has one, where it stands, who is late."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hoptac.foundation.access import Context
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import ExportColumn, write_xlsx
from hoptac.plans import selectors
from hoptac.plans.actions import record_export
from hoptac.ui.views import OfficeListView

HEAP_NAMES: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "own": gettext_lazy("Ours"),
    "asked": gettext_lazy("Asked of us"),
    "late": gettext_lazy("Late"),
    "returned": gettext_lazy("Sent back to us"),
    "to_approve": gettext_lazy("To approve"),
    "to_issue": gettext_lazy("To issue"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(ctx: Context, given: Any) -> tuple[int | None, str]:
    """Return the year (this one; of all years for a heap of work) and the heap that an address names."""
    year, heap = given.get("year", ""), given.get("heap", "all") or "all"
    if heap not in selectors.HEAPS or (year and not (year.isdecimal() and 2000 <= int(year) <= 2200)):  # fmt: skip
        raise Http404
    if year:
        return int(year), heap
    return (ctx.today.year if heap == "all" else None), heap


class PlanList(OfficeListView):
    """The agencies of a year with their plans, those that have none first."""

    permission = "plans.view"
    template_name = "plans/list.html"
    context_object_name = "rows"
    paginate_by = 100

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        self.year, self.heap = _asked(self.ctx, request.GET)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return selectors.rows_of_year(self.ctx, self.year, self.heap)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = self.object_list
        of_year = f"&year={self.year}" if self.year else ""
        tabs = [
            {"label": label, "href": f"?heap={code}{of_year}", "is_current": code == self.heap}
            for code, label in HEAP_NAMES.items()
        ]
        return context | {
            "year": self.year, "heap": self.heap, "tabs": tabs, "years": selectors.years_known(self.ctx),
            "without": sum(r.plan is None for r in rows), "late": sum(r.days_late > 0 for r in rows),
            "handed_in": sum(r.is_handed_in for r in rows), "may_export": self.ctx.may("plans.export"),
            "may_draft": self.ctx.may("plans.make") and selectors.making_agencies(self.ctx).exists(),
        }  # fmt: skip


@require_GET
@needs("plans.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the year's list as a workbook; the journal notes who took it."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    year, heap = _asked(ctx, request.GET)
    rows = selectors.rows_of_year(ctx, year, heap)
    record_export(ctx, what=f"list:{year}", format="xlsx", rows=len(rows))
    columns = [
        ExportColumn(_("Agency"), "text", 44),
        ExportColumn(_("Territory"), "text", 24),
        ExportColumn(_("Plan"), "text", 60),
        ExportColumn(_("State"), "text", 24),
        ExportColumn(_("To be submitted by"), "date", 14),
        ExportColumn(_("Submitted on"), "date", 14),
        ExportColumn(_("Days late"), "integer", 10),
        ExportColumn(_("Approved on"), "date", 14),
    ]
    lines = (
        (
            r.agency.name, r.agency.unit.heading, r.plan.title if r.plan else "",
            str(r.plan.get_state_display()) if r.plan else _("No plan yet"), r.asked.due_on if r.asked else None,
            r.plan.submitted_on if r.plan else None, r.days_late or None, r.plan.approved_on if r.plan else None,
        )
        for r in rows
    )  # fmt: skip
    title = _("Yearly plans of %(year)s") % {"year": year} if year else _("Yearly plans")
    as_of = _("As of %(day)s.") % {"day": f"{ctx.today:%d/%m/%Y}"}
    return workbook(f"ke-hoach-{year or ctx.today.year}.xlsx", columns, lines, title, [as_of])


def workbook(name: str, columns: Any, rows: Any, title: str, lines: list[str]) -> FileResponse:
    """Return rows as a workbook to be kept under a name."""
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    write_xlsx(book, columns, rows, title=title, lines=lines)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)
