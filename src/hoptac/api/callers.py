"""Who calls the API: the token, its person, the mandates of the day; and how often."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from hoptac.api.models import ApiToken, digest
from hoptac.api.problem import Problem
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of

# A revoked token, an ended mandate, a closed account stop working within this time (seconds).
KEEP_SECONDS = 2.0
# Requests a second that one token, or one address without a valid token, may make in one worker,
# and how many may come at once.
PER_SECOND = float(os.environ.get("HOPTAC_API_PER_SECOND", "200"))
BURST = 2 * PER_SECOND
UNKNOWN_PER_SECOND, UNKNOWN_BURST = 5.0, 20.0
_MOST_KEPT = 10_000


@dataclass
class Bucket:
    """A token bucket: fills at a rate, each request takes one."""

    rate: float
    most: float
    left: float = 0.0
    at: float = field(default_factory=time.monotonic)

    def take(self) -> float:
        """Take one; returns the seconds to wait where none is left, else 0."""
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0.0


@dataclass(frozen=True)
class Caller:
    """A token in use."""

    token_id: UUID
    scopes: frozenset[str]
    ctx: Context
    bucket: Bucket
    until: float


_callers: dict[bytes, Caller] = {}
_strangers: dict[str, Bucket] = {}
_used: dict[UUID, float] = {}


def forget() -> None:
    """Drop what is kept (between tests)."""
    _callers.clear()
    _strangers.clear()
    _used.clear()


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls.

    :raises Problem: 401 without a valid token, 429 over the limit
    """
    head = request.META.get("HTTP_AUTHORIZATION", "")
    kind, _sep, secret = head.partition(" ")
    now = time.monotonic()
    key = digest(secret) if kind.lower() == "bearer" and secret else b""
    caller = _callers.get(key)
    if caller is None or caller.until < now:
        caller = _look_up(key, caller, now) if key else None
        if caller is None:
            _callers.pop(key, None)
            _slow_down(request)
            raise Problem(401, "Send Authorization: Bearer with a token that is in force.")
        if len(_callers) > _MOST_KEPT:
            _callers.clear()
        _callers[key] = caller
    wait = caller.bucket.take()
    if wait:
        raise Problem(429, f"Try again in {wait:.1f} s.", retry_after=wait)
    return caller


def _look_up(key: bytes, before: Caller | None, now: float) -> Caller | None:
    moment: datetime = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=key, revoked_at=None, expires_at__gt=moment, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    if now - _used.get(token.pk, -1e9) > 60:
        _used[token.pk] = now
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
    bucket = before.bucket if before else Bucket(PER_SECOND, BURST, BURST)
    ctx = context_of(token.user).by(channel="api")
    return Caller(token.pk, frozenset(token.scopes), ctx, bucket, now + KEEP_SECONDS)


def _slow_down(request: HttpRequest) -> None:
    """Hold addresses without a valid token to a few tries a second."""
    address = request.META.get("REMOTE_ADDR", "")
    if len(_strangers) > _MOST_KEPT:
        _strangers.clear()
    bucket = _strangers.setdefault(
        address, Bucket(UNKNOWN_PER_SECOND, UNKNOWN_BURST, UNKNOWN_BURST)
    )
    wait = bucket.take()
    if wait:
        raise Problem(429, f"Try again in {wait:.1f} s.", retry_after=wait)
