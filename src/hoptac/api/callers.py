"""Who calls the API: the token, its person, the mandates of the day."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.api import limits
from hoptac.api.models import ApiToken, digest
from hoptac.api.problem import Problem
from hoptac.foundation.access import Context
from hoptac.foundation.accounts import limits as counting
from hoptac.foundation.accounts.limits import Counter, Room
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.sessions import address_of

# A revoked token, an ended mandate, a closed account stop working within this time (seconds).
KEEP_SECONDS = 2.0
# When a token was last used is written at most so often (seconds).
_USED_SECONDS = 60
_MOST_KEPT = 10_000


@dataclass(frozen=True)
class Caller:
    """A token in use; ``room`` is what its limit leaves after this call."""

    token_id: UUID
    scopes: frozenset[str]
    ctx: Context
    counter: Counter
    until: float


_callers: dict[bytes, Caller] = {}


def forget() -> None:
    """Drop what is kept (between tests)."""
    _callers.clear()
    counting.forget()


def caller_of(request: HttpRequest) -> tuple[Caller, Room]:
    """Return who calls, and what is left of the limit.

    :raises Problem: 401 without a valid token, 429 over the limit
    """
    kind, _sep, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    now = time.monotonic()
    key = digest(secret) if kind.lower() == "bearer" and secret else b""
    caller = _callers.get(key)
    if caller is None or caller.until < now:
        stranger = limits.of_address(address_of(request))
        if caller is None and (room := stranger.look()).is_over:
            raise too_many(room)
        caller = _look_up(key, now) if key else None
        if caller is None:
            _callers.pop(key, None)
            room = stranger.take()
            if room.is_over:
                raise too_many(room)
            raise Problem(401, _("Send Authorization: Bearer with a token that is in force."))
        if len(_callers) > _MOST_KEPT:
            _callers.clear()
        _callers[key] = caller
    room = caller.counter.take()
    if room.is_over:
        raise too_many(room)
    return caller, room


def too_many(room: Room) -> Problem:
    """Return the answer to one call too many."""
    return Problem(429, _("Try again in %(n)s s.") % {"n": math.ceil(room.reset)}, room=room)


def _look_up(key: bytes, now: float) -> Caller | None:
    moment = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=key, revoked_at=None, expires_at__gt=moment, user__is_active=True)
        .filter(user__must_change_password=False)
        .first()
    )
    if token is None:
        return None
    used = token.last_used_at
    if used is None or (moment - used).total_seconds() > _USED_SECONDS:
        ApiToken.objects.filter(pk=token.pk, last_used_at=used).update(last_used_at=moment)
    ctx = context_of(token.user).by(channel="api")
    counter = limits.of_token(token.pk)
    return Caller(token.pk, frozenset(token.scopes), ctx, counter, now + KEEP_SECONDS)
