"""One task, its steps, its proofs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.selectors import directives_seen
from hoptac.foundation.access import Context
from hoptac.foundation.documents.serving import handed_out
from hoptac.tasks import actions, selectors
from hoptac.tasks.boards import line_for
from hoptac.tasks.in_words import step_line
from hoptac.tasks.indicators import read
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.outlines import rolled_up
from hoptac.tasks.proposed import agencies_of
from hoptac.tasks.spreading import is_for_many
from hoptac.tasks.steps import allowed, present_term
from hoptac.tasks.terms import Part, State, StepKind
from hoptac.tasks.views.offers import ASSIGN, STEPS, Offered, offered
from hoptac.ui.steps import StepView, done_or_told
from hoptac.ui.views import SubjectView


class TaskView(SubjectView):
    """Base: a page of one task that the caller may see."""

    permission = "tasks.view"
    subject: Task

    def find(self, pk: Any) -> Task | None:
        return selectors.task_seen(self.ctx, pk)

    @property
    def task(self) -> Task:
        return self.subject


class TaskPage(TaskView):
    """The whole task on one page: what, for whom, until when, how far, what comes next, its course."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task, ctx = self.task, self.ctx
        steps = offered(ctx, task)
        sees_course = selectors.may_see_course(ctx, task)
        lines = selectors.lines_of(task)
        context = {
            "task": task, "left": (left := task.days_left(ctx.today)), "term": present_term(task),
            "late_days": -left if left is not None and left < 0 else 0, "rolled": rolled_up(ctx, task),
            # What waits to be decided comes first.
            "main_steps": sorted((s for s in steps if s[0].is_main), key=lambda s: s[0].of != "wish"),
            "other_steps": [s for s in steps if not s[0].is_main],
            "standing": [line for line in lines if line.until is None],
            "over": [line for line in lines if line.until is not None],
            "terms": list(task.terms.select_related("judged_by", "reported_by__agency").order_by("-due_on", "-id")),
            **_parts(ctx, task),
            "needs": selectors.needed_by(ctx, task), "wish": selectors.wish_waiting(task) if sees_course else None,
            "may_spread": ctx.may(ASSIGN) and allowed(task, StepKind.SPREAD) and task.is_within(ctx, ASSIGN),
            "for_many": task.state == State.DRAFT and is_for_many(task.passage),
            "indicators": [read(t, ctx.today) for t in selectors.indicators_of(task)],
            "may_untie": ctx.may(ASSIGN) and task.is_within(ctx, ASSIGN),
            "course": [step_line(s) for s in selectors.course_seen(ctx, task)] if sees_course else [],
            "may_add_part": not task.has_ended and ctx.may(ASSIGN) and selectors.may_add_part(ctx, task),
            "sees_course": sees_course,
            "sees_document": task.directive_id and directives_seen(ctx).filter(pk=task.directive_id).exists(),
        }  # fmt: skip
        return render(request, "tasks/task.html", context)


def _parts(ctx: Context, task: Task) -> dict[str, Any]:
    """Return the parts of a task, those called off apart, and how they stand."""
    every = list(selectors.parts_of(ctx, task))
    parts = [p for p in every if p.state != State.CANCELLED]
    left = [p.days_left(ctx.today) for p in parts]
    return {
        "parts": parts, "parts_off": [p for p in every if p.state == State.CANCELLED],
        "parts_done": sum(p.state == State.DONE for p in parts),
        "parts_waiting": sum(p.state == State.ASSIGNED for p in parts),
        "parts_late": sum(days is not None and days < 0 for days in left),
    }  # fmt: skip


class StepPage(StepView, TaskView):
    """One step of a task: its form, then its act."""

    steps = STEPS
    step: Offered
    template_name = "tasks/step.html"
    line: Assignment | None = None

    def acted_on(self) -> Any:
        """Return what the act is done to: the task, its present term, or one of the caller's lines."""
        task, ctx = self.task, self.ctx
        if self.step.of == "line":
            wanted = self.request.GET.get("line") or self.request.POST.get("line", "")
            self.line = line_for(ctx, task, self.step.code, wanted)
            return self.line
        found = {"term": present_term, "wish": selectors.wish_waiting, "own_wish": selectors.wish_waiting}.get(
            self.step.of, lambda of: of
        )(task)  # fmt: skip
        return found if found is not None and found.is_within(ctx, self.needed()) else None

    def form(self, *sent: Any, **given: Any) -> Any:
        initial = {"host": self.request.get_host(), **given.pop("initial", {})}
        return self.step.form(self.ctx, self.task, self.line, *sent, initial=initial, **given)

    def initial(self) -> dict[str, Any]:
        task, line = self.task, self.line
        found = {
            "line": line and line.pk, "percent": task.percent, "lead": task.lead_id,
            "baseline_on": self.ctx.today.replace(month=1, day=1),
            "coordinating": [
                a.agency_id for a in task.assignments.now().filter(part=Part.COORDINATING, assigned_by=task.assigner)
            ],
            "officer": str(line.officer_id or "") if line else "", "rhythm": task.rhythm,
            "due_on": task.due_on, "month": task.due_month or None, "day": task.due_day or None,
            "starts_on": task.starts_on, "ends_on": task.ends_on,
            **{n: getattr(task, n) for n in ("title", "content", "product", "section")},
        }  # fmt: skip
        if self.step.code == "assign" and task.lead_id is None and task.passage is not None:
            lead, others = agencies_of(task.passage, self.ctx.today)
            found |= {"lead": lead and lead.pk, "coordinating": [a.pk for a in others]}
        if self.step.of == "wish":
            found["due_on"] = self.holder.wanted_on
        if self.step.code == "ask-more-time":
            found["due_on"] = None
        if self.step.code in {"give-on", "hand-on", "helper"}:
            found |= {"lead": None, "coordinating": []}
        return found

    def back(self) -> str:
        return reverse("tasks:task", args=[self.task.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tasks"), reverse("tasks:list")), (self.task.number, self.back())]

    def extra(self) -> dict[str, Any]:
        about = [self.task.title, *([self.line.agency.name] if self.line else [])]
        return {
            **super().extra(), "task": self.task, "line": self.line, "about": " · ".join(about),
            "term": present_term(self.task), "wish": self.holder if self.step.of == "wish" else None,
            "for_many": self.step.code == "assign" and is_for_many(self.task.passage),
        }  # fmt: skip


class Untie(TaskView):
    """Untie an indicator."""

    permission = ASSIGN

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tied = selectors.indicator_of(self.task, kwargs["tied"])
        if tied is None:
            raise Http404
        done_or_told(
            request, lambda: actions.untie_indicator(self.ctx, tied), _("The indicator is untied.")
        )
        return redirect("tasks:task", self.task.pk)


class WaitNoMore(TaskView):
    """Let the task wait for another no more."""

    permission = ASSIGN

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        needed = selectors.task_seen(self.ctx, kwargs["needed"])
        if needed is None:
            raise Http404
        done_or_told(request, lambda: actions.wait_no_more(self.ctx, self.task, needed=needed))
        return redirect("tasks:task", self.task.pk)


class ProofFile(TaskView):
    """A file that was brought as proof, for the parties of the task and those who oversee it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stored = selectors.proof_file(self.ctx, self.task, kwargs["file"])
        if stored is None:
            raise Http404
        return handed_out(stored)
