"""How a table's width is shared among its columns."""

from __future__ import annotations

from collections.abc import Sequence

from hoptac.foundation.documents.official.metrics import width_mm

PADDING_MM = 3.0
# Between the two halves of the head.
GUTTER_MM = 3.0
_LEAST_MM = 8.0


def shares(widths: Sequence[float | None], total: float) -> list[float]:
    """Return millimetres from shares; a column without one gets what the others have on average."""
    known = [w for w in widths if w]
    middle = sum(known) / len(known) if known else 1.0
    told = [w or middle for w in widths]
    return [total * w / sum(told) for w in told]


def fitted(
    titles: Sequence[str], cells: Sequence[Sequence[str]], is_number: Sequence[bool], *, size: int,
    total: float,
) -> list[float]:  # fmt: skip
    """Return millimetres by content: no number is broken, and long texts get the room that is left.

    ``cells`` are the plain texts of each column.
    """
    least, wished = [], []
    for title, texts, number in zip(titles, cells, is_number, strict=True):
        words = max((width_mm(w, size, bold=True) for w in title.split()), default=0.0)
        whole = max((width_mm(t, size, bold=number) for t in texts), default=0.0)
        longest = max((max(t.split(), key=len, default="") for t in texts), key=len, default="")
        narrow = whole if number else min(width_mm(longest, size), 40.0)
        least.append(max(words, narrow, _LEAST_MM - PADDING_MM) + PADDING_MM)
        # A title may take two lines before its column asks for more room.
        two_lines = width_mm(title, size, bold=True) * 0.55
        wished.append(max(least[-1], whole + PADDING_MM, two_lines + PADDING_MM))
    if sum(least) >= total:
        return [total * w / sum(least) for w in least]
    if sum(wished) <= total:
        return [w * total / sum(wished) for w in wished]
    asks = [(w - m) ** 0.5 for w, m in zip(wished, least, strict=True)]
    left = total - sum(least)
    return [m + left * a / sum(asks) for m, a in zip(least, asks, strict=True)]


def balanced(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """Return a name in as few lines as fit the room, each about as long as the others.

    "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG" becomes "ỦY BAN NHÂN DÂN" and "TỈNH KIÊN GIANG".
    """
    words = text.split(" ")
    lengths = [width_mm(w, size, bold=bold) for w in words]
    blank = width_mm(" ", size, bold=bold)
    whole = sum(lengths) + blank * (len(words) - 1)
    for count in range(1, len(words) + 1):
        if whole / count > room:
            continue
        found = _in_lines(words, lengths, blank, count)
        if max(sum(lengths[a:b]) + blank * (b - a - 1) for a, b in found) <= room:
            return [" ".join(words[a:b]) for a, b in found]
    return words


def _in_lines(
    words: Sequence[str], lengths: Sequence[float], blank: float, count: int
) -> list[tuple[int, int]]:
    """Return where each of so many lines begins and ends, so that the longest is as short as can be."""
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for end in range(1, len(words) + 1):
        best[end, 1] = (sum(lengths[:end]) + blank * (end - 1), [(0, end)])
    for line in range(2, count + 1):
        for end in range(line, len(words) + 1):
            best[end, line] = min(
                (
                    max(before, sum(lengths[start:end]) + blank * (end - start - 1)),
                    [*cuts, (start, end)],
                )
                for start in range(line - 1, end)
                for before, cuts in [best[start, line - 1]]
            )
    return best[len(words), count][1]
