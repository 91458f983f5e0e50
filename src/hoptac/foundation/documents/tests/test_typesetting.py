"""Pages set in type: what stands in the data is printed, nothing else, the same everywhere."""

from __future__ import annotations

import io
import shutil
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from hoptac.foundation.documents import typesetting
from hoptac.foundation.documents.formats import format_on
from hoptac.foundation.documents.official import wording
from hoptac.foundation.documents.typesetting import CannotTypeset, typeset

PAGE = """
#import "/foundation/documents/typst/house.typ": *
#let data = json(bytes(sys.inputs.data))
#show: page-style.with(title: data.title, day: data.day)
#head(data.agency, number: 5, symbol: "TB-UBND", place: "Giồng Riềng", day: data.day)
#title-block("Thông báo", about: data.title)
#par(data.text)
#field("Mã số", none)
#let signed = signature-block(("TM. Ủy ban nhân dân", "Chủ tịch"), name: "Nguyễn Văn A")
#ending(receivers: ("Hợp tác xã", "Lưu: VT"), signature: signed)
"""
DATA = {
    "agency": ["Ủy ban nhân dân", "xã A"],
    "title": "Về hồ sơ",
    "text": "Đã nhận đủ.",
    "day": date(2026, 2, 5),
}


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return the name under which a template of these words is found."""

    def make(words: str) -> str:
        path = tmp_path / "one.typ"
        path.write_text(words, encoding="utf-8")
        monkeypatch.setattr(typesetting, "_place_of", lambda name: path)
        monkeypatch.setattr(typesetting, "ROOT", tmp_path)
        return str(path)

    return make


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., bytes]:
    """Return what sets a page in the house style with these data."""
    style = tmp_path / "foundation" / "documents" / "typst" / "house.typ"
    style.parent.mkdir(parents=True)
    shutil.copy(typesetting.ROOT / style.relative_to(tmp_path), style)
    path = tmp_path / "page.typ"
    path.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(typesetting, "_place_of", lambda name: path)
    monkeypatch.setattr(typesetting, "ROOT", tmp_path)
    return lambda format=None, **changes: typeset(str(path), {**DATA, **changes}, format=format)


def test_a_page_in_the_house_style_has_every_part_of_a_state_document(
    page: Callable[..., bytes],
) -> None:
    said = text_of(page())
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN",
        "XÃ A", "Số: 05/TB-UBND", "Giồng Riềng, ngày 05 tháng 02 năm 2026", "THÔNG BÁO",
        "Về hồ sơ", "Đã nhận đủ.", "Mã số: ....", "Nơi nhận:", "- Hợp tác xã;", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn A",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 1, 31), date(2026, 12, 10), None])
def test_templates_write_days_as_official_documents_do(
    page: Callable[..., bytes], day: date | None
) -> None:
    assert wording.day_in_words(day).replace("\u00a0", " ") in text_of(page(day=day))


def test_what_looks_like_the_language_of_templates_is_printed_as_it_stands(
    page: Callable[..., bytes],
) -> None:
    name = 'HTX #panic(1) *đậm* $x^2$ @nhãn <b> \\ // [a] `c` #read("/etc/passwd")'
    assert name in text_of(page(text=name))


def test_the_same_data_give_the_same_bytes_whatever_the_clock_and_the_thread(
    page: Callable[..., bytes],
) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.extend(page() for _ in range(5))) for _ in range(4)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
    assert page(text="Khác.") not in found


def test_only_the_vendored_font_is_used_and_has_every_vietnamese_letter(
    page: Callable[..., bytes],
) -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = "".join(
        unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for t in tones
    )
    content = page(text=letters + "đĐ–“”…№°")
    reader = PdfReader(io.BytesIO(content))
    resources = [f for p in reader.pages for f in p["/Resources"]["/Font"].values()]
    fonts = {str(f.get_object()["/BaseFont"]) for f in resources}
    assert all("LiberationSerif" in f for f in fonts), fonts
    assert set(letters + "đĐ–“”…№°") <= set(text_of(content))


def test_letters_written_as_two_signs_are_composed(page: Callable[..., bytes]) -> None:
    assert page(title=unicodedata.normalize("NFD", "Về hồ sơ")) == page()


def test_lazy_texts_are_words_and_what_is_no_data_is_refused(page: Callable[..., bytes]) -> None:
    assert page(text=gettext_lazy("Journal")) != page()
    with pytest.raises(CannotTypeset):
        page(text=object())


def test_a_letter_that_the_font_lacks_is_refused_not_left_out(page: Callable[..., bytes]) -> None:
    with pytest.raises(CannotTypeset, match="中"):
        page(text="中")


def test_the_format_comes_from_the_rule_file(page: Callable[..., bytes]) -> None:
    state = format_on("state", date(2026, 2, 5))
    smaller = replace(state, body_size=13, nation="Tên khác")
    said = text_of(page(smaller))
    assert "TÊN KHÁC" in said
    assert "CỘNG HÒA" not in said
    assert page() == page(state)


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
        "documents/letters",
        "nobody/official",
        "official",
        "documents/",
        "documents/../typst/official",
    ],
)
def test_a_template_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(CannotTypeset, match="no such"):
        typeset(name, {})
