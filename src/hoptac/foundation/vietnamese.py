"""Vietnamese text: one normal form, folding for search, alphabetical order."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """Return the text in NFC with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text without marks and case: what search compares."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


# Vietnamese letters after their Latin base: a ă â, d đ, e ê, o ô ơ, u ư. A sign above ``z`` follows
# the base, so that plain comparison of code points puts ``ă`` after every ``a...``.
_LETTERS = {"ă": "a{", "â": "a|", "đ": "d{", "ê": "e{", "ô": "o{", "ơ": "o|", "ư": "u{"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Every small letter with a mark of its own, for the database to fold with ``translate``.
VIETNAMESE_LETTERS = (
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
)


class _Letters(dict[int, str]):
    """The alphabetical place of each letter, without its tone; worked out when first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        self[code] = _LETTERS.get(bare, fold(bare))
        return self[code]


class _ToneMarks(dict[int, str]):
    """The rank of each letter's tone: none, huyền, hỏi, ngã, sắc, nặng."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        self[code] = next((_TONES[c] for c in parts if c in _TONES), "0")
        return self[code]


_letters, _tone_marks = _Letters(), _ToneMarks()


def sort_key(text: str) -> str:
    """Return what sorts by code point as Vietnamese dictionaries do: letters first, tones after."""
    plain = unicodedata.normalize("NFC", text).casefold()
    tones = plain.translate(_tone_marks).rstrip("0")
    return f"{plain.translate(_letters)}\t{tones}" if tones else plain.translate(_letters)
