"""What the register asks beside the rulebook's examples."""

from __future__ import annotations

from datetime import date

import pytest

from hoptac.foundation.rulebook import rule_in_force
from hoptac.registry.rules.particulars import (
    LegalEraRule,
    check_registration_number,
    compute_check_digit,
    compute_legal_era,
)


def test_a_legal_era_not_known_is_todays():
    assert compute_legal_era(None, today=date(2026, 1, 1)) == "law_2023"
    assert rule_in_force(LegalEraRule, on=date(2013, 6, 30)).era == "before_2012"


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("", []),
        ("1709551552", []),
        ("170955155", ["registration_number_format"]),
        ("1709551551", ["registration_number_check_digit"]),
        ("１７０９５５１５５２", ["registration_number_format"]),
    ],
)
def test_registration_numbers(number, codes):
    assert [f.code for f in check_registration_number(number)] == codes


def test_check_digit():
    assert compute_check_digit("170955155") == 2
