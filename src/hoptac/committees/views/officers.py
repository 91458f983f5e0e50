"""Who follows the collective economy in each agency, with load and training."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.committees import actions, papers, selectors
from hoptac.committees.forms import OfficerForm
from hoptac.committees.models.committees import VIEW
from hoptac.committees.tables import columns, export_rows
from hoptac.committees.views.meetings import as_document
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.transfers.exports import csv_stream, write_xlsx
from hoptac.ui.steps import done_or_told, renamed
from hoptac.ui.views import OfficeFormView, OfficeView, SubjectView, add_findings

_NAME = "committees.name_officers"
_ONLY = ("without", "late", "untrained")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OfficerList(OfficeView):
    """The agencies with their officers; those without one stand out."""

    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx = self.ctx
        q, only = request.GET.get("q", ""), request.GET.get("only", "")
        everything = selectors.officers_by_agency(ctx, q=q)
        rows = selectors.kept_of(everything, only) if only in _ONLY else everything
        names = {
            "": _("All agencies"),
            "without": _("Without an officer"),
            "late": _("With late tasks"),
            "untrained": _("Without training"),
        }
        tabs = [
            {
                "label": names[code],
                "href": f"?only={code}" if code else "?",
                "is_current": code == (only if only in _ONLY else ""),
                "count": len(selectors.kept_of(everything, code) if code else everything),
            }
            for code in names
        ]
        context = {
            "rows": rows,
            "totals": selectors.officer_totals(everything),
            "tabs": tabs,
            "q": q,
            "only": only,
            "may_name": ctx.may(_NAME) and selectors.naming_agencies(ctx).exists(),
            "may_export": ctx.may("committees.export"),
        }
        return render(request, "committees/officers.html", context)


@require_GET
@needs("committees.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Return the list as ``?format=csv`` or ``xlsx``; the journal notes who took it."""
    ctx = request.ctx  # type: ignore[attr-defined]
    form = request.GET.get("format", "xlsx")
    if form not in {"csv", "xlsx"}:
        raise Http404
    only = request.GET.get("only", "")
    agencies = selectors.officers_by_agency(
        ctx, q=request.GET.get("q", ""), only=only if only in _ONLY else ""
    )
    actions.record_officers_export(ctx, format=form, rows=len(agencies))
    word = _("following-officers")
    name = f"{word}-{ctx.today:%Y-%m-%d}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(
            csv_stream(columns(), export_rows(agencies)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer  # type: ignore[no-any-return]
    book = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (closed by the response)
    lines = [_("As of %(day)s.") % {"day": f"{ctx.today:%d/%m/%Y}"}]
    write_xlsx(book, columns(), export_rows(agencies), title=_("Following officers"), lines=lines)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


class NewOfficer(OfficeFormView):
    """Naming who follows the collective economy in an agency."""

    permission = _NAME
    template_name = "committees/officer_new.html"
    form_class = OfficerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx, "subject": None}

    def get_initial(self) -> dict[str, Any]:
        return {
            "key": uuid4().hex,
            "since": self.ctx.today,
            "agency": self.request.GET.get("agency"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        g = form.cleaned_data
        try:
            officer = actions.name_following_officer(
                self.ctx.by(idempotency_key=g["key"] or ""),
                agency=g["agency"],
                name=g["name"],
                post=g["post"],
                since=g["since"],
                decision=g["decision"],
                user=g["user"],
                fields=g["fields_followed"],
                is_main_work=g["is_main_work"],
            )
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("officers:list")
        except Refused as refused:
            add_findings(form, renamed(form, refused.findings))
            return self.form_invalid(form)
        messages.success(request, _("Named."))
        return redirect("officers:officer", officer.pk)

    def get_success_url(self) -> str:
        return reverse("officers:list")


class OfficerPage(SubjectView):
    """One officer: since when, what lies on the person, handovers, training."""

    permission = VIEW

    def find(self, pk: Any) -> Any:
        return selectors.officer_seen(self.ctx, pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx, officer = self.ctx, self.subject
        trainings = selectors.trainings_of(officer)
        context = {
            "officer": officer,
            "is_in_charge": ctx.today in officer.valid,
            "load": selectors.load_of(ctx, officer),
            "handovers": selectors.handovers_of(ctx, officer),
            "trainings": trainings,
            "hours": sum(t.hours for t in trainings),
            "may_change": selectors.names(ctx, officer),
        }
        return render(request, "committees/officer.html", context)


class HandoverPaper(SubjectView):
    """The minutes of a handover, ``pdf`` or ``docx``, for the agency's own people."""

    permission = _NAME

    def find(self, pk: Any) -> Any:
        return selectors.handover_seen(self.ctx, pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["form"] not in {"pdf", "docx"}:
            raise Http404
        handover = self.subject
        return as_document(papers.handover_minutes(handover, handover.listed), kwargs["form"])


class RetireTraining(OfficeView):
    """A course taken back."""

    permission = _NAME

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        training = selectors.training_seen(self.ctx, kwargs["pk"])
        if training is None:
            raise Http404
        done_or_told(request, lambda: actions.retire_training(self.ctx, training))
        return redirect("officers:officer", training.officer_id)
