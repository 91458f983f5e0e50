"""``./hoptac anchor``: sign the journal's head and keep it outside the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hoptac.foundation.audit import anchors


class Command(BaseCommand):
    help = (
        "Sign the journal's head and keep it in a folder outside the database. On a second host, "
        "with --folder and --key of its own, this is a witness: it refuses to sign a chain that "
        "does not extend the last head that it signed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="where anchors are kept (HOPTAC_ANCHORS)")
        parser.add_argument("--key", type=Path, help="the signing key's file (HOPTAC_ANCHOR_KEY)")
        parser.add_argument("--if-due", action="store_true", help="only when one is due")
        parser.add_argument("--last", action="store_true", help="print the last one, sign nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        place = options["folder"] or anchors.folder()
        if options["last"]:
            last = anchors.latest(place)
            self.stdout.write(last.text() if last else f"{place} holds no anchor.")
            return
        if options["if_due"] and not anchors.is_due(place):
            return
        try:
            signed = anchors.sign(place, anchors.signing_key(options["key"]))
        except anchors.WillNotSign as refusal:
            self.stderr.write(
                f"NOT SIGNED: {refusal}. Keep database and anchors as they are, and call for help."
            )
            sys.exit(1)
        last = signed or anchors.latest(place)
        if signed is None:
            self.stdout.write("Nothing new since the last anchor.")
        if last is not None:
            self.stdout.write(last.text())
