"""From the tree of paragraphs to proposed tasks: who answers where, what is inherited, what is set aside."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace
from datetime import date

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.clauses import (
    Clause,
    Start,
    clauses,
    extended,
    opening_of,
    requirement_of,
    sentences,
)
from hoptac.directives.reading.flow import Piece, is_caps
from hoptac.directives.reading.references import Cited
from hoptac.directives.reading.result import (
    Confidence,
    LeadBasis,
    Span,
    TaskKind,
)
from hoptac.directives.reading.roles import Roles, named_by_role, roles_of
from hoptac.directives.reading.structure import Node
from hoptac.directives.reading.when import Timed, settle, time_in_cell, times_of
from hoptac.directives.reading.words import grammar, listed, one_of, words_of


@dataclass
class Draft:
    """A proposed task before its actors have their numbers."""

    kind: TaskKind
    text: str
    what: str
    section: str
    span: Span
    sentence: Span
    piece: Piece
    lead: list[Found] = field(default_factory=list)
    lead_words: str = ""
    basis: LeadBasis = LeadBasis.NONE
    coordinating: list[Found] = field(default_factory=list)
    coordinating_words: str = ""
    executing: list[Found] = field(default_factory=list)
    recipients: list[Found] = field(default_factory=list)
    times: list[Timed] = field(default_factory=list)
    product: str = ""
    confidence: Confidence = Confidence.HIGH
    why: list[tuple[str, str, Span]] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """What a heading or the beginning of an item says for all below it."""

    section: str = "text"
    """``aims``, ``situation``, ``other``, ``tasks`` or ``text`` (before any heading)."""
    lead: tuple[Found, ...] = ()
    lead_words: str = ""
    coordinating: tuple[Found, ...] = ()
    coordinating_words: str = ""
    kind: TaskKind = TaskKind.ACTION
    why: tuple[tuple[str, str, Span], ...] = ()
    times: tuple[Timed, ...] = ()


@dataclass
class Context:
    """What is the same for the whole document."""

    on: date | None
    cited: dict[int, list[tuple[int, int]]]
    """Stretches of documents that a piece names, by the piece's identity."""
    drafts: list[Draft] = field(default_factory=list)
    aims: list[Draft] = field(default_factory=list)
    labelled_from: int = 0
    in_labels: bool = False


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = grammar()
    sections, labels = words["sections"], words["labels"]
    found = {name: one_of(sections[name]) for name in sections}
    for name in labels:
        found[f"label.{name}"] = re.compile(
            rf"^\W*(?:{one_of(labels[name]).pattern})\s*(?:\([^)]*\)\s*)?:\s*"
        )
    found["command"] = re.compile(
        rf"(?<!\w)(?:{one_of([c for c in listed(words['commands']) if c not in ('đối với', 'trách nhiệm của', 'nhiệm vụ của')]).pattern})\s*:?\s+"
    )
    found["not"] = re.compile(rf"(?:{one_of(words['not_duties']).pattern})")
    found["heads"] = re.compile(
        rf"^(?:{words_of('commands').pattern}|nhiệm vụ|trách nhiệm|phân công)\s*:?\s+"
    )
    return found


def drafts_of(root: Node, context: Context) -> None:
    """Fill the context with the drafts of all tasks and aims, in the order of the text."""
    _walk(root, Scope(), context)


# --- Headings

def section_class(title: str, above: str) -> str:
    """Return what a heading opens: the class of its words, or that of the heading above."""
    found = _patterns()
    words = title.strip()
    for name in ("situation",):
        match = found[name].match(words)
        if match:
            return name
    if found["tasks"].search(words):
        if re.match(r"(?:đánh giá|kết quả|tình hình)", words):
            return "situation"
        return "tasks"
    match = found["aims"].search(words)
    if match and (match.start() < 25 or len(words) < 60):
        return "aims"
    if found["situation"].search(words) and len(words) < 90:
        return "situation"
    match = found["other"].search(words)
    if match and match.start() < 20:
        return "other"
    return above


def _scope_of_title(title: Piece, scope: Scope, node: Node) -> tuple[Scope, Draft | None]:
    """Return the scope below a heading, and the task that the heading itself may be."""
    low = title.low.rstrip(" :.;")
    end = len(low)
    frame = _frame(title, end)
    if frame is not None:
        new, is_task = frame
        new = replace(new, section="tasks" if scope.section in ("text", "tasks", "aims") or scope.section == "other" else scope.section)
        return new, None
    cls = section_class(low, scope.section if scope.section != "text" else "tasks")
    if title.text.rstrip().endswith(":") and scope.section == "text" and not node.is_section:
        cls = "tasks" if _patterns()["command"].search(low) else "text"
    if node.level in ("roman", "part", "chapter", "capital") or cls != scope.section:
        return Scope(section=cls), None
    return replace(scope, section=cls), None


_GENERIC = re.compile(
    r"^[\s,:]*(?:(?:tổ chức|tập trung|tiếp tục|nghiêm túc|khẩn trương|chủ động|triển khai|thực hiện|làm tốt|và|một số|các|những|nội dung|công việc|nhiệm vụ|giải pháp|sau|sau đây|cụ thể|như sau|dưới đây|chủ yếu|trọng tâm|chính|có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|chủ trì|phối hợp|được giao|quan tâm|tốt|gồm|là|trong phạm vi quản lý|có ý kiến chỉ đạo)[\s,:]*)*$"
)


def _frame(title: Piece, end: int) -> tuple[Scope, bool] | None:
    """Return the scope of a heading that names actors and says nothing of its own beyond a duty."""
    low = title.low
    place = 0
    kind = TaskKind.ACTION
    match = _patterns()["heads"].match(low)
    if match:
        place = match.end()
        if match[0].strip(" :") in ("đề nghị", "kính đề nghị", "trân trọng đề nghị"):
            kind = TaskKind.REQUEST
        again = re.compile(r"(?:của|cho)\s+").match(low, place)
        place = again.end() if again else place
    stop, actors = actors_at(title, place, end)
    stop, actors = extended(title, stop, actors, end)
    words = (place, stop)
    if actors:
        command = re.compile(r"\s*(?:yêu cầu|giao|đề nghị|phân công)\s*:?\s+").match(low, stop)
        if command:
            further, charged = actors_at(title, command.end(), end)
            if charged:
                actors, stop, words = charged, further, (command.end(), further)
                if "đề nghị" in command[0]:
                    kind = TaskKind.REQUEST
            elif _GENERIC.match(low[command.end() : end]):
                return None
        elif re.match(r"\s*(?:yêu cầu|có ý kiến|chỉ đạo)\b", low[stop:end]) and _GENERIC.match(
            re.sub(r"\s*(?:yêu cầu|có ý kiến|chỉ đạo)", "", low[stop:end])
        ):
            return None  # the issuer alone: nobody is named yet
    if not actors:
        unknown = re.match(r"(?P<who>[A-ZĐ][^,.;:]{3,80}?)\s+(?:chủ trì|có trách nhiệm|chịu trách nhiệm)", title.text[:end])
        if unknown is None:
            return None
        who = " ".join(unknown["who"].split())
        actors, stop = [Found(0, unknown.end("who"), who, "other")], unknown.end("who")
        words = (0, stop)
    rest = low[stop:end]
    rest = re.sub(r"^\s*\([^)]*\)", "", rest)
    coordinating: list[Found] = []
    with_words = ""
    match = re.search(r"phối hợp(?:\s+chặt chẽ)?(?:\s+(?:cùng|với|cùng với))*\s*:?\s+", rest)
    if match:
        at = end - len(rest) + match.end()
        after, along = actors_at(title, at, end)
        if along:
            coordinating = along
            with_words = " ".join(title.text[at:after].split())
            rest = rest[: match.start()] + " " + low[after:end]
    if rest.strip() and not _GENERIC.match(rest) and not re.match(r"^[\s,]*(?:trong việc|về)\s", rest):
        return None
    span = title.span(*words)
    why = [("lead.heading", " ".join(title.text[words[0] : words[1]].split()), span)]
    return (
        Scope(
            section="tasks", lead=tuple(actors), lead_words=" ".join(title.text[words[0] : words[1]].split()),
            coordinating=tuple(coordinating), coordinating_words=with_words, kind=kind, why=tuple(why),
        ),
        False,
    )  # fmt: skip


# --- The walk

def _walk(node: Node, scope: Scope, context: Context) -> None:
    if node.parent is not None:
        scope = _visit(node, scope, context)
    for child in node.children:
        _walk(child, scope, context)


def _visit(node: Node, scope: Scope, context: Context) -> Scope:
    if node.paragraph.cells is not None:
        return scope
    if _take_label(node, context):
        return scope
    context.in_labels = False
    if node.is_section and scope.section == "text":
        scope = replace(scope, section="tasks")
    if node.title is not None and node.title.text:
        before = scope
        is_labelled = _has_labels(node)
        scope, _ = _scope_of_title(node.title, scope, node)
        if scope.lead == before.lead or not scope.lead:
            opening = opening_of(node.title, 0, len(node.title.text))
            ends = node.title.text.rstrip().endswith(":")
            has_actor = opening is not None and bool(opening.subjects)
            if opening is not None and scope.section in ("tasks", "text") and not is_caps(node.title.text):
                if is_labelled or (has_actor and ends and opening.rule in ("clause.actor", "clause.duty", "clause.command", "clause.modal")):
                    context.labelled_from = len(context.drafts) if is_labelled else context.labelled_from
                    scope = _read_body(node, node.title, scope, context)
    if node.body is not None and node.body.text:
        scope = _read_body(node, node.body, scope, context)
    return scope


def _has_labels(node: Node) -> bool:
    return any(
        c.paragraph.cells is None and _label_of(c.text) is not None for c in node.children[:8]
    )


def _label_of(piece: Piece) -> tuple[str, int] | None:
    for name in ("coordinating", "lead", "when", "product"):
        match = _patterns()[f"label.{name}"].match(piece.low)
        if match:
            return name, match.end()
    return None


def _take_label(node: Node, context: Context) -> bool:
    """Give what a labelled line says (*Cơ quan chủ trì: …*) to the tasks it belongs to."""
    label = _label_of(node.text)
    if label is None or not context.drafts or len(node.text.text) > 500:
        return False
    if label[0] == "when" and not time_in_cell(_part(node.text, label[1], len(node.text.text)), context.on) and not re.search(
        r"\d|thường xuyên|hằng năm|hàng năm", node.text.low
    ):
        return False
    if not context.in_labels:
        context.in_labels = True
        context.labelled_from = _labelled(context, node)
    targets = context.drafts[context.labelled_from :]
    if not targets:
        return False
    _apply_labels(node.text, targets, context)
    return True


def _labelled(context: Context, node: Node) -> int:
    """Return the first of the tasks that a run of labels speaks of: those of the node above, or the last one."""
    section = node.parent
    first = len(context.drafts) - 1
    if section is not None and section.text.text:
        within = section.span()
        while first > 0 and within.start <= context.drafts[first - 1].span.start and not context.drafts[first - 1].why[-1:][0][0].startswith("label."):
            first -= 1
    return first


_LABEL_PART = re.compile(r"(?:^|[;.,(]\s*|\s-\s)")


def _apply_labels(piece: Piece, targets: list[Draft], context: Context) -> None:
    """Read every label in a piece and give it to the drafts."""
    places = []
    for match in _LABEL_PART.finditer(piece.low):
        rest = _part(piece, match.end(), len(piece.text))
        label = _label_of(rest)
        if label:
            places.append((match.end(), match.end() + label[1], label[0]))
    for i, (start, begin, name) in enumerate(places):
        end = places[i + 1][0] if i + 1 < len(places) else len(piece.text)
        _apply_label(piece, start, begin, end, name, targets, context)


def _apply_label(
    piece: Piece, start: int, begin: int, end: int, name: str, targets: list[Draft], context: Context
) -> None:
    value = _part(piece, begin, end)
    span = piece.span(start, end)
    words = " ".join(value.text.split()).strip(" .;,()")
    for draft in targets:
        if name in ("lead", "coordinating"):
            _, actors = actors_in(value)
            if not actors:
                continue
            if name == "lead":
                draft.lead, draft.lead_words, draft.basis = actors, words, LeadBasis.STATED
            else:
                draft.coordinating, draft.coordinating_words = actors, words
        elif name == "when":
            draft.times = [*draft.times, *time_in_cell(value, context.on)]
        else:
            draft.product = words
        draft.why.append((f"label.{name}", " ".join(piece.text[start:end].split()), span))
        if draft.confidence is Confidence.MEDIUM and name == "lead":
            draft.confidence = Confidence.HIGH


def actors_in(value: Piece) -> tuple[int, list[Found]]:
    """Return the actors that a cell or a labelled value lists; one unknown to the lists as it stands."""
    text = value.text
    stop, actors = _whole(value, *actors_at(value, 0))
    while actors and stop < len(text):
        rest = re.compile(r"[\s,;.:/+–-]*(?:và\s+)?").match(value.low, stop)
        at = rest.end() if rest else stop
        if at >= len(text):
            break
        further, more = _whole(value, *actors_at(value, at))
        if not more:
            break
        actors, stop = [*actors, *more], further
    if not actors and text.strip(" .;,-–()"):
        clean = " ".join(text.split()).strip(" .;,-–()")
        if len(clean) < 120 and not re.match(r"\d", clean):
            return len(text), [Found(0, len(text), clean[0].upper() + clean[1:], "other")]
    return stop, actors


_OWN_NAMED = frozenset({"service", "school", "association", "enterprise", "media", "other"})


def _whole(value: Piece, stop: int, actors: list[Found]) -> tuple[int, list[Found]]:
    """Return the last actor with all of its own name: in a cell it goes on to the next sign."""
    if not actors or actors[-1].kind not in _OWN_NAMED or actors[-1].is_group:
        return stop, actors
    rest = re.compile(r"[^,;.:()\n]*").match(value.text, stop)
    end = rest.end() if rest else stop
    more = " ".join(value.text[stop:end].split())
    if not more or end - stop > 80 or re.match(r"(?:và|phối hợp)\s", more):
        return stop, actors
    last = actors[-1]
    return end, [*actors[:-1], replace(last, end=end, name=f"{last.name} {more}")]


def _part(piece: Piece, start: int, end: int) -> Piece:
    from hoptac.directives.reading.flow import cut

    return cut(piece, start, end)


# --- One paragraph

_INLINE_LABEL = re.compile(r"\((?=(?:cơ quan|đơn vị|chủ trì|thời gian|thời hạn|phối hợp|sản phẩm|hoàn thành)[^()]{0,40}:)")
_PROMPT = re.compile(r"(?:như sau|sau đây|cụ thể|sau)\s*:?\s*$")


def _read_body(node: Node, body: Piece, scope: Scope, context: Context) -> Scope:
    section = node.section()
    path = section.path if section else ""
    protected = context.cited.get(id(node.text), [])
    protected = _shifted(protected, node, body)
    first: Scope | None = None
    is_closing = False
    for number, (start, end) in enumerate(sentences(body)):
        label = _label_of(_part(body, start, end))
        if label and context.drafts and first is not None or label and node.is_section and context.drafts:
            _apply_labels(_part(body, start, end), context.drafts[-1:], context)
            continue
        inherited = first or scope
        low = body.low[start:end]
        is_closing = is_closing or bool(re.match(r"\s*(?:trên đây là|trong quá trình|quá trình)", low))
        if is_closing and not node.level:
            path = _outermost(section)
        if is_closing:
            inherited = replace(inherited, lead=(), lead_words="", coordinating=(), coordinating_words="", why=())
        found = _read_sentence(body, start, end, path, inherited, protected, context)
        if number == 0 and found is not None and not is_closing:
            first = found
    return first or scope


def _outermost(section: Node | None) -> str:
    """Return the path of the outermost Roman part above: a closing formula does not belong to the last item."""
    node, found = section, ""
    while node is not None:
        if node.level in ("roman", "capital", "article", "part"):
            found = node.path
        node = node.parent
    return found


def _shifted(stretches: list[tuple[int, int]], node: Node, body: Piece) -> list[tuple[int, int]]:
    """Return stretches of the node's text as stretches of its body."""
    if body is node.text or not body.at or not node.text.at:
        return stretches
    shift = node.text.at.index(body.at[0]) if body.at[0] in node.text.at else 0
    return [(a - shift, b - shift) for a, b in stretches]


def _read_sentence(
    piece: Piece,
    start: int,
    end: int,
    path: str,
    scope: Scope,
    protected: list[tuple[int, int]],
    context: Context,
) -> Scope | None:
    """Read the tasks of a sentence; return what its first clause says of who leads, if it names anybody."""
    low = piece.low
    if scope.section == "situation":
        return None
    if _TELLS.search(low, start, end):
        return None
    lead_in = re.match(r"[\s\-+•]*", low[start:end])
    begin = start + (lead_in.end() if lead_in else 0)
    if scope.section == "text":
        found = _commanded(piece, begin, end, protected)
    elif _patterns()["not"].match(low, begin):
        found = _commanded(piece, begin, end, protected)
    else:
        found = clauses(piece, begin, end, protected)
        if not found:
            found = _commanded(piece, begin, end, protected)
        if not found and scope.section == "tasks" and not _TELLS.search(low, begin, end):
            opening = _unlisted_verb(piece, begin, end) if start == 0 else None
            found = [Clause(begin, end, opening)] if opening else []
        if not found and scope.section == "tasks":
            opening = requirement_of(piece, begin, end)
            found = [Clause(begin, end, opening)] if opening else []
    if not found:
        return None
    if _ANNOUNCES.search(low, start, end) and not any(c.opening.subjects for c in found):
        return None  # "Định hướng phát triển … như sau:" only opens what follows
    said: Scope | None = None
    within: tuple[list[Found], str, tuple[int, int]] | None = None
    for clause in found:
        roles = roles_of(piece, clause)
        if _is_frame_only(piece, clause, roles):
            frame = _frame(_part(piece, clause.start, clause.end), len(_part(piece, clause.start, clause.end).text.rstrip(" :.;")))
            if frame is not None:
                return frame[0]
        draft = _draft(piece, clause, roles, (start, end), path, context)
        _give_lead(piece, clause, roles, draft, scope, within)
        if scope.section == "aims" and not (roles.lead and clause.opening.rule in ("clause.duty", "clause.command", "clause.modal", "clause.actor")):
            draft.kind = TaskKind.AIM
            draft.confidence = Confidence.LOW
            context.aims.append(draft)
        elif scope.section == "other" and not roles.lead:
            continue
        else:
            context.drafts.append(draft)
        if draft.lead and not clause.is_subordinate and not (roles.kind is TaskKind.NOTICE):
            words = draft.lead_words
            span = (clause.opening.subject_from, clause.opening.subject_to)
            within = (draft.lead, words, span)
            if clause is found[0] and roles.lead and said is None and not clause.opening.command:
                said = replace(
                    scope, lead=tuple(roles.lead), lead_words=words, coordinating=(), coordinating_words="",
                    kind=TaskKind.ACTION, why=(("lead.item", words, piece.span(*span)),),
                )  # fmt: skip
            elif clause is found[0] and roles.lead and said is None and piece.text.rstrip().endswith(":"):
                said = replace(scope, lead=tuple(roles.lead), lead_words=words, why=(("lead.item", words, piece.span(*span)),))
    return said


_TELLS = re.compile(r"(?<!\w)(?:xin\s+)?thông báo\s+(?:để|đến|cho|tới)\s[^.;]{3,160}?\sbiết(?!\w)")
_NOMINAL = re.compile(
    r"(?:các|những|việc|công tác|kinh phí|nội dung|mục tiêu|số|tỷ lệ|toàn|một|hai|ba|trên|tại|trong|theo|từ|đến|sau|với|do|vì|khi|nếu|đây|đó|là|có|mức|nguồn|thời|trường hợp|đối tượng|phạm vi|kế hoạch|chương trình|quy định|nghị quyết|luật|căn cứ|ngoài|riêng|đối|ước|tổng|hợp tác xã|tổ hợp tác|giai đoạn|năm|quý|tháng|ngày|hằng|hàng|thành viên|sản phẩm|vốn|diện tích|kết quả|tình hình|mỗi|từng|phụ lục|biểu|bảng|ghi chú|lưu ý|nơi nhận|trách nhiệm|nhiệm vụ|giải pháp|cơ quan|đơn vị|cá nhân|tổ chức|về|v/v)(?!\w)"
)
_STATEMENT = re.compile(r"^(?:[^\W\d_]+[\s,]+){1,8}?(?:là|được|có|đã|chưa|còn|đạt|gồm|bao gồm|bị|đang|sẽ|không|do|thuộc|tăng|giảm|chiếm)(?!\w)")


def _unlisted_verb(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of an item that begins with a word no list knows, where it states nothing."""
    low = piece.low[start:end]
    if _NOMINAL.match(low) or _STATEMENT.match(low) or len(low.split()) < 5 or not piece.text[start : start + 1].isupper():
        return None
    if piece.text[start : start + 12].isupper() or re.match(r"[A-ZĐ]\S*\s+[A-ZĐ]", piece.text[start:end]):
        return None
    stop, actors = actors_at(piece, start, end)
    if actors:
        return None
    word = re.match(r"\S+(?:\s\S+)?", piece.text[start:end])
    return Start(verb=start, rule="clause.unlisted_verb", words=word[0] if word else "")


_ANNOUNCES = re.compile(r"(?:như sau|sau đây|dưới đây|sau|gồm|bao gồm|cụ thể)\s*:\s*$")


def _is_frame_only(piece: Piece, clause: Clause, roles: Roles) -> bool:
    if not piece.text[clause.start : clause.end].rstrip().endswith(":"):
        return False
    return bool(roles.lead)


def _commanded(
    piece: Piece, start: int, end: int, protected: list[tuple[int, int]]
) -> list[Clause]:
    """Return the clauses of a sentence that begin where somebody is told to do something.

    Before the first heading, and in sentences like *Trên đây là Kế hoạch …, yêu cầu các sở …*, only what
    is said with *giao, yêu cầu, đề nghị, phân công* to a named body counts.
    """
    for match in _patterns()["command"].finditer(piece.low, start, end):
        if match.start() > start and re.search(r"(?:theo|theo|có|được|sự|các|những|tại|nêu|về|của|xét)\s*$", piece.low[start : match.start()]):
            continue
        opening = opening_of(piece, match.start(), end)
        if opening is not None and opening.command:
            found = clauses(piece, match.start(), end, protected)
            if found:
                issuer_from = _issuer_before(piece, start, match.start())
                found[0].start = issuer_from
                return found
    opening = opening_of(piece, start, end)
    if opening is not None and opening.subjects and opening.rule in ("clause.duty", "clause.command") and opening.words in (
        "có trách nhiệm", "chịu trách nhiệm", "chủ trì"
    ):  # fmt: skip
        return clauses(piece, start, end, protected)
    return []


def _issuer_before(piece: Piece, start: int, place: int) -> int:
    match = re.search(r"(?:^|[,;:]\s*)(?:ủy ban nhân dân|ubnd|ban thường vụ|thường trực|chủ tịch|hội đồng)[^,;:]{0,60}$", piece.low[start:place])
    if match is None:
        return place
    return start + match.start() + len(re.match(r"[,;:\s]*", match[0])[0])  # type: ignore[index]


def _draft(
    piece: Piece, clause: Clause, roles: Roles, sentence: tuple[int, int], path: str, context: Context
) -> Draft:
    start, end = clause.start, clause.end
    bracket = _INLINE_LABEL.search(piece.low, start, end)
    stop = bracket.start() if bracket else end
    text = " ".join(piece.text[start:stop].split()).rstrip(" ;,./:").lstrip("-+•– ")
    text = text.removesuffix(" và").rstrip(" ,")
    a, b = roles.what
    what = " ".join(piece.text[a : min(b, stop)].split()).strip(" ;,./:")
    draft = Draft(
        kind=roles.kind, text=text, what=what[:1].upper() + what[1:], section=path,
        span=_trimmed(piece, start, stop), sentence=piece.span(*sentence), piece=piece,
        coordinating=roles.coordinating, executing=roles.executing, recipients=roles.recipients,
        times=times_of(piece, start, end, context.on),
    )  # fmt: skip
    if roles.coordinating_words:
        draft.coordinating_words = " ".join(piece.text[slice(*roles.coordinating_words)].split())
    opening = clause.opening
    if opening.words:
        at = piece.low.find(opening.words.lower(), opening.verb)
        draft.why.append(
            (opening.rule, opening.words, piece.span(at, at + len(opening.words)) if at >= 0 else piece.span(start, end))
        )
    if opening.command:
        at = piece.low.find(opening.command, start)
        draft.why.append(("clause.command", opening.command, piece.span(at, at + len(opening.command)) if at >= 0 else piece.span(start, end)))
    for rule, x, y in roles.reasons:
        draft.why.append((rule, " ".join(piece.text[x:y].split()), piece.span(x, y)))
    for timed in draft.times:
        draft.why.append((timed.rule, " ".join(piece.text[timed.start : timed.end].split()), piece.span(timed.start, timed.end)))
    if bracket:
        close = piece.text.find(")", bracket.end())
        _apply_labels(_part(piece, bracket.end(), close if close > 0 else end), [draft], context)
    return draft


def _trimmed(piece: Piece, start: int, end: int) -> Span:
    text = piece.text
    while end > start and text[end - 1] in " ;,/:":
        end -= 1
    if text[start:end].endswith((" và", ",và")):
        end -= 3
        while end > start and text[end - 1] in " ,;":
            end -= 1
    while start < end and text[start] in " -+•–,;":
        start += 1
    return piece.span(start, end)


def _give_lead(
    piece: Piece,
    clause: Clause,
    roles: Roles,
    draft: Draft,
    scope: Scope,
    within: tuple[list[Found], str, tuple[int, int]] | None,
) -> None:
    """Say who leads: the clause's own actors, the sentence's, the item's, or nobody."""
    opening: Start = clause.opening
    if draft.basis is LeadBasis.STATED and draft.lead:
        return
    if roles.lead:
        draft.lead, draft.basis = roles.lead, LeadBasis.STATED
        if roles.lead_words:
            draft.lead_words = " ".join(piece.text[slice(*roles.lead_words)].split())
        sure = opening.rule in ("clause.duty", "clause.command", "clause.actor", "clause.modal")
        draft.confidence = Confidence.HIGH if sure else Confidence.LOW
        if clause.is_subordinate:
            draft.confidence = Confidence.MEDIUM
    elif within is not None and draft.kind is not TaskKind.NOTICE:
        draft.lead, draft.lead_words, draft.basis = within[0], within[1], LeadBasis.SENTENCE
        draft.why.append(("lead.sentence", within[1], piece.span(*within[2])))
        draft.confidence = Confidence.MEDIUM if opening.rule == "clause.requirement" else Confidence.HIGH
    elif scope.lead:
        draft.lead, draft.lead_words, draft.basis = list(scope.lead), scope.lead_words, LeadBasis.ITEM
        draft.why += list(scope.why)
        if not draft.coordinating and scope.coordinating:
            draft.coordinating = list(scope.coordinating)
            draft.coordinating_words = scope.coordinating_words
        if scope.kind is TaskKind.REQUEST and draft.kind is TaskKind.ACTION:
            draft.kind = TaskKind.REQUEST
        draft.confidence = Confidence.MEDIUM if opening.rule == "clause.requirement" else Confidence.HIGH
    else:
        named = named_by_role(piece, clause)
        if named is not None:
            draft.lead, draft.basis = named[0], LeadBasis.STATED
            draft.lead_words = " ".join(piece.text[slice(*named[1])].split())
            draft.why.append(("lead.role_of", draft.lead_words, piece.span(*named[1])))
        draft.confidence = Confidence.MEDIUM
    if opening.rule == "clause.unlisted_verb":
        draft.confidence = Confidence.LOW
    if draft.kind is TaskKind.NOTICE:
        draft.confidence = Confidence.MEDIUM if draft.lead else Confidence.LOW


def times_settled(draft: Draft):  # type: ignore[no-untyped-def]
    """Return a draft's deadline and recurrence."""
    return settle(draft.times)


def cited_stretches(cited: list[Cited]) -> dict[int, list[tuple[int, int]]]:
    """Return, for each piece by identity, the stretches that name documents, with the titles behind them."""
    found: dict[int, list[tuple[int, int]]] = {}
    for one in cited:
        found.setdefault(id(one.piece), []).append((one.start, one.end))
    return found
