"""An outbox: what must reach somebody outside, written with the act, sent by a job, proved, never lost.

An app keeps two tables: what is to be sent (:class:`Outgoing`) and every attempt to send it
(:class:`Attempt`). An attempt has three steps, each of which may be the last before a power cut. The row
is held for a while (one transaction), it is sent, and what was answered is recorded (another
transaction). Was it sent and not recorded, it is sent again under the same key once the hold is over:
nothing is lost, and whoever receives it can tell that it is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.findings import Finding, Refused

# Attempts before a row is laid before a person: with the pauses below, about two days.
MOST_TRIES = 16
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


class SendState(models.TextChoices):
    """Where something to be sent stands."""

    WAITING = "waiting", _("Waiting to be sent")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Could not be delivered")
    DROPPED = "dropped", _("Set aside")


class Outcome(models.TextChoices):
    """What came of one attempt to deliver."""

    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Turned down")
    FAILED = "failed", _("No answer, or busy")


@dataclass(frozen=True)
class Answer:
    """What came of sending: accepted with a receipt, refused for good, or failed for now."""

    outcome: Outcome
    status: int | None = None
    text: str = ""
    receipt: str = ""


class Outgoing(models.Model):
    """Base of what is to be sent. ``tries_left`` is what remains before a person must look."""

    state = models.CharField(
        _("state"), max_length=10, choices=SendState, default=SendState.WAITING
    )
    created_at = models.DateTimeField(_("said since"), auto_now_add=True)
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveIntegerField(default=0)
    tries_left = models.PositiveIntegerField()
    held_until = models.DateTimeField(null=True)
    receipt = models.CharField(_("receipt"), max_length=120, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        abstract = True


class Attempt(models.Model):
    """Base of attempts to deliver: when, where to, what was answered. Never changed."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveIntegerField(_("attempt"))
    began_at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField()
    address = models.CharField(_("sent to"), max_length=300)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.CharField(_("what was answered"), max_length=1000, blank=True)
    receipt = models.CharField(_("receipt"), max_length=120, blank=True)

    class Meta:
        abstract = True
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")


@dataclass(frozen=True)
class Outbox:
    """Two tables and what is sent next.

    ``next_due`` is the statement that finds the next row and locks it (``FOR UPDATE SKIP LOCKED``,
    parameter ``now``); ``hold`` is longer than any attempt takes; ``owner`` is the attempt's relation
    to its row; ``told_of`` gives what a table of attempts keeps of a row besides.
    """

    rows: type[Outgoing]
    attempts: type[Attempt]
    owner: str
    next_due: str
    hold: timedelta
    told_of: Callable[[Any], dict[str, Any]] = lambda row: {}


# Sends a row: says where it went and what was answered, or nothing where it need not be sent any more.
Sender = Callable[[Any], "tuple[str, Answer] | None"]


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that failed: a minute, doubled each time."""
    return min(_FIRST_PAUSE * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE)


def deliver(
    box: Outbox,
    send: Sender,
    *,
    most: int,
    clock: Callable[[], datetime] = timezone.now,
    stops: Callable[[Answer], bool] = lambda answer: answer.outcome == Outcome.FAILED,
) -> dict[str, int]:
    """Send what is due, oldest first; returns how many were accepted, refused, or failed.

    After an answer that ``stops`` the rest waits for the next run: the other side is in trouble, and
    pressing it helps nobody. Several may deliver from one outbox at once.
    """
    done = {outcome.value: 0 for outcome in Outcome}
    for _number in range(most):
        pk = _hold(box, clock())
        if pk is None:
            break
        began = clock()
        sent = send(box.rows._default_manager.get(pk=pk))
        if sent is None:
            _drop(box, pk)
            continue
        address, answer = sent
        _record(box, pk, address, began, clock(), answer)
        done[answer.outcome] += 1
        if stops(answer):
            break
    return done


def _hold(box: Outbox, now: datetime) -> UUID | None:
    """Take the next row that is due for ourselves, for a while."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(box.next_due, {"now": now})
        found = cursor.fetchone()
        if found is None:
            return None
        box.rows._default_manager.filter(pk=found[0]).update(held_until=now + box.hold)
        return UUID(str(found[0]))


def _drop(box: Outbox, pk: UUID) -> None:
    waiting = box.rows._default_manager.filter(pk=pk, state=SendState.WAITING)
    waiting.update(state=SendState.DROPPED, held_until=None)


def _record(
    box: Outbox, pk: UUID, address: str, began: datetime, ended: datetime, answer: Answer
) -> None:
    """Write down the attempt and what it means for the row, both or neither."""
    with transaction.atomic():
        row: Any = box.rows._default_manager.select_for_update(of=("self",)).get(pk=pk)
        number = row.attempts + 1
        box.attempts._default_manager.create(
            number=number, began_at=began, ended_at=ended, address=address[:300],
            outcome=answer.outcome, status=answer.status, answer=answer.text[:1000],
            receipt=answer.receipt[:120], **{box.owner: row}, **box.told_of(row),
        )  # fmt: skip
        changes: dict[str, Any] = {"attempts": number, "held_until": None}
        if answer.outcome == Outcome.ACCEPTED:
            # Whoever else sent it meanwhile told the same; what was set aside was told all the same.
            changes |= {
                "state": SendState.DELIVERED, "receipt": answer.receipt[:120], "delivered_at": ended,
            }  # fmt: skip
        elif row.state == SendState.WAITING:
            left = max(row.tries_left - 1, 0)
            changes["tries_left"] = left
            if answer.outcome == Outcome.REFUSED or not left:
                changes["state"] = SendState.DEAD
            else:
                changes["due_at"] = ended + pause_after(number)
        box.rows._default_manager.filter(pk=pk).update(**changes)


# --- What a person does with a row that could not be delivered; called by the apps' acts. -------------


def try_again(row: Outgoing) -> None:
    """Let a row that could not be delivered, or was set aside, be tried again from now on.

    :raises Refused: it waits already, or was delivered
    """
    if row.state not in {SendState.DEAD, SendState.DROPPED}:
        raise Refused(
            Finding("not_dead", gettext("This message was delivered, or still waits to be sent."))
        )
    row.state = SendState.WAITING
    row.due_at = timezone.now()
    row.tries_left = MOST_TRIES
    row.held_until = None
    row.save(update_fields=("state", "due_at", "tries_left", "held_until"))


def put_aside(row: Outgoing, reason: str) -> None:
    """Give up sending a row.

    :raises Refused: no reason, it was delivered, or is being sent
    """
    if not reason.strip():
        raise Refused(
            Finding("reason_missing", gettext("Say why it is set aside."), field="reason")
        )
    if row.state not in {SendState.DEAD, SendState.WAITING}:
        raise Refused(
            Finding("not_open", gettext("This message was delivered or set aside already."))
        )
    if row.held_until is not None and row.held_until > timezone.now():
        raise Refused(
            Finding("being_sent", gettext("It is being sent right now; look again in a moment."))
        )
    row.state = SendState.DROPPED
    row.save(update_fields=("state",))
