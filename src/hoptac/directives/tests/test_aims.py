"""Aims are kept with their numbers, apart from what is proposed; one may become a task or a target."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hoptac.directives import aiming, selectors
from hoptac.directives.actions import accept_passages, restore_passages, store_reading, take_aim
from hoptac.directives.in_words import figure_words
from hoptac.directives.models import Passage
from hoptac.directives.reading import read_text
from hoptac.directives.reading.result import Bound
from hoptac.directives.terms import PassageState
from hoptac.foundation.findings import Refused

TEXT = """KẾ HOẠCH
Phát triển kinh tế tập thể
I. MỤC TIÊU
- Đến năm 2030, toàn tỉnh có trên 1.100 hợp tác xã, trong đó trên 60% hợp tác xã xếp loại khá, tốt.
- Giảm số hợp tác xã ngừng hoạt động còn dưới 5% vào năm 2028.
- Thu nhập bình quân của thành viên đạt 75 triệu đồng/năm.
- Thực hiện Nghị quyết số 20-NQ/TW ngày 16/6/2022.
II. NHIỆM VỤ
1. Sở Tài chính rà soát các hợp tác xã; báo cáo trước ngày 15/12.
"""


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Đến năm 2025 có trên 1.100 hợp tác xã", [("1100", "hợp tác xã", 2025, Bound.AT_LEAST)]),
        ("100% các xã có hợp tác xã", [("100", "%", None, Bound.AT_LEAST)]),
        (
            "Tỷ lệ hợp tác xã yếu còn dưới 5,5% vào cuối năm 2028",
            [("5.5", "%", 2028, Bound.AT_MOST)],
        ),
        ("Doanh thu đạt 2,5 tỷ đồng/năm", [("2.5", "tỷ đồng/năm", None, Bound.AT_LEAST)]),
        (
            "Ít nhất 02 sản phẩm OCOP từ 3 sao trở lên",
            [("2", "sản phẩm ocop", None, Bound.AT_LEAST)],
        ),
        ("Thực hiện Nghị quyết số 20 và Quyết định 167 trong năm 2021", []),
    ],
)
def test_numbers_of_aims_are_read(sentence: str, wanted: list[Any]) -> None:
    aims = read_text(
        f"KẾ HOẠCH\nVề thử\nI. MỤC TIÊU\n1. {sentence}.\nII. NHIỆM VỤ\n1. Rà soát.\n"
    ).aims
    found = [f for a in aims for f in a.figures]
    assert [
        (str(f.value.normalize() if f.value % 1 else int(f.value)), f.unit, f.year, f.bound)
        for f in found
    ] == wanted


def stored(office: Any) -> Any:
    document = office.document(text=TEXT)
    store_reading(office.party, document, reading=read_text(TEXT))
    return document


def test_aims_stand_apart_with_their_numbers(office: Any) -> None:
    document = stored(office)
    aims = list(document.passages.filter(state=PassageState.AIM).order_by("start"))
    assert [a.content[:9] for a in aims][:2] == ["Đến năm 2", "Giảm số h"]
    assert document.passages.filter(state=PassageState.PROPOSED).count() == 2
    first = aims[0].due["figures"][0]
    assert (Decimal(first["value"]), first["unit"], first["year"]) == (1100, "hợp tác xã", 2030)
    assert document.text[aims[0].start : aims[0].end].startswith("Đến năm 2030")


def test_an_aim_becomes_a_task_and_an_aim_again(office: Any) -> None:
    document = stored(office)
    aim = document.passages.filter(state=PassageState.AIM).order_by("start")[0]
    assert [p.pk for p in accept_passages(office.party, document, passages=[aim.pk])] == [aim.pk]
    restore_passages(office.party, document, passages=[aim.pk])
    aim.refresh_from_db()
    assert aim.state == PassageState.AIM


def test_a_document_with_aims_is_read_again(office: Any) -> None:
    document = stored(office)
    store_reading(office.party, document, reading=read_text(TEXT))
    live = selectors.passages_of(document)
    assert sum(p.state == PassageState.AIM for p in live) == len(read_text(TEXT).aims)


def test_a_target_made_of_an_aim_is_written_down(office: Any) -> None:
    document = stored(office)
    aim = document.passages.filter(state=PassageState.AIM).order_by("start")[0]
    take_aim(
        office.party,
        document,
        passage=aim.pk,
        title="Kế hoạch năm 2026: hợp tác xã",
        href="/plans/x/",
    )
    aim.refresh_from_db()
    assert aim.due["target"]["href"] == "/plans/x/"
    task = document.passages.filter(state=PassageState.PROPOSED)[0]
    with pytest.raises(Refused):
        take_aim(office.party, document, passage=task.pk, title="x", href="/x/")


def test_without_a_keeper_of_targets_aims_are_only_shown(office: Any) -> None:
    maker = aiming._maker
    aiming.set_target_maker(None)
    try:
        assert aiming.target_page(office.party, Passage().pk, 0) == ""
    finally:
        aiming.set_target_maker(maker)


def test_a_number_is_said_in_words() -> None:
    told = {"value": "1100", "unit": "hợp tác xã", "bound": "at_least", "year": 2030}
    assert "1.100 hợp tác xã" in figure_words(told)
    assert "2030" in figure_words(told)
