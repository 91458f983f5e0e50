"""What a document says it is: the block at its top, the signer and the recipients at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from hoptac.directives.reading.actors import Found, all_actors
from hoptac.directives.reading.dates import DAY, day_of
from hoptac.directives.reading.flow import ENUMERATOR, Line, Piece, cut, fragments, is_caps
from hoptac.directives.reading.gazetteer import key
from hoptac.directives.reading.names import written
from hoptac.directives.reading.references import kind_of_symbol, kinds, normal_symbol
from hoptac.directives.reading.result import Head, Side, Span
from hoptac.directives.reading.signing import end_block, read_end
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
    tail_from: int = 0
    """Index of the first line behind the end, where an annex begins."""


_MOTTO = re.compile(
    r"cộng\s*h[òo]a\s*xã\s*hội|chủ nghĩa việt nam|độc lập\s*-\s*tự do|tự do\s*-\s*hạnh phúc|^việt nam$|^hội chủ nghĩa"
)
_PARTY = re.compile(r"đảng cộng sản việt nam")
_NUMBER = re.compile(
    rf"^số\s*:?\s*(?P<number>\d{{1,5}}[a-z]?|[.…_\s]*)\s?(?:/\s?(?P<year>(?:19|20)\d{{2}})\s?)?(?P<sign>[-/–])\s?(?P<letters>[{UPPER.lower()}a-zđ&]+[\w&]*(?:\s?[-–/.]\s?[\w&]+)*)",
)
_NUMBER_OPEN = re.compile(r"^số\s*:?\s*(?P<number>\d{1,5}[a-z]?)?\s*/?-?\s*$")
_PLACE_DAY = re.compile(
    rf"^(?P<place>[^,;:]{{2,40}}),\s*(?P<day>{DAY.pattern}|ngày\s*[.…\s\d]*tháng\s*[.…\s\d]*năm\s*\d{{4}})\s*$"
)
_ORGAN_STARTS = (
    "ủy ban nhân dân", "y ban nhân dân", "ubnd", "hội đồng nhân dân", "hđnd", "tỉnh ủy", "thành ủy", "huyện ủy", "thị ủy", "quận ủy", "đảng ủy", "ban chấp hành", "ban thường vụ",
    "sở ", "bộ ", "ban ", "văn phòng", "liên minh", "hội ", "chi cục", "cục ", "phòng ", "tỉnh đoàn", "thủ tướng", "chính phủ", "trung tâm", "mặt trận", "ngân hàng", "đảng bộ", "công an", "đoàn ", "ủy ban",
)  # fmt: skip
_BODY_STARTS = re.compile(
    r"^(?:căn cứ|thực hiện|để |nhằm |sau |trong |qua |xét |theo |kính gửi|triển khai|điều 1|thời gian qua|ngày \d|năm \d|tiếp tục|quán triệt|phát huy|những năm|hiện nay|tại |trên cơ sở|ủy ban nhân dân tỉnh ban hành|ubnd tỉnh ban hành|nhận được|từ )"
)
_NO_TITLE = re.compile(r"^[\s\-_*=–—─.]+$")


def read_head(lines: list[Line]) -> Top:
    """Return what the document's top and end tell; era and side are told by what stands there."""
    end_from = end_block(lines)
    top = _read_top(lines, min(end_from, len(lines)))
    top.body_to = end_from
    if end_from < len(lines):
        end = read_end(lines, end_from)
        top.tail_from = end.stops_at
        top.recipients = [(piece, all_actors(piece)) for _, piece in end.recipients]
        top.head = replace(
            top.head, signatures=end.signatures, recipients=tuple(r for r, _ in end.recipients)
        )
    else:
        top.tail_from = len(lines)
    _guess_issuer(lines, top)
    return top


# --- The top


@dataclass
class _Scan:
    """What has been seen at the top so far."""

    side: Side = Side.UNKNOWN
    kind: str = ""
    number: str = ""
    symbol: str = ""
    has_number: bool = False
    kind_of_symbol: str = ""
    place: str = ""
    issued_on: date | None = None
    spans: dict[str, Span] = field(default_factory=dict)
    organs: list[tuple[str, Span]] = field(default_factory=list)
    kind_at: int = -1
    subject_at: int = -1
    title_at: int = -1
    """The line in capitals that is the title where no line names the kind."""
    stopped_at: int = 0
    is_seen: bool = False


_MOST_LINES = 45


def _scan(lines: list[Line], limit: int) -> _Scan:
    """Read lines from the top until the kind or the subject of the document is found, or text begins."""
    scan = _Scan()
    i = 0
    while i < min(limit, _MOST_LINES):
        line = lines[i]
        if _is_bare_title(line, scan):
            scan.title_at = i
            break
        taken = [_take(piece, scan) for piece in fragments(line)]
        if "subject" in taken or ("number" in taken and _SUBJECT_INSIDE.search(line.piece.low)):
            scan.subject_at = i
            break
        kind = _kind_alone(line)
        if kind:
            scan.kind, scan.kind_at = kind, i
            scan.spans["kind"] = line.piece.whole()
            break
        if not any(taken) and _is_text(scan, line, i, limit):
            break
        i += 1
    scan.stopped_at = i
    return scan


_SUBJECT_INSIDE = re.compile(r"(?<=\s)v/v\s")


def _is_bare_title(line: Line, scan: _Scan) -> bool:
    """Tell whether a line in capitals behind number and day is the title, the line of the kind lost."""
    low = line.piece.low.strip(" |*_")
    if not (scan.kind_of_symbol and "place_and_day" in scan.spans and is_caps(line.piece.text)):
        return False
    if _kind_alone(line):
        return False
    is_organ = low.startswith((*_ORGAN_STARTS, "tỉnh ", "thành phố ", "huyện ", "xã ", "phường "))
    return (len(low) > 20 and not is_organ) or low.startswith("về ")


def _is_text(scan: _Scan, line: Line, i: int, limit: int) -> bool:
    """Tell whether a line of which nothing was taken ends the top."""
    if not (scan.is_seen or scan.organs):
        return i > 4
    if ENUMERATOR.match(line.piece.text) or line.piece.low.startswith("kính gửi"):
        return True
    return not (i + 1 < min(limit, 20) and len(line.piece.text) < 40)


def _take(piece: Piece, scan: _Scan) -> str:
    """Take what a fragment says; return what it was, or nothing."""
    low = piece.low
    if _MOTTO.search(low):
        scan.side, scan.is_seen = Side.STATE, True
        return "motto"
    if _PARTY.search(low) and len(low) < 60:
        scan.side, scan.is_seen = Side.PARTY, True
        return "party"
    if _take_number(piece, scan) or _take_place(piece, scan):
        scan.is_seen = True
        return "number"
    if low.startswith("v/v") or (low.startswith("về việc") and scan.has_number):
        return "subject"
    if _is_organ(piece, scan.organs) and not low.startswith(("kính gửi", "nơi nhận")):
        scan.organs.append((" ".join(piece.text.split()), piece.whole()))
        return "organ"
    return "" if low.strip("-_*=.·–— ") else "sign"


def _read_top(lines: list[Line], limit: int) -> Top:
    scan = _scan(lines, limit)
    title, body_from = _title_and_body(lines, limit, scan)
    body_from, addressed = _skip_rest(lines, body_from, limit, scan)
    parent, issuer = _parent_and_issuer(scan.organs)
    if title is not None:
        scan.spans["title"] = title.whole()
    if scan.organs:
        scan.spans["issuer"] = Span(scan.organs[0][1].start, scan.organs[-1][1].end)
    kind = scan.kind or (scan.kind_of_symbol or "Công văn" if scan.symbol else "")
    head = Head(
        side=scan.side or _side(scan, parent, issuer), kind=kind, kind_code=_code(kind), number=scan.number,
        symbol=scan.symbol, issuer=issuer, parent=parent, place=scan.place, issued_on=scan.issued_on,
        title=" ".join(title.text.split()).strip(" .-*") if title else "", spans=scan.spans,
    )  # fmt: skip
    return Top(head, body_from, len(lines), title, addressed=addressed)


def _title_and_body(lines: list[Line], limit: int, scan: _Scan) -> tuple[Piece | None, int]:
    if scan.kind_at >= 0:
        return _title_after(lines, scan.kind_at, limit)
    if scan.subject_at >= 0:
        return _subject(lines, scan.subject_at, limit)
    if scan.title_at >= 0:
        return _bare_title(lines, scan.title_at, limit)
    if scan.is_seen:
        return None, min(scan.stopped_at, limit)
    plain = _plain_heading(lines, limit) if lines else None
    if plain is None:
        return None, 0
    scan.kind, title, body_from, issuer = plain
    scan.organs = [(issuer.text, issuer.whole())] if issuer is not None else scan.organs
    first = lines[0].piece.whole()
    scan.spans["kind"] = Span(first.start, title.whole().start if title else first.end)
    return title, body_from


def _bare_title(lines: list[Line], at: int, limit: int) -> tuple[Piece, int]:
    """Return the lines in capitals of a title, and step over the body that speaks beneath it."""
    title, i = lines[at].piece, at + 1
    while i < limit and is_caps(lines[i].piece.text) and not ENUMERATOR.match(lines[i].piece.text):
        if lines[i].piece.low.startswith(_ORGAN_STARTS):
            return title, i + 1
        title = title.joined(lines[i].piece)
        i += 1
    return title, i


def _skip_rest(
    lines: list[Line], body_from: int, limit: int, scan: _Scan
) -> tuple[int, Piece | None]:
    """Step over what of the other column, and of the addressees, stands between subject and body."""

    def skip(at: int) -> int:
        while at < limit and _is_rest_of_head(lines[at], scan):
            at += 1
        return at

    body_from = skip(body_from)
    for j in range(body_from, min(body_from + 4, limit)):
        if lines[j].piece.low.startswith("kính gửi"):
            addressed, body_from = _addressed(lines, j, limit)
            return skip(body_from), addressed
    return body_from, None


def _side(scan: _Scan, parent: str, issuer: str) -> Side:
    if scan.symbol:
        return Side.PARTY if re.match(r"\d+-", scan.symbol) else Side.STATE
    if parent + issuer:
        party = re.search(r"ủy(?!\s*ban)|đảng", key(f"{parent} {issuer}"))
        return Side.PARTY if party and "ủy ban nhân dân" not in key(issuer) else Side.STATE
    return Side.UNKNOWN


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
    if (
        name in ("Văn bản", "Luật")
        or re.match(r"số\s", rest.low)
        or first.text.rstrip().endswith(".")
    ):
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


def _take_number(piece: Piece, scan: _Scan) -> bool:
    match = _NUMBER.match(piece.low)
    if match is None:
        return bool(_NUMBER_OPEN.match(piece.low)) and len(piece.text) < 20
    if scan.has_number:
        return True
    scan.has_number = True
    letters = piece.text[match.start("letters") : match.end("letters")]
    letters = re.split(r"\s(?=[a-zđ])|\s+V/v", letters)[0]
    number = match["number"].strip(" .…_")
    scan.number = number
    scan.symbol = normal_symbol(number, match["year"] or "", letters) if number else ""
    parts = letters.split("/")
    if match["sign"] in "-–" and number and len(parts) == 2:
        scan.symbol = f"{number}-{parts[0]}/{parts[1]}"
    scan.kind_of_symbol = kind_of_symbol(letters)
    scan.spans["symbol"] = piece.span(match.start(), match.start("letters") + len(letters))
    return True


def _take_place(piece: Piece, scan: _Scan) -> bool:
    match = _PLACE_DAY.match(piece.low.strip("_* "))
    if match is None or match["place"].startswith(("căn cứ", "theo")):
        return False
    day = DAY.search(piece.low)
    scan.place = scan.place or piece.text[: len(match["place"])].strip(" _*")
    if day:
        scan.issued_on = scan.issued_on or day_of(day)
    scan.spans.setdefault("place_and_day", piece.whole())
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
    parts_of_line = fragments(line)
    low = parts_of_line[0].low.strip(" .:*_") if len(parts_of_line) == 1 else ""
    match = kinds().names.match(low)
    if match is None or not is_caps(line.piece.text[: match.end()]):
        return ""
    name = str(kinds().by_name[" ".join(match[0].split())]["name"])
    if name in ("Văn bản", "Luật", "Hợp đồng"):
        return ""
    return name


def _title_after(lines: list[Line], at: int, limit: int) -> tuple[Piece | None, int]:
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
        if ENUMERATOR.match(text) or (
            _BODY_STARTS.match(low)
            and title is not None
            and not (low.startswith("thực hiện") and _goes_on(title))
        ):
            break
        if (
            is_decision
            and title is not None
            and is_caps(text)
            and low.startswith(
                (
                    "ủy ban",
                    "chủ tịch",
                    "hội đồng",
                    "giám đốc",
                    "ban ",
                    "bộ trưởng",
                    "thủ tướng",
                    "tỉnh ủy",
                )
            )
        ):
            i += 1
            while (
                i < limit
                and is_caps(lines[i].piece.text)
                and not ENUMERATOR.match(lines[i].piece.text)
            ):
                i += 1
            break
        if title is not None:
            if line.blank_before and not (
                text[:1].islower() or _goes_on(title) or (is_caps(text) and is_caps(title.text))
            ):
                break
            if len(title.text) > 60 and title.text[-1:] in ".;:":
                break
            if is_caps(title.text) and not is_caps(text) and re.search(r"[^\W\d_]", text):
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
    return bool(
        re.search(
            r"(?:,|(?<!\w)(?:và|về|của|các|theo|cho|năm|ngày|số|tỉnh|giai đoạn|thực hiện|triển khai|-))$",
            title.low.strip(),
        )
    )


def _is_motto(line: Line) -> bool:
    return bool(_MOTTO.search(line.piece.low) and len(line.piece.text) < 80)


def _subject(lines: list[Line], at: int, limit: int) -> tuple[Piece | None, int]:
    """Return the subject (*V/v …*) of an official letter, over the lines it takes."""
    parts = [p for p in fragments(lines[at]) if p.low.startswith(("v/v", "về việc"))]
    title = parts[0] if parts else lines[at].piece
    inside = None if parts else _SUBJECT_INSIDE.search(title.low)
    if inside:  # *Số: 12/VPCP-NN V/v …* on one line
        title = cut(title, inside.start(), len(title.text))
    i = at + 1
    while i < limit and i < at + 5:
        line = lines[i]
        low = line.piece.low
        if low.startswith("kính gửi") or ENUMERATOR.match(line.piece.text) or line.blank_before > 1:
            break
        parts_of_line = fragments(line)
        if len(parts_of_line) > 1 or len(line.piece.text) < 60:
            own = [
                p for p in parts_of_line if not _PLACE_DAY.match(p.low) and not _MOTTO.search(p.low)
            ]
            if not own or is_caps(own[0].text) or (own[0].text[:1].isupper() and line.blank_before):
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
        if re.match(r"^[-–+•]\s*", line.piece.text) or (
            line.piece.text[:1].islower() and not piece.text.endswith(".")
        ):
            piece = piece.joined(line.piece)
            i += 1
        else:
            break
    return piece, i


def _is_rest_of_head(line: Line, scan: _Scan) -> bool:
    if _is_motto(line):
        return True
    return len(line.piece.text) < 70 and _take_place(line.piece, scan)


def _parent_and_issuer(organs: list[tuple[str, Span]]) -> tuple[str, str]:
    names: list[str] = []
    for text, _ in organs:
        text = text.strip("*_ ")
        text = f"Ủ{text}" if text.startswith("Y BAN ") else text  # a letter that the converter lost
        low = lowered(text)
        starts = low.startswith(_ORGAN_STARTS)
        if names and (not starts or _is_half(names[-1])):
            names[-1] = f"{names[-1]} {text}"
        else:
            names.append(text)
    names = [written(n) for n in names]
    if not names:
        return "", ""
    if len(names) == 1:
        return "", names[0]
    return names[-2], names[-1]


def _is_half(name: str) -> bool:
    low = key(name)
    return low in (
        "ban chấp hành",
        "ủy ban",
        "ủy ban nhân",
        "hội đồng",
        "ban thường vụ",
        "ban chỉ đạo",
        "liên minh",
        "ban thường trực",
        "đoàn",
    ) or low.endswith((" và", " -", " trung ương đảng"))


_SPEAKS = re.compile(
    r"\s+(?:ban hành|xây dựng|báo cáo|thông báo|yêu cầu|chỉ thị|quyết định|đề nghị|chỉ đạo|triển khai)"
)


def _with_its_unit(lines: list[Line], issuer: str) -> str:
    """Return a bare *Ủy ban nhân dân* with the unit that the text gives it where it speaks."""
    if key(issuer) not in ("", "ủy ban nhân dân", "hội đồng nhân dân"):
        return issuer
    starts = f"{key(issuer)} " if issuer else "ủy ban nhân dân "
    for line in lines[:60]:
        for found in all_actors(line.piece):
            if found.is_group or not key(found.name).startswith(starts):
                continue
            stands_alone = bool(issuer) and is_caps(line.piece.text)
            if stands_alone or _SPEAKS.match(line.piece.low, found.end):
                place = f" {found.place}" if found.place not in found.name else ""
                return f"{written(found.name)}{place}"
    return issuer


def _guess_issuer(lines: list[Line], top: Top) -> None:
    """Name the issuer by the signer where the top does not: *T/M BAN THƯỜNG VỤ* with a *Tỉnh ủy* in the text."""
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
    if head.kind and head.side is not Side.PARTY and not head.parent:
        head = replace(head, issuer=_with_its_unit(lines, head.issuer))
    if not head.side and signed is not None and signed.span is not None:
        authority = next((line.raw for line in lines if re.search(r"[TK]/[MLT]\b", line.raw)), "")
        party = bool(authority) or "bí thư" in key(signed.post)
        head = replace(head, side=Side.PARTY if party else Side.STATE)
    top.head = head
