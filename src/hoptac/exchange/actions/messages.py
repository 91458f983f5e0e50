"""What an officer does with a message that could not be delivered."""

from __future__ import annotations

from hoptac.exchange.models import Message
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.outbox import put_aside, try_again


@action("exchange.send", name="exchange.send_again")
def send_again(ctx: Context, message: Message) -> Message:
    """Let a message that could not be delivered, or was set aside, be tried again from now on.

    It goes under its old key: had it arrived after all, it counts once.

    :raises Refused: it waits already, or was delivered
    """
    try_again(message)
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message


@action("exchange.send", name="exchange.set_message_aside")
def set_aside(ctx: Context, message: Message) -> Message:
    """Give up telling this; the context must give the reason. Later messages of the body go on.

    :raises Refused: no reason, or it was delivered
    """
    put_aside(message, ctx.reason)
    note(ctx, title=message.title, body=message.cooperative_id, attempts=message.attempts)
    return message
