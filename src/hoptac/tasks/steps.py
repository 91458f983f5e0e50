"""Where a task may go next, and the row that each step leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.models import Assignment, ExtensionRequest, Step, Task, Term
from hoptac.tasks.terms import OPEN, RUNNING, State, StepKind, Wish

S, K = State, StepKind
# From which states a step may be taken, and where it leads; nothing: it stays where it is.
WORKFLOW: dict[StepKind, tuple[frozenset[State], State | None]] = {
    K.EDITED: (OPEN | {S.DRAFT}, None),
    K.ASSIGNED: (OPEN - {S.REPORTED} | {S.DRAFT}, S.ASSIGNED),
    K.SPREAD: (OPEN - {S.REPORTED} | {S.DRAFT}, None),
    K.GATHERED: (OPEN - {S.REPORTED}, None),
    K.DELEGATED: (frozenset({S.UNDER_WAY}), None),
    K.ACCEPTED: (frozenset({S.ASSIGNED, S.UNDER_WAY, S.REPORTED}), None),
    K.REFUSED: (frozenset({S.ASSIGNED, S.UNDER_WAY}), None),
    K.HANDED_ON: (frozenset({S.ASSIGNED, S.UNDER_WAY, S.REFUSED}), None),
    K.SUCCEEDED: (OPEN, None),
    K.RELEASED: (OPEN, None),
    K.OFFICER_NAMED: (OPEN, None),
    K.PROGRESS: (frozenset({S.ASSIGNED, S.UNDER_WAY}), None),
    K.REPORTED: (frozenset({S.UNDER_WAY}), S.REPORTED),
    K.WITHDRAWN: (frozenset({S.REPORTED}), S.UNDER_WAY),
    K.RETURNED: (frozenset({S.REPORTED}), S.UNDER_WAY),
    K.JUDGED_DONE: (frozenset({S.REPORTED}), None),
    K.JUDGED_NOT_DONE: (frozenset({S.ASSIGNED, S.UNDER_WAY, S.REPORTED}), None),
    K.EXTENDED: (OPEN, None),
    K.EXTENSION_ASKED: (RUNNING, None),
    K.EXTENSION_REFUSED: (OPEN, None),
    K.EXTENSION_WITHDRAWN: (OPEN, None),
    K.ESCALATED: (OPEN, None),
    K.CANCELLED: (OPEN | {S.DRAFT}, S.CANCELLED),
    K.REOPENED: (frozenset({S.DONE, S.CANCELLED}), None),
    K.TIED: (OPEN | {S.DRAFT, S.DONE}, None),
    K.UNTIED: (OPEN | {S.DRAFT, S.DONE}, None),
    K.WAITS_FOR: (OPEN | {S.DRAFT}, None),
    K.WAITS_NO_MORE: (OPEN | {S.DRAFT}, None),
}


def allowed(task: Task, kind: StepKind) -> bool:
    """Tell whether a step may be taken from where the task stands."""
    return State(task.state) in WORKFLOW[kind][0]


def take_step(
    ctx: Context,
    task: Task,
    kind: StepKind,
    *,
    expected_version: int | None = None,
    leads: State | None = None,
    changes: Mapping[str, Any] | None = None,
    **told: Any,
) -> Step:
    """Move a task and write what was done; ``told`` are fields of :class:`Step`.

    The task's row is locked here, since most acts are done to one of its lines or terms.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not possible from where it stands; says who was there before
    """
    task.refresh_from_db(from_queryset=Task.objects.select_for_update(of=("self",)))
    refuse_if_passed(task, kind)
    if expected_version is not None and expected_version != task.version:
        raise Conflict(expected_version, task.version)
    for name, value in (changes or {}).items():
        setattr(task, name, value)
    task.state = leads or WORKFLOW[kind][1] or task.state
    task.version += 1
    task.act_id = act_of(ctx)
    task.save()
    if kind in _OVERTAKES:
        _let_lapse(ctx, task, kind)
    return write(ctx, task, kind, **told)


# After these nobody needs to decide upon a request for more time; after the others of them only where the
# agency that asked answers for the task no more.
_CLOSES = frozenset({K.REPORTED, K.CANCELLED, K.JUDGED_NOT_DONE, K.EXTENDED})
_OVERTAKES = _CLOSES | {K.ASSIGNED, K.HANDED_ON, K.RELEASED}


def _let_lapse(ctx: Context, task: Task, kind: StepKind) -> None:
    waiting = ExtensionRequest.objects.filter(task=task, state=Wish.WAITING)
    if kind not in _CLOSES:
        waiting = waiting.filter(line__until__isnull=False)
    count = waiting.update(
        state=Wish.LAPSED, decided_on=ctx.today, act_id=act_of(ctx), version=F("version") + 1
    )
    if count:
        announce(ctx, "tasks.extension_over", task=task)


def write(ctx: Context, task: Task, kind: StepKind, **told: Any) -> Step:
    """Write one row of a task's course."""
    told["words"] = str(told.get("words", ""))[:2000]
    return Step.objects.create(
        task=task, kind=kind, act_id=act_of(ctx), on=ctx.today, by=ctx.user, **told
    )


def refuse_if_passed(task: Task, kind: StepKind) -> None:
    """Refuse a step that is no longer, or not yet, possible; say who did what meanwhile.

    :raises Refused: with who took the last step, and when
    """
    if allowed(task, kind):
        return
    last = task.steps.select_related("by").order_by("id").last()
    who = last.by.full_name if last and last.by else _("the system")
    at = date_format(localtime(last.at), "H:i d/m/Y") if last else ""
    raise Refused(
        Finding(
            "state_passed",
            _("This is not possible now: the task stands at “%(state)s” (%(who)s, %(at)s).")
            % {"state": task.get_state_display(), "who": who, "at": at},
            details={"state": task.state},
        )
    )


def present_term(task: Task) -> Term | None:
    """Return the term that counts now: the earliest not yet closed."""
    return (
        task.terms.filter(state__in=("open", "reported"))
        .select_related("reported_by")
        .order_by("due_on", "id")
        .first()
    )


def leading_line(task: Task) -> Assignment | None:
    """Return the line that does the work: the last to which the lead was given on."""
    lines = list(task.assignments.now().filter(part="lead").select_related("agency").order_by("id"))
    above = {line.given_on_by_id for line in lines}
    doing = [line for line in lines if line.pk not in above]
    return doing[-1] if doing else None


def follow_lines(task: Task) -> dict[str, Any]:
    """Return the fields of a task that repeat its leading line and its present term."""
    line, term = leading_line(task), present_term(task)
    found: dict[str, Any] = {"lead": line.agency if line else task.lead}
    if term is not None:
        found |= {"due_on": term.due_on, "percent": term.percent}
    return found


def refuse_without(words: str, message: str, field: str = "words") -> None:
    """Refuse an empty reason.

    :raises Refused: with the message
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", message, field=field))


def speaking(ctx: Context, agency: Agency) -> dict[str, Any]:
    """Return what a step tells of who acted on whose behalf."""
    from hoptac.tasks.chains import chain_of

    return {"agency": agency, "chain": chain_of(agency)}
