"""Lines of a head that a narrow column broke, joined again.

Số:                            Số: 33/2009/QĐ-UBND
33/2009/QĐ-UBND        ->      Mỹ Tho, ngày 24 tháng 12 năm 2009
Mỹ
Tho, ngày 24 tháng 12
năm 2009
"""

from __future__ import annotations

import re

from hoptac.directives.reading.flow import Line

_TOP = 45
"""Lines among which a head is looked for."""

_BROKEN = tuple(
    (re.compile(before), re.compile(after))
    for before, after in (
        (r"^cộng$", r"^h[òo]a\s+xã hội"),
        (r"^cộng h[òo]a(?: xã)?$", r"^(?:xã )?hội chủ nghĩa"),
        (r"^[ủu][ỷy]$", r"^ban nhân dân"),
        (r"^[ủu][ỷy] ban$", r"^nhân dân"),
        (r"^[ủu][ỷy] ban nhân$", r"^dân(?: |$)"),
        (r"^cộng h[òo]a\s+xã hội$", r"^chủ nghĩa"),
        (r"^cộng h[òo]a\s+xã hội\s+chủ$", r"^nghĩa việt"),
        (r"^cộng h[òo]a\s+xã hội\s+chủ nghĩa$", r"^việt nam"),
        (r"^cộng h[òo]a\s+xã hội\s+chủ nghĩa việt$", r"^nam$"),
        (r"^độc lập\s*[-–]?\s*tự do\s*[-–]?$", r"^[-–]?\s*hạnh phúc"),
        (r"^độc lập\s*[-–]?$", r"^[-–]?\s*tự do"),
        (r"^đảng cộng sản(?: việt)?$", r"^(?:việt )?nam$"),
        (r"^số\s*:?$", r"^\d{1,5}\s*[-/]"),
        (r"^số\s*:?\s*\d{1,5}\s*[-/]?(?:\d{4}/)?$", r"^[-/]?\s*[a-zđ]{2,6}\s*[-/]"),
        (r"^số\s*:?\s*\d{1,5}/[\w/]*-$", r"^[a-zđ]{2,8}$"),
        (r"^[^\d,;:.]{2,30},$", r"^ngày\s"),
        (r"^[^\d,;:]{2,40},\s*ngày$", r"^[\d.…]{1,4}\s*tháng"),
        (r"^[^\d,;:]{2,40},\s*ngày\s*[\d.…]{0,4}(?:\s*tháng)?$", r"^(?:tháng|\d{1,2}\s)"),
        (r"^[^\d,;:]{2,40},\s*ngày\s.*tháng\s*[\d.…]*(?:\s*năm)?$", r"^(?:năm\s*)?\d{4}$"),
        (
            r"^[^\W\d]{2,6}(?:(?: -)? [^\W\d]{2,6}){0,3}$",
            r"^[^\W\d]{2,8}(?: [^\W\d]{2,8})?,\s*ngày\s",
        ),
    )
)
_PLACE = len(_BROKEN) - 1
"""The last of them: the first syllables of a place stand alone on a line."""


def rejoined(lines: list[Line]) -> list[Line]:
    """Return the lines with those of the head joined that belong to one another."""
    found: list[Line] = []
    for i, line in enumerate(lines):
        if i < _TOP and found and _belong(found[-1], line):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
    return found


def _belong(above: Line, line: Line) -> bool:
    first, second = above.piece.low.strip(" |*_"), line.piece.low.strip(" |*_")
    if len(first) > 60 or len(second) > 60 or line.blank_before > 1:
        return False
    for i, (before, after) in enumerate(_BROKEN):
        if before.search(first) and after.search(second):
            return i != _PLACE or above.piece.text.strip(" |*_").istitle()
    return False


def _joined(above: Line, line: Line) -> Line:
    """Return two lines as one; what stood between is a blank and signs that are no text."""
    between = " " + "\u200b" * (line.start - above.end - 1) if line.start > above.end else ""
    raw = above.raw.replace("|", " ") + between + line.raw.replace("|", " ")
    return Line(
        above.piece.joined(line.piece), above.start, line.end, above.indent, above.blank_before, raw
    )
