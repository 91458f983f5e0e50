"""What a document says it is: the block at its top, the signer and the recipients at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from hoptac.directives.reading.actors import Found, all_actors
from hoptac.directives.reading.dates import DAY, day_of
from hoptac.directives.reading.flow import ENUMERATOR, Line, Piece, clean, cut, is_caps
from hoptac.directives.reading.gazetteer import key
from hoptac.directives.reading.references import kind_of_symbol, kinds, normal_symbol
from hoptac.directives.reading.result import Head, Recipient, Side, Signature, Span
from hoptac.directives.reading.words import UPPER, lowered


@dataclass
class Top:
    """What was read at the top and at the end, and how many lines each took."""

    head: Head
    body_from: int
    """Index of the first line that belongs to the text proper."""
    body_to: int
    """Index after the last such line."""
    title: Piece | None = None
    recipients: list[tuple[Piece, list[Found]]] = field(default_factory=list)
    addressed: Piece | None = None


_GAP = re.compile(r"\s{3,}|\t+|\s*\|\s*")
_MOTTO = re.compile(r"cộng\s*h[òo]a\s*xã\s*hội|chủ nghĩa việt nam|độc lập\s*-\s*tự do|tự do\s*-\s*hạnh phúc|^việt nam$|^hội chủ nghĩa")
_PARTY = re.compile(r"đảng cộng sản việt nam")
_NUMBER = re.compile(
    rf"^số\s*:?\s*(?P<number>\d{{1,5}}[a-z]?|[.…_\s]*)\s?(?:/\s?(?P<year>(?:19|20)\d{{2}})\s?)?(?P<sign>[-/–])\s?(?P<letters>[{UPPER.lower()}a-zđ&]+[\w&]*(?:\s?[-–/.]\s?[\w&]+)*)",
)
_NUMBER_OPEN = re.compile(r"^số\s*:?\s*(?P<number>\d{1,5}[a-z]?)?\s*/?-?\s*$")
_PLACE_DAY = re.compile(rf"^(?P<place>[^,;:]{{2,40}}),\s*(?P<day>{DAY.pattern}|ngày\s*[.…\s\d]*tháng\s*[.…\s\d]*năm\s*\d{{4}})\s*$")
_ORGAN_STARTS = (
    "ủy ban nhân dân", "ubnd", "hội đồng nhân dân", "hđnd", "tỉnh ủy", "thành ủy", "huyện ủy", "thị ủy", "quận ủy", "đảng ủy", "ban chấp hành", "ban thường vụ",
    "sở ", "bộ ", "ban ", "văn phòng", "liên minh", "hội ", "chi cục", "cục ", "phòng ", "tỉnh đoàn", "thủ tướng", "chính phủ", "trung tâm", "mặt trận", "ngân hàng", "đảng bộ", "công an", "đoàn ", "ủy ban",
)  # fmt: skip
_BODY_STARTS = re.compile(
    r"^(?:căn cứ|thực hiện|để |nhằm |sau |trong |qua |xét |theo |kính gửi|triển khai|điều 1|thời gian qua|ngày \d|năm \d|tiếp tục|quán triệt|phát huy|những năm|hiện nay|tại |trên cơ sở|ủy ban nhân dân tỉnh ban hành|ubnd tỉnh ban hành|nhận được|từ )"
)
_NO_TITLE = re.compile(r"^[\s\-_*=–—─.]+$")


def read_head(lines: list[Line]) -> Top:
    """Return what the document's top and end tell; era and side are told by what stands there."""
    end_from = _end_block(lines)
    top = _read_top(lines, min(end_from, len(lines)))
    _read_end(lines, end_from, top)
    _guess_issuer(lines, top)
    return top


# --- The top

def _read_top(lines: list[Line], limit: int) -> Top:
    head: dict[str, object] = {}
    spans: dict[str, Span] = {}
    organs: list[tuple[str, Span]] = []
    kind_at = title_from = -1
    i = 0
    side = Side.UNKNOWN
    seen = False
    while i < min(limit, 45):
        line = lines[i]
        fragments = _fragments(line)
        taken = False
        for piece in fragments:
            low = piece.low
            if _MOTTO.search(low):
                side, taken, seen = Side.STATE, True, True
            elif _PARTY.search(low) and len(low) < 60:
                side, taken, seen = Side.PARTY, True, True
            elif _take_number(piece, head, spans) or _take_place(piece, head, spans):
                taken = seen = True
            elif low.startswith("v/v") or low.startswith("về việc") and "symbol" in head and kind_at < 0:
                title_from, taken = i, True
            elif _is_organ(piece, organs) and kind_at < 0 and not low.startswith(("kính gửi", "nơi nhận")):
                organs.append((" ".join(piece.text.split()), piece.whole()))
                taken = True
            elif not low.strip("-_*=.·–— "):
                taken = True
        if title_from >= 0:
            break
        kind = _kind_alone(line)
        if kind:
            head["kind"], kind_at = kind, i
            spans["kind"] = line.piece.whole()
            break
        if not taken:
            if seen or organs:
                more = i + 1 < min(limit, 45) and len(line.piece.text) < 40 and (i + 1) < 20
                if not more or ENUMERATOR.match(line.piece.text) or line.piece.low.startswith("kính gửi"):
                    break
            elif i > 4:
                break
        i += 1
    title: Piece | None = None
    body_from = 0
    if kind_at < 0 and title_from < 0 and not seen and lines:
        plain = _plain_heading(lines, limit)
        if plain is not None:
            head["kind"], title, body_from, issuer = plain
            organs = [(issuer.text, issuer.whole())] if issuer is not None else organs
            spans["kind"] = Span(lines[0].piece.whole().start, title.whole().start if title else lines[0].piece.whole().end)
    if kind_at >= 0:
        title, body_from = _title_after(lines, kind_at, limit, organs)
    elif title_from >= 0:
        title, body_from = _subject(lines, title_from, limit)
    elif seen:
        body_from = min(i, limit)
    while body_from < limit and _is_rest_of_head(lines[body_from], head, spans):
        body_from += 1
    addressed = None
    for j in range(body_from, min(body_from + 4, limit)):
        if lines[j].piece.low.startswith("kính gửi"):
            addressed, body_from = _addressed(lines, j, limit)
            break
    # the lines between subject and body that belong to the other column
    while body_from < limit and _is_rest_of_head(lines[body_from], head, spans):
        body_from += 1
    parent, issuer = _parent_and_issuer(organs)
    if not side and "symbol" in head:
        side = Side.PARTY if re.match(r"\d+-", str(head["symbol"])) else Side.STATE
    if not side and parent + issuer:
        side = Side.PARTY if re.search(r"ủy(?!\s*ban)|đảng", key(parent + " " + issuer)) and "ủy ban nhân dân" not in key(issuer) else Side.STATE
    if "kind" not in head and "symbol" in head:
        head["kind"] = head.get("kind_of_symbol") or "Công văn"
    if title is not None:
        spans["title"] = title.whole()
    if organs:
        spans["issuer"] = Span(organs[0][1].start, organs[-1][1].end)
    return Top(
        Head(
            side=side, kind=str(head.get("kind", "")), kind_code=_code(str(head.get("kind", ""))),
            number=str(head.get("number", "")), symbol=str(head.get("symbol", "")), issuer=issuer, parent=parent,
            place=str(head.get("place", "")), issued_on=head.get("issued_on") if isinstance(head.get("issued_on"), date) else None,
            title=" ".join(title.text.split()).strip(" .-*") if title else "", spans=spans,
        ),
        body_from, len(lines), title, [], addressed,
    )  # fmt: skip


def _plain_heading(
    lines: list[Line], limit: int
) -> tuple[str, Piece | None, int, Piece | None] | None:
    """Return kind, title, first line of the body and issuer of a text that begins *Quyết định phê duyệt …*, without a head."""
    first = lines[0].piece
    match = kinds().names.match(first.low)
    if match is None or len(first.text) > 400 or limit < 2:
        return None
    name = str(kinds().by_name[" ".join(match[0].split())]["name"])
    rest = cut(first, match.end(), len(first.text))
    if name in ("Văn bản", "Luật") or re.match(r"số\s", rest.low) or first.text.rstrip().endswith("."):
        return None
    body = 1
    issuer = None
    if body < limit and len(lines[body].piece.text) < 60:
        found = [f for f in all_actors(lines[body].piece) if f.start == 0]
        if found and found[0].end >= len(lines[body].piece.text) - 1:
            issuer = lines[body].piece
            body += 1
    return name, rest if rest.text else None, body, issuer


def _code(kind: str) -> str:
    row = kinds().by_name.get(key(kind))
    return str(row["code"]) if row else ""


def _fragments(line: Line) -> list[Piece]:
    """Return the parts of a line that wide gaps or strokes part: the two columns of a head."""
    if not _GAP.search(line.raw.strip()):
        return [line.piece]
    found = []
    place = 0
    for gap in [*_GAP.finditer(line.raw), None]:
        stop = gap.start() if gap else len(line.raw)
        piece = clean(line.raw[place:stop], line.start + place)
        if piece.text:
            found.append(piece)
        place = gap.end() if gap else stop
    return found or [line.piece]


def _take_number(piece: Piece, head: dict[str, object], spans: dict[str, Span]) -> bool:
    match = _NUMBER.match(piece.low)
    if match is None:
        if _NUMBER_OPEN.match(piece.low) and len(piece.text) < 20:
            return True
        return False
    if "symbol" in head:
        return True
    letters = piece.text[match.start("letters") : match.end("letters")]
    letters = re.split(r"\s(?=[a-zđ])|\s+V/v", letters)[0]
    number = match["number"].strip(" .…_")
    head["number"] = number
    head["symbol"] = normal_symbol(number, match["year"] or "", letters) if number else ""
    if match["sign"] in "-–" and number:
        parts = letters.split("/")
        if len(parts) == 2:
            head["symbol"] = f"{number}-{parts[0]}/{parts[1]}"
    head["kind_of_symbol"] = kind_of_symbol(letters)
    spans["symbol"] = piece.span(match.start(), match.start("letters") + len(letters))
    return True


def _take_place(piece: Piece, head: dict[str, object], spans: dict[str, Span]) -> bool:
    match = _PLACE_DAY.match(piece.low.strip("_* "))
    if match is None or match["place"].startswith(("căn cứ", "theo")):
        return False
    day = DAY.search(piece.low)
    head.setdefault("place", piece.text[: len(match["place"])].strip(" _*"))
    if day:
        head.setdefault("issued_on", day_of(day))
    spans.setdefault("place_and_day", piece.whole())
    return True


def _is_organ(piece: Piece, organs: list[tuple[str, Span]]) -> bool:
    text = piece.text.strip("*_ ")
    if not is_caps(text) or len(text) > 90 or ENUMERATOR.match(text):
        return False
    low = piece.low.strip()
    if kinds().names.fullmatch(low.rstrip(" .:*")):
        return False
    return low.startswith(_ORGAN_STARTS) or bool(organs)


def _kind_alone(line: Line) -> str:
    """Return the kind that a line in capitals names: KẾ HOẠCH, alone or before its title."""
    fragments = _fragments(line)
    low = fragments[0].low.strip(" .:*_") if len(fragments) == 1 else ""
    match = kinds().names.match(low)
    if match is None or not is_caps(line.piece.text[: match.end()]):
        return ""
    name = str(kinds().by_name[" ".join(match[0].split())]["name"])
    if name in ("Văn bản", "Luật", "Hợp đồng"):
        return ""
    return name


def _title_after(
    lines: list[Line], at: int, limit: int, organs: list[tuple[str, Span]]
) -> tuple[Piece | None, int]:
    first = lines[at].piece
    match = kinds().names.match(first.low)
    rest = cut(first, match.end(), len(first.text)) if match else None
    title = rest if rest is not None and rest.text.strip(" :*") else None
    i = at + 1
    is_decision = first.low.startswith(("quyết định", "nghị quyết"))
    while i < limit and i < at + 10:
        line = lines[i]
        text, low = line.piece.text, line.piece.low
        if _NO_TITLE.match(text) or _is_motto(line):
            i += 1
            continue
        if ENUMERATOR.match(text) or (_BODY_STARTS.match(low) and title is not None and not (low.startswith("thực hiện") and _goes_on(title))):
            break
        if is_decision and title is not None and is_caps(text) and low.startswith(("ủy ban", "chủ tịch", "hội đồng", "giám đốc", "ban ", "bộ trưởng", "thủ tướng", "tỉnh ủy")):
            i += 1
            while i < limit and is_caps(lines[i].piece.text) and not ENUMERATOR.match(lines[i].piece.text):
                i += 1
            break
        if title is not None:
            if line.blank_before and not (text[:1].islower() or _goes_on(title) or (is_caps(text) and is_caps(title.text))):
                break
            if len(title.text) > 60 and title.text[-1:] in ".;:":
                break
            if is_caps(title.text) and not is_caps(text):
                break
            if len(text) > 220 and len(title.text) > 20:
                break
        elif len(text) > 500:
            break
        title = line.piece if title is None else title.joined(line.piece)
        i += 1
    while i < limit and _NO_TITLE.match(lines[i].piece.text):
        i += 1
    return title, i


def _goes_on(title: Piece) -> bool:
    return bool(re.search(r"(?:,|(?<!\w)(?:và|về|của|các|theo|cho|năm|ngày|số|tỉnh|giai đoạn|thực hiện|triển khai|-))$", title.low.strip()))


def _is_motto(line: Line) -> bool:
    return bool(_MOTTO.search(line.piece.low) and len(line.piece.text) < 80)


def _subject(lines: list[Line], at: int, limit: int) -> tuple[Piece | None, int]:
    """Return the subject (*V/v …*) of an official letter, over the lines it takes."""
    parts = [p for p in _fragments(lines[at]) if p.low.startswith(("v/v", "về việc"))]
    title = parts[0] if parts else lines[at].piece
    i = at + 1
    while i < limit and i < at + 5:
        line = lines[i]
        low = line.piece.low
        if low.startswith("kính gửi") or ENUMERATOR.match(line.piece.text) or line.blank_before > 1:
            break
        fragments = _fragments(line)
        if len(fragments) > 1 or len(line.piece.text) < 60:
            own = [p for p in fragments if not _PLACE_DAY.match(p.low) and not _MOTTO.search(p.low)]
            if not own or is_caps(own[0].text) or own[0].text[:1].isupper() and line.blank_before:
                break
            title = title.joined(own[0])
            i += 1
            continue
        break
    match = re.match(r"(?:v/v|về việc)\s*:?\s*", title.low)
    return cut(title, match.end() if match else 0, len(title.text)), i


def _addressed(lines: list[Line], at: int, limit: int) -> tuple[Piece, int]:
    piece = lines[at].piece
    i = at + 1
    while i < limit:
        line = lines[i]
        if re.match(r"^[-–+•]\s*", line.piece.text) or (line.piece.text[:1].islower() and not piece.text.endswith(".")):
            piece = piece.joined(line.piece)
            i += 1
        else:
            break
    return piece, i


def _is_rest_of_head(line: Line, head: dict[str, object], spans: dict[str, Span]) -> bool:
    if _is_motto(line):
        return True
    return len(line.piece.text) < 70 and _take_place(line.piece, head, spans)


def _parent_and_issuer(organs: list[tuple[str, Span]]) -> tuple[str, str]:
    names: list[str] = []
    for text, _ in organs:
        text = text.strip("*_ ")
        low = lowered(text)
        starts = low.startswith(_ORGAN_STARTS)
        if names and (not starts or _is_half(names[-1])):
            names[-1] = f"{names[-1]} {text}"
        else:
            names.append(text)
    names = [_written(n) for n in names]
    if not names:
        return "", ""
    if len(names) == 1:
        return "", names[0]
    return names[-2], names[-1]


def _is_half(name: str) -> bool:
    low = key(name)
    return low in ("ban chấp hành", "ủy ban", "ủy ban nhân", "hội đồng", "ban thường vụ", "ban chỉ đạo", "liên minh", "ban thường trực", "đoàn") or low.endswith(
        (" và", " -", " trung ương đảng")
    )


def _written(name: str) -> str:
    """Return a name set in capitals as a sentence writes it: the gazetteer's way, places with capitals."""
    low = " ".join(name.lower().split())
    piece = _titled(low)
    found = [f for f in all_actors(piece) if f.start == 0]
    if found and found[0].end >= len(piece.text) - 1:
        one = found[0]
        if one.place and one.place not in one.name:
            joint = " tỉnh " if not one.name.endswith(("tỉnh", "ủy", "thành phố")) else " "
            return f"{one.name}{joint}{one.place}"
        return one.name
    return piece.text


def _titled(low: str) -> Piece:
    words = low.split()
    # the words of a place and the first of every head take capitals
    raised = []
    place = False
    for i, word in enumerate(words):
        if i == 0 or place or word in ("sở", "ubnd", "hđnd", "ủy"):
            raised.append(word.upper() if word in ("ubnd", "hđnd") else word[0].upper() + word[1:])
        else:
            raised.append(word)
        if word in ("tỉnh", "huyện", "xã", "quận", "phường") or (i and words[i - 1] == "thành" and word == "phố"):
            place = True
        elif i and words[i - 1] in ("tỉnh", "thành", "huyện", "thị", "quận") and word == "ủy":
            place = True
    text = " ".join(raised)
    for small, high in (("Ủy Ban", "Ủy ban"), ("tỉnh Ủy", "Tỉnh ủy"), ("Tỉnh Ủy", "Tỉnh ủy"), ("thành Ủy", "Thành ủy"), ("Thành Ủy", "Thành ủy"), ("huyện Ủy", "Huyện ủy"), ("Huyện Ủy", "Huyện ủy")):
        text = text.replace(small, high)
    # every sector's word may have a capital of its own
    low_text = lowered(text)
    from hoptac.directives.reading.gazetteer import gazetteer

    match = gazetteer().body.match(low_text)
    if match:
        name = gazetteer().bodies[" ".join(match[0].split())].name
        if key(name) == " ".join(match[0].split()):
            text = name + text[match.end() :]
    return Piece(text, list(range(len(text))), list(range(1, len(text) + 1)))


# --- The end

_AUTHORITY = re.compile(r"^(?P<a>t/m|tm|k/t|kt|t/l|tl|tuq|t/uq|q|quyền)\s?[.:]?\s+(?=\S)")
_SIGN_POST = re.compile(
    r"^(?:(?:phó\s+)?(?:chủ tịch|bí thư|giám đốc|trưởng ban|chánh văn phòng|chủ nhiệm|cục trưởng|chi cục trưởng|tổng giám đốc|bộ trưởng|thủ tướng|viện trưởng|hiệu trưởng|trưởng phòng)|bí thư|thứ trưởng|quyền )(?!\w)"
)
_PERSON = re.compile(rf"^(?:[{UPPER}][^\W\d_]*\.?\s+){{1,5}}[{UPPER}][^\W\d_]+$")


def _end_block(lines: list[Line]) -> int:
    """Return the index of the first line of the end: *Nơi nhận* or the signer's authority."""
    for i in range(len(lines) - 1, -1, -1):
        low = lines[i].piece.low
        if low.startswith("nơi nhận"):
            back = i
            while back > 0 and i - back < 6 and _is_sign_line(lines[back - 1]):
                back -= 1
            return back
    for i in range(max(0, len(lines) - 14), len(lines)):
        if _is_sign_line(lines[i]) and _AUTHORITY.match(lines[i].piece.low):
            return i
    return len(lines)


def _is_sign_line(line: Line) -> bool:
    low, text = line.piece.low, line.piece.text
    if len(text) > 90:
        return False
    return bool((_AUTHORITY.match(low) and is_caps(text)) or (_SIGN_POST.match(low) and is_caps(text)))


def _read_end(lines: list[Line], start: int, top: Top) -> None:
    if start >= len(lines):
        return
    recipients: list[Piece] = []
    sign: list[Piece] = []
    in_list = False
    stop = len(lines)
    for i in range(start, len(lines)):
        line = lines[i]
        if i > start + 1 and (re.match(r"^(?:PHỤ LỤC|Phụ lục|BIỂU)\b", line.piece.text) or (line.cells is not None and len(line.cells) > 2)):
            stop = i
            break
        for piece in _fragments(line):
            low = piece.low
            if low.startswith("nơi nhận"):
                in_list = True
                rest = cut(piece, min(len(low), low.find(":") + 1 or 8), len(piece.text))
                if rest.text:
                    recipients.append(rest)
            elif re.match(r"^[-–+•]\s*\S", piece.text) and in_list:
                recipients.append(piece)
            elif in_list and recipients and not sign and piece.text[:1].islower():
                recipients[-1] = recipients[-1].joined(piece)
            elif in_list and not is_caps(piece.text) and piece.text[-1:] in ";," and not _PERSON.match(piece.text):
                recipients.append(piece)
            else:
                sign.append(piece)
    top.body_to = start
    if stop < len(lines):
        top.body_to = -stop  # an annex follows: the caller takes what comes after
        top.body_to = start
        top.tail = stop  # type: ignore[attr-defined]
    signatures = _signatures(sign)
    read = []
    for piece in recipients:
        for part in _parts_of(piece):
            if not part.text.strip(" -–+•;,."):
                continue
            read.append(_recipient(part))
            top.recipients.append((part, all_actors(part)))
    head = top.head
    top.head = _with(head, signatures, tuple(read))


def _with(head: Head, signatures: tuple[Signature, ...], recipients: tuple[Recipient, ...]) -> Head:
    from dataclasses import replace

    return replace(head, signatures=signatures, recipients=recipients)


def _parts_of(piece: Piece) -> list[Piece]:
    """Return the entries of one line of recipients: one, unless bullets stand inside it."""
    cuts = [m.start() for m in re.finditer(r"(?<=[;,.])\s+-\s+(?=\S)", piece.text)]
    parts = []
    for a, b in zip([0, *cuts], [*cuts, len(piece.text)], strict=True):
        parts.append(cut(piece, a, b))
    return parts


def _recipient(piece: Piece) -> Recipient:
    begin = re.match(r"^[-–+•\s]*", piece.text)
    own = cut(piece, begin.end() if begin else 0, len(piece.text))
    text = own.text.rstrip(" ;,.")
    bracket = re.search(r"\(([^)]*)\)\s*$", text)
    is_archive = own.low.startswith("lưu")
    return Recipient(
        text=text, span=own.span(0, len(text)), is_archive=is_archive,
        for_what=bracket[1].strip() if bracket and not is_archive else "",
    )  # fmt: skip


def _signatures(pieces: list[Piece]) -> tuple[Signature, ...]:
    found: list[Signature] = []
    authority = behalf = post = ""
    start: Span | None = None
    first = ""
    for piece in pieces:
        text, low = piece.text.strip("*_ "), piece.low.strip("*_ ")
        match = _AUTHORITY.match(low)
        if match and is_caps(text):
            sign = match["a"].replace("/", "").upper()
            rest = _sentence(text[match.end() :])
            if sign in ("TM", "TL", "TUQ"):
                authority, behalf = sign, rest
            else:
                first = first or sign
                authority = authority if authority == "TM" else (sign if sign != "QUYỀN" else "Q")
                if authority != "TM":
                    behalf = rest
            start = start or piece.whole()
        elif is_caps(text) and (_SIGN_POST.match(low) or (post and not _PERSON.match(text.title()))):
            post = f"{post} {_sentence(text)}".strip() if post and not _SIGN_POST.match(low) else _sentence(text)
            start = start or piece.whole()
        elif _PERSON.match(text) and not low.startswith(("phụ lục", "nơi nhận", "kính gửi")) and (post or authority):
            place = start or piece.whole()
            found.append(
                Signature(name=text, post=post, authority=authority, on_behalf_of=behalf, span=Span(place.start, piece.whole().end))
            )  # fmt: skip
            authority = behalf = post = ""
            start = None
        elif is_caps(text) and (post or authority) and _PERSON.match(text.title()):
            place = start or piece.whole()
            found.append(
                Signature(name=text.title(), post=post, authority=authority, on_behalf_of=behalf, span=Span(place.start, piece.whole().end))
            )  # fmt: skip
            authority = behalf = post = ""
            start = None
    if not found and (post or authority):
        found.append(Signature(post=post, authority=authority, on_behalf_of=behalf, span=start))
    return tuple(found)


_POST_WORDS = {"chánh văn phòng": "Chánh Văn phòng", "bí thư": "Bí thư", "thường trực": "Thường trực", "chủ tịch": "Chủ tịch", "giám đốc": "Giám đốc"}


def _sentence(text: str) -> str:
    """Return a text set in capitals as a sentence writes it: *Phó Bí thư Thường trực*."""
    words = " ".join(text.lower().split())
    for low, high in _POST_WORDS.items():
        words = re.sub(rf"(?<!\w){low}(?!\w)", high, words)
    words = words.replace("thường vụ", "Thường vụ").replace("ban thường vụ", "Ban Thường vụ")
    words = _written(words) if words.startswith(("ủy ban", "hội đồng", "ubnd")) else words
    return words[:1].upper() + words[1:]


def _guess_issuer(lines: list[Line], top: Top) -> None:
    """Name the issuer by the signer where the top does not: *T/M BAN THƯỜNG VỤ* with a *Tỉnh ủy* in the text."""
    from dataclasses import replace

    head = top.head
    signed = head.signatures[0] if head.signatures else None
    if not head.issuer and signed is not None and signed.authority == "TM":
        issuer = signed.on_behalf_of
        if key(issuer) in ("ban thường vụ", "thường trực", "ban chấp hành"):
            seen = [line.piece.low for line in lines]
            for committee in ("Tỉnh ủy", "Thành ủy", "Huyện ủy", "Đảng ủy"):
                if any(f"{key(issuer)} {committee.lower()}" in low for low in seen):
                    issuer = f"{issuer} {committee}"
                    break
        head = replace(head, issuer=issuer)
    if not head.side and signed is not None and signed.span is not None:
        authority = next((line.raw for line in lines if re.search(r"[TK]/[MLT]\b", line.raw)), "")
        party = bool(authority) or "bí thư" in key(signed.post)
        head = replace(head, side=Side.PARTY if party else Side.STATE)
    top.head = head
