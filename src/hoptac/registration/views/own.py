"""The cooperative's own door: its director files online, lays papers to the dossier, follows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.registration import actions, forms, papers, selectors
from hoptac.registration.cases import findings_of
from hoptac.registration.fees import account_of
from hoptac.registration.in_words import proposal_in_words, step_in_words
from hoptac.registration.models import Filing
from hoptac.registration.procedures import PROCEDURES, Procedure, offered
from hoptac.registration.rules.procedures import procedure_on
from hoptac.registration.steps import allowed
from hoptac.registration.terms import State, StepKind
from hoptac.registration.views.desk import GROUPS
from hoptac.registration.views.filing import lay_file
from hoptac.registry.models import Cooperative, Period
from hoptac.ui.views import OfficeView, SubjectView, add_findings

PERMISSION = "registration.file_online"


def own_bodies(ctx: Any) -> list[Cooperative]:
    """Return the bodies for which the caller may file."""
    return list(Cooperative.objects.visible_to(ctx, PERMISSION).order_by("pk")[:20])


def _own_filing(ctx: Any, pk: UUID) -> Filing:
    """Return one of the caller's own filings.

    :raises Http404: it is not the caller's
    """
    found = selectors.filing_seen(ctx, pk)
    if found is None or not found.is_within(ctx, PERMISSION):
        raise Http404
    return found


@needs(PERMISSION)
def own(request: HttpRequest) -> HttpResponse:
    """Show the dossiers of one's own bodies, and what can be filed."""
    ctx = request.ctx  # type: ignore[attr-defined]
    bodies = own_bodies(ctx)
    names = dict(
        Period.objects.filter(cooperative__in=bodies, is_latest=True).values_list(
            "cooperative_id", "name"
        )
    )
    context = {
        "filings": list(
            selectors.filings_seen(ctx)
            .filter(cooperative__in=bodies)
            .order_by("-filed_on", "-id")[:50]
        ),
        "bodies": [
            {
                "pk": body.pk,
                "name": names.get(body.pk, ""),
                "groups": [
                    (label, group)
                    for code, label in GROUPS.items()
                    if (group := [p for p in _offered(ctx, body) if p.group == code])
                ],
            }
            for body in bodies
        ],
    }
    return render(request, "registration/own.html", context)


def _offered(ctx: Any, body: Cooperative) -> list[Procedure]:
    return [p for p in offered(ctx.today, body.kind, to_applicants=True) if not p.is_of_new]


class Begin(OfficeView):
    """Beginning a dossier for one's own body."""

    permission = PERMISSION

    def about(self) -> tuple[Procedure, Cooperative]:
        procedure = PROCEDURES.get(self.kwargs["procedure"])
        named = self.request.GET.get("body", "")
        body = next((b for b in own_bodies(self.ctx) if str(b.pk) == named), None)
        if procedure is None or body is None or procedure not in _offered(self.ctx, body):
            raise Http404
        return procedure, body

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        procedure, body = self.about()
        about = forms.About(self.ctx, PERMISSION, body, self.ctx.today)
        return self.show(procedure, body, forms.ProposalForm(procedure, about), uuid4().hex)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        procedure, body = self.about()
        about = forms.About(self.ctx, PERMISSION, body, self.ctx.today)
        form = forms.ProposalForm(procedure, about, request.POST)
        key = request.POST.get("key", "")[:40]
        if form.asks_for_more:
            return self.show(procedure, body, form, key)
        if not form.is_valid():
            return self.show(procedure, body, form, key, 422)
        try:
            filing = actions.begin_online(
                self.ctx.by(idempotency_key=key), procedure.code, cooperative=body,
                proposal=form.proposal(),
            )  # fmt: skip
        except AlreadyDone as already:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect("registration:own_filing", already.act.subject_id)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(procedure, body, form, key, 422)
        messages.success(request, _("Kept. Lay the papers to it, then send it in."))
        return redirect("registration:own_filing", filing.pk)

    def show(
        self, procedure: Procedure, body: Any, form: Any, key: str, status: int = 200
    ) -> HttpResponse:
        context = {
            "procedure": procedure, "form": form, "key": key,
            "rule": procedure_on(procedure.code, self.ctx.today),
            "period": Period.objects.filter(cooperative=body, is_latest=True).first(),
        }  # fmt: skip
        return render(self.request, "registration/own_form.html", context, status=status)


class OwnView(SubjectView):
    """Base: a page of one of the caller's own filings."""

    permission = PERMISSION

    def find(self, pk: Any) -> Filing | None:
        found = selectors.filing_seen(self.ctx, pk)
        return found if found is not None and found.is_within(self.ctx, PERMISSION) else None


def sent_by(request: HttpRequest) -> tuple[Any, int | None]:
    """Return the caller with the key of this submission, and the version that was read."""
    ctx = request.ctx  # type: ignore[attr-defined]
    version = request.POST.get("version", "")
    return (
        ctx.by(idempotency_key=request.POST.get("key", "")[:43]),
        int(version) if version.isdecimal() and len(version) < 9 else None,
    )


class Revise(OwnView):
    """Changing a dossier that is not yet sent in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.subject, self.form(self.subject))

    def form(self, filing: Filing, data: Any = None) -> forms.ProposalForm:
        if filing.state != State.DRAFT:
            raise Http404
        about = forms.About(self.ctx, PERMISSION, filing.cooperative, filing.judged_on)
        return forms.ProposalForm(PROCEDURES[filing.procedure], about, data, kept=filing.proposal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filing: Filing = self.subject
        form = self.form(filing, request.POST)
        if form.asks_for_more:
            return self.show(filing, form)
        if not form.is_valid():
            return self.show(filing, form, 422)
        ctx, version = sent_by(request)
        try:
            actions.revise_online(ctx, filing, proposal=form.proposal(), expected_version=version)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(filing, form, 409 if isinstance(refused, Conflict) else 422)
        else:
            messages.success(request, _("Kept."))
        return redirect("registration:own_filing", filing.pk)

    def show(self, filing: Filing, form: Any, status: int = 200) -> HttpResponse:
        period = Period.objects.filter(cooperative=filing.cooperative_id, is_latest=True).first()
        context = {"procedure": PROCEDURES[filing.procedure], "form": form, "filing": filing,
                   "rule": filing.rule, "period": period,
                   "key": self.request.POST.get("key", "")[:43] or uuid4().hex,
                   "version": self.request.POST.get("version", filing.version)}  # fmt: skip
        return render(self.request, "registration/own_form.html", context, status=status)


class OwnFiling(OwnView):
    """One's own dossier: what stands in its way, its papers, where it stands, what to do next."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filing: Filing = self.subject
        is_open = filing.state in {State.DRAFT, State.SUBMITTED, State.EXAMINING, State.SUPPLEMENT}
        hidden = selectors.INSIDE
        context = {
            "filing": filing,
            "rule": filing.rule,
            "sought": proposal_in_words(filing, shows_people=True),
            "findings": findings_of(filing, today=self.ctx.today) if is_open else [],
            "papers": list(filing.papers.all()),
            "may_attach": filing.state in {State.DRAFT, State.SUBMITTED, State.SUPPLEMENT},
            "steps": [s for s in OWN_STEPS if allowed(filing, s[1])],
            "course": [
                step_in_words(s) for s in selectors.course_of(filing) if s.kind not in hidden
            ],
            "account": account_of(filing),
            "receipt_code": papers.code_in_groups(filing.receipt_code or ""),
            "key": uuid4().hex,
        }
        return render(request, "registration/own_filing.html", context)


OWN_STEPS: tuple[tuple[str, StepKind, Any, Any, bool], ...] = (
    ("submit", StepKind.SUBMITTED, gettext_lazy("Send in"), actions.submit, True),
    (
        "supply",
        StepKind.SUPPLIED,
        gettext_lazy("I have supplied everything"),
        actions.supply_online,
        True,
    ),
    (
        "withdraw",
        StepKind.WITHDRAWN,
        pgettext_lazy("filing", "Withdraw"),
        actions.withdraw_online,
        False,
    ),
)


@require_POST
@needs(PERMISSION)
def take(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Take a step of one's own dossier: send it in, tell that it is supplied, withdraw it."""
    ctx, version = sent_by(request)
    act = next((a for code, _kind, _title, a, _main in OWN_STEPS if code == step), None)
    filing = _own_filing(ctx, pk)
    if act is None:
        raise Http404
    try:
        act(ctx, filing, expected_version=version)
    except AlreadyDone:
        messages.info(request, _("This was already recorded; nothing was done twice."))
    except Refused as refused:
        messages.error(request, "; ".join(str(f.message) for f in refused.findings))
    else:
        messages.success(request, _("Done."))
    return redirect("registration:own_filing", pk)


@require_POST
@needs(PERMISSION)
def attach_paper(request: HttpRequest, pk: UUID, paper: int) -> HttpResponse:
    """Lay a file to a paper of one's own dossier."""
    filing = _own_filing(request.ctx, pk)  # type: ignore[attr-defined]
    lay_file(request, filing, paper, actions.attach_online)
    return redirect("registration:own_filing", pk)
