"""A document's text as pages show it: paragraphs with their headings, and the proposed tasks marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from hoptac.directives.models import Directive, Passage

_BREAK = re.compile(r"\n+")
_STARS = re.compile(r"\*{1,3}")


@dataclass(frozen=True)
class Run:
    """Some words of a paragraph; ``passage`` where they belong to a proposed task, ``opens`` where it begins."""

    words: str
    passage: UUID | None = None
    state: str = ""
    opens: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text: its runs, and of which section it is the heading (path), if of any."""

    runs: tuple[Run, ...]
    heading: str = ""
    level: str = ""

    @property
    def id(self) -> str:
        return anchor(self.heading) if self.heading else ""


def anchor(path: str) -> str:
    """Return the id of a section's heading on the page."""
    return "muc-" + re.sub(r"[^0-9a-zA-Z]+", "-", path).strip("-").lower() if path else ""


def outline_of(directive: Directive) -> list[dict[str, Any]]:
    """Return the numbered parts of a document that was read, with their headings."""
    return [
        {"path": s["path"], "title": s["title"] or s["label"], "level": s["level"], "anchor": anchor(s["path"])}
        for s in directive.reading.get("sections", ())
        if s.get("title") or s["level"] in {"part", "chapter", "roman", "article"}
    ]  # fmt: skip


def paragraphs(directive: Directive, passages: Iterable[Passage] = ()) -> list[Paragraph]:
    """Return the text in paragraphs, the words of each proposal marked; inner ones win over outer ones."""
    text = directive.text
    heads = _headings(directive)
    marks = [p for p in passages if 0 <= p.start < p.end <= len(text)]
    found = []
    for start, end in _pieces(text):
        runs = tuple(_runs(text, start, end, marks))
        if runs:
            path, level = next(((p, v) for at, (p, v) in heads.items() if start <= at < end), ("", ""))  # fmt: skip
            found.append(Paragraph(runs, path, level))
    return found


def _headings(directive: Directive) -> dict[int, tuple[str, str]]:
    return {
        s["heading"]["start"]: (s["path"], s["level"])
        for s in directive.reading.get("sections", ())
    }


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    here = 0
    for gap in _BREAK.finditer(text):
        if gap.start() > here:
            yield here, gap.start()
        here = gap.end()
    if here < len(text):
        yield here, len(text)


def _runs(text: str, start: int, end: int, marks: Sequence[Passage]) -> Iterator[Run]:
    inside = [m for m in marks if m.start < end and m.end > start]
    cuts = sorted(
        {start, end, *(min(max(x, start), end) for m in inside for x in (m.start, m.end))}
    )
    for left, right in pairwise(cuts):
        words = _STARS.sub("", text[left:right])
        if not words:
            continue
        covering = [m for m in inside if m.start <= left and right <= m.end]
        if covering:
            inner = min(covering, key=lambda m: (m.end - m.start, -m.position))
            yield Run(words, inner.pk, inner.state, opens=inner.start == left)
        else:
            yield Run(words)
