"""Where a plan may go next, and the row that each step leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.plans.models import PlanStep, YearPlan
from hoptac.plans.terms import EDITABLE, FROZEN, State, StepKind

S, K = State, StepKind
_STANDING = frozenset(S) - {S.ABANDONED, S.CLOSED}
# From which states a step may be taken, and where it leads; nothing: it stays where it is.
WORKFLOW: dict[StepKind, tuple[frozenset[State], State | None]] = {
    K.EDITED: (EDITABLE, None),
    K.ASKED: (_STANDING, None),
    K.TASK_TAKEN: (_STANDING, None),
    K.TASK_LEFT: (_STANDING, None),
    K.SUBMITTED: (EDITABLE, S.SUBMITTED),
    K.WITHDRAWN: (frozenset({S.SUBMITTED}), S.DRAFT),
    K.RETURNED: (frozenset({S.SUBMITTED, S.APPROVED}), S.RETURNED),
    K.APPROVED: (frozenset({S.SUBMITTED}), S.APPROVED),
    K.ISSUED: (frozenset({S.APPROVED}), S.ISSUED),
    K.ADJUSTED: (FROZEN, None),
    K.CLOSED: (frozenset({S.ISSUED}), S.CLOSED),
    K.REOPENED: (frozenset({S.CLOSED}), S.ISSUED),
    K.ABANDONED: (EDITABLE, S.ABANDONED),
}


def allowed(plan: YearPlan, kind: StepKind) -> bool:
    """Tell whether a step may be taken from where the plan stands."""
    return State(plan.state) in WORKFLOW[kind][0]


def take_step(
    ctx: Context,
    plan: YearPlan,
    kind: StepKind,
    *,
    expected_version: int | None = None,
    changes: Mapping[str, Any] | None = None,
    agency: Agency | None = None,
    **told: Any,
) -> PlanStep:
    """Move a plan and write what was done; ``told`` are fields of :class:`PlanStep`.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not possible from where it stands; says who was there before
    """
    refuse_if_passed(plan, kind, expected_version)
    for name, value in (changes or {}).items():
        setattr(plan, name, value)
    plan.state = WORKFLOW[kind][1] or plan.state
    touch(ctx, plan)
    return write(ctx, plan, kind, agency=agency or plan.agency, **told)


def touch(ctx: Context, plan: YearPlan) -> None:
    """Save a plan that an act changed, one version on."""
    plan.version += 1
    plan.act_id = act_of(ctx)
    plan.save()


def write(ctx: Context, plan: YearPlan, kind: StepKind, **told: Any) -> PlanStep:
    """Write one row of a plan's course."""
    told["words"] = str(told.get("words", ""))[:2000]
    return PlanStep.objects.create(
        plan=plan, kind=kind, act_id=act_of(ctx), on=ctx.today, by=ctx.user, **told
    )


def refuse_if_passed(plan: YearPlan, kind: StepKind, expected_version: int | None = None) -> None:
    """Refuse a step that is no longer, or not yet, possible; say who did what meanwhile.

    :raises Conflict: the version has passed
    :raises Refused: with who took the last step, and when
    """
    if not allowed(plan, kind):
        last = plan.steps.select_related("by").order_by("id").last()
        who = last.by.full_name if last and last.by else _("the system")
        at = date_format(localtime(last.at), "H:i d/m/Y") if last else ""
        raise Refused(
            Finding(
                "state_passed",
                _("This is not possible now: the plan stands at “%(state)s” (%(who)s, %(at)s).")
                % {"state": plan.get_state_display(), "who": who, "at": at},
                details={"state": plan.state},
            )
        )
    refuse_version(plan, expected_version)


def refuse_version(plan: YearPlan, expected_version: int | None) -> None:
    """Refuse what was decided on a version that has passed.

    :raises Conflict: somebody acted since the caller read it
    """
    if expected_version is not None and expected_version != plan.version:
        raise Conflict(expected_version, plan.version)


def refuse_without(words: str, message: str, field: str = "words") -> None:
    """Refuse an empty reason.

    :raises Refused: with the message
    """
    if not words.strip():
        raise Refused(Finding("reason_missing", message, field=field))
