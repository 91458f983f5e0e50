"""Acting upon tasks: ordering, assigning, answering, reporting with proofs, judging, closing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.api import naming
from hoptac.api.declaring import there
from hoptac.api.operations.tasks import matter
from hoptac.api.schemas.tasks import (
    AcceptTaskIn,
    AskExtensionIn,
    AssignIn,
    CancelIn,
    DecideExtensionIn,
    DueIn,
    ExtendIn,
    GiveOnIn,
    HandOnIn,
    HelperIn,
    JudgeIn,
    OfLine,
    ProgressIn,
    ProofIn,
    ReasonIn,
    ReleaseIn,
    ReopenIn,
    ReportIn,
    SpreadIn,
    TaskChangeIn,
    TaskIn,
    TieIn,
    UntieIn,
    WaitIn,
    WithdrawIn,
)
from hoptac.foundation.access import Context
from hoptac.tasks import actions, selectors
from hoptac.tasks.boards import line_for
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.proofs import Shown
from hoptac.tasks.steps import present_term

ASSIGN, ANSWER = "tasks.assign", "tasks.answer"


def _ordered(ctx: Context, pk: UUID) -> Task | None:
    """Return a task that the caller orders."""
    found = selectors.task_seen(ctx, pk)
    return found if found is not None and found.is_within(ctx, ASSIGN) else None


def _answered(ctx: Context, pk: UUID) -> Task | None:
    """Return a task in which an agency takes part for which the caller answers."""
    found = selectors.task_seen(ctx, pk)
    return found if found is not None and selectors.own_lines(ctx, found) else None


def _judged(ctx: Context, pk: UUID) -> Task | None:
    """Return a task that the caller judges: of whoever gave the work that is reported, else of who ordered it."""
    found = selectors.task_seen(ctx, pk)
    term = present_term(found) if found is not None else None
    subject = term or found
    return found if subject is not None and subject.is_within(ctx, ASSIGN) else None


def _line(ctx: Context, task: Task, code: str, data: OfLine) -> Assignment:
    """Return for which agency the caller acts.

    :raises Problem: 422 where the assignment named is none of the caller's
    """
    found = there(line_for(ctx, task, code, str(data.assignment_id or "")))
    if data.assignment_id is not None and found.pk != data.assignment_id:
        raise naming.unknown("assignment_id", _("This is no assignment of an agency of yours."))
    found.task = task
    return found


def _due(data: DueIn | None) -> dict[str, Any] | None:
    if data is None:
        return None
    return {**data.model_dump(), "rhythm": data.rhythm.value}


def _again(task: Task) -> Task:
    """Return a task as it stands after an act that changed it by way of a line or a term."""
    task.refresh_from_db()
    return task


# --- Whoever orders it


@matter.acts("/tasks", "Order a task", needs=ASSIGN, status=201)
def create_task(ctx: Context, data: TaskIn) -> Task:
    """Enter a task that an agency orders, or a part of another; nobody answers for it until it is assigned."""
    parent = naming.task(ctx, data.parent_id, "parent_id")
    return actions.create_task(
        ctx, title=data.title, assigner=naming.agency(ctx, data.assigner_id, "assigner_id"),
        directive=naming.directive(ctx, data.directive_id), parent=parent, section=data.section,
        content=data.content, product=data.product, reach=data.reach.value, due=_due(data.due),
    )  # fmt: skip


@matter.acts("/tasks/{id}/changes", "Change its words", needs=ASSIGN, upon=_ordered)
def edit_task(ctx: Context, task: Task, version: int, data: TaskChangeIn) -> Task:
    """Change what is asked, or before it is assigned when it is due."""
    values = {
        k: v for k, v in data.model_dump(exclude_unset=True, exclude={"due"}).items() if v is not None
    }  # fmt: skip
    actions.edit_task(ctx, task, values=values, due=_due(data.due), expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/assignment", "Assign", needs=ASSIGN, upon=_ordered)
def assign_task(ctx: Context, task: Task, version: int, data: AssignIn) -> Task:
    """Give the task to a leading agency and those that help it; whoever led before is released."""
    return actions.assign(
        ctx, task, lead=naming.agency(ctx, data.lead_id, "lead_id"),
        coordinating=naming.agencies(ctx, data.coordinating_ids, "coordinating_ids"), due=_due(data.due),
        words=data.words, expected_version=version,
    )  # fmt: skip


@matter.acts("/tasks/{id}/parts", "Order a part of each of many", needs=ASSIGN, upon=_ordered)
def spread_task(ctx: Context, task: Task, version: int, data: SpreadIn) -> Task:
    """Order a part of each of several agencies, with the same days; who has one already is passed over."""
    chosen = naming.agencies(ctx, data.agency_ids, "agency_ids")
    actions.spread(
        ctx, task, agencies=chosen, words=data.words, due=_due(data.due), expected_version=version
    )
    return _again(task)


@matter.acts("/tasks/{id}/parts/removal", "Take an order to many back", needs=ASSIGN, upon=_ordered)
def gather_task(ctx: Context, task: Task, version: int, data: CancelIn) -> Task:
    """Take the last order to many back, all of it, while none of its agencies has answered."""
    actions.gather(ctx, task, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/helpers", "Add a coordinating agency", needs=ASSIGN, upon=_ordered)
def add_helper(ctx: Context, task: Task, version: int, data: HelperIn) -> Task:
    """Let a further agency coordinate."""
    chosen = naming.agency(ctx, data.agency_id, "agency_id")
    actions.add_helper(ctx, task, agency=chosen, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/judgement", "Judge", needs=ASSIGN, upon=_judged)
def judge_task(ctx: Context, task: Task, version: int, data: JudgeIn) -> Task:
    """Accept what was reported, send it back, or close a term as not done once its day has passed."""
    term = present_term(task)
    if term is None:
        raise naming.unknown("verdict", _("Nothing of this task is due now."))
    acts: dict[str, Any] = {
        "done": actions.judge_done, "returned": actions.return_report, "not_done": actions.judge_not_done,
    }  # fmt: skip
    acts[data.verdict](ctx, term, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/extension", "Move the due day", needs=ASSIGN, upon=_ordered)
def extend_task(ctx: Context, task: Task, version: int, data: ExtendIn) -> Task:
    """Move the due day of the present term, saying why."""
    return actions.extend(ctx, task, due_on=data.due_on, words=data.words, expected_version=version)


@matter.acts("/tasks/{id}/extension/decision", "Decide upon more time", needs=ASSIGN, upon=_ordered)
def decide_extension(ctx: Context, task: Task, version: int, data: DecideExtensionIn) -> Task:
    """Grant the more time that the leading agency asked for, or refuse it with words."""
    wish = selectors.wish_waiting(task)
    if wish is None:
        raise naming.unknown("verdict", _("No request for more time waits."))
    if data.verdict == "granted":
        actions.grant_extension(
            ctx, wish, due_on=data.due_on, words=data.words, expected_version=version
        )
    else:
        actions.refuse_extension(ctx, wish, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/cancellation", "Call off", needs=ASSIGN, upon=_ordered)
def cancel_task(ctx: Context, task: Task, version: int, data: CancelIn) -> Task:
    """Call the task off with all that is part of it."""
    return actions.cancel_task(ctx, task, words=data.words, expected_version=version)


@matter.acts("/tasks/{id}/reopening", "Open again", needs=ASSIGN, upon=_ordered)
def reopen_task(ctx: Context, task: Task, version: int, data: ReopenIn) -> Task:
    """Open again what was judged done or called off."""
    return actions.reopen_task(
        ctx, task, words=data.words, due_on=data.due_on, expected_version=version
    )


@matter.acts("/tasks/{id}/indicators", "Tie an indicator", needs=ASSIGN, upon=_ordered)
def tie_indicator(ctx: Context, task: Task, version: int, data: TieIn) -> Task:
    """Tie a computed figure to the task: its progress is computed from then on (codes: ``GET /measures``)."""
    actions.tie_indicator(
        ctx, task, code=data.code, target=Decimal(str(data.target)), target_on=data.target_on,
        baseline_on=data.baseline_on, direction=data.direction.value, parameters=data.parameters,
        unit=naming.unit(data.unit_id), basis=data.basis, expected_version=version,
    )  # fmt: skip
    return _again(task)


@matter.acts("/tasks/{id}/indicators/removal", "Untie an indicator", needs=ASSIGN, upon=_ordered)
def untie_indicator(ctx: Context, task: Task, version: int, data: UntieIn) -> Task:
    """Untie a figure; what was proved by it stays."""
    tied = selectors.indicator_of(task, data.indicator_id)
    if tied is None:
        raise naming.unknown("indicator_id", _("No such indicator is tied to this task."))
    actions.untie_indicator(ctx, tied, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/needs", "Let it wait for another", needs=ASSIGN, upon=_ordered)
def wait_for_task(ctx: Context, task: Task, version: int, data: WaitIn) -> Task:
    """Let the task wait for another, which must be done first; or wait no more."""
    needed = naming.task(ctx, data.needed_id, "needed_id")
    act: Any = actions.wait_for if data.waits else actions.wait_no_more
    act(ctx, task, needed=needed, expected_version=version)
    return _again(task)


# --- Whoever answers for it


@matter.acts("/tasks/{id}/acceptance", "Accept", needs=ANSWER, upon=_answered)
def accept_task(ctx: Context, task: Task, version: int, data: AcceptTaskIn) -> Task:
    """Take on one's agency's part, naming who follows it there."""
    line = _line(ctx, task, "accept", data)
    officer = None
    if data.officer:
        people = selectors.officers_of(line.agency, ctx.today)
        officer = next((u for u in people if u.username == data.officer), None)
        if officer is None:
            raise naming.unknown("officer", _("This officer has no mandate in the agency."))
    actions.accept_assignment(
        ctx, line, officer=officer, words=data.words, expected_version=version
    )
    return _again(task)


@matter.acts("/tasks/{id}/refusal", "Refuse", needs=ANSWER, upon=_answered)
def refuse_task(ctx: Context, task: Task, version: int, data: ReasonIn) -> Task:
    """Say why one's agency cannot take its part; whoever assigned it decides anew."""
    line = _line(ctx, task, "refuse", data)
    actions.refuse_assignment(ctx, line, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/handing_on", "Hand on", needs=ANSWER, upon=_answered)
def hand_on_task(ctx: Context, task: Task, version: int, data: HandOnIn) -> Task:
    """Hand one's whole part to the agency whose business it is, which answers in one's stead."""
    line, to = _line(ctx, task, "hand-on", data), naming.agency(ctx, data.to_id, "to_id")
    actions.hand_on(ctx, line, to=to, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/giving_on", "Give on", needs=ANSWER, upon=_answered)
def give_on_task(ctx: Context, task: Task, version: int, data: GiveOnIn) -> Task:
    """Give the work on to another agency, which reports to one's own; one goes on answering for it."""
    line = _line(ctx, task, "give-on", data)
    actions.give_on(
        ctx, line, lead=naming.agency(ctx, data.lead_id, "lead_id"),
        coordinating=naming.agencies(ctx, data.coordinating_ids, "coordinating_ids"),
        words=data.words, expected_version=version,
    )  # fmt: skip
    return _again(task)


@matter.acts("/tasks/{id}/release", "Take back", needs=ANSWER, upon=_answered)
def release_task(ctx: Context, task: Task, version: int, data: ReleaseIn) -> Task:
    """Take back what one gave on: the work is one's own again."""
    line = _line(ctx, task, "release", data)
    released = line.given_on.filter(pk=data.released_id).select_related("agency").first()
    if released is None:
        raise naming.unknown("released_id", _("You have not given this task on to that agency."))
    actions.release(ctx, line, released=released, words=data.words, expected_version=version)
    return _again(task)


@matter.acts("/tasks/{id}/extension/request", "Ask for more time", needs=ANSWER, upon=_answered)
def ask_extension(ctx: Context, task: Task, version: int, data: AskExtensionIn) -> Task:
    """Ask whoever ordered the task for a later due day; the day stands until that is granted."""
    line = _line(ctx, task, "ask-more-time", data)
    actions.ask_extension(ctx, line, due_on=data.due_on, words=data.words, expected_version=version)
    return _again(task)


@matter.acts(
    "/tasks/{id}/extension/withdrawal",
    "Withdraw the request for more time",
    needs=ANSWER,
    upon=_answered,
)
def withdraw_extension(ctx: Context, task: Task, version: int, data: WithdrawIn) -> Task:
    """Take the request for more time back before it is decided."""
    wish = selectors.wish_waiting(task)
    if wish is None or not wish.is_within(ctx, ANSWER):
        raise naming.unknown("words", _("No request of your agency for more time waits."))
    actions.withdraw_extension(ctx, wish, words=data.words, expected_version=version)
    return _again(task)


@matter.acts(
    "/tasks/{id}/progress", "Report progress", needs=ANSWER, upon=_answered, brings_files=True
)
def report_progress(ctx: Context, task: Task, version: int, data: ProgressIn) -> Task:
    """Say how far one's agency is, what it met and asks for, with what shows it."""
    actions.report_progress(
        ctx, _line(ctx, task, "progress", data), words=data.words, percent=data.percent,
        difficulty=data.difficulty, proposal=data.proposal, shown=_shown(ctx, task, data.proofs),
        expected_version=version,
    )  # fmt: skip
    return _again(task)


@matter.acts("/tasks/{id}/report", "Report done", needs=ANSWER, upon=_answered, brings_files=True)
def report_done(ctx: Context, task: Task, version: int, data: ReportIn) -> Task:
    """Report the present term done, with its proof, to whoever gave the work."""
    actions.report_done(
        ctx, _line(ctx, task, "report", data), result=data.result, difficulty=data.difficulty,
        proposal=data.proposal, shown=_shown(ctx, task, data.proofs), expected_version=version,
    )  # fmt: skip
    return _again(task)


@matter.acts("/tasks/{id}/withdrawal", "Withdraw the report", needs=ANSWER, upon=_answered)
def withdraw_report(ctx: Context, task: Task, version: int, data: WithdrawIn) -> Task:
    """Take a report of done back before it is judged."""
    line = _line(ctx, task, "withdraw", data)
    actions.withdraw_report(ctx, line, words=data.words, expected_version=version)
    return _again(task)


def _shown(ctx: Context, task: Task, proofs: Sequence[ProofIn]) -> list[Shown]:
    """Return proofs as the acts take them.

    :raises Problem: 422 where one is of nothing, of several things, or of what the caller may not use
    """
    found = []
    for number, proof in enumerate(proofs):
        place = f"proofs.{number}"
        brought = (proof.file, proof.directive_id, proof.record, proof.indicator_id)
        if sum(x is not None for x in brought) != 1:
            raise naming.unknown(
                place, _("One of a file, a document, a record or an indicator is needed.")
            )
        file, record, tied = None, None, None
        if proof.file is not None:
            file = (proof.file.name, proof.file.content)
        if proof.record is not None:
            record = (proof.record, proof.words or proof.record)
        if proof.indicator_id is not None:
            tied = next(
                (t for t in selectors.indicators_of(task) if t.pk == proof.indicator_id), None
            )
            if tied is None:
                raise naming.unknown(
                    f"{place}.indicator_id", _("No such indicator is tied to this task.")
                )
        found.append(
            Shown(
                words=proof.words, file=file, record=record, indicator=tied,
                directive=naming.directive(ctx, proof.directive_id, f"{place}.directive_id"),
            )
        )  # fmt: skip
    return found
