"""The box of open differences on a body's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.exchange.in_words import dress
from hoptac.exchange.selectors import deciders, open_differences_of
from hoptac.foundation.access import Context
from hoptac.foundation.panels import Panel


def differences_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return what the national system says otherwise of a body today, and who may decide it."""
    if not ctx.carries("exchange.view", cooperative, of="registry.view"):
        return None
    rows = open_differences_of(ctx, cooperative)
    if not rows:
        return None
    hides = not ctx.carries("registry.view_contacts", cooperative, of="exchange.view")
    return {
        "rows": [dress(row, hides_contacts=hides) for row in rows],
        "may_decide": ctx.carries("exchange.reconcile", cooperative, of="exchange.view"),
        "deciders": deciders(),
    }


OPEN_DIFFERENCES = Panel(
    "registry.cooperative", _("Differences from the national system"), differences_box,
    "exchange/_box.html", permission="exchange.view", order=25,
)  # fmt: skip
