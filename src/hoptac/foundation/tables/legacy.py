"""Text typed in the old Vietnamese fonts: TCVN3 (ABC) and VNI, told apart from true Unicode.

Such cells hold Latin-1 characters that only the font made look Vietnamese. Tables after TCVN 5712:1993
(VN3) and the VNI-Windows chart.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Any

_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_MEANS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
TCVN3 = dict(zip(_TCVN3, _TCVN3_MEANS, strict=True))

_MARKS = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_BREVE = dict(zip("êèéúüë", ("", *_MARKS.values()), strict=True))
_ROOF = dict(zip("âàáåãä", ("", *_MARKS.values()), strict=True))


def _vni() -> dict[str, str]:
    table: dict[str, str] = {"ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ"}
    table |= {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
    table |= {"iø": "ì", "iù": "í"}  # as some converters write them
    for letter in "aeouy":
        table |= {letter + m: letter + c for m, c in _MARKS.items()}
    for old, new in (("ô", "ơ"), ("ö", "ư")):
        table |= {old + m: new + c for m, c in _MARKS.items()}
    for letter in "aeo":
        table |= {letter + m: letter + "\u0302" + c for m, c in _ROOF.items()}
    table |= {"a" + m: "a\u0306" + c for m, c in _BREVE.items()}
    table |= {k.upper(): v.upper() for k, v in table.items()}
    table |= {k[0].upper() + k[1:]: v[0].upper() + v[1:] for k, v in table.items() if len(k) > 1}
    return {k: unicodedata.normalize("NFC", v) for k, v in table.items()}


VNI = _vni()
_VNI_FINDS = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_TABLE = str.maketrans(TCVN3)
# Small letters with a tone: TCVN3 writes their capitals with them.
_TONED = frozenset(_TCVN3_MEANS) - frozenset("ăâđêôơưĂÂĐÊÔƠƯ")


# A plain capital right after another letter; a name written small has one only where a word starts.
_INSIDE = re.compile(r"[A-Z\xa1-\xff\xad][A-Z]")


def from_tcvn3(text: str) -> str:
    """Return the Unicode of a text typed in a TCVN3 (ABC) font.

    The capital fonts (``.VnTimeH``) show small letters as capitals: a text whose plain letters are
    capitals, one of them inside a word, comes back in capitals.
    """
    found = text.translate(_TCVN3_TABLE)
    plain = [c for c in text if c.isascii() and c.isalpha()]
    if len(plain) > 1 and all(c.isupper() for c in plain) and _INSIDE.search(text):
        return found.upper()
    return _with_capitals(found)


def _with_capitals(text: str) -> str:
    """Return a name with the capitals that the font lacks: *Danh Văn út* is *Danh Văn Út*.

    TCVN3 has no capital with a tone. Only where every other word begins with a capital, as in names.
    """
    parts = text.split(" ")
    low = [i for i, p in enumerate(parts) if p[:1] in _TONED]
    if not low or len(parts) - len(low) < 1:
        return text
    if not all(p[:1].isupper() for i, p in enumerate(parts) if i not in low):
        return text
    return " ".join(p[:1].upper() + p[1:] if i in low else p for i, p in enumerate(parts))


def from_vni(text: str) -> str:
    """Return the Unicode of a text typed in a VNI font."""
    return _VNI_FINDS.sub(lambda m: VNI[m[0]], text)


# A Vietnamese syllable, without its tone: onset, vowels, ending. Loose, but it tells words from debris.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:[iy]êu|uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|a[iouy]|â[uy]|e[ou]|êu|i[aêu]|o[aăeio]|"
    r"ôi|ơi|u[aâêiôơyă]|ư[aiơu]|yê|[aăâeêioôơuưy])"
    r"(ng|nh|ch|[cmnpt])?"
)
_INNER_CAPITAL = re.compile("[a-zà-ÿ][À-ÖØ-Þ]|[A-Z][À-ÖØ-Þ][a-z]")
# An ending that is cut off has a sharp or a heavy tone.
_CUT_OFF = frozenset({"c", "ch", "p", "t"})
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")


@functools.lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    # ñ is VNI's đ: no n with a tone.
    split = unicodedata.normalize("NFD", word.lower().replace("ñ", "\x01"))
    found = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", split.translate(_TONES)))
    if found is None:
        return False
    return found[1] not in _CUT_OFF or "\u0301" in split or "\u0323" in split


def syllables(text: str) -> tuple[int, int]:
    """Return how many words of the text with non-ASCII letters are possible Vietnamese, and how many not."""
    good = bad = 0
    for word in re.findall(r"[^\W\d_]+|[^\x00-\x7f]+\w*", text):
        if word.isascii() or (word.isupper() and word.isalpha() and len(word) < 4 and "Đ" in word):
            continue  # ĐKKD and HĐ are no words in any font
        if _is_syllable(word) and not _INNER_CAPITAL.search(word):
            good += 1
        else:
            bad += 1
    return good, bad


_SAMPLE = 400


def encoding_of(texts: Iterable[str], most: int = _SAMPLE) -> str:
    """Return ``unicode``, ``tcvn3`` or ``vni``: what most of the texts were typed in.

    Texts in plain letters say nothing. Every reading is tried on the whole; one that is not Unicode must
    make clearly more Vietnamese words of it, so that a few odd signs never turn good text into debris.
    """
    sample = list(islice((t for t in texts if not t.isascii()), most))
    if not sample:
        return "unicode"
    true = sum(_TRUE.search(t) is not None for t in sample)
    if true * 4 > len(sample):
        return "unicode"
    whole = "\n".join(sample)
    scores = {}
    for name, read in (("unicode", str), ("tcvn3", from_tcvn3), ("vni", from_vni)):
        good, bad = syllables(read(whole))
        scores[name] = good - 2 * bad
    best = max(scores, key=lambda n: scores[n])
    if best != "unicode" and scores[best] > scores["unicode"] + 0.2 * len(sample):
        return best
    return "unicode"


# What only an old font makes: a vowel followed by the sign that VNI shows over it, TCVN3's signs.
_MARKS_OF = {
    "vni": re.compile(
        r"[aeAE][øùûõïâáàåãäêéèúüëØÙÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]|[ouyôöOUYÔÖ][øùûõïØÙÛÕÏ]|o[âåãäÂÅÃÄ]|[ñÑ]"
    ),
    "tcvn3": re.compile(r"[¡-©«¬\xad®µ¶·¸¹»¼½¾Æ]"),
}


# Letters that no old font produces.
_TRUE = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯ\u0300\u0301\u0303\u0309\u0323]")


# What no Vietnamese text in Unicode holds: other signs of Latin-1, a vowel before another's mark, an
# ending that is cut off after a tone that cannot stand there.
_ODD = re.compile(
    "[\x80-\x9f\xa1-\xbfÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]|[aeouyôö][ùøûõïâáàåãäêéèúüë]|"
    r"(?-i:[a-zà-ÿ][À-ÖØ-Þ]|[A-Z][À-ÖØ-Þ][a-z])|[ìíĩ]i|(?<!g)i[àáãâòóõôùúèéìí]|[àãèìòõùâêô](?:ch?|p|t)\b",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\xa0\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def decode_sheet(rows: list[list[Any]]) -> str:
    """Turn texts of old fonts into Unicode, in place, column by column; returns what most of it was.

    A column with few telling texts follows the sheet. A column is decoded only where the reading wins
    on that column's own words; single cells of an old font among others where they make no words as they
    stand. Signs that nobody sees are dropped, for every kind of text.
    """
    telling: dict[int, list[list[Any]]] = defaultdict(list)
    for row in rows:
        for c, v in enumerate(row):
            if v.__class__ is str and not v.isascii():
                if _UNSEEN.search(v):
                    v = row[c] = _UNSEEN.sub("", v.replace("\xa0", " "))
                if not v.isascii():
                    telling[c].append(row)
    whole = encoding_of(v for row in rows for v in row if v.__class__ is str)
    found = {c: _font_of([row[c] for row in own_rows], whole) for c, own_rows in telling.items()}
    is_old = any(name != "unicode" for name in found.values())
    retyped = {id(row) for row in rows if _is_retyped(row)} if is_old else set()
    for c, own_rows in telling.items():
        read = _READERS.get(found[c])
        for row in own_rows:
            if read is None:
                if _TRUE.search(row[c]) is None and _ODD.search(row[c]):
                    row[c] = _decoded_alone(row[c], whole)
            elif not _is_true(row[c]) and id(row) not in retyped:
                row[c] = read(row[c])
    return whole


_READERS = {"tcvn3": from_tcvn3, "vni": from_vni}


def _font_of(texts: list[str], whole: str) -> str:
    """Return what a column was typed in: what its own texts tell, or the sheet where they tell nothing."""
    own = encoding_of(texts)
    if whole == "unicode":
        return own
    marked = sum(_MARKS_OF[whole].search(t) is not None for t in set(texts))
    if own != "unicode" or len(texts) < 6 or marked * 2 > len(set(texts)):
        return whole  # one hand typed the sheet: short words of a column do not overrule it
    if any(map(_is_true, texts)):
        return own
    joined = "\n".join(texts[:_SAMPLE])
    bad, bad_as_whole = syllables(joined)[1], syllables(_READERS[whole](joined))[1]
    return whole if bad_as_whole <= bad else own


@functools.lru_cache(maxsize=10_000)
def _decoded_alone(text: str, whole: str) -> str:
    """Return a cell's text out of the old font that makes words of all of it, if it makes none as it stands."""
    if _is_true(text) or not syllables(text)[1]:
        return text
    readings = (from_vni, from_tcvn3) if whole == "vni" else (from_tcvn3, from_vni)
    for read in readings:
        found = read(text)
        good, bad = syllables(found)
        if good and not bad:
            return found
    return text


def _is_retyped(row: list[Any]) -> bool:
    """Tell whether a row among those of an old font is Unicode, as a heading typed anew above them."""
    texts = [v for v in row if v.__class__ is str and not v.isascii()]
    true = [_is_true(v) for v in texts]
    return any(true) and not any(
        _ODD.search(v) for v, is_true in zip(texts, true, strict=True) if not is_true
    )


def _is_true(text: str) -> bool:
    """Tell whether a text is surely Unicode already (a heading retyped above an old column)."""
    return text.isascii() or _TRUE.search(text) is not None
