"""Reading whole files: values as typed, positions from A1, in a child that may die alone."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from hoptac.foundation.transfers import child, sheets
from hoptac.foundation.transfers.sheets import BadWorkbook, Limits, read_workbook


def test_values_come_typed_and_positions_count_from_the_first_cell(tmp_path: Path):
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    clock = book.add_format({"num_format": "[h]:mm"})
    sheet = book.add_worksheet("Trang 1")
    sheet.write(2, 1, "Hợp tác xã")
    sheet.write(2, 2, 5)
    sheet.write(2, 3, 5.5)
    sheet.write(2, 4, True)
    sheet.write_datetime(3, 1, dt.datetime(2019, 1, 2), day)
    sheet.write_datetime(3, 2, dt.datetime(2019, 1, 2, 13, 5), day)
    sheet.write(3, 3, 1.5, clock)
    sheet.write_formula(3, 4, "=1/0", None, "#REF!")
    sheet.write(4, 1, 1709551552)
    other = book.add_worksheet("ẩn")
    other.hide()
    book.add_chartsheet("Biểu đồ")
    book.close()
    found = read_workbook(path)
    assert found.format == "xlsx"
    first, hidden, chart = found.sheets
    assert first.rows == [
        [None] * 5,
        [None] * 5,
        [None, "Hợp tác xã", 5, 5.5, True],
        [None, dt.date(2019, 1, 2), dt.datetime(2019, 1, 2, 13, 5), "36:00:00", "#REF!"],
        [None, 1709551552, None, None, None],
    ]
    assert type(first.rows[2][2]) is int
    assert hidden.hidden
    assert hidden.rows == chart.rows == []
    assert [n.code for n in found.notes] == ["sheet_hidden"]


def test_days_count_from_1904_where_the_file_says_so(tmp_path: Path):
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_datetime(
        0, 0, dt.datetime(2019, 1, 2), book.add_format({"num_format": "dd/mm/yyyy"})
    )
    book.close()
    found = read_workbook(path)
    assert found.sheets[0].epoch_1904
    assert found.sheets[0].rows == [[dt.date(2019, 1, 2)]]


def test_old_workbooks_are_read_with_their_merges(tmp_path: Path):
    path = tmp_path / "list.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang Đỏ")
    day = xlwt.XFStyle()
    day.num_format_str = "dd/mm/yyyy"
    sheet.write(0, 0, "Hợp tác xã")
    sheet.write(0, 1, 1709551552)
    sheet.write(1, 0, dt.datetime(2019, 1, 2), day)
    sheet.write(1, 1, xlwt.Formula("1+1"))
    sheet.write_merge(2, 3, 0, 1, "gộp")
    sheet.row(1).hidden = True
    book.save(str(path))
    found = read_workbook(path)
    assert found.format == "xls"
    sheet = found.sheets[0]
    assert sheet.rows[0] == ["Hợp tác xã", 1709551552]
    assert sheet.rows[1][0] == dt.date(2019, 1, 2)
    assert sheet.merged == [(2, 0, 2, 1)]  # down to the last row with a value
    assert sheet.formulas == {(1, 1)}
    assert sheet.hidden_rows == {1}


TEXT = 'Tên HTX{0}Số\n"Hợp tác xã ""Một""\nhai dòng"{0}1.234,5\n\nĐường Ở{0}2\n'


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_tables_are_read_in_any_unicode(tmp_path: Path, separator: str, encoding: str):
    path = tmp_path / "danh sách.csv"
    text = TEXT.format(separator).replace("1.234,5", "1.234" if separator == "," else "1.234,5")
    path.write_bytes(text.encode(encoding))
    found = read_workbook(path)
    number = "1.234" if separator == "," else "1.234,5"
    assert found.format == "csv"
    assert found.sheets[0].name == "danh sách"
    assert found.sheets[0].rows == [
        ["Tên HTX", "Số"],
        ['Hợp tác xã "Một"\nhai dòng', number],
        [None, None],
        ["Đường Ở", "2"],
    ]


def test_one_byte_text_is_told_apart(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes("Hîp t¸c x· N«ng nghiÖp;§­êng\nX· VÜnh Th¹nh;2\n".encode("latin-1"))
    assert read_workbook(path).sheets[0].rows[0] == ["Hîp t¸c x· N«ng nghiÖp", "§­êng"]
    path.write_bytes(
        b"H\xf5\xf2p t\xe1c x\xe3 \xf0\xfd\xf5\xcc\xf2ng;S\xf4\xec\nN\xf4ng nghi\xea\xf2p;1\n"
    )
    rows = read_workbook(path).sheets[0].rows
    assert rows[1] == ["Nông nghiệp", "1"]


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"a;b\n1;2\n3\0;4\n", "bad_character", 3),
        ("Tên;Số\nHợp tác xã;1\n".encode() + b"x\xff;2\n", "encoding", 3),
        (b"chi la mot dong\n", "text_not_table", None),
    ],
)
def test_broken_text_is_refused_by_line(tmp_path: Path, data: bytes, code: str, row: int | None):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert caught.value.code == code
    assert caught.value.detail.get("row") == row
    if row:
        assert f"dòng {row}" in caught.value.message_vi
        assert f"line {row}" in caught.value.message_en


def test_an_open_quotation_mark_does_not_swallow_the_list(tmp_path: Path):
    path = tmp_path / "a.csv"
    lines = ["Tên;Số", '"HTX Một;1', *[f"HTX số {i} dài dòng cho đủ chữ;{i}" for i in range(300)]]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = read_workbook(path).sheets[0].rows
    assert len(rows) == 302
    assert rows[1] == ['"HTX Một', "1"]


def test_a_text_too_long_for_a_cell_is_named(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;" + "x" * 40_000 + "\n", encoding="utf-8")
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert caught.value.code == "giant_text"
    assert "B2" in caught.value.message_vi


def _small(tmp_path: Path) -> Path:
    path = tmp_path / "small.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_row(0, 0, ["a", 1])
    book.close()
    return path


def test_a_dying_child_never_reaches_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = _small(tmp_path)
    abort = tmp_path / "abort.py"
    abort.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(child, "_PROGRAM", str(abort))
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert caught.value.code == "reader_stopped"


def test_a_hanging_child_is_killed_with_its_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = _small(tmp_path)
    hang = tmp_path / "hang.py"
    hang.write_text(
        "import os, sys, time\n"
        "sys.stdout.buffer.write(b'\\x05\\0'); sys.stdout.flush()\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setattr(child, "_PROGRAM", str(hang))
    start = time.monotonic()
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path, limits=Limits(seconds=1))
    assert caught.value.code == "reader_stopped"
    assert time.monotonic() - start < 30, "the child would have slept for a minute"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def _real_child() -> str:
    return f"import runpy, sys\nrunpy.run_path({child._PROGRAM!r}, run_name='__main__')\n"


def test_a_child_that_somebody_else_ended_is_started_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, program, mark = _small(tmp_path), tmp_path / "child.py", tmp_path / "killed"
    killed = (
        f"import os\nif not os.path.exists({str(mark)!r}):\n    open({str(mark)!r}, 'w').close()\n"
    )
    program.write_text(killed + "    os.kill(os.getpid(), 9)\n" + _real_child())
    monkeypatch.setattr(child, "_PROGRAM", str(program))
    assert read_workbook(path).sheets[0].rows == [["a", 1]]
    assert mark.exists()
    program.write_text("import os\nos.kill(os.getpid(), 9)\n")
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert caught.value.code == "reader_lost", "the file is not blamed"


def test_a_child_that_gets_little_of_the_machine_may_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, program = _small(tmp_path), tmp_path / "child.py"
    slow = "import time\nend = time.monotonic() + 2.5\nwhile time.monotonic() < end:\n    pass\n"
    program.write_text(slow + _real_child())
    monkeypatch.setattr(child, "_PROGRAM", str(program))
    assert read_workbook(path, limits=Limits(seconds=2)).sheets[0].rows == [["a", 1]]


def test_a_child_that_began_early_ends_when_the_guard_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "big.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/media/photo.bin", os.urandom(2 * 1024 * 1024))
        book.writestr("../outside.xml", "x")
    sleep = tmp_path / "sleep.py"
    sleep.write_text(
        f"import os, time\nos.chdir({str(tmp_path)!r})\nopen('part', 'w').write(str(os.getpid()))\n"
        "os.rename('part', 'pid')\ntime.sleep(60)\n"
    )
    monkeypatch.setattr(child, "_PROGRAM", str(sleep))
    looked = sheets.inspect

    def looking(*args: object) -> object:
        until = time.monotonic() + 20
        while not (tmp_path / "pid").exists() and time.monotonic() < until:
            time.sleep(0.01)
        return looked(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sheets, "inspect", looking)
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert caught.value.code == "part_name"
    assert (tmp_path / "pid").exists(), "it had begun"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_too_little_memory_ends_the_child_only(tmp_path: Path):
    path = tmp_path / "big.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(30_000):
        sheet.write_row(row, 0, [f"chữ {row} {c}" for c in range(8)])
    book.close()
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path, limits=Limits(memory_bytes=40 * 1024 * 1024))
    assert caught.value.code == "reader_stopped"


def test_the_child_sees_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = _small(tmp_path)
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, marshal, sys\n"
        "told = marshal.dumps(('error', 'spy', ' '.join(sorted(os.environ))))\n"
        "sys.stdout.buffer.write(len(told).to_bytes(4, 'little') + told)\n"
    )
    monkeypatch.setattr(child, "_PROGRAM", str(spy))
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    with pytest.raises(BadWorkbook) as caught:
        read_workbook(path)
    assert "DATABASE" not in caught.value.message_en


def test_reading_works_from_many_threads(tmp_path: Path):
    path = _small(tmp_path)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_workbook(path).sheets[0].rows))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[["a", 1]]] * 6
