"""Giving and ending mandates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import AdminUnit, Agency, Mandate


@action("accounts.manage", name="jurisdiction.give_mandate")
def give_mandate(
    ctx: Context,
    user: User,
    *,
    role: str,
    from_on: date,
    until_on: date | None = None,
    unit: AdminUnit | None = None,
    agency: Agency | None = None,
    cooperative_id: UUID | None = None,
    province_code: str = "",
    basis: str = "",
) -> Mandate:
    """Give a person a role from a day; ``until_on`` is the last day it is held.

    :raises Refused: the role is unknown, or the days are the wrong way round
    """
    if role not in ROLES:
        raise Refused(Finding("role_unknown", _("There is no such role."), field="role"))
    if until_on is not None and until_on < from_on:
        raise Refused(
            Finding("days_reversed", _("The last day lies before the first."), field="until_on")
        )
    place = unit or (agency.unit if agency else None)
    mandate = Mandate.objects.create(
        user=user,
        role=role,
        unit=unit,
        agency=agency,
        cooperative_id=cooperative_id,
        province_code=province_code or (place.province_code if place else ctx_province(ctx)),
        valid=DateRange(from_on, until_on, "[]" if until_on else "[)"),
        basis=basis,
        act_id=ctx.act_id,
    )
    note(ctx, role=role, unit=unit, agency=agency, cooperative=cooperative_id, from_on=from_on,
         until_on=until_on, mandate=mandate.pk)  # fmt: skip
    _end_sessions(user)
    return mandate


@action("accounts.manage", name="jurisdiction.end_mandate")
def end_mandate(ctx: Context, mandate: Mandate, *, last_on: date) -> Mandate:
    """End a mandate; ``last_on`` is the last day it is held. Open sessions of the person die.

    :raises Refused: the mandate had not begun by then
    """
    begin = mandate.valid.lower
    if last_on < begin:
        raise Refused(
            Finding("days_reversed", _("The last day lies before the first."), field="last_on")
        )
    mandate.valid = DateRange(begin, last_on, "[]")
    mandate.save(update_fields=["valid"])
    note(ctx, last_on=last_on, user=mandate.user_id)
    _end_sessions(mandate.user)
    return mandate


def ctx_province(ctx: Context) -> str:
    """Return the province of the caller's first mandate, or the installation's own."""
    from django.conf import settings

    code = ctx.grants[0].province_code if ctx.grants else "*"
    return str(settings.PROVINCE_CODE) if code == "*" else code


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
