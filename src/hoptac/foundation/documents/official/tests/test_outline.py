"""Numbers of headings, and how a table's width is shared."""

from __future__ import annotations

import pytest

from hoptac.foundation.documents.official import Heading, outline, widths
from hoptac.foundation.documents.official.metrics import width_mm, with_known_letters


def labels(*levels: str, **more: str) -> list[str]:
    return outline.labels([Heading("x", level) for level in levels])  # type: ignore[arg-type]


def test_headings_are_counted_anew_beneath_each_higher_one() -> None:
    assert labels("roman", "arabic", "letter", "letter", "arabic", "letter", "roman", "arabic") == [
        "I.", "1.", "a)", "b)", "2.", "a)", "II.", "1.",
    ]  # fmt: skip
    assert labels("part", "chapter", "section", "part", "chapter") == [
        "Phần I", "Chương I", "Mục 1", "Phần II", "Chương I",
    ]  # fmt: skip
    assert labels("arabic", "decimal", "decimal", "arabic", "decimal") == [
        "1.", "1.1.", "1.2.", "2.", "2.1.",
    ]  # fmt: skip


def test_articles_are_counted_through_the_whole_document() -> None:
    assert labels("chapter", "article", "arabic", "article", "chapter", "article") == [
        "Chương I", "Điều 1.", "1.", "Điều 2.", "Chương II", "Điều 3.",
    ]  # fmt: skip


def test_a_number_that_is_given_is_printed_and_one_that_is_empty_left_out() -> None:
    blocks = [Heading("a", "part", number="Phần thứ nhất"), Heading("b", number=""), Heading("c")]
    assert outline.labels(blocks) == ["Phần thứ nhất", "", "I."]


def test_levels_lie_without_a_gap_whichever_a_document_uses() -> None:
    assert outline.depths([Heading("x", "arabic"), Heading("y", "roman"), Heading("z", "letter")]) == {
        "roman": 1, "arabic": 2, "letter": 3,
    }  # fmt: skip


def test_columns_of_numbers_get_what_their_widest_number_needs() -> None:
    texts = ["Một câu dài về tình hình hoạt động của đơn vị trong năm qua " * 3]
    found = widths.fitted(
        ["TT", "Nội dung", "Số tiền"], [["1"], texts, ["1.234.567.890,5"]], [False, False, True],
        size=12, total=165,
    )  # fmt: skip
    assert round(sum(found), 6) == 165
    assert found[2] >= width_mm("1.234.567.890,5", 12)
    assert found[1] > found[2] > found[0]


def test_shares_are_kept_and_too_many_columns_still_fit() -> None:
    assert widths.shares([1, 3, None], 120) == [20, 60, 40]
    many = widths.fitted(["Tiêu đề"] * 40, [["123.456"]] * 40, [True] * 40, size=12, total=165)
    assert round(sum(many), 6) == 165


def test_a_long_name_is_broken_into_lines_of_like_length() -> None:
    assert widths.balanced("ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG", 13, 60) == [
        "ỦY BAN NHÂN DÂN", "TỈNH KIÊN GIANG",
    ]  # fmt: skip
    assert widths.balanced("TỈNH ỦY", 13, 60) == ["TỈNH ỦY"]
    assert widths.balanced("A" * 90, 13, 60) == ["A" * 90]


def test_widths_are_those_of_the_face() -> None:
    # Times Bold, in thousandths of its size: Đ 722, ộ 500, c 444, a blank 250, l 278, ậ 500, p 556.
    assert width_mm("Độc lập", 14, bold=True) == pytest.approx(3.25 * 14 * 25.4 / 72, rel=1e-3)
    assert with_known_letters("Điều 中 ☂") == "Điều □ □"
