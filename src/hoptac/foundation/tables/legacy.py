"""Text typed in the old Vietnamese fonts: TCVN3 (ABC) and VNI, told apart from true Unicode.

Such cells hold Latin-1 characters that only the font made look Vietnamese. Tables after TCVN 5712:1993
(VN3) and the VNI-Windows chart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_MEANS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
TCVN3 = dict(zip(_TCVN3, _TCVN3_MEANS, strict=True))

_MARKS = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_BREVE = dict(zip("êèéúüë", ("", *_MARKS.values()), strict=True))
_ROOF = dict(zip("âàáåãä", ("", *_MARKS.values()), strict=True))


def _vni() -> dict[str, str]:
    table: dict[str, str] = {"ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ"}
    table |= {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
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


def from_tcvn3(text: str) -> str:
    """Return the Unicode of a text typed in a TCVN3 (ABC) font.

    The capital fonts (``.VnTimeH``) show small letters as capitals: a text whose plain letters are all
    capitals comes back in capitals.
    """
    found = text.translate(_TCVN3_TABLE)
    plain = [c for c in text if c.isascii() and c.isalpha()]
    if len(plain) > 1 and all(c.isupper() for c in plain):
        return found.upper()
    return found


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


def encoding_of(texts: Iterable[str]) -> str:
    """Return ``unicode``, ``tcvn3`` or ``vni``: what most of the texts were typed in.

    Texts in plain letters say nothing. Every reading is tried on the whole; one that is not Unicode must
    make clearly more Vietnamese words of it, so that a few odd signs never turn good text into debris.
    """
    sample = []
    for text in texts:
        if not text.isascii():
            sample.append(text)
            if len(sample) >= 400:
                break
    if not sample:
        return "unicode"
    whole = "\n".join(sample)
    if any(
        (ord(c) > 0x1E9F and ord(c) < 0x1EFA) or c in "ăĂđĐơƠưƯ\u0300\u0301\u0303\u0309\u0323"
        for c in whole
    ):
        mixed = sum(
            any("\u1ea0" <= c <= "\u1ef9" or c in "ăĂđĐơƠưƯ\u0301\u0300\u0323" for c in t)
            for t in sample
        )
        if mixed * 4 > len(sample):
            return "unicode"
    scores = {}
    for name, read in (("unicode", str), ("tcvn3", from_tcvn3), ("vni", from_vni)):
        good, bad = syllables(read(whole))
        scores[name] = good - 2 * bad
    best = max(scores, key=lambda n: scores[n])
    if best != "unicode" and scores[best] > scores["unicode"] + 0.2 * len(sample):
        return best
    return "unicode"


def decoder(name: str):
    """Return the function that reads a text of the encoding."""
    return {"tcvn3": from_tcvn3, "vni": from_vni}.get(name, str)
