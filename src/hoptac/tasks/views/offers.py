"""The steps of a task as pages offer them, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.tasks import actions, forms, selectors
from hoptac.tasks.boards import fits_now
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.spreading import answered, last_spread, parts_spread
from hoptac.tasks.steps import allowed, present_term
from hoptac.tasks.terms import State, StepKind
from hoptac.ui.steps import Step, by_code, plain

ASSIGN, ANSWER = "tasks.assign", "tasks.answer"
# Steps that take a task from one state to another, beside those that come next.
_MOVES = frozenset({"refuse", "hand-on", "withdraw", "not-done", "cancel", "reopen"})


@dataclass(frozen=True)
class Offered(Step):
    """A step as the page offers it; ``of`` says what it is done to: the task, one of its lines, its present term,
    the request for more time that waits (``wish``, and ``own_wish`` for who made it).
    """

    of: str = "task"
    kind: StepKind = StepKind.EDITED

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "permission", ANSWER if self.of in {"line", "own_wish"} else ASSIGN
        )

    @property
    def moves_card(self) -> bool:
        """Whether a board offers it: it takes the task from one state to another, or is what comes next."""
        return self.is_main or self.code in _MOVES


STEPS: dict[str, Offered] = by_code(
    Offered(
        "accept",
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
        of="line",
        kind=StepKind.ACCEPTED,
        is_main=True,
    ),
    Offered(
        "refuse",
        pgettext_lazy("task", "Refuse"),
        gettext_lazy("Refuse the task"),
        forms.ReasonForm,
        plain(actions.refuse_assignment, "words"),
        gettext_lazy("Refused; whoever assigned it is told."),
        of="line",
        kind=StepKind.REFUSED,
        lead=gettext_lazy("Whoever assigned the task decides anew."),
    ),
    Offered(
        "hand-on",
        gettext_lazy("Hand on"),
        gettext_lazy("Hand the task on"),
        forms.HandOnForm,
        plain(actions.hand_on, "to", "words"),
        gettext_lazy("Handed on."),
        of="line",
        kind=StepKind.HANDED_ON,
        lead=gettext_lazy(
            "The other agency answers in your stead. To go on answering yourself, give it on."
        ),
    ),
    Offered(
        "progress",
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
        of="line",
        kind=StepKind.PROGRESS,
        is_main=True,
    ),
    Offered(
        "report",
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
        of="line",
        kind=StepKind.REPORTED,
        is_main=True,
        lead=gettext_lazy("At least one proof goes with it."),
    ),
    Offered(
        "withdraw",
        gettext_lazy("Withdraw the report"),
        gettext_lazy("Withdraw it"),
        forms.RemarkForm,
        plain(actions.withdraw_report, "words"),
        gettext_lazy("The report is withdrawn."),
        of="line",
        kind=StepKind.WITHDRAWN,
    ),
    Offered(
        "give-on",
        gettext_lazy("Give on"),
        gettext_lazy("Give it on"),
        forms.GiveOnForm,
        plain(actions.give_on, "lead", "coordinating", "words"),
        gettext_lazy("Given on."),
        of="line",
        kind=StepKind.DELEGATED,
        lead=gettext_lazy(
            "The agency does the work and reports to you; you go on answering for it."
        ),
    ),
    Offered(
        "release",
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
        of="line",
        kind=StepKind.RELEASED,
    ),
    Offered(
        "officer",
        gettext_lazy("Name the officer"),
        gettext_lazy("Name the officer"),
        forms.OfficerForm,
        lambda ctx, line, g, form: actions.name_officer(
            ctx, line, officer=form.people.get(g["officer"]), expected_version=g["version"]
        ),
        gettext_lazy("The officer is named."),
        of="line",
        kind=StepKind.OFFICER_NAMED,
    ),
    Offered(
        "assign",
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
        of="task",
        kind=StepKind.ASSIGNED,
        is_main=True,
    ),
    Offered(
        "helper",
        gettext_lazy("Add a coordinating agency"),
        gettext_lazy("Add the agency"),
        forms.HelperForm,
        plain(actions.add_helper, "agency", "words"),
        gettext_lazy("The agency coordinates now."),
        of="task",
        kind=StepKind.ASSIGNED,
    ),
    Offered(
        "judge",
        gettext_lazy("Judge done"),
        gettext_lazy("Judge it done"),
        forms.RemarkForm,
        plain(actions.judge_done, "words"),
        gettext_lazy("Judged done."),
        of="term",
        kind=StepKind.JUDGED_DONE,
        is_main=True,
    ),
    Offered(
        "return",
        gettext_lazy("Send back"),
        gettext_lazy("Send the report back"),
        forms.ReasonForm,
        plain(actions.return_report, "words"),
        gettext_lazy("Sent back."),
        of="term",
        kind=StepKind.RETURNED,
        is_main=True,
    ),
    Offered(
        "not-done",
        gettext_lazy("Close as not done"),
        gettext_lazy("Close as not done"),
        forms.ReasonForm,
        plain(actions.judge_not_done, "words"),
        gettext_lazy("Closed as not done."),
        of="term",
        kind=StepKind.JUDGED_NOT_DONE,
        is_grave=True,
    ),
    Offered(
        "extend",
        gettext_lazy("Move the due day"),
        gettext_lazy("Move the due day"),
        forms.ExtendForm,
        plain(actions.extend, "due_on", "words"),
        gettext_lazy("The due day is moved."),
        of="task",
        kind=StepKind.EXTENDED,
    ),
    Offered(
        "ask-more-time",
        gettext_lazy("Ask for more time"),
        gettext_lazy("Ask for it"),
        forms.MoreTimeForm,
        plain(actions.ask_extension, "due_on", "words"),
        gettext_lazy("Asked; the due day stands until it is granted."),
        of="line",
        kind=StepKind.EXTENSION_ASKED,
        lead=gettext_lazy(
            "Whoever ordered the task decides. The day first set stays on record and is told in reports."
        ),
    ),
    Offered(
        "take-back-wish",
        gettext_lazy("Withdraw the request for more time"),
        gettext_lazy("Withdraw it"),
        forms.RemarkForm,
        plain(actions.withdraw_extension, "words"),
        gettext_lazy("The request is withdrawn."),
        of="own_wish",
        kind=StepKind.EXTENSION_WITHDRAWN,
    ),
    Offered(
        "grant-more-time",
        gettext_lazy("Grant more time"),
        gettext_lazy("Grant it"),
        forms.GrantForm,
        plain(actions.grant_extension, "due_on", "words"),
        gettext_lazy("Granted; the due day is moved."),
        of="wish",
        kind=StepKind.EXTENDED,
        is_main=True,
    ),
    Offered(
        "refuse-more-time",
        gettext_lazy("Refuse more time"),
        gettext_lazy("Refuse it"),
        forms.ReasonForm,
        plain(actions.refuse_extension, "words"),
        gettext_lazy("Refused; the due day stands."),
        of="wish",
        kind=StepKind.EXTENSION_REFUSED,
        is_main=True,
    ),
    Offered(
        "gather",
        gettext_lazy("Take back from the agencies"),
        gettext_lazy("Take the order back"),
        forms.ReasonForm,
        plain(actions.gather, "words"),
        gettext_lazy("Taken back; the agencies are told."),
        kind=StepKind.GATHERED,
        lead=gettext_lazy(
            "The parts of the last order to several agencies are called off. Possible while none of them has answered."
        ),
        is_grave=True,
    ),
    Offered(
        "tie",
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
        of="task",
        kind=StepKind.TIED,
    ),
    Offered(
        "wait-for",
        gettext_lazy("Let it wait for another"),
        gettext_lazy("Let it wait"),
        forms.NeededForm,
        plain(actions.wait_for, "needed"),
        gettext_lazy("It waits for the other task."),
        of="task",
        kind=StepKind.WAITS_FOR,
    ),
    Offered(
        "edit",
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
        of="task",
        kind=StepKind.EDITED,
    ),
    Offered(
        "cancel",
        gettext_lazy("Call off"),
        gettext_lazy("Call the task off"),
        forms.ReasonForm,
        plain(actions.cancel_task, "words"),
        gettext_lazy("Called off."),
        of="task",
        kind=StepKind.CANCELLED,
        is_grave=True,
        lead=gettext_lazy("What is part of it is called off, too. It can be opened again."),
    ),
    Offered(
        "reopen",
        gettext_lazy("Open again"),
        gettext_lazy("Open it again"),
        forms.ReopenForm,
        plain(actions.reopen_task, "words", "due_on"),
        gettext_lazy("The task is open again."),
        of="task",
        kind=StepKind.REOPENED,
    ),
)


def offered(ctx: Context, task: Task) -> list[tuple[Offered, Assignment | None]]:
    """Return the steps that the caller may take now, each with the line on whose behalf."""
    lines = selectors.own_lines(ctx, task) if ctx.may(ANSWER) else []
    term, wish = present_term(task), selectors.wish_waiting(task)
    orders = ctx.may(ASSIGN) and task.is_within(ctx, ASSIGN)
    judges = term is not None and ctx.may(ASSIGN) and term.is_within(ctx, ASSIGN)
    found: list[tuple[Offered, Assignment | None]] = []
    for step in STEPS.values():
        if not allowed(task, step.kind):
            continue
        match step.of:
            case "line":
                found.extend((step, line) for line in lines if _fits(step.code, line, task, wish))
            case "task":
                found.extend([(step, None)] if orders and suits(step.code, task) else [])
            case "wish":
                found.extend([(step, None)] if orders and wish is not None else [])
            case "own_wish":
                is_own = wish is not None and wish.line_id in {line.pk for line in lines}
                found.extend([(step, None)] if is_own else [])
            case "term" if judges and term is not None and is_due(step.code, term, ctx.today):
                found.append((step, None))
    return found


def _fits(code: str, line: Assignment, task: Task, wish: Any) -> bool:
    """Tell whether a step makes sense for a line as it stands; ``wish`` is a request for more time that waits."""
    if code == "ask-more-time" and (task.due_on is None or wish is not None):
        return False
    return fits_now(code, line, task)


def suits(code: str, task: Task) -> bool:
    """Tell whether a step makes sense for a task as it stands."""
    match code:
        case "helper":
            return task.state != State.DRAFT
        case "extend":
            return task.due_on is not None
        case "gather":
            order = last_spread(task)
            return order is not None and not answered(parts_spread(order))
    return True


def is_due(code: str, term: Any, today: Any) -> bool:
    """Tell whether a step makes sense for the present term."""
    if code == "not-done":
        return term.due_on is not None and term.due_on < today
    return bool(term.state == "reported")
