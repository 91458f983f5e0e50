"""The report of reconciliation, its export, the decisions, and undoing what was decided together."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.exchange import files, reporting
from hoptac.exchange.actions import record_report, undo_many
from hoptac.exchange.forms import ReasonForm
from hoptac.exchange.in_words import dress
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import csv_stream, write_xlsx
from hoptac.ui.views import OfficeView, add_findings

_SHOWN = 50


def _hides(ctx: Any) -> bool:
    return not ctx.may_throughout("registry.view_contacts", of="exchange.view")


@require_GET
@needs("exchange.view")
def report(request: HttpRequest) -> HttpResponse:
    """Show what is open by kind, place and age, and what was decided."""
    ctx = request.ctx  # type: ignore[attr-defined]
    pages = Paginator(reporting.decisions(ctx), _SHOWN)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    hides = _hides(ctx)
    for row in page.object_list:
        dress(row, hides_contacts=hides)
    context = {
        "report": reporting.report(ctx), "ages": [str(reporting.AGE_NAMES[a]) for a in reporting.AGES],
        "page": page, "batches": reporting.batches(ctx), "today": ctx.today,
        "may_undo": ctx.may("exchange.reconcile"), "may_export": ctx.may("exchange.export"),
    }  # fmt: skip
    return render(request, "exchange/report.html", context)


@require_GET
@needs("exchange.export")
def export(request: HttpRequest, what: str) -> HttpResponseBase:
    """Return the report or the decisions as ``?format=csv`` or ``xlsx``, noted in the journal."""
    kind = request.GET.get("format", "xlsx")
    if kind not in {"csv", "xlsx"} or what not in {"counts", "decisions"}:
        raise Http404
    ctx = request.ctx.by()  # type: ignore[attr-defined]
    if what == "counts":
        columns, rows = reporting.report_columns(), [*reporting.report_rows(reporting.report(ctx))]
        title = _("Reconciliation with the national system")
    else:
        decided = reporting.decisions(ctx)
        columns = reporting.decision_columns()
        rows = [*reporting.decision_rows(decided, ctx.today, hides_contacts=_hides(ctx))]
        title = _("Decisions on differences from the national system")
    record_report(ctx, what=what, format=kind, rows=len(rows))
    word = _("reconciliation")
    name = f"{word}-{what}-{ctx.today:%Y-%m-%d}.{kind}"
    answer: Any
    if kind == "csv":
        answer = StreamingHttpResponse(csv_stream(columns, rows), content_type=files.FORMATS["csv"])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    write_xlsx(book, columns, rows, title=title, lines=[f"{ctx.today:%d/%m/%Y}"])
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=files.FORMATS["xlsx"])


class UndoMany(OfficeView):
    """Undoing, with one reason, everything that was decided together."""

    permission = "exchange.reconcile"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        batch = self._batch()
        try:
            done = undo_many(self.ctx.because(form.cleaned_data["reason"]), batch=batch.pk)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form)
        messages.success(request, _("Undone: %(count)s.") % {"count": done["undone"]})
        return redirect("exchange:report")

    def _batch(self) -> reporting.Batch:
        found = {b.pk: b for b in reporting.batches(self.ctx, most=1000)}
        batch = found.get(UUID(str(self.kwargs["batch"])))
        if batch is None:
            raise Http404
        return batch

    def show(self, form: ReasonForm) -> HttpResponse:
        batch = self._batch()
        lead = _("%(count)s differences, decided by %(name)s: %(verdict)s") % {
            "count": batch.count, "name": batch.by, "verdict": batch.verdict,
        }  # fmt: skip
        context = {
            "title": _("Undo what was decided together"), "button": _("Undo all of them"),
            "form": form, "lead": lead, "back": reverse("exchange:report"),
            "crumb": (reverse("exchange:report"), _("Report of reconciliation")),
        }  # fmt: skip
        return render(
            self.request, "exchange/reason.html", context, status=422 if form.errors else 200
        )
