"""Where sentences end: not at abbreviations, numbers of items, or inside brackets."""

from __future__ import annotations

import re

from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.words import UPPER

_SENTENCE = re.compile(
    rf"(?:\.{{3}}|…|[.!?])(?:[\"”')\]]*)\s+(?=[\"“(]?[{UPPER}0-9])|\./\.|(?<=[^\s.])\.(?=[{UPPER}][^\W\d_]{{2,}})"
)
# What is longer is no sentence: a table without its strokes, or a file made to be slow.
_LONGEST = 6000
_ABBREVIATED = re.compile(
    r"(?:(?<!\w)(?:tp|tx|tt|ts|ths|gs|pgs|ks|bs|st|stt|tr|t|q|p|h|đ|vd|v\.v|tm|kt|tl|nxb|cn|mr|no|sđt|ubnd\.)|(?<!\w)[a-zđ]|\d)\.$"
)


def sentences(piece: Piece) -> list[tuple[int, int]]:
    """Return where the sentences of a piece begin and end."""
    found = []
    start = 0
    low = piece.low
    for match in _SENTENCE.finditer(piece.text):
        stop = match.start() + 1
        if match[0][0] == "." and _ABBREVIATED.search(low, max(0, stop - 8), stop):
            before = low[max(0, stop - 5) : stop]
            # A number before the point ends a sentence only where a new one is sure to begin.
            if (
                not re.search(r"\d\.$", before)
                or not piece.text[match.end() : match.end() + 1].isupper()
            ):
                continue
        if inside_brackets(piece.text, start, match.start()):
            continue
        found.append((start, match.end()))
        start = match.end()
    if start < len(piece.text):
        found.append((start, len(piece.text)))
    return [(a, min(b, a + _LONGEST)) for a, b in found if piece.text[a:b].strip(" ./")]


def inside_brackets(text: str, start: int, place: int) -> bool:
    part = text[start:place]
    return part.count("(") > part.count(")") and place - start - part.rfind("(") < 200
