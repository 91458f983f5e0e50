"""How a clause that charges somebody begins: the actor if it names one, the duty or command, the verb."""

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


@functools.cache
def lexicon() -> dict[str, re.Pattern[str]]:
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
LINK = re.compile(
    r"\s*(?:[-+•–]\s+)?(?:(?:đồng thời|và|ngoài ra|bên cạnh đó|mặt khác|song song đó|cùng với đó|trong đó|theo đó|riêng)(?!\w)\s*,?\s*)*"
)


def opening_of(piece: Piece, start: int, end: int) -> Start | None:
    """Return how a clause that charges somebody begins at ``start``, or nothing if it does not."""
    low = piece.low
    link = LINK.match(low, start)
    place = link.end() if link else start
    found = with_actor(piece, place, end)
    if found is not None:
        return found
    verb = verb_at(piece, place, end)
    if verb is not None and _STATEMENT.match(low, place, end):
        return None  # "phát triển kinh tế tập thể là xu thế tất yếu"
    if verb is not None:
        opener = lexicon()["opener"].match(low, place)
        if opener is None or _is_plain_verb(piece, place):
            return Start(verb=verb, rule="clause.verb", words=word_at(piece, verb))
    return _after_opener(piece, place, end)


_STATEMENT = re.compile(
    r"(?!coi|xem|xác định|quán triệt|nhận thức)[^.;:]{5,110}?\slà\s(?:xu thế|nhiệm vụ|yêu cầu|vấn đề|giải pháp|khâu|động lực|trách nhiệm|việc|một trong|nội dung|nền tảng|cơ sở|điều kiện|sự nghiệp)(?!\w)"
)


def _is_plain_verb(piece: Piece, place: int) -> bool:
    """Tell whether a word that may open an adverbial is here the verb itself (*Thực hiện tốt công tác…*)."""
    if piece.low.startswith("thực hiện", place):
        return True
    return bool(lexicon()["verb"].match(piece.low, place)) and not piece.low.startswith(
        "định kỳ", place
    )


def word_at(piece: Piece, place: int) -> str:
    match = lexicon()["verb"].match(piece.low, place) or lexicon()["duty"].match(piece.low, place)
    return piece.text[place : match.end()] if match else ""


def verb_at(piece: Piece, place: int, end: int) -> int | None:
    """Return where the verb stands that the place begins with, adverbs before it; or nothing."""
    low = piece.low
    at = place
    while at < end:
        for name in ("duty", "verb"):
            match = lexicon()[name].match(low, at)
            if match and match.end() <= end:
                return at
        adverb = _adverb().match(low, at)
        if adverb is None or adverb.end() <= at:
            return None
        at = adverb.end()
    return None


@functools.cache
def _adverb() -> re.Pattern[str]:
    return re.compile(rf"(?:{words_of('adverbs').pattern})[\s,]*")


def with_actor(piece: Piece, place: int, end: int) -> Start | None:
    low = piece.low
    persons = _PERSONS.match(low, place)
    place = persons.end() if persons else place
    command = lexicon()["command"].match(low, place)
    at = place
    if command is not None:
        after = command.end() + len(low[command.end() :]) - len(low[command.end() :].lstrip(" :"))
        stop, actors = actors_at(piece, after, end)
        if actors:
            start = _after_actor(piece, place, after, stop, actors, end) or _any_word(
                piece, after, stop, actors, end
            )
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


def extended(piece: Piece, stop: int, actors: list[Found], end: int) -> tuple[int, list[Found]]:
    """Return a list whose last actor takes in the words up to a word of duty (*các đơn vị được kiểm tra* có trách nhiệm)."""
    match = _TO_DUTY.match(piece.low, stop, end) if actors else None
    if match is None or re.search(r"(?<!\w)(?:để|nhằm|giao|yêu cầu|đề nghị)(?!\w)", match["more"]):
        return stop, actors
    if verb_at(piece, match.start("more"), end) is not None:
        return stop, actors
    last = actors[-1]
    more = " ".join(piece.text[match.start("more") : match.end("more")].split())
    return match.end("more") - 1, [
        *actors[:-1],
        replace(last, end=match.end("more") - 1, name=f"{last.name} {more}"),
    ]


def _any_word(
    piece: Piece, actor_from: int, actor_to: int, actors: list[Found], end: int
) -> Start | None:
    """Return the opening behind a command: whoever is told to, the next word is what to do."""
    match = re.compile(
        r"\s+(?!về|trong|của|tại|theo|với|và|cho|từ|là|được|đã|số|ngày|để)([^\W\d_]+)\s"
    ).match(piece.low, actor_to, end)
    if match is None:
        return None
    return Start(actors, actor_from, actor_to, match.start(1), "clause.command", match[1])


def _after_actor(
    piece: Piece,
    place: int,
    actor_from: int,
    actor_to: int,
    actors: list[Found],
    end: int,
    *,
    deep: bool = True,
) -> Start | None:
    """Return the opening if a duty or a verb follows the actors."""
    low = piece.low
    at = actor_to
    for _ in range(3):
        scope = _SCOPE.match(low, at)
        if scope is None:
            break
        at = scope.end()
    standing = _STANDING.match(low, at, end)
    at = standing.end() if standing else at
    blank = re.compile(r"\s*[,:]?\s*").match(low, at)
    at = blank.end() if blank else at
    command = lexicon()["command"].match(low, at)
    if command is not None and deep and command[0] not in ("chỉ đạo", "đối với"):
        # The issuer speaks of itself: "UBND tỉnh yêu cầu các sở …".
        after = re.compile(r"[\s:]*").match(low, command.end())
        stop, charged = actors_at(piece, after.end() if after else command.end(), end)
        if charged:
            inner = _after_actor(
                piece, place, after.end() if after else 0, stop, charged, end, deep=False
            )
            if inner is not None:
                inner.command = command[0]
                inner.rule = "clause.command"
                return inner
    modal = _MODAL.match(low, at)
    if modal:
        verb = verb_at(piece, modal.end() + 1, end)
        return Start(
            actors, actor_from, actor_to, verb if verb is not None else at, "clause.modal", modal[0]
        )
    verb = verb_at(piece, at, end)
    if verb is not None:
        duty = lexicon()["duty"].match(low, verb)
        return Start(
            actors, actor_from, actor_to, verb, "clause.duty" if duty else "clause.actor",
            duty[0] if duty else word_at(piece, verb),
        )  # fmt: skip
    odd = _ODD_WORDS.match(low, at, end)
    if odd is not None and not _STATES.search(odd[0]):
        later = lexicon()["split"].match(low, odd.end())
        if later is not None and later.end() <= end:
            return Start(actors, actor_from, actor_to, odd.end(), "clause.actor", later[0])
    # A ground without a comma: "căn cứ Chương trình này xây dựng kế hoạch"
    ground = _GROUND.match(low, at, min(end, at + 200))
    if ground is not None:
        verb = verb_at(piece, ground.end(), end)
        if verb is not None:
            return Start(actors, actor_from, actor_to, verb, "clause.actor", word_at(piece, verb))
    # An adverbial between the actor and the verb, closed by a comma.
    if lexicon()["opener"].match(low, at):
        for comma in re.finditer(r",\s*", low[at : min(end, at + 260)]):
            verb = verb_at(piece, at + comma.end(), end)
            if verb is not None and not _MODAL.match(low, verb):
                duty = lexicon()["duty"].match(low, verb)
                return Start(
                    actors,
                    actor_from,
                    actor_to,
                    verb,
                    "clause.duty" if duty else "clause.actor",
                    word_at(piece, verb),
                )
    return None


_STANDING = re.compile(
    r"\s*[-–,]\s*(?:là\s+)?(?:cơ quan|đơn vị) (?:thường trực|đầu mối|tham mưu|chủ trì)(?!\w)[^;:.]{0,90}?,?\s+"
    r"(?=(?:giúp|tham mưu|chủ trì|có trách nhiệm|chịu trách nhiệm|hướng dẫn|theo dõi|tổng hợp|chủ động|phối hợp|đôn đốc)(?!\w))"
)
"""*Sở Kế hoạch và Đầu tư - cơ quan thường trực Ban Chỉ đạo* giúp …: an apposition between actor and verb."""
_ODD_WORDS = re.compile(r"(?:[^\W\d_]+\s+){1,2}?(?=[^\W\d_])")
_STATES = re.compile(
    r"(?<!\w)(?:đã|đang|được|có|là|chưa|còn|không|bị|và|về|của|trong|tại|để|cho|với|vừa|mới|sau|do|thì|mà|nên|nếu|tăng|giảm|đạt|này|theo)(?!\w)"
)
_GROUND = re.compile(
    r"(?:căn cứ|trên cơ sở|theo|thực hiện)\s+[^,;.:]{3,150}?(?:này|của tỉnh|địa phương|đơn vị|được giao|hiện hành|quy định|thực tế|quản lý|của ngành|được phân công|cấp trên|đã đề ra)\s+"
    r"(?=(?:chủ động |tổ chức |khẩn trương )?(?:xây dựng|ban hành|triển khai|tổ chức|cụ thể hóa|lập|chỉ đạo|bố trí|rà soát|thực hiện|chủ trì|phối hợp)(?!\w))"
)
_WORD = re.compile(r"(?<![\w/&.-])[^\W\d_]")
_ANSWERS = re.compile(
    r"(?<!\w)(?:chịu trách nhiệm|có trách nhiệm)\s+(?:tổ chức\s+)?(?:thi hành|thực hiện)(?!\w)"
)
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
            return Start(
                named,
                named[0].start,
                named[-1].end,
                answers.start(),
                "clause.duty",
                "chịu trách nhiệm",
            )
    match = _UNKNOWN.match(piece.text, place, end)
    if match is None:
        return None
    who = piece.low[match.start("who") : match.end("who")]
    if verb_at(piece, place, match.end("who")) is not None or lexicon()["opener"].match(who):
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
    if not lexicon()["opener"].match(low, place) and not re.match(
        r"(?:hằng|hàng) |mỗi (?:năm|quý|tháng|tuần)", low[place : place + 9]
    ):
        return None
    then = _THEN.match(low, place, min(end, place + 420))
    if then is not None:
        found = with_actor(piece, then.end(), end)
        verb = verb_at(piece, then.end(), end)
        if found is not None or verb is not None:
            return found or Start(
                verb=verb or 0, rule="clause.verb", words=word_at(piece, verb or 0)
            )
    for comma in re.finditer(r",\s*|:\s+", low[place : min(end, place + 420)]):
        at = place + comma.end()
        found = with_actor(piece, at, end)
        if found is not None:
            return found
        verb = verb_at(piece, at, end)
        if verb is not None and _is_clear(piece, place, at, verb):
            return Start(verb=verb, rule="clause.verb", words=word_at(piece, verb))
    for match in lexicon()["verb"].finditer(low, place + 1, min(end, place + 150)):
        if _TIME_PREFIX.fullmatch(low[place : match.start()]):
            return Start(verb=match.start(), rule="clause.verb", words=match[0])
    # No comma: "Trước ngày 15/12 hằng năm các sở báo cáo …"
    for match in re.finditer(
        r"\s(?=(?:các|sở|ubnd|ủy|liên|ban|hội|phòng)\s?)", low[place : min(end, place + 90)]
    ):
        at = place + match.end()
        found = with_actor(piece, at, end)
        if found is not None and not found.command:
            return found
    for match in lexicon()["verb"].finditer(low, place + 1, min(end, place + 150)):
        if re.fullmatch(
            r"(?:(?:hằng|hàng) (?:năm|quý|tháng)|định kỳ(?: [\w\s/.,]{1,30})?|trước ngày [\d/ .-]+(?:(?:hằng|hàng) năm)?)\s*",
            low[place : match.start()],
        ):
            return Start(verb=match.start(), rule="clause.verb", words=match[0])
    return None


_AT_ONCE = re.compile(r"(?:kịp thời|chủ động|khẩn trương|phải|cần|thì|báo cáo ngay)\s")
"""With these the main clause begins behind a condition: *trường hợp cần sửa đổi, kịp thời báo cáo …*."""
_THEN = re.compile(r"(?:nếu|trường hợp|khi|đối với)(?!\w)[^.;:]{3,400}?\sthì\s+(?:phải\s+|cần\s+)?")


def _is_clear(piece: Piece, place: int, at: int, verb: int) -> bool:
    """Tell whether a verb behind a comma of an adverbial is the main one: not one of a list in it."""
    before = piece.low[place:at].rstrip(" ,")
    last = re.split(r",\s*|\s+và\s+", before)[-1]
    if _TIME_ALONE.fullmatch(before):
        return True
    if lexicon()["verbal"].fullmatch(last):
        return False
    if re.search(r"(?<!\w)(?:nếu|trường hợp)\s", before):
        return bool(_AT_ONCE.match(piece.low, at))
    return not re.search(r"(?:chức năng|theo|về)$", before)


_TIME_PREFIX = re.compile(
    r"(?:(?:định kỳ|hằng|hàng|mỗi|trước|chậm nhất|vào|ngày|tháng|quý|năm|tuần|sáu|và|cuối|đầu|của|là|theo|nửa|một lần|các|từ|đến|hết|giai đoạn)(?!\w)|[\d/().,:\s-])+"
)
_TIME_ALONE = re.compile(
    r"(?:(?:hằng|hàng) (?:năm|quý|tháng|tuần)|định kỳ[^,]{0,40}|(?:trước|chậm nhất|đến|trong|từ)(?: ngày| năm| quý| tháng)? [\w\s/.-]{1,30}|giai đoạn [\d\s-]+|trước mắt|thời gian tới|trong thời gian tới)"
)
