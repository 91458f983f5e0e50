"""``./hoptac exchange``: files for the national systems, extracts from them, the outbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from hoptac.exchange import files, records
from hoptac.exchange.actions import record_export
from hoptac.exchange.adapters import configured
from hoptac.exchange.bringing import bring_in
from hoptac.exchange.delivery import deliver
from hoptac.exchange.layouts import REGISTRATION, SYSTEMS, layout
from hoptac.exchange.models import Message
from hoptac.exchange.selectors import counts_by
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.findings import Refused
from hoptac.foundation.outbox import SendState
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.scope import covered_by

_PERMISSION = "exchange.export"


class Command(BaseCommand):
    help = "Write a file that a national system takes, hold an extract against the register, send messages."

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        out = does.add_parser("export", help="write a system's file (.xlsx, .json or .csv)")
        out.add_argument("system", choices=SYSTEMS)
        out.add_argument("file", type=Path)
        out.add_argument("--as-of", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        out.add_argument("--unit", default="", metavar="CODE", help="only a district or commune")
        into = does.add_parser("import", help="hold an extract against the register")
        into.add_argument("file", type=Path)
        into.add_argument("--as-of", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        into.add_argument(
            "--whole", action="store_true", help="it names every body of the province"
        )
        into.add_argument("--again", action="store_true", help="compare even if it was read before")
        send = does.add_parser("send", help="send what is due now")
        send.add_argument("--most", type=int, default=500)
        does.add_parser("status", help="what waits and what stuck")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("vi"):
            getattr(self, f"_{options['does']}")(system_context(), options)

    def _export(self, ctx: Context, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        kind = path.suffix[1:]
        if kind not in files.FORMATS:
            raise CommandError("Name the file .xlsx, .json or .csv.")
        day = options["as_of"] or ctx.today
        taken = layout(options["system"], day)
        if taken is None:
            raise CommandError("The system takes no such file on that day.")
        rows = records.rows_of(self._narrowed(ctx, options["unit"]), taken, day, _PERMISSION)
        count = records.count_rows(self._narrowed(ctx, options["unit"]), taken, day, _PERMISSION)
        record_export(ctx, system=taken.system, day=day, format=kind, rows=count, to=path.name)
        with path.open("wb") as target:
            if kind == "xlsx":
                files.write_sheet(target, taken, day, rows)
            elif kind == "json":
                target.writelines(files.json_pieces(taken, day, rows))
            else:
                target.writelines(files.csv_pieces(taken, rows))
        self.stdout.write(f"{count} rows written to {path}.")

    def _narrowed(self, ctx: Context, code: str) -> Context:
        """Return a caller who sees only the ground of a unit."""
        if not code:
            return ctx
        from dataclasses import replace

        unit = AdminUnit.objects.filter(code=code).order_by("-valid").first()
        if unit is None:
            raise CommandError(f"There is no unit {code}.")
        covered_by(unit.pk)
        grants = tuple(
            replace(g, unit_id=unit.pk, province_code=unit.province_code) for g in ctx.grants
        )
        return ctx.by(grants=grants)

    def _import(self, ctx: Context, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            extract, is_new = bring_in(
                ctx.by(channel="import"), path, filename=path.name, as_of=options["as_of"],
                is_whole=options["whole"], again=options["again"], system=REGISTRATION,
            )  # fmt: skip
        except Refused as refused:
            raise CommandError("\n".join(str(f.message) for f in refused.findings)) from None
        if not is_new:
            self.stdout.write("This very file was compared before; nothing changed.")
        for name, number in sorted(extract.counts.items()):
            self.stdout.write(f"{name:>24} {number}")

    def _send(self, ctx: Context, options: dict[str, Any]) -> None:
        adapter = configured()
        if adapter is None:
            raise CommandError(
                "Nothing is sent: name HOPTAC_EXCHANGE_URL or HOPTAC_EXCHANGE_FOLDER."
            )
        done = deliver(adapter, most=options["most"])
        self.stdout.write(f"{adapter.address}: " + ", ".join(f"{n} {k}" for k, n in done.items()))

    def _status(self, ctx: Context, options: dict[str, Any]) -> None:
        adapter = configured()
        self.stdout.write(f"sends to: {adapter.address if adapter else 'nowhere'}")
        counts = counts_by(Message.objects.all(), "state")
        for state in SendState.values:
            self.stdout.write(f"{state:>12} {counts.get(state, 0)}")
