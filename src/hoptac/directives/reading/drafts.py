"""What the reading of paragraphs works with: drafts of tasks, what a heading says for all below it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from datetime import date

from hoptac.directives.reading.actors import Found
from hoptac.directives.reading.flow import Piece
from hoptac.directives.reading.result import Confidence, Figure, LeadBasis, Span, TaskKind
from hoptac.directives.reading.when import Timed
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
    figures: tuple[Figure, ...] = ()


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
def patterns() -> dict[str, re.Pattern[str]]:
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
    found["nominal"] = re.compile(rf"(?:{one_of(listed(words['nominals'])).pattern})")
    found["not"] = re.compile(rf"(?:{one_of(words['not_duties']).pattern})")
    found["heads"] = re.compile(
        rf"^(?:{words_of('commands').pattern}|nhiệm vụ|trách nhiệm|phân công)\s*:?\s+"
    )
    return found
