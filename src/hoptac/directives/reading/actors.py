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
_NO_POST_ALONE = frozenset({"đồng chí", "các đồng chí", "lãnh đạo", "trưởng", "thường trực"})


def actor_at(piece: Piece, place: int) -> Found | None:
    """Return the actor that begins at this very letter, the longest reading first."""
    post = _post(piece, place)
    if post is not None:
        return post
    body = _body(piece, place)
    if body is not None and GOES_ON.match(
        piece.text, body.end
    ):  # Ban Kinh tế - Xã hội is another body
        longer = _family(piece, place)
        if longer is not None and longer.end > body.end:
            return longer
    return body or _group(piece, place) or _family(piece, place)


def _starts_high(piece: Piece, place: int) -> bool:
    return piece.text[place : place + 1].isupper()


def _body(piece: Piece, place: int) -> Found | None:
    lists = gazetteer()
    match = lists.body.match(piece.low, place)
    if match is None:
        return None
    low = " ".join(match[0].split())
    written = piece.text[match.start() : match.end()]
    if (
        (
            not written[0].isupper()
            or (low in lists.acronyms and not written.replace(" ", "").isupper())
        )
        and low not in ("mặt trận tổ quốc", "mặt trận")
        and not lists.bodies[low].own
    ):
        return None
    body = lists.bodies[low]
    found = Found(
        place, match.end(), body.name, body.kind, body.level, sector_head=body.sector_head
    )
    whole = _with_tail(piece, found, body)
    if not written[0].isupper() and body.own and whole.end == found.end:
        return None
    return whole


def _with_tail(piece: Piece, found: Found, body: Body) -> Found:
    if body.unit and not body.own:
        return _with_unit(piece, found, body)
    if body.party:
        return _with_committee(piece, found)
    if body.topic:
        match = _TOPIC.match(piece.low, found.end)
        if match and match[0].strip(" ,"):
            end = match.start() + len(match[0].rstrip(" ,"))
            words = " ".join(piece.text[found.end : end].split())
            return replace(found, end=end, name=f"{body.name} {words}", level=_level(words))
        return found
    if body.own:
        place = found.end + (1 if piece.text[found.end : found.end + 1] == " " else 0)
        again = gazetteer().body.match(piece.low, place) if place > found.end else None
        nested = again is not None and gazetteer().bodies[" ".join(again[0].split())].own
        inner = _body(piece, place) if again is not None and not nested else None
        if inner is None and place > found.end and piece.low.startswith("các ", place):
            inner = _group(piece, place)
            inner = replace(inner, name=_after(inner.name)) if inner else None
        if inner is not None:
            return replace(
                found, end=inner.end, name=f"{body.name} {inner.name}", level=inner.level
            )
        if body.name == "Đảng ủy" and _starts_high(piece, found.start):
            return _with_unit(piece, found, body)
        return found
    return _with_place(piece, found)


def _with_place(piece: Piece, found: Found) -> Found:
    """Take a province after the name: *Sở Tài chính tỉnh Bến Tre*, *Tỉnh ủy Kiên Giang*."""
    if found.name.endswith("Khu vực"):
        number = re.compile(r"\s+(\d{1,2})(?!\d)").match(piece.low, found.end)
        return (
            replace(found, end=number.end(), name=f"{found.name} {number[1]}") if number else found
        )
    if found.sector_head == "Phòng":
        many = _MANY_UNITS.match(piece.low, found.end)
        if many and not _is_single(many[0]):
            words = " ".join(many[0].split())
            return replace(found, end=many.end(), name=f"{found.name} {words}", is_group=True)
        one = _ONE_UNIT.match(piece.low, found.end)
        if one:
            named = _PLACE.match(piece.text, one.end())
            place = _stop_at_head(named[1]) if named else ""
            end = named.start(1) + len(place) if named and place else one.end()
            return replace(found, end=end, level=_LEVELS.get(one[1], ""), place=place)
    match = _TINH.match(piece.text, found.end) if not is_caps(piece.text) else None
    if match and not found.name.endswith("tỉnh"):
        return replace(found, end=match.end(), place=_stop_at_head(match[1] or ""))
    match = _PLACE.match(piece.text, found.end)
    if match and not is_caps(piece.text):
        place = _stop_at_head(match[1])
        if place and (found.name.endswith(("tỉnh", "ủy")) or found.kind == "party"):
            return replace(found, end=match.start(1) + len(place), place=place)
    return found


def _stop_at_head(place: str) -> str:
    """Return a place's name without the body that may follow it unmarked."""
    words = place.split()
    for i, word in enumerate(words):
        if (
            word in ("Sở", "Ban", "UBND", "HĐND", "Bộ", "Phòng", "Hội", "Liên", "Tỉnh", "Giao")
            and i
        ):
            return " ".join(words[:i])
    return place


def _with_unit(piece: Piece, found: Found, body: Body) -> Found:
    match = _MANY_UNITS.match(piece.low, found.end)
    if match and not _is_single(match[0]):
        words = " ".join(piece.low[match.start() : match.end()].split()).replace("tp.", "thành phố")
        places = _PLACES.match(piece.text, match.end())
        if places and not is_caps(piece.text):
            words = f"{words} {' '.join(places[0].split())}"
        return replace(
            found,
            end=places.end() if places and not is_caps(piece.text) else match.end(),
            name=f"{body.name} {words}",
            level=_level(words),
            is_group=True,
        )
    match = _ONE_UNIT.match(piece.low, found.end)
    if match is None and (local := _LOCAL.match(piece.low, found.end)):
        return replace(found, end=local.end())
    if match is None:
        named = (
            _PLACE.match(piece.text, found.end)
            if body.kind == "media" and not is_caps(piece.text)
            else None
        )
        place = _stop_at_head(named[1]) if named else ""
        return (
            replace(found, end=named.start(1) + len(place), place=place)
            if named and place
            else found
        )
    unit = "thành phố" if match[1].startswith("tp") else match[1]
    end, place = match.end(), ""
    named = _PLACE.match(piece.text, end)
    if named and (not is_caps(piece.text) or len(piece.text) < 80):
        place = _stop_at_head(named[1])
        end = named.start(1) + len(place) if place else end
    level = _LEVELS.get(unit, "")
    if level == "province" or not place:
        name = f"{body.name} {unit}"
    else:
        name = f"{body.name} {unit} {place}"
        if unit == "thành phố":
            level = "district"
    return replace(
        found, end=end, name=name, level=level or ("province" if not place else ""), place=place
    )


_LOCAL = re.compile(r"\s+(?:tại|ở|các)\s+địa phương(?!\w)")


def _is_single(words: str) -> bool:
    return words.strip() in _LEVELS


def _with_committee(piece: Piece, found: Found) -> Found:
    match = _PARTY.match(piece.low, found.end)
    if match is None:
        if piece.low.startswith(" tỉnh", found.end):
            return replace(found, end=found.end + 5, level="province")
        return found
    words = " ".join((match[1] or match[2]).split())
    level = {
        "tỉnh ủy": "province", "thành ủy": "", "trung ương": "central", "huyện ủy": "district",
        "thị ủy": "district", "quận ủy": "district",
    }.get(words, "")  # fmt: skip
    found = replace(
        found, end=match.end(), name=f"{found.name} {words[0].upper()}{words[1:]}", level=level
    )
    return _with_place(piece, found)


def _level(words: str) -> str:
    for unit in ("tỉnh", "huyện", "thị xã", "quận", "xã", "phường"):
        if re.search(rf"(?<!\w){unit}(?!\w)", words):
            return _LEVELS[unit]
    return ""


def _post(piece: Piece, place: int) -> Found | None:
    lists = gazetteer()
    match = lists.post.match(piece.low, place)
    if match is None:
        return None
    low = " ".join(match[0].split())
    after = _OF.match(piece.low, match.end())
    start = after.end() if after else match.end()
    if start == match.end():
        return None
    written = " ".join(piece.text[place : match.end()].split())
    plural = _PLURAL.match(piece.low, start)
    inner = (
        _sectors(piece, start)
        or _body(piece, start)
        or _group(piece, start)
        or _family(piece, start)
    )
    if inner is None and low not in _NO_POST_ALONE:
        own = _POST_OF.match(piece.text, start)
        if own and len(own[0]) < 70:
            body = " ".join(own[0].split())
            name = f"{written[0].upper()}{written[1:]} {body}"
            return Found(
                place,
                own.end(),
                name,
                "department",
                body=f"Phòng {body}" if low == "trưởng phòng" else body,
            )
    heads_many = low == "trưởng" and inner is not None and inner.is_group
    if inner is None or (
        low in _NO_POST_ALONE and low not in ("lãnh đạo", "thường trực") and not heads_many
    ):
        if low in ("đồng chí", "các đồng chí"):
            more = lists.post.match(piece.low, start)
            nested = more is not None and " ".join(more[0].split()) in _NO_POST_ALONE
            again = (None if nested else _post(piece, start)) or (
                _body(piece, start) if plural is None else None
            )
            return replace(again, start=place) if again else None
        return None
    name = f"{written[0].upper()}{written[1:]} {_after(inner.name)}"
    return replace(inner, start=place, name=name, body=inner.name)


_POST_OF = re.compile(
    rf"[{UPPER}][^\W\d_]*(?:\s+(?!chịu|có|chủ|và|tham|phối|triển|tổ)[^\W\d_]+){{0,5}}?(?=\s*[,;]|\s*$|\s+(?:và|chịu trách nhiệm|có trách nhiệm|chủ trì|căn cứ|phối hợp|tham mưu)(?!\w))"
)


def _after(name: str) -> str:
    """Return a name as it stands after a post: groups lose their capital."""
    return (
        name[0].lower() + name[1:]
        if name.startswith(("Các ", "Những ", "Cơ quan", "Cấp "))
        else name
    )


_PLURAL_HEAD = re.compile(r"(?:các\s+)(sở|bộ|phòng)\s*(?::|;|là:)?\s*(?=\S)")


def _sectors(piece: Piece, place: int) -> Found | None:
    """Return the first of *các sở: Tài chính, …*; the list goes on by its head."""
    match = _PLURAL_HEAD.match(piece.low, place)
    if match is None or not _starts_high(piece, match.end()):
        return None
    head = match[1].capitalize()
    return _sector(piece, match.end(), head, place)


def _sector(piece: Piece, place: int, head: str, start: int | None = None) -> Found | None:
    lists = gazetteer()
    match = lists.sector.match(piece.low, place)
    if match is None or not _starts_high(piece, place):
        return None
    name = lists.sectors[" ".join(match[0].split())]
    return Found(
        place if start is None else start, match.end(), f"{head} {name}", HEAD_KINDS[head],
        HEAD_LEVELS[head], sector_head=head,
    )  # fmt: skip


def _group(piece: Piece, place: int) -> Found | None:
    """Return a phrase for many bodies: *các sở, ban, ngành cấp tỉnh*, *cấp ủy, chính quyền các cấp*."""
    lists = gazetteer()
    sectors = _sectors(piece, place)
    if sectors is not None:
        return sectors
    low = piece.low
    plural = _PLURAL.match(low, place)
    at = plural.end() if plural else place
    word = lists.class_word.match(low, at)
    if word is None:
        return None
    if plural is None and not (place == 0 or low[place - 1] in ' (,;:/.-"'):
        return None
    kinds = [lists.classes[" ".join(word[0].split())]]
    end, count = word.end(), 1
    tail = _tails(low, end)
    while True:
        join = _CLASS_JOIN.match(low, end if tail == end else tail)
        more = lists.class_word.match(low, join.end()) if join else None
        if more is None:
            break
        name = " ".join(more[0].split())
        if name in _PEOPLE_BREAK and kinds[0] != "people":
            break
        if (
            lists.classes[name] == "people" and kinds[0] != "people"
            and join is not None and "các" in join[0]
        ):  # fmt: skip
            break
        if "đại biểu" in name and (kinds[0] != "council" or "tổ đại biểu" in word[0]):
            break
        if (
            join is not None
            and ";" in join[0]
            and low.startswith(("các ", "những "), join.start() + 2)
        ):
            break  # "các cơ quan của Trung ương; các sở": two groups
        if _is_body_start(piece, join.end() if join else end):
            break
        kinds.append(lists.classes[name])
        end, count = more.end(), count + 1
        tail = _tails(low, end)
    if plural is None and count < 2 and tail == end and " ".join(word[0].split()) not in _ALONE:
        return None
    end = tail
    text = " ".join(piece.text[place:end].split())
    is_bare = plural is None and count >= 2 and tail == word.end()
    if (
        is_bare
        and not _starts_high(piece, place)
        and kinds[0] not in ("party", "people", "department")
    ):
        return None
    return Found(
        place, end, text[0].upper() + text[1:], kinds[0], _level_of_group(text), is_group=True
    )


_ALONE = frozenset(
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
