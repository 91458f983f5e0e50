"""A small HTTP load driver: keep-alive clients on raw sockets, in a process of its own.

``python -m hoptac.bench.http`` reads a :class:`Job` as JSON from standard input and writes a
:class:`Result`. One thread waits for all sockets, so that the driver takes as little as possible of
the processor that it measures.
"""

from __future__ import annotations

import json
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Job:
    """What to ask for, with how many clients at once, how long."""

    host: str
    port: int
    paths: Sequence[str]
    clients: int = 1
    seconds: float = 5.0
    warm_up: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Latencies in milliseconds, and what went wrong."""

    clients: int
    requests: int
    seconds: float
    per_second: float
    p50: float
    p95: float
    p99: float
    worst: float
    mean_bytes: int
    statuses: Mapping[str, int]
    failures: int
    driver_cpu: float
    answered: int = 0
    """All requests, those of the warm-up too."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the ordered values do not exceed."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Reply:
    """Collects one reply; tells when it is whole."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.body_at = -1
        self.length = -1

    def feed(self, block: bytes) -> bool:
        """Add what came in; return whether the reply is complete."""
        self.buffer += block
        if self.body_at < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.body_at = end + 4
            self.length = self._announced(bytes(self.buffer[:end]).lower())
        if self.length < 0:
            return self.buffer.endswith(b"\r\n0\r\n\r\n") or self.buffer.endswith(
                b"\r\n\r\n0\r\n\r\n"
            )
        return len(self.buffer) - self.body_at >= self.length

    @staticmethod
    def _announced(head: bytes) -> int:
        for line in head.split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return int(line.split(b":", 1)[1])
            if line.startswith(b"transfer-encoding:") and b"chunked" in line:
                return -1
        return 0

    @property
    def status(self) -> str:
        """The status code."""
        return self.buffer[9:12].decode("ascii", "replace")


class Client:
    """One keep-alive connection that asks for its paths in turn."""

    def __init__(self, job: Job, offset: int) -> None:
        self.address = (job.host, job.port)
        self.requests = [request_bytes(job, path) for path in job.paths]
        self.turn = offset
        self.reply = Reply()
        self.sent_at = 0.0
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        made = socket.create_connection(self.address, timeout=30)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def ask(self) -> None:
        """Send the next request."""
        self.reply = Reply()
        request = self.requests[self.turn % len(self.requests)]
        self.turn += 1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)


def request_bytes(job: Job, path: str) -> bytes:
    """Return the bytes of one request."""
    head = {"Host": f"{job.host}:{job.port}", "Accept-Encoding": "identity", **job.headers}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run(job: Job) -> Result:
    """Keep all clients busy for the time asked and return what was measured."""
    selector = selectors.DefaultSelector()
    for number in range(job.clients):
        client = Client(job, number)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.ask()
    taken: list[float] = []
    statuses: Counter[str] = Counter()
    size = failures = answered = 0
    begin = time.perf_counter() + job.warm_up
    until = begin + job.seconds
    cpu_before = None
    while (now := time.perf_counter()) < until:
        if cpu_before is None and now >= begin:
            cpu_before = _cpu()
        for key, _ in selector.select(timeout=1):
            client = key.data
            block = client.socket.recv(262_144)
            if not block:  # the server closed the connection
                failures += 1
                selector.unregister(client.socket)
                client.socket.close()
                client.socket = client._connect()
                selector.register(client.socket, selectors.EVENT_READ, client)
                client.ask()
                continue
            if not client.reply.feed(block):
                continue
            answered += 1
            done = time.perf_counter()
            if client.sent_at >= begin:
                taken.append((done - client.sent_at) * 1000)
                statuses[client.reply.status] += 1
                size += len(client.reply.buffer)
            client.ask()
    spent = time.perf_counter() - begin
    cpu = _cpu() - (cpu_before or 0.0)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    taken.sort()
    return Result(
        clients=job.clients,
        requests=len(taken),
        seconds=round(spent, 3),
        per_second=round(len(taken) / spent, 1),
        p50=round(percentile(taken, 0.50), 2),
        p95=round(percentile(taken, 0.95), 2),
        p99=round(percentile(taken, 0.99), 2),
        worst=round(taken[-1], 2) if taken else 0.0,
        mean_bytes=size // max(len(taken), 1),
        statuses=dict(statuses),
        failures=failures,
        driver_cpu=round(cpu / spent, 3),
        answered=answered,
    )


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def drive(job: Job) -> Result:
    """Run a job in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "hoptac.bench.http"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=True,
        timeout=job.seconds + job.warm_up + 60,
    )
    return Result(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(run(Job(**json.load(sys.stdin))))))
