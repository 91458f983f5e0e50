"""Who answers for a task: assigned, given on, accepted, refused, handed on, passed to a successor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.tasks.chains import chain_of
from hoptac.tasks.duedays import due_fields, open_terms
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.steps import (
    follow_lines,
    refuse_without,
    speaking,
    take_step,
)
from hoptac.tasks.terms import OPEN, Answer, Ended, Part, State, StepKind, Wish


@action("tasks.assign", name="tasks.assign")
def assign(
    ctx: Context,
    task: Task,
    *,
    lead: Agency,
    coordinating: Iterable[Agency] = (),
    due: dict[str, Any] | None = None,
    words: str = "",
    expected_version: int | None = None,
) -> Task:
    """Give a task to a leading agency and those that help it; whoever led before is released.

    The lines stand in the chains of command of the agencies that receive it. ``due`` may still set the days
    of a task that was not assigned before.

    :raises Refused: an agency no longer exists, is of another province, leads and helps at once, or the
        task has been reported or has ended
    """
    helpers = list(dict.fromkeys(coordinating))
    refuse_agencies(ctx, task, [lead, *helpers])
    if lead in helpers:
        raise Refused(
            Finding("leads_and_helps", _("An agency cannot lead and coordinate at once."), field="coordinating")
        )  # fmt: skip
    changes: dict[str, Any] = {}
    if due is not None:
        if task.state != State.DRAFT:
            raise Refused(
                Finding("already_assigned", _("It is assigned: move its due day instead."), field="due_on")
            )  # fmt: skip
        changes |= due_fields(**due)
    chain = chain_of(lead)
    standing = task.assignments.now().filter(assigned_by=task.assigner_id)
    end_lines(ctx, standing.filter(part=Part.LEAD), Ended.REASSIGNED)
    keep = standing.filter(part=Part.COORDINATING, agency__in=helpers)
    kept = set(keep.values_list("agency", flat=True))
    end_lines(
        ctx,
        standing.filter(part=Part.COORDINATING).exclude(pk__in=keep.values("pk")),
        Ended.RELEASED,
    )
    lines = [_line(ctx, task, lead, Part.LEAD, task.assigner)]
    for helper in helpers:
        if helper.pk not in kept:
            lines.append(_line(ctx, task, helper, Part.COORDINATING, task.assigner))
    take_step(
        ctx, task, StepKind.ASSIGNED, expected_version=expected_version, words=words, to_agency=lead,
        changes={**changes, "lead": lead}, details={"coordinating": [a.name for a in helpers]},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    open_terms(ctx, task)
    _follow(task)
    announce(ctx, "tasks.assigned", task=task, lines=lines, chain=chain)
    note(ctx, lead=lead.pk, coordinating=[a.pk for a in helpers])
    return task


@action("tasks.answer", name="tasks.give_on")
def give_on(
    ctx: Context,
    line: Assignment,
    *,
    lead: Agency,
    coordinating: Iterable[Agency] = (),
    words: str = "",
    expected_version: int | None = None,
) -> Assignment:
    """Give the work on to another agency, in one's own line of command or the other; one goes on answering for it.

    So a Party committee's task reaches the People's Committee, and through it a department: both lines
    of command answer for the same work, and its proof is judged once, by whoever gave it on.

    :raises Refused: one does not lead it, has not accepted it, has given it on already, or the agency is not fit
    """
    task = line.task
    helpers = list(dict.fromkeys(coordinating))
    _refuse_line_over(line)
    if line.part != Part.LEAD or line.answer != Answer.ACCEPTED:
        raise Refused(
            Finding("not_leading", _("Only who leads a task and accepted it gives it on."))
        )
    if line.given_on.filter(until__isnull=True, part=Part.LEAD).exists():
        raise Refused(
            Finding("given_on_already", _("You have given this task on already: release that agency first."))
        )  # fmt: skip
    refuse_agencies(ctx, task, [lead, *helpers])
    taking_part = set(task.assignments.now().values_list("agency", flat=True))
    if lead.pk in taking_part or lead in helpers:
        raise Refused(
            Finding("takes_part_already", _("This agency already takes part in the task."), field="lead")
        )  # fmt: skip
    given = _line(ctx, task, lead, Part.LEAD, line.agency, given_on_by=line)
    lines = [given]
    for helper in helpers:
        if helper.pk not in taking_part:
            lines.append(_line(ctx, task, helper, Part.COORDINATING, line.agency, given_on_by=line))
    take_step(
        ctx, task, StepKind.DELEGATED, expected_version=expected_version, words=words, to_agency=lead,
        details={"coordinating": [a.name for a in helpers]}, **speaking(ctx, line.agency),
    )  # fmt: skip
    _follow(task)
    announce(ctx, "tasks.assigned", task=task, lines=lines, chain=given.chain)
    note(ctx, subject=task, lead=lead.pk)
    return given


@action("tasks.assign", name="tasks.add_helper")
def add_helper(
    ctx: Context,
    task: Task,
    *,
    agency: Agency,
    words: str = "",
    expected_version: int | None = None,
) -> Assignment:
    """Let a further agency coordinate.

    :raises Refused: it already takes part, or is not fit
    """
    refuse_agencies(ctx, task, [agency])
    if task.assignments.now().filter(agency=agency).exists():
        raise Refused(
            Finding("takes_part_already", _("This agency already takes part in the task."), field="agency")
        )  # fmt: skip
    line = _line(ctx, task, agency, Part.COORDINATING, task.assigner)
    take_step(
        ctx, task, StepKind.ASSIGNED, expected_version=expected_version, leads=State(task.state),
        words=words, to_agency=agency, details={"coordinating": [agency.name]},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    announce(ctx, "tasks.assigned", task=task, lines=[line], chain=line.chain)
    note(ctx, agency=agency.pk)
    return line


@action("tasks.answer", name="tasks.accept_assignment")
def accept_assignment(
    ctx: Context,
    line: Assignment,
    *,
    officer: User | None = None,
    words: str = "",
    expected_version: int | None = None,
) -> Assignment:
    """Take on an agency's part in a task; ``officer`` is who will follow it there.

    :raises Refused: it was answered already, or no longer stands
    """
    _refuse_line_over(line)
    if line.answer == Answer.ACCEPTED:
        raise Refused(Finding("answered_already", _("Your agency has already accepted it.")))
    line.officer = officer or line.officer
    answer_line(ctx, line, Answer.ACCEPTED, words)
    task = line.task
    leads = State.UNDER_WAY if line.part == Part.LEAD and task.state == State.ASSIGNED else None
    take_step(ctx, task, StepKind.ACCEPTED, expected_version=expected_version, leads=leads, words=words,
              **speaking(ctx, line.agency))  # fmt: skip
    announce(ctx, "tasks.answered", task=task, line=line)
    if officer is not None:
        announce(ctx, "tasks.officer_named", task=task, line=line, officer=officer)
    note(ctx, subject=task, agency=line.agency_id, officer=officer and officer.pk)
    return line


@action("tasks.answer", name="tasks.refuse_assignment")
def refuse_assignment(
    ctx: Context, line: Assignment, *, words: str, expected_version: int | None = None
) -> Assignment:
    """Say why an agency cannot take its part; whoever assigned it decides anew.

    :raises Refused: no reason, it was answered already, or no longer stands
    """
    refuse_without(words, _("Say why your agency cannot take it on."))
    _refuse_line_over(line)
    if line.answer != Answer.WAITING:
        raise Refused(Finding("answered_already", _("Your agency has already answered.")))
    answer_line(ctx, line, Answer.REFUSED, words)
    task = line.task
    is_whole = line.part == Part.LEAD and line.given_on_by_id is None
    take_step(ctx, task, StepKind.REFUSED, expected_version=expected_version, words=words,
              leads=State.REFUSED if is_whole else None, **speaking(ctx, line.agency))  # fmt: skip
    announce(ctx, "tasks.refused", task=task, line=line, words=words)
    note(ctx, subject=task, agency=line.agency_id)
    return line


@action("tasks.answer", name="tasks.hand_on")
def hand_on(
    ctx: Context, line: Assignment, *, to: Agency, words: str, expected_version: int | None = None
) -> Assignment:
    """Hand one's whole part to another agency whose business it is; whoever assigned it is told.

    The other agency answers in its turn; with :func:`give_on` one goes on answering oneself.

    :raises Refused: no reason, the agency already takes part or is not fit, or the line no longer stands
    """
    refuse_without(words, _("Say why it is the other agency's business."))
    _refuse_line_over(line)
    task = line.task
    refuse_agencies(ctx, task, [to])
    if task.assignments.now().filter(agency=to).exists():
        raise Refused(
            Finding(
                "takes_part_already", _("This agency already takes part in the task."), field="to"
            )
        )
    end_lines(ctx, [line], Ended.HANDED_ON)
    new = _line(
        ctx,
        task,
        to,
        Part(line.part),
        line.assigned_by,
        given_on_by=line.given_on_by,
        came_from=line,
    )
    state = State.ASSIGNED if line.part == Part.LEAD and line.given_on_by_id is None else None
    take_step(ctx, task, StepKind.HANDED_ON, expected_version=expected_version, leads=state, words=words,
              to_agency=to, **speaking(ctx, line.agency))  # fmt: skip
    _follow(task)
    announce(ctx, "tasks.answered", task=task, line=line)
    announce(ctx, "tasks.assigned", task=task, lines=[new], chain=new.chain)
    note(ctx, subject=task, agency=line.agency_id, to=to.pk)
    return new


@action("tasks.answer", name="tasks.release")
def release(
    ctx: Context,
    line: Assignment,
    *,
    released: Assignment,
    words: str,
    expected_version: int | None = None,
) -> Assignment:
    """Take back what one gave on to another agency: the work is one's own again.

    :raises Refused: no reason, or one did not give it on to that agency
    """
    refuse_without(words, _("Say why the agency is released."))
    released.refresh_from_db()
    if released.given_on_by_id != line.pk or released.until is not None:
        raise Refused(Finding("not_given_on", _("You have not given this task on to that agency.")))
    task = line.task
    end_lines(ctx, [released], Ended.RELEASED)
    take_step(ctx, task, StepKind.RELEASED, expected_version=expected_version, words=words,
              to_agency=released.agency, **speaking(ctx, line.agency))  # fmt: skip
    _follow(task)
    note(ctx, subject=task, released=released.agency_id)
    return line


@action("tasks.answer", name="tasks.name_officer")
def name_officer(
    ctx: Context,
    line: Assignment,
    *,
    officer: User | None,
    words: str = "",
    expected_version: int | None = None,
) -> Assignment:
    """Name who follows the task within an agency, or that nobody does.

    :raises Refused: the officer has no mandate to answer for that agency, or the line no longer stands
    """
    from hoptac.tasks.selectors import may_follow

    _refuse_line_over(line)
    if officer is not None and not may_follow(officer, line.agency, ctx.today):
        raise Refused(
            Finding("no_mandate_there", _("This officer has no mandate in the agency."), field="officer")
        )  # fmt: skip
    line.officer, line.version, line.act_id = officer, line.version + 1, act_of(ctx)
    line.save()
    take_step(ctx, line.task, StepKind.OFFICER_NAMED, expected_version=expected_version, words=words,
              details={"officer": officer.full_name if officer else ""},
              **speaking(ctx, line.agency))  # fmt: skip
    if officer is not None:
        announce(ctx, "tasks.officer_named", task=line.task, line=line, officer=officer)
    note(ctx, subject=line.task, agency=line.agency_id, officer=officer and officer.pk)
    return line


@action("jurisdiction.manage", name="tasks.pass_to_successors")
def pass_to_successors(ctx: Context, agency: Agency) -> list[Assignment]:
    """Let the open tasks of an agency that has ended pass to its one successor of the day.

    Done by the daily job, or by hand once a succession is confirmed. Where there is no successor, or more
    than one, nothing moves: those tasks stand in the list of tasks without an owner.
    """
    passing = AgencySuccession.objects.filter(predecessor=agency, on__lte=ctx.today)
    successors = list(passing.select_related("successor").order_by("on", "pk")[:2])
    if len(successors) != 1 or agency.valid.upper is None or agency.valid.upper > ctx.today:
        note(ctx, passed=0)
        return []
    to, on, found = successors[0].successor, successors[0].on, []
    standing = Assignment.objects.now().filter(agency=agency, task__state__in=sorted(OPEN))
    for line in standing.select_related("task", "assigned_by", "given_on_by").order_by("id"):
        if line.task.assignments.now().filter(agency=to, chain=line.chain).exists():
            end_lines(ctx, [line], Ended.SUCCEEDED)
            continue
        line.until, line.ended = on, Ended.SUCCEEDED
        line.version, line.act_id = line.version + 1, act_of(ctx)
        line.save()
        new = Assignment.objects.create(
            task=line.task, agency=to, part=line.part, chain=line.chain, assigned_by=line.assigned_by,
            given_on_by=line.given_on_by, since=on, came_from=line, answer=line.answer,
            answered_on=line.answered_on, act_id=act_of(ctx),
        )  # fmt: skip
        line.given_on.filter(until__isnull=True).update(given_on_by=new)
        line.extension_requests.filter(state=Wish.WAITING).update(line=new)
        take_step(ctx, line.task, StepKind.SUCCEEDED, to_agency=to, agency=agency, chain=line.chain,
                  details={"on": on.isoformat(), "basis": successors[0].legal_basis})  # fmt: skip
        _follow(line.task)
        found.append(new)
    ordered = Task.objects.filter(assigner=agency).exclude(state__in=("done", "cancelled"))
    note(ctx, to=to.pk, passed=len(found), ordered=ordered.update(assigner=to))
    return found


# --- What these acts share ---------------------------------------------------------------------------


def refuse_agencies(ctx: Context, task: Task, agencies: Iterable[Agency]) -> None:
    """Refuse agencies of another province, and those that do not exist on the day.

    :raises Refused: names the first
    """
    for agency in agencies:
        if agency.province_code != task.province_code:
            raise Refused(
                Finding("agency_elsewhere", _("The agency is of another province."), field="lead")
            )
        if ctx.today not in agency.valid:
            raise Refused(
                Finding(
                    "agency_over",
                    _("%(agency)s does not exist on this day.") % {"agency": agency.name},
                    field="lead",
                )
            )


def _refuse_line_over(line: Assignment) -> None:
    if line.until is not None:
        raise Refused(
            Finding("line_over", _("Your agency no longer answers for this task: %(why)s.")
                    % {"why": line.get_ended_display().lower()})
        )  # fmt: skip


def _line(
    ctx: Context, task: Task, agency: Agency, part: Part, by: Agency, **more: Any
) -> Assignment:
    line = new_line(ctx, task, agency, part, by, **more)
    line.save()
    return line


def new_line(
    ctx: Context, task: Task, agency: Agency, part: Part, by: Agency, **more: Any
) -> Assignment:
    """Return an agency's part in a task that is not entered yet."""
    return Assignment(
        task=task, agency=agency, part=part, chain=chain_of(agency), assigned_by=by, since=ctx.today,
        act_id=act_of(ctx), **more,
    )  # fmt: skip


def end_lines(ctx: Context, lines: Iterable[Assignment], why: Ended) -> None:
    """End lines, and those to whom their work was given on."""
    for line in lines:
        line.until, line.ended = ctx.today, why
        line.version, line.act_id = line.version + 1, act_of(ctx)
        line.save()
        end_lines(ctx, line.given_on.filter(until__isnull=True), Ended.RELEASED)


def answer_line(ctx: Context, line: Assignment, answer: Answer, words: str) -> None:
    """Write what an agency said to its part."""
    line.answer, line.answered_on, line.answer_words = answer, ctx.today, words[:1000]
    line.version, line.act_id = line.version + 1, act_of(ctx)
    line.save()


def _follow(task: Task) -> None:
    """Let the task repeat its leading line and present term."""
    Task.objects.filter(pk=task.pk).update(**follow_lines(task))
    task.refresh_from_db()
