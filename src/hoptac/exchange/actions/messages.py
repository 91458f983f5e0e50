"""What an officer does with a message that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.exchange.models import Message
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.outbox import MOST_TRIES, SendState, put_aside, try_again


@action("exchange.send", name="exchange.send_again")
def send_again(ctx: Context, message: Message) -> Message:
    """Let a message that could not be delivered, or was set aside, be tried again from now on.

    It goes under its old key: had it arrived after all, it counts once.

    :raises Refused: it waits already, or was delivered
    """
    try_again(message)
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message


@action("exchange.send", name="exchange.send_again_all")
def send_again_all(ctx: Context, *, ids: Iterable[UUID] = ()) -> int:
    """Let every message that could not be delivered be tried again, or those named; return how many.

    :raises Refused: there is none within the caller's territory
    """
    wanted = list(ids)
    stuck = Message.objects.visible_to(ctx, "exchange.send").filter(state=SendState.DEAD)
    if wanted:
        stuck = stuck.filter(pk__in=wanted)
    keys = list(stuck.select_for_update(of=("self",)).order_by("id").values_list("pk", flat=True))
    if not keys:
        raise Refused(Finding("none_dead", _("No message here could not be delivered.")))
    Message.objects.filter(pk__in=keys).update(
        state=SendState.WAITING, due_at=timezone.now(), tries_left=MOST_TRIES, held_until=None
    )
    note(ctx, count=len(keys), messages=[str(k) for k in keys[:500]])
    return len(keys)


@action("exchange.send", name="exchange.set_message_aside")
def set_aside(ctx: Context, message: Message) -> Message:
    """Give up telling this; the context must give the reason. Later messages of the body go on.

    :raises Refused: no reason, or it was delivered
    """
    put_aside(message, ctx.reason)
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message
