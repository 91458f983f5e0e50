"""Marks of courts, enforcement and investigating bodies; bankruptcy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration import facts
from hoptac.registration.effects.changes import subject_of
from hoptac.registration.effects.ends import set_status
from hoptac.registration.models import Filing, Mark
from hoptac.registry import actions as register
from hoptac.registry.terms import LegalStatus


def open_bankruptcy(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Post the court's decision that opens bankruptcy."""
    set_status(ctx, filing, LegalStatus.BANKRUPTCY, on)


def declare_bankrupt(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Post the court's decision that declares it bankrupt: it ends."""
    register.end_cooperative(ctx, subject_of(filing), on=on, source=facts.source_of(filing))


def set_mark(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Mark the body: while the mark stands, no other registration is taken."""
    facts.add(
        ctx, Mark, subject_of(filing), values.get("from_on") or on, filing=filing,
        kind=values["mark_kind"], issuer=values["issuer"], document=values["document"],
    )  # fmt: skip


def lift_mark(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Lift a mark from a day on.

    :raises Refused: the mark no longer stands
    """
    begins = values.get("from_on") or on
    rows = [
        m
        for m in facts.in_force(Mark, subject_of(filing).pk, begins)
        if str(m.pk) == str(values["mark"])
    ]
    if not rows:
        raise Refused(Finding("mark_unknown", _("This mark no longer stands."), field="mark"))
    facts.end(ctx, rows[0], begins)
