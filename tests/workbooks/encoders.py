"""The old Vietnamese encodings, writing side: TCVN3 (ABC), VNI, CP1258 and decomposed Unicode."""

from __future__ import annotations

import unicodedata

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # grave, hook, tilde, acute, dot below: TCVN3's order
_TCVN3_PLAIN = {
    "ă": 0xA8, "â": 0xA9, "ê": 0xAA, "ô": 0xAB, "ơ": 0xAC, "ư": 0xAD, "đ": 0xAE,
    "Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7,
}  # fmt: skip
_TCVN3_TONED = {
    "a": (0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
    "ă": (0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
    "e": (0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    "i": (0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
    "ô": (0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    "u": (0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
    "y": (0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}
_VNI_TONE = {"\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0301": "ù", "\u0323": "ï"}
_VNI_HAT = {"\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0301": "á", "\u0323": "ä"}
_VNI_BREVE = {"\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0301": "é", "\u0323": "ë"}
_VNI_I = {"\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0301": "í", "\u0323": "ò"}
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"


def _split(letter: str) -> tuple[str, str, str]:
    """Return the bare letter, its shape mark (hat, breve, horn) and its tone mark."""
    parts = unicodedata.normalize("NFD", letter)
    shape = "".join(m for m in parts[1:] if m in (_HAT, _BREVE, _HORN))
    tone = "".join(m for m in parts[1:] if m in _TONES)
    return parts[0], shape, tone


def to_tcvn3(text: str) -> str:
    """Return the text as a Unicode font shows TCVN3: one Latin-1 letter for each letter.

    A capital with a tone has no code of its own: the small letter's is used, as offices did.
    """
    out = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in _TCVN3_PLAIN:
            out.append(chr(_TCVN3_PLAIN[letter]))
            continue
        base, shape, tone = _split(letter)
        small = unicodedata.normalize("NFC", base.lower() + shape)
        if tone and small in _TCVN3_TONED:
            out.append(chr(_TCVN3_TONED[small][_TONES.index(tone)]))
        else:
            out.append(letter)
    return "".join(out)


def to_vni(text: str) -> str:
    """Return the text as a Unicode font shows VNI: a letter and then its mark."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in "đĐ":
            out.append("ñ" if letter == "đ" else "Ñ")
            continue
        base, shape, tone = _split(letter)
        if not shape and not tone:
            out.append(letter)
            continue
        upper = base.isupper()
        if base in "iI" and tone:
            code = _VNI_I[tone]
        elif base in "yY" and tone == "\u0323":
            code = "î"
        elif shape == _HORN:
            code = ("ô" if base in "oO" else "ö") + (_VNI_TONE[tone] if tone else "")
        elif shape == _HAT:
            code = base + (_VNI_HAT[tone] if tone else "â")
        elif shape == _BREVE:
            code = base + (_VNI_BREVE[tone] if tone else "ê")
        else:
            code = base + _VNI_TONE[tone]
        out.append(code.upper() if upper else code)
    return "".join(out)


def to_nfd(text: str) -> str:
    """Return the text decomposed, as some Macs write it."""
    return unicodedata.normalize("NFD", text)


def to_cp1258(text: str) -> bytes:
    """Return the text in Windows-1258, tones following their vowels where no letter holds both."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, shape, tone = _split(letter)
            out += (unicodedata.normalize("NFC", base + shape) + tone).encode("cp1258")
    return out


ENCODERS = {"tcvn3": to_tcvn3, "vni": to_vni, "nfd": to_nfd}
