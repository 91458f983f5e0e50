"""Taking a step of a case: which are allowed from where, and the row that each leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.cases.models import Case, CaseStep
from hoptac.cases.terms import OPEN, State, StepKind
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.findings import Finding, Refused

S, K = State, StepKind
_HEARD = frozenset({S.NOTICED, S.EXPLAINED, S.WEIGHED, S.DELAYED})
# From which states a step may be taken, and where it leads; nothing: it stays where it is.
WORKFLOW: dict[StepKind, tuple[frozenset[State], State | None]] = {
    K.HANDED_OVER: (OPEN, None),
    K.VISITED: (frozenset({S.OPENED, S.VISITED, S.DELAYED}) | _HEARD, None),
    K.VISIT_WAIVED: (frozenset({S.OPENED}), S.VISITED),
    K.NOTICED: (frozenset({S.VISITED}), S.NOTICED),
    K.EXPLAINED: (frozenset({S.NOTICED, S.EXPLAINED}), S.EXPLAINED),
    K.WEIGHED: (frozenset({S.NOTICED, S.EXPLAINED}), S.WEIGHED),
    K.DELAYED: (frozenset({S.WEIGHED}), S.DELAYED),
    K.RESUMED: (frozenset({S.DELAYED, S.MERGING, S.PROPOSED}), S.WEIGHED),
    K.MERGING: (frozenset({S.VISITED}) | _HEARD, S.MERGING),
    K.MERGED: (frozenset({S.MERGING}), S.MERGED),
    K.PROPOSED: (frozenset({S.WEIGHED}), S.PROPOSED),
    K.PUBLISHED: (frozenset({S.PROPOSED}), S.PUBLISHED),
    K.CLOSED: (frozenset({S.OPENED, S.VISITED, S.MERGING, S.PROPOSED}) | _HEARD, S.CLOSED),
    K.REOPENED: (frozenset({S.CLOSED}), S.OPENED),
    K.WITHDRAWN: (frozenset(State), None),
}  # fmt: skip


def allowed(case: Case, kind: StepKind) -> bool:
    """Tell whether a step may be taken from where the case stands."""
    return State(case.state) in WORKFLOW[kind][0]


def take_step(
    ctx: Context,
    case: Case,
    kind: StepKind,
    *,
    expected_version: int | None = None,
    leads: State | None = None,
    words: str = "",
    to: Any = None,
    undoes: CaseStep | None = None,
    details: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> CaseStep:
    """Move a case and write what was done. The caller's act holds the row's lock.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not allowed from where it stands; the finding says who was there before
    """
    refuse_if_passed(case, kind)
    if expected_version is not None and expected_version != case.version:
        raise Conflict(expected_version, case.version)
    before, was = case.state, {}
    for name, value in (changes or {}).items():
        was[name] = plain(getattr(case, name))
        setattr(case, name, value)
    case.state = leads or WORKFLOW[kind][1] or case.state
    case.version += 1
    case.save()
    told = {**(details or {}), "was": was} if was else details
    return write(ctx, case, kind, before, words=words, to=to, undoes=undoes, details=told)


def plain(value: Any) -> Any:
    """Return a field's value as a step keeps it, for whoever takes the step back."""
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def write(
    ctx: Context,
    case: Case,
    kind: StepKind,
    before: str = "",
    *,
    words: str = "",
    to: Any = None,
    undoes: CaseStep | None = None,
    details: dict[str, Any] | None = None,
) -> CaseStep:
    """Write one row of a case's course."""
    return CaseStep.objects.create(
        case=case, kind=kind, act_id=act_of(ctx), on=ctx.today, by=ctx.user, to=to,
        from_state=before, undoes=undoes, words=words[:2000], details=details or {},
    )  # fmt: skip


def refuse_if_passed(case: Case, kind: StepKind) -> None:
    """Refuse a step that is no longer, or not yet, possible; say who did what meanwhile.

    :raises Refused: with who took the last step, and when
    """
    if allowed(case, kind):
        return
    last = case.steps.select_related("by").order_by("id").last()
    who = last.by.full_name if last and last.by else _("the system")
    at = date_format(localtime(last.at), "H:i d/m/Y") if last else ""
    raise Refused(
        Finding(
            "state_passed",
            _("This is not possible now: the case stands at “%(state)s” (%(who)s, %(at)s).")
            % {"state": case.get_state_display(), "who": who, "at": at},
            details={"state": case.state},
        )
    )


def last_standing(case: Case) -> CaseStep | None:
    """Return the last step that has not been taken back and takes none back."""
    steps = case.steps.filter(undoes__isnull=True, undone_by__isnull=True)
    return steps.exclude(kind=StepKind.HANDED_OVER).order_by("id").last()


def has_been_seen(case: Case) -> bool:
    """Tell whether a visit sheet, or the reason why there is none, stands in the case."""
    kinds = (StepKind.VISITED, StepKind.VISIT_WAIVED)
    return case.steps.filter(kind__in=kinds, undone_by__isnull=True).exists()
