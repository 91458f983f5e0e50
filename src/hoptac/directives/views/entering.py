"""Entering documents: typed, or read from a file; correcting them; their links; how long they bind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.directives import actions, forms, intake, selectors
from hoptac.directives.bringing import proposal_of, read_file, remarks_of, spec_of
from hoptac.directives.models import Directive
from hoptac.directives.views.documents import DocumentView
from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Refused
from hoptac.ui.views import OfficeView, add_findings

RECORD = "directives.record"


class EnteringView(OfficeView):
    """Base: a page for those who have documents to enter."""

    permission = RECORD

    def sent_key(self) -> Any:
        return self.ctx.by(idempotency_key=self.request.POST.get("key", "")[:40])


def file_of(form: Any) -> tuple[str, bytes] | None:
    """Return name and bytes of the file that a form brought, if any."""
    sent = form.cleaned_data.get("file")
    return (sent.name, sent.read()) if sent else None


class New(EnteringView):
    """Entering a document by hand."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(forms.RecordForm(self.ctx, initial={"key": uuid4().hex}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.RecordForm(self.ctx, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            made = actions.record_directive(
                self.sent_key(), facts=form.facts(), file=file_of(form),
                text=form.cleaned_data["text"],
            )  # fmt: skip
        except AlreadyDone as done:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("directives:directive", done.act.subject_id)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        messages.success(request, _("The document is entered."))
        return redirect("directives:directive", made.pk)

    def show(self, form: forms.RecordForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "may": selectors.may_record_at_all(self.ctx)}
        return render(self.request, "directives/new.html", context, status=status)


class Upload(EnteringView):
    """A file brought to be read; what was found is shown before anything is entered."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(forms.UploadForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            name, content = file_of(form) or ("", b"")
            read_file(name, content)
            token = intake.lay_down(self.ctx, name, content)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        return redirect(f"{reverse('directives:bring')}?file={token}")

    def show(self, form: forms.UploadForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "may": selectors.may_record_at_all(self.ctx)}
        return render(self.request, "directives/upload.html", context, status=status)


class Bring(EnteringView):
    """What was read of a file, for the officer to correct and enter."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.GET.get("file", "")
        if not token:
            return redirect("directives:upload")
        name, _content, reading = self._taken_up(token)
        proposal = proposal_of(self.ctx, reading)
        initial = {**proposal.values, "key": uuid4().hex, "waiting": token}
        form = forms.BringForm(self.ctx, reading, initial=initial)
        return self.show(form, name, reading, proposal.from_words)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get("waiting", "")
        if not token:
            return redirect("directives:upload")
        name, content, reading = self._taken_up(token)
        form = forms.BringForm(self.ctx, reading, request.POST)
        words = proposal_of(self.ctx, reading).from_words
        if not form.is_valid():
            return self.show(form, name, reading, words, 422)
        links = [
            spec_of(reference, kind, form.known.get(reference.symbol))
            for number, reference in enumerate(form.references)
            if (kind := form.cleaned_data.get(f"link_{number}"))
        ]
        try:
            made = actions.bring_directive(
                self.sent_key(), facts=form.facts(), file=(name, content), reading=reading, links=links
            )  # fmt: skip
        except AlreadyDone as done:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("directives:directive", done.act.subject_id)
        except Refused as refused:
            for finding in refused.findings:
                known = finding.details.get("directive") if finding.details else None
                if known:
                    messages.info(request, finding.message)
                    return redirect("directives:directive", known)
            add_findings(form, refused.findings)
            return self.show(form, name, reading, words, 422)
        messages.success(
            request, _("The document is entered. Look at the tasks proposed from its text.")
        )
        return redirect("directives:directive", made.pk)

    def _taken_up(self, token: str) -> tuple[str, bytes, Any]:
        taken = intake.take_up(self.ctx, token)
        if taken is None:
            raise Http404
        return (*taken, read_file(*taken))

    def show(
        self, form: forms.BringForm, name: str, reading: Any, words: dict[str, str], status: int = 200
    ) -> HttpResponse:  # fmt: skip
        fields = [(f, words.get(f.name, "")) for f in form.head_fields()]
        context = {
            "form": form, "fields": fields, "name": name, "reading": reading,
            "remarks": remarks_of(reading), "tasks": len(reading.tasks),
            "head": reading.text[:1500],
        }  # fmt: skip
        return render(self.request, "directives/bring.html", context, status=status)


class ReadAgain(DocumentView):
    """The file of a document that is entered already, brought to be read (again)."""

    permission = RECORD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(forms.UploadForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            name, content = file_of(form) or ("", b"")
            reading = read_file(name, content)
            rows = actions.store_reading(self.ctx, self.subject, reading=reading, file=(name, content))  # fmt: skip
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        messages.success(request, _("Read: %(n)s tasks are proposed.") % {"n": len(rows)})
        return redirect("directives:reading", self.subject.pk)

    def show(self, form: forms.UploadForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "d": self.subject, "may": True}
        return render(self.request, "directives/upload.html", context, status=status)


class Correct(DocumentView):
    """Correcting what was entered, or bringing the document that was only cited."""

    permission = RECORD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(forms.CorrectForm(self.ctx, self.subject, initial=forms.facts_of(self.subject)))  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.CorrectForm(self.ctx, self.subject, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        given = form.cleaned_data
        try:
            actions.correct_directive(
                self.ctx.because(given["reason"]), self.subject, changes=form.facts(), file=file_of(form),
                text=given.get("text") if "text" in form.fields else None,
                expected_version=given["version"],
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, _("Corrected. What was entered before stays on record."))
        return redirect("directives:directive", self.subject.pk)

    def show(self, form: forms.CorrectForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "d": self.subject}
        return render(self.request, "directives/correct.html", context, status=status)


class Links(DocumentView):
    """What a document does to others: said, and taken back."""

    permission = RECORD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(forms.LinkForm(self.ctx, self.subject))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = redirect("directives:links", self.subject.pk)
        if (link := request.POST.get("remove", "")) and link.isascii() and link.isdigit():
            actions.unlink_directives(self.ctx, self.subject, link=int(link))
            messages.success(request, _("The link is taken back."))
            return here
        form = forms.LinkForm(self.ctx, self.subject, request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        g = form.cleaned_data
        spec = actions.LinkSpec(
            kind=g["kind"], target=form.targets.get(g["target"]), articles=g["articles"],
            cited={n: g[n] for n in ("symbol", "title", "issued_on")},
        )  # fmt: skip
        try:
            made = actions.link_directives(self.ctx, self.subject, links=[spec])
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 422)
        messages.success(request, _("Linked.") if made else _("This link stands already."))
        return here

    def show(self, form: forms.LinkForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "d": self.subject, "links": selectors.links_of(self.ctx, self.subject)}  # fmt: skip
        return render(self.request, "directives/links.html", context, status=status)


@dataclass(frozen=True)
class Ending:
    """A way in which it is recorded until when a document binds."""

    title: Any
    button: Any
    done: Any
    form: Any
    act: Callable[[Any, Directive, dict[str, Any]], Any]
    lead: Any = ""


ENDINGS = {
    "revoke": Ending(
        gettext_lazy("Record that it was revoked"), gettext_lazy("Record it"), gettext_lazy("Recorded."),
        forms.RevokeForm,
        lambda ctx, d, g: actions.revoke_directive(
            ctx, d, on=g["on"], basis=g["basis"], expected_version=g["version"]),
    ),
    "expire": Ending(
        gettext_lazy("Record when it ends"), gettext_lazy("Record it"), gettext_lazy("Recorded."),
        forms.EndForm,
        lambda ctx, d, g: actions.expire_directive(
            ctx, d, ends_on=g["ends_on"], expected_version=g["version"]),
    ),
    "restore": Ending(
        gettext_lazy("Take its end back"), gettext_lazy("Take it back"), gettext_lazy("It binds again."),
        forms.ReasonForm,
        lambda ctx, d, g: actions.restore_directive(
            ctx.because(g["reason"]), d, expected_version=g["version"]),
        gettext_lazy("For an end or a revocation that was recorded by mistake."),
    ),
}  # fmt: skip


class End(DocumentView):
    """Recording until when a document binds, or taking that back."""

    permission = RECORD
    endings: ClassVar = ENDINGS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.ending.form(initial={"version": self.subject.version}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.ending.form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            self.ending.act(self.ctx, self.subject, form.cleaned_data)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, self.ending.done)
        return redirect("directives:directive", self.subject.pk)

    @property
    def ending(self) -> Ending:
        found = self.endings.get(self.kwargs["how"])
        if found is None:
            raise Http404
        return found

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "d": self.subject, "title": self.ending.title, "button": self.ending.button,
            "lead": self.ending.lead, "danger": self.kwargs["how"] == "revoke",
        }  # fmt: skip
        return render(self.request, "directives/step.html", context, status=status)
