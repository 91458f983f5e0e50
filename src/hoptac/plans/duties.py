"""What plans ask of a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.plans.selectors import waiting_counts


def plan_duties(ctx: Context) -> Iterator[Duty]:
    """Yield what waits: plans asked for, to mend, to approve, to issue."""
    counts = waiting_counts(ctx)
    home = reverse("plans:list")
    for code, title, is_urgent in (
        ("late", _("Plans overdue"), True),
        ("asked", _("Plans asked of your agency"), False),
        ("returned", _("Plans sent back to you"), False),
        ("to_approve", _("Plans to approve"), False),
        ("to_issue", _("Plans approved, to be issued"), False),
    ):
        yield Duty(title, counts[code], f"{home}?heap={code}", "", is_urgent)
