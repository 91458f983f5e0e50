"""``./hoptac import FILE``: read an office's workbook, say what was found, enter it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hoptac.foundation.access import system_context
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.sheets import BadWorkbook, read_workbook
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.registry.importing import entering, service
from hoptac.registry.importing.readers import read_kind


class Command(BaseCommand):
    help = (
        "Read a workbook (xlsx, xlsm, xls, csv) of cooperatives, members or yearly returns; check it; enter a "
        "list of cooperatives, or the figures that yearly returns state of them, all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook, as the office sent it")
        parser.add_argument("--kind", choices=FileKind.values, default="register",
                            help="what it lists (register: cooperatives)")  # fmt: skip
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD",
                            help="the day for which the list was true (else read from the file)")  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="read and check only")
        parser.add_argument(
            "--json", metavar="OUT", help="write records and problems here (- prints)"
        )
        parser.add_argument("--take-repairs", action="store_true",
                            help="take lines with errors too: repaired, or without the bad value")  # fmt: skip
        parser.add_argument("--undo", action="store_true",
                            help="undo the entering of this very file instead")  # fmt: skip
        parser.add_argument("--reason", default="", help="why it is undone")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Check the name and the folder.")
        try:
            if options["undo"]:
                self._undo(path, options)
            elif options["dry_run"] or options["kind"] == FileKind.MEMBERS:
                self._read_only(path, options)
            else:
                self._enter(path, options)
        except BadWorkbook as bad:
            said = {"kind": options["kind"], "refused": bad.code, "message": bad.message_vi}
            self._write_json(options, {**said, "records": [], "problems": []})
            raise CommandError(f"{bad.message_vi}\n{bad.message_en}") from None
        except Refused as refused:
            raise CommandError("\n".join(str(f.message) for f in refused.findings)) from None

    def _read_only(self, path: Path, options: dict[str, Any]) -> None:
        workbook = read_workbook(path, path.name)
        mapping = service.remembered(service.province_of_installation(), options["kind"])
        result = read_kind(
            options["kind"], workbook, as_of=options["as_of"], mapping=mapping or None
        )
        if not result.records and not result.problems:
            raise service.no_list(workbook)
        self._write_json(options, result.as_json())
        self._report(len(result.records), result.problems)
        if result.records and result.as_of is None:
            self.stderr.write(
                "The file does not say its day: it was held against today and today's law. "
                "Give the day: --as-of YYYY-MM-DD"
            )
        if not options["dry_run"]:
            self.stderr.write(
                "Checked and written out only: the register of members is not kept here yet."
            )

    def _enter(self, path: Path, options: dict[str, Any]) -> None:
        ctx = system_context()
        batch = service.bring_in(
            ctx, path, filename=path.name, kind=options["kind"], as_of=options["as_of"]
        )
        result = service.read(batch, say=self._say)
        if batch.state == BatchState.REFUSED:
            raise BadWorkbook(batch.refusal["code"], batch.refusal["en"], batch.refusal["vi"])
        self._write_json(options, result.as_json() if result is not None else {})
        self._report(batch.counts["read"], result.problems if result is not None else [])
        if batch.as_of is None:
            raise CommandError("The file does not say its day. Give it: --as-of YYYY-MM-DD")
        if options["take_repairs"]:
            service.take_repairs(batch)
        before = entering.count_verdicts(batch)
        if not before["new"] and not before["changed"]:
            service.put_aside(ctx, batch)
            self.stderr.write("Nothing to enter: the register already says all of this.")
            return
        entering.enter_list(ctx, batch, say=self._say)
        left = {k: v for k, v in entering.count_verdicts(batch).items() if v}
        self.stderr.write(
            f"Entered as of {batch.as_of:%d/%m/%Y}: {before['new']} new, {before['changed']} changed. "
            f"Left: {left or 'nothing'}. Batch {batch.pk}."
        )

    def _undo(self, path: Path, options: dict[str, Any]) -> None:
        digest = service.file_digest(path)
        batch = ImportBatch.objects.filter(
            digest=digest, kind=options["kind"], state=BatchState.APPLIED
        ).first()
        if batch is None:
            raise CommandError("This file has not been entered, or it was already undone.")
        entering.undo_list(system_context().because(reason=options["reason"]), batch)
        self.stderr.write(f"Undone: {batch.filename}, batch {batch.pk}.")

    def _say(self, step: str, percent: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{percent:3d} % {step:<24}", ending="")
            if percent == 100:
                self.stderr.write("")

    def _report(self, records: int, problems: list[dict[str, Any]]) -> None:
        errors = sum(p["severity"] == "error" for p in problems)
        self.stderr.write(
            f"{records} lines read; {errors} errors, {len(problems) - errors} warnings."
        )
        for p in problems[:20]:
            where = f"{p.get('sheet') or ''}!{p.get('cell') or p.get('row') or ''}"
            repair = f" -> {p['repair']}" if p.get("repair") is not None else ""
            self.stderr.write(
                f"  {p['severity']:<7} {where:<24} {p['code']}: {p.get('value')}{repair}"
            )
        if len(problems) > 20:
            self.stderr.write(f"  ... and {len(problems) - 20} more (--json OUT gives all)")

    def _write_json(self, options: dict[str, Any], content: dict[str, Any]) -> None:
        if not options["json"]:
            return
        if options["json"] == "-":
            self.stdout.write("".join(_as_json(content)), ending="")
        else:
            with Path(options["json"]).open("w", encoding="utf-8") as file:
                file.writelines(_as_json(content))


def _as_json(content: dict[str, Any]) -> Iterator[str]:
    """Yield a JSON object piece by piece, an entry of a list a line: a province's roster is never one text."""
    between = "{\n"
    for key, value in content.items():
        yield f"{between} {_plain(key)}: "
        between = ",\n"
        if isinstance(value, list) and value:
            for i, item in enumerate(value):
                yield f"{',' if i else '['}\n  {_plain(item)}"
            yield "\n ]"
        else:
            yield _plain(value)
    yield "\n}\n" if content else "{}\n"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
