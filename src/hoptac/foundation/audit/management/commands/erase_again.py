"""``./hoptac manage erase_again``: erase what a restored backup brought back; with --sweep leave no trace."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hoptac.foundation.audit import erasing


class Command(BaseCommand):
    help = "Erase again the words of entries that var/erased.jsonl lists and a backup brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sweep", action="store_true",
            help="write the table anew, so that no erased row is left in its file",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        count = erasing.erase_again()
        if options["sweep"]:
            erasing.sweep()
        self.stdout.write(f"{count} entries erased again.")
