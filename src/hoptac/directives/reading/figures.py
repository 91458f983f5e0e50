"""Numbers that an aim names: *phấn đấu đến năm 2025 có trên 1.100 hợp tác xã* is 1100, *hợp tác xã*, by 2025."""

from __future__ import annotations

import re
from decimal import Decimal

from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.result import Bound, Figure

_BY = re.compile(r"(?:đến|trong|hết|vào|cuối)\s+(?:hết\s+|cuối\s+)?năm\s+((?:19|20)\d{2})")
_FIGURE = re.compile(
    r"(?<![\w/.,-])(?P<how>(?:trên|ít nhất|tối thiểu|không dưới|từ|hơn|dưới|tối đa|không quá|còn|khoảng|bình quân|đạt)\s+)?"
    r"(?P<value>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)\s*(?P<more>trở lên\s+)?"
    r"(?P<unit>%|(?:(?:triệu|tỷ|nghìn|ngàn)\s+)?(?:đồng|usd|ha|tấn|km|m2)(?:/[^\W\d_]+(?:/[^\W\d_]+)?)?|[^\W\d_]+(?:\s[^\W\d_]+){0,3})"
)
# Words with which the thing that is counted ends.
_UNIT_END = re.compile(
    r"\s(?:trở lên|mỗi|trong|trên|được|có|của|và|vào|đến|là|với|hoạt động|mới|tham gia|đạt|thuộc|tại|cho|theo|để|ở|từ|so|lên|xuống|so với).*$"
)
# Numbers that count nothing: days, years, articles, stars.
_NO_COUNT = re.compile(
    r"(?:năm|tháng|ngày|quý|giờ|lần|sao|điều|khoản|đợt|cấp|bước|giai đoạn|nghị|quyết|chỉ thị|khóa|kỳ|tuổi)(?!\w)"
)
_AT_MOST = ("dưới", "tối đa", "không quá", "còn")
_NOT_THERE = re.compile(
    r"(?:số|điều|khoản|mục|năm|ngày|tháng|quý|lần thứ|khóa|phụ lục|biểu|nghị quyết|quyết định|nghị định|thông tư|kế hoạch|công văn|kết luận|chỉ thị|luật)\s+$"
)


def figures_of(piece: Piece, start: int, end: int) -> tuple[Figure, ...]:
    """Return the numbers that a stretch names with what they count and until which year."""
    low = piece.low
    found = []
    for match in _FIGURE.finditer(low, start, end):
        value_at = match.start("value")
        before = low[start:value_at].removesuffix(match["how"] or "")
        if _NOT_THERE.search(low[start : match.start()] if match["how"] else before):
            continue
        unit = " ".join(match["unit"].split())
        if not re.match(r"%|(?:triệu|tỷ|nghìn|ngàn)", unit):
            unit = _UNIT_END.sub("", unit)
        if (
            _UNIT_END.match(f" {unit}")
            or _NO_COUNT.match(unit)
            or re.fullmatch(r"(?:19|20)\d{2}", match["value"])
        ):
            continue
        year = None
        for told in _BY.finditer(low, 0, match.end()):
            year = int(told[1])
        if year is None and (later := _BY.search(low, match.end(), end)):
            year = int(later[1])
        how = (match["how"] or "").strip()
        found.append(
            Figure(
                value=Decimal(match["value"].replace(".", "").replace(",", ".")), unit=unit, year=year,
                bound=Bound.AT_MOST if how in _AT_MOST else Bound.AT_LEAST,
                text=" ".join(piece.text[match.start() : match.end()].split()), span=piece.span(match.start(), match.end()),
            )
        )  # fmt: skip
    return tuple(found)


def has_figure(piece: Piece, start: int, end: int) -> bool:
    """Tell whether a stretch names a number that counts something."""
    return bool(figures_of(piece, start, end))
