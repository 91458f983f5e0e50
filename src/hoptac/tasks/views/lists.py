"""The tasks of a desk, of a plan, of an agency; who is late; the list as a file."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import csv_stream, write_xlsx
from hoptac.tasks import selectors
from hoptac.tasks.actions.exporting import record_export
from hoptac.tasks.asked import Asked
from hoptac.tasks.tables import columns, export_rows, with_first_due
from hoptac.ui.views import OfficeListView, OfficeView

HEAP_NAMES: dict[str, Any] = {
    "mine": gettext_lazy("My agency's"),
    "to_answer": gettext_lazy("To accept"),
    "late": gettext_lazy("Late"),
    "followed": gettext_lazy("Followed by me"),
    "to_assign": gettext_lazy("To assign"),
    "to_judge": gettext_lazy("To judge"),
    "to_extend": gettext_lazy("More time asked for"),
    "given": gettext_lazy("Given by us"),
    "given_late": gettext_lazy("Given, late"),
    "all": gettext_lazy("All"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class HeapMixin:
    """What the views of one heap share: the heap asked for (or the first that holds something), its tabs, filters."""

    ctx: Any
    asked: Asked
    counts: dict[str, int]

    def ask(self, request: HttpRequest) -> None:
        """Read what is asked for.

        :raises Http404: there is no such heap
        """
        self.asked = Asked.of(self.ctx, request.GET)
        self.counts = selectors.heap_counts(self.ctx)
        if not self.asked.heap:
            has = next((h for h in ("mine", "to_assign", "given") if self.counts[h]), "all")
            self.asked.heap = has
        if self.asked.heap not in HEAP_NAMES:
            raise Http404

    def shared(self) -> dict[str, Any]:
        """Return what the heads of these pages show."""
        tabs = [
            {
                "label": label, "href": f"?heap={code}", "count": self.counts[code],
                "is_current": code == self.asked.heap,
            }
            for code, label in HEAP_NAMES.items()
            if self.counts[code] or code in {"all", self.asked.heap}
        ]  # fmt: skip
        return {
            "asked": self.asked, "tabs": tabs, "query": self.asked.query(), "choices": self.asked.choices(self.ctx),
        }  # fmt: skip


class TaskList(HeapMixin, OfficeListView):
    """The tasks of one heap as the filters keep them, those due first."""

    permission = "tasks.view"
    template_name = "tasks/list.html"
    context_object_name = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        self.ask(request)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return self.asked.tasks(self.ctx).for_rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for task in context["page_obj"].object_list:
            task.left = task.days_left(self.ctx.today)
            task.late_days = -task.left if task.left is not None and task.left < 0 else 0
        return context | self.shared() | {
            "may_enter": bool(selectors.assigning_agencies(self.ctx)), "may_export": self.ctx.may("tasks.export"),
        }  # fmt: skip


@require_GET
@needs("tasks.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the list as ``?format=csv`` or ``xlsx``; the journal notes who took what."""
    ctx = request.ctx  # type: ignore[attr-defined]
    form = request.GET.get("format", "xlsx")
    if form not in {"csv", "xlsx"}:
        raise Http404
    asked = Asked.of(ctx, request.GET)
    if asked.heap not in {"", *HEAP_NAMES}:
        raise Http404
    tasks = with_first_due(
        asked.tasks(ctx).for_rows().select_related("lead", "directive", "assigner")
    )
    count = tasks.count()
    record_export(ctx, query=asked.query(), format=form, rows=count)
    rows = export_rows(tasks, ctx.today)
    word = _("tasks")
    name = f"{word}-{ctx.today:%Y-%m-%d}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(
            csv_stream(columns(), rows), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer  # type: ignore[no-any-return]
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    lines = [_("%(count)s tasks as of %(day)s.") % {"count": count, "day": f"{ctx.today:%d/%m/%Y}"}]
    write_xlsx(book, columns(), rows, title=_("Tasks"), lines=lines)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


class Agencies(OfficeView):
    """Which agency answers for how much, how much is late: the worst first."""

    permission = "tasks.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked.of(self.ctx, request.GET)
        rows = selectors.by_agency(self.ctx, asked)
        context = {
            "rows": rows, "asked": asked, "choices": asked.choices(self.ctx),
            "without_owner": list(selectors.tasks_without_owner(self.ctx).order_by("due_on", "id")[:50]),
        }  # fmt: skip
        return render(request, "tasks/agencies.html", context)
