"""What the exchange asks of its officers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.exchange.models import Difference, Message
from hoptac.exchange.terms import MessageState, Verdict
from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty


def exchange_duties(ctx: Context) -> Iterator[Duty]:
    """Yield differences to decide and messages that did not arrive."""
    dead = Message.objects.visible_to(ctx, "exchange.send").filter(state=MessageState.DEAD).count()
    yield Duty(
        _("Messages that could not be delivered"), dead, f"{reverse('exchange:outbox')}?state=dead",
        _("Look at the answer, mend, send again."), is_urgent=True,
    )  # fmt: skip
    found = Difference.objects.visible_to(ctx, "exchange.reconcile").filter(state=Verdict.OPEN)
    yield Duty(
        _("Differences from the national system"), found.count(), reverse("exchange:differences"),
        _("Decide which side is right."),
    )  # fmt: skip
