"""Vietnamese alphabetical order, as dictionaries and ICU (``vi``) have it."""

from __future__ import annotations

import random

from hoptac.foundation.vietnamese import settled, sort_key


def test_letters_come_first_and_tones_after():
    right = [
        "An", "Az", "Ăn", "Ấp Đông", "Âu", "Da", "Dz", "Đa", "Đại Hà", "Êm", "Hoà An", "Hoa Binh",
        "Hòa Bình", "Hoàng", "Ông", "Ơn", "Số 1", "Tản", "tau", "tàu", "tảu", "tãu", "táu", "tạu",
        "Tân", "Tần", "Ung", "Ưng", "Vĩnh",
    ]  # fmt: skip
    mixed = right.copy()
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=sort_key) == right


def test_case_and_unicode_form_do_not_matter():
    assert sort_key("ĐẠI HÀ") == sort_key("Đại Hà") == sort_key("Đa\u0323i Ha\u0300")


def test_a_tone_stands_in_one_place_with_or_without_an_onset():
    assert (
        settled("Uỷ ban, uỷ viên, huỷ, hoà, quý, Quỳnh, thuý, oà")
        == "Ủy ban, ủy viên, hủy, hòa, quý, Quỳnh, thúy, òa"
    )
