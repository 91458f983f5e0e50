"""Pages set in type: what stands in the data is printed, nothing else, the same everywhere."""

from __future__ import annotations

import io
import threading
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from hoptac.foundation.documents import engine, typesetting
from hoptac.foundation.documents.typesetting import CannotTypeset, typeset

LETTER = {
    "agency": ["Ủy ban nhân dân", "xã Giồng Riềng"], "number": 5, "symbol": "TB-UBND",
    "place": "Giồng Riềng", "day": date(2026, 2, 5), "kind": "Thông báo", "about": "về hồ sơ",
    "body": [{"text": "Hồ sơ đã nhận đủ."}], "recipients": ["Hợp tác xã", "Lưu: VT"],
    "signature": {"authority": ["TM. Ủy ban nhân dân", "Chủ tịch"], "name": "Nguyễn Văn A"},
}  # fmt: skip


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def letter(**changes: Any) -> bytes:
    return typeset("documents/letter", {**LETTER, **changes})


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
    said = text_of(letter(day=day, number=12))
    assert words in said
    assert "Số: 12/TB-UBND" in said


def test_what_looks_like_the_language_of_templates_is_printed_as_it_stands() -> None:
    name = 'HTX #panic(1) *đậm* $x^2$ @nhãn <b> \\ // [a] `c` #read("/etc/passwd")'
    assert name in text_of(letter(body=[{"text": name}]))


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
    assert letter(number=6) not in found


def test_only_the_vendored_font_is_used_and_has_every_vietnamese_letter() -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = "".join(
        unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for t in tones
    )
    content = letter(body=[{"text": letters + "đĐ–“”…№°"}], title="Chữ")
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
        letter(place=object())


def test_a_letter_that_the_font_lacks_is_refused_not_left_out() -> None:
    with pytest.raises(CannotTypeset, match="中"):
        letter(about="中")


def test_a_paper_that_must_come_out_does_whatever_people_typed() -> None:
    for text in ("Công ty 東京 Ưu Đàm", "\x07\u202e đảo", "a\u0301\u0323\u0300", "😀 ẟ ‿"):
        content = {**LETTER, "body": [{"text": text}]}
        assert typeset("documents/letter", content, whatever_is_written=True).startswith(b"%PDF-")
    assert typeset("documents/letter", LETTER, whatever_is_written=True) == typeset(
        "documents/letter", LETTER
    )


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
    ["documents/letters", "nobody/letter", "letter", "documents/", "documents/../typst/letter"],
)
def test_a_template_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(CannotTypeset, match="no such"):
        typeset(name, {})


def test_every_kind_of_block_is_shown_and_the_second_page_has_its_number() -> None:
    body: list[dict[str, Any]] = [
        {"plain": "Kính gửi:"}, {"centre": "QUYẾT ĐỊNH:"}, {"article": ["Điều 1.", "Thu hồi."]},
        {"heading": "Mục II"}, {"list": ["Điều lệ"]}, {"numbered": ["Giấy đề nghị"]},
        {"fields": [["Mã số", "91-001"], ["Fax", ""]]},
        {"table": {"columns": ["STT", "Giấy tờ"], "rows": [[1, "Biên bản"], [2, None]]}},
        *[{"text": "Dòng dài thêm. " * 40}] * 6,
    ]  # fmt: skip
    content = letter(body=body)
    said = text_of(content)
    for part in (
        "Kính gửi:", "Điều 1. Thu hồi.", "- Điều lệ", "1. Giấy đề nghị", "Mã số: 91-001",
        "Fax: ....", "Biên bản",
    ):  # fmt: skip
        assert part in said, part
    pages = PdfReader(io.BytesIO(content)).pages
    assert pages[1].extract_text().split()[0] == "2"
    with pytest.raises(CannotTypeset, match="unknown block"):
        letter(body=[{"texts": "x"}])
