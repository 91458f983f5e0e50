"""What part each actor has in a clause: who leads, who works along, who is set to work, who is told."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.clauses import Clause
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.result import TaskKind
from hoptac.directives.reading.words import grammar, listed, one_of

Words = tuple[int, int]


@dataclass
class Roles:
    """The parts of a clause; ``words`` tell where each role's words stand in the piece."""

    lead: list[Found] = field(default_factory=list)
    lead_words: Words | None = None
    coordinating: list[Found] = field(default_factory=list)
    coordinating_words: Words | None = None
    executing: list[Found] = field(default_factory=list)
    executing_words: Words | None = None
    recipients: list[Found] = field(default_factory=list)
    recipient_words: Words | None = None
    kind: TaskKind = TaskKind.ACTION
    what: Words = (0, 0)
    reasons: list[tuple[str, int, int]] = field(default_factory=list)


_WITH = re.compile(
    r"(?:(?:chủ động\s+)?(?:tham gia\s+)?phối hợp(?:\s+(?:chặt chẽ|thường xuyên|tốt))?(?:\s*,?\s*(?:cùng|với|cùng với))*|(?:với\s+)?sự phối hợp(?:\s+(?:chặt chẽ\s+)?(?:của|với))|cùng với|cùng|có sự tham gia (?:của|phối hợp của))\s*:?\s+"
)
_TO = re.compile(
    r"(?:(?:báo cáo|gửi|trình|tham mưu|giúp|phản ánh|đề xuất|kiến nghị|thông báo|thông tin|cung cấp|phản hồi|tham mưu, đề xuất|tham mưu đề xuất|xin ý kiến|có văn bản gửi)"
    r"(?:\s+(?:báo cáo|kết quả|kết quả thực hiện|tình hình|kịp thời|bằng văn bản|thông tin|số liệu|ý kiến|cho|về|với|đến|lên|gửi|trực tiếp|qua|cụ thể|đầy đủ|kế hoạch|danh sách|văn bản))*)\s*\(?(?:cho|về|với|đến|lên|gửi|qua)?\s*(?=\S)"
)
_TO_VIA = re.compile(
    r"(?:gửi|báo cáo|phản ánh|trình|thông tin|gửi kết quả)[^.;]{0,140}?\s(?:về|cho|đến|gửi|gửi về|tới)\s+(?=\S)"
)
_THROUGH = re.compile(r"\((?:thông )?qua\s+")
_TELLING = re.compile(
    r"(?<!xây dựng )(?<!các )(?<!lập )(?<!chế độ )(?<!nội dung )(?<!theo )(?<!của )(?<!những )(?<!về )(?<!mẫu )(?<!số liệu )(?<!\w)báo cáo(?!\s+(?:viên|tài chính|chuyên đề|thống kê|này))(?!\w)"
)
_NOTICE = re.compile(
    r"(?:nếu|trường hợp|khi)\s+(?:có\s+|gặp\s+|phát sinh\s+|có phát sinh\s+)*(?:những\s+|các\s+)?(?:khó khăn|vướng mắc|vấn đề|nội dung (?:cần|vướng))"
    r"|(?:khó khăn|vướng mắc)[^.;]{0,60}(?:phát sinh|nảy sinh)?[^.;]{0,40}?(?:phản ánh|báo cáo|kiến nghị)[^.;]{0,30}(?:về|qua|đến|cho|với)?"
)
_ROLE_OF = re.compile(
    r"(?:tăng cường|phát huy|nâng cao|đề cao)\s+(?:vai trò|trách nhiệm|vai trò, trách nhiệm|vai trò nòng cốt|tinh thần trách nhiệm)(?:\s+(?:nòng cốt|chủ đạo|tham mưu))?\s+của\s+"
)


@functools.cache
def _directs() -> re.Pattern[str]:
    return one_of(listed(grammar()["directs"]))


@functools.cache
def _requests() -> re.Pattern[str]:
    return one_of(grammar()["requests"])


def roles_of(piece: Piece, clause: Clause) -> Roles:
    """Return who does what in a clause. Coordinators and recipients are never leads."""
    opening = clause.opening
    roles = Roles(lead=list(opening.subjects), what=(opening.verb, clause.end))
    if opening.subjects:
        roles.lead_words = (opening.subject_from, opening.subject_to)
        roles.reasons.append(("lead.named", opening.subject_from, opening.subject_to))
    low = piece.low
    start = opening.verb
    _read_coordinating(piece, clause, roles)
    if not opening.command:
        _read_executing(piece, clause, roles)
    _read_recipients(piece, clause, roles)
    if opening.command:
        is_request = bool(_requests().match(opening.command))
        if is_request:
            roles.kind = TaskKind.REQUEST
    if opening.rule in ("clause.modal", "clause.requirement"):
        roles.kind = TaskKind.REQUIREMENT
    if _NOTICE.search(low, clause.start, clause.end):
        roles.kind = TaskKind.NOTICE
    elif roles.kind is TaskKind.ACTION and _is_report(piece, clause, roles):
        roles.kind = TaskKind.REPORT
    roles.what = (_what_from(piece, clause, roles, start), clause.end)
    return roles


def _read_coordinating(piece: Piece, clause: Clause, roles: Roles) -> None:
    low = piece.low
    for match in _WITH.finditer(low, clause.opening.verb, clause.end):
        if match[0].startswith("cùng") and not _is_near_verb(piece, clause, match.start()):
            continue
        stop, actors = actors_at(piece, match.end(), clause.end)
        if not actors:
            stop, actors = _unlisted(piece, match.end(), clause.end)
        if not actors:
            continue
        if roles.coordinating_words is None:
            roles.coordinating_words = (match.end(), stop)
        roles.coordinating += actors
        roles.reasons.append(("coordinating.with", match.start(), stop))


def _unlisted(piece: Piece, place: int, end: int) -> tuple[int, list[Found]]:
    """Return a body that no list knows, behind *phối hợp với*: capitals up to the next verb."""
    match = re.compile(r"(?:các\s+)?[A-ZĐ][^\W\d_]+(?:\s+[A-ZĐ][^\W\d_]+){1,6}").match(
        piece.text, place, end
    )
    if match is None:
        return place, []
    name = " ".join(match[0].split())
    return match.end(), [Found(place, match.end(), name, "other")]


def _is_near_verb(piece: Piece, clause: Clause, place: int) -> bool:
    return place - clause.opening.verb < 60


def _read_executing(piece: Piece, clause: Clause, roles: Roles) -> None:
    """Read *chỉ đạo Y thực hiện Z*: Y is set to work by the lead."""
    low = piece.low
    place = clause.opening.verb
    for match in _directs().finditer(low, place, min(clause.end, place + 60)):
        after = match.end() + (1 if low[match.end() : match.end() + 1] == " " else 0)
        stop, actors = actors_at(piece, after, clause.end)
        if actors and _goes_to_work(piece, stop, clause.end):
            roles.executing = actors
            roles.executing_words = (after, stop)
            roles.reasons.append(("executing.directs", match.start(), stop))
            return


def _goes_to_work(piece: Piece, place: int, end: int) -> bool:
    rest = piece.low[place:end].strip(" .;,/")
    return bool(rest) and not rest.startswith(
        ("trong", "về", "của", "và", "khi", "để", "theo", "nhằm")
    )


def _read_recipients(piece: Piece, clause: Clause, roles: Roles) -> None:
    low = piece.low
    taken = [w for w in (roles.coordinating_words, roles.executing_words) if w]
    for pattern in (_TO, _TO_VIA):
        for match in pattern.finditer(low, clause.opening.verb, clause.end):
            stop, actors = actors_at(piece, match.end(), clause.end)
            if not actors or any(a <= match.end() < b for a, b in taken):
                continue
            known = {a.name for a in roles.recipients}
            fresh = [
                a for a in actors if a.name not in known and a.kind not in ("people", "enterprise")
            ]
            if not fresh:
                continue
            roles.recipients += fresh
            if roles.recipient_words is None:
                roles.recipient_words = (match.end(), stop)
            roles.reasons.append(("recipient.told", match.start(), stop))
            via = _THROUGH.match(low, stop + 1) if stop + 1 < clause.end else None
            if via:
                _, through = actors_at(piece, via.end(), clause.end)
                roles.recipients += [a for a in through if a.name not in known]
        if roles.recipients:
            return


def _is_report(piece: Piece, clause: Clause, roles: Roles) -> bool:
    match = _TELLING.search(piece.low, clause.opening.verb, clause.end)
    if match is None:
        return False
    at_once = match.start() - clause.opening.verb < 12
    if at_once or roles.recipients:
        return True
    return bool(
        re.search(
            r"(?:và|,)\s+(?:tổng hợp\s+|định kỳ\s+)?$",
            piece.low[clause.opening.verb : match.start()],
        )
    )


def _what_from(piece: Piece, clause: Clause, roles: Roles, place: int) -> int:
    """Return where the content begins: behind the duty words and the coordinators."""
    low = piece.low
    duty = re.compile(r"(?:có trách nhiệm|có nhiệm vụ|chịu trách nhiệm)\s*:?\s+(?=\w)").match(
        low, place
    )
    if duty and duty.end() < clause.end - 5 and not low.startswith("chịu trách nhiệm", place):
        place = duty.end()
    shares = re.compile(
        r"(?:chủ trì|chủ động|là cơ quan đầu mối|làm đầu mối|là đầu mối)(?:\s*,\s*|\s+và\s+|\s+)(?=phối hợp)"
    ).match(low, place)
    begin = shares.end() if shares else place
    if roles.coordinating_words and low.startswith(
        ("phối hợp", "chủ động phối hợp", "tham gia phối hợp"), begin
    ):
        a, b = roles.coordinating_words
        if a - begin < 40 and b < clause.end:
            rest = re.compile(r"[\s,:]*").match(low, b)
            at = rest.end() if rest else b
            if clause.end - at > 8:
                return at
    alone = re.compile(r"(?:chủ trì)\s*,?\s+(?=\w)").match(low, place)
    if alone and not shares and not low.startswith("hướng dẫn", alone.end()):
        return alone.end()
    return place


def named_by_role(piece: Piece, clause: Clause) -> tuple[list[Found], Words] | None:
    """Return the one body whose role or duty the clause strengthens (*tăng cường trách nhiệm của Liên minh …*)."""
    match = _ROLE_OF.search(piece.low, clause.start, min(clause.end, clause.opening.verb + 60))
    if match is None or match.start() - clause.opening.verb > 20:
        return None
    stop, actors = actors_at(piece, match.end(), clause.end)
    if (
        len(actors) != 1
        or actors[0].is_group
        or actors[0].kind in ("steering", "people", "enterprise")
    ):
        return None
    return actors, (match.end(), stop)
