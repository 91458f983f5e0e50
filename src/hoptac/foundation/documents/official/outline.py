"""Numbers of headings, counted as they come, and how deep each level lies in a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hoptac.foundation.documents.official.structure import Block, Heading, Level
from hoptac.foundation.documents.official.wording import letter, roman

LEVELS: tuple[Level, ...] = (
    "part", "chapter", "section", "article", "roman", "arabic", "decimal", "letter",
)  # fmt: skip
# Articles are counted through the whole document.
_THROUGHOUT = {"article"}


def depths(blocks: Iterable[Block]) -> dict[Level, int]:
    """Return, of the levels that occur, how deep each lies: 1, 2, … without a gap."""
    used = {b.level for b in blocks if isinstance(b, Heading)}
    return {level: at for at, level in enumerate((v for v in LEVELS if v in used), start=1)}


def labels(blocks: Sequence[Block], roman_ending: str = ".") -> list[str]:
    """Return the number of every heading among the blocks, in their order: "I.", of the Party "I-"."""
    counts = dict.fromkeys(LEVELS, 0)
    found = []
    for block in blocks:
        if not isinstance(block, Heading):
            continue
        rank = LEVELS.index(block.level)
        for lower in LEVELS[rank + 1 :]:
            if lower not in _THROUGHOUT:
                counts[lower] = 0
        if block.number is None:
            counts[block.level] += 1
            found.append(_label(block.level, counts, roman_ending))
        else:
            found.append(block.number)
    return found


def _label(level: Level, counts: dict[Level, int], roman_ending: str) -> str:
    number = counts[level]
    match level:
        case "part":
            return f"Phần {roman(number)}"
        case "chapter":
            return f"Chương {roman(number)}"
        case "section":
            return f"Mục {number}"
        case "article":
            return f"Điều {number}."
        case "roman":
            return f"{roman(number)}{roman_ending}"
        case "arabic":
            return f"{number}."
        case "decimal":
            return f"{max(counts['arabic'], 1)}.{number}."
        case _:
            return f"{letter(number)})"
