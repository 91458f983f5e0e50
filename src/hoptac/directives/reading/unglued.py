"""Syllables that a converter ran together, parted again: *các sở* for ``cácsở``, *kèm theo Quyết định* for ``kèm theoQuyết định``.

A word is parted only where it is no Vietnamese syllable and two syllables make it up. Where two ways are
possible, that is taken whose parts the document itself uses; a document in which it happens once is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from hoptac.directives.reading.flow import Line, Piece

_TONES = {"\u0300": "-", "\u0301": "s", "\u0303": "-", "\u0309": "-", "\u0323": "s"}
_ONSETS = "ngh ng nh gh gi kh ch ph th tr qu b c d đ g h k l m n p r s t v x".split()
_RHYMES = frozenset(
    unicodedata.normalize("NFC", r)
    for r in (
        "a ai ao au ay am an ang anh ac ach at ap ăm ăn ăng ăc ăt ăp âu ây âm ân âng âc ât âp e eo em en eng ec et ep "
        "ê êu êm ên ênh êch êt êp i ia iu im in inh ich it ip iêu iêm iên iêng iêc iêt iêp yêu yêm yên yêng yêt y "
        "o oi om on ong oc ot op oong ooc ô ôi ôm ôn ông ôc ôt ôp ơ ơi ơm ơn ơt ơp u ui ua um un ung uc ut up "
        "uôi uôm uôn uông uôc uôt ư ưi ưu ưa ưm ưn ưng ưc ưt ươi ươu ươm ươn ương ươc ươt ươp "
        "oa oai oao oay oam oan oang oanh oac oach oat oap oăm oăn oăng oăc oăt oe oeo oen oet "
        "uây uân uâng uât uê uênh uêch uơ uy uya uyu uynh uych uyt uyên uyêt êng ên"
    ).split()
)
_BARE = frozenset("ủy uỷ ý ấp án an áp ứng ưu ổn ủng ẩm ít".split())
"""Syllables without a consonant before them that may be the second half."""

_WORD = re.compile(r"[^\W\d_]{4,14}")
_ONCE = 2
"""So many different words at least are run together in a document that is mended."""


def unglued(lines: list[Line]) -> list[Line]:
    """Return the lines with words parted that were run together; letters keep their places."""
    words = {w for line in lines for w in _WORD.findall(line.piece.text)}
    suspects = {w for w in words if not w.isascii() and not _is_syllable(w)}
    if len(suspects) < _ONCE:
        return lines
    used = {w.lower() for line in lines for w in re.findall(r"[^\W\d_]+", line.piece.text)}
    cuts = {w: cut for w in suspects if (cut := _cut(w, used))}
    if len(cuts) < _ONCE:
        return lines
    return [_mended(line, cuts) for line in lines]


def _mended(line: Line, cuts: dict[str, int]) -> Line:
    cells = [_parted(c, cuts) for c in line.cells] if line.cells else line.cells
    return replace(line, piece=_parted(line.piece, cuts), cells=cells)


def _parted(piece: Piece, cuts: dict[str, int]) -> Piece:
    places = [
        m.start() + cuts[m[0]] for m in _WORD.finditer(piece.text) if m[0] in cuts
    ]  # fmt: skip
    if not places:
        return piece
    text, at, to, bold = piece.text, list(piece.at), list(piece.to), list(piece.bold)
    for place in reversed(places):
        text = f"{text[:place]} {text[place:]}"
        at.insert(place, at[place])
        to.insert(place, at[place])
        bold = [(a + (a >= place), b + (b > place)) for a, b in bold]
    return Piece(text, at, to, bold)


def _cut(word: str, used: set[str]) -> int:
    """Return where a word that is no syllable falls into two, or 0."""
    ways = [
        i
        for i in range(len(word) - 1, 0, -1)
        if _is_syllable(word[:i])
        and _is_syllable(word[i:])
        and (word[i].lower() not in "aàáạảãăâeêioôơuưyýủứ" or word[i:].lower() in _BARE)
        and (word.isupper() or word[i:].islower() or word[i:].istitle())
    ]
    seen = [i for i in ways if word[:i].lower() in used and word[i:].lower() in used]
    return (seen or ways or [0])[0]


@lru_cache(maxsize=20000)
def _is_syllable(word: str) -> bool:
    tones = []
    letters = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        if letter in _TONES:
            tones.append(_TONES[letter])
        else:
            letters.append(letter)
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(letters))
    for onset in (*_ONSETS, ""):
        rhyme = bare[len(onset) :]
        is_stopped = rhyme.endswith(("c", "ch", "t", "p"))
        if bare.startswith(onset) and rhyme in _RHYMES and (not is_stopped or tones == ["s"]):
            return True
    return bare in ("gi", "gin", "gia") or bare in ("đăk", "đak")
