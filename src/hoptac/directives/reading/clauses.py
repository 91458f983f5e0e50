"""Where one obligation of a sentence ends and the next begins.

The granularity is told in ``docs/directives-reading.md``: a clause with a verb and an object of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.openings import (
    LINK,
    Start,
    lexicon,
    opening_of,
    verb_at,
    with_actor,
    word_at,
)
from hoptac.directives.reading.sentences import inside_brackets


@dataclass
class Clause:
    """A clause of a sentence that charges somebody with something."""

    start: int
    end: int
    opening: Start
    is_subordinate: bool = False


_STRONG = re.compile(r";\s*|(?:,\s*)?(?<!\w)(?:đồng thời|song song với đó)(?!\w)\s*,?\s*")
_WEAK = re.compile(r",\s+(?:và\s+)?|\s+và\s+")
_TOWARDS = re.compile(r"(?<!\w)theo hướng\s+")


def clauses(piece: Piece, start: int, end: int, protected: list[tuple[int, int]]) -> list[Clause]:
    """Return the clauses of a sentence that charge somebody, in order.

    What begins no obligation of its own (a purpose, a document in a list, a relative clause) stays with the
    clause before it. ``protected`` are stretches in which nothing is parted: documents and their titles.
    """
    cuts = _strong_cuts(piece, start, end, protected)
    found: list[Clause] = []
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        opening = opening_of(piece, a, b)
        if found and a > start and _ONLY_TIME.match(piece.low, a, b):
            found[-1].end = b  # "…; hoàn thành trước ngày 15/10"
            continue
        if opening is None and found and a > start:
            opening = _forbidden(piece, a, b) or _continued(piece, a, b)
        if opening is None:
            if found:
                found[-1].end = b
            elif b < end:
                continue
            continue
        found += _weak_parts(piece, Clause(_behind_topic(piece, a, opening), b, opening), protected)
    return found


def _behind_topic(piece: Piece, start: int, opening: Start) -> int:
    """Return where a clause begins behind its topic: *Đối với kiến nghị về thuê đất: giao Sở …*."""
    if not opening.subjects or not piece.low.startswith(("đối với ", "về ", "liên quan "), start):
        return start
    colon = piece.low.rfind(":", start, opening.subject_from)
    return colon + 2 if colon > 0 else start


_ONLY_TIME = re.compile(
    r"\s*(?:hoàn thành|xong|thời gian hoàn thành|thời hạn)\s*:?\s*(?:(?:trước|trong|vào|chậm nhất|đến|hết|cuối|đầu|là|năm|quý|tháng|ngày|tuần|kỳ|làm việc|kể từ|nhận được|văn bản|này|ban hành|ký)(?!\w)|[\d/().,;:ivx\s-])+$"
)


def _continued(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of a requirement inside a sentence: *việc thành lập … không … mà …*."""
    match = _REQUIREMENT.match(piece.low, start, end)
    return Start(verb=start, rule="clause.requirement", words=match["modal"]) if match else None


def _forbidden(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of what is forbidden behind a semicolon: *…; không yêu cầu nộp lại hồ sơ*."""
    match = _NOT.match(piece.low, start, end)
    verb = verb_at(piece, match.end(), end) if match else None
    return Start(verb=verb, rule="clause.verb", words=word_at(piece, verb)) if verb else None


_NOT = re.compile(r"\s*(?:tuyệt đối\s+)?không\s+(?!để(?!\w)|ngừng|phải|có|được)")

_REQUIREMENT = re.compile(
    r"\s*(?:(?:đồng thời|và)\s*,?\s*)?(?:việc\s[^;.]{5,160}?\s(?P<modal>phải|cần|không|được)\s|(?:[^,;.:]|,(?!\s*(?:bảo đảm|để))){3,160}?\s(?P<two>phải|cần phải)\s+(?!chăng))"
)


def requirement_of(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of a sentence that says how something must be, whoever sees to it."""
    match = _REQUIREMENT.match(piece.low, start, end)
    if match is None:
        return _handed_in(piece, start, end)
    return Start(verb=start, rule="clause.requirement", words=match["modal"] or match["two"])


HANDED_IN = re.compile(
    r"(?:kết quả|báo cáo|văn bản|hồ sơ|danh sách|thông tin|ý kiến|kế hoạch|đăng ký|số liệu)(?!\w)[^.;]{0,160}?\s(?P<verb>(?:đề nghị |xin )?(?:gửi|báo cáo|nộp))\s+(?:về|đến|cho|tới)?\s*"
)


def _handed_in(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of *Kết quả gửi về Sở Tài chính trước ngày …*: what is handed in stands first."""
    match = HANDED_IN.match(piece.low, start, end)
    if match is None or not actors_at(piece, match.end(), end)[1]:
        return None
    return Start(verb=match.start("verb"), rule="clause.requirement", words=match["verb"])


def _strong_cuts(piece: Piece, start: int, end: int, protected: list[tuple[int, int]]) -> list[int]:
    cuts: list[int] = []
    low = piece.low
    for match in _STRONG.finditer(low, start + 1, end):
        at = match.start()
        if _is_in(at, protected) or inside_brackets(piece.text, start, at):
            continue
        signs = len(match[0]) - len(match[0].lstrip(", "))
        begin = match.end() if match[0].startswith(";") else at + signs
        since = low[(cuts[-1] if cuts else start) : at]
        if "đồng thời" in match[0] and re.search(r"(?<!\w)vừa(?!\w)", since):
            continue
        if _in_actor_list(piece, cuts[-1] if cuts else start, at, end):
            continue
        if begin > start and begin < end:
            cuts.append(begin)
    return cuts


def _in_actor_list(piece: Piece, start: int, place: int, end: int) -> bool:
    """Tell whether a semicolon stands between actors of one list."""
    for opener in (
        start,
        *[
            m.end()
            for m in re.finditer(r"(?:với|giao|yêu cầu|đề nghị|:|,)\s+", piece.low[start:place])
        ],
    ):
        at = opener if opener == start else start + opener
        link = LINK.match(piece.low, at)
        stop, actors = actors_at(piece, link.end() if link else at, end)
        if actors and len(actors) > 1 and stop > place + 1 and actors[0].start <= place:
            after = next((a for a in actors if a.start > place), None)
            before = [a for a in actors if a.end <= place]
            if after is not None and before and not _has_own_verb(piece, before, place):
                return True
    return False


def _has_own_verb(piece: Piece, before: list[Found], place: int) -> bool:
    return bool(piece.low[before[-1].end : place].strip(" ,;"))


def _is_in(place: int, stretches: list[tuple[int, int]]) -> bool:
    return any(a <= place < b for a, b in stretches)


def _weak_parts(piece: Piece, clause: Clause, protected: list[tuple[int, int]]) -> list[Clause]:
    """Part a clause where a new verb with its own object, or a new actor with a verb, begins."""
    low = piece.low
    found: list[Clause] = []
    current = clause
    verb = clause.opening.verb
    lists = _actor_lists(piece, verb, clause.end)
    covered = verb
    whole_end = clause.end
    for match in sorted(
        [*_WEAK.finditer(low, verb, whole_end), *_TOWARDS.finditer(low, verb, whole_end)],
        key=lambda m: m.start(),
    ):
        at, begin = match.start(), match.end()
        if (
            at < covered
            or begin >= whole_end
            or _is_in(at, protected)
            or _is_in(at, lists)
            or inside_brackets(piece.text, clause.start, at)
        ):
            continue
        if match[0].startswith("theo hướng"):
            opening = _actor_with_verb(piece, begin, whole_end)
            if opening is not None:
                inner = Clause(begin, whole_end, opening, is_subordinate=True)
                current.end = at
                found.append(current)
                current, covered = inner, opening.verb
            continue
        stop, actors = actors_at(piece, begin, whole_end)
        if actors and match[0].startswith(","):
            opening = _actor_with_verb(piece, begin, whole_end)
            if opening is not None and not _is_governed(piece, current, at, by_actor=True):
                current.end = begin
                found.append(current)
                current, covered = Clause(begin, whole_end, opening), opening.verb
            else:
                covered = max(covered, stop)
            continue
        opening = _new_verb(piece, current, at, begin, whole_end)
        if opening is not None:
            current.end = begin
            found.append(current)
            current, covered = Clause(begin, whole_end, opening), opening.verb
    found.append(current)
    return found


def _actor_lists(piece: Piece, start: int, end: int) -> list[tuple[int, int]]:
    """Return where lists of actors stand, but for their first letters: there a new clause may begin."""
    found = []
    place = start
    for match in _WORD.finditer(piece.text, start, end):
        if match.start() < place:
            continue
        stop, actors = actors_at(piece, match.start(), end)
        if actors:
            found.append((match.start() + 1, stop))
            place = stop
    return found


_WORD = re.compile(r"(?<![\w/&.-])[^\W\d_]")


def _actor_with_verb(piece: Piece, place: int, end: int) -> Start | None:
    opening = with_actor(piece, place, end)
    if opening is None or opening.is_unknown:
        return None
    return opening


def _is_governed(piece: Piece, clause: Clause, place: int, *, by_actor: bool = False) -> bool:
    """Tell whether a place of a clause lies in a purpose or behind a word that governs a list of verbs."""
    before = piece.low[clause.opening.verb : place]
    if lexicon()["purpose"].search(before):
        return True
    if by_actor:
        last = re.split(r",\s*", before)[-1]
        return bool(re.search(r"(?:với|cùng|và|của|cho|giúp|là)\s*$", before)) or bool(
            re.match(r"(?:giữa|của)\s", last)
        )
    return False


def _new_verb(piece: Piece, clause: Clause, at: int, begin: int, end: int) -> Start | None:
    low = piece.low
    verb = verb_at(piece, begin, end)
    if verb is None or _ONLY_TIME.match(low, begin, end):
        return None
    firm = _FIRM.match(low, begin)
    is_and = "," not in low[at:begin]
    if _NOMINAL_USE.match(low, verb):
        return None
    led = low[begin:verb].strip(" ,") or (firm[0] if firm else "")
    after = firm.end() + 1 if firm else verb
    strict = lexicon()["strict"].match(low, verb) or lexicon()["strict"].match(low, after)
    if (
        strict is None
        and (along := _ALONG.match(low, verb))
        and actors_at(piece, along.end(), end)[1]
    ):
        strict = along  # "phối hợp với Sở Tài chính …" is a share of its own
    if strict is None and (told := lexicon()["split"].match(low, verb)):
        strict = _MANNER.match(low, told.end())  # "và xử lý nghiêm các trường hợp …": a command
    split = lexicon()["split"].match(low, verb) or lexicon()["split"].match(low, begin)
    if not (split or led):
        return None
    before = low[clause.opening.verb : at]
    duty = _DUTY_FIRST.match(before)
    before = before[duty.end() :] if duty else before
    if _only_verbs_behind_partners(piece, clause, at, end):
        return None  # "phối hợp với Sở Tài chính cân đối, bố trí vốn": two verbs, one object
    by_time = bool(strict and led and _BY_TIME.match(led))
    if not by_time and _is_governed(piece, clause, at) and not _sends(piece, clause, at, verb, end):
        return None
    if not strict and not firm and _CAUSES.search(before):
        return (
            None  # "hỗ trợ hợp tác xã đăng ký nhãn hiệu, xây dựng thương hiệu": one thing is caused
        )
    governor = None
    for found in lexicon()["governor"].finditer(before):
        # "chính sách hỗ trợ …, xây dựng …" governs verbs; "ban hành chính sách, tăng cường …" does not
        follows = lexicon()["verb"].match(before, found.end() + 1)
        if not _WORK.search(before[: found.end()]) and (
            follows or found[0] in ("việc", "về", "công tác")
        ):
            governor = found
    if (
        governor is not None
        and _GOVERNED.search(re.split(r",\s*|\s+và\s+", before)[-1])
        and not re.match(r"(?:\S+\s){1,2}?(?:theo|tại|cho|về|của|trong)\s", low[verb:end])
    ):
        governor = None  # "khảo sát nhu cầu đào tạo, lập danh sách …"
    if governor is not None and not strict and not (led and _FIRM.match(led)):
        return None
    chunk = re.split(r",\s*|\s+và\s+", before)[-1]
    if _MADE.fullmatch(chunk) is None and (
        lexicon()["verbal"].fullmatch(chunk) or lexicon()["verbal"].fullmatch(before)
    ):
        return None
    if (
        not firm
        and (not strict or is_and or len(chunk.split()) < 5)
        and _MADE.fullmatch(chunk) is None
        and _ends_in_verb(chunk)
    ):
        return None  # a list of verbs that share an object: "theo dõi, tổng hợp, báo cáo tình hình"
    if re.search(
        r"(?:với|cùng|của|cho|về|các|trong|theo|(?<!mặt )(?<!công )(?<!cân )(?<!văn )bằng|và|được|giữa)$",
        before.rstrip().removesuffix("kèm theo").removesuffix("tiếp theo"),
    ):
        return None
    if not strict and not firm and len(chunk.split()) <= 3 and _is_bare(before, chunk):
        return None  # "rà soát, lập danh mục, xây dựng kế hoạch …": what follows is said of all
    chain = lexicon()["verbal"].match(low, begin, end)
    rest = low[chain.end() : end].strip(" .;,/") if chain else low[begin:end]
    if not strict and (
        not rest
        or _TIME_REST.fullmatch(rest)
        or (chain and chain[0].rstrip().endswith(",") and lexicon()["purpose"].match(rest))
    ):
        return None
    return Start(verb=verb, rule="clause.verb", words=word_at(piece, verb))


_CAUSES = re.compile(
    r"^(?:[^\W\d_]+\s+){0,3}?(?:hỗ trợ|hướng dẫn|vận động|khuyến khích|giúp|tạo điều kiện cho|tư vấn cho|tư vấn|chỉ đạo)\s+(?:cho\s+)?(?:các\s+|những\s+)?"
    r"(?:hợp tác xã|htx|liên hiệp|tổ hợp tác|tht|người dân|nông dân|doanh nghiệp|thành viên|hội viên|đoàn viên|hộ|phòng|ubnd|ủy ban nhân dân|cơ quan|đơn vị|tổ chức|địa phương)(?!\w)"
)
_TIME_REST = re.compile(
    r"(?:vào|trong|trước|đến|hết)\s+(?:cuối\s+)?(?:năm|quý|tháng|ngày)\s+[\w/.-]+"
)
_NOUN_GOVERNED = r"(?:^|\s)(?:thời lượng|nội dung|kế hoạch|biện pháp|giải pháp|hình thức|phong trào|chương trình|hoạt động|chuyên mục|nhu cầu|tiến độ|kết quả|hiệu quả|mục tiêu|quy trình|thủ tục|phương án|đề án|mô hình|văn bản|tài liệu|kỹ năng|kiến thức|chính sách|nguồn lực|lực lượng|cơ chế|phương thức) \S+(?: \S+)?$"
_NOUN_USE = re.compile(
    rf"{_NOUN_GOVERNED}|"
    r"(?:lĩnh vực|phạm vi|cơ quan|cán bộ|đơn vị|bộ máy|địa bàn|ngành|trình độ|năng lực|chức năng) (?:được )?quản lý$|(?:lịch|chương trình|giờ|quy chế|phương pháp) làm việc$|ban chỉ đạo$|ban tổ chức$|báo cáo$|hợp tác$|thông tin$"
)
_GOVERNED = re.compile(_NOUN_GOVERNED)


_ALONG = re.compile(r"(?:chủ động\s+)?phối hợp\s+(?:chặt chẽ\s+)?(?:cùng\s+)?với\s+")


_WORK = re.compile(r"(?:làm|công|sự|vụ|ngày làm) việc$")


def _ends_in_verb(chunk: str) -> bool:
    if _NOUN_USE.search(chunk):
        return False
    words = chunk.removesuffix(" lại").split()
    return any(lexicon()["verb"].fullmatch(" ".join(words[-n:])) for n in (2, 3) if len(words) > n)


_MANNER = re.compile(
    r"\s+(?:nghiêm|nghiêm túc|kịp thời|dứt điểm|triệt để|có hiệu quả|hiệu quả|tốt|đầy đủ|chặt chẽ|quyết liệt)(?!\w)"
)


_DUTY_FIRST = re.compile(r"(?:chịu trách nhiệm|có trách nhiệm|có nhiệm vụ)\s+(?=\w)")
# a paper that is made and then goes on: "hoàn chỉnh báo cáo, trình …"
_MADE = re.compile(
    r"(?:hoàn chỉnh|hoàn thiện|xây dựng|lập|dự thảo|chuẩn bị|biên soạn|soạn thảo|ban hành)\s+(?:dự thảo\s+)?(?:báo cáo|quy định|hướng dẫn|quyết định|kết luận)"
)


def _only_verbs_behind_partners(piece: Piece, clause: Clause, at: int, end: int) -> bool:
    partners = _PARTNERS.search(piece.low, clause.opening.verb, at)
    if partners is None:
        return False
    stop, actors = actors_at(piece, partners.end(), end)
    rest = piece.low[stop:at].strip(" ,") if actors and stop < at else ""
    return bool(rest) and bool(lexicon()["verbal"].fullmatch(rest))


_PARTNERS = re.compile(r"phối hợp\s+(?:chặt chẽ\s+)?(?:cùng\s+)?(?:với\s+)?")


def _is_bare(before: str, chunk: str) -> bool:
    """Tell whether nothing but verbs stands before the last chunk."""
    first = before.removesuffix(chunk).rstrip(" ,")
    return bool(first) and bool(lexicon()["verbal"].fullmatch(first))


def _sends(piece: Piece, clause: Clause, at: int, verb: int, end: int) -> bool:
    """Tell whether a plan is sent on behind what it holds: *…, trong đó xác định …, gửi Sở Tài chính*."""
    told = re.compile(r"(?:gửi|báo cáo|trình)\s+").match(piece.low, verb)
    if told is None or "trong đó" not in piece.low[clause.opening.verb : at]:
        return False
    return bool(actors_at(piece, told.end(), end)[1])


# "đề xuất, kiến nghị của …": the verb is a noun here
_NOMINAL_USE = re.compile(
    r"(?:báo cáo|đề xuất|kiến nghị|đề nghị|phản ánh|hướng dẫn|quy định|chỉ đạo|thống kê|dự báo|đánh giá|kết luận|phân công|quyết định|yêu cầu|giám sát|quản lý|tham mưu)\s+(?:của|nêu trên|nêu tại|này|đó|nói trên)(?!\w)"
)
_BY_TIME = re.compile(r"(?:định kỳ|hằng|hàng|trước ngày)")
_FIRM = re.compile(
    r"(?:định kỳ|thường xuyên|hằng năm|hàng năm|kịp thời|chủ động|tiếp tục|hằng quý|hàng quý)"
)
