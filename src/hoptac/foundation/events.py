"""What an act lets higher apps know while it runs: told below, heard above, in one transaction.

An app that does something others must act upon announces it inside the act:

    announce(ctx, "registration.took_effect", filing=filing, body=body, on=day)

and whoever listens says so when it starts (``AppConfig.ready``):

    listen("registration.took_effect", tell_the_national_system)

Every act announces itself under its journal name once it is done, with what it was done to and what
it returned, so that nothing below needs to know who listens:

    listen("certificates.issue_certificate", hear)  # hear(ctx, subject=…, result=…)

A listener runs inside the act: what it writes is kept with the act or not at all, and what it
raises undoes the act. It does no slow work; work for outside is written down for a job.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hoptac.foundation.access import Context

Listener = Callable[..., None]
_LISTENERS: dict[str, list[Listener]] = {}


def listen(event: str, listener: Listener) -> None:
    """Let ``listener(ctx, **details)`` be called whenever the event is announced."""
    known = _LISTENERS.setdefault(event, [])
    if listener not in known:
        known.append(listener)


def withdraw(event: str, listener: Listener) -> None:
    """Let a listener be called no more (tests)."""
    _LISTENERS[event].remove(listener)


def announce(ctx: Context, event: str, **details: Any) -> None:
    """Call every listener of the event, in the order in which they were declared.

    :raises RuntimeError: outside of an act, where nothing would hold them together
    """
    if ctx.act_id is None:
        raise RuntimeError("an event is announced inside an act")
    for listener in _LISTENERS.get(event, ()):
        listener(ctx, **details)
