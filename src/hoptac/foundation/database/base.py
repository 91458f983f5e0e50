"""The backend: a connection is checked without a round trip, and some questions stay planned."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base

# A connection is asked whether it lives at most so often (seconds); between, a look at its socket does.
CHECKED_EVERY = 10.0
# How many statements the server keeps planned for a connection.
MOST_PLANNED = 200


class _Asking(psycopg.Cursor[Any]):
    """A cursor whose statements the server keeps planned; values travel apart from the text."""

    def execute(self, query: Any, params: Any = None, **_how: Any) -> Any:
        # Only for these: the driver would otherwise remember the text of every statement it sees.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True)
        finally:
            self.connection.prepare_threshold = None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with :meth:`asking` and a cheaper health check."""

    # Django sets these; the stubs do not know them.
    health_check_enabled: bool
    health_check_done: bool
    _checked_at = -CHECKED_EVERY

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepared_max = MOST_PLANNED
        return made

    def asking(self) -> Any:
        """Return a cursor for :func:`hoptac.foundation.database.ask`."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            usual = self.connection.cursor_factory
            self.connection.cursor_factory = _Asking
            try:
                cursor = self.create_cursor()
            finally:
                self.connection.cursor_factory = usual
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]

    def close_if_health_check_failed(self) -> None:
        """Make sure, once a request, that the server has not hung up.

        It says so on the connection's socket, so a silent socket is enough for a few seconds;
        after them, or when anything unexpected came in, the server is asked and the connection
        made anew if it does not answer. Only a network that fails without a word is noticed
        later than by Django's own check, which asks before every request.
        """
        if self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        if time.monotonic() - self._checked_at < CHECKED_EVERY and self._is_silent():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._checked_at = time.monotonic()

    def _is_silent(self) -> bool:
        if self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
