"""The Word file: what an officer who opens it finds, read from its parts and by another library."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest

from hoptac.foundation.documents.formats import format_on
from hoptac.foundation.documents.official import (
    Bullets,
    Column,
    Fields,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    to_docx,
)
from hoptac.foundation.documents.official.tests.reading import NS, W, WordFile, said
from hoptac.foundation.documents.official.tests.samples import LETTER, PARTY, REPORT

STATE, PARTYS = format_on("state", None), format_on("party", PARTY.day)
TWIPS = 1440 / 25.4

# The order in which the schema (ISO/IEC 29500-1, wml.xsd) asks for what these elements hold.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
           "contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan vMerge tcBorders tcMar vAlign",
    "sectPr": "headerReference type pgSz pgMar pgNumType titlePg",
    "style": "name basedOn next qFormat pPr rPr tblPr",
    "lvl": "start numFmt suff lvlText lvlJc pPr rPr",
    "settings": "zoom defaultTabStop characterSpacingControl footnotePr compat themeFontLang "
                "decimalSymbol listSeparator",
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> WordFile:
    return WordFile(to_docx(REPORT))


@pytest.mark.parametrize("document", [REPORT, PARTY, LETTER], ids=["report", "party", "letter"])
def test_every_part_is_well_formed_and_in_the_order_of_the_schema(document: Any) -> None:
    file = WordFile(to_docx(document))
    for name in file.parts:
        tree = file.tree(name)
        for tag, order in ORDER.items():
            ranks = {w: at for at, w in enumerate(order.split())}
            for element in tree.iter(f"{W}{tag}"):
                found = [child.tag.removeprefix(W) for child in element]
                assert set(found) <= set(ranks), (name, tag, found)
                places = [ranks[w] for w in found]
                assert places == sorted(places), (name, tag, found)
    for cell in file.find("//w:tc"):
        assert cell[-1].tag == f"{W}p", "a cell ends with a paragraph"


def test_another_library_opens_it_and_finds_the_same_headings() -> None:
    found = docx.Document(io.BytesIO(to_docx(REPORT)))
    headings = [(p.style.name, p.text) for p in found.paragraphs if p.style.name.startswith("Heading")]  # fmt: skip
    assert headings == [
        ("Heading 1", "I. TÌNH HÌNH CHUNG"), ("Heading 2", "1. Kết quả"),
        ("Heading 1", "II. PHƯƠNG HƯỚNG"), ("Heading 2", "1. Thu"),
    ]  # fmt: skip
    assert len(found.tables) == 5
    table = found.tables[1]
    assert [c.text for c in table.rows[2].cells] == ["1", "Hà Tiên", "1.234", "10,5"]
    assert table.cell(0, 2).text == table.cell(0, 3).text == "Năm\u00a02020"
    assert table.cell(0, 1).text == table.cell(1, 1).text == "Địa bàn"
    told = found.core_properties
    assert (told.title, told.author, told.language) == (
        "Báo cáo Tình hình năm 2020", "Sở Kế hoạch và Đầu tư", "vi-VN",
    )  # fmt: skip
    assert f"{told.created:%Y-%m-%d}" == "2021-02-05"


def test_the_pages_are_a4_with_the_margins_of_the_format(report: WordFile) -> None:
    sections = report.find("//w:sectPr")
    assert len(sections) == 3
    for section, across in zip(sections, (False, False, True), strict=True):
        size = section.find(f"{W}pgSz")
        sides = (int(size.get(f"{W}w")), int(size.get(f"{W}h")))
        assert sides == ((16838, 11906) if across else (11906, 16838))
        assert (size.get(f"{W}orient") == "landscape") is across
        margins = section.find(f"{W}pgMar")
        told = [
            round(int(margins.get(f"{W}{s}")) / TWIPS) for s in ("top", "right", "bottom", "left")
        ]
        assert told == ([30, 20, 15, 20] if across else [20, 15, 20, 30])


def test_the_number_of_the_page_is_a_field_in_the_header_but_for_page_one(report: WordFile) -> None:
    sections = report.find("//w:sectPr")
    assert [s.find(f"{W}titlePg") is not None for s in sections] == [True, False, False]
    header = report.tree("word/header.xml")
    assert report.find("string(.//w:instrText)", header).strip() == "PAGE"  # type: ignore[attr-defined]
    assert report.find(".//w:pPr/w:pStyle/@w:val", header) == ["Header"]
    assert report.find(".//w:pPr/w:jc/@w:val", report.style("Header")) == ["center"]
    assert report.size("Header") == STATE.page_number_size
    assert not report.find(".//w:t", report.tree("word/header_first.xml"))


def test_everything_is_times_new_roman_and_vietnamese(report: WordFile) -> None:
    defaults = report.find("//w:docDefaults//w:rPr", report.tree("word/styles.xml"))[0]
    fonts = defaults.find(f"{W}rFonts")
    assert {fonts.get(f"{W}{k}") for k in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }
    assert defaults.find(f"{W}lang").get(f"{W}val") == "vi-VN"
    assert defaults.find(f"{W}sz").get(f"{W}val") == str(STATE.body_size * 2)
    assert not report.find("//w:rFonts")


@pytest.mark.parametrize(
    ("style", "size"),
    [
        ("Parent", "parent"), ("Issuer", "issuer"), ("Nation", "nation"), ("Motto", "motto"),
        ("Number", "number"), ("PlaceDay", "place"), ("LetterAbout", "letter_about"), ("Title", "kind"),
        ("Subtitle", "about"), ("Heading1", "body"), ("Authority", "authority"), ("Signer", "signer"),
        ("ReceiversTitle", "receivers_title"), ("Receivers", "receivers"), ("AnnexTitle", "annex"),
        ("TableText", "table"), ("FootnoteText", "note"),
    ],
)  # fmt: skip
def test_styles_have_the_sizes_of_the_format(report: WordFile, style: str, size: str) -> None:
    assert report.size(style) == getattr(STATE, f"{size}_size")


def test_the_body_is_justified_indented_and_spaced(report: WordFile) -> None:
    body = report.style("BodyText")
    assert report.find(".//w:jc/@w:val", body) == ["both"]
    assert report.find(".//w:ind/@w:firstLine", body) == [str(round(12.7 * TWIPS))]
    spacing = body.find(f".//{W}spacing")
    assert int(spacing.get(f"{W}before")) == STATE.paragraph_space_pt * 20 >= 120
    assert spacing.get(f"{W}line") == "276"
    assert spacing.get(f"{W}lineRule") == "auto"


def test_headings_lie_in_the_outline_and_keep_with_what_follows(report: WordFile) -> None:
    for at, style in enumerate(("Heading1", "Heading2")):
        found = report.style(style)
        assert report.find(".//w:outlineLvl/@w:val", found) == [str(at)]
        assert report.find(".//w:keepNext", found)
    assert report.find("w:name/@w:val", report.style("Heading1")) == ["heading 1"]


def test_the_head_is_a_table_without_borders_with_drawn_lines(report: WordFile) -> None:
    head = report.find("//w:tbl")[0]
    assert not report.find(".//w:tblBorders", head)
    assert not report.find("./w:tblPr/w:tblStyle", head)
    left, right = report.find("./w:tr[1]/w:tc", head)
    assert [said(p) for p in left if p.tag == f"{W}p" and said(p)] == [
        "ỦY BAN NHÂN DÂN", "TỈNH KIÊN GIANG", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ",
    ]  # fmt: skip
    assert [said(p) for p in right if p.tag == f"{W}p" and said(p)] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    ]  # fmt: skip
    number, day = (said(c) for c in report.find("./w:tr[2]/w:tc", head))
    assert (number, day) == ("Số: 05/BC-SKHĐT", "Kiên Giang, ngày 05 tháng 02 năm 2021")
    for cell, part, words in ((left, 0.4, 52), (right, 1, 60)):
        ruled = report.find(".//w:p[w:pPr/w:pBdr/w:top]", cell)
        assert len(ruled) == 1
        width = int(report.find("./w:tcPr/w:tcW/@w:w", cell)[0])
        free = sum(int(v) for v in report.find("./w:tcPr/w:tcMar/w:right/@w:w", cell))
        indent = ruled[0].find(f".//{W}ind")
        length = width - free - int(indent.get(f"{W}left")) - int(indent.get(f"{W}right"))
        assert length / TWIPS == pytest.approx(words * part, abs=3)


def test_a_table_repeats_its_heading_and_its_rows_are_not_parted(report: WordFile) -> None:
    table = report.find("//w:tbl")[1]
    rows = report.find("./w:tr", table)
    assert len(rows) == 63
    repeated = [bool(report.find("./w:trPr/w:tblHeader", r)) for r in rows]
    assert repeated == [True, True] + [False] * 61
    assert all(report.find("./w:trPr/w:cantSplit", r) for r in rows)
    assert report.find("./w:tblPr/w:tblStyle/@w:val", table) == ["TableGrid"]
    assert report.find("./w:tblPr/w:tblCaption/@w:val", table)[0].startswith("Bảng")
    widths = [int(w) for w in report.find("./w:tblGrid/w:gridCol/@w:w", table)]
    assert sum(widths) / TWIPS == pytest.approx(165, abs=0.2)
    last = report.find("./w:tc", rows[-1])
    assert [said(c) for c in last] == ["", "Tổng cộng", "99.999", "7,5"]
    assert report.find(".//w:jc/@w:val", last[2]) == ["right"]
    assert report.find(".//w:r/w:rPr/w:b", last[1])


def test_links_places_and_notes_are_words_own(report: WordFile) -> None:
    relations = report.parts["word/_rels/document.xml.rels"].decode()
    assert 'Target="https://hoptac.example/so-lieu/?nam=2020" TargetMode="External"' in relations
    names = set(report.find("//w:bookmarkStart/@w:name"))
    assert set(report.find("//w:hyperlink/@w:anchor")) <= names
    assert len(names) == 2
    ids = report.find("//w:bookmarkStart/@w:id")
    assert len(ids) == len(set(ids))
    assert report.find("//w:footnoteReference/@w:id") == ["1"]
    notes = report.tree("word/footnotes.xml")
    assert (
        said(report.find("//w:footnote[@w:id='1']", notes)[0]).strip()
        == "Theo báo cáo của các huyện."
    )


def test_numbers_are_written_as_vietnam_writes_them_linked_or_not() -> None:
    cells = [[1234567, Run(Decimal("1234.5"), href="/x"), date(2020, 2, 5), None]]
    columns = [
        Column(n, "number", decimals=d)
        for n, d in (("a", None), ("b", 2), ("c", None), ("d", None))
    ]
    file = WordFile(to_docx(replace(LETTER, blocks=[Table(columns, cells), Paragraph(Run(9876))])))
    row = file.find("//w:tbl")[1].xpath("./w:tr[2]/w:tc", namespaces=NS)
    assert [said(c) for c in row] == ["1.234.567", "1.234,50", "05/02/2020", ""]
    assert file.find("//w:tbl//w:hyperlink")
    assert file.lines("BodyText") == ["9.876"]


def test_lists_are_lists(report: WordFile) -> None:
    assert report.lines("ListBullet") == ["Một", "Hai"]
    assert report.find(".//w:numPr/w:numId/@w:val", report.style("ListBullet")) == ["1"]
    other = WordFile(
        to_docx(replace(LETTER, blocks=[Bullets(["x"], "+"), Bullets(["a", "b"], "a)")]))
    )
    assert other.lines("ListBullet2") == ["x"]
    assert other.lines("BodyText") == ["a) a", "b) b"]


def test_the_end_keeps_together_with_the_last_words(report: WordFile) -> None:
    end = report.find("//w:tbl")[2]
    receivers, signature = report.find("./w:tr/w:tc", end)
    assert [said(p) for p in report.find("./w:p", receivers)] == [
        "Nơi nhận:", "- Ban Giám đốc;", "- Các phòng;", "- Lưu: VT, KTN (20b).",
    ]  # fmt: skip
    assert [said(p) for p in report.find("./w:p", signature)] == [
        "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn A",
    ]  # fmt: skip
    before = report.find("//w:p[w:pPr/w:pStyle/@w:val='BodyText']")[-1]
    assert report.find("./w:pPr/w:keepNext", before)
    assert report.find("./w:tr/w:trPr/w:cantSplit", end)


def test_annexes_name_the_document_they_belong_to(report: WordFile) -> None:
    assert report.lines("AnnexTitle") == ["Phụ lục I\nDANH MỤC", "Phụ lục II\nTÀI CHÍNH"]
    assert report.lines("AnnexReference")[0] == (
        "(Kèm theo Báo cáo số 05/BC-SKHĐT ngày 05 tháng 02 năm 2021 của Sở Kế hoạch và Đầu tư)"
    )


def test_a_party_document_has_its_own_head_and_signs() -> None:
    file = WordFile(to_docx(PARTY))
    head = file.find("//w:tbl")[0]
    left, right = file.find("./w:tr[1]/w:tc", head)
    assert [said(p) for p in file.find("./w:p", left)] == ["TỈNH ỦY KIÊN GIANG", "*"]
    assert [said(p) for p in file.find("./w:p", right)] == ["ĐẢNG CỘNG SẢN VIỆT NAM", ""]
    assert file.lines("Number") == ["Số 12-CTr/TU"]
    assert file.lines("Subtitle")[-1] == "-----"
    assert file.lines("Authority") == ["T/M BAN THƯỜNG VỤ"]
    assert file.lines("Post") == ["PHÓ BÍ THƯ THƯỜNG TRỰC"]
    assert not file.find(".//w:rPr/w:b", file.style("Post"))
    assert file.lines("Basis") == ["- Căn cứ Điều lệ Đảng."]
    assert not file.find(".//w:rPr/w:i", file.style("Basis"))
    assert file.lines("Heading1") == ["I- MỤC TIÊU"]
    assert file.lines("Receivers")[-1] == "- Lưu Văn phòng Tỉnh ủy."
    assert file.find(".//w:rPr/w:u/@w:val", file.style("ReceiversTitle")) == ["single"]
    assert file.size("Nation") == PARTYS.nation_size == 15
    assert "Motto" not in file.find("//w:pStyle/@w:val")


def test_a_letter_says_what_it_is_about_beneath_its_number() -> None:
    file = WordFile(to_docx(LETTER))
    assert file.lines("LetterAbout") == ["V/v đôn đốc báo cáo"]
    assert not file.lines("Title")
    assert file.lines("Addressee") == ["Kính gửi:", "- Sở A;", "- Sở B."]
    assert file.lines("Receivers")[0] == "- Như trên;"


def test_drafts_fields_breaks_and_several_hands() -> None:
    blocks = [Fields([("Họ tên", "An"), ("Địa chỉ", None)]), PageBreak(), Heading("x", "part")]
    hands = [
        Signature(f"Chức vụ {n}", f"Người {n}", note="(Ký)", mark="(Đã ký)") for n in (1, 2, 3)
    ]
    file = WordFile(to_docx(replace(LETTER, number=None, blocks=blocks, signatures=hands)))
    assert file.lines("Draft") == ["DỰ THẢO"]
    assert file.lines("FieldLine") == ["Họ tên: An", "Địa chỉ: \t"]
    assert file.find("//w:tab/@w:leader") == ["dot"]
    assert file.find("//w:br[@w:type='page']")
    assert file.lines("Heading1") == ["Phần I\nX"]
    end = file.find("//w:tbl")[1]
    rows = [[said(c) for c in file.find("./w:tc", r)] for r in file.find("./w:tr", end)]
    assert rows == [
        ["CHỨC VỤ 1(Ký)(Đã ký)Người 1", "CHỨC VỤ 2(Ký)(Đã ký)Người 2"],
        ["", "CHỨC VỤ 3(Ký)(Đã ký)Người 3"],
    ]
    assert file.lines("Receivers")


def test_the_same_document_gives_the_same_bytes() -> None:
    assert to_docx(REPORT) == to_docx(REPORT)


def test_both_writers_keep_to_one_sheet() -> None:
    """A plain paragraph of spacing is all that a paragraph without text may be."""
    file = WordFile(to_docx(replace(LETTER, blocks=[Paragraph(""), Paragraph("a")])))
    assert file.lines("BodyText") == ["a"]
