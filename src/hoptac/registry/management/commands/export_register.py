"""``./hoptac export``: the register of a day as csv or xlsx, filtered as on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from hoptac.foundation.access import system_context
from hoptac.foundation.transfers.exports import ROWS_AT_ONCE, ExportColumn, csv_stream, write_xlsx
from hoptac.registry.actions import record_export
from hoptac.registry.filters import left_out, read, read_day
from hoptac.registry.tables import Table, chosen_columns, columns_for, day, ordered


class Command(BaseCommand):
    help = (
        "Write the register to a file (.csv or .xlsx). Filters are those of the list's address, "
        'for example --query "sector=agriculture&on=2019-12-31&sort=-members".'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=Path("register.xlsx"),
                            help="where, .xlsx or .csv (register.xlsx)")  # fmt: skip
        parser.add_argument("--query", default="", help="the part of the list's address behind ?")
        parser.add_argument(
            "--as-of", default="", metavar="YYYY-MM-DD", help="the register of that day"
        )
        parser.add_argument("--language", choices=["vi", "en"], default="vi",
                            help="of headings and codes in words (vi)")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix not in {".csv", ".xlsx"}:
            raise CommandError("Name the file .csv or .xlsx.")
        query = QueryDict(options["query"], mutable=True)
        if options["as_of"]:
            query["on"] = options["as_of"]
        if (day := query.get("on")) and read_day(day) is None:
            raise CommandError(f"{day!r} is not a day; write 2019-12-31.")
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent}.")
        with translation.override(options["language"]):
            count = self._write(path, query)
        self.stderr.write(f"{count} rows written to {path}.")

    def _write(self, path: Path, query: QueryDict) -> int:
        ctx = system_context()
        wanted = read(query, today=ctx.today, columns=columns_for(ctx))
        if unknown := left_out(query, wanted):
            raise CommandError(f"The list does not know {', '.join(unknown)}.")
        table = Table(chosen_columns(ctx, wanted.columns), wanted.day)
        periods = wanted.periods(ctx, "registry.export")
        if wanted.kind:
            periods = periods.filter(kind=wanted.kind)
        count = periods.count()
        record_export(
            ctx, query=wanted.query(page=1), columns=[c.code for c in table.columns],
            format=path.suffix[1:], rows=count,
        )  # fmt: skip
        found = ordered(periods, wanted.sort, wanted.day).values_list(*table.fields)
        rows = table.export_rows(found.iterator(chunk_size=ROWS_AT_ONCE))
        columns = [
            ExportColumn(str(c.export_label or c.label), c.export_kind, c.width)
            for c in table.columns
        ]
        with path.open("wb") as target:
            if path.suffix == ".csv":
                target.writelines(csv_stream(columns, rows))
            else:
                title = _("Register of cooperatives as of %(day)s") % {"day": day(wanted.day)}
                write_xlsx(target, columns, rows, title=title)
        return count
