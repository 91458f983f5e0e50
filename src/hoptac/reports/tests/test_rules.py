"""Periods, outlines and sentences: what the rule files say is what is printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hoptac.reports import catalogue
from hoptac.reports.drafting import facts_of  # noqa: F401  (the names of facts stand there)
from hoptac.reports.rules.calendar import coming
from hoptac.reports.rules.periods import before, period_of
from hoptac.reports.rules.sentences import Value, change, fill
from hoptac.reports.terms import Kind, Standing

_FACTS = {"ky": "quý III năm 2020", "van_ban": ""}


def value(now: str | None, then: str | None = None, *, code: str = "htx", places: int = 0) -> Value:
    return Value(
        code=code, name="Tổng số", places=places, href="/registry/", unit="hợp tác xã",
        value=None if now is None else Decimal(now), before=None if then is None else Decimal(then),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "part", "begins", "ends", "words"),
    [
        ("quarter", 3, date(2020, 7, 1), date(2020, 9, 30), "quý III năm 2020"),
        ("quarter", 4, date(2020, 10, 1), date(2020, 12, 31), "quý IV năm 2020"),
        ("half", 1, date(2020, 1, 1), date(2020, 6, 30), "6 tháng đầu năm 2020"),
        ("year", 0, date(2020, 1, 1), date(2020, 12, 31), "năm 2020"),
    ],
)
def test_a_period_has_its_days_and_its_words(
    kind: str, part: int, begins: date, ends: date, words: str
) -> None:
    found = period_of(kind, 2020, part)
    assert (found.begins_on, found.ends_on, found.words) == (begins, ends, words)


def test_a_review_runs_to_the_day_given_and_there_is_no_fifth_quarter() -> None:
    assert period_of("final", 2020, 0, date(2025, 12, 31)).words == "giai đoạn 2020-2025"
    for kind, part in (("quarter", 5), ("quarter", 0), ("half", 3), ("final", 0)):
        with pytest.raises(ValueError, match=r"part|ends"):
            period_of(kind, 2020, part)


def test_the_stretch_before_a_period_is_as_long() -> None:
    assert before(period_of("quarter", 2020, 1)) == (date(2019, 9, 30), date(2019, 12, 31))
    assert before(period_of("year", 2020)) == (date(2018, 12, 31), date(2019, 12, 31))


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ("459", "447", "tăng 12 (2,7%)"), ("440", "447", "giảm 7 (1,6%)"), ("447", "447", "không thay đổi"),
        ("52638", "52632", "tăng 6"), ("3", "0", "tăng 3"), (None, "1", None), ("1", None, None),
    ],
)  # fmt: skip
def test_a_change_is_told_in_plain_numbers(now: str, then: str, said: str) -> None:
    assert change(value(now, then)) == said


def test_a_sentence_is_filled_and_its_number_leads_to_the_records() -> None:
    filled = fill("có {htx} hợp tác xã[, {htx|so}].", {"htx": value("1459", "1447")}, _FACTS)
    assert filled.text == "Có 1.459 hợp tác xã, tăng 12 (0,8%)."
    assert [p.text for p in filled.pieces if p.href] == ["1.459"]


def test_what_is_unknown_is_left_out_in_brackets_and_else_silences_the_sentence() -> None:
    values = {"htx": value("10"), "tht": value(None, code="tht")}
    assert fill("Có {htx}[ và {tht}].", values, _FACTS).text == "Có 10."
    silent = fill("Có {htx} và {tht}.", values, _FACTS)
    assert (silent.text, silent.missing) == ("", ["tht"])
    assert fill("[Theo {van_ban}, ]có {htx}.", values, _FACTS).text == "Có 10."
    assert fill("Có {htx}[, {tht}[, {htx}]].", values, _FACTS).text == "Có 10."


@pytest.mark.parametrize("sentence", ["Có [{htx}.", "Có {htx}]."])
def test_brackets_that_do_not_close_are_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        fill(sentence, {"htx": value("1")}, _FACTS)


def test_every_kind_has_an_outline_in_both_lines_and_speaks_of_known_figures_only() -> None:
    specs = catalogue.figure_specs()
    known = {c: value("1", "1", code=c) for c in specs}
    facts = dict.fromkeys(
        ("ky", "loai", "den_ngay", "moc_so", "tinh", "noi", "van_ban", "van_ban_day_du"), "x"
    )
    for chain in ("state", "party"):
        for kind in Kind:
            outline = catalogue.outline_for(chain, kind)
            assert fill(outline.about, known, facts).text
            for section in outline.sections:
                assert set(section.tasks) <= set(Standing.values)
                for sentence in section.sentences:
                    assert fill(sentence, known, facts).text
            for annex in outline.annexes:
                spec = catalogue.annex_spec(annex)
                assert spec.lists in {"rows", "bodies", "tasks", "words"}
                assert (spec.lists == "rows") == bool(spec.form)
            rows = catalogue.annex_rows(outline)
            assert not {r.code for r in rows} & set(specs)
            assert len({r.code for r in rows}) == len(rows)


def test_no_outline_makes_a_judgement() -> None:
    judging = ("mạnh", "tốt hơn", "đáng kể", "vượt bậc", "tích cực", "khá cao")
    for outline in catalogue.outlines():
        for section in outline.sections:
            assert not any(word in s for s in section.sentences for word in judging)


def test_the_calendar_names_the_next_day_of_each_duty_and_the_year_it_is_of() -> None:
    found = {
        c.duty.code: (c.due_on, c.year) for c in coming(catalogue.duties(), date(2020, 12, 20))
    }
    assert found["programme_finance"] == (date(2020, 12, 24), 2020)
    assert found["programme_ministry"] == (date(2021, 12, 19), 2021)
    assert found["groups"] == (date(2021, 1, 30), 2020)


def test_party_documents_are_numbered_by_term() -> None:
    assert catalogue.party_term(date(2020, 6, 1)) == "2015-2020"
    assert catalogue.party_term(date(2021, 6, 1)) == "2020-2025"
