"""The list of reports, one report, its preview, tasks, files, comparison."""

from __future__ import annotations

import difflib
import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from hoptac.foundation.documents.official import file_name, to_docx, to_pdf
from hoptac.foundation.documents.official.wording import roman
from hoptac.foundation.documents.serving import handed_out
from hoptac.reports import selectors
from hoptac.reports.checks import findings_of
from hoptac.reports.documents import document_of
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Report
from hoptac.reports.preview import shown
from hoptac.reports.rules.sentences import written
from hoptac.reports.terms import Kind, Standing
from hoptac.reports.views.offered import offered
from hoptac.ui.views import OfficeListView, SubjectView

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class ReportList(OfficeListView):
    """The reports that the caller reads, by year and kind, with what is due next."""

    permission = "reports.view"
    template_name = "reports/list.html"
    context_object_name = "reports"

    def get_queryset(self) -> Any:
        found = selectors.reports_seen(self.ctx)
        year, kind = self.request.GET.get("year", ""), self.request.GET.get("kind", "")
        if year.isdecimal() and len(year) == 4:
            found = found.filter(year=int(year))
        if kind in Kind.values:
            found = found.filter(kind=kind)
        return found.order_by("-ends_on", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.ctx.today
        return super().get_context_data(**kwargs) | {
            "coming": [(c, c.days_left(today)) for c in selectors.coming_reports(self.ctx)],
            "asked": selectors.contributions_asked(self.ctx), "today": today,
            "years": range(today.year + 1, today.year - 8, -1), "kinds": Kind.choices,
            "year": self.request.GET.get("year", ""), "kind": self.request.GET.get("kind", ""),
            "may_begin": bool(self.ctx.may("reports.draft") and selectors.issuing_agencies(self.ctx)),
        }  # fmt: skip


class ReportView(SubjectView):
    """Base: a page of one report that the caller may read."""

    permission = "reports.view"
    subject: Report

    def find(self, pk: Any) -> Report | None:
        return selectors.report_seen(self.ctx, pk)


class WholeView(ReportView):
    """Base: a page of what only those see who read the whole report."""

    def find(self, pk: Any) -> Report | None:
        report = selectors.report_seen(self.ctx, pk)
        return report if report and selectors.reads_whole(self.ctx, report) else None


class ReportPage(ReportView):
    """Sections with their states, who has not contributed, gaps, figures, what comes next, the course."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report, ctx = self.subject, self.ctx
        context: dict[str, Any] = {
            "report": report, "own": selectors.own_contributions(ctx, report), "today": ctx.today,
        }  # fmt: skip
        if not selectors.reads_whole(ctx, report):
            return render(request, "reports/asked.html", context)
        draft = Draft(report)
        contributions = selectors.contributions_of(report)
        gaps = {s.spec.code: s.gaps for s in draft.sections}
        sections = [
            {
                "spec": s.spec, "gaps": gaps[s.spec.code], "section": s.section,
                "contributions": [c for c in contributions if s.section and c.section_id == s.section.pk],
            }
            for s in draft.sections
        ]  # fmt: skip
        is_author = selectors.is_author(ctx, report)
        return render(request, "reports/report.html", context | {
            "sections": sections,
            "figures": [(f, _said(f.value, f.places)) for f in draft.figures if "row" not in f.asked],
            "findings": findings_of(draft) if is_author and not report.signed_on else [],
            "is_author": is_author, "may_edit": is_author and report.is_open, "course": selectors.course_of(report),
            "missing": [c for c in contributions if c.state in {"asked", "returned"}],
            "steps": offered(ctx, report) if is_author else [],
            "last": selectors.last_signed(ctx, report),
        })  # fmt: skip


def _said(value: Any, places: int) -> str:
    return "" if value is None else written(value, places)


class Preview(WholeView):
    """The document as it stands, to read and to print."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = Draft(self.subject)
        document = document_of(draft)
        context = {
            "report": self.subject, "document": document, "is_party": document.profile == "party",
            "issuer": [document.issuer] if isinstance(document.issuer, str) else document.issuer,
            "blocks": shown(draft.blocks),
            "annexes": [
                (roman(n) if len(document.annexes) > 1 else "", a.title, shown(a.blocks))
                for n, a in enumerate(document.annexes, start=1)
            ],
            "gaps": draft.gaps,
        }  # fmt: skip
        return render(request, "reports/preview.html", context)


class Tasks(WholeView):
    """The tasks behind the figures of a report, as far as the caller may see them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = [s for s in request.GET.getlist("standing") if s in Standing.values]
        draft = Draft(self.subject)
        lines = selectors.lines_seen(self.ctx, draft, wanted)
        labels = dict(Standing.choices)
        return render(request, "reports/tasks.html", {
            "report": self.subject, "count": len(lines), "wanted": wanted, "standings": Standing.choices,
            "lines": [(line, labels[line.standing]) for line in lines[:500]],
        })  # fmt: skip


class Compare(WholeView):
    """Every figure and text beside those of the last signed report of the kind."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        last = selectors.last_signed(self.ctx, self.subject)
        if last is None:
            raise Http404
        draft, then = Draft(self.subject), Draft(last)
        before = {s.spec.code: s.text for s in then.sections}
        rows = [
            (c, _said(c.figure.value, c.figure.places), _said(c.then.value, c.then.places) if c.then else "",
             _signed(c.difference, c.figure.places), _signed(c.share, 1))
            for c in selectors.compared(draft, last)
            if c.is_told
        ]  # fmt: skip
        texts = [
            (s.spec.title, _differing(before.get(s.spec.code, ""), s.text))
            for s in draft.sections
            if s.text or before.get(s.spec.code)
        ]
        context = {"report": self.subject, "last": last, "rows": rows, "texts": texts}
        return render(request, "reports/compare.html", context)


def _signed(value: Any, places: int) -> str:
    if value is None:
        return ""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{written(abs(value), places)}"


def _differing(before: str, now: str) -> list[tuple[str, str]]:
    """Return the lines of two texts with what became of each: ``same``, ``new``, ``gone``."""
    found = []
    for line in difflib.ndiff(before.splitlines(), now.splitlines()):
        word = {" ": "same", "+": "new", "-": "gone"}.get(line[0])
        if word and line[2:].strip():
            found.append((word, line[2:]))
    return found


class File(WholeView):
    """The report as PDF or Word: as it was signed, or the draft as it stands."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = kwargs["form"]
        if form not in _TYPES:
            raise Http404
        stored = selectors.file_of(self.subject, form)
        if stored is not None:
            return handed_out(stored)
        document = document_of(Draft(self.subject))
        made = to_pdf(document) if form == "pdf" else to_docx(document)
        answer = FileResponse(
            io.BytesIO(made),
            as_attachment=True,
            filename=file_name(document, form),
            content_type=_TYPES[form],
        )
        answer["Cache-Control"] = "private, no-store"
        return answer
