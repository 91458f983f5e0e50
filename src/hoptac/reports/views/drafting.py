"""Beginning a report, writing its sections, choosing what it takes up, every step of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Refused
from hoptac.reports import actions, selectors
from hoptac.reports.checks import findings_of
from hoptac.reports.drafting import Draft
from hoptac.reports.forms import NewForm, TextForm
from hoptac.reports.models import Report
from hoptac.reports.preview import shown
from hoptac.reports.steps import allowed
from hoptac.reports.views.offered import STEPS, Offered
from hoptac.reports.views.reading import ReportView
from hoptac.reports.words import words_for
from hoptac.ui.views import OfficeFormView, add_findings


class NewReport(OfficeFormView):
    """Begin a report: the draft is there at once."""

    permission = "reports.draft"
    template_name = "reports/new.html"
    form_class = NewForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {
            "key": uuid4().hex,
            "year": asked.get("year") or self.ctx.today.year,
            "kind": asked.get("kind"),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        g = dict(form.cleaned_data)
        ctx = self.ctx.by(idempotency_key=g.pop("key") or "")
        try:
            report = actions.begin_report(ctx, **g)
        except Refused as refused:
            known = next(
                (f.details["report"] for f in refused.findings if "report" in f.details), ""
            )
            if not known or selectors.report_seen(self.ctx, UUID(known)) is None:
                raise
            messages.info(self.request, refused.findings[0].message)
            return redirect("reports:report", known)
        messages.success(self.request, _("The draft is written from the records as they stand."))
        return redirect("reports:report", report.pk)

    def get_success_url(self) -> str:
        return reverse("reports:list")


class AuthorView(ReportView):
    """Base: a page of who writes the report."""

    permission = "reports.draft"

    def find(self, pk: Any) -> Report | None:
        report = selectors.report_seen(self.ctx, pk)
        return report if report and selectors.is_author(self.ctx, report) else None


class SectionPage(AuthorView):
    """The prose of one section, beside what the system writes into it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section = self._section()
        return self._show(TextForm(initial={"version": section.version, "text": section.text}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section = self._section()
        form = TextForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        g = form.cleaned_data
        try:
            actions.edit_text(self.ctx, section, text=g["text"], expected_version=g["version"])
        except Refused as refused:
            add_findings(form, refused.findings)
            return self._show(form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, _("Saved."))
        return redirect("reports:report", self.subject.pk)

    def _section(self) -> Any:
        section = selectors.section_of(self.subject, self.kwargs["code"])
        if section is None:
            raise Http404
        return section

    def _show(self, form: TextForm, status: int = 200) -> HttpResponse:
        draft = Draft(self.subject)
        part = next(s for s in draft.sections if s.spec.code == self.kwargs["code"])
        context = {
            "report": self.subject, "form": form, "title": part.spec.title, "blocks": shown(part.blocks)[1:],
            "gaps": part.gaps, "texts": selectors.texts_of(part.section), "may_edit": self.subject.is_open,
        }  # fmt: skip
        return render(self.request, "reports/section.html", context, status=status)


class Words(AuthorView):
    """What agencies met and ask for: which of it the report takes up."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = {
            name: [int(v) for v in request.POST.getlist(name) if v.isdecimal()]
            for name in ("difficulties", "proposals")
        }
        try:
            actions.choose_words(self.ctx, self.subject, **chosen)  # type: ignore[arg-type]
        except Refused as refused:
            messages.error(request, refused.findings[0].message)
            return self._show(422)
        messages.success(request, _("Saved."))
        return redirect("reports:report", self.subject.pk)

    def _show(self, status: int = 200) -> HttpResponse:
        report = self.subject
        kept = set(report.chosen.values_list("step", "kind"))
        rows = [
            (s, (s.pk, "difficulty") in kept, (s.pk, "proposal") in kept)
            for s in words_for(report)[:1000]
        ]
        context = {"report": report, "rows": rows, "may_edit": report.is_open}
        return render(self.request, "reports/words.html", context, status=status)


class StepPage(AuthorView):
    """One step of a report: its form, then its act."""

    step: Offered

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        if not self.ctx.may(step.permission):
            raise PermissionDenied(step.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"version": self.subject.version, "key": uuid4().hex}
        return self._show(self.step.form(self.ctx, self.subject, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.step.form(self.ctx, self.subject, request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        back = redirect("reports:report", self.subject.pk)
        ctx = self.ctx.by(idempotency_key=form.cleaned_data.get("key") or "")
        try:
            self.step.act(ctx, self.subject, form.cleaned_data)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        except Refused as refused:
            self.subject = self.find(self.subject.pk) or self.subject
            add_findings(form, refused.findings)
            passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
            return self._show(form, 409 if passed else 422)
        messages.success(request, self.step.done)
        return back

    def _show(self, form: Any, status: int = 200) -> HttpResponse:
        checked = self.step.code in {"submit", "sign"} and allowed(self.subject, self.step.kind)
        context = {
            "report": self.subject, "step": self.step, "form": form,
            "findings": findings_of(Draft(self.subject)) if checked else [],
        }  # fmt: skip
        return render(self.request, "reports/step.html", context, status=status)
