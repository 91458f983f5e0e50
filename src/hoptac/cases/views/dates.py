"""The dates of a body from which its grounds are judged: kept, corrected, struck out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.cases import actions, forms, selectors
from hoptac.cases.in_words import ground_line
from hoptac.cases.terms import Share
from hoptac.cases.watch import judged_body
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.selectors import cooperative_seen
from hoptac.registry.tables import labels, number
from hoptac.ui.views import SubjectView, add_findings


class BodyView(SubjectView):
    """Base: a page of one body within the caller's territory."""

    permission = "cases.keep_dates"

    def find(self, pk: Any) -> Cooperative | None:
        found = cooperative_seen(self.ctx, pk)
        return found if found and found.is_within(self.ctx, self.permission) else None

    @property
    def body(self) -> Cooperative:
        found: Cooperative = self.subject
        return found

    def name(self) -> str:
        period = Period.objects.filter(cooperative=self.body, is_latest=True).first()
        return period.name if period else ""


class DatesPage(BodyView):
    """Every date and part kept of a body, and what its grounds come to by them."""

    permission = "cases.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        names = labels(Share)
        context = {
            "body": self.body, "name": self.name(), "dates": list(selectors.dates_of(self.body)),
            "shares": [
                (s, [(names[p], f"{number(v)} %") for p, v in s.parts.items()])
                for s in selectors.shares_of(self.body)
            ],
            "lines": [ground_line(j, self.body.kind) for j in judged_body(self.body, self.ctx.today)],
            "may_keep": self.ctx.may("cases.keep_dates") and self.body.is_within(self.ctx, "cases.keep_dates"),
        }  # fmt: skip
        return render(request, "cases/dates.html", context)


class RowView(BodyView, ABC):
    """Base: one form that ends in one act upon a body's dates."""

    form_class: ClassVar[type[Any]]
    title: ClassVar[Any]
    button: ClassVar[Any] = gettext_lazy("Record it")
    done: ClassVar[Any] = gettext_lazy("Recorded; the grounds are judged anew.")

    def initial(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form_class(initial={"key": uuid4().hex, **self.initial()}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        self.prepare(form)
        if not form.is_valid():
            return self.show(form, 422)
        given = form.cleaned_data
        try:
            self.act(
                self.ctx.by(idempotency_key=given.get("key") or "", reason=given.get("reason", "")),
                form,
            )
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        else:
            messages.success(request, self.done)
        return redirect("cases:dates", self.body.pk)

    def prepare(self, form: Any) -> None:
        """Let a form that strikes out ask for nothing but the reason."""
        if form.data.get("strike"):
            for name, field in form.fields.items():
                field.required = name == "reason"

    @abstractmethod
    def act(self, ctx: Any, form: Any) -> None:
        """Perform the act that the form describes."""

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "title": self.title, "button": self.button, "name": self.name(),
            "body": self.body, "back": reverse("cases:dates", args=[self.body.pk]),
        }  # fmt: skip
        return render(self.request, "cases/row.html", context, status=status)


class NewDate(RowView):
    form_class = forms.DateForm
    title = gettext_lazy("Keep a date")

    def initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", "")}

    def act(self, ctx: Any, form: Any) -> None:
        g = form.cleaned_data
        actions.record_date(
            ctx, self.body, kind=g["kind"], on=g["on"], until=g["until"], document=g["document"],
            note_text=g["note_text"],
        )  # fmt: skip


class CorrectDate(RowView):
    form_class = forms.DateCorrectionForm
    title = gettext_lazy("Correct a kept date")

    def initial(self) -> dict[str, Any]:
        row = selectors.dates_of(self.body).filter(pk=self.kwargs["row"]).first()
        if row is None:
            raise Http404
        return {"on": row.on, "until": row.until, "document": row.document, "note_text": row.note}

    def act(self, ctx: Any, form: Any) -> None:
        g = form.cleaned_data
        actions.correct_date(
            ctx, self.body, row=self.kwargs["row"], on=None if g["strike"] else g["on"],
            until=g["until"], document=g["document"], note_text=g["note_text"],
        )  # fmt: skip


class NewShares(RowView):
    form_class = forms.SharesForm
    title = gettext_lazy("State parts")

    def act(self, ctx: Any, form: Any) -> None:
        g = form.cleaned_data
        actions.state_shares(
            ctx, self.body, as_of=g["as_of"], parts=form.parts(), document=g["document"]
        )


class CorrectShares(RowView):
    form_class = forms.SharesCorrectionForm
    title = gettext_lazy("Correct a statement of parts")

    def initial(self) -> dict[str, Any]:
        row = selectors.shares_of(self.body).filter(pk=self.kwargs["row"]).first()
        if row is None:
            raise Http404
        return {"as_of": row.as_of, "document": row.document, **row.parts}

    def act(self, ctx: Any, form: Any) -> None:
        g = form.cleaned_data
        actions.correct_shares(
            ctx, self.body, row=self.kwargs["row"], as_of=None if g["strike"] else g["as_of"],
            parts=form.parts(), document=g["document"],
        )  # fmt: skip
