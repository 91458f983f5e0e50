"""Reading a text or a file into a :class:`~.result.Reading`. The same input gives the same reading."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from hoptac.directives.reading.actors import Found, all_actors
from hoptac.directives.reading.drafts import Context, Draft
from hoptac.directives.reading.files import text_of
from hoptac.directives.reading.flow import Line, Paragraph, Piece, is_caps, lines_of, paragraphs_of
from hoptac.directives.reading.gazetteer import agency_code, key
from hoptac.directives.reading.head import Top, read_head
from hoptac.directives.reading.references import Cited, citations, merge
from hoptac.directives.reading.rejoined import rejoined
from hoptac.directives.reading.result import (
    Actor,
    Deadline,
    Mention,
    Reading,
    Recipient,
    Recurrence,
    Reference,
    Remark,
    Section,
    Source,
    Span,
    Task,
    Why,
)
from hoptac.directives.reading.structure import Node, tree_of
from hoptac.directives.reading.tables import read_tables
from hoptac.directives.reading.tasks import drafts_of
from hoptac.directives.reading.unglued import unglued
from hoptac.directives.reading.when import settle


def read_text(text: str, source: Source | None = None, remarks: tuple[Remark, ...] = ()) -> Reading:
    """Return what a text gives. Its spans are offsets into this very text.

    Nothing is refused: of a text that is no such document little is found.
    """
    source = source or Source(
        format="txt",
        encoding="unicode",
        sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
    )
    lines = rejoined(unglued(lines_of(text)))
    top = read_head(lines)
    body, tail = _body(lines, top)
    paragraphs = paragraphs_of(body)
    annexes = paragraphs_of(tail)
    roots = [tree_of(paragraphs)]
    if annexes:
        roots.append(tree_of(annexes))
    cited = _cited(top, paragraphs, annexes, roots)
    references = _references(cited, top)
    context = Context(on=top.head.issued_on, cited=_stretches(cited, roots))
    for root in roots:
        read_tables(root, context)
        drafts_of(root, context)
    drafts = sorted(context.drafts, key=lambda d: d.span)
    register = _Register(top)
    for root in roots:
        register.see_tree(root)
    register.see_recipients(top)
    tasks = tuple(_task(f"T{i}", d, register, references) for i, d in enumerate(drafts, start=1))
    aims = tuple(
        _task(f"A{i}", d, register, references) for i, d in enumerate(context.aims, start=1)
    )
    sections = tuple(s for root in roots for s in _sections(root, register))
    actors = register.actors()
    head = replace(top.head, recipients=register.recipients(top))
    return Reading(
        text=text, source=source, document=head, references=tuple(references), actors=actors,
        sections=sections, tasks=tasks, aims=aims, remarks=remarks,
    )  # fmt: skip


def _body(lines: list[Line], top: Top) -> tuple[list[Line], list[Line]]:
    return lines[top.body_from : top.body_to], lines[top.tail_from :]


def read_document(content: bytes | Path | str, name: str = "") -> Reading:
    """Return what a file holds: txt, docx or pdf with text, told by its content.

    :param content: the file's bytes, or the path where it lies
    :raises BadDocument: the file cannot be read; its message says why and what to do
    """
    if isinstance(content, str):
        content = Path(content)
    text, source, remarks = text_of(content, name)
    return read_text(text, source, remarks)


# --- References

_BASIS = re.compile(r"^(?:căn cứ|xét|theo đề nghị|theo)(?!\w)")
_CARRIES_OUT = re.compile(
    r"(?<!\w)(?:thực hiện|triển khai thực hiện|triển khai|quán triệt|cụ thể hóa)\s+(?:có hiệu quả\s+)?$"
)


def _cited(
    top: Top, paragraphs: list[Paragraph], annexes: list[Paragraph], roots: list[Node]
) -> list[Cited]:
    found: list[Cited] = []
    if top.title is not None:
        inside = 0
        for one in citations(top.title):
            if one.start < inside:
                found.append(one)
                continue
            inside = one.end + (len(one.title) + 3 if one.title else 0)
            if _CARRIES_OUT.search(top.title.low[: one.start]) or (
                not found and top.title.low.startswith("thực hiện")
            ):
                one.role = "implements"
            one.role = one.role or _what_it_does(top.title, one)
            found.append(one)
    for root in roots:
        first_section = False
        for node in root.walk():
            if node is root:
                continue
            first_section = first_section or (node.is_section)
            section = node.section()
            for one in citations(node.text):
                one.section = section.path if section else ""
                if not first_section:
                    low = node.text.low
                    if _BASIS.match(low):
                        one.role = "basis"
                    elif _CARRIES_OUT.search(low[: one.start]):
                        one.role = "implements"
                one.role = one.role or _what_it_does(node.text, one)
                found.append(one)
    return found


_ENDS_IT = re.compile(
    r"(?<!\w)(?:quyết định|chỉ thị|kế hoạch|nghị quyết|quy định|văn bản|hướng dẫn|chương trình)\s+này\s[^.;]*?(?<!\w)(?P<word>thay thế|bãi bỏ|hủy bỏ)(?:\s+cho)?(?:\s+các)?\s+$"
    r"|^(?:bãi bỏ|hủy bỏ|thay thế)\s+(?:toàn bộ\s+)?(?:các\s+)?$"
)
_CHANGES_IT = re.compile(
    r"^(?:(?:về việc|v/v|ban hành)\s+)?(?:sửa đổi|điều chỉnh|bổ sung)(?:(?:\s*,\s*|\s+và\s+)(?:sửa đổi|bổ sung|điều chỉnh))?"
    r"\s+(?:một số (?:điều|nội dung|nhiệm vụ)[^.;]{0,60}?\s+)?(?:của\s+|tại\s+|ban hành kèm theo\s+)*$"
)


def _what_it_does(piece: Piece, one: Cited) -> str:
    """Tell what the document does to another that it names: it takes its place, or changes it.

    Only what the document says of itself counts; to propose a change to somebody is a task.
    """
    before = _NUMBERED.sub("", piece.low[: one.start])
    if _ENDS_IT.search(before):
        return "replaces"
    return "amends" if _CHANGES_IT.search(before) else ""


_NUMBERED = re.compile(r"^\s*điều \d+[a-z]?\s*[.:]\s*")


def _references(cited: list[Cited], top: Top) -> list[Reference]:
    own = top.head.symbol.lower().lstrip("0")
    return merge([c for c in cited if not own or c.symbol.lower().lstrip("0") != own])


def _stretches(cited: list[Cited], roots: list[Node]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for one in cited:
        end = one.end
        if one.title:
            words = one.title[-20:]
            at = one.piece.text.find(words, one.end)
            end = at + len(words) if 0 <= at < one.end + len(one.title) + 40 else end
        found.setdefault(id(one.piece), []).append((one.start, end))
    return found


# --- Actors


class _Register:
    """Gives every actor its number and gathers where it is named."""

    def __init__(self, top: Top) -> None:
        self.on: date | None = top.head.issued_on
        self.place = _province(top)
        self.known: dict[str, str] = {}
        self.about: dict[str, Found] = {}
        self.mentions: dict[str, dict[Span, Mention]] = {}

    def id_of(self, found: Found) -> str:
        name = key(found.name)
        if name not in self.known:
            self.known[name] = f"N{len(self.known) + 1}"
            self.about[self.known[name]] = found
            self.mentions[self.known[name]] = {}
        return self.known[name]

    def see(self, piece: Piece, found: Found, section: str = "") -> str:
        number = self.id_of(found)
        span = piece.span(found.start, found.end)
        words = " ".join(piece.text[found.start : found.end].split())
        self.mentions[number].setdefault(span, Mention(text=words, span=span, section=section))
        return number

    def see_tree(self, root: Node) -> None:
        for node in root.walk():
            section = node.section()
            if node.text.text:
                for found in all_actors(node.text):
                    self.see(node.text, found, section.path if section else "")

    def see_recipients(self, top: Top) -> None:
        for piece, found in top.recipients:
            for one in found:
                self.see(piece, one)

    def recipients(self, top: Top) -> tuple[Recipient, ...]:
        return tuple(
            replace(
                recipient,
                actors=tuple(self.id_of(f) for f in found) if not recipient.is_archive else (),
            )
            for recipient, (_, found) in zip(top.head.recipients, top.recipients, strict=True)
        )

    def actors(self) -> tuple[Actor, ...]:
        found = []
        for number, about in self.about.items():
            found.append(
                Actor(
                    id=number, name=about.name, kind=about.kind, level=about.level, is_group=about.is_group,
                    place=about.place,
                    agency="" if about.is_group else agency_code(about.body or about.name, about.place or self.place, self.on),
                    mentions=tuple(sorted(self.mentions[number].values(), key=lambda m: m.span)),
                )
            )  # fmt: skip
        return tuple(found)


def _province(top: Top) -> str:
    head = top.head
    for name in (head.parent, head.issuer):
        match = re.search(r"(?:tỉnh|Tỉnh ủy|thành phố|Thành ủy)\s+([A-ZĐ].*)$", name)
        if match:
            return match[1]
    return ""


# --- Tasks and sections


def _task(number: str, draft: Draft, register: _Register, references: list[Reference]) -> Task:
    deadline, recurrence = settle(draft.times)
    lead = _ids(draft.lead, register)
    inside = tuple(
        r.id for r in references
        if any(draft.span.start <= m.span.start < draft.span.end for m in r.mentions)
    )  # fmt: skip
    return Task(
        id=number, kind=draft.kind, text=draft.text, what=draft.what, section=draft.section,
        span=draft.span, sentence=draft.sentence, lead=lead, lead_words=draft.lead_words,
        lead_basis=draft.basis, coordinating=tuple(i for i in _ids(draft.coordinating, register) if i not in lead),
        coordinating_words=draft.coordinating_words, executing=_ids(draft.executing, register),
        recipients=_ids(draft.recipients, register), deadline=_clean(deadline), recurrence=_clean(recurrence),
        product=draft.product, references=inside, confidence=draft.confidence,
        why=tuple(Why(rule=rule, words=words, span=span) for rule, words, span in draft.why),
        figures=draft.figures,
    )  # fmt: skip


def _clean(time):  # type: ignore[no-untyped-def]
    if isinstance(time, Deadline | Recurrence):
        return replace(time, text=time.text.strip(" (,;"))
    return time


def _ids(found: list[Found], register: _Register) -> tuple[str, ...]:
    return tuple(dict.fromkeys(register.id_of(f) for f in found))


def _sections(root: Node, register: _Register) -> list[Section]:
    found = []
    for node in root.walk():
        if node is root or not node.is_section:
            continue
        above = node.parent.section() if node.parent else None
        title = node.title.text if node.title is not None else ""
        own = node.title or node.text
        actors = (
            [f for f in all_actors(own) if f.start < 40]
            if node.title is not None and not is_caps(title)
            else []
        )
        found.append(
            Section(
                path=node.path, level=node.level, label=node.label, title=" ".join(title.split()).rstrip(" .:"),
                span=node.span(), heading=Span(node.paragraph.piece.whole().start, own.whole().end),
                parent=above.path if above else "", actors=tuple(dict.fromkeys(register.id_of(f) for f in actors)),
            )
        )  # fmt: skip
    return found
