"""The end of a document: who signed and for whom, who receives it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hoptac.directives.reading.flow import Line, Piece, cut, fragments, is_caps
from hoptac.directives.reading.names import written
from hoptac.directives.reading.result import Purpose, Recipient, Signature, Span
from hoptac.directives.reading.words import UPPER

_AUTHORITY = re.compile(r"^(?P<a>t/m|tm|k/t|kt|t/l|tl|tuq|t/uq|q|quyền)\s?[.:]?\s+(?=\S)")
_SIGN_POST = re.compile(
    r"^(?:(?:phó\s+)?(?:chủ tịch|bí thư|giám đốc|trưởng ban|chánh văn phòng|chủ nhiệm|cục trưởng|chi cục trưởng|tổng giám đốc|bộ trưởng|thủ tướng|viện trưởng|hiệu trưởng|trưởng phòng)|bí thư|thứ trưởng|quyền )(?!\w)"
)
_PERSON = re.compile(rf"^(?:[{UPPER}][^\W\d_]*\.?\s+){{1,5}}[{UPPER}][^\W\d_]+$")


def end_block(lines: list[Line]) -> int:
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
    return bool(
        (_AUTHORITY.match(low) and is_caps(text)) or (_SIGN_POST.match(low) and is_caps(text))
    )


@dataclass
class End:
    """What the end tells, and the line after it: an annex may follow."""

    signatures: tuple[Signature, ...] = ()
    recipients: list[tuple[Recipient, Piece]] = field(default_factory=list)
    stops_at: int = 0


def read_end(lines: list[Line], start: int) -> End:
    """Return what stands from a line on: recipients and the signer's block."""
    recipients: list[Piece] = []
    sign: list[Piece] = []
    in_list = False
    stop = len(lines)
    for i in range(start, len(lines)):
        line = lines[i]
        if i > start + 1 and _begins_annex(line):
            stop = i
            break
        for piece in fragments(line):
            low = piece.low
            if low.startswith("nơi nhận"):
                in_list = True
                rest = cut(piece, min(len(low), low.find(":") + 1 or 8), len(piece.text))
                if rest.text:
                    recipients.append(rest)
            elif in_list and _goes_on(piece, recipients, sign):
                recipients[-1] = recipients[-1].joined(piece)
            elif in_list and _is_entry(piece):
                recipients.append(piece)
            else:
                sign.append(piece)
    parts = [part for piece in recipients for part in _parts_of(piece)]
    read = [(_recipient(p), p) for p in parts if p.text.strip(" -–+•;,.")]
    return End(_signatures(sign), read, stop)


def _begins_annex(line: Line) -> bool:
    if line.cells is not None and len(line.cells) > 2:
        return True
    return re.match(r"^(?:PHỤ LỤC|Phụ lục|BIỂU)\b", line.piece.text) is not None


def _is_entry(piece: Piece) -> bool:
    if re.match(r"^[-–+•]\s*\S", piece.text):
        return True
    return not is_caps(piece.text) and piece.text[-1:] in ";," and not _PERSON.match(piece.text)


def _goes_on(piece: Piece, recipients: list[Piece], sign: list[Piece]) -> bool:
    return bool(recipients) and not sign and piece.text[:1].islower()


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
        purpose=Purpose.ARCHIVE if is_archive else _purpose(text.lower()),
    )  # fmt: skip


# How short forms of "để báo cáo", "để biết", "để thực hiện" are written: b/c, (để b/c), th/h.
_TO_KNOW = re.compile(r"(?:để\s+)?(?:b/c|báo cáo|để biết|biết|theo dõi|chỉ đạo|đưa tin|đăng tải|công khai|đăng công báo|kiểm tra)(?!\w)")  # fmt: skip
_TO_ACT = re.compile(r"(?:t/h|th/h|thực hiện|triển khai|phối hợp|ph/h|p/h|thi hành)(?!\w)")
_ABOVE = re.compile(
    r"(?:-?\s*)(?:các\s+)?(?:thường trực|tt\.?|ttr\.?|đ/c|đồng chí|bí thư|ct,|chủ tịch|phó chủ tịch|các pct|lãnh đạo|bộ|chính phủ|thủ tướng|văn phòng chính phủ|vpcp|quốc hội|trung ương|ban bí thư|bộ chính trị|ban [^;]{3,40} trung ương|ban thường vụ|đoàn đbqh|đoàn đại biểu quốc hội|cvp|pcvp|cổng|trung tâm (?:công báo|thông tin|cn)|công báo|phòng: |như trên \(b/c)(?!\w)"
)


def _purpose(low: str) -> Purpose:
    """Return for what a line of recipients gets the document: by its words, else by who it is."""
    words = " ".join(re.findall(r"\(([^)]*)\)", low))
    if _TO_ACT.search(words):
        return Purpose.ACT
    if _TO_KNOW.search(words):
        return Purpose.KNOW
    return Purpose.KNOW if _ABOVE.match(low) else Purpose.ACT


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
        elif is_caps(text) and (
            _SIGN_POST.match(low) or (post and not _PERSON.match(text.title()))
        ):
            post = (
                f"{post} {_sentence(text)}".strip()
                if post and not _SIGN_POST.match(low)
                else _sentence(text)
            )
            start = start or piece.whole()
        elif (
            _PERSON.match(text)
            and not low.startswith(("phụ lục", "nơi nhận", "kính gửi"))
            and (post or authority)
        ):
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


_POST_WORDS = {
    "chánh văn phòng": "Chánh Văn phòng",
    "bí thư": "Bí thư",
    "thường trực": "Thường trực",
    "chủ tịch": "Chủ tịch",
    "giám đốc": "Giám đốc",
}


def _sentence(text: str) -> str:
    """Return a text set in capitals as a sentence writes it: *Phó Bí thư Thường trực*."""
    words = " ".join(text.lower().split())
    for low, high in _POST_WORDS.items():
        words = re.sub(rf"(?<!\w){low}(?!\w)", high, words)
    words = words.replace("thường vụ", "Thường vụ").replace("ban thường vụ", "Ban Thường vụ")
    words = written(words) if words.startswith(("ủy ban", "hội đồng", "ubnd")) else words
    return words[:1].upper() + words[1:]
