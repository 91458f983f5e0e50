"""A stand-in for the national registration database: real HTTP, its own process, its own store.

It is no State system and says so on every answer (``"system": "mo-phong"``, receipts beginning with
``MP-``). It validates, remembers keys, gives the receipt of the first time to whoever sends again, and
can be told to fail, to be slow or to refuse, so that tests see what happens then.

    POST /mo-phong/records          a message, with ``Idempotency-Key``
    GET  /mo-phong/records          every record: an extract, in the shape that the register reads
    GET  /mo-phong/keys             every key it was told, how often, its receipt
    PUT  /mo-phong/mode             {"mode": "ok|fail|refuse|slow|mute|duplicate", "seconds": 1} (only with --obey)

Needs nothing but Python; imports nothing of Hoptac's own.
"""

from __future__ import annotations

import hashlib
import json
import re
import signal
import sqlite3
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "/mo-phong"
_MOST_BYTES = 1_000_000
_CODE = re.compile(r"\d{8,14}")
_TABLES = """
CREATE TABLE IF NOT EXISTS told (
    key TEXT PRIMARY KEY, digest TEXT NOT NULL, receipt TEXT NOT NULL, times INTEGER NOT NULL,
    number INTEGER NOT NULL, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (who TEXT PRIMARY KEY, content TEXT NOT NULL);
"""
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Mô phỏng</title>
<h1>Máy chủ mô phỏng</h1>
<p>Đây không phải Cơ sở dữ liệu quốc gia về đăng ký hợp tác xã. Máy chủ này đi kèm Hoptac để thử và
trình diễn; không cơ quan nào nhận được những gì gửi tới đây.</p>
<p>This is not a State system: a stand-in for tests and demonstration.</p></html>
"""


class Store:
    """What it was told, in a file: on the disk before it is answered."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.executescript(_TABLES)

    def take(self, key: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take a message once; the same again gets the same receipt, another under its key a refusal."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                answer = self._take(key, content, text, digest)
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")
        return answer

    def _take(
        self, key: str, content: dict[str, Any], text: str, digest: str
    ) -> tuple[int, dict[str, Any]]:
        known = self._base.execute(
            "SELECT digest, receipt FROM told WHERE key = ?", (key,)
        ).fetchone()
        if known is not None:
            if known[0] != digest:
                return 409, {"message": "Khoá này đã dùng cho nội dung khác."}
            self._base.execute("UPDATE told SET times = times + 1 WHERE key = ?", (key,))
            return 200, {"receipt": known[1], "message": "Đã nhận từ trước."}
        wrong = check(content)
        if wrong:
            return 422, {"message": "; ".join(wrong)}
        number = self._base.execute("SELECT count(*) + 1 FROM told").fetchone()[0]
        receipt = f"MP-{number:06d}"
        self._base.execute(
            "INSERT INTO told VALUES (?, ?, ?, 1, ?, ?)", (key, digest, receipt, number, text)
        )
        record = content["record"]
        if not record:
            return 201, {"receipt": receipt, "message": "Đã nhận."}
        who = str(record.get("code") or "") or f"{record.get('name')}|{record.get('commune_code')}"
        self._base.execute(
            "INSERT INTO record VALUES (?, ?) ON CONFLICT (who) DO UPDATE SET content = excluded.content",
            (who, json.dumps(record, ensure_ascii=False)),
        )
        return 201, {"receipt": receipt, "message": "Đã nhận."}

    def records(self) -> list[Any]:
        with self._lock:
            rows = self._base.execute("SELECT content FROM record ORDER BY who").fetchall()
        return [json.loads(row[0]) for row in rows]

    def keys(self) -> list[dict[str, Any]]:
        with self._lock:
            rows = self._base.execute(
                "SELECT key, receipt, times, number, digest, content FROM told ORDER BY number"
            ).fetchall()
        found = []
        for *plain, content in rows:
            names = ("key", "receipt", "times", "number", "digest")
            event = json.loads(content)["about"].get("event", "")
            found.append({**dict(zip(names, plain, strict=True)), "event": event})
        return found


def check(content: dict[str, Any]) -> list[str]:
    """Return in words what such a registry would not take."""
    record = content.get("record")
    about = content.get("about")
    if not isinstance(record, dict) or not isinstance(about, dict):
        return ["Thiếu bản ghi."]
    event = str(about.get("event") or "")
    if not record and event.startswith("filing.") and event != "filing.took_effect":
        return [] if about.get("receipt") else ["Thiếu số tiếp nhận hồ sơ."]
    wrong = []
    if not str(record.get("name") or "").strip():
        wrong.append("Thiếu tên.")
    if record.get("code") and not _CODE.fullmatch(str(record["code"])):
        wrong.append("Mã số không hợp lệ.")
    if str(record.get("status") or "") not in set("1234567"):
        wrong.append("Tình trạng pháp lý không có trong danh mục (1-7).")
    return wrong


class Server(ThreadingHTTPServer):
    """The server with its store and the way it behaves."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: Store, *, obey: bool) -> None:
        super().__init__(address, Handler)
        self.store, self.obey = store, obey
        self.mode, self.seconds = "ok", 0.0


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "HoptacStandIn"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == f"{PREFIX}/records":
            today = date.today().isoformat()  # noqa: DTZ011  (a program of its own, on its own clock)
            self._say(200, {"as_of": today, "records": self.server.store.records()})
        elif path == f"{PREFIX}/keys":
            self._say(200, {"keys": self.server.store.keys()})
        elif path in {"/", PREFIX, f"{PREFIX}/"}:
            self._send(200, _PAGE.encode(), "text/html; charset=utf-8")
        else:
            self._say(404, {"message": "Không có địa chỉ này."})

    def do_PUT(self) -> None:
        body = self._body()
        if not self.server.obey or urlsplit(self.path).path != f"{PREFIX}/mode":
            self._say(404, {"message": "Không có địa chỉ này."})
            return
        self.server.mode = str(body.get("mode", "ok"))
        self.server.seconds = float(body.get("seconds", 0))
        self._say(200, {"message": self.server.mode})

    def do_POST(self) -> None:
        content = self._body()
        mode = self.server.mode
        if mode == "slow":
            time.sleep(self.server.seconds)
        if mode == "fail":
            self._say(503, {"message": "Hệ thống đang bảo trì."})
            return
        if mode == "refuse":
            self._say(422, {"message": "Từ chối theo yêu cầu của phép thử."})
            return
        key = self.headers.get("Idempotency-Key", "")
        if urlsplit(self.path).path != f"{PREFIX}/records" or not key or not content:
            self._say(400, {"message": "Thiếu khoá hoặc nội dung."})
            return
        status, answer = self.server.store.take(key, content)
        if mode == "duplicate":  # as a system does that answers what it knows with a conflict
            status = 409 if status == 200 else status
        if mode == "mute":  # taken, and the line breaks before the answer
            self.close_connection = True
            self.connection.close()
            return
        self._say(status, answer)

    def _body(self) -> dict[str, Any]:
        length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
        try:
            found = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _say(self, status: int, said: dict[str, Any]) -> None:
        text = json.dumps({"system": "mo-phong", **said}, ensure_ascii=False)
        self._send(status, text.encode(), "application/json; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the store tells what came."""


def serve(host: str, port: int, store: Path, *, obey: bool = False) -> None:
    """Serve until asked to end."""
    server = Server((host, port), Store(store), obey=obey)

    def end(number: int, frame: Any) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
