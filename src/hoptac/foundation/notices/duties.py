"""What waits for an administrator: letters that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.duties import Duty
from hoptac.foundation.notices.acts import SEND
from hoptac.foundation.notices.selectors import letters_seen
from hoptac.foundation.outbox import SendState


def letters_that_failed(ctx: Context) -> Iterator[Duty]:
    """Yield how many letters to people of the caller's reach could not be delivered."""
    dead = letters_seen(ctx, SEND).filter(state=SendState.DEAD).count()
    yield Duty(
        _("Letters that could not be delivered"), dead,
        f"{reverse('notices:letters')}?state=dead",
        _("Look at the mail server's answer, mend, send again."), is_urgent=True,
    )  # fmt: skip
