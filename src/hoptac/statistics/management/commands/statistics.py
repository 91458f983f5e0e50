"""``./hoptac statistics``: the province's figures on a day, for people or for programs."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from hoptac.foundation.access import system_context
from hoptac.foundation.findings import Refused
from hoptac.foundation.vietnamese import format_number
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.data import as_data
from hoptac.statistics.dimensions import DIMENSIONS
from hoptac.statistics.selectors import BASE_YEAR, MAPS, Table, tabulate


class Command(BaseCommand):
    help = "Print indicators of the whole register as of a day, by a dimension and, if asked, a second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--indicator", default="cooperatives", metavar="CODE[,CODE...]",
                            help=f"one or several of: {', '.join(indicators())}")  # fmt: skip
        parser.add_argument("--by", default="sector", choices=list(DIMENSIONS), metavar="DIMENSION",
                            help=f"a row for each value of {', '.join(DIMENSIONS)} (sector)")  # fmt: skip
        parser.add_argument("--columns", choices=list(DIMENSIONS), metavar="DIMENSION",
                            help="a column for each value of another")  # fmt: skip
        parser.add_argument(
            "--as-of", default="", metavar="YYYY-MM-DD[,...]", help="today unless given"
        )
        parser.add_argument("--years", default="", metavar="2015-2019",
                            help="the years of a series by year")  # fmt: skip
        parser.add_argument("--map", default="of_the_day", choices=MAPS,
                            help="whose units: of each figure's day, of today, the last with districts")  # fmt: skip
        parser.add_argument("--base-year", type=int, default=BASE_YEAR, help="that growth is over")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        ctx = system_context()
        asked = [c.strip() for c in options["indicator"].split(",") if c.strip()]
        if unknown := [code for code in asked if code not in indicators()]:
            raise CommandError(
                f"There is no indicator {', '.join(unknown)}; there are: {', '.join(indicators())}."
            )
        try:
            table = tabulate(
                ctx,
                asked,
                options["by"],
                options["columns"],
                as_of=_days(options["as_of"]),
                years=_years(options["years"]),
                map=options["map"],
                base_year=options["base_year"],
            )
        except Refused as refused:
            raise CommandError("\n".join(str(f.message) for f in refused.findings)) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_data(table), ensure_ascii=False, indent=2))
        else:
            self._print(table)

    def _print(self, table: Table) -> None:
        vi = (translation.get_language() or "vi").startswith("vi")
        for indicator in table.indicators:
            self.stdout.write(f"{indicator.name} ({indicator.unit})")
            for row in (*table.rows, *([None] if table.has_total(of_rows=True) else [])):
                label = row.label if row else "Tổng số" if vi else "Total"
                cells = [
                    format_number(table.value(indicator, row, c), indicator.decimals, vi=vi)
                    for c in table.columns or (None,)
                ]
                self.stdout.write(f"  {label:<44}" + "".join(f"{c:>20}" for c in cells))


def _days(text: str) -> list[date]:
    try:
        return [date.fromisoformat(d.strip()) for d in text.split(",") if d.strip()]
    except ValueError:
        raise CommandError(f"{text!r} is not a day; write 2019-12-31.") from None


def _years(text: str) -> list[int]:
    first, _dash, last = text.partition("-")
    try:
        years = list(range(int(first), int(last or first) + 1)) if text else []
    except ValueError:
        years = []
    if text and not years:
        raise CommandError(f"{text!r} are not years; write 2015-2019.")
    return years
