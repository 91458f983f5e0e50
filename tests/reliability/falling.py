"""A process that does acts and dies in the middle of them, at a point that it is told.

``python -m tests.reliability.falling`` never touches the database or the typesetter itself: for each
act it is sent it forks, and the fork, which has everything loaded, does the act and falls.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

POINTS = (
    "before the row", "after the row", "half way", "between the bytes and their row",
    "before the journal", "after the journal", "during the commit", "after the commit",
)  # fmt: skip
# Until here nothing may be left.
EARLY = POINTS[:6]
How = Literal["process", "session", "backend"]
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "WITH ")


@dataclass
class Fall:
    """Counts what an act writes, and falls at one point of it; without a point it only counts.

    ``how``: the process dies of SIGKILL; or its session in the database is ended; or the session's
    server process dies of SIGKILL, upon which the database recovers.
    """

    point: str = ""
    half: int = 0
    how: How = "process"
    writes: int = 0
    stores: int = 0
    seen: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:  # fmt: skip
        text = sql if isinstance(sql, str) else str(sql)
        is_write = text.lstrip()[:6].upper().startswith(_WRITES)
        if is_write and not self.writes:
            self.at("before the row")
        if 'INSERT INTO "documents_storedfile"' in text:
            self.stores += 1
            self.at("between the bytes and their row")
        if "pg_advisory_xact_lock" in text:
            self.at("before the journal")
        found = execute(sql, params, many, context)
        if is_write:
            self.writes += 1
            if self.writes == 1:
                self.at("after the row")
            if self.writes == self.half:
                self.at("half way")
        if 'INSERT INTO "audit_actpayload"' in text:
            self.at("after the journal")
        return found

    def at(self, point: str) -> None:
        self.seen.add(point)
        if point == self.point:
            self.fall()

    def fall(self) -> None:
        if self.how == "process":
            os.kill(os.getpid(), signal.SIGKILL)
        from django.db import connection

        backend = connection.connection.info.backend_pid
        if self.how == "backend":
            os.kill(backend, signal.SIGKILL)
            return
        import psycopg

        known = connection.get_connection_params()
        keys = ("host", "port", "user", "password", "dbname")
        with psycopg.connect(**{k: known[k] for k in keys if known.get(k)}) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    def commit(self, whole: Callable[[], None]) -> Callable[[], None]:
        """Return how a transaction is committed: the server is told, and nobody hears its answer."""
        from django.db import connection

        def run() -> None:
            if self.point == "during the commit":
                wire = connection.connection.pgconn
                wire.send_query(b"COMMIT")
                wire.flush()
                self.fall()
            whole()
            self.at("after the commit")

        return run


def _do(task: dict[str, Any], told: int) -> None:
    """Do one act in this process and say what was seen, if it is still there to say so."""
    from django.conf import settings
    from django.db import connection, transaction

    from tests.reliability import broken_acts
    from tests.reliability.every_act import KNOWN

    for name, value in task["settings"].items():
        setattr(settings, name, value)
    connection.settings_dict.update(task["database"])
    if task["broken"]:
        getattr(broken_acts, task["broken"])()
    ctx, subject, fall = task["ctx"], task["subject"], task["fall"]
    outcome = "done"
    try:
        with connection.execute_wrapper(fall):
            if not fall.point:
                with transaction.atomic():
                    KNOWN[task["name"]].do(ctx, subject)
                    transaction.set_rollback(True)
            else:
                connection.ensure_connection()
                connection._commit = fall.commit(connection._commit)
                KNOWN[task["name"]].do(ctx, subject)
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"
    os.write(told, pickle.dumps((outcome, fall.writes, fall.stores, fall.seen)))


def _serve() -> None:
    """Take acts from standard input, each as its length and a pickle; answer in the same way."""
    import django

    django.setup()
    from tests.reliability import every_act  # noqa: F401  (loaded once, for all forks)

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(4):
        sent = source.read(struct.unpack("I", head)[0])
        hear, told = os.pipe()
        child = os.fork()
        if not child:
            code = 1
            with contextlib.suppress(BaseException):
                _do(pickle.loads(sent), told)
                code = 0
            os._exit(code)
        os.close(told)
        with open(hear, "rb") as pipe:
            said = pipe.read()
        _pid, status = os.waitpid(child, 0)
        answer = pickle.dumps((os.waitstatus_to_exitcode(status), said))
        sink.write(struct.pack("I", len(answer)) + answer)
        sink.flush()


@dataclass(frozen=True)
class Fell:
    """What became of an act: ``code`` is -9 where the process died of it."""

    code: int
    outcome: str = ""
    writes: int = 0
    stores: int = 0
    seen: frozenset[str] = frozenset()


@dataclass
class Faller:
    """The process that does acts and dies of them."""

    process: Any
    settings: dict[str, Any]
    broken: str = ""

    def do(self, name: str, ctx: Any, subject: Any, fall: Fall) -> Fell:
        """Let an act be done, and fall, in a process of its own."""
        from django.db import connection

        known = connection.settings_dict
        database = {k: known[k] for k in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
        task = {
            "name": name, "ctx": ctx, "subject": subject, "fall": fall, "broken": self.broken,
            "settings": self.settings, "database": database,
        }  # fmt: skip
        sent = pickle.dumps(task)
        self.process.stdin.write(struct.pack("I", len(sent)) + sent)
        self.process.stdin.flush()
        answer = self.process.stdout.read(struct.unpack("I", self.process.stdout.read(4))[0])
        code, said = pickle.loads(answer)
        if not said:
            return Fell(code)
        outcome, writes, stores, seen = pickle.loads(said)
        return Fell(code, outcome, writes, stores, frozenset(seen))


@contextlib.contextmanager
def falling(settings: dict[str, Any]) -> Iterator[Faller]:
    """Give a process that does acts and dies in them, with these settings."""
    from tests.reliability.serving import ROOT, database_url

    env = {
        **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.falling"], cwd=ROOT, env=env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Faller(process, settings)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
        process.stdout.close()  # type: ignore[union-attr]


if __name__ == "__main__":
    # Under its own name, so that what is pickled here is known there.
    from tests.reliability.falling import _serve as serve

    serve()
