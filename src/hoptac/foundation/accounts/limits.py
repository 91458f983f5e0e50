"""How many calls may come in a stretch of time, counted by all workers together.

Each worker counts by itself and tells the database only once in so many calls, so that counting
costs next to nothing. What is let through beyond a limit is at most one telling for each worker.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

# A counter tells the database when it has counted this share of its limit.
_SHARE = 20
_MOST_KEPT = 10_000

_TELL = """
INSERT INTO accounts_ratecount AS r (key, "window", calls, ends_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET "window" = EXCLUDED."window", ends_at = EXCLUDED.ends_at,
    calls = EXCLUDED.calls + CASE WHEN r."window" = EXCLUDED."window" THEN r.calls ELSE 0 END
RETURNING calls
"""


@dataclass(frozen=True)
class Room:
    """What is left of a limit: calls in this window, seconds until the next one."""

    most: int
    seconds: int
    left: int
    reset: float
    is_over: bool

    @property
    def headers(self) -> dict[str, str]:
        """The header fields of the IETF's draft on rate limits."""
        return {
            "RateLimit-Policy": f'"calls";q={self.most};w={self.seconds}',
            "RateLimit": f'"calls";r={self.left};t={math.ceil(self.reset)}',
        }


class Counter:
    """Counts the calls under one key: of a token, of an address."""

    def __init__(
        self, key: str, most: int, seconds: int, clock: Callable[[], float] = time.time
    ) -> None:
        self.key, self.most, self.seconds, self.clock = key, most, seconds, clock
        self.window = -1
        self.told = 0
        self.untold = 0

    def take(self) -> Room:
        """Count a call, unless the limit is reached."""
        room = self.look()
        if room.is_over:
            return room
        self.untold += 1
        if self.untold >= max(1, self.most // _SHARE):
            with connection.cursor() as cursor:
                ends_at = (self.window + 1) * self.seconds
                cursor.execute(_TELL, [self.key, self.window, self.untold, ends_at])
                self.told, self.untold = cursor.fetchone()[0], 0
        return self._room(room.reset, is_over=self.told + self.untold > self.most)

    def look(self) -> Room:
        """Return what is left, without counting."""
        window, passed = divmod(self.clock(), self.seconds)
        if window != self.window:
            self.window, self.told, self.untold = int(window), 0, 0
        return self._room(self.seconds - passed, is_over=self.told + self.untold >= self.most)

    def _room(self, reset: float, *, is_over: bool) -> Room:
        left = max(0, self.most - self.told - self.untold)
        return Room(self.most, self.seconds, left, reset, is_over)


_counters: dict[str, Counter] = {}


def counter(key: str, most: int, seconds: int) -> Counter:
    """Return the counter of a key: ``most`` calls in a window of ``seconds``."""
    found = _counters.get(key)
    if found is None:
        if len(_counters) >= _MOST_KEPT:
            _counters.clear()
        found = _counters[key] = Counter(key, most, seconds)
    return found


def forget() -> None:
    """Drop what this process counted (between tests)."""
    _counters.clear()


def forget_windows(*, before: float) -> None:
    """Remove the counts of windows that ended before a moment."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_ratecount WHERE ends_at < %s", [before])
