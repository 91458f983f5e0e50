"""The box of registration on a body's page: people, branches, marks, filings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.database import ask
from hoptac.foundation.panels import Panel
from hoptac.registration import selectors

_MOST = 5
# Most bodies have none of these yet: one question tells which are worth a further one.
_THERE_IS = """
SELECT EXISTS (SELECT FROM registration_filing WHERE cooperative_id = %s AND state <> 'draft'),
    EXISTS (SELECT FROM registration_legalrepresentative WHERE cooperative_id = %s),
    EXISTS (SELECT FROM registration_branch WHERE cooperative_id = %s),
    EXISTS (SELECT FROM registration_mark WHERE cooperative_id = %s),
    EXISTS (SELECT FROM registration_undertaking WHERE cooperative_id = %s)
"""


def registration_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return what registration knows of a body on the day of its page; nothing where that is nothing."""
    [(filings, people, branches, marks, outside)] = ask(_THERE_IS, [cooperative.pk] * 5)
    may_receive = ctx.carries("registration.receive", cooperative, of="registry.view")
    if not (filings or people or branches or marks or outside or may_receive):
        return None
    return {
        "body": cooperative,
        "representatives": list(selectors.representatives(cooperative.pk, day))
        if people and ctx.carries("registry.view_contacts", cooperative, of="registry.view")
        else [],
        "branches": list(selectors.branches(cooperative.pk, day)) if branches else [],
        "undertakings": list(selectors.undertakings(cooperative.pk, day)) if outside else [],
        "marks": list(selectors.marks(cooperative.pk, day)) if marks else [],
        "filings": list(selectors.filings_of(ctx, cooperative)[:_MOST]) if filings else [],
        "may_receive": may_receive,
    }


REGISTRATION = Panel(
    "registry.cooperative", _("Registration"), registration_box,
    "registration/_box.html", permission="registration.view", order=20,
)  # fmt: skip
