"""How far a task is, what shows it, and the judgement of whoever gave the work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.tasks.actions.planning import close_when_over
from hoptac.tasks.models import Assignment, Dependency, Task, Term
from hoptac.tasks.proofs import Shown, bring
from hoptac.tasks.steps import present_term, refuse_without, speaking, take_step
from hoptac.tasks.terms import Answer, Part, State, StepKind, TermState


@action("tasks.answer", name="tasks.report_progress")
def report_progress(
    ctx: Context,
    line: Assignment,
    *,
    words: str,
    percent: int | None = None,
    difficulty: str = "",
    proposal: str = "",
    shown: Iterable[Shown] = (),
    expected_version: int | None = None,
) -> Assignment:
    """Say how far an agency is, what it met and what it asks for, with what shows it.

    ``percent`` counts where the leading agency gives it.

    :raises Refused: nothing is said, the percentage is none, or the agency has not accepted its part
    """
    refuse_without(words or difficulty or proposal, _("Say what was done."))
    if percent is not None and not 0 <= percent <= 100:
        raise Refused(Finding("percent_impossible", _("Between 0 and 100."), field="percent"))
    task, term = _reportable(line)
    changes: dict[str, Any] = {}
    if percent is not None and line.part == Part.LEAD:
        term.percent, term.version, term.act_id = percent, term.version + 1, act_of(ctx)
        term.save()
        changes["percent"] = percent
    step = take_step(
        ctx, task, StepKind.PROGRESS, expected_version=expected_version, term=term, words=words,
        percent=percent, difficulty=difficulty[:2000], proposal=proposal[:2000], changes=changes,
        **speaking(ctx, line.agency),
    )  # fmt: skip
    proofs = bring(ctx, step, shown)
    note(ctx, subject=task, agency=line.agency_id, percent=percent, proofs=len(proofs))
    return line


@action("tasks.answer", name="tasks.report_done")
def report_done(
    ctx: Context,
    line: Assignment,
    *,
    result: str,
    shown: Iterable[Shown] = (),
    difficulty: str = "",
    proposal: str = "",
    expected_version: int | None = None,
) -> Term:
    """Report the present term done, with its proof, to whoever gave the work.

    :raises Refused: the agency does not lead, says or shows nothing, or tasks it waits for are not done
    """
    refuse_without(result, _("Say what came of it."), field="result")
    task, term = _reportable(line)
    if line.part != Part.LEAD:
        raise Refused(Finding("not_leading", _("Only the leading agency reports a task done.")))
    given = (
        line.given_on.filter(until__isnull=True, part=Part.LEAD).select_related("agency").first()
    )
    if given is not None:
        raise Refused(
            Finding("given_on_already", _("You have given this task on: %(agency)s reports it.")
                    % {"agency": given.agency.name})
        )  # fmt: skip
    _refuse_while_needed(task)
    brought = list(shown)
    if not brought:
        raise Refused(
            Finding("proof_missing", _("Bring what shows it: a file, a document, a record or the indicator."),
                    field="shown")
        )  # fmt: skip
    term.state, term.reported_on, term.reported_by = TermState.REPORTED, ctx.today, line
    term.result, term.percent = result[:2000], 100
    term.version, term.act_id = term.version + 1, act_of(ctx)
    term.save()
    step = take_step(
        ctx, task, StepKind.REPORTED, expected_version=expected_version, term=term, words=result, percent=100,
        difficulty=difficulty[:2000], proposal=proposal[:2000], changes={"percent": 100},
        to_agency=line.assigned_by, **speaking(ctx, line.agency),
    )  # fmt: skip
    bring(ctx, step, brought)
    announce(ctx, "tasks.reported", task=task, term=term, line=line)
    note(ctx, subject=task, agency=line.agency_id, term=term.label, proofs=len(brought))
    return term


@action("tasks.answer", name="tasks.withdraw_report")
def withdraw_report(
    ctx: Context, line: Assignment, *, words: str = "", expected_version: int | None = None
) -> Assignment:
    """Take a report of done back before it was judged.

    :raises Refused: there is none of this agency, or it was judged
    """
    task = line.task
    term = present_term(task)
    if term is None or term.state != TermState.REPORTED or term.reported_by_id != line.pk:
        raise Refused(
            Finding("nothing_reported", _("No report of your agency waits to be judged."))
        )
    _open_again(ctx, term)
    take_step(ctx, task, StepKind.WITHDRAWN, expected_version=expected_version, term=term, words=words,
              **speaking(ctx, line.agency))  # fmt: skip
    announce(ctx, "tasks.withdrawn", task=task)
    note(ctx, subject=task, agency=line.agency_id, term=term.label)
    return line


@action("tasks.assign", name="tasks.judge_done")
def judge_done(
    ctx: Context, term: Term, *, words: str = "", expected_version: int | None = None
) -> Task:
    """Accept the proof: the term is done, for every line of command that answers for it.

    A recurring task goes on with its next term; one without a further term is done.

    :raises Refused: nothing was reported, or it was judged already
    """
    task = term.task
    line = _reported(term)
    _judge(ctx, term, TermState.DONE, words)
    step = take_step(
        ctx, task, StepKind.JUDGED_DONE, expected_version=expected_version, term=term, words=words,
        to_agency=line.agency, **speaking(ctx, line.assigned_by),
    )  # fmt: skip
    _go_on(ctx, step.task)
    announce(ctx, "tasks.judged", task=task, term=term, line=line, is_done=True)
    note(ctx, subject=task, term=term.label, agency=line.agency_id)
    return step.task


@action("tasks.assign", name="tasks.return_report")
def return_report(
    ctx: Context, term: Term, *, words: str, expected_version: int | None = None
) -> Task:
    """Send a report back: what it lacks is said, and the term is open again.

    :raises Refused: no reason, or nothing was reported
    """
    refuse_without(words, _("Say what is missing."))
    task = term.task
    line = _reported(term)
    _open_again(ctx, term)
    take_step(ctx, task, StepKind.RETURNED, expected_version=expected_version, term=term, words=words,
              to_agency=line.agency, **speaking(ctx, line.assigned_by))  # fmt: skip
    announce(ctx, "tasks.judged", task=task, term=term, line=line, is_done=False)
    note(ctx, subject=task, term=term.label, agency=line.agency_id)
    return task


@action("tasks.assign", name="tasks.judge_not_done")
def judge_not_done(
    ctx: Context, term: Term, *, words: str, expected_version: int | None = None
) -> Task:
    """Close a term as not done once its day has passed; a recurring task goes on with the next one.

    :raises Refused: no reason, its day lies ahead, or it was judged already
    """
    refuse_without(words, _("Say why it counts as not done."))
    if term.state not in {TermState.OPEN, TermState.REPORTED}:
        raise Refused(Finding("judged_already", _("It was judged already.")))
    if term.due_on is None or term.due_on >= ctx.today:
        raise Refused(Finding("not_due_yet", _("Its due day has not passed yet.")))
    task = term.task
    judge = term.reported_by.assigned_by if term.reported_by else task.assigner
    _judge(ctx, term, TermState.NOT_DONE, words)
    step = take_step(ctx, task, StepKind.JUDGED_NOT_DONE, expected_version=expected_version, term=term,
                     words=words, **speaking(ctx, judge))  # fmt: skip
    _go_on(ctx, step.task)
    announce(ctx, "tasks.withdrawn", task=task)
    note(ctx, subject=task, term=term.label)
    return step.task


# --- What these acts share ---------------------------------------------------------------------------


def _reportable(line: Assignment) -> tuple[Task, Term]:
    """Return the task and its present term.

    :raises Refused: the line is over or was not accepted, or nothing is open
    """
    if line.until is not None:
        raise Refused(
            Finding("line_over", _("Your agency no longer answers for this task: %(why)s.")
                    % {"why": line.get_ended_display().lower()})
        )  # fmt: skip
    if line.answer != Answer.ACCEPTED:
        raise Refused(Finding("not_accepted", _("Your agency has not accepted its part yet.")))
    term = present_term(line.task)
    if term is None:
        raise Refused(Finding("no_term_open", _("Nothing of this task is due now.")))
    return line.task, term


def _refuse_while_needed(task: Task) -> None:
    """Refuse while tasks that this one waits for are not done.

    :raises Refused: names them
    """
    waiting = Dependency.objects.filter(task=task, retired_by__isnull=True).exclude(
        needed__state__in=(State.DONE, State.CANCELLED)
    )
    names = [str(d.needed) for d in waiting.select_related("needed").order_by("id")[:5]]
    if names:
        raise Refused(
            Finding("needed_not_done", _("It waits for tasks that are not done: %(tasks)s.")
                    % {"tasks": "; ".join(names)})
        )  # fmt: skip


def _reported(term: Term) -> Assignment:
    if term.state != TermState.REPORTED or term.reported_by is None:
        raise Refused(Finding("nothing_reported", _("Nothing waits to be judged here.")))
    return term.reported_by


def _judge(ctx: Context, term: Term, state: TermState, words: str) -> None:
    judge = term.reported_by.assigned_by if term.reported_by else term.task.assigner
    term.state, term.judged_on, term.judged_by, term.judgement = (
        state,
        ctx.today,
        judge,
        words[:1000],
    )
    term.version, term.act_id = term.version + 1, act_of(ctx)
    term.save()


def _open_again(ctx: Context, term: Term) -> None:
    term.state, term.reported_on, term.reported_by = TermState.OPEN, None, None
    term.version, term.act_id = term.version + 1, act_of(ctx)
    term.save()


def _go_on(ctx: Context, task: Task) -> None:
    """Let a task whose term was closed stand at its next term, or be done."""
    Task.objects.filter(pk=task.pk).update(**close_when_over(ctx, task))
    task.refresh_from_db()
