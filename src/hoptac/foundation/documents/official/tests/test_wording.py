"""How numbers, days, powers and lists are written (NĐ 30/2020, Annexes I and III; HD 36-HD/VPTW)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hoptac.foundation.documents.formats import format_on, kind_of, kinds
from hoptac.foundation.documents.official import Authority, Recipients, Signature, wording
from hoptac.foundation.documents.official.tests.samples import LETTER, PARTY, REPORT
from hoptac.foundation.documents.official.typography import breakable, clean, set_well

STATE, PARTYS = format_on("state", None), format_on("party", date(2020, 5, 20))
NBSP = "\u00a0"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 2, 5), "ngày 05 tháng 02 năm 2020"),
        (date(2020, 3, 9), "ngày 09 tháng 3 năm 2020"),
        (date(2020, 1, 31), "ngày 31 tháng 01 năm 2020"),
        (date(2020, 12, 10), "ngày 10 tháng 12 năm 2020"),
        (None, "ngày … tháng … năm …"),
    ],
)
def test_days_below_ten_and_months_1_and_2_get_a_leading_zero(day: date | None, words: str) -> None:
    assert plain(wording.day_in_words(day)) == words
    assert plain(wording.place_and_day("Kiên Giang", day)) == f"Kiên Giang, {words}"
    assert plain(wording.place_and_day("", day)) == words


@pytest.mark.parametrize(
    ("profile", "number", "symbol", "line"),
    [
        ("state", 5, "BC-SKHĐT", "Số: 05/BC-SKHĐT"),
        ("state", 87, "KH-UBND", "Số: 87/KH-UBND"),
        ("state", 1215, "UBND-KT", "Số: 1215/UBND-KT"),
        ("state", "03a", "KH-UBND", "Số: 03a/KH-UBND"),
        ("party", 12, "CTr/TU", "Số 12-CTr/TU"),
        ("party", 7, "BC/TU", "Số 07-BC/TU"),
    ],
)
def test_numbers_are_written_as_each_format_has_them(
    profile: str, number: int, symbol: str, line: str
) -> None:
    fmt = STATE if profile == "state" else PARTYS
    assert plain(wording.number_line(fmt, number, symbol)) == line


def test_where_there_is_no_number_yet_a_blank_is_left_for_it() -> None:
    assert plain(wording.number_line(STATE, None, "KH-UBND")) == "Số:        /KH-UBND"
    assert plain(wording.number_line(PARTYS, None, "CTr/TU")) == "Số        -CTr/TU"


@pytest.mark.parametrize(
    ("profile", "kind", "body", "unit", "symbol"),
    [
        ("state", "report", "SKHĐT", "", "BC-SKHĐT"),
        ("state", "programme", "UBND", "", "CTr-UBND"),
        ("state", "official_letter", "UBND", "KT", "UBND-KT"),
        ("state", "official_letter", "UBND", "", "UBND"),
        ("party", "programme", "TU", "", "CTr/TU"),
        ("party", "official_letter", "TU", "", "CV/TU"),
    ],
)
def test_symbols_are_made_of_kind_and_body(
    profile: str, kind: str, body: str, unit: str, symbol: str
) -> None:
    assert wording.symbol_of(profile, kind, body, unit) == symbol  # type: ignore[arg-type]


def test_there_are_the_29_kinds_of_article_7_and_those_of_the_party() -> None:
    state = kinds("state")
    assert len(state) == 29
    assert state["scheme"].name == "Đề án"
    assert state["regulation"].abbreviation == "QyĐ"
    abbreviations = [k.abbreviation for k in state.values() if k.abbreviation]
    assert len(abbreviations) == len(set(abbreviations)) == 27
    assert {k.abbreviation for k in kinds("party").values()} >= {
        "NQ",
        "CT",
        "KL",
        "CTr",
        "TTr",
        "CV",
    }
    assert not kind_of("state", "official_letter").names_itself
    with pytest.raises(ValueError, match="no kind 'conclusion'"):
        kind_of("state", "conclusion")


@pytest.mark.parametrize(
    ("signature", "state", "party"),
    [
        (Signature("Giám đốc"), ["GIÁM ĐỐC"], ["GIÁM ĐỐC"]),
        (
            Signature("Phó Chủ tịch", "", [Authority("on_behalf", "Ủy ban nhân dân"), Authority("deputy", "Chủ tịch")]),
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
            ["T/M ỦY BAN NHÂN DÂN", "K/T CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        (
            Signature("Chánh Văn phòng", "", [Authority("by_order", "Chủ tịch")]),
            ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"], ["T/L CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
        ),
        (
            Signature("Trưởng phòng", "", [Authority("by_authorisation", "Giám đốc")]),
            ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"], ["T/UQ GIÁM ĐỐC", "TRƯỞNG PHÒNG"],
        ),
        (Signature("Giám đốc", acting=True), ["Q. GIÁM ĐỐC"], ["Q. GIÁM ĐỐC"]),
    ],
)  # fmt: skip
def test_powers_have_a_dot_with_the_state_and_a_slash_with_the_party(
    signature: Signature, state: list[str], party: list[str]
) -> None:
    assert wording.powers(STATE, signature) == state
    assert wording.powers(PARTYS, signature) == party


def test_the_list_of_recipients_ends_with_where_it_is_kept() -> None:
    state = Recipients(["Bộ KH&ĐT", "Các sở;"], ["VT", "KT"], copies=20)
    assert wording.receivers(STATE, state, has_addressees=False) == [
        "- Bộ KH&ĐT;", "- Các sở;", "- Lưu: VT, KT (20b).",
    ]  # fmt: skip
    party = Recipients(["Bộ Chính trị", "Ban Bí thư"], ["Văn phòng Tỉnh ủy"])
    assert wording.receivers(PARTYS, party, has_addressees=False) == [
        "- Bộ Chính trị,", "- Ban Bí thư,", "- Lưu Văn phòng Tỉnh ủy.",
    ]  # fmt: skip
    drafted = Recipients([], ["VT", "KT"], "NVA")
    assert wording.receivers(STATE, drafted, has_addressees=True) == ["- Như trên;", "- Lưu: VT, KT, NVA."]  # fmt: skip
    alone = replace(drafted, as_above=False)
    assert wording.receivers(STATE, alone, has_addressees=True) == ["- Lưu: VT, KT, NVA."]


def test_one_addressee_stands_beside_the_word_and_several_beneath_it() -> None:
    assert wording.addressed(STATE, ["Sở A"]) == ["Kính gửi: Sở A"]
    assert wording.addressed(STATE, ["Sở A", "Sở B"]) == ["Kính gửi:", "- Sở A;", "- Sở B."]


def test_a_document_is_cited_by_kind_number_day_and_issuer() -> None:
    assert plain(wording.citation(REPORT)) == (
        "Báo cáo số 05/BC-SKHĐT ngày 05 tháng 02 năm 2021 của Sở Kế hoạch và Đầu tư"
    )
    assert plain(wording.citation(PARTY)) == (
        "Chương trình số 12-CTr/TU, ngày 20 tháng 5 năm 2020 của Tỉnh ủy Kiên Giang"
    )
    assert "của Ủy ban nhân dân tỉnh Kiên Giang" in wording.citation(LETTER)


def test_a_file_is_called_by_kind_and_number_and_a_draft_by_its_title() -> None:
    assert wording.file_name(REPORT, "docx") == "Báo cáo 05-BC-SKHĐT.docx"
    assert wording.file_name(PARTY, "pdf") == "Chương trình 12-CTr-TU.pdf"
    assert (
        wording.file_name(replace(REPORT, number=None, about='a/b: "c"'), "pdf")
        == "Báo cáo a-b- -c-.pdf"
    )


def test_points_are_counted_by_the_vietnamese_alphabet() -> None:
    assert [wording.letter(n) for n in (1, 4, 5, 6, 7, 8, 9, 23, 24)] == [
        "a", "d", "đ", "e", "g", "h", "i", "y", "aa",
    ]  # fmt: skip
    assert [wording.roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["I", "IV", "IX", "XIV", "XL", "XCIX"]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("theo Điều 14 và khoản 2", "theo Điều_14 và khoản_2"),
        ("điểm a khoản 1", "điểm_a khoản_1"),
        ("tại Phụ lục II", "tại Phụ lục_II"),
        ("ngày 05 tháng 02 năm 2020", "ngày_05 tháng_02 năm_2020"),
        ("đạt 50 % kế hoạch", "đạt 50_% kế hoạch"),
        ("1.234,5 triệu đồng", "1.234,5_triệu_đồng"),
        ("20 ha lúa", "20_ha lúa"),
        ("20 hao hụt", "20 hao hụt"),
        ("TP. Rạch Giá", "TP._Rạch Giá"),
        ("một số người", "một số người"),
    ],
)
def test_a_number_stays_with_its_word(given: str, kept: str) -> None:
    assert set_well(given) == kept.replace("_", NBSP)


def test_texts_are_composed_and_lose_what_cannot_be_seen() -> None:
    assert clean("Kiê\u0300\u200bu\x00\ud800\u202e\ufffe") == "Kiều"
    assert clean("a\r\nb\u2028c\td") == "a\nb\nc d"
    assert breakable("x" * 40).replace("\u200b", "|") == f"{'x' * 16}|{'x' * 16}|{'x' * 8}"
    assert breakable("một câu dài hơn mười sáu chữ") == "một câu dài hơn mười sáu chữ"


def test_a_paper_older_than_the_format_has_the_first_and_one_without_a_day_the_last() -> None:
    assert format_on("state", date(2014, 1, 1)) == format_on("state", date(2021, 1, 1)) == STATE
    assert not STATE.confirmed
    assert not PARTYS.confirmed


def test_the_party_format_changed_in_2026() -> None:
    before, since = format_on("party", date(2026, 5, 26)), format_on("party", date(2026, 5, 27))
    assert before == PARTYS
    assert since == format_on("party", None)
    assert (before.receiver_ending, since.receiver_ending) == (",", ";")
    assert (before.letter_about_word, since.letter_about_word) == ("V/v ", "về việc ")
    assert not since.confirmed


def test_the_values_lie_within_what_annex_i_allows() -> None:
    ranges = {
        "margin_top_mm": (20, 25), "margin_bottom_mm": (20, 25), "margin_left_mm": (30, 35),
        "margin_right_mm": (15, 20), "page_number_size": (13, 14), "nation_size": (12, 13),
        "motto_size": (13, 14), "parent_size": (12, 13), "issuer_size": (12, 13),
        "number_size": (13, 13), "place_size": (13, 14), "kind_size": (13, 14), "about_size": (13, 14),
        "letter_about_size": (12, 13), "body_size": (13, 14), "paragraph_space_pt": (6, 99),
        "line_spacing_percent": (100, 150), "authority_size": (13, 14), "signer_size": (13, 14),
        "receivers_title_size": (12, 12), "receivers_size": (11, 11), "annex_size": (14, 14),
    }  # fmt: skip
    for name, (least, most) in ranges.items():
        assert least <= getattr(STATE, name) <= most, name
    assert STATE.first_line_tenth_mm in (100, 127)
