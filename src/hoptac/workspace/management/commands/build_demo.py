"""``./hoptac demo``: build the demonstration province in an empty database."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hoptac.workspace import demonstration


class Command(BaseCommand):
    help = "Build the demonstration province (447 cooperatives of 2019, 457 of mid-2020, people)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database holds anything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not demonstration.is_empty():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty. Use: ./hoptac demo --reset")
        started = time.monotonic()
        demonstration.build(
            lambda line: self.stderr.write(f"  {time.monotonic() - started:4.1f} s  {line}")
        )
        self.stderr.write(f"Demonstration province built in {time.monotonic() - started:.1f} s.")
