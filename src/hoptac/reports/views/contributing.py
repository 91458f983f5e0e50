"""An agency's part of a report: handing it in, and the author's judgement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hoptac.foundation.actions import Conflict
from hoptac.foundation.findings import Refused
from hoptac.reports import actions, selectors
from hoptac.reports.drafting import Draft
from hoptac.reports.forms import JudgeForm, TextForm
from hoptac.reports.models import Contribution
from hoptac.reports.terms import Answer, Standing
from hoptac.reports.views.drafting import AuthorView
from hoptac.reports.views.reading import ReportView
from hoptac.ui.views import add_findings


class HandIn(ReportView):
    """One agency's part: its tasks and what it told in the period are at hand, its text is typed here."""

    permission = "reports.contribute"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self._row()
        text = row.text or self._proposed(row)
        return self._show(row, TextForm(initial={"version": row.version, "text": text}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self._row()
        form = TextForm(request.POST)
        if not form.is_valid():
            return self._show(row, form, 422)
        g = form.cleaned_data
        try:
            actions.hand_in(self.ctx, row, text=g["text"], expected_version=g["version"])
        except Refused as refused:
            add_findings(form, refused.findings)
            return self._show(row, form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, _("Handed in."))
        return redirect("reports:report", self.subject.pk)

    def _row(self) -> Contribution:
        row = selectors.contribution_seen(self.ctx, self.subject, self.kwargs["item"])
        if row is None:
            raise Http404
        return row

    @staticmethod
    def _proposed(row: Contribution) -> str:
        """Return what the agency told in the period, to be edited: its own words, line by line."""
        spec = {"kho_khan": "difficulty", "han_che": "difficulty", "kien_nghi": "proposal"}.get(
            row.section.code
        )
        if spec is None:
            return ""
        return "\n".join(
            f"- {said}" for s in selectors.told_by(row) if (said := getattr(s, spec).strip())
        )

    def _show(self, row: Contribution, form: TextForm, status: int = 200) -> HttpResponse:
        labels = dict(Standing.choices)
        lines = selectors.tasks_led(row, Draft(self.subject))
        context = {
            "report": self.subject, "row": row, "form": form, "told": selectors.told_by(row),
            "lines": [(line, labels[line.standing]) for line in lines[:100]], "today": self.ctx.today,
            "may_write": row.is_within(self.ctx, "reports.contribute") and row.state != Answer.ACCEPTED
            and self.subject.state in {"drafting", "contributing"},
        }  # fmt: skip
        return render(self.request, "reports/contribution.html", context, status=status)


class Judge(AuthorView):
    """Accept what an agency handed in, or send it back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self._row()
        return self._show(row, JudgeForm(initial={"version": row.version}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self._row()
        form = JudgeForm(request.POST)
        if not form.is_valid():
            return self._show(row, form, 422)
        g = form.cleaned_data
        try:
            if request.POST.get("verdict") == "return":
                actions.return_contribution(
                    self.ctx, row, words=g["words"], expected_version=g["version"]
                )
                messages.success(request, _("Sent back."))
            else:
                actions.accept_contribution(self.ctx, row, expected_version=g["version"])
                messages.success(request, _("Accepted."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self._show(row, form, 409 if isinstance(refused, Conflict) else 422)
        return redirect("reports:report", self.subject.pk)

    def _row(self) -> Contribution:
        row = selectors.contribution_seen(self.ctx, self.subject, self.kwargs["item"])
        if row is None:
            raise Http404
        return row

    def _show(self, row: Contribution, form: JudgeForm, status: int = 200) -> HttpResponse:
        context = {"report": self.subject, "row": row, "form": form}
        return render(self.request, "reports/judge.html", context, status=status)
