"""Telephone numbers in old lists: lost zeros, prefixes no longer in use, signs between the digits."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

# Eleven-digit mobile prefixes that became ten-digit ones in 2018.
_MOBILE_2018 = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037",
    "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
# Area codes of the province before 2017; the numbers behind them began with 3 or 6 and had 7 digits.
_AREAS = {"077": "0297", "076": "0296"}
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")


class Phone(NamedTuple):
    """A telephone number in today's form, and what was wrong with it (code, repair)."""

    number: str | None
    problems: tuple[tuple[str, str], ...] = ()
    punctuated: bool = False


def read_phone(value: Any) -> Phone:
    """Return a telephone cell's number with its leading zero; the first of several numbers."""
    if (
        type(value) is str
        and len(value) == 10
        and value[0] == "0"
        and value.isdigit()
        and value[:3] not in _AREAS
    ):
        return Phone(value)
    text = str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
    first = re.split(r"\s*(?:[;/,]|\s-\s|\bhoặc\b|\bvà\b)\s*", text.strip())[0]
    digits = re.sub(r"\D", "", first)
    if not digits:
        return Phone(None)
    punctuated = isinstance(value, str) and digits != text.strip()
    if digits.startswith("84") and len(digits) in {11, 12}:
        digits = "0" + digits[2:]
    problems: list[tuple[str, str]] = []
    if not digits.startswith("0") and len(digits) in {9, 10}:
        restored = "0" + digits
        repaired, old = _renewed(restored)
        problems.append(("phone_lost_zero", repaired if old else restored))
        digits = restored
    renewed, old = _renewed(digits)
    if old:
        problems.append(("phone_old_prefix", renewed))
        digits = renewed
    return Phone(digits, tuple(problems), punctuated)


def _renewed(digits: str) -> tuple[str, bool]:
    if len(digits) == 11 and digits[:4] in _MOBILE_2018:
        return _MOBILE_2018[digits[:4]] + digits[4:], True
    # 077 3xxxxxx is the old landline of Kiên Giang; 077 with other digits is a mobile number of today.
    if len(digits) == 10 and digits[:3] in _AREAS and digits[3] == "3":
        return _AREAS[digits[:3]] + digits[3:], True
    return digits, False
