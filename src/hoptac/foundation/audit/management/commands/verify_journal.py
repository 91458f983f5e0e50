"""``./hoptac verify``: check the whole journal and name the first broken entry."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hoptac.foundation.audit import anchors, checks
from hoptac.foundation.audit.journal import Verified, verify


class Command(BaseCommand):
    help = "Check the hash chain of the journal and name the first broken entry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="a head hash noted earlier outside")
        parser.add_argument(
            "--anchors", type=Path, nargs="?", const=anchors.folder(), metavar="FOLDER",
            help="hold the chain and the rows of history against the anchors of a folder",
        )  # fmt: skip
        parser.add_argument("--key", default="", help="the anchors' public key, noted when made")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = verify(head=options["head"])
        place: Path | None = options["anchors"]
        anchored, troubles = anchors.check(place, options["key"]) if place else (0, [])
        others = checks.troubles()
        if options["json"]:
            broken = outcome.broken and vars(outcome.broken)
            told: dict[str, Any] = {
                "entries": outcome.entries, "head": outcome.head, "broken": broken, "others": others,
            }  # fmt: skip
            if place:
                told |= {"anchors": anchored, "troubles": [vars(t) for t in troubles]}
            self.stdout.write(json.dumps(told))
        else:
            self._say(outcome)
            if place:
                self.stdout.write(f"{anchored} anchors in {place}.")
            for words in [*(t.why for t in troubles), *others]:
                self.stdout.write(f"BROKEN: {words}.")
        if outcome.broken or troubles or others:
            sys.exit(1)

    def _say(self, outcome: Verified) -> None:
        if outcome.broken:
            b = outcome.broken
            self.stdout.write(
                f"BROKEN at entry {b.number} ({b.act_id or 'no id'}): {b.why}. "
                f"{outcome.entries} entries before it hold."
            )
        else:
            self.stdout.write(f"OK: {outcome.entries} entries hold. Head {outcome.head}")
