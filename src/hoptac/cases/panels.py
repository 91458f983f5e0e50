"""The box of watched grounds on a body's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoptac.cases import selectors
from hoptac.cases.in_words import ground_line
from hoptac.cases.rules.grounds import Standing
from hoptac.cases.watch import judged_body
from hoptac.foundation.access import Context
from hoptac.foundation.panels import Panel


def watch_box(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return every ground as it stands at a body on the day of its page, its cases, what may be done."""
    if not ctx.carries("cases.view", cooperative, of="registry.view"):
        return None
    judged = judged_body(cooperative, day)
    cases = list(selectors.cases_of(ctx, cooperative)[:5])
    if not judged and not cases:
        return None
    lines = [ground_line(j, cooperative.kind) for j in judged]
    reminders = [x for x in lines if x.judged.rule.reminder]
    lines = [x for x in lines if not x.judged.rule.reminder]
    known = [x for x in lines if x.judged.standing is not Standing.UNKNOWN]
    pressing = [x for x in lines if x.judged.is_pressing]
    return {
        "body": cooperative,
        "lines": sorted(known, key=lambda x: (x.judged.due_on or date.max, x.name)),
        "unknown": [x for x in lines if x.judged.standing is Standing.UNKNOWN],
        "pressing": pressing,
        "reminders": [x for x in reminders if x.judged.is_pressing],
        "cases": cases,
        "is_own": ctx.may("cases.answer"),
        "may_keep": ctx.carries("cases.keep_dates", cooperative, of="registry.view"),
        "may_open": bool(pressing)
        and day >= ctx.today
        and not any(c.is_open for c in cases)
        and ctx.carries("cases.process", cooperative, of="registry.view"),
    }


def box_to_come(ctx: Context, cooperative: Any, day: date) -> dict[str, Any] | None:
    """Return where the box is fetched from: judging every ground asks more than the record itself."""
    if not ctx.carries("cases.view", cooperative, of="registry.view"):
        return None
    address = reverse("cases:box", args=[cooperative.pk])
    return {
        "href": address if day >= ctx.today else f"{address}?on={day:%Y-%m-%d}",
        "page": reverse("cases:dates", args=[cooperative.pk]),
    }


WATCH = Panel(
    "registry.cooperative", _("Conditions to go on"), box_to_come, "cases/_box_to_come.html",
    permission="cases.view", order=30,
)  # fmt: skip
