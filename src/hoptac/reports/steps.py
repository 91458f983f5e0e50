"""Where a report may go next, and the row that each step leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.findings import Finding, Refused
from hoptac.reports.models import Report, ReportStep
from hoptac.reports.terms import OPEN, State, StepKind

S, K = State, StepKind
_UNTIL_CLOSED = frozenset({S.DRAFTING, S.CONTRIBUTING})
# From which states a step may be taken, and where it leads; nothing: it stays where it is.
WORKFLOW: dict[StepKind, tuple[frozenset[State], State | None]] = {
    K.REFRESHED: (OPEN, None),
    K.ASKED: (_UNTIL_CLOSED, S.CONTRIBUTING),
    K.HANDED_IN: (_UNTIL_CLOSED, None),
    K.RETURNED: (_UNTIL_CLOSED, None),
    K.ACCEPTED: (_UNTIL_CLOSED, None),
    K.EDITED: (OPEN, None),
    K.CHOSEN: (OPEN, None),
    K.ASSEMBLED: (_UNTIL_CLOSED, S.ASSEMBLED),
    K.SUBMITTED: (frozenset({S.ASSEMBLED}), S.SUBMITTED),
    K.SENT_BACK: (frozenset({S.SUBMITTED}), S.ASSEMBLED),
    K.SIGNED: (frozenset({S.SUBMITTED}), S.SIGNED),
    K.DISTRIBUTED: (frozenset({S.SIGNED}), S.DISTRIBUTED),
    K.WITHDRAWN: (frozenset(S) - {S.WITHDRAWN}, S.WITHDRAWN),
}


def allowed(report: Report, kind: StepKind) -> bool:
    """Tell whether a step may be taken from where the report stands."""
    return State(report.state) in WORKFLOW[kind][0]


def take_step(
    ctx: Context,
    report: Report,
    kind: StepKind,
    *,
    expected_version: int | None = None,
    changes: Mapping[str, Any] | None = None,
    **told: Any,
) -> ReportStep:
    """Move a report and write what was done; its row is locked here.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not possible from where it stands; says who was there before
    """
    report.refresh_from_db(from_queryset=Report.objects.select_for_update(of=("self",)))
    refuse_if_passed(report, kind)
    if expected_version is not None and expected_version != report.version:
        raise Conflict(expected_version, report.version)
    for name, value in (changes or {}).items():
        setattr(report, name, value)
    report.state = WORKFLOW[kind][1] or report.state
    report.version += 1
    report.act_id = act_of(ctx)
    report.save()
    return write(ctx, report, kind, **told)


def refuse_if_passed(report: Report, kind: StepKind) -> None:
    """Refuse a step that is no longer, or not yet, possible; say who did what meanwhile.

    :raises Refused: with who took the last step, and when
    """
    if not allowed(report, kind):
        last = report.steps.select_related("by").order_by("id").last()
        who = last.by.full_name if last and last.by else _("the system")
        at = date_format(localtime(last.at), "H:i d/m/Y") if last else ""
        raise Refused(
            Finding(
                "state_passed",
                _("This is not possible now: the report stands at “%(state)s” (%(who)s, %(at)s).")
                % {"state": report.get_state_display(), "who": who, "at": at},
                details={"state": report.state},
            )
        )


def write(ctx: Context, report: Report, kind: StepKind, **told: Any) -> ReportStep:
    """Write one row of a report's course."""
    told["words"] = str(told.get("words", ""))[:2000]
    told.setdefault("agency", report.issuer)
    return ReportStep.objects.create(
        report=report, kind=kind, act_id=act_of(ctx), by=ctx.user, **told
    )
