"""The import wizard: bring a file in, see what was read, decide, enter, undo."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import CellFinding, write_quarantine_workbook
from hoptac.foundation.transfers.models import ImportBatch, ImportFinding
from hoptac.foundation.transfers.sheets import BadWorkbook, read_workbook
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.registry.import_forms import DayForm, LineForm, UploadForm
from hoptac.registry.importing import entering, mending, problems, service, tasks, telling
from hoptac.registry.listing_fields import FIELDS
from hoptac.registry.models import Period, RegisterLine, Verdict

PERMISSION = "registry.import_register"
_BUSY = {BatchState.WAITING, BatchState.READING, BatchState.APPLYING}
_SHOWN = 25


def _ctx(request: HttpRequest) -> Context:
    return request.ctx  # type: ignore[attr-defined, no-any-return]


def _batch(request: HttpRequest, pk: UUID) -> ImportBatch:
    found = ImportBatch.objects.visible_to(_ctx(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _say(request: HttpRequest, refused: Refused) -> None:
    for finding in refused.findings:
        messages.error(request, finding.message)


@needs(PERMISSION)
def imports_page(request: HttpRequest) -> HttpResponse:
    """List the caller's files and take a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(dir=_upload_folder()) as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
            kept.flush()
            try:
                batch = service.bring_in(
                    _ctx(request), Path(kept.name), filename=upload.name,
                    kind=form.cleaned_data["kind"], as_of=form.cleaned_data["as_of"],
                )  # fmt: skip
            except Refused as refused:
                form.add_error("file", "; ".join(str(f.message) for f in refused.findings))
            else:
                tasks.start_reading(batch)
                return redirect("imports:batch", pk=batch.pk)
    batches = ImportBatch.objects.visible_to(_ctx(request))
    page = Paginator(batches, _SHOWN).get_page(request.GET.get("page"))
    return render(request, "registry/imports.html", {"form": form, "page": page})


def _upload_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@require_GET
@needs(PERMISSION)
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where a file stands: being read, refused, ready to be decided upon, entered, undone."""
    batch = _batch(request, pk)
    context: dict[str, Any] = {"batch": batch, "busy": batch.state in _BUSY, "step": _step(batch)}
    if batch.state in _BUSY:
        context["progress_text"] = _STEPS.get(batch.step, "")
        return render(request, "registry/import_busy.html", context)
    context["earlier"] = service.earlier_entry(batch) if batch.state == BatchState.READY else None
    found = (
        ImportFinding.objects.filter(batch=batch)
        .values("code", "severity")
        .annotate(n=Count("id"))
        .order_by("severity", "-n")
    )
    context["codes"] = [{**f, "sentence": problems.sentence(f["code"])} for f in found]
    code = request.GET.get("code", "")
    findings = ImportFinding.objects.filter(batch=batch)
    if code:
        findings = findings.filter(code=code)
    context["code"] = code
    context["findings"] = Paginator(findings, _SHOWN).get_page(request.GET.get("page"))
    for finding in context["findings"]:
        finding.sentence = problems.sentence(finding.code)
    verdict = request.GET.get("verdict", "")
    words = _OF_RETURNS if batch.kind == FileKind.RETURNS else {}
    context["verdicts"] = [
        {"code": v.value, "label": words.get(v, v.label), "n": batch.counts.get(v.value, 0)}
        for v in Verdict
        if batch.counts.get(v.value)
    ]
    lines = RegisterLine.objects.filter(batch=batch).order_by("sheet", "row")
    if verdict in Verdict.values:
        lines = lines.filter(verdict=verdict)
        context["verdict"] = verdict
    else:
        lines = lines.filter(verdict__in=(Verdict.QUARANTINED, Verdict.UNDECIDED))
    context["lines"] = Paginator(lines, _SHOWN).get_page(request.GET.get("lines"))
    for line in context["lines"]:
        line.words = [problems.sentence(c) for c in line.problems]
        if line.verdict == Verdict.QUARANTINED and batch.kind == FileKind.REGISTER:
            line.words += _missing(line)
    context["to_enter"] = batch.counts.get("new", 0) + batch.counts.get("changed", 0)
    context["day_form"] = DayForm(initial={"as_of": batch.as_of})
    context["key"] = str(uuid7())
    repeated = batch.counts.get("undecided", 0) * 10 > batch.counts.get("read", 0) * 4
    context["looks_like_returns"] = (
        repeated and batch.counts["read"] > 20 and len(batch.layouts) > 1
    )
    context["is_register"] = batch.kind == FileKind.REGISTER
    context["is_return"] = batch.kind == FileKind.RETURNS
    return render(request, "registry/import_batch.html", context)


def _missing(line: RegisterLine) -> list[str]:
    """Return what a line must say to be taken, and does not."""
    wanted = (
        (line.name, _("The name is missing.")),
        (line.sector, _("The sector is missing.")),
        (line.commune_id, _("The commune is missing or not known.")),
    )
    return [sentence for value, sentence in wanted if not value]


_OF_RETURNS = {
    Verdict.CHANGED: gettext_lazy("Not in the register yet"),
    Verdict.UNDECIDED: gettext_lazy("Otherwise in the register: you decide"),
}
_STEPS = {
    "opening": gettext_lazy("Opening the file"), "reading": gettext_lazy("Reading the rows"),
    "staging": gettext_lazy("Checking the values"), "matching": gettext_lazy("Looking for each in the register"),
    "entering_bodies": gettext_lazy("Entering new bodies"),
    "entering_particulars": gettext_lazy("Entering particulars"),
    "entering_figures": gettext_lazy("Entering figures"), "counting_acts": gettext_lazy("Counting"),
    "building_periods": gettext_lazy("Building the view of every day"),
    "writing_journal": gettext_lazy("Writing the journal"), "ready": gettext_lazy("Ready"),
}  # fmt: skip


def _step(batch: ImportBatch) -> int:
    if batch.state in {BatchState.WAITING, BatchState.READING, BatchState.REFUSED}:
        return 1
    if batch.state in {BatchState.APPLIED, BatchState.UNDONE}:
        return 4
    return 3 if batch.state == BatchState.APPLYING else 2


@needs(PERMISSION)
def columns_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show which column was taken for what; an officer may say otherwise, and it is remembered."""
    batch = _batch(request, pk)
    if batch.state not in {BatchState.READY, BatchState.REFUSED}:
        return redirect("imports:batch", pk=pk)
    if request.method == "POST":
        mapping: dict[str, dict[str, str]] = {}
        for index, (key, layout) in enumerate(telling.layouts_by_key(batch.layouts).items()):
            chosen = {
                letter: request.POST.get(f"c-{index}-{letter}", "") for letter in layout["headings"]
            }
            mapping[key] = chosen
        try:
            telling.tell_columns(_ctx(request), batch, mapping=mapping)
        except Refused as refused:
            _say(request, refused)
            return redirect("imports:batch", pk=pk)
        tasks.start_reading(batch)
        messages.success(request, _("The file was read again with your columns."))
        return redirect("imports:batch", pk=pk)
    labels = {f.code: field_label(f.code) for f in FIELDS}
    sheets = []
    for index, layout in enumerate(telling.layouts_by_key(batch.layouts).values()):
        by_letter = {letter: code for code, letter in layout["columns"].items()}
        sheets.append(
            {
                "index": index,
                "name": layout["sheet"],
                "header_rows": layout["header_rows"],
                "columns": [
                    {"letter": letter, "heading": text, "code": by_letter.get(letter, "")}
                    for letter, text in layout["headings"].items()
                ],
            }
        )
    context = {"batch": batch, "sheets": sheets, "fields": list(labels.items()), "step": 2}
    return render(request, "registry/import_columns.html", context)


def field_label(code: str) -> str:
    """Return a field's name on screen."""
    names: Mapping[str, str] = {
        "number": _("Row number"), "name": _("Name"), "registration_number": _("Registration number"),
        "sector": _("Sector"), "activity": _("Main activity"), "district": _("District"),
        "commune": _("Commune"), "address": _("Address"), "established_on": _("Established on"),
        "charter_capital": _("Charter capital"), "area": _("Cultivated area"), "members": _("Members"),
        "workers": _("Workers"), "chairman": _("Chairman"), "director": _("Director"),
        "phone": _("Telephone"), "status": _("Working state"), "note": _("Note"),
    }  # fmt: skip
    return names.get(code, code)


@require_POST
@needs(PERMISSION)
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter what can be taken, once, however often the button is pressed."""
    batch = _batch(request, pk)
    ctx = _ctx(request).by(idempotency_key=request.POST.get("key", "")[:40])
    try:
        done = tasks.start_entering(ctx, batch)
    except AlreadyDone:
        done = True
    except Refused as refused:
        _say(request, refused)
        return redirect("imports:batch", pk=pk)
    if done:
        messages.success(request, _("The list was entered in the register."))
    return redirect("imports:batch", pk=pk)


@require_POST
@needs("registry.undo_import")
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the whole file back."""
    batch = _batch(request, pk)
    try:
        entering.undo_list(_ctx(request).because(request.POST.get("reason", "")), batch)
    except Refused as refused:
        _say(request, refused)
    else:
        messages.success(request, _("The import was undone."))
    return redirect("imports:batch", pk=pk)


@require_POST
@needs(PERMISSION)
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the file up."""
    batch = _batch(request, pk)
    try:
        service.put_aside(_ctx(request), batch)
    except Refused as refused:
        _say(request, refused)
        return redirect("imports:batch", pk=pk)
    messages.success(request, _("The file was put aside."))
    return redirect("imports:list")


@require_POST
@needs(PERMISSION)
def set_day(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say on which day the list was true; it is read again for that day."""
    batch = _batch(request, pk)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            telling.tell_day(_ctx(request), batch, on=form.cleaned_data["as_of"])
        except Refused as refused:
            _say(request, refused)
        else:
            tasks.start_reading(batch)
    else:
        messages.error(request, _("Enter the day as 31/12/2019."))
    return redirect("imports:batch", pk=pk)


@needs(PERMISSION)
def line_page(request: HttpRequest, pk: UUID, line: int) -> HttpResponse:
    """Mend one line, or decide about it."""
    batch = _batch(request, pk)
    row = RegisterLine.objects.filter(batch=batch, pk=line).first()
    if row is None:
        raise Http404
    day = batch.as_of or _ctx(request).today
    form = LineForm(request.POST or None, instance=row, day=day, province_code=batch.province_code)
    is_return = batch.kind == FileKind.RETURNS
    if is_return:
        form = form.of_a_return()
    if request.method == "POST":
        try:
            if "decision" in request.POST:
                told = request.POST["decision"]
                decision, _sep, body = told.partition(":")
                mending.decide_line(
                    _ctx(request),
                    batch,
                    line=line,
                    decision=decision,
                    body=UUID(body) if body else None,
                )
                return redirect("imports:batch", pk=pk)
            if form.is_valid():
                mending.mend_line(_ctx(request), batch, line=line, values=form.cleaned_data)
                messages.success(request, _("The line was mended and checked again."))
                return redirect("imports:batch", pk=pk)
        except (Refused, ValueError) as error:
            for finding in getattr(error, "findings", ()):
                form.add_error(
                    finding.field if finding.field in form.fields else None, finding.message
                )
    found = ImportFinding.objects.filter(batch=batch, sheet=row.sheet, row=row.row)
    for finding in found:
        finding.sentence = problems.sentence(finding.code)  # type: ignore[attr-defined]
    context = {"batch": batch, "line": row, "form": form, "findings": found, "is_return": is_return}
    label = _OF_RETURNS.get(Verdict(row.verdict)) if is_return else None
    context["verdict"] = label or row.get_verdict_display()
    if is_return and row.cooperative_id:
        periods = Period.objects.visible_to(_ctx(request)).filter(cooperative_id=row.cooperative_id)
        context["register"] = periods.filter(valid__contains=row.as_of).first()
    return render(request, "registry/import_line.html", context)


@require_GET
@needs(PERMISSION)
def findings_workbook(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """Return the officer's own rows with the findings written in the cells.

    With ``?only=quarantine`` only the rows that could not be taken.
    """
    batch = _batch(request, pk)
    path = Path(settings.MEDIA_ROOT) / batch.path
    try:
        workbook = read_workbook(path, batch.filename)
    except BadWorkbook as error:
        raise Http404 from error
    cells: dict[tuple[str, int, int | None], list[CellFinding]] = {}
    for f in ImportFinding.objects.filter(batch=batch, row__isnull=False):
        column = _index(f.column) if f.column else None
        place = (f.sheet, (f.row or 1) - 1, column)
        told = CellFinding(problems.in_words(f), f.severity)  # type: ignore[arg-type]
        cells.setdefault(place, []).append(told)
    rows: dict[str, set[int]] | None = None
    if request.GET.get("only") == "quarantine":
        rows = {s.name: set() for s in workbook.sheets}
        kept = RegisterLine.objects.filter(
            batch=batch, verdict__in=(Verdict.QUARANTINED, Verdict.UNDECIDED)
        )
        for sheet, row in kept.values_list("sheet", "row"):
            rows.setdefault(sheet, set()).add(row - 1)
    headers = {x["sheet"]: max(x["header_rows"]) - 1 for x in reversed(batch.layouts)}
    target = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_quarantine_workbook(target, workbook.sheets, cells, header_rows=headers, rows=rows)
    target.seek(0)
    word = _("findings")
    name = f"{Path(batch.filename).stem}-{word}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name)


def _index(letter: str) -> int:
    number = 0
    for c in letter:
        number = number * 26 + ord(c) - 64
    return number - 1
