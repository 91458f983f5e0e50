"""One filing: what it asks, what stands in its way, its papers, its course, and the next steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hoptac.foundation.actions import AlreadyDone, Conflict, is_done
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.documents.storing import MOST_BYTES
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.pages import needs
from hoptac.registration import actions, forms, papers, selectors
from hoptac.registration.actions.terms import found_silent
from hoptac.registration.cases import findings_of
from hoptac.registration.fees import account_of
from hoptac.registration.in_words import proposal_in_words, step_in_words
from hoptac.registration.models import Filing, FilingTerm
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.procedures import grounds as grounds_of
from hoptac.registration.selectors import reaches, shows_people
from hoptac.registration.steps import allowed
from hoptac.registration.terms import State, StepKind, TermCode
from hoptac.ui.views import SubjectView, add_findings


class FilingView(SubjectView):
    """Base: a page of one filing within the caller's territory."""

    permission = "registration.view"

    def find(self, pk: Any) -> Filing | None:
        return selectors.filing_seen(self.ctx, pk)

    @property
    def filing(self) -> Filing:
        found: Filing = self.subject
        return found


@dataclass(frozen=True)
class Step:
    """A step as the page offers it: its form, its act, what it is called."""

    code: str
    kind: StepKind
    permission: str
    title: Any
    button: Any
    form: type[forms.StepForm]
    act: Callable[[Any, Filing, Any], Any]
    done: Any
    lead: Any = ""
    is_main: bool = False
    is_grave: bool = False


def _version(form: Any) -> dict[str, Any]:
    return {"expected_version": form.cleaned_data.get("version")}


STEPS: dict[str, Step] = {
    s.code: s
    for s in (
        Step("accept", StepKind.RECEIVED, "registration.receive", gettext_lazy("Receive"),
             gettext_lazy("Receive and give a number"), forms.StepForm,
             lambda ctx, f, form: actions.accept(ctx, f, **_version(form)),
             gettext_lazy("Received; the clock runs."), is_main=True),
        Step("propose", StepKind.PROPOSED, "registration.process", gettext_lazy("Put forward for decision"),
             gettext_lazy("Put forward"), forms.ProposeForm,
             lambda ctx, f, form: actions.propose(
                 ctx, f, outcome=form.cleaned_data["outcome"], grounds=form.cleaned_data["grounds"],
                 opinion=form.cleaned_data["opinion"], **_version(form)),
             gettext_lazy("Put forward for decision."), is_main=True),
        Step("ask", StepKind.SUPPLEMENT_ASKED, "registration.process", gettext_lazy("Ask to supply"),
             gettext_lazy("Ask the applicant"), forms.SupplementForm,
             lambda ctx, f, form: actions.ask_supplement(
                 ctx, f, missing=form.cleaned_data["missing"], **_version(form)),
             gettext_lazy("The applicant is asked; the clock stands still. Print the letter."),
             lead=gettext_lazy("The clock stands still until it is supplied.")),
        Step("supply", StepKind.SUPPLIED, "registration.receive", gettext_lazy("Take what is supplied"),
             gettext_lazy("Supplied"), forms.SupplyForm,
             lambda ctx, f, form: actions.supply(
                 ctx, f, papers=form.states(), added=form.added(), on=form.cleaned_data["on"],
                 **_version(form)),
             gettext_lazy("Supplied; the clock runs again."), is_main=True),
        Step("decide", StepKind.GRANTED, "registration.decide", gettext_lazy("Decide"),
             gettext_lazy("Decide as put forward"), forms.DecideForm,
             lambda ctx, f, form: actions.decide(
                 ctx, f, outcome=f.outcome, signatory=form.cleaned_data["signatory"], **_version(form)),
             gettext_lazy("Decided."), is_main=True),
        Step("send_back", StepKind.SENT_BACK, "registration.decide", gettext_lazy("Send back"),
             gettext_lazy("Send back to the examiner"), forms.WordsForm,
             lambda ctx, f, form: actions.send_back(ctx, f, words=form.cleaned_data["words"], **_version(form)),
             gettext_lazy("Sent back to the examiner.")),
        Step("hand_over", StepKind.HANDED_OVER, "registration.process", gettext_lazy("Hand over"),
             gettext_lazy("Hand over"), forms.HandOverForm,
             lambda ctx, f, form: actions.hand_over(
                 ctx, f, to=form.people[form.cleaned_data["to"]], words=form.cleaned_data["words"],
                 **_version(form)),
             gettext_lazy("Handed over.")),
        Step("return", StepKind.RETURNED, "registration.process", gettext_lazy("Return unexamined"),
             gettext_lazy("Return"), forms.WordsForm,
             lambda ctx, f, form: actions.return_filing(ctx, f, words=form.cleaned_data["words"], **_version(form)),
             gettext_lazy("Returned to the applicant."), is_grave=True),
        Step("withdraw", StepKind.WITHDRAWN, "registration.receive", gettext_lazy("Withdrawn by the applicant"),
             gettext_lazy("Record the withdrawal"), forms.MayBeWordsForm,
             lambda ctx, f, form: actions.withdraw(ctx, f, words=form.cleaned_data["words"], **_version(form)),
             gettext_lazy("Withdrawn."), is_grave=True),
        Step("lapse", StepKind.LAPSED, "registration.process", gettext_lazy("Let it become void"),
             gettext_lazy("Not supplied in time: void"), forms.StepForm,
             lambda ctx, f, form: actions.lapse(ctx, f), gettext_lazy("The dossier is void."), is_grave=True),
        Step("carry_out", StepKind.TOOK_EFFECT, "registration.decide", gettext_lazy("Let it take effect"),
             gettext_lazy("Let it take effect now"), forms.StepForm,
             lambda ctx, f, form: actions.carry_out(ctx, f), gettext_lazy("It has taken effect.")),
        Step("term", StepKind.TERM_ENDED, "registration.process", gettext_lazy("End a term"),
             gettext_lazy("Record it"), forms.TermForm,
             lambda ctx, f, form: actions.end_term(
                 ctx, f, term=form.cleaned_data["term"], words=form.cleaned_data["words"],
                 on=form.cleaned_data["on"], **_version(form)),
             gettext_lazy("The term is ended."),
             lead=gettext_lazy("Say what was done in the term. An objection to a dissolution ends its silence: "
                               "the body is then not dissolved by the passing of time.")),
        Step("silent", StepKind.SILENCE_FOUND, "registration.process",
             gettext_lazy("Nothing came in: put forward"), gettext_lazy("Put forward"), forms.SilentForm,
             lambda ctx, f, form: actions.find_silence(
                 ctx, f, words=form.cleaned_data["words"], **_version(form)),
             gettext_lazy("Put forward to be closed."),
             lead=gettext_lazy("The months in which somebody could object are over. Say where was looked; another "
                               "officer closes."), is_main=True),
        Step("silence", StepKind.CLOSED_BY_SILENCE, "registration.decide",
             gettext_lazy("Close after silence"), gettext_lazy("Record the end"), forms.SilenceForm,
             lambda ctx, f, form: actions.close_by_silence(
                 ctx, f, words=form.cleaned_data["words"], signatory=form.cleaned_data["signatory"],
                 **_version(form)),
             gettext_lazy("Its end is recorded. Print the letter."),
             lead=gettext_lazy("The months in which somebody could object are over. The body ends with this step, "
                               "and is told by letter."), is_main=True, is_grave=True),
    )
}  # fmt: skip


def steps_offered(ctx: Any, filing: Filing) -> list[Step]:
    """Return the steps that the caller may take now."""
    found, reach = [], {}
    for step in STEPS.values():
        if not allowed(filing, step.kind) or _is_not_yet(step, filing, ctx.today):
            continue
        if step.permission not in reach:
            reach[step.permission] = reaches(ctx, filing, step.permission)
        if reach[step.permission]:
            found.append(step)
    return found


def _is_not_yet(step: Step, filing: Filing, today: date) -> bool:
    """Tell whether a step waits for a day, or was taken for good."""
    match step.code:
        case "lapse":
            return filing.supplement_until is None or filing.supplement_until >= today
        case "carry_out":
            return filing.took_effect_on is not None
        case "term":
            return not any(t.is_running for t in filing.terms.all())
        case "silent":
            return _silent_since(filing, today) is None
        case "silence":
            over = _silent_since(filing, today)
            return over is None or found_silent(filing, over) is None
        case "ask":
            return filing.supplement_asked_on is not None
    return False


def _silent_since(filing: Filing, today: date) -> FilingTerm | None:
    """Return the term of silence of a filing that is over, while nobody objected or closed."""
    for term in filing.terms.all():
        if term.code == TermCode.SILENCE and term.is_running and term.due_on < today:
            return term
    return None


class FilingPage(FilingView):
    """The whole filing on one page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filing, ctx = self.filing, self.ctx
        is_decided = filing.state in {State.GRANTED, State.REFUSED}
        open_to_examine = filing.state in {
            State.SUBMITTED,
            State.EXAMINING,
            State.SUPPLEMENT,
            State.PROPOSED,
        }
        named = {g.code: g for g in grounds_of("refusal")}
        steps, course = steps_offered(ctx, filing), list(selectors.course_of(filing))
        account = account_of(filing)
        context = {
            "filing": filing,
            "procedure": PROCEDURES[filing.procedure],
            "rule": filing.rule,
            "left": filing.days_left(ctx.today),
            "sought": proposal_in_words(filing, shows_people=shows_people(ctx, filing)),
            "findings": findings_of(filing, today=ctx.today, account=account)
            if open_to_examine
            else [],
            "papers": list(filing.papers.all()),
            "course": [step_in_words(s) for s in course],
            "certificates": [
                (s.details["certificate"], s.words) for s in course if s.kind == StepKind.CERTIFIED
            ],
            "waiting": selectors.certificates_waiting(filing, course),
            "made": selectors.bodies_made(filing, course),
            "may_certify": ctx.may("certificates.issue"),
            "main_steps": [s for s in steps if s.is_main],
            "other_steps": [s for s in steps if not s.is_main],
            "grounds": [named[c] for c in filing.grounds if c in named],
            "is_decided": is_decided,
            "may_amend": filing.state in {State.EXAMINING, State.SUPPLEMENT}
            and reaches(ctx, filing, "registration.process"),
            "shows_people": shows_people(ctx, filing),
            "account": account,
            "may_take_fees": reaches(ctx, filing, "registration.receive"),
            "issued": selectors.issued_of(filing),
            "terms": [
                (t, TermCode(t.code).whose, t.days_left(ctx.today)) for t in filing.terms.all()
            ],
            "receipt_code": papers.code_in_groups(filing.receipt_code or ""),
        }
        return render(request, "registration/filing.html", context)


def _decided(filing: Filing) -> str:
    words = {"state": filing.get_state_display(), "number": filing.decision_number}
    return _("%(state)s by decision no. %(number)s.") % words


class StepPage(FilingView):
    """One step of a filing: its form, then its act."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        if not self.ctx.may(step.permission):
            raise PermissionDenied(step.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"version": self.filing.version, "key": uuid4().hex, "on": self.ctx.today,
                   "signatory": self.ctx.user.full_name if self.ctx.user else ""}  # fmt: skip
        return self.show(self.step.form(self.ctx, self.filing, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = redirect("registration:filing", self.filing.pk)
        ctx = self.ctx.by(idempotency_key=request.POST.get("key", "")[:40])
        if is_done(ctx):  # before the form is asked: what it offered may be gone
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        form = self.step.form(self.ctx, self.filing, request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.step.act(ctx, self.filing, form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        except Conflict as conflict:
            add_findings(form, conflict.findings)
            return self.show(form, status=409)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, status=409 if "state_passed" in refused.codes else 422)
        messages.success(request, _decided(done) if self.step.code == "decide" else self.step.done)
        return back

    def show(self, form: Any, status: int = 0) -> HttpResponse:
        if (
            status == 409
        ):  # what was typed stands; sent once more, it is meant for how things stand now
            form.data = form.data.copy()
            form.data["version"] = str(self.filing.version)
        context = {
            "filing": self.filing, "step": self.step, "form": form,
            "back": reverse("registration:filing", args=[self.filing.pk]),
            "findings": findings_of(self.filing, today=self.ctx.today)
            if self.step.code in {"propose", "decide", "ask"} else [],
            "grounds": [g for g in grounds_of("refusal") if g.code in self.filing.grounds],
            "sought": None,
        }  # fmt: skip
        if self.step.code in {"propose", "decide"}:
            shows = shows_people(self.ctx, self.filing)
            context |= {
                "sought": proposal_in_words(self.filing, shows_people=shows),
                "papers": list(self.filing.papers.all()), "shows_people": shows,
            }  # fmt: skip
        code = status or (422 if form.is_bound and form.errors else 200)
        return render(self.request, "registration/step.html", context, status=code)


class Amend(FilingView):
    """Mending what was taken down of a dossier while it is examined."""

    permission = "registration.process"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form(), forms.StepForm(self.ctx, self.filing, initial=self.hidden()))

    def hidden(self) -> dict[str, Any]:
        return {"version": self.filing.version, "key": uuid4().hex}

    def form(self, data: Any = None) -> forms.ProposalForm:
        about = forms.About(
            self.ctx, self.permission, self.filing.cooperative, self.filing.judged_on
        )
        procedure = PROCEDURES[self.filing.procedure]
        return forms.ProposalForm(procedure, about, data, kept=self.filing.proposal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, hidden = self.form(request.POST), forms.StepForm(self.ctx, self.filing, request.POST)
        if form.asks_for_more:
            return self.show(form, hidden)
        if not (hidden.is_valid() & form.is_valid()):
            return self.show(form, hidden, 422)
        try:
            actions.amend(
                self.ctx.by(idempotency_key=hidden.cleaned_data["key"]), self.filing,
                proposal=form.proposal(), expected_version=hidden.cleaned_data["version"],
            )  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, hidden, 409 if isinstance(refused, Conflict) else 422)
        else:
            messages.success(request, _("The dossier is mended."))
        return redirect("registration:filing", self.filing.pk)

    def show(self, form: Any, hidden: Any, status: int = 200) -> HttpResponse:
        context = {
            "filing": self.filing, "form": form, "hidden": hidden,
            "back": reverse("registration:filing", args=[self.filing.pk]),
        }  # fmt: skip
        return render(self.request, "registration/amend.html", context, status=status)


class Papers(FilingView):
    """Ticking the papers of a dossier."""

    permission = "registration.process"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"version": self.filing.version, "key": uuid4().hex}
        return self.show(forms.PapersForm(self.ctx, self.filing, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.PapersForm(self.ctx, self.filing, request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            actions.amend(
                self.ctx.by(idempotency_key=form.cleaned_data["key"]), self.filing,
                papers=form.states(), added=form.added(),
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form, 409 if isinstance(refused, Conflict) else 422)
        else:
            messages.success(request, _("The papers are noted."))
        return redirect("registration:filing", self.filing.pk)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"filing": self.filing, "form": form, "papers": list(self.filing.papers.all()),
                   "key": uuid4().hex,
                   "back": reverse("registration:filing", args=[self.filing.pk])}  # fmt: skip
        return render(self.request, "registration/papers.html", context, status=status)


def _uploaded(request: HttpRequest) -> tuple[bytes, str]:
    """Return the file that was sent.

    :raises Refused: none was chosen, or it is too big to be read
    """
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(Finding("file_missing", _("Choose a file."), field="file"))
    if (sent.size or 0) > MOST_BYTES:
        raise Refused(
            Finding("file_too_big", _("The file is too big: at most 50 MB."), field="file")
        )
    return sent.read(), sent.name or ""


def lay_file(request: HttpRequest, filing: Filing, paper: int, act: Callable[..., Any]) -> None:
    """Lay the file that was sent to a paper, and tell what became of it."""
    ctx = request.ctx  # type: ignore[attr-defined]
    try:
        content, name = _uploaded(request)
        keyed = ctx.by(idempotency_key=request.POST.get("key", "")[:43])
        act(keyed, filing, paper=paper, content=content, filename=name)
    except AlreadyDone:
        messages.info(request, _("This was already recorded; nothing was done twice."))
    except Refused as refused:
        messages.error(request, "; ".join(str(f.message) for f in refused.findings))
    else:
        messages.success(request, _("The file is laid to the dossier."))


@require_POST
@needs("registration.process")
def attach_paper(request: HttpRequest, pk: Any, paper: int) -> HttpResponse:
    """Lay a scan to a paper of a dossier on the desk."""
    found = selectors.filing_seen(request.ctx, pk)  # type: ignore[attr-defined]
    if found is None or not reaches(request.ctx, found, "registration.process"):  # type: ignore[attr-defined]
        raise Http404
    lay_file(request, found, paper, actions.attach)
    return redirect("registration:papers", pk)


@needs("registration.view")
def paper_file(request: HttpRequest, pk: Any, file: Any) -> HttpResponseBase:
    """Hand out the file of a paper to whoever may see its dossier and the people in it."""
    found = selectors.filing_seen(request.ctx, pk)  # type: ignore[attr-defined]
    if found is None or not shows_people(request.ctx, found):  # type: ignore[attr-defined]
        raise Http404
    stored = StoredFile.objects.filter(pk=file).first()
    if stored is None or not found.papers.filter(file_id=file).exists():
        raise Http404
    return handed_out(stored)
