"""What was counted once holds until the next act, whoever does it: the register changes by acts alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from uuid import UUID

from hoptac.foundation.database import ask

Found = TypeVar("Found")

_LAST_ACT = "SELECT id FROM audit_act ORDER BY number DESC LIMIT 1"


def last_act() -> UUID | None:
    """Return the journal's last entry."""
    rows = ask(_LAST_ACT)
    return rows[0][0] if rows else None


class UntilNextAct(Generic[Found]):
    """Keeps what was found, in this process, for as long as the journal ends with the same act."""

    def __init__(self, most: int = 2000) -> None:
        self.most = most
        self._kept: dict[Hashable, tuple[UUID | None, Found]] = {}

    def get(self, key: Hashable, last: UUID | None, find: Callable[[], Found]) -> Found:
        """Return what is kept under the key since the ``last`` act, else find and keep it.

        The key names everything the finding rests on but the register: reach, day, what is asked.
        ``last`` is asked for before, so that what is found is never older than the act it is kept with.
        """
        kept = self._kept.get(key)
        if kept is not None and last is not None and kept[0] == last:
            return kept[1]
        found = find()
        if len(self._kept) >= self.most:
            self._kept.clear()
        self._kept[key] = (last, found)
        return found

    def clear(self) -> None:
        """Forget everything (tests, which write without acts)."""
        self._kept.clear()
