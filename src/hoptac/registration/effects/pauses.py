"""Suspension and resumption of business."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hoptac.foundation.access import Context
from hoptac.registration import facts
from hoptac.registration.effects.changes import subject_of
from hoptac.registration.models import Filing, Suspension
from hoptac.registry import actions as register
from hoptac.registry.terms import LegalStatus, WorkingState


def suspend(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Suspend the business for the days told; a pause that is already over is ended at once."""
    body, begins, last = subject_of(filing), values["from_on"], values["until_on"]
    facts.add(ctx, Suspension, body, begins, last=last, filing=filing)
    register.change_particulars(
        ctx, body, from_on=begins, source=facts.source_of(filing),
        changes={
            "legal_status": LegalStatus.SUSPENDED.value,
            "working_state": WorkingState.SUSPENDED.value,
        },
    )  # fmt: skip
    if last < ctx.today:
        go_on(ctx, filing, last + timedelta(days=1))


def resume(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Let the business go on before its pause is over."""
    body, begins = subject_of(filing), values["from_on"]
    for row in facts.in_force(Suspension, body.pk, begins):
        facts.end(ctx, row, begins)
    go_on(ctx, filing, begins)


def go_on(ctx: Context, filing: Filing, begins: date) -> None:
    """Record that a body's business goes on from a day."""
    register.change_particulars(
        ctx, subject_of(filing), from_on=begins, source=facts.source_of(filing),
        changes={
            "legal_status": LegalStatus.ACTIVE.value,
            "working_state": WorkingState.OPERATING.value,
        },
    )  # fmt: skip
