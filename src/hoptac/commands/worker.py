"""The background worker, which ``run`` starts as a process of its own."""

from __future__ import annotations

from typing import Any

PROGRAM = "from hoptac.commands.worker import main; main()"


def main() -> None:
    """Do queued jobs, one at a time, until told to end; a job under way is finished first."""
    import django

    django.setup()
    from procrastinate.contrib.django import app

    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(concurrency=1, shutdown_graceful_timeout=10)
