"""``./hoptac verify``: check the whole journal and name the first broken entry."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hoptac.foundation.audit.journal import verify


class Command(BaseCommand):
    help = "Check the hash chain of the journal and name the first broken entry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="a head hash noted earlier outside")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = verify(head=options["head"])
        if options["json"]:
            broken = outcome.broken and vars(outcome.broken)
            self.stdout.write(
                json.dumps({"entries": outcome.entries, "head": outcome.head, "broken": broken})
            )
        elif outcome.broken:
            b = outcome.broken
            self.stdout.write(
                f"BROKEN at entry {b.number} ({b.act_id or 'no id'}): {b.why}. "
                f"{outcome.entries} entries before it hold."
            )
        else:
            self.stdout.write(f"OK: {outcome.entries} entries hold. Head {outcome.head}")
        if outcome.broken:
            sys.exit(1)
