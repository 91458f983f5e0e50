"""The first wall: what is refused, what is told, and how quickly."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from hoptac.foundation.transfers.guard import BadWorkbook, Limits, inspect
from hoptac.foundation.transfers.sheet_scan import column_index, column_letters


def workbook(fill=None, **options) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("Trang 1")
    sheet.write_row(0, 0, ["Tên HTX", "Số"])
    sheet.write_row(1, 0, ["Hợp tác xã Một", 1])
    if fill:
        fill(book, sheet)
    book.close()
    return out.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes, **extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
        for name, content in extra.items():
            target.writestr(name, content)
    return out.getvalue()


def with_parts(data: bytes, *names: str) -> bytes:
    return changed(data, "", b"", b"", **dict.fromkeys(names, b"x"))


def look(data: bytes, name: str = "list.xlsx", **limits):
    return inspect(io.BytesIO(data), name, Limits(**limits))


def refused(data: bytes, name: str = "list.xlsx", **limits) -> BadWorkbook:
    with pytest.raises(BadWorkbook) as caught:
        look(data, name, **limits)
    assert "{" not in caught.value.message_vi + caught.value.message_en
    return caught.value


SHEET = "xl/worksheets/sheet1.xml"


def test_an_honest_workbook_passes_and_is_told_apart():
    found = look(workbook())
    assert (found.format, [s.name for s in found.sheets]) == ("xlsx", ["Trang 1"])
    assert found.sheets[0].last_row == 1
    assert not found.notes


@pytest.mark.parametrize("inline", [False, True])
def test_merges_formulas_errors_and_hidden_lines_are_noted(inline):
    def fill(book, sheet):
        zeros = book.add_format({"num_format": "0000000000"})
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write_formula(2, 1, "=1+1", None, 2)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_number(4, 2, 709551552, zeros)
        sheet.set_column(3, 4, None, None, {"hidden": True})
        if not inline:
            sheet.merge_range("A7:C8", "gộp")
        sheet.write(9, 30, "xa")

    scan = look(workbook(fill, constant_memory=inline)).sheets[0]
    assert scan.formulas == {(2, 1), (3, 1)}
    assert scan.errors == {(3, 1): "#DIV/0!"}
    assert scan.hidden_rows == {2}
    assert scan.hidden_columns == {3, 4}
    assert scan.number_formats == {(4, 2): "0000000000"}
    assert scan.merged == ([] if inline else [(6, 0, 7, 2)])
    assert scan.last_row == 9


def test_cells_without_reference_are_counted():
    data = workbook()
    bare = changed(data, SHEET, b'<c r="B2">', b"<c>")
    scan = look(changed(bare, SHEET, b'<row r="2"', b"<row")).sheets[0]
    assert scan.last_row == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"PK\x03\x04 not all there", "file_truncated"),
        ("a.xlsx", b"\x01\x02\x03\x04" * 50, "not_a_workbook"),
        ("a.xlsx", b"<html><table></table></html>", "format_misnamed"),
        ("a.xlsx", b"a,b\n1,2\n", "format_misnamed"),
        ("a.csv", b"<html></html>", "format_not_taken"),
        ("a.pdf", b"%PDF-1.7", "format_not_taken"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1short", "file_truncated"),
    ],
)
def test_what_is_no_workbook_is_refused_with_advice(name, data, code):
    assert refused(data, name).code == code


def test_a_picture_is_not_told_to_be_opened_in_excel():
    assert "bảng tính" in refused(b"\x89PNG\r\n\x1a\n123", "a.png").message_vi


def test_macros_links_and_objects_are_ignored_with_a_note():
    data = with_parts(
        workbook(), "xl/vbaProject.bin", "xl/externalLinks/e1.xml", "xl/embeddings/o.bin"
    )
    found = look(data, "list.xlsm")
    assert found.format == "xlsm"
    codes = {n.code for n in found.notes}
    assert codes == {"macros_ignored", "links_ignored", "embedded_ignored"}


@pytest.mark.parametrize("name", ["../x.xml", "/x.xml", "C:/x.xml", "XL/WORKBOOK.XML"])
def test_part_names_that_lie_are_refused(name):
    assert refused(with_parts(workbook(), name)).code == "part_name"


def test_a_document_type_is_refused_in_any_part():
    bomb = b'?>\n<!DOCTYPE a [<!ENTITY e "x">]>'
    for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        data = changed(workbook(), part, b"?>", bomb)
        assert refused(data).code == "document_type", part


def test_a_far_cell_is_named():
    data = changed(workbook(), SHEET, b'r="B2"', b'r="XFD1048576"')
    found = refused(data)
    assert found.code in ("too_many_rows", "too_many_columns")
    assert found.detail["sheet"] == "Trang 1"
    assert "1048576" in found.message_vi


def test_three_hundred_columns_pass_and_all_columns_do_not():
    wide = workbook(lambda book, sheet: sheet.write_row(2, 0, ["x"] * 300))
    assert look(wide).sheets[0].last_row == 2
    widest = workbook(lambda book, sheet: sheet.write_row(2, 0, ["x"] * 16_384))
    found = refused(widest)
    assert found.code == "too_many_columns"
    assert found.detail["column"] == "OK"


def test_blank_styled_columns_to_the_end_are_harmless():
    def fill(book, sheet):
        look = book.add_format({"bold": True})
        for column in range(16_384):
            sheet.write_blank(2, column, None, look)

    assert look(workbook(fill)).sheets[0].last_row == 1


def test_blank_rows_are_ignored_with_a_note_or_named_when_they_are_too_many():
    def fill(book, sheet):
        style = book.add_format({"bold": True})
        for row in range(2, 30_000):
            sheet.write_blank(row, 0, None, style)

    data = workbook(fill)
    found = look(data)
    assert found.sheets[0].last_row == 1
    assert [n.code for n in found.notes] == ["blank_rows_ignored"]
    found = refused(data, inflated_bytes=500_000)
    assert found.code == "blank_rows"
    assert "dòng trống" in found.message_vi


def test_a_false_count_of_strings_is_refused():
    data = changed(
        workbook(), "xl/sharedStrings.xml", b'uniqueCount="3"', b'uniqueCount="4000000000"'
    )
    assert refused(data).code == "too_many_strings"


def test_a_password_is_named():
    data = bytearray(workbook())
    for at in (data.find(b"PK\x01\x02"),):
        data[at + 8] |= 1
    assert refused(bytes(data)).code == "encrypted"


def test_overlapping_parts_are_refused():
    data = bytearray(workbook())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refused(bytes(data)).code in ("parts_tangled", "part_name")


@pytest.mark.parametrize(
    ("ref", "passes"),
    [
        ("A1:B2", True),
        ("A1:XFD1", True),
        ("A1:C1048576", True),
        ("A1:XFD1048576", False),
        ("A1:B0", False),
    ],
)
def test_merges_are_bounded_but_whole_rows_are_honest(ref, passes):
    merge = f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells>'.encode()
    data = changed(workbook(), SHEET, b"</sheetData>", b"</sheetData>" + merge)
    if passes:
        assert len(look(data).sheets[0].merged) == 1
    else:
        assert refused(data).code in ("giant_merge", "bad_reference")


def test_a_tall_honest_list_is_looked_through_to_its_end():
    def fill(book, sheet):
        for row in range(2, 20_000):
            sheet.write_row(
                row, 0, [row, "Hợp tác xã Nông nghiệp", 12.5, "ấp Hòa Lợi", row * 7] * 3
            )

    data = workbook(fill, constant_memory=True)
    assert look(data).sheets[0].last_row == 19_999


def test_columns_have_letters_both_ways():
    for index in (0, 25, 26, 701, 702, 16_383):
        assert column_index(column_letters(index)) == index


def test_every_refusal_and_note_has_both_languages():
    from hoptac.foundation.transfers import verdicts

    for english, vietnamese in (*verdicts._REFUSALS.values(), *verdicts._NOTES.values()):
        assert english != vietnamese
        assert set(_fields(english)) == set(_fields(vietnamese))


def _fields(sentence: str) -> list[str]:
    import string

    return [name for _, name, _, _ in string.Formatter().parse(sentence) if name]


def test_the_guard_reads_a_file_from_disk_in_little_memory(tmp_path: Path):
    import tracemalloc

    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(lambda b, s: [s.write(r, 0, f"dòng {r}") for r in range(2, 20_000)]))
    tracemalloc.start()
    with path.open("rb") as file:
        inspect(file, path.name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024
