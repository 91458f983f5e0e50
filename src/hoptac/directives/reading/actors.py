"""Who is named: bodies, posts and groups at a place of a text, and lists of them.

*các sở: Tài chính, Công Thương và UBND các huyện* is three actors; *các sở, ban, ngành cấp tỉnh* is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hoptac.directives.reading.flow import Piece, is_caps
from hoptac.directives.reading.gazetteer import (
    CAPITALS,
    HEAD_KINDS,
    HEAD_LEVELS,
    Body,
    gazetteer,
    key,
)
from hoptac.directives.reading.ownnames import (
    CAPITAL_WORD,
    GOES_ON,
    NAME_WORDS,
    NO_SMALL,
    SMALL_WORD,
    WHOLE_SYLLABLES,
)
from hoptac.directives.reading.words import UPPER


@dataclass(frozen=True)
class Found:
    """An actor at a place of a piece."""

    start: int
    end: int
    name: str
    kind: str
    level: str = ""
    is_group: bool = False
    place: str = ""
    sector_head: str = ""
    body: str = ""
    """The name of the body whose post this is (*Giám đốc Sở Tài chính*)."""


_UNIT = r"(?:tỉnh|thành phố|tp\.?|thị xã|thị(?= và|,|\.|;)|huyện|quận|xã|phường|thị trấn|đặc khu|khu phố|ấp)"
_ONE_UNIT = re.compile(rf"\s+({_UNIT})(?!\w)")
_MANY_UNITS = re.compile(
    rf"\s+(?:(?:ở\s+)?(?:tất cả\s+)?(?:các|những)\s+(?:cấp|(?:khu vực|{_UNIT})(?:\s*[,/-]\s*(?:các\s+)?(?:khu vực|{_UNIT})|\s+và\s+(?:các\s+)?(?:khu vực|{_UNIT}))*)"
    rf"|{_UNIT}(?:(?:\s*[,/-]\s*|\s+và\s+){_UNIT})+"
    rf"|(?:ở\s+)?(?:2\s+|hai\s+|ba\s+|3\s+)?cấp(?:\s+(?:tỉnh|huyện|xã|cơ sở))?(?:\s*,\s*(?:cấp\s+)?(?:huyện|xã)|\s+và\s+(?:cấp\s+)?(?:huyện|xã))*)"
    r"(?:\s+(?:trên địa bàn(?: tỉnh)?|trong tỉnh|thuộc tỉnh|thuộc thành phố|liên quan|có liên quan|trực thuộc trung ương|của tỉnh|toàn tỉnh|trong toàn tỉnh|trên địa bàn thành phố))?(?!\w)"
)
_PLACE = re.compile(rf"\s+({CAPITALS})")
_PLACES = re.compile(
    rf"\s+(?!Sở|Ban|Chủ|Liên|Hội|Phòng|Giao|Mặt)[{UPPER}][^\W\d_]*(?:\s+[{UPPER}][^\W\d_]*){{1,2}}(?:(?:,\s+(?:và\s+)?|\s+và\s+)(?!Sở|Ban|Chủ|Liên|Hội|Phòng|Giao|Mặt|Văn|Thủ|Giám)[{UPPER}][^\W\d_]*(?:\s+[{UPPER}][^\W\d_]*){{1,2}})*"
)
_TINH = re.compile(rf"\s+(?:tỉnh|Tỉnh|thành phố|Thành phố|TP\.?)(?:\s+({CAPITALS}))?(?!\w)")
_PARTY = re.compile(
    r"\s+(?:(tỉnh ủy|thành ủy|huyện ủy|thị ủy|quận ủy|trung ương|đảng ủy)(?!\w)|(?:các\s+)?(huyện, thị, thành ủy|huyện ủy, thành ủy|cấp ủy)(?!\w))"
)
_TOPIC = re.compile(
    r"(?:\s+(?:về\s+)?(?:(?:đổi mới|củng cố|phát triển|kinh tế hợp tác|kinh tế tập thể|hợp tác xã|htx|kttt|kth[tđ]|xây dựng nông thôn mới|"
    r"các chương trình mục tiêu quốc gia|chương trình mục tiêu quốc gia|thực hiện nghị quyết|chuyển đổi số)(?!\w)[\s,-]*(?:và\s+)?)+)?"
    rf"(?:(?<=\s)|\s+)?(?:(?:(?:của|các|cấp)\s+)*(?:{_UNIT}|cấp)(?!\w)(?:\s*,\s*(?:cấp\s+)?{_UNIT}(?!\w))*)?"
)
_LEVELS = {
    "tỉnh": "province",
    "thành phố": "",
    "thị xã": "district",
    "huyện": "district",
    "quận": "district",
    "xã": "commune",
    "phường": "commune",
    "thị trấn": "commune",
    "đặc khu": "commune",
}
_SEPARATOR = re.compile(
    r"\s*(?:[,;]\s*(?:và|cùng|nhất là|đặc biệt là|trong đó có|kể cả|cùng với)\s+|,|;|\s(?:và|cùng với|cùng|&)\s|\s-\s|/)\s*"
)
_BRACKET = re.compile(r"\s*\([^()]{1,60}\)")
_PLURAL = re.compile(r"(?:tất cả\s+)?(?:các|những|một số|mỗi|từng|toàn thể)\s+")
_CLASS_JOIN = re.compile(r"\s*(?:,|/|-|\s+và|,\s*và|;)\s*(?:các\s+|những\s+)?")
_OF = re.compile(r"\s*(?:của\s+)?")
_PEOPLE_BREAK = frozenset({"nhân dân", "cán bộ", "hội viên", "đoàn viên", "người dân", "đảng viên"})
_NO_POST_ALONE = frozenset(
    "trưởng ấp;trưởng thôn;trưởng bản;trưởng khóm;trưởng khu phố;tổ đại biểu;người đứng đầu;địa phương;nhân dân;"
    "cấp ủy đảng;ngành chức năng;người dân".split(";")
)


def _is_body_start(piece: Piece, place: int) -> bool:
    """Tell whether a word for many is here the beginning of one body's name (*Thành phố Rạch Giá*, *Sở Y tế*)."""
    return _starts_high(piece, place) and _body(piece, place) is not None


def _tails(low: str, end: int) -> int:
    tail = gazetteer().tail
    for _ in range(3):
        match = tail.match(low, end)
        if match is None:
            return end
        end = match.end()
    return end


def _level_of_group(text: str) -> str:
    low = key(text)
    for words, level in (
        ("cấp tỉnh", "province"), ("cấp huyện", "district"), ("cấp xã", "commune"),
        ("trong tỉnh", "province"), ("trung ương", "central"), ("huyện", "district"),
    ):  # fmt: skip
        if words in low:
            return level
    return "province" if re.search(r"(?<!\w)sở(?!\w)", low) else ""


def _own_name(piece: Piece, place: int) -> int:
    """Return where a name set in capitals ends that begins here: words of two syllables have one capital."""
    end = place
    for _ in range(14):
        word = CAPITAL_WORD.match(piece.text, end)
        if word is None:
            break
        if end > place and word[0].lstrip()[:1] in ",v" and not word[0].lstrip().startswith("và"):
            break  # a comma parts two bodies
        start = word.end() - len(re.split(r"[\s–-]", word[0])[-1])
        inner = _body(piece, start) if end > place else None
        if inner is not None and not inner.sector_head:
            return inner.end
        end = word.end()
        last = piece.text[start:end]
        small = SMALL_WORD.match(piece.text, end)
        if (
            small
            and (last not in WHOLE_SYLLABLES or (last, small[0].strip()) == ("Xã", "hội"))
            and not last.isupper()
            and not NO_SMALL.match(piece.low, end)
        ):
            end = small.end()
    return end


def _family(piece: Piece, place: int) -> Found | None:
    lists = gazetteer()
    if not _starts_high(piece, place) or is_caps(piece.text):
        return None
    match = lists.family.match(piece.low, place)
    if match is None:
        return None
    end = _own_name(piece, match.end(1))
    if end == match.end(1):
        return None
    kind = lists.families[" ".join(match[1].split())]
    more = NAME_WORDS.match(piece.low, end)
    if more:
        end = more.end()
        if re.match(rf"\s+[{UPPER}]", piece.text[end : end + 3]):
            end = _own_name(piece, end)
    one = _ONE_UNIT.match(piece.low, end)
    if one and one[1] in _LEVELS and not _PLACE.match(piece.text, one.end()):
        text = " ".join(piece.text[place : one.end()].split())
        return Found(place, one.end(), text, kind, _LEVELS[one[1]])
    many = _MANY_UNITS.match(piece.low, end)
    if many and not _is_single(many[0]):
        text = " ".join(piece.text[place : many.end()].split())
        return Found(place, many.end(), text, kind, _level(text), is_group=True)
    text = " ".join(piece.text[place:end].split())
    return _with_place(piece, Found(place, end, text, kind))


# --- Lists


def actors_at(piece: Piece, place: int, limit: int | None = None) -> tuple[int, list[Found]]:
    """Return where a list of actors that begins here ends, and its actors; ``(place, [])`` for none."""
    limit = len(piece.text) if limit is None else limit
    first = actor_at(piece, place)
    if first is None or first.end > limit:
        return place, []
    found = [first]
    end = first.end
    while True:
        bracket = _BRACKET.match(piece.low, end)
        join = _SEPARATOR.match(piece.low, bracket.end() if bracket else end)
        if join is None or join.end() >= limit:
            break
        head = found[-1].sector_head
        following = _next(piece, join.end(), found[-1], head)
        if following is None or following.end > limit:
            break
        found.append(following)
        end = following.end
    return end, found


def _next(piece: Piece, place: int, before: Found, head: str) -> Found | None:
    more = _PLURAL.match(piece.low, place)
    following = actor_at(piece, place)
    if following is not None:
        return following
    if head:
        sector = _sector(piece, place, head)
        if sector is not None and before.body:
            post = before.name[: -len(before.body)].strip()
            return replace(sector, name=f"{post} {sector.name}", body=sector.name)
        return sector
    if before.kind == "front" and _starts_high(piece, place) and more is None:
        # Hội Nông dân, Phụ nữ, Cựu chiến binh: the later ones without their head
        for name in ("Hội Nông dân", "Hội Liên hiệp Phụ nữ", "Hội Cựu chiến binh"):
            short = name.rsplit(" ", 2 if name.endswith("binh") else 1)[-1].lower()
            for word in (short, name[4:].lower(), "phụ nữ" if "Phụ" in name else short):
                if (
                    piece.low.startswith(word, place)
                    and not piece.low[place + len(word) :][:1].isalpha()
                ):
                    return Found(place, place + len(word), name, "front", "province")
    return None


def all_actors(piece: Piece) -> list[Found]:
    """Return every actor that a piece names, from left to right, none inside another."""
    found: list[Found] = []
    place = 0
    for match in _WORD_START.finditer(piece.text):
        if match.start() < place:
            continue
        if not _may_start(piece, match.start()):
            continue
        end, some = actors_at(piece, match.start())
        if some:
            found += some
            place = end
    return found


_WORD_START = re.compile(r"(?<![\w/&.-])[^\W\d_]")
_GROUP_STARTS = (
    "các ",
    "những ",
    "cấp ủy",
    "tổ chức đảng",
    "chính quyền",
    "sở, ",
    "sở, ngành",
    "ubnd",
    "mặt trận",
)


def _may_start(piece: Piece, place: int) -> bool:
    return piece.text[place].isupper() or piece.low.startswith(_GROUP_STARTS, place)
