"""How wide a text is in the face of the documents, and which letters the face has.

Read from the vendored Liberation Serif, whose letters are as wide as those of Times New Roman: what is
measured here holds for the Word file as well.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Mapping
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "fonts"
MM_PER_POINT = 25.4 / 72


@functools.cache
def _advances(bold: bool, italic: bool) -> Mapping[int, float]:
    """Return the width of every letter of a face, as a share of its size, by code point."""
    style = {(0, 0): "Regular", (1, 0): "Bold", (0, 1): "Italic", (1, 1): "BoldItalic"}
    data = (FONTS / f"LiberationSerif-{style[bold, italic]}.ttf").read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    place = {}
    for at in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * at)
        place[tag] = offset
    (units,) = struct.unpack_from(">H", data, place[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, place[b"hhea"] + 34)
    widths = struct.unpack_from(">" + "Hh" * metrics, data, place[b"hmtx"])[::2]
    return {
        code: widths[min(glyph, metrics - 1)] / units
        for code, glyph in _glyphs(data, place[b"cmap"]).items()
    }


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Return the glyph of each code point: the table for Unicode's basic plane (format 4)."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for at in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * at)
        if (platform, encoding) == (3, 1):
            break
    else:
        raise ValueError("the font has no table for Unicode")
    start = cmap + offset
    (double,) = struct.unpack_from(">H", data, start + 6)
    segments = double // 2
    ends = struct.unpack_from(f">{segments}H", data, start + 14)
    begins = struct.unpack_from(f">{segments}H", data, start + 16 + double)
    deltas = struct.unpack_from(f">{segments}h", data, start + 16 + 2 * double)
    ranges_at = start + 16 + 3 * double
    ranges = struct.unpack_from(f">{segments}H", data, ranges_at)
    found = {}
    for at in range(segments):
        for code in range(begins[at], min(ends[at], 0xFFFE) + 1):
            if ranges[at] == 0:
                glyph = (code + deltas[at]) & 0xFFFF
            else:
                where = ranges_at + 2 * at + ranges[at] + 2 * (code - begins[at])
                (glyph,) = struct.unpack_from(">H", data, where)
                glyph = (glyph + deltas[at]) & 0xFFFF if glyph else 0
            if glyph:
                found[code] = glyph
    return found


def width_mm(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return how many millimetres a line of this text takes."""
    known = _advances(bold, italic)
    return sum(known.get(ord(c), 0.7) for c in text) * size * MM_PER_POINT


@functools.lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    return ord(letter) in _advances(False, False) and ord(letter) in _advances(True, True)


def with_known_letters(text: str) -> str:
    """Return the text with a box in place of every letter that the face does not have."""
    if all(map(_has, text)):
        return text
    return "".join(c if c in "\n\u200b" or _has(c) else "□" for c in text)
