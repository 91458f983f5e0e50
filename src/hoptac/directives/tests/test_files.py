"""Files of documents: encodings, Word, PDF, and files made to do harm."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hoptac.directives.management.commands.directives import Command
from hoptac.directives.reading import BadDocument, read_document
from hoptac.foundation.tables.legacy import TCVN3, VNI

ROOT = Path(__file__).resolve().parents[4]
DOCUMENTS = Path(__file__).parent / "documents"
SEED = (ROOT / "demo/ke-hoach-ket-luan-70.txt").read_text(encoding="utf-8")
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def docx(body: str, **parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return file.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def refused(content: bytes, name: str = "") -> str:
    with pytest.raises(BadDocument) as bad:
        read_document(content, name)
    assert bad.value.message_vi
    assert bad.value.message_en
    return bad.value.code


# --- Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_any_encoding_of_unicode(encoding: str) -> None:
    reading = read_document(SEED.encode(encoding), "ke-hoach.txt")
    assert reading.text == SEED
    assert len(reading.tasks) == 65


def test_decomposed_letters_are_read_and_their_spans_hold() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", SEED)
    reading = read_document(text.encode("utf-8"))
    assert reading.text == text
    assert len(reading.tasks) == 65
    for task in reading.tasks:
        found = unicodedata.normalize("NFC", task.span.of(text)).replace("*", "")
        assert found.split()[:3] == task.text.split()[:3]


def _typed_in(table: dict[str, str], text: str) -> bytes:
    back: dict[str, str] = {}
    for old, new in table.items():
        back.setdefault(new, old)
    return "".join(back.get(c, c) for c in text).encode("latin-1", "replace")


@pytest.mark.parametrize(("font", "table"), [("tcvn3", TCVN3), ("vni", VNI)])
def test_old_fonts_become_unicode_and_are_told(font: str, table: dict[str, str]) -> None:
    text = (
        "III. Tổ chức thực hiện\n\n1. Sở Tài chính chủ trì, phối hợp với các sở, ban, ngành bố trí kinh phí hằng năm.\n"
        * 3
    )
    reading = read_document(_typed_in(table, text), "kh.txt")
    assert reading.source.encoding == font
    assert [r.code for r in reading.remarks] == ["old_font"]
    assert {reading.actor(i).name for t in reading.tasks for i in t.lead} == {"Sở Tài chính"}


# --- Word


def test_automatic_numbers_of_word_are_written_out() -> None:
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
        "</w:abstractNum>"
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )

    def item(text: str, level: int) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>')

    body = (
        item("MỤC TIÊU", 0)
        + item("Tăng số hợp tác xã.", 1)
        + item("TỔ CHỨC THỰC HIỆN", 0)
        + item("Sở Tài chính bố trí kinh phí thực hiện.", 1)
        + item("Sở Nội vụ cử cán bộ theo dõi hợp tác xã.", 1)
    )
    reading = read_document(docx(body, numbering=numbering))
    assert [t.section for t in reading.tasks] == ["II.1", "II.2"]
    assert [reading.actor(t.lead[0]).name for t in reading.tasks] == ["Sở Tài chính", "Sở Nội vụ"]


def test_deleted_text_and_fallbacks_of_word_are_left_out_and_footnotes_stand_at_the_end() -> None:
    body = (
        '<w:p><w:r><w:t>1. Sở Tài chính bố trí kinh phí</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:del><w:r><w:delText>hai tỷ</w:delText><w:t>hai tỷ</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t> hằng năm.</w:t></w:r></w:ins></w:p>"
    )
    note = paragraph("Theo dự toán được duyệt.")
    notes = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{note}</w:footnote></w:footnotes>'
    reading = read_document(docx(body, footnotes=notes))
    assert [t.text for t in reading.tasks] == ["Sở Tài chính bố trí kinh phí hằng năm"]
    assert reading.text.endswith("¹ Theo dự toán được duyệt.")


def test_a_joined_cell_of_a_table_speaks_for_the_row_below() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{c}</w:tc>" for c in cells) + "</w:tr>"

    down = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    on = "<w:tcPr><w:vMerge/></w:tcPr>"
    table = (
        "<w:tbl>"
        + "".join(
            row(*cells)
            for cells in (
                [paragraph(t) for t in ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian")],
                [
                    paragraph("1"),
                    paragraph("Khảo sát nhu cầu vốn"),
                    down + paragraph("Sở Tài chính"),
                    paragraph("Quý II/2022"),
                ],
                [
                    paragraph("2"),
                    paragraph("Trình phương án hỗ trợ"),
                    on + paragraph(""),
                    paragraph("31/12/2022"),
                ],
            )
        )
        + "</w:tbl>"
    )
    reading = read_document(docx(paragraph("Phân công nhiệm vụ") + table))
    assert [reading.actor(t.lead[0]).name for t in reading.tasks] == [
        "Sở Tài chính",
        "Sở Tài chính",
    ]
    assert [str(t.deadline and t.deadline.on) for t in reading.tasks] == [
        "2022-06-30",
        "2022-12-31",
    ]


# --- What is refused


def test_what_cannot_be_read_is_refused_with_advice() -> None:
    assert refused(b"") == "file_empty"
    assert refused(b"\x89PNG\r\n\x1a\n" + b"0" * 50, "quet.png") == "kind_image"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cu.doc") == "old_word"
    assert refused(b"{\\rtf1 abc}", "a.rtf") == "kind_rtf"
    assert refused(b"<html><body>x</body></html>", "a.html") == "kind_html"
    assert refused(b"PK\x03\x04" + b"\0" * 40, "a.docx") == "file_damaged"
    assert refused(b"%PDF-1.7\n" + b"x" * 200, "a.pdf") == "file_damaged"
    assert refused(bytes(range(256)) * 20, "a.bin") in ("not_text", "encoding")


def test_a_scan_is_refused_and_told_what_to_do() -> None:
    page = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(BadDocument) as bad:
        read_document(page, "quet.pdf")
    assert bad.value.code == "scanned"
    assert "OCR" in bad.value.message_vi


def test_archives_made_to_do_harm_are_refused() -> None:
    entities = (
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        f"<w:document {NAMESPACES}><w:body>&b;</w:body></w:document>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", entities)
    assert refused(file.getvalue()) == "document_type"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 60_000_000)
    assert refused(file.getvalue()) == "inflates_too_big"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert refused(file.getvalue()) == "kind_workbook"
    assert refused(docx("<w:p><w:r>")) == "file_damaged"


# --- The command


def test_the_command_writes_json_and_prints_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reading.json"
    command = Command()
    command.handle(
        does="read", file=ROOT / "demo/ke-hoach-ket-luan-70.txt", json=str(out), why=False
    )
    content = json.loads(out.read_text(encoding="utf-8"))
    assert len(content["tasks"]) == 65
    assert content["references"][0]["symbol"] == "70-KL/TW"
    assert "Nhiệm vụ đề xuất (65)" in capsys.readouterr().out


def test_a_refused_file_is_told_in_json_too(tmp_path: Path) -> None:
    from django.core.management.base import CommandError

    bad = tmp_path / "anh.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    out = tmp_path / "reading.json"
    with pytest.raises(CommandError, match="hình ảnh"):
        Command().handle(does="read", file=bad, json=str(out), why=False)
    assert json.loads(out.read_text(encoding="utf-8"))["refused"] == "kind_image"


def test_reading_needs_no_database(tmp_path: Path) -> None:
    out = tmp_path / "reading.json"
    program = (
        "from hoptac.cli import main; "
        f"raise SystemExit(main(['directives', 'read', {str(DOCUMENTS / 'h6.pdf')!r}, '--json', {str(out)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOPTAC_VAR": str(tmp_path),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        },
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text(encoding="utf-8"))["document"]["symbol"] == "238/KH-UBND"
