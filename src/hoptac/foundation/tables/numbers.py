"""Numbers as Vietnamese offices write them: ``1.234,5``, ``3,65 tỷ``, ``72 TV``, ``1O2``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

# Words of size with their factor; longer first where one begins another.
_UNITS = {
    "ty dong": 10**9, "ti dong": 10**9, "ty": 10**9, "ti": 10**9,
    "trieu dong": 10**6, "trieu": 10**6, "tr dong": 10**6, "trd": 10**6, "tr": 10**6,
    "nghin dong": 10**3, "ngan dong": 10**3, "nghin": 10**3, "ngan": 10**3,
    "dong": 1, "vnd": 1, "d": 1,
}  # fmt: skip
AREA_UNITS = {
    "ha": Decimal(1),
    "hec ta": Decimal(1),
    "m2": Decimal("0.0001"),
    "m²": Decimal("0.0001"),
    "cong": Decimal("0.1"),
}
# Letters that fingers put where a digit was meant.
_MISTYPED = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "i": "1", "S": "5", "B": "8"})
_NUMBER = re.compile(r"[-+−–]?\d[\d.,\s ']*|[-+−–]?[.,]\d+")
_BLANKS = {"", "-", "--", "–", "—", "x", "không", "khong", "…", "...", ".", "ko", "k", "na", "n/a"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a cell. ``unit`` is the factor of a unit written beside it, if any."""

    value: Decimal | int | None
    unit: Decimal | int | None = None
    is_text: bool = False
    repaired: bool = False
    unreadable: bool = False


EMPTY = Number(None)
UNREADABLE = Number(None, unreadable=True, is_text=True)


def plain_number(text: str) -> Decimal | None:
    """Return the number that a text of digits, points and commas means in Vietnamese habit.

    A comma is the decimal mark, a point parts thousands. A single point or comma followed by exactly
    three digits parts thousands; a point before fewer or more digits is a decimal mark (a foreign
    keyboard). Nothing where the text is no number.
    """
    text = re.sub(r"[\s ']", "", text).replace("−", "-").replace("–", "-").lstrip("+")
    if not text:
        return None
    sign, body = (-1, text[1:]) if text[0] == "-" else (1, text)
    commas, points = body.count(","), body.count(".")
    if commas and points:
        decimal = max(",.", key=body.rfind)
        body = body.replace("." if decimal == "," else ",", "").replace(",", ".")
    elif commas == 1:
        whole, part = body.split(",")
        body = f"{whole}.{part}"
    elif commas:
        body = body.replace(",", "")
    elif points:
        groups = body.split(".")
        if all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0":
            body = "".join(groups)
        elif points > 1:
            return None
    try:
        return sign * Decimal(body)
    except InvalidOperation:
        return None


def read_number(value: Any, units: dict[str, Any] | None = None, fold: Any = None) -> Number:
    """Return what a cell says as a number.

    ``units`` names the unit words that change the value (money: by default none do). Other words after
    a number (``hộ``, ``TV``, ``người``) are passed over. A text without any digit is unreadable, except
    the signs that mean nothing at all (``-``, ``…``).
    """
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return UNREADABLE
    if isinstance(value, int):
        return Number(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return UNREADABLE
        return Number(Decimal(repr(value)))
    text = str(value).strip().strip("'\"’").strip()
    folded = fold(text) if fold else text.lower()
    if text.lower() in _BLANKS or folded in _BLANKS:
        return EMPTY
    mended = _mended(text)
    if mended is not None:
        return Number(mended, None, True, repaired=True)
    found = _NUMBER.match(text)
    if found is None:
        lead = re.match(r"^[^\d]{0,12}?(?=[-−]?\d)", text)
        if (lead and not re.search(r"[^\W\d_]", lead[0])) or (
            lead
            and re.fullmatch(
                r"(?:khoang|gan|hon|tren|~|k|kg)\W*", fold(lead[0]) if fold else lead[0].lower()
            )
        ):
            found = _NUMBER.match(text, lead.end())
    if found is not None:
        rest = text[found.end() :].strip()
        if not rest or not re.match(r"[\dA-Za-z]*\d", rest):
            number = plain_number(found[0].rstrip(" .,\xa0"))
            if number is not None:
                if rest == "":
                    return Number(number, None, True)
                word = (fold(rest) if fold else rest.lower()).strip(" .,;:()")
                if units is None:
                    return Number(number, None, True)
                factor = units.get(word)
                if factor is None:
                    first = sorted((u for u in units if re.match(rf"{u}\b", word)), key=len)
                    factor = units[first[-1]] if first else None
                return Number(number, factor, True)
    return UNREADABLE


def _mended(text: str) -> Decimal | None:
    """Return the number of a text in which letters stand for digits (``2O``, ``l5``, ``1S0``)."""
    squeezed = re.sub(r"[\s\xa0]", "", text)
    if len(squeezed) < 2 or not re.fullmatch(r"-?[\doOlIiSB][\doOlIiSB.,]*", squeezed):
        return None
    if squeezed.translate(_MISTYPED) == squeezed or not any(c.isdigit() for c in squeezed):
        return None
    return plain_number(squeezed.translate(_MISTYPED))


MONEY_UNITS = _UNITS
