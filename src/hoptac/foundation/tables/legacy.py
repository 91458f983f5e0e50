"""Text typed in the old Vietnamese fonts: TCVN3 (ABC) and VNI, told apart from true Unicode.

Such cells hold Latin-1 characters that only the font made look Vietnamese. Tables after TCVN 5712:1993
(VN3) and the VNI-Windows chart.
"""

from __future__ import annotations

import re
import unicodedata
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
    r"(?:[iy]êu|uyê|uya|oai|oay|oeo|uây|uôi|ươi|ươu|iêu|[aăâeêioôơuưy]{1,2})"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")


def _bare(word: str) -> str:
    split = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return unicodedata.normalize("NFC", split)


def syllables(text: str) -> tuple[int, int]:
    """Return how many words of the text with non-ASCII letters are possible Vietnamese, and how many not."""
    good = bad = 0
    for word in re.findall(r"[^\W\d_]+|[^\x00-\x7f]+\w*", text):
        if word.isascii():
            continue
        if _SYLLABLE.fullmatch(_bare(word)):
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
    true = sum(any("\u1ea0" <= c <= "\u1ef9" or c in _ONLY_UNICODE for c in t) for t in sample)
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


# Letters that no old font produces.
_ONLY_UNICODE = "ăĂđĐơƠưƯ\u0300\u0301\u0303\u0309\u0323"


def decode_sheet(rows: list[list[Any]]) -> str:
    """Turn texts of old fonts into Unicode, in place, column by column; returns what most of it was.

    A column with few telling texts follows the sheet. A column is decoded only where the reading wins
    on that column's own words.
    """
    whole = encoding_of(v for r in rows for v in r if isinstance(v, str))
    width = max((len(r) for r in rows), default=0)
    for c in range(width):
        column = (r[c] for r in rows if c < len(r))
        told = (v for v in column if v.__class__ is str and not v.isascii())
        telling = list(islice(told, _SAMPLE))
        own = encoding_of(telling)
        name = own if own != "unicode" or len(telling) >= 6 else whole
        if whole != "unicode" and name != "unicode":
            name = whole  # one hand typed the sheet: short words of a column do not overrule it
        if name == "unicode":
            continue
        read = from_tcvn3 if name == "tcvn3" else from_vni
        for row in rows:
            if c < len(row) and isinstance(row[c], str) and not _is_true(row[c]):
                row[c] = read(row[c])
    return whole


def _is_true(text: str) -> bool:
    """Tell whether a text is surely Unicode already (a heading retyped above an old column)."""
    return text.isascii() or any("\u1ea0" <= c <= "\u1ef9" or c in _ONLY_UNICODE for c in text)
