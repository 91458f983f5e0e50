"""What an officer does with a message that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.exchange.models import Message
from hoptac.exchange.outbox import MOST_TRIES
from hoptac.exchange.terms import MessageState
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused


@action("exchange.send", name="exchange.send_again")
def send_again(ctx: Context, message: Message) -> Message:
    """Let a message that could not be delivered, or was set aside, be tried again from now on.

    It goes under its old key: had it arrived after all, it counts once.

    :raises Refused: it waits already, or was delivered
    """
    if message.state not in {MessageState.DEAD, MessageState.DROPPED}:
        raise Refused(
            Finding("not_dead", _("This message was delivered, or still waits to be sent."))
        )
    message.state = MessageState.WAITING
    message.due_at = timezone.now()
    message.tries_left = MOST_TRIES
    message.held_until = None
    message.save(update_fields=("state", "due_at", "tries_left", "held_until"))
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message


@action("exchange.send", name="exchange.send_again_all")
def send_again_all(ctx: Context, *, ids: Iterable[UUID] = ()) -> int:
    """Let every message that could not be delivered be tried again, or those named; return how many.

    :raises Refused: there is none within the caller's territory
    """
    wanted = list(ids)
    stuck = Message.objects.visible_to(ctx, "exchange.send").filter(state=MessageState.DEAD)
    if wanted:
        stuck = stuck.filter(pk__in=wanted)
    keys = list(stuck.select_for_update(of=("self",)).order_by("id").values_list("pk", flat=True))
    if not keys:
        raise Refused(Finding("none_dead", _("No message here could not be delivered.")))
    Message.objects.filter(pk__in=keys).update(
        state=MessageState.WAITING, due_at=timezone.now(), tries_left=MOST_TRIES, held_until=None
    )
    note(ctx, count=len(keys), messages=[str(k) for k in keys[:500]])
    return len(keys)


@action("exchange.send", name="exchange.set_message_aside")
def set_aside(ctx: Context, message: Message) -> Message:
    """Give up telling this; the context must give the reason. Later messages of the body go on.

    :raises Refused: no reason, or it was delivered
    """
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Say why it is set aside."), field="reason"))
    if message.state not in {MessageState.DEAD, MessageState.WAITING}:
        raise Refused(Finding("not_open", _("This message was delivered or set aside already.")))
    if message.held_until is not None and message.held_until > timezone.now():
        raise Refused(
            Finding("being_sent", _("It is being sent right now; look again in a moment."))
        )
    message.state = MessageState.DROPPED
    message.save(update_fields=("state",))
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message
