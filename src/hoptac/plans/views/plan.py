"""One plan: its targets against what was reached, its tasks, its course, its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from hoptac.plans.views.base import PlanActView, PlanView
from hoptac.ui.steps import Act, Step, StepView, by_code, done_or_told, plain

_MAKE, _APPROVE = "plans.make", "plans.approve"
# Rules of plans are kept from this day on.
_FIRST = date(2013, 7, 1)


@dataclass(frozen=True)
class Offered(Step):
    """A step as the page offers it, with the kind that says from where it may be taken."""

    kind: StepKind = StepKind.EDITED


def _with(act: Callable[..., Any], more: Callable[[Any], dict[str, Any]]) -> Act:
    """Return an act that takes what its form makes of its fields."""
    return lambda ctx, plan, g, form: act(
        ctx, plan, expected_version=g.get("version"), **more(form)
    )


def _named(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda form: {n: form.cleaned_data[n] for n in names}


STEPS: dict[str, Offered] = by_code(
    Offered(
        "submit",
        pgettext_lazy("plan", "Submit"),
        gettext_lazy("Submit for approval"),
        forms.RemarkForm,
        plain(actions.submit, "words"),
        gettext_lazy("Submitted; the approving agency is told."),
        permission=_MAKE,
        kind=StepKind.SUBMITTED,
        is_main=True,
    ),
    Offered(
        "approve",
        pgettext_lazy("plan", "Approve"),
        gettext_lazy("Approve the plan"),
        forms.RemarkForm,
        plain(actions.approve, "words"),
        gettext_lazy("Approved."),
        permission=_APPROVE,
        kind=StepKind.APPROVED,
        is_main=True,
        lead=gettext_lazy("From now on its targets change only by an adjustment."),
    ),
    Offered(
        "return",
        pgettext_lazy("plan", "Send back"),
        gettext_lazy("Send the plan back"),
        forms.ReasonForm,
        plain(actions.return_plan, "words"),
        gettext_lazy("Sent back; whoever made it is told."),
        permission=_APPROVE,
        kind=StepKind.RETURNED,
        is_main=True,
    ),
    Offered(
        "issue",
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
        permission=_MAKE,
        kind=StepKind.ISSUED,
        is_main=True,
        lead=gettext_lazy("The document as which the plan was signed."),
    ),
    Offered(
        "close",
        gettext_lazy("Close the year"),
        gettext_lazy("Close the year"),
        forms.RemarkForm,
        plain(actions.close_year, "words"),
        gettext_lazy("The year is closed."),
        permission=_MAKE,
        kind=StepKind.CLOSED,
        is_main=True,
    ),
    Offered(
        "edit",
        gettext_lazy("Edit the heading"),
        gettext_lazy("Save"),
        forms.EditForm,
        _with(
            actions.edit_plan,
            lambda f: {"values": _named("title", "approver", "directive", "tied_to", "tie")(f)},
        ),
        gettext_lazy("Saved."),
        permission=_MAKE,
        kind=StepKind.EDITED,
    ),
    Offered(
        "texts",
        gettext_lazy("Write the chapters"),
        gettext_lazy("Save"),
        forms.TextsForm,
        _with(actions.edit_plan, lambda f: {"values": {"texts": f.texts()}}),
        gettext_lazy("Saved."),
        permission=_MAKE,
        kind=StepKind.EDITED,
        lead=gettext_lazy("They stand in the document; figures and annexes are set by the system."),
    ),
    Offered(
        "ask",
        gettext_lazy("Ask for plans"),
        gettext_lazy("Ask for plans"),
        forms.AskForm,
        plain(actions.ask_plans, "agencies", "due_on", "words"),
        gettext_lazy("The agencies are asked."),
        permission=_MAKE,
        kind=StepKind.ASKED,
        lead=gettext_lazy("Agencies and districts make plans of their own from this one."),
    ),
    Offered(
        "take-task",
        gettext_lazy("Take up a task"),
        gettext_lazy("Take it up"),
        forms.TakeTaskForm,
        plain(actions.take_task, "task"),
        gettext_lazy("The task is part of the plan."),
        permission=_MAKE,
        kind=StepKind.TASK_TAKEN,
    ),
    Offered(
        "take-part",
        gettext_lazy("Order a part of a task"),
        gettext_lazy("Order it"),
        forms.TakePartForm,
        _with(
            actions.take_part,
            lambda f: {
                **_named("task", "title", "lead")(f),
                "due": {"due_on": f.cleaned_data["due_on"]} if f.cleaned_data["due_on"] else None,
            },
        ),
        gettext_lazy("The part is ordered and belongs to the plan."),
        permission=_MAKE,
        kind=StepKind.TASK_TAKEN,
    ),
    Offered(
        "withdraw",
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdraw the plan"),
        forms.RemarkForm,
        plain(actions.withdraw, "words"),
        gettext_lazy("The plan is back on your desk."),
        permission=_MAKE,
        kind=StepKind.WITHDRAWN,
    ),
    Offered(
        "adjust",
        gettext_lazy("Adjust"),
        gettext_lazy("Adjust the plan"),
        forms.AdjustForm,
        _with(actions.adjust, lambda f: {**_named("words", "document")(f), "changes": f.changes()}),
        gettext_lazy("Adjusted; the values before stay on record."),
        permission=_APPROVE,
        kind=StepKind.ADJUSTED,
        lead=gettext_lazy("Change only what the document changes."),
    ),
    Offered(
        "reopen",
        gettext_lazy("Open again"),
        gettext_lazy("Open it again"),
        forms.ReasonForm,
        plain(actions.reopen_year, "words"),
        gettext_lazy("The plan is open again."),
        permission=_MAKE,
        kind=StepKind.REOPENED,
    ),
    Offered(
        "abandon",
        gettext_lazy("Abandon"),
        gettext_lazy("Abandon the plan"),
        forms.ReasonForm,
        plain(actions.abandon_plan, "words"),
        gettext_lazy("The plan is abandoned."),
        permission=_MAKE,
        kind=StepKind.ABANDONED,
        is_grave=True,
    ),
)


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


class StepPage(StepView, PlanActView):
    """One step of a plan: its form, then its act."""

    steps = STEPS

    def initial(self) -> dict[str, Any]:
        plan = self.plan
        return {
            "title": "" if self.step.code == "take-part" else plan.title, "tie": plan.tie,
            "approver": plan.approver_id, "directive": plan.directive_id, "tied_to": plan.tied_to_id,
        }  # fmt: skip


class LeaveTask(PlanView):
    """Take a task out of the plan."""

    permission = _MAKE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task = next((t for t in selectors.tasks_of(self.ctx, self.plan) if t.pk == kwargs["task"]), None)  # fmt: skip
        if task is None or not self.may(_MAKE):
            raise Http404
        done_or_told(
            request, lambda: actions.leave_task(self.ctx, self.plan, task=task), _("The task is taken out of the plan.")
        )  # fmt: skip
        return redirect("plans:plan", self.plan.pk)


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
