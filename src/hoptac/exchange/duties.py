"""What the exchange asks of its officers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.exchange.models import Difference, Message
from hoptac.exchange.terms import Verdict
from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.foundation.outbox import SendState


def exchange_duties(ctx: Context) -> Iterator[Duty]:
    """Yield differences to decide and messages that did not arrive."""
    dead, differing = _counts(ctx)
    yield Duty(
        _("Messages that could not be delivered"), dead, f"{reverse('exchange:outbox')}?state=dead",
        _("Look at the answer, mend, send again."), is_urgent=True,
    )  # fmt: skip
    yield Duty(
        _("Differences from the national system"), differing, reverse("exchange:differences"),
        _("Decide which side is right."),
    )  # fmt: skip


def _counts(ctx: Context) -> tuple[int, int]:
    """Return how many messages stuck and how many differences are open, by one statement."""
    stuck = Message.objects.visible_to(ctx, "exchange.send").filter(state=SendState.DEAD)
    open_ones = Difference.objects.visible_to(ctx, "exchange.reconcile").filter(state=Verdict.OPEN)
    both = _counted(stuck, "stuck").union(_counted(open_ones, "open"), all=True)
    found = dict(both.values_list("of", "n"))
    return found.get("stuck", 0), found.get("open", 0)


def _counted(rows: QuerySet[Any], of: str) -> QuerySet[Any, Any]:
    marked = rows.order_by().annotate(of=Value(of)).values("of")
    return marked.annotate(n=Count("pk")).values("of", "n")
