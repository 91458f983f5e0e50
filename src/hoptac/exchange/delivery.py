"""Sending what lies in the outbox, by whichever adapter the settings name.

Messages of one body, and of one dossier, go out in the order in which they came; the other side must
answer a key that it knows with the receipt that it gave before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from hoptac.exchange.adapters import Adapter, body_of, configured
from hoptac.exchange.models import Delivery, Message
from hoptac.foundation import outbox
from hoptac.foundation.outbox import Answer, Outbox, Outcome

# How long a message is held by whoever sends it: longer than any attempt takes.
HOLD = timedelta(minutes=2)

# The oldest message that is due, whose body and dossier have no older one still to be told (or stuck).
_NEXT = """
SELECT m.id FROM exchange_message m
WHERE m.state = 'waiting' AND m.due_at <= %(now)s AND (m.held_until IS NULL OR m.held_until <= %(now)s)
  AND NOT EXISTS (
      SELECT FROM exchange_message earlier
      WHERE earlier.cooperative_id = m.cooperative_id AND earlier.system = m.system
        AND earlier.id < m.id AND earlier.state IN ('waiting', 'dead'))
  AND NOT EXISTS (
      SELECT FROM exchange_message earlier
      WHERE earlier.filing_id = m.filing_id AND earlier.cooperative_id IS NULL
        AND earlier.system = m.system AND earlier.id < m.id AND earlier.state IN ('waiting', 'dead'))
ORDER BY m.due_at, m.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def _what_was_sent(message: Message) -> dict[str, Any]:
    sent = body_of(message.content)
    return {"digest": hashlib.sha256(sent).hexdigest(), "size": len(sent)}


_BOX = Outbox(Message, Delivery, "message", _NEXT, HOLD, _what_was_sent)


def deliver(
    adapter: Adapter | None = None,
    *,
    most: int = 500,
    clock: Callable[[], datetime] = timezone.now,
) -> dict[str, int]:
    """Send what is due, oldest first; returns how many were accepted, refused, or failed.

    Without an adapter (argument or settings) nothing is sent.
    """
    chosen = adapter or configured()
    if chosen is None:
        return {outcome.value: 0 for outcome in Outcome}

    def send(message: Message) -> tuple[str, Answer]:
        return chosen.address, chosen.send(message.key, message.content)

    return outbox.deliver(_BOX, send, most=most, clock=clock)
