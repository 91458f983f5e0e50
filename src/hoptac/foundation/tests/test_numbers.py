"""Numbers in print, as offices write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation.vietnamese import format_number


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234567, None, "1.234.567"), (Decimal("58506.9"), None, "58.506,9"), (Decimal("59120.00"), None, "59.120"),
        (7.25, 1, "7,3"), (Decimal("2.5"), 0, "3"), (Decimal("1234567.805"), None, "1.234.567,81"),
        (1234, 2, "1.234,00"), (-0.001, None, "0"), (None, None, ""), (Decimal("-2.5"), 0, "-3"),
    ],
)  # fmt: skip
def test_a_number_is_grouped_by_dots_and_halves_are_rounded_up(
    value: Any, decimals: int | None, written: str
) -> None:
    assert format_number(value, decimals) == written


def test_english_has_it_the_other_way_round() -> None:
    assert format_number(Decimal("1234.5"), vi=False) == "1,234.5"
