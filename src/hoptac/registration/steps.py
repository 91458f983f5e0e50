"""Taking a step of a filing: which are allowed from where, and the row that each leaves."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration.models import Filing, FilingStep
from hoptac.registration.terms import State, StepKind

S, K = State, StepKind
# From which states a step may be taken, and where it leads; nothing: it stays where it is.
WORKFLOW: dict[StepKind, tuple[frozenset[State], State | None]] = {
    K.SUBMITTED: (frozenset({S.DRAFT}), S.SUBMITTED),
    K.RECEIVED: (frozenset({S.SUBMITTED}), S.EXAMINING),
    K.SUPPLEMENT_ASKED: (frozenset({S.EXAMINING}), S.SUPPLEMENT),
    K.SUPPLIED: (frozenset({S.SUPPLEMENT}), S.EXAMINING),
    K.HANDED_OVER: (frozenset({S.SUBMITTED, S.EXAMINING, S.SUPPLEMENT, S.PROPOSED}), None),
    K.TRANSFERRED: (frozenset({S.SUBMITTED, S.EXAMINING, S.SUPPLEMENT, S.PROPOSED}), None),
    K.PROPOSED: (frozenset({S.EXAMINING}), S.PROPOSED),
    K.SENT_BACK: (frozenset({S.PROPOSED}), S.EXAMINING),
    K.GRANTED: (frozenset({S.PROPOSED}), S.GRANTED),
    K.REFUSED: (frozenset({S.PROPOSED}), S.REFUSED),
    K.RETURNED: (frozenset({S.SUBMITTED, S.EXAMINING}), S.RETURNED),
    K.WITHDRAWN: (frozenset({S.DRAFT, S.SUBMITTED, S.EXAMINING, S.SUPPLEMENT, S.PROPOSED}), S.WITHDRAWN),
    K.LAPSED: (frozenset({S.SUPPLEMENT}), S.LAPSED),
    K.TOOK_EFFECT: (frozenset({S.GRANTED}), None),
    K.TERM_ENDED: (frozenset({S.EXAMINING, S.SUPPLEMENT, S.PROPOSED, S.GRANTED}), None),
    K.SILENCE_FOUND: (frozenset({S.GRANTED}), None),
    K.CLOSED_BY_SILENCE: (frozenset({S.GRANTED}), None),
}  # fmt: skip


def allowed(filing: Filing, kind: StepKind) -> bool:
    """Tell whether a step may be taken from where the filing stands."""
    return State(filing.state) in WORKFLOW[kind][0]


def take_step(
    ctx: Context,
    filing: Filing,
    kind: StepKind,
    *,
    expected_version: int | None = None,
    words: str = "",
    to: Any = None,
    details: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Move a filing and write what was done. The caller's act holds the row's lock.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not allowed from where it stands; the finding says who was there before
    """
    refuse_if_passed(filing, kind, expected_version)
    _from, leads = WORKFLOW[kind]
    for name, value in (changes or {}).items():
        setattr(filing, name, value)
    if leads is not None:
        filing.state = leads
    filing.version += 1
    filing.save()
    write(ctx, filing, kind, words=words, to=to, details=details)


def write(
    ctx: Context,
    filing: Filing,
    kind: StepKind,
    *,
    words: str = "",
    to: Any = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one row of a filing's course, and announce it: ``registration.step.proposed`` and so on."""
    step = FilingStep.objects.create(
        filing=filing, kind=kind, act_id=act_of(ctx), on=ctx.today, by=ctx.user, to=to,
        words=words[:1000], details=details or {},
    )  # fmt: skip
    announce(ctx, f"registration.step.{StepKind(kind).value}", filing=filing, step=step)


def overtaken(filing: Filing, expected: int) -> Conflict:
    """Return the conflict with whoever acted since the caller read the filing: who, what and when."""
    conflict = Conflict(expected, filing.version)
    conflict.findings = (_who_was_first(filing),)
    return conflict


def refuse_if_passed(filing: Filing, kind: StepKind, expected_version: int | None = None) -> None:
    """Refuse a step that is no longer, or not yet, possible; say who did what meanwhile.

    :raises Conflict: somebody acted since the caller read it
    :raises Refused: the step is not allowed from where the filing stands
    """
    if expected_version is not None and expected_version != filing.version:
        raise overtaken(filing, expected_version)
    if not allowed(filing, kind):
        raise Refused(_who_was_first(filing))


def _who_was_first(filing: Filing) -> Finding:
    last = filing.steps.select_related("by").order_by("id").last()
    if last is None:
        return Finding("step_not_allowed", _("This is not possible now."))
    who = last.by.full_name if last.by else _("the system")
    return Finding(
        "state_passed",
        _("This is no longer possible: %(who)s did this on %(at)s: %(what)s.")
        % {
            "who": who,
            "at": date_format(localtime(last.at), "H:i d/m/Y"),
            "what": last.get_kind_display().lower(),
        },
        details={"state": filing.state},
    )
