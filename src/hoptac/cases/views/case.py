"""The cases of a territory, one case, its steps, its papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.cases import actions, forms, letters, selectors
from hoptac.cases.in_words import ground_line, next_step, step_line
from hoptac.cases.models import Case
from hoptac.cases.partners import partners
from hoptac.cases.rules.grounds import Standing, name_of
from hoptac.cases.steps import allowed, last_standing
from hoptac.cases.terms import State, StepKind
from hoptac.cases.watch import judged_body
from hoptac.foundation.actions import AlreadyDone, Conflict, is_done
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.foundation.working_days import add_working_days
from hoptac.ui.views import SubjectView, add_findings

QUEUE_NAMES: dict[str, Any] = {
    "open": gettext_lazy("All open"),
    "mine": gettext_lazy("Mine"),
    "late": gettext_lazy("Late"),
    "to_visit": gettext_lazy("To look at on the spot"),
    "to_notify": gettext_lazy("To notify or close"),
    "waiting": gettext_lazy("Waiting for the body"),
    "to_weigh": gettext_lazy("To weigh"),
    "to_decide": gettext_lazy("To decide"),
    "delayed": gettext_lazy("Put off"),
    "elsewhere": gettext_lazy("With another desk"),
    "to_publish": gettext_lazy("To publish"),
    "came_back": gettext_lazy("Filing came to nothing"),
    "ended": gettext_lazy("Ended"),
}
_ALWAYS = {"open", "mine", "late", "to_visit", "to_weigh", "to_decide", "ended"}


@needs("cases.view")
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases of one heap, those due first."""
    ctx = request.ctx  # type: ignore[attr-defined]
    queue = request.GET.get("queue", "open")
    if queue not in QUEUE_NAMES:
        raise Http404
    found = selectors.cases_seen(ctx).filter(selectors.queue_filter(queue, ctx))
    order = ("-opened_on", "-id") if queue == "ended" else ("due_on", "opened_on", "id")
    pages = Paginator(found.select_related("commune", "officer").order_by(*order), 50)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    counts = selectors.queue_counts(ctx)
    for case in page.object_list:
        case.left = case.days_left(ctx.today)
        case.ground_names = "; ".join(name_of(g["code"]) for g in case.grounds)
    tabs = [
        {
            "label": label,
            "href": f"?queue={code}",
            "count": counts[code],
            "is_current": code == queue,
        }
        for code, label in QUEUE_NAMES.items()
        if code in _ALWAYS or counts[code] or code == queue
    ]
    return render(request, "cases/list.html", {"page": page, "queue": queue, "tabs": tabs})


class CaseView(SubjectView):
    """Base: a page of one case within the caller's territory."""

    permission = "cases.view"

    def find(self, pk: Any) -> Case | None:
        return selectors.case_seen(self.ctx, pk)

    @property
    def case(self) -> Case:
        found: Case = self.subject
        return found

    @property
    def is_body(self) -> bool:
        """Whether the caller reads it as the body that it is about, not as an office."""
        return not any(self.reaches(p) for p in ("cases.process", "cases.decide", "cases.export"))

    def reaches(self, permission: str) -> bool:
        return self.ctx.may(permission) and self.case.is_within(self.ctx, permission)


# --- Steps -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step as the page offers it: its form, its act, what it is called."""

    code: str
    kind: StepKind
    permission: str
    title: Any
    button: Any
    form: type[forms.StepForm]
    act: Callable[[Any, Case, dict[str, Any], Any], Any]
    done: Any
    lead: Any = ""
    is_main: bool = False
    is_grave: bool = False


def _plain(act: Callable[..., Any], *names: str) -> Callable[[Any, Case, dict[str, Any], Any], Any]:
    """Return an act that takes these fields of its form as they are."""
    return lambda ctx, case, g, form: act(
        ctx,
        case,
        expected_version=g.get("version"),
        **{n: g["brought" if n == "files" else n] for n in names},
    )


_PROCESS, _DECIDE = "cases.process", "cases.decide"
STEPS: dict[str, Step] = {
    s.code: s
    for s in (
        Step("visit", StepKind.VISITED, _PROCESS,
             gettext_lazy("Enter a visit sheet"), gettext_lazy("Enter the sheet"),
             forms.VisitForm,
             lambda ctx, case, g, form: actions.record_visit(
                 ctx, case, sheet=form.sheet(), files=g["brought"], keep=g["keep"], expected_version=g["version"]),
             gettext_lazy("The visit sheet is entered."), is_main=True),
        Step("waive", StepKind.VISIT_WAIVED, _PROCESS,
             gettext_lazy("Go on without a visit"), gettext_lazy("Record the reason"),
             forms.ReasonForm, _plain(actions.waive_visit, "words"), gettext_lazy("Recorded."),
             lead=gettext_lazy("A body that nobody looked at may be one that a visit would have saved.")),
        Step("notice", StepKind.NOTICED, _DECIDE,
             gettext_lazy("Notify the body"), gettext_lazy("Send the notice"),
             forms.NoticeForm, _plain(actions.send_notice, "explain_until", "words", "signatory"),
             gettext_lazy("The notice stands. Print the letter and send it."), is_main=True, is_grave=True,
             lead=gettext_lazy("While the notice stands nothing else of the body is registered.")),
        Step("explain", StepKind.EXPLAINED, _PROCESS,
             gettext_lazy("Take down an explanation"), gettext_lazy("Take it down"),
             forms.ExplanationForm, _plain(actions.receive_explanation, "words", "by", "on", "files"),
             gettext_lazy("The explanation is received."), is_main=True),
        Step("answer", StepKind.EXPLAINED, "cases.answer",
             gettext_lazy("Explain or object"), gettext_lazy("Send it"),
             forms.AnswerForm, _plain(actions.answer, "words", "files"),
             gettext_lazy("Your explanation has arrived at the office."), is_main=True,
             lead=gettext_lazy("Say what is so, and attach what shows it: minutes, list of members, report.")),
        Step("weigh", StepKind.WEIGHED, _PROCESS,
             gettext_lazy("Weigh"), gettext_lazy("Record how it was weighed"),
             forms.WeighForm, _plain(actions.weigh, "words"), gettext_lazy("Weighed."), is_main=True),
        Step("delay", StepKind.DELAYED, _DECIDE, gettext_lazy("Put off"), gettext_lazy("Put it off"),
             forms.DelayForm, _plain(actions.delay, "until", "words", "signatory"),
             gettext_lazy("Put off. Print the letter and send it."), is_main=True,
             lead=gettext_lazy("The body gets time to mend; the notice stands meanwhile.")),
        Step("resume", StepKind.RESUMED, _PROCESS,
             gettext_lazy("Take up again"), gettext_lazy("Take it up again"),
             forms.RemarkForm, _plain(actions.resume, "words"), gettext_lazy("Taken up again."), is_main=True),
        Step("close", StepKind.CLOSED, _DECIDE,
             pgettext_lazy("case", "Close"), gettext_lazy("Close the case"),
             forms.CloseForm, _plain(actions.close, "closing", "words", "signatory"),
             gettext_lazy("The case is closed; the body can register again."), is_main=True),
        Step("propose", StepKind.PROPOSED, _DECIDE,
             gettext_lazy("Put forward for revocation"), gettext_lazy("Put forward"),
             forms.ReasonForm, _plain(actions.propose_end, "words"),

             gettext_lazy("A filing is open at the registration desk: another officer decides it."),
             is_main=True, is_grave=True,
             lead=gettext_lazy(
                 "A filing opens at the registration desk, which another officer decides. Until then it can be"
                 " taken back.")),
        Step("publish", StepKind.PUBLISHED, _DECIDE,
             gettext_lazy("Record the publication"), gettext_lazy("Record it"),
             forms.PublishForm, _plain(actions.publish, "gazette", "on"),
             gettext_lazy("Published; the case has ended."), is_main=True),
        Step("merge", StepKind.MERGING, _PROCESS,
             gettext_lazy("Merge instead"), gettext_lazy("Let the merger take its place"),
             forms.MergeForm,
             lambda ctx, case, g, form: actions.merge_instead(
                 ctx, case, filing=form.filings[g["filing"]], words=g["words"], expected_version=g["version"]),
             gettext_lazy("The case waits for the merger.")),
        Step("reopen", StepKind.REOPENED, _DECIDE, gettext_lazy("Reopen"), gettext_lazy("Reopen the case"),
             forms.ReasonForm, _plain(actions.reopen, "words"), gettext_lazy("The case is open again.")),
        Step("hand_over", StepKind.HANDED_OVER, _PROCESS,
             gettext_lazy("Hand over"), gettext_lazy("Hand over"),
             forms.HandOverForm,
             lambda ctx, case, g, form: actions.hand_over(
                 ctx, case, to=form.people[g["to"]], words=g["words"], expected_version=g["version"]),
             gettext_lazy("Handed over.")),
        Step("take_back", StepKind.WITHDRAWN, _DECIDE,
             gettext_lazy("Take the last step back"), gettext_lazy("Take it back"),
             forms.TakeBackForm, _plain(actions.take_back, "words", "signatory"),
             gettext_lazy("Taken back."), is_grave=True),
    )
}  # fmt: skip
# What a case at this stage is expected to see next; whatever else is allowed stands under "other steps".
_NEXT: dict[str, tuple[str, ...]] = {
    State.OPENED: ("visit",),
    State.VISITED: ("notice", "close"),
    State.NOTICED: ("explain", "answer"),
    State.EXPLAINED: ("weigh",),
    State.WEIGHED: ("close", "delay", "propose"),
    State.DELAYED: ("close", "resume"),
    State.MERGING: (),
    State.PROPOSED: ("publish",),
}


def steps_offered(view: CaseView) -> tuple[list[Step], list[Step]]:
    """Return the steps that the caller may take now: the expected ones, and the others."""
    case, today = view.case, view.ctx.today
    expected = list(_NEXT.get(case.state, ()))
    if case.state == State.NOTICED and case.explain_until and case.explain_until < today:
        expected = ["weigh", "explain", "answer"]
    reached = {p: view.reaches(p) for p in (_PROCESS, _DECIDE, "cases.answer")}
    found = [
        s
        for s in STEPS.values()
        if reached[s.permission] and allowed(case, s.kind) and not _waits(case, s.code, today)
    ]
    main = sorted((s for s in found if s.code in expected), key=lambda s: expected.index(s.code))
    return main, [s for s in found if s not in main]


def _waits(case: Case, code: str, today: Any) -> bool:
    """Tell whether a step that the workflow allows cannot be meant yet."""
    match code:
        case "weigh":
            runs = case.explain_until is not None and today <= case.explain_until
            return case.state == State.NOTICED and runs
        case "publish":
            return case.filing is None or case.filing.took_effect_on is None
        case "resume":
            return case.state != State.DELAYED and case.filing is not None and case.filing.is_open
        case "take_back":
            step = last_standing(case)
            return step is None or step.kind in {StepKind.OPENED, StepKind.MERGED}
    return False


# --- Pages -----------------------------------------------------------------------------------------


class CasePage(CaseView):
    """The whole case on one page: why, how it stands today, what comes next, what was done."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        case, ctx = self.case, self.ctx
        codes = {g["code"] for g in case.grounds}
        judged = [j for j in judged_body(case.cooperative, ctx.today) if j.code in codes]
        main, others = steps_offered(self)
        is_body = self.is_body
        shows_partners = case.is_open and not is_body and ctx.may("registry.view")
        context = {
            "case": case, "left": case.days_left(ctx.today),
            "opening": [{**g, "name": name_of(g["code"])} for g in case.grounds],
            "lines": [ground_line(j, case.cooperative.kind) for j in judged],
            "is_cleared": bool(judged) and not any(j.standing is Standing.OVER for j in judged),
            "next": next_step(case, ctx.today), "main_steps": main, "other_steps": others,
            "course": [step_line(s, to_body=is_body) for s in reversed(selectors.course_of(case))],
            "partners": partners(ctx, case.cooperative) if shows_partners else [],
            "is_body": is_body,
            "may_print": case.is_open and self.reaches(_PROCESS),
            "may_keep": self.reaches("cases.keep_dates"),
            "desk": case.desk,
        }  # fmt: skip
        return render(request, "cases/case.html", context)


class StepPage(CaseView):
    """One step of a case: its form, then its act."""

    step: Step

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        if not self.ctx.may(step.permission):
            raise PermissionDenied(step.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.reaches(self.step.permission):
            raise Http404
        case, today = self.case, self.ctx.today
        initial = {
            "version": case.version, "key": uuid4().hex, "on": today, "visited_on": today,
            "signatory": self.ctx.user.full_name if self.ctx.user else "",
            "visitors": self.ctx.user.full_name if self.ctx.user else "",
            "explain_until": add_working_days(today, case.desk.explanation_days),
        }  # fmt: skip
        return self.show(self.step.form(self.ctx, case, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = redirect("cases:case", self.case.pk)
        ctx = self.ctx.by(idempotency_key=request.POST.get("key", "")[:40])
        if is_done(ctx):  # before the form is asked: what it offered may be gone
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        form = self.step.form(self.ctx, self.case, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            self.step.act(ctx, self.case, form.cleaned_data, form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        except Refused as refused:
            self.case.refresh_from_db()
            add_findings(form, refused.findings)
            passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
            return self.show(form, 409 if passed else 422)
        messages.success(request, self.step.done)
        return back

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        if (
            status == 409
        ):  # what was typed stands; sent once more, it is meant for how things stand now
            form.data = form.data.copy()
            form.data["version"] = str(self.case.version)
        context: dict[str, Any] = {
            "case": self.case, "step": self.step, "form": form, "is_body": self.is_body,
            "back": reverse("cases:case", args=[self.case.pk]),
        }  # fmt: skip
        if self.step.code in {"notice", "propose", "close", "answer"}:
            codes = {g["code"] for g in self.case.grounds}
            context["lines"] = [
                ground_line(j, self.case.cooperative.kind)
                for j in judged_body(self.case.cooperative, self.ctx.today)
                if j.code in codes
            ]
        return render(self.request, "cases/step.html", context, status=status)


class BlankSheet(CaseView):
    """The visit sheet as a PDF to be filled in by hand."""

    permission = "cases.process"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.reaches(self.permission):
            raise Http404
        answer = HttpResponse(
            letters.visit_sheet(self.case, self.ctx.today), content_type="application/pdf"
        )
        name = self.case.number.replace("/", "-")
        answer["Content-Disposition"] = f'inline; filename="phieu-kiem-tra-{name}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class File(CaseView):
    """A letter of the case, or a file that a step brought."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stored = selectors.file_of(self.case, self.kwargs["file"])
        if stored is None:
            raise Http404
        return handed_out(stored)
