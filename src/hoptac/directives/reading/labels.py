"""Lines that say of the task before them who and until when (*Cơ quan chủ trì: …*), and what cells name."""

from __future__ import annotations

import re
from dataclasses import replace

from hoptac.directives.reading.actors import Found, actors_at
from hoptac.directives.reading.drafts import Context, Draft, patterns
from hoptac.directives.reading.flow import Piece, cut
from hoptac.directives.reading.result import Confidence, LeadBasis
from hoptac.directives.reading.structure import Node
from hoptac.directives.reading.when import time_in_cell


def has_labels(node: Node) -> bool:
    return any(
        c.paragraph.cells is None and label_of(c.text) is not None for c in node.children[:8]
    )


def label_of(piece: Piece) -> tuple[str, int] | None:
    for name in ("coordinating", "lead", "when", "product"):
        match = patterns()[f"label.{name}"].match(piece.low)
        if match:
            return name, match.end()
    return None


def take_label(node: Node, context: Context) -> bool:
    """Give what a labelled line says (*Cơ quan chủ trì: …*) to the tasks it belongs to."""
    label = label_of(node.text)
    if label is None or not context.drafts or len(node.text.text) > 500:
        return False
    if (
        label[0] == "when"
        and not time_in_cell(cut(node.text, label[1], len(node.text.text)), context.on)
        and not re.search(r"\d|thường xuyên|hằng năm|hàng năm", node.text.low)
    ):
        return False
    if not context.in_labels:
        context.in_labels = True
        context.labelled_from = _labelled(context, node)
    targets = context.drafts[context.labelled_from :]
    if not targets:
        return False
    apply_labels(node.text, targets, context)
    return True


def _labelled(context: Context, node: Node) -> int:
    """Return the first of the tasks that a run of labels speaks of: those of the node above, or the last one."""
    section = node.parent
    first = len(context.drafts) - 1
    if section is not None and section.text.text:
        within = section.span()
        while (
            first > 0
            and within.start <= context.drafts[first - 1].span.start
            and not context.drafts[first - 1].why[-1:][0][0].startswith("label.")
        ):
            first -= 1
    return first


_LABEL_PART = re.compile(r"(?:^|[;.,(]\s*|\s-\s)")


def apply_labels(piece: Piece, targets: list[Draft], context: Context) -> None:
    """Read every label in a piece and give it to the drafts."""
    places = []
    for match in _LABEL_PART.finditer(piece.low):
        rest = cut(piece, match.end(), len(piece.text))
        label = label_of(rest)
        if label:
            places.append((match.end(), match.end() + label[1], label[0]))
    for i, (start, begin, name) in enumerate(places):
        end = places[i + 1][0] if i + 1 < len(places) else len(piece.text)
        _apply_label(piece, start, begin, end, name, targets, context)


def _apply_label(
    piece: Piece,
    start: int,
    begin: int,
    end: int,
    name: str,
    targets: list[Draft],
    context: Context,
) -> None:
    value = cut(piece, begin, end)
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
