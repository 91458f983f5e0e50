"""Moving a due day: by whoever ordered the task, or because the agency that leads it asked for more time."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.tasks.models import Assignment, ExtensionRequest, Task
from hoptac.tasks.steps import present_term, refuse_without, speaking, take_step
from hoptac.tasks.terms import Answer, Part, StepKind, TermState, Wish


@action("tasks.assign", name="tasks.extend")
def extend(
    ctx: Context, task: Task, *, due_on: date, words: str, expected_version: int | None = None
) -> Task:
    """Move the due day of the present term, saying why; the day first set and each one before stay on record.

    A request for more time that waits is overtaken by it.

    :raises Refused: no reason, the day has passed, or no term is open
    """
    refuse_without(words, _("Say why the due day is moved."))
    if due_on < ctx.today:
        raise Refused(
            Finding("due_passed", _("The new due day has already passed."), field="due_on")
        )
    term = present_term(task)
    if term is None:
        raise Refused(Finding("no_term_open", _("Nothing of this task is due now.")))
    before = term.due_on
    term.first_due_on = term.first_due_on or before
    term.due_on, term.version, term.act_id = due_on, term.version + 1, act_of(ctx)
    term.save()
    take_step(
        ctx, task, StepKind.EXTENDED, expected_version=expected_version, term=term, words=words,
        changes={"due_on": due_on}, details={"before": before and before.isoformat(), "after": due_on.isoformat()},
        **speaking(ctx, task.assigner),
    )  # fmt: skip
    announce(ctx, "tasks.extended", task=task, term=term)
    note(ctx, before=before, after=due_on)
    return task


@action("tasks.answer", name="tasks.ask_extension")
def ask_extension(
    ctx: Context, line: Assignment, *, due_on: date, words: str, expected_version: int | None = None
) -> ExtensionRequest:
    """Ask whoever ordered a task for a later due day, saying why. The day stands until that is granted.

    :raises Refused: no reason; the agency does not lead or has not accepted; nothing with a due day is open, it is
        reported, or a request waits already; the day asked for is no later than the present one, or has passed
    """
    refuse_without(words, _("Say why more time is needed."))
    if line.until is not None or line.part != Part.LEAD or line.answer != Answer.ACCEPTED:
        raise Refused(
            Finding("not_leading", _("Only who leads a task and accepted it asks for more time."))
        )
    task = line.task
    term = present_term(task)
    if term is None or term.due_on is None or term.state != TermState.OPEN:
        raise Refused(Finding("no_term_open", _("Nothing of this task is due now.")))
    if due_on <= term.due_on or due_on < ctx.today:
        raise Refused(
            Finding("not_later", _("Ask for a day after the present due day that lies ahead."), field="due_on")
        )  # fmt: skip
    if task.extension_requests.filter(state=Wish.WAITING).exists():
        raise Refused(Finding("asked_already", _("A request for more time waits already.")))
    wish = ExtensionRequest.objects.create(
        task=task, term=term, line=line, asked_on=ctx.today, due_before=term.due_on, wanted_on=due_on,
        words=words[:2000], act_id=act_of(ctx),
    )  # fmt: skip
    take_step(
        ctx, task, StepKind.EXTENSION_ASKED, expected_version=expected_version, term=term, words=words,
        to_agency=task.assigner, details={"before": term.due_on.isoformat(), "after": due_on.isoformat()},
        **speaking(ctx, line.agency),
    )  # fmt: skip
    announce(ctx, "tasks.extension_asked", task=task, wish=wish)
    note(ctx, subject=task, agency=line.agency_id, before=term.due_on, wanted=due_on)
    return wish


@action("tasks.answer", name="tasks.withdraw_extension")
def withdraw_extension(
    ctx: Context, wish: ExtensionRequest, *, words: str = "", expected_version: int | None = None
) -> ExtensionRequest:
    """Take a request for more time back before it is decided.

    :raises Refused: it was decided, or overtaken
    """
    _decide(ctx, wish, Wish.WITHDRAWN, words)
    take_step(ctx, wish.task, StepKind.EXTENSION_WITHDRAWN, expected_version=expected_version, term=wish.term,
              words=words, **speaking(ctx, wish.line.agency))  # fmt: skip
    announce(ctx, "tasks.extension_over", task=wish.task)
    note(ctx, subject=wish.task, agency=wish.line.agency_id)
    return wish


@action("tasks.assign", name="tasks.grant_extension")
def grant_extension(
    ctx: Context,
    wish: ExtensionRequest,
    *,
    due_on: date | None = None,
    words: str = "",
    expected_version: int | None = None,
) -> Task:
    """Grant more time: the due day moves to the one asked for, or to another one named.

    :raises Refused: it was decided or overtaken, or the day is no later than the present one or has passed
    """
    day = due_on or wish.wanted_on
    if day <= wish.due_before:
        raise Refused(
            Finding("not_later", _("Grant a day after the present due day."), field="due_on")
        )
    wish.granted_on = day
    _decide(ctx, wish, Wish.GRANTED, words)
    task = extend(
        ctx, wish.task, due_on=day, words=words.strip() or wish.words, expected_version=expected_version
    )  # fmt: skip
    announce(ctx, "tasks.extension_over", task=task)
    note(ctx, subject=task, agency=wish.line.agency_id, wanted=wish.wanted_on, granted=day)
    return task


@action("tasks.assign", name="tasks.refuse_extension")
def refuse_extension(
    ctx: Context, wish: ExtensionRequest, *, words: str, expected_version: int | None = None
) -> ExtensionRequest:
    """Refuse more time, saying why; the due day stands.

    :raises Refused: no reason, or it was decided or overtaken
    """
    refuse_without(words, _("Say why more time is refused."))
    _decide(ctx, wish, Wish.REFUSED, words)
    take_step(
        ctx, wish.task, StepKind.EXTENSION_REFUSED, expected_version=expected_version, term=wish.term,
        words=words, to_agency=wish.line.agency, details={"wanted": wish.wanted_on.isoformat()},
        **speaking(ctx, wish.task.assigner),
    )  # fmt: skip
    announce(ctx, "tasks.extension_refused", task=wish.task, wish=wish)
    note(ctx, subject=wish.task, agency=wish.line.agency_id, wanted=wish.wanted_on)
    return wish


def _decide(ctx: Context, wish: ExtensionRequest, state: Wish, words: str) -> None:
    """Close a request.

    :raises Refused: it does not wait any more
    """
    if wish.state != Wish.WAITING:
        raise Refused(
            Finding("state_passed", _("This request was closed before: %(state)s.")
                    % {"state": wish.get_state_display().lower()})
        )  # fmt: skip
    wish.state, wish.decided_on, wish.answer = state, ctx.today, words[:2000]
    if state in {Wish.GRANTED, Wish.REFUSED}:
        wish.decided_by = wish.task.assigner
    wish.version, wish.act_id = wish.version + 1, act_of(ctx)
    wish.save()
