"""Sending documents to agencies, and what each of them answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from hoptac.directives import actions, forms, listed, selectors
from hoptac.directives.actions.distributing import own_document_term
from hoptac.directives.in_words import recipient_line
from hoptac.directives.models import Recipient
from hoptac.directives.views.documents import A_PAGE, DocumentView, numbered
from hoptac.directives.views.handing_out import handed_out_list
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.ui.views import OfficeView, SubjectView, add_findings


class Distribute(DocumentView):
    """Choosing to whom a document goes: single agencies, or whole groups."""

    permission = "directives.distribute"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = parse_day(request.GET.get("sent_on"), self.ctx.today)
        initial = {"sent_on": day, "key": uuid4().hex}
        return self.show(forms.DistributeForm(self.ctx, self.subject, day, initial=initial), day)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = (
            forms.DayField(required=False).clean(request.POST.get("sent_on", ""))
            if _is_day(request.POST.get("sent_on", ""))
            else self.ctx.today
        )
        form = forms.DistributeForm(self.ctx, self.subject, day, request.POST)
        if not form.is_valid():
            return self.show(form, day, 422)
        g = form.cleaned_data
        try:
            rows = actions.distribute(
                self.ctx.by(idempotency_key=g["key"]), self.subject, agencies=g["agencies"],
                informed=g["informed"],
                sent_on=g["sent_on"], acknowledge_by=g["acknowledge_by"], make_by=g["make_by"],
            )  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("directives:directive", self.subject.pk)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, day, 422)
        said = ngettext("Sent to %(n)s agency.", "Sent to %(n)s agencies.", len(rows))
        messages.success(request, said % {"n": len(rows)})
        return redirect("directives:directive", self.subject.pk)

    def show(self, form: forms.DistributeForm, day: date, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "d": self.subject, "day": day, "is_named": bool(form.named) and not form.is_bound,
            "term": own_document_term(day), "fields": [form[n] for n in ("sent_on", "acknowledge_by", "make_by")],
        }  # fmt: skip
        return render(self.request, "directives/distribute.html", context, status=status)


def parse_day(text: str | None, otherwise: date) -> date:
    """Return the day that an address names (2020-06-30)."""
    try:
        return parse_date(text or "") or otherwise
    except ValueError:
        return otherwise


def _is_day(text: str) -> bool:
    try:
        return forms.DayField(required=False).clean(text) is not None
    except Exception:
        return False


class Recipients(DocumentView):
    """Acts of the sender upon recipients ticked on the document's page."""

    permission = "directives.distribute"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = redirect(f"{reverse('directives:directive', args=[self.subject.pk])}#recipients")
        ticked = forms.uuids(request.POST.getlist("recipient"))
        try:
            match request.POST.get("do", ""):
                case "recall":
                    for pk in ticked[:1]:
                        actions.recall_recipient(
                            self.ctx, self.subject, recipient=pk, because=request.POST.get("because", "")
                        )  # fmt: skip
                    if len(ticked) != 1:
                        messages.warning(request, _("Tick the one recipient to recall."))
                    else:
                        messages.success(request, _("Recalled. The sending stays on record."))
                case "ask":
                    day = request.POST.get("by", "")
                    by = forms.DayField().clean(day) if _is_day(day) else None
                    if by is None:
                        messages.warning(request, _("Enter the day by which it is due."))
                        return back
                    count = actions.ask_own_document(self.ctx, self.subject, recipients=ticked, by=by)  # fmt: skip
                    messages.success(request, _("Asked: %(n)s.") % {"n": count})
                case "act" | "know" as purpose:
                    count = actions.change_purpose(
                        self.ctx, self.subject, recipients=ticked, purpose=purpose
                    )
                    said = (
                        ngettext("%(n)s agency is to act.", "%(n)s agencies are to act.", count)
                        if purpose == "act"
                        else ngettext(
                            "%(n)s agency has it for information.",
                            "%(n)s agencies have it for information.",
                            count,
                        )
                    )
                    messages.success(request, said % {"n": count})
                case "ask_no_more":
                    count = actions.ask_own_document(self.ctx, self.subject, recipients=ticked, by=None)  # fmt: skip
                    messages.success(request, _("No longer asked: %(n)s.") % {"n": count})
                case _:
                    messages.warning(request, _("Nothing was chosen."))
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, finding.message)
        return back


# --- The overview ----------------------------------------------------------------------------------


def _wanted(ctx: Context, query: Any) -> listed.SendingFilter:
    side = "in" if selectors.own_agencies(ctx) else "out"
    return listed.SendingFilter.read(query, side=side)


class Sendings(OfficeView):
    """What was sent to the caller's agencies, and what became of what the caller's desk sent."""

    permission = selectors.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx, wanted = self.ctx, _wanted(self.ctx, request.GET)
        page = numbered(Paginator(wanted.rows(ctx), A_PAGE).get_page(request.GET.get("page")))
        counts = listed.sending_counts_of(ctx, wanted)
        own = selectors.own_agencies(ctx)
        tabs = [
            {"label": label, "href": f"?{wanted.query(state=code)}", "count": counts[code],
             "is_current": code == wanted.state}
            for code, label in listed.STATES.items()
        ]  # fmt: skip
        rows = list(page.object_list)
        documents = selectors.directives_seen(ctx).in_bulk({r.own_directive_id for r in rows} - {None})  # fmt: skip
        lines = []
        for row in rows:
            row.own_seen = documents.get(row.own_directive_id)  # type: ignore[attr-defined]
            lines.append(recipient_line(row, ctx.today))
        context = {
            "wanted": wanted, "page": page, "lines": lines, "tabs": tabs, "own": own,
            "sides": listed.SIDES.items(), "query": wanted.query(),
            "directive": selectors.directive_seen(ctx, wanted.directive) if wanted.directive else None,
            "may_acknowledge": wanted.side == "in" and ctx.may("directives.acknowledge"),
        }  # fmt: skip
        return render(request, "directives/sendings.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Acknowledge receipt of everything that was ticked: all, or none with the reason."""
        if not self.ctx.may("directives.acknowledge"):
            raise PermissionDenied("directives.acknowledge")
        ids = forms.uuids(request.POST.getlist("recipient"))[:200]
        rows = list(selectors.inbox(self.ctx).filter(pk__in=ids).select_related("agency").order_by("pk"))  # fmt: skip
        if len(rows) < len(set(ids)):
            raise Http404
        back = redirect(f"{reverse('directives:sendings')}?{_wanted(self.ctx, request.GET).query()}")  # fmt: skip
        if not rows:
            messages.warning(request, _("Tick what you have received."))
            return back
        actions.acknowledge_several(self.ctx, recipients=rows)
        said = ngettext(
            "Receipt of %(n)s document acknowledged.",
            "Receipt of %(n)s documents acknowledged.",
            len(rows),
        )
        messages.success(request, said % {"n": len(rows)})
        return back


@require_GET
@needs(selectors.VIEW)
def export_sendings(request: HttpRequest) -> HttpResponseBase:
    """Return the sendings as ``?format=csv`` or ``xlsx``; the journal notes who took what."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    wanted = _wanted(ctx, request.GET)
    found = wanted.rows(ctx)
    return handed_out_list(
        ctx, request.GET.get("format", "xlsx"), what="sendings", query=wanted.query(), count=found.count(),
        columns=listed.sending_columns(), lines=listed.sending_lines(ctx, found),
        title=_("Receipts and own documents as of %(day)s") % {"day": f"{ctx.today:%d/%m/%Y}"},
        word=_("receipts"),
    )  # fmt: skip


@require_GET
@needs(selectors.VIEW)
def sending(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from a sending to its document: the way that a notice takes."""
    ctx: Context = request.ctx  # type: ignore[attr-defined]
    row = selectors.recipients_seen(ctx).filter(pk=pk).first()
    if row is None:
        raise Http404
    return redirect("directives:directive", row.directive_id)


# --- The recipient's answer ------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a recipient may answer: its form, its act, what it is called."""

    permission: str
    title: Any
    button: Any
    done: Any
    form: Callable[[Context, Recipient, Any, Any], Any]
    act: Callable[[Context, Recipient, Any], Any]
    lead: Any = ""


ANSWERS = {
    "acknowledge": Answer(
        "directives.acknowledge",
        gettext_lazy("Acknowledge receipt"),
        gettext_lazy("We have received it"),
        gettext_lazy("Receipt is acknowledged."),
        lambda ctx, row, data, initial: forms.AcknowledgeForm(data),
        lambda ctx, row, form: actions.acknowledge(ctx, row, on=form.cleaned_data["on"]),
        gettext_lazy("The sender sees when and by whom."),
    ),
    "make": Answer(
        "directives.make_concrete",
        gettext_lazy("Name your own document"),
        gettext_lazy("This is our document"),
        gettext_lazy("Your own document is named."),
        lambda ctx, row, data, initial: forms.OwnDocumentForm(ctx, row, data, initial=initial),
        lambda ctx, row, form: actions.make_concrete(
            ctx,
            row,
            own=form.documents[form.cleaned_data["own"]],
            expected_version=form.cleaned_data["version"],
        ),
        gettext_lazy(
            "The plan by which your agency carries the document out. Enter it first, if it is not here yet."
        ),
    ),
    "waive": Answer(
        "directives.make_concrete",
        gettext_lazy("No own document is needed"),
        gettext_lazy("Record the reason"),
        gettext_lazy("Recorded."),
        lambda ctx, row, data, initial: forms.WaiveForm(data, initial=initial),
        lambda ctx, row, form: actions.waive_own_document(
            ctx,
            row,
            because=form.cleaned_data["because"],
            expected_version=form.cleaned_data["version"],
        ),
        gettext_lazy("Where the document is carried out directly. The sender reads the reason."),
    ),
    "reopen": Answer(
        "directives.make_concrete",
        gettext_lazy("Take the answer back"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back."),
        lambda ctx, row, data, initial: forms.PlainForm(data),
        lambda ctx, row, form: actions.reopen_own_document(ctx, row),
        gettext_lazy("Which document was named, or that none is needed."),
    ),
}


class AnswerPage(SubjectView):
    """A recipient's answer: one form, one act."""

    permission = selectors.VIEW
    subject: Recipient
    answer: Answer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = ANSWERS.get(kwargs["what"])
        if answer is None:
            raise Http404
        self.answer = answer
        if not self.ctx.may(answer.permission):
            raise PermissionDenied(answer.permission)
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: UUID) -> Recipient | None:
        return selectors.recipient_seen(self.ctx, pk, self.answer.permission)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.answer.form(self.ctx, self.subject, None, {"version": self.subject.version}))  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.answer.form(self.ctx, self.subject, request.POST, None)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            self.answer.act(self.ctx, self.subject, form)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 409 if isinstance(refused, Conflict) else 422)
        messages.success(request, self.answer.done)
        return redirect("directives:directive", self.subject.directive_id)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        answer = self.answer
        context = {
            "form": form, "d": self.subject.directive, "title": answer.title, "button": answer.button,
            "lead": answer.lead, "row": recipient_line(self.subject, self.ctx.today),
            "may_enter": self.kwargs["what"] == "make" and selectors.may_record_at_all(self.ctx),
        }  # fmt: skip
        return render(self.request, "directives/step.html", context, status=status)
