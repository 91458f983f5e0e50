"""The box of registration on a body's page: people, branches, marks, filings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.panels import Panel
from hoptac.registration import selectors



_MOST = 5


def registration_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any]:
    """Return what registration knows of a body on the day of its page."""
    may_see_people = ctx.may("registry.view_contacts") and cooperative.is_within(
        ctx, "registry.view_contacts"
    )
    filings = list(selectors.filings_of(ctx, cooperative)[:_MOST])
    return {
        "body": cooperative,
        "representatives": list(selectors.representatives(cooperative.pk, day)) if may_see_people else [],
        "branches": list(selectors.branches(cooperative.pk, day)),
        "marks": list(selectors.marks(cooperative.pk, day)),
        "filings": filings,
        "may_receive": ctx.may("registration.receive")
        and cooperative.is_within(ctx, "registration.receive"),
    }


REGISTRATION = Panel(
    "registry.cooperative", _("Registration"), registration_box,
    "registration/_box.html", permission="registration.view", order=20,
)  # fmt: skip
