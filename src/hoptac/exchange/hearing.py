"""Hearing what the desks and the register do, and writing down what each system wants to be told.

Acts announce themselves (``foundation.events``); what they mean outside is named here, which of it
a system is told stands in the rows ``[[event]]`` of its file in the rulebook.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hoptac.certificates.models import Certificate
from hoptac.certificates.terms import IssueReason
from hoptac.exchange import outbox
from hoptac.exchange.layouts import REGISTRATION, event_names, told_of
from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.actions import subjects_so_far, within
from hoptac.registration.models import Filing
from hoptac.registration.terms import State
from hoptac.registry.models import Cooperative

_STEPS = {
    "registration.receive": "filing.received",
    "registration.accept": "filing.received",
    "registration.ask_supplement": "filing.supplement_asked",
    "registration.supply": "filing.supplied",
    "registration.supply_online": "filing.supplied",
    "registration.return_filing": "filing.returned",
    "registration.withdraw": "filing.withdrawn",
    "registration.withdraw_online": "filing.withdrawn",
    "registration.lapse": "filing.lapsed",
    "registration.transfer": "filing.transferred",
}
_OF_REGISTER = {
    "registry.correct_particulars": "register.corrected",
    "registry.correct_figures": "register.corrected",
    "registry.undo_acts": "register.corrected",
    "registration.correct_representatives": "register.corrected",
    "registry.change_particulars": "register.changed",
    "registry.set_business_lines": "register.changed",
    "registry.end_cooperative": "register.ended",
    "registry.record_lineage": "register.succeeded",
    "registry.record": "register.entered",
    "registry.state_figures": "register.figures",
}
_OF_CERTIFICATE = {
    "certificates.revoke_certificate": "certificate.revoked",
    "certificates.restore_certificate": "certificate.restored",
}
# Within these the register's own acts are no news of their own: a filing tells of its effect, and
# what was taken over from a system, or given back, that system knows or is told when it is decided.
_TOLD_BY_ITSELF = frozenset({
    "registration.decide", "registration.carry_out", "exchange.decide", "exchange.undo_decision",
})  # fmt: skip


def listen_to_all() -> None:
    """Let every act that means something outside be heard."""
    for name, event in _STEPS.items():
        events.listen(name, _filing_heard(event))
    for name, event in _OF_REGISTER.items():
        events.listen(name, _register_heard(event))
    for name, event in _OF_CERTIFICATE.items():
        events.listen(name, _certificate_heard(event))
    events.listen("registration.decide", tell_of_decision)
    events.listen("registration.took_effect", tell_of_effect)
    events.listen("certificates.issue_certificate", tell_of_issue)


def _filing_heard(event: str) -> Callable[..., None]:
    def hear(ctx: Context, *, subject: Any, result: Any) -> None:
        filing = result if isinstance(result, Filing) else subject
        if filing.receipt_number:  # what was never received is nobody's business
            _tell_of_filing(ctx, filing, event)

    return hear


def _register_heard(event: str) -> Callable[..., None]:
    def hear(ctx: Context, *, subject: Any, result: Any) -> None:
        body = subject if isinstance(subject, Cooperative) else result
        if isinstance(body, Cooperative) and _TOLD_BY_ITSELF.isdisjoint(within(ctx)):
            about = {"basis": ctx.basis}
            _tell(ctx, event, body, key=f"act:{ctx.act_id}", about=about)

    return hear


def _certificate_heard(event: str) -> Callable[..., None]:
    def hear(ctx: Context, *, subject: Any, result: Any) -> None:
        _tell_of_certificate(ctx, result, event)

    return hear


def tell_of_issue(ctx: Context, *, subject: Any, result: Certificate) -> None:
    """Hear that a certificate was issued: the first one, or one in the place of another."""
    is_first = result.reason == IssueReason.NEW
    _tell_of_certificate(ctx, result, "certificate.issued" if is_first else "certificate.reissued")


def tell_of_decision(ctx: Context, *, subject: Any, result: Filing) -> None:
    """Hear that a filing was decided; its effect upon the register is told by itself."""
    granted = result.state == State.GRANTED
    _tell_of_filing(ctx, result, "filing.granted" if granted else "filing.refused")


def tell_of_effect(ctx: Context, *, filing: Filing, body: Any, on: date) -> None:
    """Hear that a filing took effect: every body that the act touched becomes a message.

    A message carries the whole record, so that a later one makes up for whatever an earlier one
    left out; its event and dossier say why it came.
    """
    touched = {b.pk: b for b in subjects_so_far(ctx, Cooperative)}
    if body is not None:
        touched.setdefault(body.pk, body)
    about = {**_dossier(filing), "took_effect_on": on}
    for pk in sorted(touched):
        _tell(
            ctx, "filing.took_effect", touched[pk], key=f"filing:{filing.pk}:{pk}", about=about,
            title=filing.title, filing=filing,
        )  # fmt: skip


def _tell_of_filing(ctx: Context, filing: Filing, event: str) -> None:
    about = _dossier(filing)
    body = filing.cooperative
    if body is not None:
        _tell(ctx, event, body, key=f"act:{ctx.act_id}", about=about, filing=filing)
        return
    for system in told_of(event, ctx.today):
        outbox.put_filing(
            ctx, filing, key=_key(system, f"act:{ctx.act_id}"), title=_title(ctx, event, filing),
            about={"event": event, **about}, system=system,
        )  # fmt: skip


def _tell_of_certificate(ctx: Context, certificate: Certificate, event: str) -> None:
    about = {
        "certificate": {
            "number": certificate.number, "kind": certificate.kind, "code": certificate.code,
            "issued_on": certificate.issued_on, "digest": certificate.digest,
        },
        "reason": ctx.reason, "basis": ctx.basis,
    }  # fmt: skip
    title = f"{event_names(ctx.today).get(event, event)} {certificate.number}"
    _tell(ctx, event, certificate.cooperative, key=f"act:{ctx.act_id}", about=about, title=title)


def _tell(
    ctx: Context, event: str, body: Cooperative, *, key: str, about: dict[str, Any],
    title: str = "", filing: Filing | None = None,
) -> None:  # fmt: skip
    """Write one message for each system that is told of this."""
    for system in told_of(event, ctx.today):
        outbox.put(
            ctx, body, key=_key(system, key), title=title or _title(ctx, event, filing),
            about={"event": event, **about}, system=system, filing_id=filing.pk if filing else None,
        )  # fmt: skip


def _key(system: str, key: str) -> str:
    return key if system == REGISTRATION else f"{system}:{key}"


def _title(ctx: Context, event: str, filing: Filing | None) -> str:
    name = event_names(ctx.today).get(event, event)
    return f"{name}: {filing.title}" if filing is not None else name


def _dossier(filing: Filing) -> dict[str, Any]:
    """Return what is told of a dossier: no person that it names."""
    return {
        "procedure": filing.procedure, "receipt": filing.receipt_number, "filed_on": filing.filed_on,
        "due_on": filing.due_on, "state": filing.state, "decision": filing.decision_number,
        "decided_on": filing.decided_at.date() if filing.decided_at else None,
        "grounds": filing.grounds,
    }  # fmt: skip
