"""Start everything: database, schema, demonstration province, web server, background worker.

The first start prepares the database and builds the demonstration province; later starts take a
few seconds and keep the data. Ctrl-C stops everything. With DATABASE_URL in the environment that
PostgreSQL server is used instead of the embedded one.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import hashlib
import http.client
import io
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hoptac.commands import environment, processes, worker
from hoptac.commands.environment import Trouble, say, step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=at_least_one, default=2, help="web server processes (2)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument(
        "--stand-in", type=int, default=0, metavar="PORT",
        help="demonstration: send messages to a stand-in for the national registry, on this port",
    )  # fmt: skip
    parser.add_argument("--no-worker", action="store_true", help="without the background worker")


def at_least_one(text: str) -> int:
    """Return the number of processes that an option gives."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Prepare and serve until somebody stops us or a child fails for good."""
    environment.var_dir()
    check_port(options.host, options.port)
    started = time.monotonic()
    say(f"Starting {environment.version()}")
    with contextlib.ExitStack() as stack:
        with step("PostgreSQL"):
            stack.enter_context(environment.database())
        prepare(demo=not options.no_demo)
        children = [*stand_in(options.stand_in), web_server(options)]
        background = None if options.no_worker else background_worker()
        if background:
            children.append(background)
        try:
            with step("Web server"):
                for child in children:
                    child.start()
                await_answer(options, children[-2 if background else -1])
            welcome(options, time.monotonic() - started)
            failed = processes.watch(children, environment.keep_database)
            say(f"hoptac: {failed} does not stay up; see what it said above.")
            return 1
        finally:
            processes.stop_all(children)


# --- Before serving -----------------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """See that the address is free.

    :raises Trouble: it is taken, or not ours to listen on
    """
    if not 0 < port < 65536:
        raise Trouble(f"{port} is not a port: choose one from 1024 to 65535 with --port.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            # A socket bound by another program without listening yet shows here.
            probe.listen(1)
    except socket.gaierror as error:
        raise Trouble(f"--host {host}: there is no such address ({error.strerror}).") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Trouble(
                f"port {port} of {host} is taken by another program (perhaps Hoptac is running "
                f"already): stop it, or choose another with --port {port + 1}."
            ) from error
        if error.errno == errno.EACCES:
            raise Trouble(
                f"port {port} needs root's rights: choose one above 1023 with --port."
            ) from error
        raise Trouble(f"cannot listen on {host}, port {port}: {error.strerror}.") from error


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two starts at once prepare one after the other."""
    with (environment.var_dir() / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(*, demo: bool) -> None:
    """Bring settings, messages, schema, static files and demonstration data up to date."""
    with one_at_a_time():
        environment.configure()
        environment.set_up_django()
        pending = environment.pending_migrations()
        if pending:
            with step(f"Bringing the database up to date ({pending} steps)"):
                environment.migrate()
        mark = static_mark()
        if mark != static_mark_collected():
            with step("Static files"):
                collect_static(mark)
        if demo and environment.has_command("build_demo"):
            environment.call("build_demo", "--if-empty")
        environment.disconnect()


def static_mark() -> str:
    """Return a mark that changes with every static file and every package."""
    digest = hashlib.sha256((environment.ROOT / "requirements/runtime.txt").read_bytes())
    for folder in sorted((environment.ROOT / "src/hoptac").rglob("static")):
        for path in sorted(folder.rglob("*")):
            status = path.stat()
            digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _mark_file() -> Path:
    return environment.var_dir() / "static" / ".collected"


def static_mark_collected() -> str:
    """Return the mark of what was collected last."""
    try:
        return _mark_file().read_text(encoding="utf-8")
    except OSError:
        return ""


def collect_static(mark: str) -> None:
    """Copy the static files under their hashed names; those of earlier versions stay."""
    environment.call("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    _mark_file().parent.mkdir(exist_ok=True)
    _mark_file().write_text(mark, encoding="utf-8")


# --- Serving ------------------------------------------------------------------------------------


def web_server(options: argparse.Namespace) -> processes.Child:
    """Return the web server; two processes of one thread were the fastest on two cores."""
    static = environment.var_dir() / "static"
    static.mkdir(exist_ok=True)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", options.host, "--port", str(options.port)),
        *("--workers", str(options.workers), "--blocking-threads", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
        *("--static-path-route", "/static", "--static-path-mount", str(static)),
        *("--static-path-expires", "3600", "--log-level", "warning"),
        "hoptac.config.wsgi:application",
    ]
    return processes.Child("the web server", command, env=serving())


def serving() -> dict[str, str]:
    """Return the database under whose narrower role pages and jobs run, where one is named."""
    named = os.environ.get("HOPTAC_SERVE_DATABASE_URL")
    return {"DATABASE_URL": named} if named else {}


def stand_in(port: int) -> list[processes.Child]:
    """Return the stand-in for the national registry and let messages go there; nothing without a port.

    A demonstration only: its address says so (``/mo-phong``), its receipts do, and so do the pages.
    """
    if not port:
        return []
    if os.environ.get("HOPTAC_EXCHANGE_URL"):
        raise Trouble(
            "HOPTAC_EXCHANGE_URL names where messages go: leave out --stand-in, or unset it."
        )
    check_port("127.0.0.1", port)
    os.environ["HOPTAC_EXCHANGE_URL"] = f"http://127.0.0.1:{port}/mo-phong"
    say(f"Stand-in for the national registry (no State system): http://127.0.0.1:{port}/mo-phong")
    store = environment.var_dir() / "standin" / "registry.sqlite"
    command = [sys.executable, "-m", "hoptac.exchange.standin"]
    command += ["--port", str(port), "--store", str(store)]
    return [processes.Child("the stand-in registry", command)]


def background_worker() -> processes.Child | None:
    """Return the worker that does jobs in the background, if the settings have one."""
    from django.apps import apps

    if not apps.is_installed("procrastinate.contrib.django"):
        return None
    command = [sys.executable, "-c", worker.PROGRAM]
    return processes.Child("the background worker", command, env=serving())


def await_answer(options: argparse.Namespace, server: processes.Child) -> None:
    """Wait until the web server answers.

    :raises Trouble: it ended, or says nothing for a minute
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.has_ended():
            raise Trouble("the web server ended at once; see what it said above.")
        connection = http.client.HTTPConnection(host, options.port, timeout=20)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{options.port}"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if status >= 500:
            say(f" (the first page answers with {status}; see above)")
        return
    raise Trouble("the web server gives no answer after a minute; see what it said above.")


def welcome(options: argparse.Namespace, seconds: float) -> None:
    """Print where it is and who may enter."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    say(f"\nReady after {seconds:.1f} s: http://{host}:{options.port}/\n")
    if environment.has_command("demo_accounts"):
        environment.call("demo_accounts")
        environment.disconnect()
    loopback = ("127.", "::1", "localhost")
    if not options.host.startswith(loopback) and not os.environ.get("HOPTAC_HOSTS"):
        say("Others reach it only by names listed in HOPTAC_HOSTS (see docs/admin.md).")
    say("Ctrl-C stops it.")
