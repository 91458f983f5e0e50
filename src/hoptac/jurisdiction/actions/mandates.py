"""Giving and ending mandates."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.acts import revoke_sessions
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction import scope
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

    The unit of an agency counts as the mandate's, where no other is named.

    :raises Refused: the role is unknown, the days are the wrong way round, the person holds the
        same already, or the caller would raise the own powers
    :raises OutOfReach: the caller does not manage accounts there
    """
    if role not in ROLES:
        raise Refused(Finding("role_unknown", _("There is no such role."), field="role"))
    if until_on is not None and until_on < from_on:
        raise Refused(
            Finding("days_reversed", _("The last day lies before the first."), field="until_on")
        )
    _refuse_own(ctx, user)
    place = unit or (agency.unit if agency else None)
    province = province_code or (place.province_code if place else ctx_province(ctx))
    if not scope.reaches(ctx, "accounts.manage", place, cooperative_id, province):
        raise OutOfReach("accounts.manage")
    valid = DateRange(from_on, until_on + timedelta(days=1) if until_on else None)
    held = Mandate.objects.filter(
        user=user, role=role, unit=place, agency=agency, cooperative_id=cooperative_id,
        valid__overlap=valid,
    )  # fmt: skip
    if held.exists():
        raise Refused(
            Finding(
                "mandate_held",
                _("This person already holds the role there in these days."),
                field="from_on",
            )
        )
    mandate = Mandate.objects.create(
        user=user,
        role=role,
        unit=place,
        agency=agency,
        cooperative_id=cooperative_id,
        province_code=province,
        valid=valid,
        basis=basis,
        act_id=ctx.act_id,
    )
    note(ctx, role=role, unit=place, agency=agency, cooperative=cooperative_id, from_on=from_on,
         until_on=until_on, mandate=mandate.pk)  # fmt: skip
    revoke_sessions(user)
    return mandate


@action("accounts.manage", name="jurisdiction.end_mandate")
def end_mandate(ctx: Context, mandate: Mandate, *, last_on: date) -> Mandate:
    """End a mandate; ``last_on`` is the last day it is held. Open sessions of the person die.

    :raises Refused: the mandate had not begun by then, has ended already, or is the caller's own
    """
    _refuse_own(ctx, mandate.user)
    begin = mandate.valid.lower
    if last_on < begin:
        raise Refused(
            Finding("days_reversed", _("The last day lies before the first."), field="last_on")
        )
    after = mandate.valid.upper
    if after is not None and after <= last_on:
        raise Refused(
            Finding("ended_already", _("This mandate ends earlier already."), field="last_on")
        )
    mandate.valid = DateRange(begin, last_on + timedelta(days=1))
    mandate.save(update_fields=["valid"])
    note(ctx, last_on=last_on, user=mandate.user_id)
    revoke_sessions(mandate.user)
    return mandate


def ctx_province(ctx: Context) -> str:
    """Return the province of the caller's first mandate, or the installation's own."""
    from django.conf import settings

    code = ctx.grants[0].province_code if ctx.grants else "*"
    return str(settings.PROVINCE_CODE) if code == "*" else code


def _refuse_own(ctx: Context, user: User) -> None:
    """Nobody gives or ends a mandate of their own: a second person must stand behind it."""
    if ctx.user is not None and ctx.user.pk == user.pk:
        raise Refused(
            Finding("own_mandate", _("Another administrator must change your own mandates."))
        )
