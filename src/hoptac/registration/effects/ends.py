"""Dissolution in its phases, revocation, restoration."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.foundation.access import Context
from hoptac.foundation.findings import refuse_if_any
from hoptac.foundation.objections import objections
from hoptac.registration import facts
from hoptac.registration.certifying import restore_last, revoke_all
from hoptac.registration.effects.changes import subject_of
from hoptac.registration.models import Filing
from hoptac.registry import actions as register
from hoptac.registry.terms import LegalStatus


def set_status(ctx: Context, filing: Filing, status: LegalStatus, on: date) -> None:
    """Record a legal status from a day on."""
    register.change_particulars(
        ctx, subject_of(filing), changes={"legal_status": status.value}, from_on=on,
        source=facts.source_of(filing),
    )  # fmt: skip


def begin_dissolution(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Post that it is being dissolved: nothing else is registered from now on."""
    set_status(ctx, filing, LegalStatus.ENDING, on)


def cancel_dissolution(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Let it be active again: the dissolution is called off."""
    set_status(ctx, filing, LegalStatus.ACTIVE, on)


def dissolve(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Record its end, unless another app has something against it.

    :raises Refused: something of the body is not settled
    """
    body = subject_of(filing)
    refuse_if_any(objections("registry.cooperative_ends", body, on))
    register.end_cooperative(ctx, body, on=on, source=facts.source_of(filing))


def revoke(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Revoke its certificate: on a tax enforcement it waits, else its dissolution begins."""
    revoke_all(ctx, subject_of(filing), on)
    is_tax = "tax" in values["grounds"]
    set_status(ctx, filing, LegalStatus.REVOKED_TAX if is_tax else LegalStatus.ENDING, on)


def restore(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Restore what was revoked: it is active again, and so are its certificates."""
    restore_last(ctx, subject_of(filing), on)
    set_status(ctx, filing, LegalStatus.ACTIVE, on)
