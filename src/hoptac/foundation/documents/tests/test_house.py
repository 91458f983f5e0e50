"""The house style that templates share: the parts of a State document, in the format of the rule file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from hoptac.foundation.documents import engine, typesetting
from hoptac.foundation.documents.formats import format_on
from hoptac.foundation.documents.official import wording
from hoptac.foundation.documents.typesetting import typeset

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
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., bytes]:
    """Return what sets a page in the house style with these data."""
    style = tmp_path / "foundation" / "documents" / "typst" / "house.typ"
    style.parent.mkdir(parents=True)
    shutil.copy(engine.ROOT / style.relative_to(tmp_path), style)
    path = tmp_path / "page.typ"
    path.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(typesetting, "template_of", lambda name: path)
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    return lambda **changes: typeset(str(path), {**DATA, **changes})


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


def test_the_format_comes_from_the_rule_file(page: Callable[..., bytes]) -> None:
    state = format_on("state", date(2026, 2, 5))
    smaller = replace(state, body_size=13, nation="Tên khác")
    said = text_of(page(format=smaller.as_data()))
    assert "TÊN KHÁC" in said
    assert "CỘNG HÒA" not in said
    assert page() == page(format=state.as_data())
