"""The box of a body's certificates on its record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.certificates.actions import ISSUE
from hoptac.certificates.selectors import SEE, certificates_of
from hoptac.certificates.terms import TONES, State
from hoptac.foundation.access import Context
from hoptac.foundation.panels import Panel


def certificates_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return the certificates issued until the day; nothing where there is none and none to issue."""
    found = [c for c in certificates_of(ctx, cooperative) if c.issued_on <= day]
    may_issue = day >= ctx.today and ctx.may(ISSUE) and cooperative.is_within(ctx, ISSUE)
    if not found and not may_issue:
        return None
    rows = [
        {
            "certificate": c,
            "state": str(State(c.state).label),  # type: ignore[attr-defined]
            "tone": TONES[State(c.state)],  # type: ignore[attr-defined]
        }
        for c in found
    ]
    return {"rows": rows, "may_issue": may_issue, "cooperative": cooperative}


BOX = Panel(
    "registry.cooperative", _("Certificates"), certificates_box, "certificates/_box.html",
    permission=SEE, order=20,
)  # fmt: skip
