"""One task, its steps, its proofs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.findings import Refused
from hoptac.tasks import actions, forms, selectors
from hoptac.tasks.boards import fits_now, line_for
from hoptac.tasks.in_words import step_line
from hoptac.tasks.indicators import read
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.outlines import rolled_up
from hoptac.tasks.proposed import agencies_of
from hoptac.tasks.steps import allowed, present_term
from hoptac.tasks.terms import Part, State, StepKind
from hoptac.ui.views import OfficeView, add_findings

_ASSIGN, _ANSWER = "tasks.assign", "tasks.answer"


@dataclass(frozen=True)
class Offered:
    """A step as the page offers it: on whose behalf (task, line, term), its form, its act, its words."""

    code: str
    of: str
    kind: StepKind
    title: Any
    button: Any
    form: type[forms.StepForm]
    act: Callable[[Any, Any, dict[str, Any], Any], Any]
    done: Any
    lead: Any = ""
    is_grave: bool = False
    is_main: bool = False

    @property
    def moves_card(self) -> bool:
        """Whether a board offers it: it takes the task from one state to another, or is what comes next."""
        return self.is_main or self.code in {
            "refuse",
            "hand-on",
            "withdraw",
            "not-done",
            "cancel",
            "reopen",
        }

    @property
    def permission(self) -> str:
        return _ANSWER if self.of == "line" else _ASSIGN


def _plain(act: Callable[..., Any], *names: str) -> Callable[[Any, Any, dict[str, Any], Any], Any]:
    """Return an act that takes these fields of its form as they are."""
    return lambda ctx, subject, g, form: act(
        ctx, subject, expected_version=g.get("version"), **{n: g[n] for n in names}
    )


STEPS: dict[str, Offered] = {
    s.code: s
    for s in (
        Offered(
            "accept",
            "line",
            StepKind.ACCEPTED,
            gettext_lazy("Accept"),
            gettext_lazy("Accept the task"),
            forms.AcceptForm,
            lambda ctx, line, g, form: actions.accept_assignment(
                ctx,
                line,
                officer=form.people.get(g["officer"]),
                words=g["words"],
                expected_version=g["version"],
            ),
            gettext_lazy("Your agency has accepted the task."),
            is_main=True,
        ),
        Offered(
            "refuse",
            "line",
            StepKind.REFUSED,
            pgettext_lazy("task", "Refuse"),
            gettext_lazy("Refuse the task"),
            forms.ReasonForm,
            _plain(actions.refuse_assignment, "words"),
            gettext_lazy("Refused; whoever assigned it is told."),
            lead=gettext_lazy("Whoever assigned the task decides anew."),
        ),
        Offered(
            "hand-on",
            "line",
            StepKind.HANDED_ON,
            gettext_lazy("Hand on"),
            gettext_lazy("Hand the task on"),
            forms.HandOnForm,
            _plain(actions.hand_on, "to", "words"),
            gettext_lazy("Handed on."),
            lead=gettext_lazy(
                "The other agency answers in your stead. To go on answering yourself, give it on."
            ),
        ),
        Offered(
            "progress",
            "line",
            StepKind.PROGRESS,
            gettext_lazy("Report progress"),
            gettext_lazy("Report"),
            forms.ProgressForm,
            lambda ctx, line, g, form: actions.report_progress(
                ctx,
                line,
                words=g["words"],
                percent=g["percent"],
                difficulty=g["difficulty"],
                proposal=g["proposal"],
                shown=form.shown(),
                expected_version=g["version"],
            ),
            gettext_lazy("The progress is recorded."),
            is_main=True,
        ),
        Offered(
            "report",
            "line",
            StepKind.REPORTED,
            gettext_lazy("Report done"),
            gettext_lazy("Report done"),
            forms.ReportForm,
            lambda ctx, line, g, form: actions.report_done(
                ctx,
                line,
                result=g["result"],
                difficulty=g["difficulty"],
                proposal=g["proposal"],
                shown=form.shown(),
                expected_version=g["version"],
            ),
            gettext_lazy("Reported; it will be judged by whoever assigned it."),
            is_main=True,
            lead=gettext_lazy("At least one proof goes with it."),
        ),
        Offered(
            "withdraw",
            "line",
            StepKind.WITHDRAWN,
            gettext_lazy("Withdraw the report"),
            gettext_lazy("Withdraw it"),
            forms.RemarkForm,
            _plain(actions.withdraw_report, "words"),
            gettext_lazy("The report is withdrawn."),
        ),
        Offered(
            "give-on",
            "line",
            StepKind.DELEGATED,
            gettext_lazy("Give on"),
            gettext_lazy("Give it on"),
            forms.GiveOnForm,
            _plain(actions.give_on, "lead", "coordinating", "words"),
            gettext_lazy("Given on."),
            lead=gettext_lazy(
                "The agency does the work and reports to you; you go on answering for it."
            ),
        ),
        Offered(
            "release",
            "line",
            StepKind.RELEASED,
            gettext_lazy("Take back"),
            gettext_lazy("Take the work back"),
            forms.ReleaseForm,
            lambda ctx, line, g, form: actions.release(
                ctx,
                line,
                released=form.given[g["released"]],
                words=g["words"],
                expected_version=g["version"],
            ),
            gettext_lazy("The work is your agency's own again."),
        ),
        Offered(
            "officer",
            "line",
            StepKind.OFFICER_NAMED,
            gettext_lazy("Name the officer"),
            gettext_lazy("Name the officer"),
            forms.OfficerForm,
            lambda ctx, line, g, form: actions.name_officer(
                ctx, line, officer=form.people.get(g["officer"]), expected_version=g["version"]
            ),
            gettext_lazy("The officer is named."),
        ),
        Offered(
            "assign",
            "task",
            StepKind.ASSIGNED,
            pgettext_lazy("task", "Assign"),
            gettext_lazy("Assign the task"),
            forms.AssignForm,
            lambda ctx, task, g, form: actions.assign(
                ctx,
                task,
                lead=g["lead"],
                coordinating=list(g["coordinating"]),
                words=g["words"],
                due=form.due() if "rhythm" in form.fields else None,
                expected_version=g["version"],
            ),
            gettext_lazy("Assigned; the agencies are told."),
            is_main=True,
        ),
        Offered(
            "helper",
            "task",
            StepKind.ASSIGNED,
            gettext_lazy("Add a coordinating agency"),
            gettext_lazy("Add the agency"),
            forms.HelperForm,
            _plain(actions.add_helper, "agency", "words"),
            gettext_lazy("The agency coordinates now."),
        ),
        Offered(
            "judge",
            "term",
            StepKind.JUDGED_DONE,
            gettext_lazy("Judge done"),
            gettext_lazy("Judge it done"),
            forms.RemarkForm,
            _plain(actions.judge_done, "words"),
            gettext_lazy("Judged done."),
            is_main=True,
        ),
        Offered(
            "return",
            "term",
            StepKind.RETURNED,
            gettext_lazy("Send back"),
            gettext_lazy("Send the report back"),
            forms.ReasonForm,
            _plain(actions.return_report, "words"),
            gettext_lazy("Sent back."),
            is_main=True,
        ),
        Offered(
            "not-done",
            "term",
            StepKind.JUDGED_NOT_DONE,
            gettext_lazy("Close as not done"),
            gettext_lazy("Close as not done"),
            forms.ReasonForm,
            _plain(actions.judge_not_done, "words"),
            gettext_lazy("Closed as not done."),
            is_grave=True,
        ),
        Offered(
            "extend",
            "task",
            StepKind.EXTENDED,
            gettext_lazy("Move the due day"),
            gettext_lazy("Move the due day"),
            forms.ExtendForm,
            _plain(actions.extend, "due_on", "words"),
            gettext_lazy("The due day is moved."),
        ),
        Offered(
            "tie",
            "task",
            StepKind.TIED,
            gettext_lazy("Tie an indicator"),
            gettext_lazy("Tie the indicator"),
            forms.TieForm,
            lambda ctx, task, g, form: actions.tie_indicator(
                ctx,
                task,
                code=g["code"],
                target=g["target"],
                target_on=g["target_on"],
                baseline_on=g["baseline_on"],
                direction=g["direction"],
                parameters=form.parameters(),
                unit=g["unit"],
                basis=g["basis"],
                expected_version=g["version"],
            ),
            gettext_lazy("The indicator is tied: its progress is computed from now on."),
        ),
        Offered(
            "wait-for",
            "task",
            StepKind.WAITS_FOR,
            gettext_lazy("Let it wait for another"),
            gettext_lazy("Let it wait"),
            forms.NeededForm,
            _plain(actions.wait_for, "needed"),
            gettext_lazy("It waits for the other task."),
        ),
        Offered(
            "edit",
            "task",
            StepKind.EDITED,
            gettext_lazy("Edit"),
            gettext_lazy("Save"),
            forms.EditForm,
            lambda ctx, task, g, form: actions.edit_task(
                ctx,
                task,
                values={k: g[k] for k in ("title", "content", "product", "section")},
                expected_version=g["version"],
            ),
            gettext_lazy("Saved."),
        ),
        Offered(
            "cancel",
            "task",
            StepKind.CANCELLED,
            gettext_lazy("Call off"),
            gettext_lazy("Call the task off"),
            forms.ReasonForm,
            _plain(actions.cancel_task, "words"),
            gettext_lazy("Called off."),
            is_grave=True,
            lead=gettext_lazy("What is part of it is called off, too. It can be opened again."),
        ),
        Offered(
            "reopen",
            "task",
            StepKind.REOPENED,
            gettext_lazy("Open again"),
            gettext_lazy("Open it again"),
            forms.ReopenForm,
            _plain(actions.reopen_task, "words", "due_on"),
            gettext_lazy("The task is open again."),
        ),
    )
}


class TaskView(OfficeView):
    """Base: a page of one task that the caller may see."""

    permission = "tasks.view"
    task: Task

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        found = selectors.task_seen(self.ctx, kwargs["pk"])
        if found is None:
            raise Http404
        self.task = found
        return super().dispatch(request, *args, **kwargs)


def offered(view: TaskView) -> list[tuple[Offered, Assignment | None]]:
    """Return the steps that the caller may take now, each with the line on whose behalf."""
    task, ctx = view.task, view.ctx
    lines = selectors.own_lines(ctx, task) if ctx.may(_ANSWER) else []
    term = present_term(task)
    orders = ctx.may(_ASSIGN) and task.is_within(ctx, _ASSIGN)
    judges = term is not None and ctx.may(_ASSIGN) and term.is_within(ctx, _ASSIGN)
    found: list[tuple[Offered, Assignment | None]] = []
    for step in STEPS.values():
        if not allowed(task, step.kind):
            continue
        if step.of == "line":
            found.extend((step, line) for line in lines if fits_now(step.code, line, task))
        elif step.of == "task":
            found.extend([(step, None)] if orders and suits(step.code, task) else [])
        elif judges and term is not None and is_due(step.code, term, ctx.today):
            found.append((step, None))
    return found


def suits(code: str, task: Task) -> bool:
    """Tell whether a step makes sense for a task as it stands."""
    match code:
        case "helper":
            return task.state != State.DRAFT
        case "extend":
            return task.due_on is not None
    return True


def is_due(code: str, term: Any, today: Any) -> bool:
    """Tell whether a step makes sense for the present term."""
    if code == "not-done":
        return term.due_on is not None and term.due_on < today
    return bool(term.state == "reported")


class TaskPage(TaskView):
    """The whole task on one page: what, for whom, until when, how far, what comes next, its course."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task, ctx = self.task, self.ctx
        steps = offered(self)
        sees_course = selectors.may_see_course(ctx, task)
        lines = selectors.lines_of(task)
        context = {
            "task": task, "left": (left := task.days_left(ctx.today)), "term": present_term(task),
            "late_days": -left if left is not None and left < 0 else 0, "rolled": rolled_up(ctx, task),
            "main_steps": [s for s in steps if s[0].is_main],
            "other_steps": [s for s in steps if not s[0].is_main],
            "standing": [line for line in lines if line.until is None],
            "over": [line for line in lines if line.until is not None],
            "terms": list(task.terms.select_related("judged_by", "reported_by__agency").order_by("-due_on", "-id")),
            "parts": list(selectors.parts_of(ctx, task)),
            "needs": selectors.needed_by(ctx, task),
            "indicators": [read(t, ctx.today) for t in selectors.indicators_of(task)],
            "may_untie": ctx.may(_ASSIGN) and task.is_within(ctx, _ASSIGN),
            "course": [step_line(s) for s in selectors.course_seen(ctx, task)] if sees_course else [],
            "may_add_part": not task.has_ended and ctx.may(_ASSIGN) and selectors.may_add_part(ctx, task),
            "sees_course": sees_course,
        }  # fmt: skip
        return render(request, "tasks/task.html", context)


class StepPage(TaskView):
    """One step of a task: its form, then its act."""

    step: Offered
    line: Assignment | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        if not self.ctx.may(step.permission):
            raise PermissionDenied(step.permission)
        return super().dispatch(request, *args, **kwargs)

    def subject(self) -> Any:
        """Return what the act is done to: the task, its present term, or one of the caller's lines."""
        task, ctx = self.task, self.ctx
        if self.step.of == "line":
            wanted = self.request.GET.get("line") or self.request.POST.get("line", "")
            self.line = line_for(ctx, task, self.step.code, wanted)
            if self.line is None:
                raise Http404
            return self.line
        found = present_term(task) if self.step.of == "term" else task
        if found is None or not found.is_within(ctx, _ASSIGN):
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.subject()
        task = self.task
        initial = {
            "version": task.version, "key": uuid4().hex, "host": request.get_host(), "percent": task.percent,
            "baseline_on": self.ctx.today.replace(month=1, day=1), "lead": task.lead_id,
            "coordinating": [
                a.agency_id for a in task.assignments.now().filter(part=Part.COORDINATING, assigned_by=task.assigner)
            ],
            "officer": str(self.line.officer_id or "") if self.line else "", "rhythm": task.rhythm,
            "due_on": task.due_on, "month": task.due_month or None, "day": task.due_day or None,
            "starts_on": task.starts_on, "ends_on": task.ends_on,
            **{n: getattr(task, n) for n in ("title", "content", "product", "section")},
        }  # fmt: skip
        if self.step.code == "assign" and task.lead_id is None and task.passage is not None:
            lead, others = agencies_of(task.passage, self.ctx.today)
            initial |= {"lead": lead and lead.pk, "coordinating": [a.pk for a in others]}
        if self.step.code in {"give-on", "hand-on", "helper"}:
            initial |= {"lead": None, "coordinating": []}
        return self.show(self.step.form(self.ctx, task, self.line, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        subject = self.subject()
        form = self.step.form(
            self.ctx,
            self.task,
            self.line,
            request.POST,
            request.FILES,
            initial={"host": request.get_host()},
        )
        if not form.is_valid():
            return self.show(form, 422)
        back = redirect("tasks:task", self.task.pk)
        try:
            ctx = self.ctx.by(idempotency_key=form.cleaned_data.get("key") or "")
            self.step.act(ctx, subject, form.cleaned_data, form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        except Refused as refused:
            self.task.refresh_from_db()
            add_findings(form, refused.findings)
            passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
            return self.show(form, 409 if passed else 422)
        messages.success(request, self.step.done)
        return back

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "task": self.task, "step": self.step, "line": self.line, "form": form,
            "back": reverse("tasks:task", args=[self.task.pk]), "term": present_term(self.task),
        }  # fmt: skip
        return render(self.request, "tasks/step.html", context, status=status)


class Untie(TaskView):
    """Untie an indicator."""

    permission = _ASSIGN

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tied = selectors.indicator_of(self.task, kwargs["tied"])
        if tied is None:
            raise Http404
        try:
            actions.untie_indicator(self.ctx, tied)
        except Refused as refused:
            messages.error(request, refused.findings[0].message)
        else:
            messages.success(request, _("The indicator is untied."))
        return redirect("tasks:task", self.task.pk)


class WaitNoMore(TaskView):
    """Let the task wait for another no more."""

    permission = _ASSIGN

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        needed = selectors.task_seen(self.ctx, kwargs["needed"])
        if needed is None:
            raise Http404
        try:
            actions.wait_no_more(self.ctx, self.task, needed=needed)
        except Refused as refused:
            messages.error(request, refused.findings[0].message)
        return redirect("tasks:task", self.task.pk)


class ProofFile(TaskView):
    """A file that was brought as proof, for the parties of the task and those who oversee it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stored = selectors.proof_file(self.ctx, self.task, kwargs["file"])
        if stored is None:
            raise Http404
        return handed_out(stored)


def as_uuid(text: str) -> UUID | None:
    """Return an id that came in an address; nothing where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
