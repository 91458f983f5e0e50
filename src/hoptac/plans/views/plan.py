"""One plan: its targets against what was reached, its tasks, its course, its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.foundation.rulebook import rule_in_force
from hoptac.plans import actions, forms, selectors
from hoptac.plans.figures import lines_of
from hoptac.plans.forms_of_law import outline
from hoptac.plans.in_words import step_line
from hoptac.plans.models import YearPlan
from hoptac.plans.rules.standing import StandingRule
from hoptac.plans.steps import allowed
from hoptac.plans.terms import FROZEN, Standing, State, StepKind
from hoptac.plans.views.base import PlanView, carried_out, simply_done

_MAKE, _APPROVE = "plans.make", "plans.approve"
# Rules of plans are kept from this day on.
_FIRST = date(2013, 7, 1)


@dataclass(frozen=True)
class Offered:
    """A step as the page offers it: what it may be taken under, its form, its act, its words."""

    code: str
    permission: str
    kind: StepKind
    title: Any
    button: Any
    form: type[forms.StepForm]
    act: Callable[[Any, YearPlan, Any], Any]
    done: Any
    lead: Any = ""
    is_main: bool = False
    is_grave: bool = False


def _plain(act: Callable[..., Any], *names: str) -> Callable[[Any, YearPlan, Any], Any]:
    """Return an act that takes these fields of its form as they are."""
    return lambda ctx, plan, form: act(
        ctx, plan, expected_version=form.cleaned_data.get("version"),
        **{n: form.cleaned_data[n] for n in names},
    )  # fmt: skip


def _with(
    act: Callable[..., Any], more: Callable[[Any], dict[str, Any]]
) -> Callable[[Any, YearPlan, Any], Any]:
    """Return an act that takes what its form makes of its fields."""
    return lambda ctx, plan, form: act(
        ctx, plan, expected_version=form.cleaned_data.get("version"), **more(form)
    )


def _named(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda form: {n: form.cleaned_data[n] for n in names}


STEPS: dict[str, Offered] = {
    s.code: s
    for s in (
        Offered(
            "submit",
            _MAKE,
            StepKind.SUBMITTED,
            pgettext_lazy("plan", "Submit"),
            gettext_lazy("Submit for approval"),
            forms.RemarkForm,
            _plain(actions.submit, "words"),
            gettext_lazy("Submitted; the approving agency is told."),
            is_main=True,
        ),
        Offered(
            "approve",
            _APPROVE,
            StepKind.APPROVED,
            pgettext_lazy("plan", "Approve"),
            gettext_lazy("Approve the plan"),
            forms.RemarkForm,
            _plain(actions.approve, "words"),
            gettext_lazy("Approved."),
            is_main=True,
            lead=gettext_lazy("From now on its targets change only by an adjustment."),
        ),
        Offered(
            "return",
            _APPROVE,
            StepKind.RETURNED,
            pgettext_lazy("plan", "Send back"),
            gettext_lazy("Send the plan back"),
            forms.ReasonForm,
            _plain(actions.return_plan, "words"),
            gettext_lazy("Sent back; whoever made it is told."),
            is_main=True,
        ),
        Offered(
            "issue",
            _MAKE,
            StepKind.ISSUED,
            pgettext_lazy("plan", "Issue"),
            gettext_lazy("Record the document"),
            forms.IssueForm,
            _with(
                actions.issue,
                lambda f: {
                    **_named("document", "symbol", "issued_on", "signer", "signer_post")(f),
                    "file": f.file(),
                },
            ),
            gettext_lazy("The plan is issued."),
            is_main=True,
            lead=gettext_lazy("The document as which the plan was signed."),
        ),
        Offered(
            "close",
            _MAKE,
            StepKind.CLOSED,
            gettext_lazy("Close the year"),
            gettext_lazy("Close the year"),
            forms.RemarkForm,
            _plain(actions.close_year, "words"),
            gettext_lazy("The year is closed."),
            is_main=True,
        ),
        Offered(
            "edit",
            _MAKE,
            StepKind.EDITED,
            gettext_lazy("Edit the heading"),
            gettext_lazy("Save"),
            forms.EditForm,
            _with(
                actions.edit_plan,
                lambda f: {"values": _named("title", "approver", "directive", "tied_to", "tie")(f)},
            ),
            gettext_lazy("Saved."),
        ),
        Offered(
            "texts",
            _MAKE,
            StepKind.EDITED,
            gettext_lazy("Write the chapters"),
            gettext_lazy("Save"),
            forms.TextsForm,
            _with(actions.edit_plan, lambda f: {"values": {"texts": f.texts()}}),
            gettext_lazy("Saved."),
            lead=gettext_lazy(
                "They stand in the document; figures and annexes are set by the system."
            ),
        ),
        Offered(
            "ask",
            _MAKE,
            StepKind.ASKED,
            gettext_lazy("Ask for plans"),
            gettext_lazy("Ask for plans"),
            forms.AskForm,
            _plain(actions.ask_plans, "agencies", "due_on", "words"),
            gettext_lazy("The agencies are asked."),
            lead=gettext_lazy("Agencies and districts make plans of their own from this one."),
        ),
        Offered(
            "take-task",
            _MAKE,
            StepKind.TASK_TAKEN,
            gettext_lazy("Take up a task"),
            gettext_lazy("Take it up"),
            forms.TakeTaskForm,
            _plain(actions.take_task, "task"),
            gettext_lazy("The task is part of the plan."),
        ),
        Offered(
            "take-part",
            _MAKE,
            StepKind.TASK_TAKEN,
            gettext_lazy("Order a part of a task"),
            gettext_lazy("Order it"),
            forms.TakePartForm,
            _with(
                actions.take_part,
                lambda f: {
                    **_named("task", "title", "lead")(f),
                    "due": {"due_on": f.cleaned_data["due_on"]}
                    if f.cleaned_data["due_on"]
                    else None,
                },
            ),
            gettext_lazy("The part is ordered and belongs to the plan."),
        ),
        Offered(
            "withdraw",
            _MAKE,
            StepKind.WITHDRAWN,
            gettext_lazy("Withdraw"),
            gettext_lazy("Withdraw the plan"),
            forms.RemarkForm,
            _plain(actions.withdraw, "words"),
            gettext_lazy("The plan is back on your desk."),
        ),
        Offered(
            "adjust",
            _APPROVE,
            StepKind.ADJUSTED,
            gettext_lazy("Adjust"),
            gettext_lazy("Adjust the plan"),
            forms.AdjustForm,
            _with(
                actions.adjust, lambda f: {**_named("words", "document")(f), "changes": f.changes()}
            ),
            gettext_lazy("Adjusted; the values before stay on record."),
            lead=gettext_lazy("Change only what the document changes."),
        ),
        Offered(
            "reopen",
            _MAKE,
            StepKind.REOPENED,
            gettext_lazy("Open again"),
            gettext_lazy("Open it again"),
            forms.ReasonForm,
            _plain(actions.reopen_year, "words"),
            gettext_lazy("The plan is open again."),
        ),
        Offered(
            "abandon",
            _MAKE,
            StepKind.ABANDONED,
            gettext_lazy("Abandon"),
            gettext_lazy("Abandon the plan"),
            forms.ReasonForm,
            _plain(actions.abandon_plan, "words"),
            gettext_lazy("The plan is abandoned."),
            is_grave=True,
        ),
    )
}


def offered(view: PlanView) -> list[Offered]:
    """Return the steps that the caller may take from where the plan stands."""
    plan, found = view.plan, []
    for step in STEPS.values():
        fits = allowed(plan, step.kind)
        if step.code == "close":
            fits = fits and view.ctx.today > plan.ends_on
        if fits and view.may(step.permission):
            found.append(step)
    return found


class PlanPage(PlanView):
    """The whole plan on one page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plan, ctx, day = self.plan, self.ctx, self.day()
        steps = offered(self)
        lines = lines_of(plan, day)
        marks = {s: sum(line.standing == s for line in lines) for s in Standing}
        parent = selectors.plan_seen(ctx, plan.parent_id) if plan.parent_id else None
        may_make = self.may(_MAKE)
        context = {
            "plan": plan,
            "day": day,
            "lines": lines,
            "marks": marks,
            "parent": parent,
            "main_steps": [s for s in steps if s.is_main],
            "other_steps": [s for s in steps if not s.is_main],
            "directive": selectors.directive_shown(ctx, plan.directive),
            "tied_to": selectors.directive_shown(ctx, plan.tied_to),
            "issued": selectors.directive_shown(ctx, plan.issued),
            "tasks": selectors.tasks_of(ctx, plan),
            "course": [step_line(s) for s in selectors.course_of(ctx, plan)],
            "asked": selectors.asked_of(plan),
            "before_plan": selectors.plan_before(ctx, plan),
            "parts": selectors.parts_of(ctx, plan).count(),
            "may_set": may_make and plan.is_editable,
            "may_forecast": may_make and plan.state in FROZEN,
            "may_state": may_make and plan.state not in {State.ABANDONED, State.CLOSED},
            "may_leave": may_make and plan.state not in {State.ABANDONED, State.CLOSED},
            "may_export": ctx.may("plans.export"),
            "chapters": [
                (c.shown_title, plan.texts[c.code]) for c in outline() if plan.texts.get(c.code)
            ],
            "rule": rule_in_force(StandingRule, on=max(plan.begins_after, _FIRST)),
            "days": _days(plan, ctx.today),
        }
        return render(request, "plans/plan.html", context)


class StepPage(PlanView):
    """One step of a plan: its form, then its act."""

    step: Offered

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        if not self.ctx.may(step.permission):
            raise PermissionDenied(step.permission)
        return super().dispatch(request, *args, **kwargs)

    def _refuse_others(self) -> None:
        if not self.may(self.step.permission):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._refuse_others()
        plan = self.plan
        initial = {
            "version": plan.version, "key": uuid4().hex, "title": plan.title, "tie": plan.tie,
            "approver": plan.approver_id, "directive": plan.directive_id, "tied_to": plan.tied_to_id,
        }  # fmt: skip
        if self.step.code == "take-part":
            initial["title"] = ""
        return self.show(self.step.form(self.ctx, plan, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._refuse_others()
        form = self.step.form(self.ctx, self.plan, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        back = redirect("plans:plan", self.plan.pk)
        return carried_out(
            self, form, lambda ctx: self.step.act(ctx, self.plan, form), self.step.done, back
        )

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "plan": self.plan, "step": self.step, "form": form, "title": self.step.title, "button": self.step.button,
            "lead": self.step.lead, "back": reverse("plans:plan", args=[self.plan.pk]), "is_grave": self.step.is_grave,
        }  # fmt: skip
        return render(self.request, "plans/step.html", context, status=status)


class LeaveTask(PlanView):
    """Take a task out of the plan."""

    permission = _MAKE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task = next((t for t in selectors.tasks_of(self.ctx, self.plan) if t.pk == kwargs["task"]), None)  # fmt: skip
        if task is None or not self.may(_MAKE):
            raise Http404
        return simply_done(
            self, lambda: actions.leave_task(self.ctx, self.plan, task=task), _("The task is taken out of the plan.")
        )  # fmt: skip


def _days(plan: YearPlan, today: date) -> list[dict[str, Any]]:
    """Return the days whose figures are offered: half year and end where they have passed, today."""
    last = min(today, plan.ends_on)
    found = []
    for year in range(plan.year, last.year + 1):
        for day, name in (
            (date(year, 6, 30), _("six months")),
            (date(year, 12, 31), _("the year")),
        ):
            if day < last or day == plan.ends_on <= today:
                found.append({"day": day, "name": f"{name} {year}"})
    return found[-6:]
