"""The systems at one glance, taking a file out, bringing an extract in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hoptac.exchange import files, records, selectors
from hoptac.exchange.actions import compare_again, record_export, stop_extract
from hoptac.exchange.adapters import configured, is_stand_in
from hoptac.exchange.bringing import keep
from hoptac.exchange.forms import ExportForm, ExtractForm
from hoptac.exchange.layouts import REGISTRATION, SYSTEMS, events, layout, layouts
from hoptac.exchange.models import Extract
from hoptac.exchange.tasks import queue, start_comparing
from hoptac.exchange.terms import FIELD_NAMES, STEPS, UNFINISHED, Verdict
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.ui.views import OfficeView, add_findings


@require_GET
@needs("exchange.view")
def home(request: HttpRequest) -> HttpResponse:
    """Show every system: what it takes, when its file left, what came from it, what waits."""
    ctx = request.ctx  # type: ignore[attr-defined]
    exported = selectors.last_exports()
    systems = [
        {
            "layout": found, "events": events(found.system, ctx.today), "exported": exported.get(found.system),
            "extract": selectors.last_extract(ctx, found.system) if found.gives else None,
        }
        for found in layouts(ctx.today)
    ]  # fmt: skip
    adapter = configured()
    open_rows = selectors.differences(ctx).filter(state=Verdict.OPEN)
    context = {
        "systems": systems,
        "open": open_rows.count(),
        "suggested": open_rows.exclude(suggestion="").count(),
        "outbox": selectors.outbox_counts(ctx),
        "last_delivered": selectors.last_delivered(ctx),
        "address": adapter.address if adapter else "",
        "is_stand_in": is_stand_in(adapter),
        "form": ExportForm(initial={"on": ctx.today, "format": "xlsx"}),
        "may_export": ctx.may("exchange.export"),
        "may_reconcile": ctx.may("exchange.reconcile"),
        "extracts": Extract.objects.visible_to(ctx).select_related("user")[:5],
        "today": ctx.today,
    }
    return render(request, "exchange/home.html", context)


@require_GET
@needs("exchange.export")
def export(request: HttpRequest, system: str) -> HttpResponseBase:
    """Return a system's file as of a day: exactly what the caller may see, noted in the journal."""
    if system not in SYSTEMS:
        raise Http404
    ctx = request.ctx.by()  # type: ignore[attr-defined]
    form = ExportForm(request.GET or {"on": ctx.today, "format": "xlsx"})
    if not form.is_valid():
        messages.error(request, _("Choose a day and a format."))
        return redirect("exchange:home")
    day, kind = form.cleaned_data["on"], form.cleaned_data["format"]
    taken = layout(system, day)
    if taken is None or day > ctx.today:
        messages.error(request, _("This system takes no such file on that day."))
        return redirect("exchange:home")
    permission = "exchange.export"
    count = records.count_rows(ctx, taken, day, permission)
    record_export(ctx, system=system, day=day, format=kind, rows=count)
    rows = records.rows_of(ctx, taken, day, permission)
    name = f"{system}-{day:%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
        files.write_sheet(book, taken, day, rows)
        book.seek(0)
        return FileResponse(
            book, as_attachment=True, filename=name, content_type=files.FORMATS[kind]
        )
    pieces = (
        files.json_pieces(taken, day, rows) if kind == "json" else files.csv_pieces(taken, rows)
    )
    response = StreamingHttpResponse(pieces, content_type=files.FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class BringIn(OfficeView):
    """Bringing in an extract; those brought in before."""

    permission = "exchange.reconcile"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ExtractForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ExtractForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        upload, given = form.cleaned_data["file"], form.cleaned_data
        folder = Path(settings.MEDIA_ROOT) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
            kept.flush()
            try:
                extract, is_new = keep(
                    self.ctx, Path(kept.name), filename=upload.name, as_of=given["as_of"],
                    is_whole=given["is_whole"], again=given["again"],
                )  # fmt: skip
                if is_new:
                    start_comparing(self.ctx, extract)
            except Refused as refused:
                add_findings(form, refused.findings)
                return self.show(form)
        if not is_new:
            messages.info(
                request, _("This very file was held against the register before; nothing changed.")
            )
        return redirect("exchange:extract", extract.pk)

    def show(self, form: ExtractForm) -> HttpResponse:
        context = {
            "form": form, "layout": layout(REGISTRATION, self.ctx.today),
            "extracts": Extract.objects.visible_to(self.ctx).select_related("user")[:25],
        }  # fmt: skip
        status = 422 if form.errors else 200
        return render(self.request, "exchange/bring_in.html", context, status=status)


@require_GET
@needs("exchange.view")
def extract(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an extract came to."""
    ctx = request.ctx  # type: ignore[attr-defined]
    found = _extract(ctx, pk)
    unread = [
        (FIELD_NAMES.get(k.partition(":")[2], k), n)
        for k, n in found.counts.items()
        if k.startswith("unread:")
    ]
    context = {
        "extract": found, "unread": unread, "is_busy": found.state in UNFINISHED,
        "step": STEPS.get(found.step, ""), "may_act": found.is_within(ctx, "exchange.reconcile"),
    }  # fmt: skip
    return render(request, "exchange/extract.html", context)


def _extract(ctx: Any, pk: UUID) -> Extract:
    found = Extract.objects.visible_to(ctx).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@needs("exchange.reconcile")
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a comparison."""
    ctx = request.ctx  # type: ignore[attr-defined]
    try:
        stop_extract(ctx, _extract(ctx, pk))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    else:
        messages.success(request, _("Stopped: nothing of it was kept."))
    return redirect("exchange:extract", pk)


@require_POST
@needs("exchange.reconcile")
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Compare an extract again, with the register as it is today."""
    ctx = request.ctx  # type: ignore[attr-defined]
    try:
        queue(compare_again(ctx, _extract(ctx, pk)))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    return redirect("exchange:extract", pk)
