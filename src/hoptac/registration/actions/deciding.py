"""Putting forward, deciding, and what a grant does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.numbering import take
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.cases import findings_of
from hoptac.registration.certifying import certify
from hoptac.registration.clocks import open_on_effect
from hoptac.registration.matters import from_json
from hoptac.registration.meanwhile import done_meanwhile
from hoptac.registration.models import Filing
from hoptac.registration.papers import issue
from hoptac.registration.procedures import PROCEDURES, refusal_grounds
from hoptac.registration.steps import refuse_if_passed, take_step
from hoptac.registration.terms import Channel, IssuedKind, Outcome, State, StepKind

# What an officer may pass over with a written reason (NĐ 92/2024 art. 33: the change serves the
# dissolution itself, or the fault is accepted as mended).
_MAY_BE_PASSED_OVER = frozenset({"registration_closed", "mark_stands"})


@action("registration.process", name="registration.propose")
def propose(
    ctx: Context,
    filing: Filing,
    *,
    outcome: str,
    grounds: Iterable[str] = (),
    opinion: str = "",
    expected_version: int | None = None,
) -> Filing:
    """Put a dossier forward for decision, with the examiner's opinion.

    :raises Refused: a grant while something stands in its way, or a refusal without a ground of law
    """
    chosen = list(dict.fromkeys(grounds))
    refuse_if_passed(filing, StepKind.PROPOSED, expected_version)
    if outcome == Outcome.GRANT:
        refuse_if_any(standing_in_the_way(ctx, filing, passed_over=bool(opinion.strip())))
        chosen = []
    elif outcome == Outcome.REFUSE:
        procedure = PROCEDURES[filing.procedure]
        known = {g.code for g in refusal_grounds(procedure, filing.judged_on, filing.kind)}
        if not chosen or set(chosen) - known:
            raise Refused(
                Finding("ground_missing", _("Choose the ground of law."), field="grounds")
            )
        if not opinion.strip():
            raise Refused(Finding("reason_missing", _("Say why it is refused."), field="opinion"))
    else:
        raise Refused(Finding("outcome_unknown", _("Grant or refuse."), field="outcome"))
    take_step(
        ctx, filing, StepKind.PROPOSED, expected_version=expected_version, words=opinion,
        details={"outcome": outcome, "grounds": chosen},
        changes={"outcome": outcome, "grounds": chosen, "opinion": opinion[:1000], "proposed_by": ctx.user},
    )  # fmt: skip
    note(ctx, outcome=outcome, grounds=chosen)
    return filing


def standing_in_the_way(ctx: Context, filing: Filing, *, passed_over: bool) -> list[Finding]:
    """Return what stands in the way of a grant; a written opinion passes over what the law lets it."""
    found = findings_of(filing, today=ctx.today)
    if passed_over:
        found = [f for f in found if f.code not in _MAY_BE_PASSED_OVER]
    return found


@action("registration.decide", name="registration.send_back")
def send_back(
    ctx: Context, filing: Filing, *, words: str, expected_version: int | None = None
) -> Filing:
    """Send a dossier back to its examiner with the reason.

    :raises Refused: no reason is given
    """
    if not words.strip():
        raise Refused(
            Finding("reason_missing", _("Say what is to be looked at again."), field="words")
        )
    take_step(ctx, filing, StepKind.SENT_BACK, expected_version=expected_version, words=words,
              changes={"outcome": "", "grounds": [], "opinion": ""})  # fmt: skip
    note(ctx)
    return filing


@action("registration.decide")
def decide(
    ctx: Context,
    filing: Filing,
    *,
    outcome: str,
    signatory: str = "",
    decided_on: date | None = None,
    expected_version: int | None = None,
) -> Filing:
    """Decide as put forward: grant, with its effect upon the register, or refuse, with its letter.

    Another officer than the examiner decides, where the desk's rule asks for it. A grant that takes
    effect on a day to come waits for it (:func:`carry_out`).

    :raises Refused: somebody was first, the decider is the examiner, the outcome is not the one put
        forward, something has come in the way of a grant since, or another dossier about the
        same body took effect meanwhile
    """
    refuse_if_passed(filing, StepKind.GRANTED, expected_version)
    day = decided_on or ctx.today
    if outcome != filing.outcome:
        raise Refused(
            Finding(
                "not_put_forward",
                _(
                    "This was not put forward. Send it back with the reason, or decide as put forward."
                ),
                field="outcome",
            )
        )
    if filing.desk.second_person and ctx.user is not None and filing.proposed_by_id == ctx.user.pk:
        raise Refused(
            Finding(
                "second_person",
                _("You examined it: another officer decides."),
                details={"rule": "desk"},
            )
        )
    if day > ctx.today or (filing.received_on is not None and day < filing.received_on):
        raise Refused(
            Finding(
                "decided_on_impossible",
                _("The decision lies between its receipt and today."),
                field="decided_on",
            )
        )
    grants = outcome == Outcome.GRANT
    if grants:
        refuse_if_any(done_meanwhile(filing))
        refuse_if_any(standing_in_the_way(ctx, filing, passed_over=bool(filing.opinion)))
    authority = AdminUnit.objects.only("code").get(pk=filing.authority_id)
    number = take(f"decision:{authority.code}:{day.year}")
    take_step(
        ctx, filing, StepKind.GRANTED if grants else StepKind.REFUSED,
        expected_version=expected_version, words=filing.opinion, details={"on": day.isoformat()},
        changes={
            "decided_by": ctx.user, "decided_at": timezone.now(), "due_on": None,
            "decision_number": f"{number:04d}/{day.year}", "signatory": signatory[:120],
            "effective_on": filing.effective_on or day,
        },
    )  # fmt: skip
    if grants:
        begins = takes_effect_on(filing)
        if begins <= ctx.today:
            _carry_out(ctx, filing, begins)
    if filing.channel != Channel.OFFICE or (grants and is_told(filing)):
        issue(ctx, filing, IssuedKind.RESULT if grants else IssuedKind.REFUSAL, signatory=signatory)
    note(ctx, outcome=outcome, number=filing.decision_number, body=filing.cooperative_id,
         took_effect_on=filing.took_effect_on)  # fmt: skip
    return filing


def is_told(filing: Filing) -> bool:
    """Tell whether the body is sent a letter of what the authority did of its own accord.

    A revocation and a compulsory dissolution reach the body (NĐ 92/2024 arts 51, 53), and so does what the
    office did on its behalf; a court's or enforcement body's mark is sent to it by whoever set it.
    """
    return PROCEDURES[filing.procedure].group != "mark"


def takes_effect_on(filing: Filing) -> date:
    """Return the day on which a granted filing takes effect: its own, or one that lies ahead."""
    day = filing.effective_on or filing.filed_on
    begins = from_json(filing.proposal).get("from_on")
    return max(day, begins) if filing.procedure in {"suspension", "resumption"} and begins else day


@action("registration.decide", name="registration.carry_out")
def carry_out(ctx: Context, filing: Filing) -> Filing:
    """Let a granted filing take effect on the day that it waited for.

    :raises Refused: it has taken effect, or its day has not come
    """
    if filing.state != State.GRANTED or filing.took_effect_on is not None:
        raise Refused(Finding("in_effect", _("It has already taken effect, or was not granted.")))
    begins = takes_effect_on(filing)
    if begins > ctx.today:
        raise Refused(
            Finding("day_to_come", _("It takes effect on %(day)s.") % {"day": f"{begins:%d/%m/%Y}"})
        )
    _carry_out(ctx, filing, begins)
    note(ctx, body=filing.cooperative_id, on=begins)
    return filing


def _carry_out(ctx: Context, filing: Filing, on: date) -> None:
    """Do to the register what the procedure does; tie a body that comes into being to the filing."""
    values: dict[str, Any] = from_json(filing.proposal)
    basis = ctx.basis or f"{filing.title} {filing.decision_number}"
    procedure = PROCEDURES[filing.procedure]
    inner = ctx.because(reason=ctx.reason or filing.opinion, basis=basis)
    made = procedure.effect(inner, filing, values, on)
    new = made if isinstance(made, list) else [made] if made is not None else []
    if filing.cooperative_id is None and new:
        filing.cooperative = new[0]
    filing.took_effect_on = on
    told = {"on": on.isoformat(), "bodies": [str(body.pk) for body in new]}
    take_step(ctx, filing, StepKind.TOOK_EFFECT, details=told)
    open_on_effect(ctx, filing, on)
    if procedure.certifies:
        bodies = (
            [*new]
            if procedure.ends_subject or filing.cooperative is None
            else [filing.cooperative, *new]
        )
        certify(inner, filing, dict.fromkeys(bodies), on)
    body = new[0] if new else filing.cooperative
    announce(ctx, "registration.took_effect", filing=filing, body=body, on=on)
