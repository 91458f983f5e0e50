"""Sentences and clauses: where one obligation ends and the next begins.

The granularity is told in ``docs/directives-reading.md``: a clause with a verb and an object of its own.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.words import UPPER, grammar, listed, one_of, words_of


@dataclass
class Start:
    """How a clause begins: who (if said), with which duty, and where its verb stands."""

    subjects: list[Found] = field(default_factory=list)
    subject_from: int = 0
    subject_to: int = 0
    verb: int = 0
    rule: str = ""
    words: str = ""
    command: str = ""
    """The verb with which the issuer charges the actors (*giao*, *yêu cầu*, *đề nghị*)."""
    is_unknown: bool = False
    """Whether the actor is not in the gazetteer."""


@dataclass
class Clause:
    """A clause of a sentence that charges somebody with something."""

    start: int
    end: int
    opening: Start
    is_subordinate: bool = False


# --- Sentences

_SENTENCE = re.compile(
    rf"(?:\.{{3}}|…|[.!?])(?:[\"”')\]]*)\s+(?=[\"“(]?[{UPPER}0-9])|\./\.|(?<=[^\s.])\.(?=[{UPPER}][^\W\d_]{{2,}})"
)
_ABBREVIATED = re.compile(
    r"(?:(?<!\w)(?:tp|tx|tt|ts|ths|gs|pgs|ks|bs|st|stt|tr|t|q|p|h|đ|vd|v\.v|tm|kt|tl|nxb|cn|mr|no|sđt|ubnd\.)|(?<!\w)[a-zđ]|\d)\.$"
)


def sentences(piece: Piece) -> list[tuple[int, int]]:
    """Return where the sentences of a piece begin and end."""
    found = []
    start = 0
    low = piece.low
    for match in _SENTENCE.finditer(piece.text):
        stop = match.start() + 1
        if match[0][0] == "." and _ABBREVIATED.search(low, max(0, stop - 8), stop):
            before = low[max(0, stop - 5) : stop]
            # A number before the point ends a sentence only where a new one is sure to begin.
            if not re.search(r"\d\.$", before) or not piece.text[match.end() : match.end() + 1].isupper():
                continue
        if _inside_brackets(piece.text, start, match.start()):
            continue
        found.append((start, match.end()))
        start = match.end()
    if start < len(piece.text):
        found.append((start, len(piece.text)))
    return [(a, b) for a, b in found if piece.text[a:b].strip(" ./")]


def _inside_brackets(text: str, start: int, place: int) -> bool:
    part = text[start:place]
    return part.count("(") > part.count(")") and place - start - part.rfind("(") < 200


# --- Beginnings

@functools.cache
def _lexicon() -> dict[str, re.Pattern[str]]:
    words = grammar()
    verbs = listed(words["verbs"])
    adverbs = listed(words["adverbs"])
    duties = listed(words["duties"])
    manner = listed(words["manner"])
    none = rf"(?!{one_of(listed(words['not_verbs'])).pattern})"
    return {
        "verb": re.compile(none + one_of(verbs).pattern),
        "split": re.compile(none + one_of(listed(words["splits"])).pattern),
        "strict": re.compile(none + one_of(listed(words["strict"])).pattern),
        "lead_in": re.compile(
            rf"\s*(?:(?:{one_of(adverbs).pattern})[\s,]*)*", 0
        ),
        "verbal": re.compile(
            rf"\s*(?:(?:{none}{one_of({*verbs, *adverbs, *duties, *manner}).pattern}|(?:và|sơ|với|các|việc|công tác|kết quả)(?!\w)|,)[\s,]*)+\s*"
        ),
        "governor": one_of(listed(words["governors"])),
        "duty": one_of(duties),
        "command": one_of(listed(words["commands"])),
        "opener": one_of(listed(words["openers"])),
        "purpose": one_of(
            ["để", "nhằm", "nhằm mục đích", "từ đó", "qua đó", "theo hướng", "vừa", "góp phần", "trên cơ sở", "phục vụ", "làm cơ sở", "trong đó", "trên nguyên tắc"]
        ),
        "directs": one_of(listed(words["directs"])),
    }  # fmt: skip


_SCOPE = re.compile(
    r"\s*,?\s*(?:(?:theo|trong phạm vi|căn cứ|căn cứ vào|trên cơ sở)\s+(?:phạm vi\s+)?chức năng(?:,?\s*(?:và\s+)?nhiệm vụ)?(?:,?\s*(?:và\s+)?quyền hạn)?(?:,?\s*(?:và\s+)?thẩm quyền)?"
    r"(?:\s+(?:được giao|được phân công|của mình|của ngành|quản lý|của từng đơn vị|của đơn vị))?(?:\s+của (?:mình|ngành|đơn vị))?"
    r"|\([^)]{1,120}\)|với vai trò (?:là )?cơ quan [^,;]{3,60}|là cơ quan (?:thường trực|đầu mối)[^,;]{0,80}|theo thẩm quyền|trong phạm vi quản lý|theo nhiệm vụ được (?:giao|phân công)|ngoài các nhiệm vụ [^,;]{3,60})\s*,?\s*"
)
_MODAL = re.compile(r"(?:cần phải|phải|cần|không được)(?!\s+thiết)(?!\w)")
_LINK = re.compile(r"\s*(?:[-+•–]\s+)?(?:(?:đồng thời|và|ngoài ra|bên cạnh đó|mặt khác|song song đó|cùng với đó|trong đó|theo đó|riêng)(?!\w)\s*,?\s*)*")


def opening_of(piece: Piece, start: int, end: int) -> Start | None:
    """Return how a clause that charges somebody begins at ``start``, or nothing if it does not."""
    low = piece.low
    link = _LINK.match(low, start)
    place = link.end() if link else start
    found = _with_actor(piece, place, end)
    if found is not None:
        return found
    verb = _verb_at(piece, place, end)
    if verb is not None and _STATEMENT.match(low, place, end):
        return None  # "phát triển kinh tế tập thể là xu thế tất yếu"
    if verb is not None:
        opener = _lexicon()["opener"].match(low, place)
        if opener is None or _is_plain_verb(piece, place):
            return Start(verb=verb, rule="clause.verb", words=_word(piece, verb))
    return _after_opener(piece, place, end)


_STATEMENT = re.compile(
    r"(?!coi|xem|xác định|quán triệt|nhận thức)[^.;:]{5,110}?\slà\s(?:xu thế|nhiệm vụ|yêu cầu|vấn đề|giải pháp|khâu|động lực|trách nhiệm|việc|một trong|nội dung|nền tảng|cơ sở|điều kiện|sự nghiệp)(?!\w)"
)


def _is_plain_verb(piece: Piece, place: int) -> bool:
    """Tell whether a word that may open an adverbial is here the verb itself (*Thực hiện tốt công tác…*)."""
    if piece.low.startswith("thực hiện", place):
        return True
    return bool(_lexicon()["verb"].match(piece.low, place)) and not piece.low.startswith("định kỳ", place)


def _word(piece: Piece, place: int) -> str:
    match = _lexicon()["verb"].match(piece.low, place) or _lexicon()["duty"].match(piece.low, place)
    return piece.text[place : match.end()] if match else ""


def _verb_at(piece: Piece, place: int, end: int) -> int | None:
    """Return where the verb stands that the place begins with, adverbs before it; or nothing."""
    low = piece.low
    at = place
    while at < end:
        for name in ("duty", "verb"):
            match = _lexicon()[name].match(low, at)
            if match and match.end() <= end:
                return at
        adverb = _ADVERB().match(low, at)
        if adverb is None or adverb.end() <= at:
            return None
        at = adverb.end()
    return None


@functools.cache
def _ADVERB() -> re.Pattern[str]:
    return re.compile(rf"(?:{words_of('adverbs').pattern})[\s,]*")


def _with_actor(piece: Piece, place: int, end: int) -> Start | None:
    low = piece.low
    persons = _PERSONS.match(low, place)
    place = persons.end() if persons else place
    command = _lexicon()["command"].match(low, place)
    at = place
    if command is not None:
        after = command.end() + len(low[command.end() :]) - len(low[command.end() :].lstrip(" :"))
        stop, actors = actors_at(piece, after, end)
        if actors:
            start = _after_actor(piece, place, after, stop, actors, end) or _any_word(piece, after, stop, actors, end)
            if start is not None:
                start.command = command[0]
                start.rule = "clause.command"
                return start
        return None
    stop, actors = actors_at(piece, at, end)
    if actors:
        start = _after_actor(piece, at, at, stop, actors, end)
        if start is not None:
            return start
        longer, actors = extended(piece, stop, actors, end)
        start = _after_actor(piece, at, at, longer, actors, end) if longer > stop else None
        if start is not None:
            return start
    return _unknown_actor(piece, place, end)


_PERSONS = re.compile(r"(?:các\s+)?(?:ông,?\s*(?:\(bà\)|/?\s*bà|,\s*bà)|đồng chí)\s*:?\s*")
_TO_DUTY = re.compile(
    r"\s+(?P<more>(?:[^\W\d_]+\s+){1,6}?)(?=(?:có trách nhiệm|chịu trách nhiệm|chủ trì|có nhiệm vụ|phối hợp với|làm đầu mối)(?!\w))"
)


def extended(
    piece: Piece, stop: int, actors: list[Found], end: int
) -> tuple[int, list[Found]]:
    """Return a list whose last actor takes in the words up to a word of duty (*các đơn vị được kiểm tra* có trách nhiệm)."""
    match = _TO_DUTY.match(piece.low, stop, end) if actors else None
    if match is None or re.search(r"(?<!\w)(?:để|nhằm|giao|yêu cầu|đề nghị)(?!\w)", match["more"]):
        return stop, actors
    if _verb_at(piece, match.start("more"), end) is not None:
        return stop, actors
    last = actors[-1]
    more = " ".join(piece.text[match.start("more") : match.end("more")].split())
    return match.end("more") - 1, [*actors[:-1], replace(last, end=match.end("more") - 1, name=f"{last.name} {more}")]


def _any_word(piece: Piece, actor_from: int, actor_to: int, actors: list[Found], end: int) -> Start | None:
    """Return the opening behind a command: whoever is told to, the next word is what to do."""
    match = re.compile(r"\s+(?!về|trong|của|tại|theo|với|và|cho|từ|là|được|đã|số|ngày|để)([^\W\d_]+)\s").match(piece.low, actor_to, end)
    if match is None:
        return None
    return Start(actors, actor_from, actor_to, match.start(1), "clause.command", match[1])


def _after_actor(
    piece: Piece, place: int, actor_from: int, actor_to: int, actors: list[Found], end: int
) -> Start | None:
    """Return the opening if a duty or a verb follows the actors."""
    low = piece.low
    at = actor_to
    for _ in range(3):
        scope = _SCOPE.match(low, at)
        if scope is None:
            break
        at = scope.end()
    blank = re.compile(r"\s*[,:]?\s*").match(low, at)
    at = blank.end() if blank else at
    command = _lexicon()["command"].match(low, at)
    if command is not None and command[0] not in ("chỉ đạo", "đối với"):
        # The issuer speaks of itself: "UBND tỉnh yêu cầu các sở …".
        after = re.compile(r"[\s:]*").match(low, command.end())
        stop, charged = actors_at(piece, after.end() if after else command.end(), end)
        if charged:
            inner = _after_actor(piece, place, after.end() if after else 0, stop, charged, end)
            if inner is not None:
                inner.command = command[0]
                inner.rule = "clause.command"
                return inner
    modal = _MODAL.match(low, at)
    if modal:
        verb = _verb_at(piece, modal.end() + 1, end)
        return Start(actors, actor_from, actor_to, verb if verb is not None else at, "clause.modal", modal[0])
    verb = _verb_at(piece, at, end)
    if verb is not None:
        duty = _lexicon()["duty"].match(low, verb)
        return Start(
            actors, actor_from, actor_to, verb, "clause.duty" if duty else "clause.actor",
            duty[0] if duty else _word(piece, verb),
        )  # fmt: skip
    odd = _ODD_WORDS.match(low, at, end)
    if odd is not None and not _STATES.search(odd[0]):
        verb = _lexicon()["split"].match(low, odd.end())
        if verb is not None and verb.end() <= end:
            return Start(actors, actor_from, actor_to, odd.end(), "clause.actor", verb[0])
    # A ground without a comma: "căn cứ Chương trình này xây dựng kế hoạch"
    ground = _GROUND.match(low, at, min(end, at + 200))
    if ground is not None:
        verb = _verb_at(piece, ground.end(), end)
        if verb is not None:
            return Start(actors, actor_from, actor_to, verb, "clause.actor", _word(piece, verb))
    # An adverbial between the actor and the verb, closed by a comma.
    if _lexicon()["opener"].match(low, at):
        for comma in re.finditer(r",\s*", low[at : min(end, at + 260)]):
            verb = _verb_at(piece, at + comma.end(), end)
            if verb is not None and not _MODAL.match(low, verb):
                duty = _lexicon()["duty"].match(low, verb)
                return Start(actors, actor_from, actor_to, verb, "clause.duty" if duty else "clause.actor", _word(piece, verb))
    return None


_ODD_WORDS = re.compile(r"(?:[^\W\d_]+\s+){1,2}?(?=[^\W\d_])")
_STATES = re.compile(r"(?<!\w)(?:đã|đang|được|có|là|chưa|còn|không|bị|và|về|của|trong|tại|để|cho|với|vừa|mới|sau|do|thì|mà|nên|nếu|tăng|giảm|đạt|này|theo)(?!\w)")
_GROUND = re.compile(
    r"(?:căn cứ|trên cơ sở|theo|thực hiện)\s+[^,;.:]{3,150}?(?:này|của tỉnh|địa phương|đơn vị|được giao|hiện hành|quy định|thực tế|quản lý|của ngành|được phân công|cấp trên|đã đề ra)\s+"
    r"(?=(?:chủ động |tổ chức |khẩn trương )?(?:xây dựng|ban hành|triển khai|tổ chức|cụ thể hóa|lập|chỉ đạo|bố trí|rà soát|thực hiện|chủ trì|phối hợp)(?!\w))"
)
_ANSWERS = re.compile(r"(?<!\w)(?:chịu trách nhiệm|có trách nhiệm)\s+(?:tổ chức\s+)?(?:thi hành|thực hiện)(?!\w)")
_UNKNOWN = re.compile(
    rf"(?P<who>[{UPPER}][^.;:]{{3,110}}?)\s*,?\s+(?P<duty>có trách nhiệm|chịu trách nhiệm|chủ trì|có nhiệm vụ|làm đầu mối|phối hợp với)(?!\w)"
)


def _unknown_actor(piece: Piece, place: int, end: int) -> Start | None:
    """Return the opening whose actor no list knows, if a word of duty follows it."""
    answers = _ANSWERS.search(piece.low, place, end)
    if answers is not None and answers.start() - place < 1200:
        named: list[Found] = []
        at = place
        for word in _WORD.finditer(piece.text, place, answers.start()):
            if word.start() >= at and piece.text[word.start()].isupper():
                stop, some = actors_at(piece, word.start(), answers.start())
                if some:
                    named, at = [*named, *some], stop
        if len(named) > 1:
            return Start(named, named[0].start, named[-1].end, answers.start(), "clause.duty", "chịu trách nhiệm")
    match = _UNKNOWN.match(piece.text, place, end)
    if match is None:
        return None
    who = piece.low[match.start("who") : match.end("who")]
    if _verb_at(piece, place, match.end("who")) is not None or _lexicon()["opener"].match(who):
        return None
    if who.count(",") > 3 or re.search(r"(?<!\w)(?:được|phải|cần|là|do|nếu|để)(?!\w)", who):
        return None
    text = " ".join(piece.text[match.start("who") : match.end("who")].split())
    found = Found(match.start("who"), match.end("who"), text, "other")
    return Start(
        [found], match.start("who"), match.end("who"), match.start("duty"), "clause.unknown_actor", match["duty"], is_unknown=True
    )  # fmt: skip


def _after_opener(piece: Piece, place: int, end: int) -> Start | None:
    """Return the opening behind an adverbial (*Hằng năm, các cấp …*; *Căn cứ …, UBND các huyện …*)."""
    low = piece.low
    if not _lexicon()["opener"].match(low, place) and not re.match(r"(?:hằng|hàng) ", low[place : place + 5]):
        return None
    for comma in re.finditer(r",\s*|:\s+", low[place : min(end, place + 420)]):
        at = place + comma.end()
        found = _with_actor(piece, at, end)
        if found is not None:
            return found
        verb = _verb_at(piece, at, end)
        if verb is not None and _is_clear(piece, place, at, verb):
            return Start(verb=verb, rule="clause.verb", words=_word(piece, verb))
    # No comma: "Trước ngày 15/12 hằng năm các sở báo cáo …"
    for match in re.finditer(r"\s(?=(?:các|sở|ubnd|ủy|liên|ban|hội|phòng)\s?)", low[place : min(end, place + 90)]):
        at = place + match.end()
        found = _with_actor(piece, at, end)
        if found is not None and not found.command:
            return found
    for match in _lexicon()["verb"].finditer(low, place + 1, min(end, place + 150)):
        if _TIME_PREFIX.fullmatch(low[place : match.start()]) or re.fullmatch(r"(?:(?:hằng|hàng) (?:năm|quý|tháng)|định kỳ(?: [\w\s/.,]{1,30})?|trước ngày [\d/ .-]+(?:(?:hằng|hàng) năm)?)\s*", low[place : match.start()]):
            return Start(verb=match.start(), rule="clause.verb", words=match[0])
    return None


def _is_clear(piece: Piece, place: int, at: int, verb: int) -> bool:
    """Tell whether a verb behind a comma of an adverbial is the main one: not one of a list in it."""
    before = piece.low[place:at].rstrip(" ,")
    last = re.split(r",\s*|\s+và\s+", before)[-1]
    if _TIME_ALONE.fullmatch(before):
        return True
    if _lexicon()["verbal"].fullmatch(last):
        return False
    return not re.search(r"(?:chức năng|theo|về)$", before)


_TIME_PREFIX = re.compile(
    r"(?:(?:định kỳ|hằng|hàng|mỗi|trước|chậm nhất|vào|ngày|tháng|quý|năm|tuần|sáu|và|cuối|đầu|của|là|theo|nửa|một lần|các|từ|đến|hết|giai đoạn)(?!\w)|[\d/().,:\s-])+"
)
_TIME_ALONE = re.compile(
    r"(?:(?:hằng|hàng) (?:năm|quý|tháng|tuần)|định kỳ[^,]{0,40}|(?:trước|chậm nhất|đến|trong|từ)(?: ngày| năm| quý| tháng)? [\w\s/.-]{1,30}|giai đoạn [\d\s-]+|trước mắt|thời gian tới|trong thời gian tới)"
)

# --- Clauses

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
        if opening is None and found and a > start:
            opening = _continued(piece, a, b)
        if opening is None:
            if found:
                found[-1].end = b
            elif b < end:
                continue
            continue
        found += _weak_parts(piece, Clause(a, b, opening), protected)
    return found


def _continued(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of a requirement inside a sentence: *việc thành lập … không … mà …*."""
    match = _REQUIREMENT.match(piece.low, start, end)
    return Start(verb=start, rule="clause.requirement", words=match["modal"]) if match else None


_REQUIREMENT = re.compile(
    r"\s*(?:(?:đồng thời|và)\s*,?\s*)?(?:việc\s[^;.]{5,160}?\s(?P<modal>phải|cần|không|được)\s|(?:[^,;.:]|,(?!\s*(?:bảo đảm|để))){3,160}?\s(?P<two>phải|cần phải)\s+(?!chăng))"
)


def requirement_of(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of a sentence that says how something must be, whoever sees to it."""
    match = _REQUIREMENT.match(piece.low, start, end)
    if match is None:
        return None
    return Start(verb=start, rule="clause.requirement", words=match["modal"] or match["two"])


def _strong_cuts(
    piece: Piece, start: int, end: int, protected: list[tuple[int, int]]
) -> list[int]:
    cuts: list[int] = []
    low = piece.low
    for match in _STRONG.finditer(low, start + 1, end):
        at = match.start()
        if _is_in(at, protected) or _inside_brackets(piece.text, start, at):
            continue
        begin = match.end() if match[0].startswith(";") else at + len(re.match(r",?\s*", match[0])[0])  # type: ignore[index]
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
    for opener in (start, *[m.end() for m in re.finditer(r"(?:với|giao|yêu cầu|đề nghị|:|,)\s+", piece.low[start:place])]):
        at = opener if opener == start else start + opener
        link = _LINK.match(piece.low, at)
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
        if at < covered or begin >= whole_end or _is_in(at, protected) or _is_in(at, lists) or _inside_brackets(piece.text, clause.start, at):
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
    opening = _with_actor(piece, place, end)
    if opening is None or opening.is_unknown:
        return None
    return opening


def _is_governed(piece: Piece, clause: Clause, place: int, *, by_actor: bool = False) -> bool:
    """Tell whether a place of a clause lies in a purpose or behind a word that governs a list of verbs."""
    before = piece.low[clause.opening.verb : place]
    if _lexicon()["purpose"].search(before):
        return True
    if by_actor:
        last = re.split(r",\s*", before)[-1]
        return bool(re.search(r"(?:với|cùng|và|của|cho|giúp|là)\s*$", before)) or bool(re.match(r"(?:giữa|của)\s", last))
    return False


def _new_verb(piece: Piece, clause: Clause, at: int, begin: int, end: int) -> Start | None:
    low = piece.low
    verb = _verb_at(piece, begin, end)
    if verb is None:
        return None
    firm = _FIRM.match(low, begin)
    led = low[begin:verb].strip(" ,") or (firm[0] if firm else "")
    after = firm.end() + 1 if firm else verb
    strict = _lexicon()["strict"].match(low, verb) or _lexicon()["strict"].match(low, after)
    if strict is None and (along := _ALONG.match(low, verb)) and actors_at(piece, along.end(), end)[1]:
        strict = along  # "phối hợp với Sở Tài chính …" is a share of its own
    split = _lexicon()["split"].match(low, verb) or _lexicon()["split"].match(low, begin)
    if not (split or led):
        return None
    before = low[clause.opening.verb : at]
    by_time = bool(strict and led and _BY_TIME.match(led))
    if not by_time and _is_governed(piece, clause, at):
        return None
    if not strict and not firm and _CAUSES.search(before):
        return None  # "hỗ trợ hợp tác xã đăng ký nhãn hiệu, xây dựng thương hiệu": one thing is caused
    governor = None
    for governor in _lexicon()["governor"].finditer(before):
        pass
    if governor is not None and not strict and not (led and _FIRM.match(led)):
        return None
    chunk = re.split(r",\s*|\s+và\s+", before)[-1]
    if _lexicon()["verbal"].fullmatch(chunk) or _lexicon()["verbal"].fullmatch(before):
        return None
    if not firm and (not strict or len(chunk.split()) < 5) and _ends_in_verb(chunk):
        return None  # a list of verbs that share an object: "theo dõi, tổng hợp, báo cáo tình hình"
    if re.search(r"(?:với|cùng|của|cho|về|các|trong|theo|bằng|và|được|giữa)$", before.rstrip()):
        return None
    chain = _lexicon()["verbal"].match(low, begin, end)
    rest = low[chain.end() : end].strip(" .;,/") if chain else low[begin:end]
    if not strict and (not rest or _TIME_REST.fullmatch(rest) or (chain and chain[0].rstrip().endswith(",") and _lexicon()["purpose"].match(rest))):
        return None
    return Start(verb=verb, rule="clause.verb", words=_word(piece, verb))


_CAUSES = re.compile(
    r"^(?:[^\W\d_]+\s+){0,3}?(?:hỗ trợ|hướng dẫn|vận động|khuyến khích|giúp|tạo điều kiện cho|tư vấn cho|tư vấn|chỉ đạo)\s+(?:cho\s+)?(?:các\s+|những\s+)?"
    r"(?:hợp tác xã|htx|liên hiệp|tổ hợp tác|tht|người dân|nông dân|doanh nghiệp|thành viên|hội viên|đoàn viên|hộ|phòng|ubnd|ủy ban nhân dân|cơ quan|đơn vị|tổ chức|địa phương)(?!\w)"
)
_TIME_REST = re.compile(r"(?:vào|trong|trước|đến|hết)\s+(?:cuối\s+)?(?:năm|quý|tháng|ngày)\s+[\w/.-]+")
_NOUN_USE = re.compile(r"(?:lĩnh vực|phạm vi|cơ quan|cán bộ|đơn vị|bộ máy|địa bàn|ngành|trình độ|năng lực|chức năng) (?:được )?quản lý$|ban chỉ đạo$|ban tổ chức$|báo cáo$|hợp tác$|thông tin$")


_ALONG = re.compile(r"(?:chủ động\s+)?phối hợp\s+(?:chặt chẽ\s+)?(?:cùng\s+)?với\s+")


def _ends_in_verb(chunk: str) -> bool:
    if _NOUN_USE.search(chunk):
        return False
    words = chunk.removesuffix(" lại").split()
    return any(_lexicon()["verb"].fullmatch(" ".join(words[-n:])) for n in (1, 2, 3) if len(words) > n)


_BY_TIME = re.compile(r"(?:định kỳ|hằng|hàng|trước ngày)")
_FIRM = re.compile(r"(?:định kỳ|thường xuyên|hằng năm|hàng năm|kịp thời|chủ động|tiếp tục|hằng quý|hàng quý)")
