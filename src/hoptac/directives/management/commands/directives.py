"""``./hoptac directives``: ``read`` a document, ``load`` it with its proposed tasks, ``list`` what is entered."""

from __future__ import annotations

import json
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hoptac.directives.reading import BadDocument, Reading, as_json, read_document
from hoptac.directives.reading.result import Task, TaskKind


def _caller(username: str | None) -> Any:
    """Return the person's own context, or the system's."""
    from hoptac.foundation.access import system_context
    from hoptac.foundation.accounts.middleware import context_of
    from hoptac.foundation.accounts.models import User

    if not username:
        return system_context()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account {username}.")
    return context_of(user).by(channel="command")


class Command(BaseCommand):
    help = "Documents that order work: read one, enter one with its proposed tasks, list them."
    requires_system_checks: list[str] = []  # reading needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        read = does.add_parser("read", help="read a document (txt, docx, pdf with text)")
        read.add_argument("file", type=Path, help="the document")
        read.add_argument("--json", metavar="OUT", help="write the reading here (- prints)")
        read.add_argument("--why", action="store_true", help="print the reasons of each proposal")

        load = does.add_parser("load", help="read a document and enter it with its proposed tasks")
        load.add_argument("file", type=Path, help="the document (txt, docx, pdf with text)")
        load.add_argument(
            "--as", dest="user", metavar="USER", help="whose act it is; else the system's"
        )
        load.add_argument("--symbol", help="number and symbol, where the document's are not read")
        load.add_argument("--issued-on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        load.add_argument("--issuer", metavar="NAME", help="the issuing body, where it is not read")
        listing = does.add_parser("list", help="list the documents entered, the latest first")
        listing.add_argument("words", nargs="*", help="words of symbol, title or text")
        listing.add_argument(
            "--as", dest="user", metavar="USER", help="as this person may read them"
        )

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
                said = {
                    "refused": bad.code,
                    "message": bad.message_vi,
                    "message_en": bad.message_en,
                }
                self._write(options["json"], {**said, "references": [], "actors": [], "tasks": []})
            raise CommandError(f"{bad.message_vi}\n{bad.message_en}") from None
        if options["json"]:
            self._write(options["json"], as_json(reading))
        if options["json"] != "-":
            self._print(reading, why=options["why"])

    def _load(self, options: dict[str, Any]) -> None:
        from hoptac.directives.loading import load_file
        from hoptac.foundation.findings import Refused

        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Check the name and the folder.")
        given = {
            "symbol": options["symbol"],
            "issued_on": options["issued_on"],
            "issuer_name": options["issuer"],
        }
        try:
            made = load_file(_caller(options["user"]), path, {k: v for k, v in given.items() if v})
        except Refused as refused:
            words = [
                f"{f.message} ({f.field})" if f.field else str(f.message) for f in refused.findings
            ]
            raise CommandError("\n".join(words)) from None
        count = made.passages.count()
        links = ", ".join(x.target.name for x in made.links.select_related("target"))
        self.stdout.write(f"{made.pk}  {made.name}")
        self.stdout.write(f"  {count} nhiệm vụ đề xuất; liên kết: {links or '–'}")
        if not made.is_confirmed:
            self.stdout.write("  ! Số hoặc ngày ban hành chưa rõ: cần xác nhận.")

    def _list(self, options: dict[str, Any]) -> None:
        from hoptac.directives.listed import DirectiveFilter
        from hoptac.directives.terms import Standing

        rows = DirectiveFilter(q=" ".join(options["words"])).rows(_caller(options["user"]))
        d: Any
        for d in rows.iterator(chunk_size=500):
            day = f"{d.issued_on:%d/%m/%Y}" if d.issued_on else "–"
            self.stdout.write(
                f"{d.pk}  {day:10}  {Standing(d.standing_on).label!s:16}  {d.name[:110]}"
            )

    def _write(self, out: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        if out == "-":
            sys.stdout.write(text + "\n")
        else:
            Path(out).write_text(text + "\n", encoding="utf-8")

    def _print(self, reading: Reading, *, why: bool) -> None:
        head, write = reading.document, self.stdout.write
        write(
            " ".join(filter(None, [head.kind, head.symbol and f"số {head.symbol}", head.title]))
            or "(no heading)"
        )
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
            self._tasks(
                reading, reading.aims, "Mục đích, yêu cầu (không đề xuất thành nhiệm vụ)", why=False
            )

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
                    self.stdout.write(
                        f"      {label}: {'; '.join(reading.actor(i).name for i in ids)}"
                    )
            if task.deadline:
                on = task.deadline.on.strftime(" → %d/%m/%Y") if task.deadline.on else ""
                self.stdout.write(f"      thời hạn: {task.deadline.text}{on}")
            if task.recurrence:
                self.stdout.write(
                    f"      định kỳ: {task.recurrence.text} ({', '.join(task.recurrence.every)})"
                )
            if why:
                for reason in task.why:
                    self.stdout.write(f"      · {reason.rule}: {reason.words[:90]}")
