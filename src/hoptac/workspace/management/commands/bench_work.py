"""``./hoptac bench --work``: time the heavy work: a list of 100,000 rows, exports, statistics."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from hoptac.foundation.access import system_context
from hoptac.jurisdiction.actions import load_kien_giang_units
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.importing import entering, service
from hoptac.registry.rules.particulars import compute_check_digit
from hoptac.statistics.selectors import tabulate
from hoptac.workspace import big_data

HEADINGS = (
    "STT", "Tên hợp tác xã", "Mã số hợp tác xã", "Lĩnh vực", "Ngành nghề chính", "Huyện/thành phố",
    "Xã/phường/thị trấn", "Ấp/khu phố", "Ngày thành lập", "Vốn điều lệ (đồng)", "Diện tích canh tác (ha)",
    "Số thành viên", "Số lao động", "Chủ tịch Hội đồng quản trị", "Điện thoại",
)  # fmt: skip


class Command(BaseCommand):
    help = "Time an import of many rows (entered, then undone), exports of the whole register, statistics."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="+", choices=["import", "export", "statistics"])
        parser.add_argument("--rows", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        for what in options["what"]:
            getattr(self, f"_{what}")(options)

    @contextmanager
    def _timed(self, label: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.stdout.write(f"{label:<44} {time.perf_counter() - started:7.2f} s")

    def _import(self, options: dict[str, Any]) -> None:
        ctx = system_context()
        load_kien_giang_units(ctx)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "danh-sach-31.12.2019.xlsx"
            write_list(path, options["rows"])
            with self._timed(f"import, {options['rows']:,} rows x 15 columns"):
                with self._timed("  read, checked, matched"):
                    batch = service.bring_in(ctx, path, filename=path.name)
                    service.read(batch)
                with self._timed("  entered, journalled"):
                    entering.enter_list(ctx, batch)
            with self._timed("  undone"):
                entering.undo_list(ctx.because("bench"), batch)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        self.stdout.write(f"  most memory: {own} MiB, reading child {child} MiB")

    def _export(self, options: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for form in ("csv", "csv", "xlsx"):
                path = Path(folder) / f"register.{form}"
                with self._timed(f"export of every cooperative, {form}"):
                    call_command(
                        "export_register", str(path), query="kind=cooperative", stderr=self.stdout
                    )

    def _statistics(self, options: dict[str, Any]) -> None:
        ctx = system_context()
        years = list(big_data.YEARS)
        for _n in range(3):
            with self._timed("statistics, district x 10 years, count"):
                tabulate(ctx, ["cooperatives"], "district", "year", years=years)
        with self._timed("statistics, sector x 10 years, five indicators"):
            five = ["cooperatives", "charter_capital", "area", "members", "workers"]
            tabulate(ctx, five, "sector", "year", years=years)


def write_list(path: Path, rows: int) -> None:
    """Write an office's list of made-up cooperatives of old Kiên Giang."""
    chance = random.Random(5)  # noqa: S311
    communes = list(
        AdminUnit.objects.on(date(2019, 12, 31))
        .filter(level="commune", province_code="91")
        .select_related("parent")
    )
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("DS HTX 31.12.2019")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADINGS)
    words = big_data._PLACES
    for n in range(rows):
        nine = f"17{n:07}"
        place = chance.choice(communes)
        sheet.write_row(n + 1, 0, [
            n + 1, f"Hợp tác xã Nông nghiệp {' '.join(chance.sample(words, 2))} {n}",
            f"{nine}{compute_check_digit(nine) % 10}", "Nông nghiệp", "Trồng lúa; dịch vụ bơm tưới",
            place.parent.name if place.parent else "", place.full_name, f"ấp {' '.join(chance.sample(words, 2))}",
        ])  # fmt: skip
        founded = date(chance.randint(1998, 2019), chance.randint(1, 11), chance.randint(1, 28))
        sheet.write_datetime(n + 1, 8, founded, day)
        sheet.write_row(n + 1, 9, [
            chance.randint(1, 900) * 10**6, chance.randint(100, 50_000) / 100, chance.randint(7, 400),
            chance.randint(1, 99), big_data._person(chance), f"09{chance.randrange(10**8):08}",
        ])  # fmt: skip
    book.close()
