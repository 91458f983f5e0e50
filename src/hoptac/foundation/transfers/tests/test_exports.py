"""Exports: never a live formula, always the same text again, and quickly."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from hoptac.foundation.transfers.cells import Sheet
from hoptac.foundation.transfers.exports import (
    CellFinding,
    ExportColumn,
    csv_stream,
    escape_text,
    is_runnable,
    unescape_text,
    write_quarantine_workbook,
    write_xlsx,
)
from hoptac.foundation.transfers.sheets import read_workbook

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1",
    "\ufeff=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "|calc", "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", "%0A=1+1", '=HYPERLINK("http://example.invalid","x")',
    '=WEBSERVICE("http://example.invalid")', '"=1+1"', "'=1+1", "''=1+1", "=1+1;=2+2",
    "- UBND tỉnh", "+cmd|' /C notepad'!A0", "-2+3+cmd|' /C calc'!A0", "=\n1", "\u3000=1", "=",
]  # fmt: skip
HONEST = ["-5", "-1.234,5", "+84 901 000 123", "0901000123", "'tis", "-", "a=b", "5%", "ấp Hòa Lợi"]
COLUMNS = [ExportColumn("Tên"), ExportColumn("Số", "integer"), ExportColumn("Ngày", "date")]


@pytest.mark.parametrize("text", PAYLOADS)
def test_text_that_could_run_is_made_harmless_and_comes_back(text: str):
    safe = escape_text(text)
    if text != '"=1+1"':
        assert is_runnable(text)
        assert safe == f"'{text}"
    assert unescape_text(safe) == text


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text: str):
    assert escape_text(text) == text
    assert unescape_text(text) == text


def test_a_csv_opens_safely_and_our_import_reads_what_was_written(tmp_path: Path):
    rows = [[text, i, dt.date(2019, 12, 31)] for i, text in enumerate([*PAYLOADS, *HONEST])]
    data = b"".join(csv_stream(COLUMNS, rows))
    assert data.startswith(b"\xef\xbb\xbf")
    for record in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert record[0][:1] not in set("=@\t\r\n")
    path = tmp_path / "out.csv"
    path.write_bytes(data)
    back = read_workbook(path).sheets[0].rows[1:]
    assert [row[0] for row in back] == [row[0] for row in rows]
    assert back[0][1:] == ["0", "2019-12-31"]


def test_numbers_and_moments_are_written_plainly():
    moment = dt.datetime(2019, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    row = [Decimal("12.50"), -3, 1.5, None, True, moment, "a\0b"]
    data = b"".join(csv_stream([ExportColumn(str(i)) for i in range(7)], [row]))
    line = data.decode().splitlines()[1]
    assert line == '12.50,-3,1.5,"","True","2019-01-02 03:04:05+00:00","ab"'


def test_a_workbook_holds_text_as_text_without_links_or_formulas(tmp_path: Path):
    path = tmp_path / "out.xlsx"
    rows = [[text, i, dt.date(2019, 12, 31)] for i, text in enumerate([*PAYLOADS, *HONEST])]
    lines = ["Số liệu tính đến ngày 31/12/2019"]
    assert write_xlsx(path, COLUMNS, rows, title="=TIÊU ĐỀ", lines=lines) == len(rows)
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A1"].value == "=TIÊU ĐỀ"
    assert [c.value for c in sheet[4]] == ["Tên", "Số", "Ngày"]
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$4:$4"
    for cells in sheet.iter_rows(min_row=1):
        for cell in cells:
            assert cell.data_type in "snd", cell.coordinate
            assert cell.hyperlink is None
            if cell.row > 4 and cell.column == 1:
                assert cell.quotePrefix == is_runnable(cell.value.replace("_x000D_", "\r"))
    back = read_workbook(path).sheets[0]
    assert not back.formulas
    assert [row[0].replace("\r", "\n") for row in back.rows[4:]] == [
        row[0].replace("\r", "\n") for row in rows
    ]
    assert back.rows[4][1:3] == [0, dt.date(2019, 12, 31)]


def test_long_exports_come_whole():
    columns = [ExportColumn(f"Cột {i}") for i in range(14)]
    columns += [ExportColumn(f"Số {i}", "integer") for i in range(6)]
    row = [f"Hợp tác xã Nông nghiệp {i}" for i in range(14)] + [12345] * 6
    size = sum(len(piece) for piece in csv_stream(columns, (row for _ in range(35_000))))
    assert size > 10_000_000
    assert write_xlsx(io.BytesIO(), columns, (row for _ in range(3_500))) == 3_500


def test_quarantined_rows_go_back_with_their_findings_in_the_cells(tmp_path: Path):
    path = tmp_path / "mend.xlsx"
    source = Sheet(
        "Danh sách",
        [
            ["DANH SÁCH", None, None],
            ["Tên", "Huyện", "Ngày"],
            ["HTX Một", "Giồng Riềng", dt.date(2015, 1, 1)],
            ["=1+1", None, "31/02/2015"],
            ["HTX Ba", None, dt.date(2029, 1, 1)],
        ],
        merged=[(0, 0, 0, 2), (2, 1, 4, 1)],
    )
    findings = {
        ("Danh sách", 3, 2): [CellFinding("Không có ngày 31/02.")],
        ("Danh sách", 4, 2): [CellFinding("Ngày ở tương lai.", "warning")],
        ("Danh sách", 3, None): [CellFinding("Thiếu mã số.", "warning")],
    }
    write_quarantine_workbook(path, [source], findings, header_rows={"Danh sách": 1})
    sheet = openpyxl.load_workbook(path).active
    assert sheet["D2"].value == "Lỗi cần sửa"
    assert sheet["D4"].value == "Không có ngày 31/02.\nThiếu mã số."
    assert sheet["C4"].comment.text == "Không có ngày 31/02."
    assert sheet["C4"].fill.fgColor.rgb == "FFF8CBCB"
    assert sheet["C5"].fill.fgColor.rgb == "FFFFF2B3"
    assert sheet["A4"].data_type == "s"
    back = read_workbook(path).sheets[0]
    assert [row[:3] for row in back.rows] == source.rows
    assert set(back.merged) == set(source.merged)


def test_only_the_wanted_rows_go_back_with_merged_values_said_again(tmp_path: Path):
    path = tmp_path / "mend.xlsx"
    rows = [["Tên", "Huyện"], ["HTX Một", "Giồng Riềng"], ["HTX Hai", None], ["HTX Ba", None]]
    source = Sheet("DS", rows, merged=[(1, 1, 3, 1)])
    findings = {("DS", 2, 0): [CellFinding("Tên lạ.")]}
    write_quarantine_workbook(path, [source], findings, rows={"DS": {2}})
    back = read_workbook(path).sheets[0]
    assert back.rows == [["Tên", "Huyện", "Lỗi cần sửa"], ["HTX Hai", "Giồng Riềng", "Tên lạ."]]
