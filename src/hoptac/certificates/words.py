"""Sums of money in Vietnamese words, as they stand on certificates."""

from __future__ import annotations

from itertools import count

_DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
_UNITS = ("", "nghìn", "triệu")


def dong_in_words(amount: int) -> str:
    """Return an amount as it is written out: ``Hai trăm linh năm triệu đồng``."""
    words = " ".join(_number(amount)) if amount else "không"
    return f"{words[0].upper()}{words[1:]} đồng"


def _number(value: int) -> list[str]:
    groups = []
    while value:
        value, group = divmod(value, 1000)
        groups.append(group)
    words: list[str] = []
    for place, group in zip(count(len(groups) - 1, -1), reversed(groups), strict=False):
        if group:
            words += _group(group, is_first=not words)
            if place % 3:
                words.append(_UNITS[place % 3])
        if words and place % 3 == 0:
            words += ["tỷ"] * (place // 3 > 0)
    return words


def _group(value: int, *, is_first: bool) -> list[str]:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = [] if is_first and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0 and ones:
        words += ["linh"] * bool(words)
    elif tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5 and tens:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words
