"""The desk: heaps of work, taking in a dossier, the workload of officers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.registration import actions, selectors
from hoptac.registration.forms import About, IntakeForm, ProposalForm
from hoptac.registration.prefilling import prefilled
from hoptac.registration.procedures import PROCEDURES, Procedure, offered
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registry.models import Period
from hoptac.registry.selectors import cooperative_seen
from hoptac.registry.terms import Kind
from hoptac.ui.views import OfficeView, add_findings

QUEUE_NAMES: dict[str, Any] = {
    "open": gettext_lazy("All open"),
    "mine": gettext_lazy("Mine"),
    "late": gettext_lazy("Late"),
    "due_today": gettext_lazy("Due today"),
    "to_receive": gettext_lazy("Sent in online"),
    "examining": gettext_lazy("Being examined"),
    "to_decide": gettext_lazy("To decide"),
    "waiting": gettext_lazy("Waiting for the applicant"),
    "over_supply": gettext_lazy("Not supplied in time"),
    "to_take_effect": gettext_lazy("Granted, not yet in effect"),
    "terms_over": gettext_lazy("Terms that are over"),
    "terms": gettext_lazy("Terms that run"),
    "decided": gettext_lazy("Decided"),
    "ended": gettext_lazy("Ended otherwise"),
}
# Heaps that are shown even when nothing lies on them.
_ALWAYS = {"open", "mine", "late", "due_today", "to_decide", "waiting", "decided"}
GROUPS: dict[str, Any] = {
    "life": gettext_lazy("Establishment"),
    "change": gettext_lazy("Changes"),
    "branch": gettext_lazy("Branches, offices, business places"),
    "certificate": gettext_lazy("Certificate"),
    "pause": gettext_lazy("Suspension"),
    "reorganisation": gettext_lazy("Reorganisation"),
    "end": gettext_lazy("Dissolution and revocation"),
    "mark": gettext_lazy("Marks of courts and other bodies"),
}


@needs("registration.view")
def desk(request: HttpRequest) -> HttpResponse:
    """Show the filings of one heap, those due first."""
    ctx = request.ctx  # type: ignore[attr-defined]
    queue = request.GET.get("queue", "open")
    if queue not in QUEUE_NAMES:
        raise Http404
    text = request.GET.get("q", "").strip()[:100]
    found = selectors.filings_seen(ctx).filter(selectors.queue_filter(queue, ctx))
    found = found.select_related("commune", "officer").prefetch_related("terms")
    if text:
        found = found.filter(selectors.named(text))
    order = (
        ("-decided_at", "-id") if queue in {"decided", "ended"} else ("due_on", "filed_on", "id")
    )
    found = (
        selectors.by_next_term(found)
        if queue in {"terms", "terms_over"}
        else found.order_by(*order)
    )
    pages = Paginator(found, 50)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    counts = selectors.queue_counts(ctx)
    for filing in page.object_list:
        filing.left = filing.days_left(ctx.today)
        filing.next_term = next((t for t in filing.terms.all() if t.is_running), None)
        if filing.next_term is not None:
            filing.term_left = filing.next_term.days_left(ctx.today)
    context = {
        "page": page,
        "queue": queue,
        "q": text,
        "tabs": [
            {
                "label": label,
                "href": f"?queue={code}",
                "count": counts[code],
                "is_current": code == queue,
            }
            for code, label in QUEUE_NAMES.items()
            if code in _ALWAYS or counts[code] or code == queue
        ],
        "may_receive": ctx.may("registration.receive"),
    }
    return render(request, "registration/desk.html", context)


@needs("registration.view")
def workload(request: HttpRequest) -> HttpResponse:
    """Show what each officer of the territory has on the desk."""
    ctx = request.ctx  # type: ignore[attr-defined]
    return render(request, "registration/workload.html", {"loads": selectors.workload(ctx)})


@needs("registration.receive")
def start(request: HttpRequest) -> HttpResponse:
    """Choose what the dossier asks for: first whom it is about, then the procedure."""
    ctx = request.ctx  # type: ignore[attr-defined]
    body, text = _body(request), request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {"body": body, "q": text, "kinds": Kind.choices}
    if body is not None:
        context["period"] = Period.objects.filter(cooperative=body, is_latest=True).first()
        procedures = [p for p in offered(ctx.today, body.kind) if not p.is_of_new]
        context["groups"] = [
            (label, [p for p in procedures if p.group == code])
            for code, label in GROUPS.items()
            if any(p.group == code for p in procedures)
        ]
    elif text:
        context["found"] = selectors.bodies_for_desk(ctx, text)
    return render(request, "registration/start.html", context)


def _body(request: HttpRequest) -> Any:
    """Return the body that the address names; nothing where it names none.

    :raises Http404: it is out of reach
    """
    named = request.GET.get("body", "")
    if not named:
        return None
    try:
        found = cooperative_seen(request.ctx, UUID(named))  # type: ignore[attr-defined]
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


class Intake(OfficeView):
    """Taking in a dossier at the counter, by post, or by the authority itself."""

    permission = "registration.receive"
    template = "registration/intake.html"

    def about(self) -> tuple[Procedure, Any, str]:
        """Return the procedure, the body if there is one, and its kind.

        :raises Http404: there is no such procedure, or the body is out of reach
        """
        procedure = PROCEDURES.get(self.kwargs["procedure"])
        body = _body(self.request)
        if procedure is None or procedure.is_of_new == (body is not None):
            raise Http404
        if body is not None and not body.is_within(self.ctx, self.permission):
            raise Http404
        kind = (
            body.kind if body is not None else self.request.GET.get("kind", Kind.COOPERATIVE.value)
        )
        if kind not in Kind.values or procedure not in offered(self.ctx.today, kind):
            raise Http404
        return procedure, body, kind

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        procedure, body, kind = self.about()
        rule = procedure_on(procedure.code, self.ctx.today)
        head = IntakeForm(
            procedure, rule, kind, initial={"filed_on": self.ctx.today, "key": uuid4().hex}
        )
        about = About(self.ctx, self.permission, body, self.ctx.today)
        kept = prefilled(self.ctx, request.GET, procedure)
        if kept:
            messages.info(
                request, _("Part of it is filled in already: check it against the dossier.")
            )
        return self.show(procedure, body, kind, head, ProposalForm(procedure, about, kept=kept))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        procedure, body, kind = self.about()
        rule = procedure_on(procedure.code, self.ctx.today)
        head = IntakeForm(procedure, rule, kind, request.POST)
        form = ProposalForm(
            procedure, About(self.ctx, self.permission, body, self.ctx.today), request.POST
        )
        if form.asks_for_more:
            return self.show(procedure, body, kind, head, form, is_more=True)
        if not (head.is_valid() & form.is_valid()):
            return self.show(procedure, body, kind, head, form)
        given = head.cleaned_data
        try:
            filing = actions.receive(
                self.ctx.by(idempotency_key=given["key"]), procedure.code,
                kind="" if body else kind, cooperative=body, proposal=form.proposal(),
                papers=given["papers"], applicant=given["applicant"], phone=given["phone"],
                email=given["email"], channel=given["channel"], filed_on=given["filed_on"],
            )  # fmt: skip
        except AlreadyDone as already:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("registration:filing", already.act.subject_id)
        except Refused as refused:
            known = {f.field for f in refused.findings} & set(head.fields)
            add_findings(head if known else form, refused.findings)
            return self.show(procedure, body, kind, head, form)
        messages.success(
            request, _("Received: receipt %(number)s.") % {"number": filing.receipt_number}
        )
        return redirect("registration:filing", filing.pk)

    def show(
        self,
        procedure: Procedure,
        body: Any,
        kind: str,
        head: IntakeForm,
        form: ProposalForm,
        *,
        is_more: bool = False,
    ) -> HttpResponse:
        if is_more:
            head.errors.clear()
        context = {
            "procedure": procedure, "body": body, "kind_name": Kind(kind).label,
            "kind": kind, "head": head, "form": form,
            "rule": procedure_on(procedure.code, self.ctx.today), "is_more": is_more,
            "period": Period.objects.filter(cooperative=body, is_latest=True).first() if body else None,
            "back": f"{reverse('registration:start')}?body={body.pk}" if body else reverse("registration:start"),
        }  # fmt: skip
        failed = not is_more and head.is_bound and (head.errors or form.all_errors())
        return render(self.request, self.template, context, status=422 if failed else 200)
