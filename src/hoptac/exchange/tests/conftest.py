"""A stand-in registry in its own process, and files as it gives them."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from hoptac.exchange import hearing
from hoptac.exchange.adapters import HttpAdapter
from hoptac.registration import actions as registration
from hoptac.registration.rules.procedures import procedure_on

SOURCE = Path(__file__).resolve().parents[3]


@dataclass
class StandIn:
    """The stand-in as a test handles it: started, killed, brought back, told how to behave."""

    store: Path
    port: int
    process: Any = field(default=None)

    @property
    def adapter(self) -> HttpAdapter:
        return HttpAdapter(f"http://127.0.0.1:{self.port}/mo-phong", seconds=3)

    def start(self) -> None:
        command = [sys.executable, "-m", "hoptac.exchange.standin", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--store", str(self.store), "--obey"],
            env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin"},
        )
        until = time.monotonic() + 15
        while True:
            try:
                self.ask("GET", "/mo-phong/keys")
                return
            except OSError:
                assert time.monotonic() < until, "the stand-in does not answer"
                time.sleep(0.05)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, json.dumps(content) if content else None)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def behave(self, mode: str, seconds: float = 0) -> None:
        self.ask("PUT", "/mo-phong/mode", {"mode": mode, "seconds": seconds})

    def told(self) -> list[Any]:
        return self.ask("GET", "/mo-phong/keys")["keys"]

    def records(self) -> list[Any]:
        return self.ask("GET", "/mo-phong/records")["records"]


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = StandIn(tmp_path / "standin.sqlite", port)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write an extract as a workbook: ``sheet([{"Mã số hợp tác xã": …}, …])``."""
    count = iter(range(1, 100))

    def make(rows: list[dict[str, Any]], title: str = "Danh sách") -> Path:
        path = tmp_path / f"trich-xuat-{next(count)}.xlsx"
        book = xlsxwriter.Workbook(str(path))
        page = book.add_worksheet()
        page.write(0, 0, title)
        titles = list(dict.fromkeys(t for row in rows for t in row))
        for place, text in enumerate(titles):
            page.write(2, place, text)
        for number, row in enumerate(rows, 3):
            for place, text in enumerate(titles):
                value = row.get(text)
                if isinstance(value, date):
                    value = value.strftime("%d/%m/%Y")
                page.write(number, place, value)
        book.close()
        return path

    return make


@pytest.fixture(autouse=True)
def only_effects(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system be told of effects alone, as a rule-keeper may decide; test_events.py has the rest."""
    if not request.module.__name__.endswith("test_events"):
        monkeypatch.setattr(
            hearing, "told_of",
            lambda event, on: ["registration"] if event == "filing.took_effect" else [],
        )  # fmt: skip


@pytest.fixture
def grant(the_system: Any) -> Any:
    """Grant a change of the address of a body, as the desk does."""

    def make(body: Any, address: str = "ấp Mới", ctx: Any = None) -> Any:
        ctx = ctx or the_system
        papers = procedure_on("change_registration", ctx.today).papers_required("cooperative")
        filing = registration.receive(
            ctx, "change_registration", cooperative=body, applicant="Trần Văn Nộp", papers=papers,
            proposal={"address": address, "from_on": ctx.today},
        )  # fmt: skip
        registration.propose(ctx, filing, outcome="grant")
        return registration.decide(ctx, filing, outcome="grant")

    return make
