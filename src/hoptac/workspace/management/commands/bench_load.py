"""``./hoptac bench --load``: made-up data of a province, many provinces, a country."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hoptac.foundation.access import system_context
from hoptac.workspace import big_data, big_tasks


class Command(BaseCommand):
    help = "Fill an empty database with made-up data for benchmarks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["national", "province"])
        parser.add_argument("--times", type=int, default=1)
        parser.add_argument("--tasks", type=int, default=0, help="so many tasks of 300 agencies")

    def handle(self, *args: Any, **options: Any) -> None:
        size = (
            big_data.NATIONAL
            if options["what"] == "national"
            else big_data.province(options["times"])
        )
        started = time.monotonic()

        def tell(line: str) -> None:
            self.stderr.write(f"  {time.monotonic() - started:6.1f} s  {line}")

        try:
            counts = big_data.build(size, tell)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["tasks"]:
            tasks = big_tasks.Size(tasks=options["tasks"])
            counts |= big_tasks.load(system_context(), province_code="P00", size=tasks, tell=tell)
        tell("statistics of the planner")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        self.stderr.write(f"Loaded in {time.monotonic() - started:.0f} s: {counts}")
