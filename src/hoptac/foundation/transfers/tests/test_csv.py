"""A CSV is looked through by column and batch, and written as if cell by cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

from hoptac.foundation.transfers.exports import ROWS_AT_ONCE, ExportColumn, csv_stream
from hoptac.foundation.transfers.tests.test_exports import COLUMNS, PAYLOADS


def test_one_odd_cell_among_thousands_is_written_as_if_alone():
    count = 3 * ROWS_AT_ONCE + 7
    plain: list[Any] = ["ấp Hòa Lợi", 5, Decimal("12.50"), dt.date(2019, 12, 31)]
    for odd in [*PAYLOADS, "a\0b", "x\u200by", None, True, 1.5, Decimal("1E+3"), dt.time(7, 5), dt.date(1, 1, 1),
                dt.datetime(2019, 1, 2, 3, 4, 5, tzinfo=dt.UTC)]:  # fmt: skip
        for place in range(len(plain)):
            rows = [list(plain) for _n in range(count)]
            rows[count // 2][place] = odd
            data = b"".join(csv_stream([ExportColumn(str(n)) for n in range(4)], rows)).decode()
            alone = b"".join(
                csv_stream([ExportColumn(str(n)) for n in range(4)], [rows[count // 2]])
            ).decode()
            lines = list(csv.reader(io.StringIO(data, newline="")))
            assert len(lines) == count + 1
            assert lines[count // 2 + 1] == list(csv.reader(io.StringIO(alone, newline="")))[1]
            assert lines[1] == lines[-1] == ["ấp Hòa Lợi", "5", "12.50", "2019-12-31"]
            assert not any(cell[:1] in set("=@\t\r\n") for line in lines for cell in line)
            if odd == Decimal("1E+3"):
                assert lines[count // 2 + 1][place] == "1000"


def test_a_csv_streams():
    taken = []

    def rows():
        for number in range(10 * ROWS_AT_ONCE):
            taken.append(number)
            yield [f"Hợp tác xã {number}", number]

    pieces = csv_stream(COLUMNS[:2], rows())
    next(pieces)
    assert taken == []
    next(pieces)
    assert len(taken) == ROWS_AT_ONCE
