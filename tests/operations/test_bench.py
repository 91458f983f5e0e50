"""The load driver measures what it says it measures."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection

from hoptac.bench import http, plan, processor, report, session
from hoptac.bench.plan import PAGES, Page
from hoptac.commands import bench
from hoptac.workspace.management.commands import bench_work


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    seen: list[str] = []

    def do_GET(self):
        self.seen.append(f"{self.path} {self.headers.get('Cookie')}")
        time.sleep(0.02)
        body = b"x" * 1000
        self.send_response(404 if self.path == "/missing" else 200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3e8\r\n" + body + b"\r\n0\r\n\r\n")
            return
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that hangs up in the middle of a reply is nothing to tell."""


@pytest.fixture
def port():
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Handler.seen.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def job(port: int, **given) -> http.Job:
    return http.Job(
        **{"host": "127.0.0.1", "port": port, "paths": ["/"], "seconds": 0.5, "warm_up": 0.1}
        | given
    )


def test_latency_and_rate_are_those_of_the_server(port):
    result = http.run(job(port, headers={"Cookie": "a=b"}))
    assert result.p50 >= 20
    assert 5 < result.per_second <= 50
    assert result.statuses == {"200": result.requests}
    assert result.mean_bytes > 1000
    assert Handler.seen[0] == "/ a=b"


def test_several_clients_ask_at_once_and_take_the_addresses_in_turn(port):
    one = http.run(job(port))
    four = http.run(job(port, clients=4, paths=["/a", "/chunked"]))
    assert four.requests > 2 * one.requests
    assert {line.split()[0] for line in Handler.seen} == {"/", "/a", "/chunked"}


def test_wrong_answers_are_faults(port):
    result = http.drive(job(port, paths=["/missing"]))
    row = report.Row(Page("missing", ["/missing"]), result)
    assert row.faults == [f"answers {{'404': {result.requests}}}"]


def test_a_page_that_misses_its_mark_is_marked(port):
    page = Page("slow", ["/"], most_p95=5, least_per_second=5000)
    rows = [report.Row(page, http.run(job(port, clients=n))) for n in (1, 8)]
    assert [row.faults for row in rows] == [["too slow"], ["too few"]]
    shown = report.table(rows)
    assert "p95 <= 5 ms" in shown
    assert len({len(line) for line in shown.splitlines()}) == 1
    assert json.loads(json.dumps(report.as_data(rows, {"user": "x"})))["about"]["user"] == "x"


def test_the_plan_holds_pages_to_what_was_asked():
    held = {page.name: (page.most_p95, page.least_per_second) for page in PAGES}
    for name in ("list", "search", "record"):
        assert held[name] == (25, 250)
    assert held["api-list"][1] == 600
    assert held["api-record"][1] == 800
    assert bench_work.BARS == {"import": 12, "csv": 1, "xlsx": 8, "statistics": 0.25}


def test_a_missed_bar_fails_the_check(monkeypatch, capsys, tmp_path):
    """Only the load driver and the server are left out."""
    answers = {"slow": 30.0, "quick": 20.0}
    pages = [Page(name, ["/"], most_p95=25, least_per_second=250) for name in answers]
    monkeypatch.setattr(plan, "PAGES", pages)
    monkeypatch.setattr(session, "session_cookie", lambda user: "sessionid=x")
    monkeypatch.setattr(
        bench, "web_server", lambda workers: contextlib.nullcontext((1, os.getpid()))
    )
    monkeypatch.setattr(processor, "database_server", list)
    monkeypatch.setattr(bench.environment, "disconnect", lambda: None)
    monkeypatch.setattr(
        http, "drive",
        lambda job: http.Result(job.clients, 9, 1, 300, 1, p95, p95, p95, 1, {"200": 9}, 0, 0),
    )  # fmt: skip
    for names, check, code in ((["quick"], True, 0), (["slow"], True, 1), (["slow"], False, 0)):
        p95 = answers[names[0]]
        options = argparse.Namespace(
            pages=names, user="x", workers=2, clients=[1, 8], seconds=1, json=None, check=check
        )
        assert bench.measure(options) == code
        assert ("Missed: slow (too slow)." in capsys.readouterr().out) == (code == 1)


def test_a_work_that_misses_its_bar_fails_the_check(capsys):
    work = bench_work.Command(stdout=io.StringIO())
    work.missed = []
    work._tell("quick", 0.9, 1.0)
    work._tell("without a bar", 9.0, None)
    assert work.missed == []
    work._tell("  slow", 1.1, 1.0)
    assert work.missed == ["slow"]
    assert "held to 1 s: missed" in work.stdout.getvalue()


def test_processor_time_is_that_of_a_process_and_what_it_started():
    nested = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while 1: 0'])"
    busy = subprocess.Popen([sys.executable, "-c", nested], start_new_session=True)
    try:
        until = time.monotonic() + 20
        while processor.seconds(processor.family(busy.pid)) < 0.3 and time.monotonic() < until:
            time.sleep(0.05)
        both = processor.family(busy.pid)
        assert len(both) == 2
        assert processor.seconds(both) >= 0.3 > processor.seconds([busy.pid])
        assert both < processor.family(os.getpid())
    finally:
        os.killpg(busy.pid, signal.SIGKILL)
        busy.wait()
    assert processor.seconds([busy.pid]) == 0


def test_the_database_server_is_found(db):
    (server,) = processor.database_server()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] in processor.family(server)


def test_percentiles_are_of_the_values_themselves():
    values = [float(n) for n in range(1, 101)]
    assert http.percentile(values, 0.5) == 51.0
    assert http.percentile(values, 0.95) == 96.0
    assert http.percentile([], 0.5) == 0.0
