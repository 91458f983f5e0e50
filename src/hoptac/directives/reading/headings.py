"""Headings: which kind of section they open, and whom they charge with all that stands below."""

from __future__ import annotations

import re
from dataclasses import replace

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.drafts import Scope, patterns
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.openings import extended, opening_of
from hoptac.directives.reading.result import TaskKind
from hoptac.directives.reading.structure import Node


def section_class(title: str, above: str) -> str:
    """Return what a heading opens: the class of its words, or that of the heading above."""
    found = patterns()
    words = title.strip()
    if _ORDERS.match(words):
        return "tasks" if above in ("tasks", "text") else above
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


# "Khắc phục tồn tại, hạn chế", "Nâng cao hiệu lực quản lý": what the heading orders, no description
_ORDERS = re.compile(
    r"(?:khắc phục|nâng cao|tăng cường|hoàn thiện|đẩy mạnh|đổi mới|phát huy|củng cố|tháo gỡ|giải quyết|xử lý|mở rộng|huy động|bố trí|cải thiện|xây dựng|phát triển|tập trung|tiếp tục|đa dạng hóa|sử dụng|ưu tiên|lồng ghép|quản lý)(?!\w)"
)


def scope_of_title(title: Piece, scope: Scope, node: Node) -> Scope:
    """Return the scope below a heading."""
    low = title.low.rstrip(" :.;")
    end = len(low)
    frame = frame_of(title, end) or _frame_among(title, end, scope, node)
    if frame is not None:
        is_past = scope.section == "situation"
        return replace(frame, section=scope.section if is_past else "tasks")
    cls = section_class(low, scope.section if scope.section != "text" else "tasks")
    if title.text.rstrip().endswith(":") and scope.section == "text" and not node.is_section:
        cls = "tasks" if patterns()["command"].search(low) else "text"
    if node.level in ("roman", "part", "chapter", "capital") or cls != scope.section:
        return Scope(section=cls)
    return replace(scope, section=cls)


def _frame_among(title: Piece, end: int, scope: Scope, node: Node) -> Scope | None:
    """Return the scope of a heading that no list knows, where those beside it name who is charged.

    *4. Các cơ sở sản xuất giống:* between *1. Sở Tài chính:* and *3. UBND các xã:* is charged like them.
    """
    if node.parent is None or scope.section != "tasks" or end > 120 or not title.text[:1].isupper():
        return None
    if _TOPIC.match(title.low) or opening_of(title, 0, end) is not None:
        return None
    beside = [n for n in node.parent.children if n is not node and n.level == node.level]
    known = [n for n in beside if _names_actor(n)]
    if len(known) < 2 or 2 * len(known) < len(beside):
        return None
    name = " ".join(title.text[:end].split())
    actor = Found(0, end, name, "other")
    return Scope(
        section="tasks", lead=(actor,), lead_words=name,
        why=(("lead.heading", name, title.span(0, end)),),
    )  # fmt: skip


_TOPIC = re.compile(
    r"(?:về|công tác|nội dung|kinh phí|nguồn|thời gian|tiến độ|chế độ|việc|nhiệm vụ|giải pháp|mục|yêu cầu|một số|kế hoạch|trong quá trình|trên đây|phụ lục|biểu|đối tượng|phạm vi|tổ chức thực hiện|hiệu lực|điều khoản|cơ chế|chính sách|trách nhiệm chung|quy định)(?!\w)"
)


def _names_actor(node: Node) -> bool:
    if node.title is not None:
        return frame_of(node.title, len(node.title.text.rstrip(" :.;"))) is not None
    opening = opening_of(node.text, 0, len(node.text.text)) if node.text.text else None
    return opening is not None and bool(opening.subjects)


_GENERIC = re.compile(
    r"^[\s,:]*(?:(?:cần|phải|cụ thể hóa|quyết liệt|tổ chức|tập trung|tiếp tục|nghiêm túc|khẩn trương|chủ động|triển khai|thực hiện|làm tốt|và|một số|các|những|nội dung|công việc|nhiệm vụ|giải pháp|sau|sau đây|cụ thể|như sau|dưới đây|chủ yếu|trọng tâm|chính|có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|chủ trì|phối hợp|được giao|quan tâm|tốt|gồm|là|trong phạm vi quản lý|có ý kiến chỉ đạo)[\s,:]*)*$"
)


def frame_of(title: Piece, end: int) -> Scope | None:
    """Return the scope of a heading that names actors and says nothing of its own beyond a duty."""
    low = title.low
    place = 0
    kind = TaskKind.ACTION
    match = patterns()["heads"].match(low)
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
        unknown = re.match(
            r"(?P<who>[A-ZĐ][^,.;:]{3,80}?)\s+(?:chủ trì|có trách nhiệm|chịu trách nhiệm)",
            title.text[:end],
        )
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
    match = re.match(r"\s*(?:lãnh đạo,?\s*chỉ đạo|lãnh đạo|chỉ đạo|hướng dẫn)\s+", rest)
    if match:
        after, _ = actors_at(title, end - len(rest) + match.end(), end)
        rest = low[after:end] if after > end - len(rest) + match.end() else rest
    if (
        rest.strip()
        and not _GENERIC.match(rest)
        and not re.match(r"^[\s,]*(?:trong việc|về)\s", rest)
    ):
        return None
    span = title.span(*words)
    why = [("lead.heading", " ".join(title.text[words[0] : words[1]].split()), span)]
    return Scope(
        section="tasks", lead=tuple(actors), lead_words=" ".join(title.text[words[0] : words[1]].split()),
        coordinating=tuple(coordinating), coordinating_words=with_words, kind=kind, why=tuple(why),
    )  # fmt: skip
