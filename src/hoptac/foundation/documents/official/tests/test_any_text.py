"""Any text can be set: it neither breaks a writer nor says anything to it."""

from __future__ import annotations

import io
import time
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoptac.foundation.documents.official import (
    Annex,
    Authority,
    Bullets,
    Column,
    Fields,
    Heading,
    OfficialDocument,
    Paragraph,
    Recipients,
    Row,
    Run,
    Signature,
    Table,
    to_docx,
    to_pdf,
)
from hoptac.foundation.documents.official.tests.reading import (
    WordFile,
    pages,
    said,
    text_of,
    words_of,
)
from hoptac.foundation.documents.official.tests.samples import PLACES, SENTENCE, table
from hoptac.foundation.documents.official.typography import clean

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(
    unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for t in TONES
) + "đĐ"  # fmt: skip
SIGNS = "#$<>&*_@`\\[]{}\"'=~-/%"
HOSTILE = [
    '#panic(1) #read("/etc/passwd") $x^2$ *đậm* _nghiêng_ @nhãn <nhãn> `mã` \\ // /* */ [a] {b}',
    "<w:p/> &amp; &#0; ]]> <!-- --> \"'", "- a", "= b", "+ c", "/ d: e", "1. f", "{{ g }} {% h %} %s",
    "\x00\x01\x0b\x1b\x7f\ud800\ufffe\uffff", "\u202e\u200b\u00ad\ufeff\u2028\u2029\r\n\t",
    "中文 😀 ភាសាខ្មែរ x\u0323\u0301\u0301", "A" * 600, "Ệ" * 300, "1/" * 200, "12/ABC-DEF" * 40, "\u00a0" * 60,
    " ", "",
]  # fmt: skip


def full_of(text: str) -> OfficialDocument:
    """Return a document that has the text in every place that takes one."""
    return OfficialDocument(
        "state", [text or "X", text], "report", about=text, parent=text, number=text or None,
        symbol=text, place=text, day=date(2020, 1, 2), kind_name=text, addressees=[text, text],
        basis=[text, Run(text, bold=True)], author=text, keywords=[text],
        blocks=[
            Heading(text), Heading(text, "letter"), Heading(text, "part", number=text),
            Paragraph(text), Paragraph([text, Run(text, True, True, True, note=text), Run(text, href="/x?" + text)]),
            Bullets([text, text]), Bullets([text], "a)"), Fields([(text, text), (text, None)]),
            Table(
                [Column(text, group=text), Column(text, "number", group=text), Column(text)],
                [[text, 1, Run(text, anchor=f"cell {text}")], Row([text], bold=True), [None, Decimal(1), ""]],
                title=text, unit=text, note=text, numbered=True, anchor=f"table {text}",
            ),
            Paragraph(Run(text, href=f"#table {text}")),
        ],
        signatures=[Signature(text, text, [Authority("deputy", text)], note=text, mark=text)],
        recipients=Recipients([text], [text], text, 3),
        annexes=[Annex(text, [Paragraph(text)], landscape=True, reference=text)],
    )  # fmt: skip


def check(text: str) -> None:
    document = full_of(text)
    assert to_pdf(document).startswith(b"%PDF-")
    file = WordFile(to_docx(document))
    for name in file.parts:
        file.tree(name)
    # What stands in a cell is what was given, and nothing but text came of it.
    cell = file.find("//w:tbl")[1].xpath(
        "./w:tr[4]/w:tc[1]", namespaces={"w": file.body.nsmap["w"]}
    )
    kept = clean(text).replace("\u00a0", " ")
    assert said(cell[0]) == kept
    assert len(file.find("//w:tbl")) == 3


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_looks_like_a_language_is_printed_as_it_stands(text: str) -> None:
    check(text)


# Letters of every script, signs of every kind, and those that no file may hold.
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(LETTERS + SIGNS), st.characters()), max_size=60))
def test_any_text_at_all(text: str) -> None:
    check(text)


def test_every_vietnamese_letter_is_printed_composed_or_not() -> None:
    words = " ".join(LETTERS[at : at + 7] for at in range(0, len(LETTERS), 7))
    apart = unicodedata.normalize("NFD", words)
    assert apart != words
    document = OfficialDocument("state", "Sở A", "report", number=1, blocks=[Paragraph(apart)])
    assert set(LETTERS) <= set(text_of(to_pdf(document)))
    assert set(LETTERS) <= set("".join(WordFile(to_docx(document)).lines("BodyText")))


def test_templates_print_what_looks_like_their_language() -> None:
    text = HOSTILE[0]
    document = OfficialDocument("state", "Sở A", "report", number=1, blocks=[Paragraph(text)])
    found = text_of(to_pdf(document)).replace("\u200b", "")
    assert "".join(text.split()) in "".join(found.split())


def test_a_letter_that_the_face_lacks_is_a_box_on_paper_and_kept_in_word() -> None:
    document = OfficialDocument(
        "state", "Sở A", "report", number=1, blocks=[Paragraph("Bà 中 ខ 😀")]
    )
    assert "Bà □ □ □" in text_of(to_pdf(document))
    assert WordFile(to_docx(document)).lines("BodyText") == ["Bà 中 ខ 😀"]


def test_a_very_long_word_stays_within_its_cell_and_its_page() -> None:
    long = Table([Column("A"), Column("B")], [["x" * 400, "y"], ["z" * 90, "w" * 400]])
    document = OfficialDocument(
        "state", "Sở A", "report", number=1, blocks=[Paragraph("Ệ" * 500), long]
    )
    for page in pages(to_pdf(document)):
        for word in words_of(page):
            assert word.x + 0.45 * len(word.text) * word.size * 25.4 / 72 < 210, word


def test_a_table_of_a_thousand_rows_runs_over_its_pages() -> None:
    document = OfficialDocument("state", "Sở A", "report", number=1, blocks=[table(1000)])
    found = pages(to_pdf(document))
    assert len(found) > 20
    assert all("Địa bàn" in p.extract_text() for p in (found[1], found[10], found[-1]))
    file = WordFile(to_docx(document))
    assert len(file.find("//w:tbl")[1].findall(f"{{{file.body.nsmap['w']}}}tr")) == 1003


def test_forty_pages_with_sixty_tables_are_written_in_well_under_five_seconds() -> None:
    blocks: list[Any] = []
    for at in range(60):
        blocks += [
            Heading(PLACES[at % 5], "arabic"),
            Paragraph(SENTENCE * 6),
            table(15, title=f"Bảng {at}"),
        ]
    document = OfficialDocument("state", "Sở A", "report", number=1, blocks=blocks)
    to_pdf(document)
    before = time.process_time()
    content, word = to_pdf(document), to_docx(document)
    took = time.process_time() - before
    assert len(pages(content)) >= 40
    assert len(docx_tables(word)) == 61
    assert took < 5, took


def docx_tables(content: bytes) -> list[Any]:
    import docx

    return docx.Document(io.BytesIO(content)).tables
