"""Load big data into a database of its own, and measure the running system with it.

    ./hoptac bench --load province            the demonstration province, once
    ./hoptac bench --load province --times 10 ten of it
    ./hoptac bench --load national            a country: 35,000 cooperatives, 75,000 groups
    ./hoptac bench --load province --tasks 10000 --reset    a province with its tasks (then --as do.tinh)
    ./hoptac bench                            measure every page with 1 and with 8 clients
    ./hoptac bench list search --clients 8    measure two of them
    ./hoptac bench --work import export       time a list of 100,000 rows, exports, statistics
    ./hoptac bench --check                    fail when a bar is missed (also with --work)

The register's own database is not touched: the data are in var/postgres-bench and stay there until
--reset (HOPTAC_BENCH_DATABASE_URL names a server to use instead).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hoptac.commands import environment, processes
from hoptac.commands.environment import Trouble, say, step
from hoptac.foundation import postgres


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("pages", nargs="*", help="names of pages (all; --list shows them)")
    parser.add_argument("--list", action="store_true", help="list the pages")
    parser.add_argument("--load", choices=["national", "province"], help="load data")
    parser.add_argument("--work", nargs="+", choices=["import", "export", "statistics", "certificates"],
                        help="time heavy work on the loaded data")  # fmt: skip
    parser.add_argument("--times", type=int, default=1, metavar="N", help="how many of it (1)")
    parser.add_argument(
        "--tasks",
        type=int,
        default=0,
        metavar="N",
        help="with --load: so many tasks of 300 agencies",
    )
    parser.add_argument("--reset", action="store_true", help="empty the benchmark's database first")
    parser.add_argument(
        "--as", dest="user", default="do.huyen", metavar="USER", help="who is signed in"
    )
    parser.add_argument("--clients", type=_numbers, default=[1, 8], metavar="1,8")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measurement (5)")
    parser.add_argument("--workers", type=int, default=2, help="web server processes (2)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the results there too")
    parser.add_argument(
        "--check", action="store_true", help="fail when a page or a work misses its bar"
    )


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def run(options: argparse.Namespace) -> int:
    """Load, or measure."""
    from hoptac.bench import plan

    if options.list:
        for page in plan.PAGES:
            say(page.name)
        return 0
    with database() as url:
        if options.reset:
            from hoptac.commands.demo import empty

            with step("Emptying the benchmark's database"):
                empty(url)
        environment.configure()
        environment.set_up_django()
        with step("Bringing the database up to date"):
            environment.migrate()
        if options.load:
            environment.call(
                "bench_load", options.load, f"--times={options.times}", f"--tasks={options.tasks}"
            )
            return 0
        if options.work:
            environment.call("bench_work", *options.work, *(["--check"] if options.check else []))
            return 0
        return measure(options)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Give the benchmark's database."""
    named = os.environ.get("HOPTAC_BENCH_DATABASE_URL")
    if named:
        environment.check_reachable(named)
        os.environ["DATABASE_URL"] = named
        yield named
        return
    with postgres.Cluster(environment.var_dir() / "postgres-bench").leased() as parameters:
        os.environ["DATABASE_URL"] = parameters["url"]
        try:
            yield parameters["url"]
        finally:
            environment.disconnect()


def measure(options: argparse.Namespace) -> int:
    """Start the web server as ``run`` does and measure the pages."""
    from hoptac.bench import http, plan, processor, report
    from hoptac.bench.session import session_cookie

    chosen = [page for page in plan.PAGES if not options.pages or page.name in options.pages]
    unknown = set(options.pages) - {page.name for page in chosen}
    if unknown:
        raise Trouble(f"no page is called {', '.join(sorted(unknown))}; see --list.")
    headers = {}
    if options.user:
        try:
            headers["Cookie"] = session_cookie(options.user)
        except LookupError as error:
            raise Trouble(f"nobody is called {options.user!r} in this database.") from error
    os.environ.setdefault(
        "HOPTAC_API_PER_SECOND", "100000"
    )  # the machine is measured, not its limit
    database = processor.database_server()
    with web_server(options.workers) as (port, server):
        rows = []
        for page in chosen:
            paths, added = page.resolve()
            environment.disconnect()
            for clients in options.clients:
                job = http.Job(
                    host="127.0.0.1",
                    port=port,
                    paths=paths,
                    clients=clients,
                    seconds=options.seconds,
                    headers={**headers, **added},
                )
                rows.append(_measured(page, job, [server, *database]))
                print(f"  {page.name}, {clients} clients", file=sys.stderr, flush=True)
    say(report.table(rows))
    if options.json:
        about = {
            "program": environment.version(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "user": options.user,
            "workers": options.workers,
        }
        data = report.as_data(rows, about)
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    missed = [f"{row.page.name} ({', '.join(row.faults)})" for row in rows if row.faults]
    if options.check and missed:
        say(f"Missed: {'; '.join(missed)}.")
        return 1
    return 0


def _measured(page: Any, job: Any, roots: Sequence[int]) -> Any:
    """Measure one page; ``roots`` are the processes whose families' time it costs."""
    from hoptac.bench import http, processor, report

    def used() -> float:
        return processor.seconds({pid for root in roots for pid in processor.family(root)})

    before = used()
    result = http.drive(job)
    cost = 1000 * (used() - before) / result.answered if result.answered else 0.0
    return report.Row(page, result, round(cost, 2) or None)


@contextlib.contextmanager
def web_server(workers: int) -> Iterator[tuple[int, int]]:
    """Run the production web server on a free port; give the port and the process."""
    from hoptac.commands import run as serving

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    mark = serving.static_mark()
    if mark != serving.static_mark_collected():
        serving.collect_static(mark)
    options = argparse.Namespace(host="127.0.0.1", port=port, workers=workers)
    child = serving.web_server(options)
    child.log = environment.var_dir() / "bench.log"
    child.log.unlink(missing_ok=True)
    try:
        with step("Web server"):
            child.start()
            serving.await_answer(options, child)
        yield port, child.pid
    finally:
        processes.stop_all([child])
