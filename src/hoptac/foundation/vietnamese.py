"""Vietnamese text: one normal form, folding for search, alphabetical order, numbers in print."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Every Vietnamese letter in NFC with its bare letter; others fall back to decomposition.
_LETTERS = {
    "a": "aàảãáạăằẳẵắặâầẩẫấậ",
    "d": "dđ",
    "e": "eèẻẽéẹêềểễếệ",
    "i": "iìỉĩíị",
    "o": "oòỏõóọôồổỗốộơờởỡớợ",
    "u": "uùủũúụưừửữứự",
    "y": "yỳỷỹýỵ",
}
# Every small letter with a mark of its own, for the database to fold with ``translate``.
VIETNAMESE_LETTERS = "".join(c for group in _LETTERS.values() for c in group[1:])
_FOLD = str.maketrans(
    {c: base for base, group in _LETTERS.items() for c in group}
    | {c.upper(): base for base, group in _LETTERS.items() for c in group}
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")


def nfc(text: str) -> str:
    """Return the text composed (NFC); most texts already are."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """Return the text in NFC, with single blanks, without invisible or control characters."""
    if text.isprintable():  # then its only white space is the blank
        text = nfc(text)
        return (
            " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
        )
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(nfc(text).split())


class _Folded(dict[str, str]):
    """Words and what they fold to; a province's lists are written with a few thousand of them."""

    def __missing__(self, word: str) -> str:
        if word.isdigit():
            return word if word.isascii() else _folded(word)
        plain = word.lower() if word.isascii() else _folded(word)
        if len(self) < 65_536 and len(word) <= 24:
            self[word] = plain
        return plain


def _folded(word: str) -> str:
    plain = nfc(word).translate(_FOLD).lower()
    if plain.isascii():
        return plain
    split = unicodedata.normalize("NFD", plain)
    return "".join(c for c in split if not unicodedata.combining(c)).casefold()


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return the text without marks and case: what search compares.

    ``đ`` becomes ``d``; both habits of placing a tone (``hoà``, ``hòa``) give the same, as do composed
    and decomposed letters.
    """
    if text.isascii():
        return text.lower()
    return " ".join([_FOLDED[word] for word in text.split(" ")])


# --- Where the tone stands: ``hoà`` and ``hòa`` are one word.
_OPEN = re.compile(
    r"(?<![^\W\d_])((?:(?!q)[^\W\d_]){0,3}?)(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?![^\W\d_])", re.IGNORECASE
)
_MOVED = {}
for _first, _second in (("oòóỏõọ", "aàáảãạ"), ("oòóỏõọ", "eèéẻẽẹ"), ("uùúủũụ", "yỳýỷỹỵ")):
    for _tone in range(1, 6):
        _MOVED[_first[0] + _second[_tone]] = _first[_tone] + _second[0]
_MOVED |= {k.upper(): v.upper() for k, v in _MOVED.items()}
_MOVED |= {k[0].upper() + k[1]: v[0].upper() + v[1] for k, v in _MOVED.items() if k.islower()}


def _moved(found: re.Match[str]) -> str:
    onset, vowels = found[1], found[2]
    if onset[-1:].lower() == "q":
        return found[0]
    return onset + _MOVED.get(vowels, vowels)


@lru_cache(maxsize=65_536)
def settled(text: str) -> str:
    """Return the text in its one normal form: tidy, and tones placed the classic way.

    In an open syllable in oa, oe or uy the tone stands on the first vowel (``Hòa``, ``Thủy``; but
    ``quý``, ``hoàn``), as most registers of the south print it.
    """
    text = tidy(text)
    return text if text.isascii() else _OPEN.sub(_moved, text)


# --- Alphabetical order: letters a ă â b c d đ e ê …; tones ngang huyền hỏi ngã sắc nặng break ties.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_ORDER = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {
    letter: chr(ord("A") + i) if i < 26 else chr(ord("a") + i - 26)
    for i, letter in enumerate(_ORDER)
}


def _split(letter: str) -> tuple[str, str]:
    tone, rest = "0", []
    for c in unicodedata.normalize("NFD", letter):
        if c in _TONES:
            tone = _TONES[c]
        else:
            rest.append(c)
    return unicodedata.normalize("NFC", "".join(rest)), tone


_KEYS: dict[str, tuple[str, str]] = {}
for _group in _LETTERS.values():
    for _c in _group:
        _base, _tone_of = _split(_c)
        _KEYS[_c] = (_RANK[_base], _tone_of)


class _Keys(dict[str, tuple[str, str]]):
    """Small words and their keys: the letters' ranks, and the tone."""

    def __missing__(self, word: str) -> tuple[str, str]:
        if word.isascii() and word.isdigit():
            return word, "0"
        key = _key_of(word)
        if len(self) < 32_768 and len(word) <= 24:
            self[word] = key
        return key


_WORD_KEYS = _Keys()


def _key_of(word: str) -> tuple[str, str]:
    letters, tone = [], "0"
    for c in word:
        known = _KEYS.get(c)
        if known is not None:
            letters.append(known[0])
            if known[1] != "0":
                tone = known[1]
        elif c in _RANK:
            letters.append(_RANK[c])
        elif c.isdigit():
            letters.append(c)
        elif c.isalpha():
            base, tone_of = _split(c)
            letters.append(_RANK.get(base, "~"))
            tone = tone_of if tone_of != "0" else tone
    return "".join(letters), tone


_WORDS = re.compile(r"[^\W_]+")


def sort_key(text: str) -> str:
    """Return a key whose plain byte order is the Vietnamese alphabetical order.

    Letters decide first, word by word, then tones; case and signs do not count.
    """
    small = nfc(text).lower()
    words = small.split() if small.replace(" ", "").isalnum() else _WORDS.findall(small)
    if not words:
        return "!"
    ranks, tones = zip(*[_WORD_KEYS[word] for word in words], strict=True)
    return f"{' '.join(ranks)}!{''.join(tones)}"


def name_key(text: str) -> str:
    """Return the key by which persons are sorted: the given name (the last word) first."""
    words = text.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


# --- Numbers in print


def format_number(
    value: int | float | Decimal | None, decimals: int | None = None, *, vi: bool = True
) -> str:
    """Return ``1.234.567,8`` (or ``1,234,567.8`` in English); at most two decimals unless told."""
    if value is None:
        return ""
    if isinstance(value, int):
        text = f"{value:,.{decimals or 0}f}" if decimals else f"{value:,}"
    else:
        places = 2 if decimals is None else decimals
        # Halves are rounded up, as offices do; the machine's own way goes to the even digit.
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{abs(rounded) if rounded == 0 else rounded:,f}"
        if decimals is None:
            text = text.rstrip("0").rstrip(".")
    return text.translate(_SWAP) if vi else text


_SWAP = str.maketrans(",.", ".,")
