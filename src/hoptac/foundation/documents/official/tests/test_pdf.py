"""The PDF: where every part stands, and that it is archival, tagged and alive with links."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from hoptac.foundation.documents.formats import format_on
from hoptac.foundation.documents.official import (
    Fields,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    to_pdf,
)
from hoptac.foundation.documents.official.sheet import UnknownPlace
from hoptac.foundation.documents.official.tests.reading import (
    Word,
    line_of,
    pages,
    text_of,
    words_of,
)
from hoptac.foundation.documents.official.tests.samples import LETTER, PARTY, REPORT, table

STATE = format_on("state", None)


def at(words: list[Word], text: str) -> Word:
    found = [w for w in words if text in w.text]
    assert found, (text, [w.text for w in words][:40])
    return found[0]


@pytest.fixture(scope="module")
def report() -> bytes:
    return to_pdf(REPORT)


@pytest.fixture(scope="module")
def first(report: bytes) -> list[Word]:
    return words_of(pages(report)[0])


def test_the_page_is_a4_and_every_letter_lies_within_the_margins(report: bytes) -> None:
    for page in pages(report):
        width, height = (float(v) / 72 * 25.4 for v in page.mediabox[2:])
        across = width > height
        assert sorted((round(width), round(height))) == [210, 297]
        left, top = (20, 10) if across else (30, 10)
        for word in words_of(page):
            assert word.x > left - 0.2, word
            assert top < word.y < height - (15 if across else 20) + 0.5, word


def test_the_head_has_the_body_at_the_left_and_the_state_at_the_right(first: list[Word]) -> None:
    parent, issuer = at(first, "ỦY BAN NHÂN DÂN"), at(first, "SỞ KẾ HOẠCH")
    nation, motto = at(first, "CỘNG HÒA"), at(first, "Độc lập")
    number, day = at(first, "05/BC-SKHĐT"), at(first, "Kiên Giang,")
    assert parent.x < 95 < nation.x
    assert parent.y < issuer.y < number.y
    assert abs(parent.y - nation.y) < 1
    assert nation.y < motto.y < day.y
    assert abs(number.y - day.y) < 1.5
    assert 20 < parent.y < 27


@pytest.mark.parametrize(
    ("text", "size", "font"),
    [
        ("ỦY BAN NHÂN DÂN", "parent", "Serif"), ("SỞ KẾ HOẠCH", "issuer", "Bold"),
        ("CỘNG HÒA", "nation", "Bold"), ("Độc lập", "motto", "Bold"), ("05/BC-SKHĐT", "number", "Serif"),
        ("Kiên Giang,", "place", "Italic"), ("BÁO CÁO", "kind", "Bold"), ("Tình hình năm 2020", "about", "Bold"),
        ("Căn cứ Luật A;", "body", "Italic"), ("I. TÌNH HÌNH CHUNG", "body", "Bold"), ("457", "body", "Serif"),
        ("Địa bàn", "table", "Bold"),
    ],
)  # fmt: skip
def test_sizes_and_faces_are_those_of_the_format(
    first: list[Word], text: str, size: str, font: str
) -> None:
    word = at(first, text)
    assert round(word.size, 1) == getattr(STATE, f"{size}_size")
    assert font in word.font
    if font == "Serif":
        assert "Bold" not in word.font
        assert "Italic" not in word.font


def test_the_page_has_its_number_above_the_middle_but_not_the_first(report: bytes) -> None:
    found = pages(report)
    assert all(w.y > 20 for w in words_of(found[0]))
    for number, page in enumerate(found[1:], start=2):
        above = [w for w in words_of(page) if w.y < 20]
        assert [w.text for w in above] == [str(number)]
        width = float(page.mediabox.width) / 72 * 25.4
        middle = (30 + width - 15) / 2 if width < 250 else (20 + width - 20) / 2
        assert abs(above[0].x - middle) < 3
        assert round(above[0].size) == STATE.page_number_size


def test_a_long_table_repeats_its_heading_on_each_page(report: bytes) -> None:
    reached = [p for p in pages(report)[:4] if "Rạch Giá" in line_of(p)]
    assert len(reached) >= 2
    for page in reached:
        text = line_of(page)
        assert "Năm 2020" in text
        assert "Địa bàn" in text
    said = text_of(report)
    assert "74.040" in said
    assert "630,0" in said
    assert said.count("Bảng 1. Theo địa bàn") == 1


def test_the_end_has_recipients_at_the_left_and_who_signs_at_the_right(report: bytes) -> None:
    page = next(p for p in pages(report) if "Nơi nhận" in line_of(p))
    words = words_of(page)
    title, power, name = (
        at(words, "Nơi nhận:"),
        at(words, "KT. GIÁM ĐỐC"),
        at(words, "Nguyễn Văn A"),
    )
    assert round(title.size) == STATE.receivers_title_size
    assert "BoldItalic" in title.font
    assert title.x < 35
    assert power.x > 110
    assert abs(title.y - power.y) < 2
    assert name.y - at(words, "PHÓ GIÁM ĐỐC").y > 20
    assert round(at(words, "Lưu: VT, KTN (20b).").size) == STATE.receivers_size
    # What is signed stands on the page of the signature.
    assert "./." in line_of(page)


def test_annexes_begin_new_pages_name_their_document_and_may_lie_across(report: bytes) -> None:
    found = [p for p in pages(report) if "Kèm theo" in line_of(p)]
    assert len(found) == 2
    text = line_of(found[0])
    assert (
        "Phụ lục I DANH MỤC (Kèm theo Báo cáo số 05/BC-SKHĐT ngày 05 tháng 02 năm 2021 của Sở"
        in text
    )
    assert found[0].mediabox.width < found[0].mediabox.height
    assert found[1].mediabox.width > found[1].mediabox.height
    assert "Phụ lục DANH MỤC" in to_text(replace(REPORT, annexes=REPORT.annexes[:1]))


def to_text(document: OfficialDocument) -> str:
    return text_of(to_pdf(document))


def test_links_lead_out_and_within(report: bytes) -> None:
    notes = [n.get_object() for p in pages(report) for n in p.get("/Annots", ())]
    out = {str(n["/A"]["/URI"]) for n in notes if "/A" in n and "/URI" in n["/A"]}
    assert out == {"https://hoptac.example/so-lieu/?nam=2020"}
    within = [n for n in notes if "/Dest" in n or ("/A" in n and "/D" in n["/A"])]
    assert within


def test_headings_are_bookmarks(report: bytes) -> None:
    def titles(items: list[object]) -> list[str]:
        return [t for i in items for t in (titles(i) if isinstance(i, list) else [i.title])]  # type: ignore[attr-defined]

    found = titles(PdfReader(io.BytesIO(report)).outline)
    assert found[0] == "BÁO CÁO"
    assert "I. TÌNH HÌNH CHUNG" in found
    assert any("Phụ lục II" in t.replace("\u00a0", " ") for t in found)


def test_the_file_says_that_it_is_archival_and_for_every_reader(report: bytes) -> None:
    reader = PdfReader(io.BytesIO(report))
    told = reader.xmp_metadata.stream.get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in told
    assert reader.metadata.title == "Báo cáo Tình hình năm 2020"
    assert reader.metadata.author == "Sở Kế hoạch và Đầu tư"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("vi")
    assert to_pdf(REPORT) == report


def test_a_party_document_has_its_own_head_and_signs() -> None:
    words = words_of(pages(to_pdf(PARTY))[0])
    said = " ".join(w.text for w in words)
    assert "CỘNG HÒA" not in said
    assert "Độc lập" not in said
    party = format_on("party", PARTY.day)
    assert round(at(words, "ĐẢNG CỘNG SẢN VIỆT NAM").size) == party.nation_size == 15
    assert at(words, "ĐẢNG CỘNG SẢN").x > 95 > at(words, "TỈNH ỦY").x
    for part in (
        "Số 12-CTr/TU", "*", "CHƯƠNG TRÌNH", "I- MỤC TIÊU", "-----", "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC",
        "- Bộ Chính trị,", "- Lưu Văn phòng Tỉnh ủy.",
    ):  # fmt: skip
        assert part in said, part
    assert "Bold" not in at(words, "Nơi nhận:").font
    assert "Bold" in at(words, "T/M BAN").font
    assert "Bold" not in at(words, "PHÓ BÍ THƯ").font
    assert "Italic" not in at(words, "- Căn cứ Điều lệ Đảng.").font


def test_a_letter_says_what_it_is_about_beneath_its_number() -> None:
    words = words_of(pages(to_pdf(LETTER))[0])
    said = " ".join(w.text for w in words)
    assert "CÔNG VĂN" not in said
    about = at(words, "V/v đôn đốc báo cáo")
    assert round(about.size) == STATE.letter_about_size
    assert at(words, "215/UBND-KT").y < about.y
    assert about.x < 95
    assert at(words, "- Như trên;").x < 35
    # The dashes stand below the colon.
    first, word = at(words, "- Sở A;"), at(words, "Kính gửi:")
    assert 15 < first.x - word.x < 22


def test_a_draft_says_so_and_leaves_room_for_its_number() -> None:
    said = to_text(replace(REPORT, number=None, day=None))
    assert "DỰ THẢO" in said
    assert "Số: /BC-SKHĐT" in said
    assert "DỰ THẢO" not in to_text(replace(REPORT, number=None, draft=False))
    assert "DỰ THẢO" not in to_text(REPORT)


def test_several_sign_side_by_side() -> None:
    many = [Signature(f"Chức vụ {n}", f"Người {n}") for n in (1, 2, 3)]
    words = words_of(pages(to_pdf(replace(LETTER, signatures=many)))[0])
    first, second, third = (at(words, f"CHỨC VỤ {n}") for n in (1, 2, 3))
    assert first.x < 95 < second.x
    assert abs(first.y - second.y) < 0.1
    assert third.y > second.y
    assert third.x > 95
    assert at(words, "Nơi nhận:").y > third.y


def test_a_page_break_a_field_to_fill_in_and_a_paper_of_its_own_name() -> None:
    blocks = [Fields([("Họ tên", "An"), ("Địa chỉ", None)]), PageBreak(), Paragraph("Trang sau")]
    paper = OfficialDocument(
        "state", "Sở A", kind_name="Phiếu kiểm tra", blocks=blocks, draft=False
    )
    found = pages(to_pdf(paper))
    said = found[0].extract_text()
    assert "PHIẾU KIỂM TRA" in said
    assert "Họ tên: An" in said
    assert "Địa chỉ: ......" in said
    assert "Trang sau" in found[1].extract_text()


def test_levels_that_a_part_of_a_document_skips_do_not_break_it() -> None:
    blocks = [Heading("a"), Heading("b", "letter"), Heading("c", "arabic"), Heading("d", "part")]
    assert "a) b" in to_text(replace(REPORT, blocks=blocks, annexes=()))
    assert "a) b" in to_text(replace(LETTER, blocks=blocks[1:]))


@pytest.mark.parametrize(
    ("blocks", "error", "words"),
    [
        ([Paragraph(Run("x", href="#nowhere"))], UnknownPlace, "nowhere"),
        ([Paragraph(Run("x", anchor="a")), Paragraph("y", anchor="a")], UnknownPlace, "a twice"),
        ([Paragraph(Run("x", href="javascript:alert(1)"))], ValueError, "no address"),
        ([Paragraph(Run("x", href="//evil.example"))], ValueError, "no address"),
        ([Table(table(1).columns, [[1, 2]])], ValueError, "2 cells in a table of 4"),
        (["loose words"], TypeError, "no block"),
    ],
)
def test_what_cannot_be_set_is_told_to_who_built_it(
    blocks: list[object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        to_pdf(replace(REPORT, blocks=blocks))  # type: ignore[arg-type]


def test_a_kind_that_the_profile_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        to_pdf(replace(PARTY, kind="telegram"))
