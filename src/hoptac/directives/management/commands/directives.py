"""``./hoptac directives read FILE``: read a document, print what it asks for, write it as JSON."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hoptac.directives.reading import BadDocument, Reading, as_json, read_document
from hoptac.directives.reading.result import Task, TaskKind


class Command(BaseCommand):
    help = "Documents that order work: read one into references, actors and proposed tasks."
    requires_system_checks: list[str] = []  # reading needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        read = does.add_parser("read", help="read a document (txt, docx, pdf with text)")
        read.add_argument("file", type=Path, help="the document")
        read.add_argument("--json", metavar="OUT", help="write the reading here (- prints)")
        read.add_argument("--why", action="store_true", help="print the reasons of each proposal")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['does']}")(options)

    def _read(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Check the name and the folder.")
        try:
            reading = read_document(path)
        except BadDocument as bad:
            if options["json"]:
                said = {"refused": bad.code, "message": bad.message_vi, "message_en": bad.message_en}
                self._write(options["json"], {**said, "references": [], "actors": [], "tasks": []})
            raise CommandError(f"{bad.message_vi}\n{bad.message_en}") from None
        if options["json"]:
            self._write(options["json"], as_json(reading))
        if options["json"] != "-":
            self._print(reading, why=options["why"])

    def _write(self, out: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        if out == "-":
            sys.stdout.write(text + "\n")
        else:
            Path(out).write_text(text + "\n", encoding="utf-8")

    def _print(self, reading: Reading, *, why: bool) -> None:
        head, write = reading.document, self.stdout.write
        write(" ".join(filter(None, [head.kind, head.symbol and f"số {head.symbol}", head.title])) or "(no heading)")
        day = head.issued_on.strftime("%d/%m/%Y") if head.issued_on else ""
        signer = head.signatures[0] if head.signatures else None
        about = [head.issuer, head.place, day, signer and f"{signer.post} {signer.name}".strip()]
        write("  " + ", ".join(part for part in about if part))
        for remark in reading.remarks:
            write(f"  ! {remark.message_vi}")
        write(f"\nVăn bản viện dẫn ({len(reading.references)})")
        for reference in reading.references:
            on = reference.issued_on.strftime("%d/%m/%Y") if reference.issued_on else ""
            about = [reference.name, on, reference.issuer, f"{len(reference.mentions)} lần"]
            write("  " + ", ".join(part for part in about if part))
        self._tasks(reading, reading.tasks, "Nhiệm vụ đề xuất", why=why)
        if reading.aims:
            self._tasks(reading, reading.aims, "Mục đích, yêu cầu (không đề xuất thành nhiệm vụ)", why=False)

    def _tasks(self, reading: Reading, tasks: tuple[Task, ...], title: str, *, why: bool) -> None:
        self.stdout.write(f"\n{title} ({len(tasks)})")
        for task in tasks:
            mark = "" if task.kind in (TaskKind.ACTION, TaskKind.AIM) else f" ({task.kind.value})"
            lines = textwrap.wrap(task.what, 96, initial_indent="    ", subsequent_indent="    ")
            self.stdout.write(f"  {task.id} [{task.section}]{mark}")
            self.stdout.write("\n".join(lines))
            for label, ids in (("chủ trì", task.lead), ("phối hợp", task.coordinating), ("thực hiện", task.executing),
                               ("gửi, báo cáo", task.recipients)):  # fmt: skip
                if ids:
                    self.stdout.write(f"      {label}: {'; '.join(reading.actor(i).name for i in ids)}")
            if task.deadline:
                on = task.deadline.on.strftime(" → %d/%m/%Y") if task.deadline.on else ""
                self.stdout.write(f"      thời hạn: {task.deadline.text}{on}")
            if task.recurrence:
                self.stdout.write(f"      định kỳ: {task.recurrence.text} ({', '.join(task.recurrence.every)})")
            if why:
                for reason in task.why:
                    self.stdout.write(f"      · {reason.rule}: {reason.words[:90]}")
