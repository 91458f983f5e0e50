"""Pages set in type: what stands in the data is printed, nothing else, the same everywhere."""

from __future__ import annotations

import io
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from hoptac.foundation.documents import engine, typesetting
from hoptac.foundation.documents.official import (
    Authority,
    OfficialDocument,
    Paragraph,
    Recipients,
    Signature,
)
from hoptac.foundation.documents.official.sheet import Sheet
from hoptac.foundation.documents.typesetting import CannotTypeset, typeset

DOCUMENT = OfficialDocument(
    "state", ["Ủy ban nhân dân", "xã Giồng Riềng"], "notice", "về hồ sơ", [Paragraph("Hồ sơ đã nhận đủ.")],
    number=5, symbol="TB-UBND", place="Giồng Riềng", day=date(2026, 2, 5), recipients=Recipients(["Hợp tác xã"]),
    signatures=[Signature("Chủ tịch", "Nguyễn Văn A", [Authority("on_behalf", "Ủy ban nhân dân")])],
)  # fmt: skip


def sheet(**changes: Any) -> dict[str, Any]:
    """Return the data of the document, changed, with its letters as they were written."""
    return Sheet(replace(DOCUMENT, **changes), lambda text: text).as_data()


LETTER = sheet()


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def letter(**changes: Any) -> bytes:
    return typeset("documents/official", {**LETTER, **changes})


def written(**changes: Any) -> bytes:
    return typeset("documents/official", sheet(**changes))


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return the name under which a template of these words is found."""

    def make(words: str) -> str:
        path = tmp_path / "one.typ"
        path.write_text(words, encoding="utf-8")
        monkeypatch.setattr(typesetting, "template_of", lambda name: path)
        monkeypatch.setattr(engine, "ROOT", tmp_path)
        return str(path)

    return make


def test_a_letter_has_every_part_of_a_state_document() -> None:
    said = text_of(letter())
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN",
        "XÃ GIỒNG RIỀNG", "Số: 05/TB-UBND", "Giồng Riềng, ngày 05 tháng 02 năm 2026", "THÔNG BÁO",
        "về hồ sơ", "Hồ sơ đã nhận đủ.", "Nơi nhận:", "- Hợp tác xã;", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn A",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-09", "ngày 09 tháng 3 năm 2026"),
        ("2026-01-31", "ngày 31 tháng 01 năm 2026"),
        ("2026-12-10", "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_days_and_numbers_are_written_as_the_decree_has_them(day: str, words: str) -> None:
    said = text_of(written(day=date.fromisoformat(day), number=12))
    assert words in said
    assert "Số: 12/TB-UBND" in said


def test_what_looks_like_the_language_of_templates_is_printed_as_it_stands() -> None:
    name = 'HTX #panic(1) *đậm* $x^2$ @nhãn <b> \\ // [a] `c` #read("/etc/passwd")'
    assert name in text_of(written(blocks=[Paragraph(name)]))


def test_the_file_says_that_it_is_archival_and_for_every_reader() -> None:
    reader = PdfReader(io.BytesIO(letter()))
    told = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2<" in told
    assert "<pdfaid:conformance>A<" in told
    assert "<pdfuaid:part>1<" in told
    assert reader.metadata.title == "Thông báo về hồ sơ"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("vi")


def test_the_same_data_give_the_same_bytes_whatever_the_clock_and_the_thread() -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.extend(letter() for _ in range(5))) for _ in range(4)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
    assert written(number=6) not in found


def test_only_the_vendored_font_is_used_and_has_every_vietnamese_letter() -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = "".join(
        unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for t in tones
    )
    content = written(blocks=[Paragraph(letters + "đĐ–“”…№°")], about="Chữ")
    reader = PdfReader(io.BytesIO(content))
    resources = [f for p in reader.pages for f in p["/Resources"]["/Font"].values()]
    fonts = {str(f.get_object()["/BaseFont"]) for f in resources}
    assert all("LiberationSerif" in f for f in fonts), fonts
    assert set(letters + "đĐ–“”…№°") <= set(text_of(content))


def test_letters_written_as_two_signs_are_composed() -> None:
    assert letter(about=unicodedata.normalize("NFD", "về hồ sơ")) == letter()


def test_lazy_texts_are_words_and_what_is_no_data_is_refused() -> None:
    assert letter(kind=gettext_lazy("Journal")) != letter()
    with pytest.raises(CannotTypeset):
        letter(place_and_day=object())


def test_a_letter_that_the_font_lacks_is_refused_not_left_out() -> None:
    with pytest.raises(CannotTypeset, match="中"):
        letter(about="中")


def test_an_unknown_font_is_refused_not_replaced(
    template: Callable[[str], str],
) -> None:
    with pytest.raises(CannotTypeset, match="unknown font family"):
        typeset(template('#set document(title: "x")\n#set text(font: "Arial")\nx'), {})


def test_a_mistake_in_a_template_says_where(template: Callable[[str], str]) -> None:
    with pytest.raises(CannotTypeset, match="unknown variable"):
        typeset(template("#nothing_of_the_kind"), {})


@pytest.mark.parametrize(
    "name",
    [
        "documents/letter",
        "nobody/official",
        "official",
        "documents/",
        "documents/../typst/official",
    ],
)
def test_a_template_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(CannotTypeset, match="no such"):
        typeset(name, {})
