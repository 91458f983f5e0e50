"""What the desk gave out: printed as it was issued, its course, and whether a file is one of ours."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.official import OfficialDocument, file_name, to_docx, to_pdf
from hoptac.foundation.documents.storing import MOST_BYTES
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook import NotInForce
from hoptac.registration import actions, papers, selectors
from hoptac.registration.applications import application, blank
from hoptac.registration.models import IssuedPaper
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.selectors import reaches, shows_people
from hoptac.registration.terms import HandedOutBy, IssuedKind
from hoptac.registration.views.filing import FilingView
from hoptac.registry.forms import DayField
from hoptac.registry.terms import Kind
from hoptac.ui.views import OfficeView, add_findings


class Printed(FilingView):
    """The receipt or the letter issued last, as it was issued; or the form for the applicant to sign."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        what = self.kwargs["what"]
        if what == "application":
            seen = shows_people(self.ctx, self.filing)
            return as_file(
                application(self.filing, shows_people=seen), request.GET.get("format", "pdf")
            )
        if what not in {"receipt", "letter"}:
            raise Http404
        found = papers.latest(self.filing, letters=what == "letter")
        if found is None:
            raise Http404
        return as_pdf(found.file.read(), found.file.name)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Return a PDF to be looked at in the browser."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def as_file(document: OfficialDocument, form: str) -> HttpResponse:
    """Return a form for applicants, as PDF to be looked at and printed or as Word to be filled in.

    :raises Http404: it is wanted in another form
    """
    if form == "pdf":
        return as_pdf(to_pdf(document), file_name(document, "pdf"))
    if form != "docx":
        raise Http404
    answer = HttpResponse(to_docx(document), content_type=media_type_of("a.docx"))
    name = content_disposition_header(True, file_name(document, "docx"))
    answer["Content-Disposition"] = name or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs("registration.view")
def blank_form(request: HttpRequest, procedure: str) -> HttpResponse:
    """Hand out the form of a procedure with nothing filled in, by the law of the day."""
    known, kind = PROCEDURES.get(procedure), request.GET.get("kind", Kind.COOPERATIVE.value)
    if known is None or kind not in Kind.values:
        raise Http404
    try:
        document = blank(known, kind, request.ctx.today)  # type: ignore[attr-defined]
    except NotInForce as error:
        raise Http404 from error
    return as_file(document, request.GET.get("format", "pdf"))


class _OfPaper(FilingView):
    """Base: one issued paper of a filing."""

    def paper(self) -> IssuedPaper:
        """Return the paper that the address names.

        :raises Http404: the filing has no such paper
        """
        for paper in selectors.issued_of(self.filing):
            if paper.pk == self.kwargs["paper"]:
                return paper
        raise Http404


class PaperFile(_OfPaper):
    """The paper's own bytes, or those of its signed file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        paper = self.paper()
        if request.GET.get("signed"):
            signed = list(paper.signed.all())
            if not signed:
                raise Http404
            return as_pdf(signed[-1].file.read(), signed[-1].file.name)
        return as_pdf(paper.file.read(), paper.file.name)


class HandOutForm(forms.Form):
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HandedOutBy.choices)
    to = forms.CharField(label=gettext_lazy("To"), max_length=120)
    on = DayField(label=gettext_lazy("On"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class CorrectForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What was wrong"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
    signatory = forms.CharField(label=gettext_lazy("Signed by"), max_length=120, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class SignedForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File as signed"))


class PaperPage(_OfPaper):
    """One paper: its bytes' digest, how it went out, what replaced it; and what may be done with it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        what = request.POST.get("what", "")
        permission = {"hand_out": "registration.receive", "correct": "registration.process",
                      "sign": "registration.decide"}.get(what)  # fmt: skip
        if permission is None or not reaches(self.ctx, self.filing, permission):
            raise Http404
        form = self.form(what, request.POST, request.FILES)
        if not form.is_valid():
            return self.show({what: form}, 422)
        given = form.cleaned_data
        ctx = self.ctx.by(idempotency_key=given.get("key") or "")
        try:
            if what == "hand_out":
                actions.hand_out_paper(ctx, self.filing, paper=self.kwargs["paper"], how=given["how"],
                                       to=given["to"], on=given["on"])  # fmt: skip
            elif what == "correct":
                new = actions.correct_paper(ctx, self.filing, paper=self.kwargs["paper"],
                                            words=given["words"], signatory=given["signatory"])  # fmt: skip
                messages.success(
                    request, _("Replaced by letter %(number)s.") % {"number": new.code}
                )
                return redirect("registration:issued", self.filing.pk, new.pk)
            else:
                content, name = _read(given["file"])
                actions.attach_signed_paper(ctx, self.filing, paper=self.kwargs["paper"],
                                            content=content, filename=name)  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show({what: form}, 422)
        else:
            messages.success(request, _("Recorded."))
        return redirect("registration:issued", self.filing.pk, self.kwargs["paper"])

    def form(self, what: str, data: Any = None, files: Any = None) -> forms.Form:
        begins = {"key": uuid4().hex, "on": self.ctx.today, "to": self.filing.applicant}
        kinds: dict[str, type[forms.Form]] = {
            "hand_out": HandOutForm, "correct": CorrectForm, "sign": SignedForm,
        }  # fmt: skip
        return kinds[what](data, files, initial=begins)

    def show(self, bound: dict[str, forms.Form] | None = None, status: int = 200) -> HttpResponse:
        paper, given = self.paper(), bound or {}
        may_correct = IssuedKind(paper.kind).is_letter and not hasattr(paper, "corrected_by")
        offered = [
            (what, given.get(what) or self.form(what), title, button)
            for what, permission, title, button, when in (
                ("hand_out", "registration.receive", _("Hand out"), _("Record it"), True),
                ("sign", "registration.decide", _("Signed file"), _("Lay it to the letter"),
                 IssuedKind(paper.kind).is_letter),
                ("correct", "registration.process", _("Replace a letter with a mistake"),
                 _("Issue a corrected letter"), may_correct),
            )
            if when and reaches(self.ctx, self.filing, permission)
        ]  # fmt: skip
        context = {
            "filing": self.filing, "paper": paper, "offered": offered,
            "replaced_by": getattr(paper, "corrected_by", None),
            "back": reverse("registration:filing", args=[self.filing.pk]),
        }  # fmt: skip
        return render(self.request, "registration/issued.html", context, status=status)


def _read(sent: Any) -> tuple[bytes, str]:
    """Return the file that was sent.

    :raises Refused: it is too big to be read
    """
    if (sent.size or 0) > MOST_BYTES:
        raise Refused(
            Finding("file_too_big", _("The file is too big: at most 50 MB."), field="file")
        )
    return sent.read(), sent.name or ""


class Check(OfficeView):
    """Whether a file that somebody brings is, byte for byte, a paper that was issued here."""

    permission = "registration.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(SignedForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SignedForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            content, _name = _read(form.cleaned_data["file"])
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, status=422)
        digest = hashlib.sha256(content).hexdigest()
        return self.show(SignedForm(), digest, selectors.issued_with_digest(self.ctx, digest))

    def show(
        self, form: forms.Form, digest: str = "", found: Any = None, status: int = 200
    ) -> HttpResponse:
        form.fields["file"].label = _("PDF of a receipt or letter")
        context = {"form": form, "digest": digest, "found": found}
        return render(self.request, "registration/check.html", context, status=status)
