"""Telling how far long work is, from inside a transaction that nobody can see into."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import connections

Listener = Callable[[str, int], None]


class Progress:
    """Writes a batch's step and percentage through a connection of its own; closes with ``with``.

    Work of another kind names its own ``table``, whose rows have ``step`` and ``progress``.
    """

    table: ClassVar[str] = "transfers_importbatch"

    def __init__(self, batch_id: UUID, listener: Listener | None = None) -> None:
        self.batch_id, self.listener = batch_id, listener
        self._connection: Any = None
        self._last = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def say(self, step: str, percent: int) -> None:
        """Tell the step (a code of ``STEPS``) and how much of the whole is done."""
        if self.listener is not None:
            self.listener(step, percent)
        now = time.monotonic()
        if now - self._last < 0.25 and percent < 100:
            return
        self._last = now
        with self.connection().cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            try:
                cursor.execute(
                    f"UPDATE {self.table} SET step = %s, progress = %s WHERE id = %s",  # noqa: S608
                    [step, percent, self.batch_id],
                )
            except Exception as error:
                # The row is held by the very act that is reported on: its end tells the rest.
                if getattr(error.__cause__, "sqlstate", "") != "55P03":
                    raise

    def connection(self) -> Any:
        """Return the connection through which it tells, opened when it is needed first."""
        if self._connection is None:
            self._connection = connections.create_connection("default")
            self._connection.set_autocommit(True)
        return self._connection
