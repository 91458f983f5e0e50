"""From the tree of paragraphs to proposed tasks: who answers where, what is inherited, what is set aside."""

from __future__ import annotations

import re
from dataclasses import replace

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.clauses import HANDED_IN, Clause, clauses, requirement_of
from hoptac.directives.reading.drafts import Context, Draft, Scope, patterns
from hoptac.directives.reading.figures import figures_of, has_figure
from hoptac.directives.reading.flow import Piece, cut, is_caps
from hoptac.directives.reading.headings import frame_of, scope_of_title
from hoptac.directives.reading.labels import apply_labels, has_labels, label_of, take_label
from hoptac.directives.reading.openings import Start, opening_of
from hoptac.directives.reading.result import Confidence, LeadBasis, Span, TaskKind
from hoptac.directives.reading.roles import Roles, named_by_role, roles_of
from hoptac.directives.reading.sentences import sentences
from hoptac.directives.reading.structure import Node
from hoptac.directives.reading.when import times_of


def drafts_of(root: Node, context: Context) -> None:
    """Fill the context with the drafts of all tasks and aims, in the order of the text."""
    _walk(root, Scope(), context)


# --- The walk


def _walk(node: Node, scope: Scope, context: Context) -> None:
    if node.parent is not None:
        scope = _visit(node, scope, context)
    for child in node.children:
        _walk(child, scope, context)


def _visit(node: Node, scope: Scope, context: Context) -> Scope:
    if node.paragraph.cells is not None:
        return scope
    if take_label(node, context):
        return scope
    context.in_labels = False
    if node.is_section and scope.section == "text":
        scope = replace(scope, section="tasks")
    if _is_no_heading(node):
        node.title, node.body = None, node.title
    if node.title is not None and node.title.text:
        before = scope
        is_labelled = has_labels(node)
        scope = scope_of_title(node.title, scope, node)
        if scope.lead == before.lead or not scope.lead:
            opening = opening_of(node.title, 0, len(node.title.text))
            ends = node.title.text.rstrip().endswith(":")
            has_actor = opening is not None and bool(opening.subjects)
            if (
                opening is not None
                and scope.section in ("tasks", "text")
                and not is_caps(node.title.text)
            ) and (
                (is_labelled and len(node.title.text.split()) > 3)
                or (
                    has_actor
                    and ends
                    and opening.rule
                    in ("clause.actor", "clause.duty", "clause.command", "clause.modal")
                )
            ):
                context.labelled_from = (
                    len(context.drafts) if is_labelled else context.labelled_from
                )
                scope = _read_body(node, node.title, scope, context)
    if node.body is not None and node.body.text:
        scope = _read_body(node, node.body, scope, context)
    return scope


def _is_no_heading(node: Node) -> bool:
    """Tell whether a bullet with others below it orders something itself, rather than naming who is charged."""
    title = node.title
    if node.level != "bullet" or title is None or title.text.rstrip().endswith(":"):
        return False
    return (
        frame_of(title, len(title.text)) is None
        and opening_of(title, 0, len(title.text)) is not None
    )


# --- One paragraph

_INLINE_LABEL = re.compile(
    r"\((?=(?:cơ quan|đơn vị|chủ trì|thời gian|thời hạn|phối hợp|sản phẩm|hoàn thành)[^()]{0,40}:)"
)
_PROMPT = re.compile(r"(?:như sau|sau đây|cụ thể|sau)\s*:?\s*$")


def _read_body(node: Node, body: Piece, scope: Scope, context: Context) -> Scope:
    section = node.section()
    path = section.path if section else ""
    protected = context.cited.get(id(node.text), [])
    protected = _shifted(protected, node, body)
    first: Scope | None = None
    is_closing = False
    before = len(context.drafts)
    for number, (start, end) in enumerate(sentences(body)):
        label = label_of(cut(body, start, end))
        if (label and context.drafts and first is not None) or (
            label and node.is_section and context.drafts
        ):
            apply_labels(cut(body, start, end), context.drafts[-1:], context)
            continue
        if number and _takes_lead(body, start, end, context, before):
            continue
        inherited = first or scope
        low = body.low[start:end]
        is_closing = is_closing or bool(_CLOSES.match(low))
        is_closing = is_closing or (not node.level and HANDED_IN.match(low) is not None)
        if is_closing and not node.level:
            path = _outermost(section)
        if is_closing:
            inherited = replace(
                inherited, lead=(), lead_words="", coordinating=(), coordinating_words="", why=()
            )
        found = _read_sentence(body, start, end, path, inherited, protected, context)
        if number == 0 and found is not None and not is_closing:
            first = found
    return first or scope


_CLOSES = re.compile(r"\s*(?:trên đây là|trong quá trình|quá trình)")
_ONLY_DUTY = re.compile(
    r"\s*(?:chủ trì(?:\s+thực hiện|,?\s+tổ chức thực hiện)?|thực hiện|chịu trách nhiệm thực hiện|phụ trách)\s*(?=$|[,.;(])"
)


def _takes_lead(piece: Piece, start: int, end: int, context: Context, since: int) -> bool:
    """Give a sentence like *Phòng Kế hoạch chủ trì, hoàn thành trong tháng 6.* to the tasks of its paragraph."""
    drafts = [d for d in context.drafts[since:] if not d.lead]
    stop, actors = actors_at(piece, start, end)
    duty = _ONLY_DUTY.match(piece.low, stop, end) if actors and drafts else None
    if duty is None:
        return False
    rest = piece.low[duty.end() : end].strip(" .,;/")
    along: list[Found] = []
    with_words = ""
    match = re.match(r"phối hợp(?:\s+(?:với|cùng))*\s+", rest)
    if match:
        at = piece.low.index(rest, duty.end()) + match.end()
        after, along = actors_at(piece, at, end)
        with_words = " ".join(piece.text[at:after].split())
        rest = piece.low[after:end].strip(" .,;/")
    times = times_of(piece, duty.end(), end, context.on)
    if rest and not (
        times and re.fullmatch(r"(?:(?:hoàn thành|thực hiện|xong)\s+)?\S.{0,60}", rest)
    ):
        return False
    words = " ".join(piece.text[start:stop].split())
    for draft in drafts:
        draft.lead, draft.lead_words, draft.basis = actors, words, LeadBasis.STATED
        draft.coordinating, draft.coordinating_words = (
            along or draft.coordinating,
            with_words or draft.coordinating_words,
        )
        draft.times = [*draft.times, *times]
        draft.confidence = Confidence.HIGH
        draft.why.append(
            ("lead.after", " ".join(piece.text[start:end].split()), piece.span(start, end))
        )
    return True


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
    if any(p.search(low, start, end) for p in (_TELLS, _COURTESY, _THESE)):
        return None
    lead_in = re.match(r"[\s\-+•]*", low[start:end])
    begin = start + (lead_in.end() if lead_in else 0)
    found = _clauses_of(piece, begin, end, scope, protected, is_first=start == 0)
    if (
        found
        and _STRIVES.match(low, begin)
        and not found[0].opening.subjects
        and has_figure(piece, begin, end)
    ):
        scope = replace(scope, section="aims")
    if not found and scope.section == "aims" and has_figure(piece, begin, end):
        _add_aim(piece, begin, end, path, context)
    if not found:
        return None
    if _ANNOUNCES.search(low, start, end) and not any(c.opening.subjects for c in found):
        return None  # "Định hướng phát triển … như sau:" only opens what follows
    said: Scope | None = None
    within: tuple[list[Found], str, tuple[int, int]] | None = None
    for clause in found:
        roles = roles_of(piece, clause)
        if _is_frame_only(piece, clause, roles):
            named = cut(piece, clause.start, clause.end)
            frame = frame_of(named, len(named.text.rstrip(" :.;")))
            if frame is None and not clause.opening.command:
                named = cut(piece, clause.opening.subject_from, clause.end)
                frame = frame_of(named, len(named.text.rstrip(" :.;")))
            if frame is not None:
                return frame
        draft = _draft(piece, clause, roles, (start, end), path, context)
        _give_lead(piece, clause, roles, draft, scope, within)
        if scope.section == "aims" and not _charges(clause, roles):
            draft.kind = TaskKind.AIM
            draft.confidence = Confidence.LOW
            draft.figures = figures_of(piece, clause.start, clause.end)
            context.aims.append(draft)
        elif scope.section == "other" and not roles.lead:
            continue
        else:
            context.drafts.append(draft)
        if draft.lead and not clause.is_subordinate and roles.kind is not TaskKind.NOTICE:
            words = draft.lead_words
            span = (clause.opening.subject_from, clause.opening.subject_to)
            within = (draft.lead, words, span)
            if clause is found[0] and roles.lead and said is None and not clause.opening.command:
                said = replace(
                    scope, lead=tuple(roles.lead), lead_words=words, coordinating=(), coordinating_words="",
                    kind=TaskKind.ACTION, why=(("lead.item", words, piece.span(*span)),),
                )  # fmt: skip
            elif (
                clause is found[0]
                and roles.lead
                and said is None
                and piece.text.rstrip().endswith(":")
            ):
                said = replace(
                    scope,
                    lead=tuple(roles.lead),
                    lead_words=words,
                    why=(("lead.item", words, piece.span(*span)),),
                )
    return said


def _clauses_of(
    piece: Piece,
    start: int,
    end: int,
    scope: Scope,
    protected: list[tuple[int, int]],
    *,
    is_first: bool,
) -> list[Clause]:
    """Return the clauses of a sentence that charge somebody, by the strongest sign that it has."""
    if scope.section == "text" or patterns()["not"].match(piece.low, start):
        return _commanded(piece, start, end, protected)
    found = clauses(piece, start, end, protected) or _commanded(piece, start, end, protected)
    if found or scope.section != "tasks":
        return found
    opening = _unlisted_verb(piece, start, end) if is_first else None
    opening = opening or requirement_of(piece, start, end)
    return [Clause(start, end, opening)] if opening else []


def _add_aim(piece: Piece, start: int, end: int, path: str, context: Context) -> None:
    """Keep a sentence that orders nothing but names a number to be reached: *Trên 60% hợp tác xã xếp loại khá*."""
    text = " ".join(piece.text[start:end].split()).strip(" ;,./:-+•–")
    span = _trimmed(piece, start, end)
    context.aims.append(
        Draft(
            kind=TaskKind.AIM, text=text, what=text[:1].upper() + text[1:], section=path, span=span,
            sentence=piece.span(start, end), piece=piece, times=times_of(piece, start, end, context.on),
            confidence=Confidence.LOW, why=[("aim.figure", f.text, f.span) for f in figures_of(piece, start, end)],
            figures=figures_of(piece, start, end),
        )
    )  # fmt: skip


def _charges(clause: Clause, roles: Roles) -> bool:
    """Tell whether a clause among the aims charges a named body: then it is a task all the same."""
    if not roles.lead:
        return False
    if clause.opening.rule in ("clause.duty", "clause.command"):
        return True
    if clause.opening.rule not in ("clause.modal", "clause.actor"):
        return False
    return any(a.kind not in ("enterprise", "people", "other") for a in roles.lead)


_TELLS = re.compile(r"(?<!\w)(?:xin\s+)?thông báo\s+(?:để|đến|cho|tới)\s[^.;]{3,160}?\sbiết(?!\w)")
_THESE = re.compile(
    r"(?:cơ quan|đơn vị|sở|ban|ngành|tổ chức|địa phương)\s+(?:sau đây|dưới đây)\s[^.;:]{3,300}:\s*$"
)
"""*Các cơ quan, đơn vị sau đây chịu trách nhiệm …:* opens the items that say who."""
_STRIVES = re.compile(
    r"phấn đấu\s+(?:đến|mỗi|hằng năm|hàng năm|trong|hết|cuối|từ|có|đạt|\d|trên|ít nhất)"
)
"""*Phấn đấu đến năm 2025 có 40 hợp tác xã …* names a number to be reached, wherever it stands."""
_COURTESY = re.compile(
    r"(?:kính )?đề nghị\s+[^.;:]{3,120}?\squan tâm,?\s*(?:phối hợp|triển khai|chỉ đạo|tổ chức|và)?\s*,?\s*(?:thực hiện|triển khai|giải quyết)[./ ]*$"
)
"""*Kính đề nghị các đơn vị quan tâm, phối hợp thực hiện*: it closes a letter and asks for nothing more."""
_STATEMENT = re.compile(
    r"^(?:[^\W\d_]+[\s,]+){1,8}?(?:là|được|có|đã|chưa|còn|đạt|gồm|bao gồm|bị|đang|sẽ|không|do|thuộc|tăng|giảm|chiếm)(?!\w)"
)


def _unlisted_verb(piece: Piece, start: int, end: int) -> Start | None:
    """Return the opening of an item that begins with a word no list knows, where it states nothing."""
    low = piece.low[start:end]
    if (
        patterns()["nominal"].match(low)
        or _STATEMENT.match(low)
        or ":" in low[:60]
        or len(low.split()) < 5
        or not piece.text[start : start + 1].isupper()
    ):
        return None
    if piece.text[start : start + 12].isupper() or re.match(
        r"[A-ZĐ]\S*\s+[A-ZĐ]", piece.text[start:end]
    ):
        return None
    _stop, actors = actors_at(piece, start, end)
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
    for match in patterns()["command"].finditer(piece.low, start, end):
        if match.start() > start and re.search(
            r"(?:theo|theo|có|được|sự|các|những|tại|nêu|về|của|xét)\s*$",
            piece.low[start : match.start()],
        ):
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
    match = re.search(
        r"(?:^|[,;:]\s*)(?:ủy ban nhân dân|ubnd|ban thường vụ|thường trực|chủ tịch|hội đồng)[^,;:]{0,60}$",
        piece.low[start:place],
    )
    if match is None:
        return place
    return start + match.start() + len(re.match(r"[,;:\s]*", match[0])[0])  # type: ignore[index]


def _draft(
    piece: Piece,
    clause: Clause,
    roles: Roles,
    sentence: tuple[int, int],
    path: str,
    context: Context,
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
            (
                opening.rule,
                opening.words,
                piece.span(at, at + len(opening.words)) if at >= 0 else piece.span(start, end),
            )
        )
    if opening.command:
        at = piece.low.find(opening.command, start)
        draft.why.append(
            (
                "clause.command",
                opening.command,
                piece.span(at, at + len(opening.command)) if at >= 0 else piece.span(start, end),
            )
        )
    for rule, x, y in roles.reasons:
        draft.why.append((rule, " ".join(piece.text[x:y].split()), piece.span(x, y)))
    for timed in draft.times:
        draft.why.append(
            (
                timed.rule,
                " ".join(piece.text[timed.start : timed.end].split()),
                piece.span(timed.start, timed.end),
            )
        )
    if bracket:
        close = piece.text.find(")", bracket.end())
        apply_labels(cut(piece, bracket.end(), close if close > 0 else end), [draft], context)
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
        draft.confidence = (
            Confidence.MEDIUM if opening.rule == "clause.requirement" else Confidence.HIGH
        )
    elif scope.lead:
        draft.lead, draft.lead_words, draft.basis = (
            list(scope.lead),
            scope.lead_words,
            LeadBasis.ITEM,
        )
        draft.why += list(scope.why)
        if not draft.coordinating and scope.coordinating:
            draft.coordinating = list(scope.coordinating)
            draft.coordinating_words = scope.coordinating_words
        if scope.kind is TaskKind.REQUEST and draft.kind is TaskKind.ACTION:
            draft.kind = TaskKind.REQUEST
        draft.confidence = (
            Confidence.MEDIUM if opening.rule == "clause.requirement" else Confidence.HIGH
        )
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
