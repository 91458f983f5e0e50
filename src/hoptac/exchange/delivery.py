"""Sending what lies in the outbox: one attempt after the other, each of them recorded.

An attempt has three steps, each of which may be the last before a power cut. The message is held for
a while (one transaction), it is sent, and what was answered is recorded (another transaction). Was it
sent and not recorded, it is sent again under the same key once the hold is over, and the other side
gives the receipt that it gave before: nothing is lost and nothing is told twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from hoptac.exchange.adapters import Adapter, Answer, body_of, configured
from hoptac.exchange.models import Delivery, Message
from hoptac.exchange.terms import MessageState, Outcome

# How long a message is held by whoever sends it: longer than any attempt takes.
HOLD = timedelta(minutes=2)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)

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


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that failed: a minute, doubled each time."""
    return min(_FIRST_PAUSE * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE)


def deliver(
    adapter: Adapter | None = None,
    *,
    most: int = 500,
    clock: Callable[[], datetime] = timezone.now,
    stop_on_failure: bool = True,
) -> dict[str, int]:
    """Send what is due, oldest first; returns how many were accepted, refused, or failed.

    Without an adapter (argument or settings) nothing is sent. After a failure the rest waits for the
    next run: the other side is in trouble, and pressing it helps nobody.
    """
    chosen = adapter or configured()
    done = {outcome.value: 0 for outcome in Outcome}
    if chosen is None:
        return done
    for _number in range(most):
        pk = _hold(clock())
        if pk is None:
            break
        message = Message.objects.get(pk=pk)
        began = clock()
        answer = chosen.send(message.key, message.content)
        _record(message.pk, chosen.address, began, clock(), answer, body_of(message.content))
        done[answer.outcome] += 1
        if answer.outcome == Outcome.FAILED and stop_on_failure:
            break
    return done


def _hold(now: datetime) -> UUID | None:
    """Take the next message that is due for ourselves, for a while."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NEXT, {"now": now})
        found = cursor.fetchone()
        if found is None:
            return None
        Message.objects.filter(pk=found[0]).update(held_until=now + HOLD)
        return UUID(str(found[0]))


def _record(
    pk: UUID, address: str, began: datetime, ended: datetime, answer: Answer, sent: bytes
) -> None:
    """Write down the attempt and what it means for the message, both or neither."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=pk)
        number = message.attempts + 1
        Delivery.objects.create(
            message=message, number=number, began_at=began, ended_at=ended, address=address[:300],
            outcome=answer.outcome, status=answer.status, answer=answer.text[:1000],
            receipt=answer.receipt, digest=hashlib.sha256(sent).hexdigest(), size=len(sent),
        )  # fmt: skip
        changes: dict[str, Any] = {"attempts": number, "held_until": None}
        if answer.outcome == Outcome.ACCEPTED:
            # Whoever else sent it meanwhile got the same receipt; what was set aside was told all the same.
            changes |= {
                "state": MessageState.DELIVERED, "receipt": answer.receipt, "delivered_at": ended,
            }  # fmt: skip
        elif message.state == MessageState.WAITING:
            left = max(message.tries_left - 1, 0)
            changes["tries_left"] = left
            if answer.outcome == Outcome.REFUSED or not left:
                changes["state"] = MessageState.DEAD
            else:
                changes["due_at"] = ended + pause_after(number)
        Message.objects.filter(pk=pk).update(**changes)
