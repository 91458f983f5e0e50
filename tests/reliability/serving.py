"""A real web server in processes of its own, to be killed; and clients that write to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection

ROOT = settings.ROOT


def database_url() -> str:
    """Return the address of the tests' own database."""
    info = connection.get_connection_params()
    user, name = info.get("user", ""), connection.settings_dict["NAME"]
    password = f":{info['password']}" if info.get("password") else ""
    return (
        f"postgresql://{user}{password}@/{name}?host={info['host']}&port={info.get('port', 5432)}"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The web server as it runs in production, two processes, on a port of its own."""

    port: int
    application: str = "hoptac.config.wsgi:application"
    url: str = ""
    process: Any = None

    def start(self) -> None:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host",
                "127.0.0.1", "--port", str(self.port), "--workers", "2", "--blocking-threads", "1",
                "--log-level", "critical", self.application,
            ],
            env={
                **os.environ, "PYTHONPATH": path, "DATABASE_URL": self.url or database_url(),
                "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.test",
            },
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def await_answer(self, seconds: float = 60) -> float:
        """Wait until a page answers below 500; return how long that took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            status, _headers, _body = get(self.port, "/accounts/login/")
            if 0 < status < 500:
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError("the server gives no answer")


@contextlib.contextmanager
def serving(application: str = "", url: str = "") -> Iterator[Server]:
    """Give a running server; killed at the end."""
    server = Server(free_port(), *([application] if application else []), url=url)
    server.start()
    try:
        server.await_answer()
        yield server
    finally:
        server.kill()


def get(
    port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: str = "",
    timeout: float = 20,
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """Ask once; status 0 where nobody answered."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        asked.request(method, path, body or None, headers or {})
        answer = asked.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, {}, b""
    finally:
        asked.close()


@dataclass
class Writer(threading.Thread):
    """States the members of one body again and again; notes what was acknowledged.

    What got no answer is sent again with the same key: it may have been done.
    """

    server: Server
    body: Any
    secret: str
    number: int
    over: threading.Event
    acknowledged: list[int] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        members, key, version = self.number * 100_000, uuid4().hex, 0
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        path = f"/api/v1/cooperatives/{self.body}"
        while not self.over.is_set():
            if not version:
                status, found, _said = get(self.server.port, path, headers)
                version = int(found["etag"].strip('"')) if status == 200 else 0
                if not version:
                    time.sleep(0.05)
                continue
            sent = json.dumps({"figures": {"members": members}, "as_of": "2019-12-31"})
            more = {**headers, "If-Match": f'"{version}"', "Idempotency-Key": key}
            status, found, _said = get(self.server.port, f"{path}/figures", more, "POST", sent)
            if status == 200:
                self.acknowledged.append(members)
                version = int(found["etag"].strip('"'))
                members, key = members + 1, uuid4().hex
            elif status == 412:  # done before, its answer lost: the version went on
                version = 0
                members, key = members + 1, uuid4().hex
            elif status not in {0, 503}:
                self.odd.append(status)


def await_silence() -> None:
    """Wait until the database has noticed that its clients were killed."""
    for _n in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state <> 'idle' AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
