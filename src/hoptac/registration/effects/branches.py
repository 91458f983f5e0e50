"""Branches, representative offices, business places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.numbering import take
from hoptac.registration import facts
from hoptac.registration.certifying import revoke_of_part
from hoptac.registration.effects.changes import subject_of
from hoptac.registration.models import Branch, Filing
from hoptac.registration.terms import BranchKind, BranchState

_FIELDS = {
    "branch_name": "name", "branch_commune": "commune_id", "branch_address": "address",
    "branch_head": "head", "branch_lines": "lines",
}  # fmt: skip


def open_branch(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Record a new branch, office or place from its day on."""
    body = subject_of(filing)
    kind = values.get("branch_kind") or BranchKind.PLACE.value
    code = values.get("branch_code") or ""
    if not code and kind == BranchKind.PLACE:
        # By order, 00001 to 99999, and no tax code (NĐ 92/2024 art. 14).
        code = f"{take(f'place:{body.pk}'):05d}"
    facts.add(
        ctx, Branch, body, values.get("from_on") or on, filing=filing, branch_id=uuid7(), kind=kind,
        code=code, state=BranchState.ACTIVE.value, **_given(values),
    )  # fmt: skip


def open_place(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Record a new business place."""
    open_branch(ctx, filing, {**values, "branch_kind": BranchKind.PLACE.value}, on)


def change_branch(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Let what is told of a branch hold from its day on.

    :raises Refused: there is no such branch, or nothing differs
    """
    given = _given(values)
    if not given:
        raise Refused(Finding("nothing_changed", _("Say what changes.")))
    begins = values.get("from_on") or on
    facts.end(ctx, _branch(filing, values, on), begins, filing=filing, **given)


def close_branch(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Close a branch, office or place from a day on; its certificate is good no longer."""
    row = _branch(filing, values, on)
    begins = values.get("from_on") or on
    _set_state(ctx, filing, row.branch_id, BranchState.CLOSED, begins)
    revoke_of_part(ctx.because(reason=ctx.reason or filing.title), row, on)


def suspend_branch(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Suspend the business of a branch, office or place; it goes on by itself after the last day."""
    row, last = _branch(filing, values, on), values["until_on"]
    _set_state(ctx, filing, row.branch_id, BranchState.SUSPENDED, values["from_on"], last)
    _set_state(ctx, filing, row.branch_id, BranchState.ACTIVE, last + timedelta(days=1))


def resume_branch(ctx: Context, filing: Filing, values: dict[str, Any], on: date) -> None:
    """Let a branch, office or place go on before its pause is over."""
    row = _branch(filing, values, on)
    _set_state(ctx, filing, row.branch_id, BranchState.ACTIVE, values["from_on"])


def _set_state(
    ctx: Context, filing: Filing, branch_id: Any, state: BranchState, begins: date,
    last: date | None = None,
) -> None:  # fmt: skip
    """Let a branch stand in a state from a day on, whatever else is known of these days."""
    body = subject_of(filing)
    rows = Branch.objects.live().filter(cooperative=body, branch_id=branch_id)
    days = DateRange(begins, last + timedelta(days=1) if last else None)
    for row in rows.filter(valid__overlap=days).order_by("valid", "id"):
        if row.state != state:
            facts.end(ctx, row, begins, filing=filing, state=state.value)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {own: values[k] for k, own in _FIELDS.items() if values.get(k) not in (None, "")}


def _branch(filing: Filing, values: dict[str, Any], on: date) -> Branch:
    day = values.get("from_on") or on
    for row in facts.in_force(Branch, subject_of(filing).pk, day):
        if row.branch_id == values["branch"] and row.state != BranchState.CLOSED:
            return row
    raise Refused(Finding("branch_unknown", _("There is no such branch."), field="branch"))
