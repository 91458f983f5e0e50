"""The box of registration on a body's page: people, branches, marks, filings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.panels import Panel
from hoptac.registration import selectors

_MOST = 5
# Most bodies have none of these yet: one question tells which are worth a further one.
_THERE_IS = """
SELECT EXISTS (SELECT FROM registration_filing WHERE cooperative_id = %(body)s AND state <> 'draft'),
    EXISTS (SELECT FROM registration_legalrepresentative WHERE cooperative_id = %(body)s),
    EXISTS (SELECT FROM registration_branch WHERE cooperative_id = %(body)s),
    EXISTS (SELECT FROM registration_mark WHERE cooperative_id = %(body)s)
"""


def registration_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return what registration knows of a body on the day of its page; nothing where that is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE_IS, {"body": cooperative.pk})
        filings, people, branches, marks = cursor.fetchone()
    may_receive = ctx.may_throughout("registration.receive", of="registry.view") or (
        ctx.may("registration.receive") and cooperative.is_within(ctx, "registration.receive")
    )
    if not (filings or people or branches or marks or may_receive):
        return None
    return {
        "body": cooperative,
        "representatives": list(selectors.representatives(cooperative.pk, day))
        if people and _sees_people(ctx, cooperative)
        else [],
        "branches": list(selectors.branches(cooperative.pk, day)) if branches else [],
        "marks": list(selectors.marks(cooperative.pk, day)) if marks else [],
        "filings": list(selectors.filings_of(ctx, cooperative)[:_MOST]) if filings else [],
        "may_receive": may_receive,
    }


def _sees_people(ctx: Context, cooperative: Any) -> bool:
    contacts = "registry.view_contacts"
    return ctx.may_throughout(contacts, of="registry.view") or (
        ctx.may(contacts) and cooperative.is_within(ctx, contacts)
    )


REGISTRATION = Panel(
    "registry.cooperative", _("Registration"), registration_box,
    "registration/_box.html", permission="registration.view", order=20,
)  # fmt: skip
