"""What a reading of a document gives: head, references, actors, sections and proposed tasks.

Every span is a half-open pair of offsets, in Unicode code points, into :attr:`Reading.text`, so that
``reading.text[start:end]`` is what the reader saw. For a text file that text is the file's decoded content
exactly as it stands; for docx and pdf it is the text as extracted, which the result carries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

VERSION = "hoptac-reading/1"


@dataclass(frozen=True, order=True)
class Span:
    """From ``start`` up to, not including, ``end``, in code points of the reading's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return what stands there."""
        return text[self.start : self.end]


class Side(StrEnum):
    """Whose rules of form a document follows."""

    PARTY = "party"
    STATE = "state"
    UNKNOWN = ""


class TaskKind(StrEnum):
    """What sort of obligation was read."""

    ACTION = "action"
    """Something to be done."""
    REPORT = "report"
    """A report to be sent to somebody."""
    REQUIREMENT = "requirement"
    """Something that must be so (*phải*, *cần*), whoever sees to it."""
    REQUEST = "request"
    """Asked of a body that the issuer does not command (*đề nghị*)."""
    AIM = "aim"
    """What is aimed at; never among the tasks."""
    NOTICE = "notice"
    """The closing formula: whoever meets a difficulty tells a named office."""


class LeadBasis(StrEnum):
    """Why these actors lead."""

    STATED = "stated"
    """The clause names them."""
    SENTENCE = "sentence"
    """An earlier clause of the same sentence names them."""
    ITEM = "item"
    """The numbered item, heading or list that holds the clause begins with them."""
    TABLE = "table"
    """A column of the table names them."""
    NONE = ""
    """Nobody is named: to be assigned."""


class Confidence(StrEnum):
    """How far a proposal may be believed before an officer looks."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Why:
    """One reason: a rule's code (see ``docs/directives-reading.md``) and the words that triggered it."""

    rule: str
    words: str = ""
    span: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Until when, once: a day, a stretch of time, or a term that runs from an event.

    ``on`` is the last day. ``begins`` is given for a stretch (*giai đoạn 2021-2025*). A term has
    ``amount`` and ``unit`` (``working_day``, ``day``, ``week``, ``month``, ``year``) and ``runs_from`` in the words of the
    document; its day is not known here.
    """

    text: str
    span: Span
    on: date | None = None
    begins: date | None = None
    amount: int | None = None
    unit: str = ""
    runs_from: str = ""


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """How often: ``every`` is ``week``, ``month``, ``quarter``, ``half_year``, ``nine_months``, ``year`` or ``term``
    (of office), several when several are named; ``continuous`` (*thường xuyên*) or ``periodic`` (*định kỳ*, nothing
    more said).

    ``month`` and ``day`` tell when in the year or period it is due, as far as the document tells.
    """

    text: str
    span: Span
    every: tuple[str, ...]
    day: int | None = None
    month: int | None = None
    also: tuple[tuple[int, int], ...] = ()
    """Further days in the same year, as (day, month)."""


class Bound(StrEnum):
    """Which way a number is meant: to be reached, or not to be passed."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that an aim names: *trên 60% hợp tác xã* by the year that the sentence gives."""

    value: Decimal
    unit: str
    """What is counted, in the document's words; ``%`` for a share."""
    text: str
    span: Span
    bound: Bound = Bound.AT_LEAST
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One place where something is named, as written there (white space joined)."""

    text: str
    span: Span
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A document that the text names; one entry for a document, however often and by whatever name.

    ``symbol`` is the number and symbol in its normal form (``13-NQ/TW``, ``87/KH-UBND``, ``23/2012/QH13``), empty where
    the text gives none. ``name`` is what to show: the fullest way in which the text names it.
    """

    id: str
    name: str
    kind: str
    symbol: str = ""
    number: str = ""
    issued_on: date | None = None
    year: int | None = None
    issuer: str = ""
    title: str = ""
    role: str = ""
    """``basis`` (căn cứ), ``implements`` (the document carries it out), ``replaces``, ``amends``, ``draft`` or nothing."""
    mentions: tuple[Mention, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A body, a group of bodies or a class of people that the text charges or names.

    ``kind`` is one of the gazetteer's kinds (``department``, ``committee``, ``party``, ``front``, ``alliance``, ``bank``, …);
    ``level`` is ``central``, ``province``, ``district``, ``commune`` or nothing; ``agency`` is the code in
    ``rulebook/jurisdiction/agencies.csv`` where that list holds the body.
    """

    id: str
    name: str
    kind: str
    level: str = ""
    is_group: bool = False
    agency: str = ""
    place: str = ""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A numbered part of the document: ``path`` is ``II.2`` or ``Điều 5.1.a``; bullets are not sections.

    ``level`` is ``part``, ``chapter``, ``section``, ``article``, ``clause``, ``point``, ``roman``, ``number``, ``letter``, ``annex`` or
    ``table``. ``title`` is empty where the item has no heading of its own.
    """

    path: str
    level: str
    label: str
    title: str
    span: Span
    heading: Span
    parent: str = ""
    actors: tuple[str, ...] = ()
    """Ids of the actors that the item begins with."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A proposed task: an obligation of the document, who is to do it and until when.

    ``text`` is the clause as it stands (white space joined); ``what`` leaves out who does it and is fit to be a
    title. ``lead``, ``coordinating``, ``executing`` and ``recipients`` are ids of actors. Where *X chỉ đạo Y làm Z*, X leads
    (the document holds X answerable) and Y is executing. ``sentence`` is where to highlight the context.
    """

    id: str
    kind: TaskKind
    text: str
    what: str
    section: str
    span: Span
    sentence: Span
    lead: tuple[str, ...] = ()
    lead_words: str = ""
    """The words that name who leads, as they stand."""
    lead_basis: LeadBasis = LeadBasis.NONE
    coordinating: tuple[str, ...] = ()
    coordinating_words: str = ""
    executing: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    deadline: Deadline | None = None
    recurrence: Recurrence | None = None
    product: str = ""
    """What is to come out of it, where a table says so."""
    references: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HIGH
    why: tuple[Why, ...] = ()
    figures: tuple[Figure, ...] = ()
    """Of an aim: the numbers that it names."""


class Purpose(StrEnum):
    """For what a document is sent to somebody."""

    ACT = "act"
    """To carry it out (*để thực hiện*)."""
    KNOW = "know"
    """For information (*để báo cáo*, *để biết*)."""
    ARCHIVE = "archive"
    """To be kept (*Lưu*)."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A line of *Nơi nhận*; ``for_what`` is what stands in brackets (*để báo cáo*); actors where known.

    ``purpose`` is read from these words, else from who it is: who stands above the issuer is only told.
    """

    text: str
    span: Span
    for_what: str = ""
    is_archive: bool = False
    actors: tuple[str, ...] = ()
    purpose: Purpose = Purpose.ACT


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The block of the signer: ``authority`` is ``TM``, ``KT``, ``TL``, ``TUQ``, ``Q`` or nothing."""

    name: str = ""
    post: str = ""
    authority: str = ""
    on_behalf_of: str = ""
    span: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the document says it is. Empty where it does not say."""

    side: Side = Side.UNKNOWN
    kind: str = ""
    kind_code: str = ""
    number: str = ""
    symbol: str = ""
    issuer: str = ""
    parent: str = ""
    place: str = ""
    issued_on: date | None = None
    title: str = ""
    signatures: tuple[Signature, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    spans: dict[str, Span] = field(default_factory=dict)
    """Where each of the above stands, by its name."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The file: ``format`` is ``txt``, ``docx`` or ``pdf``; ``encoding`` as found (``utf-8``, ``tcvn3``, …); pages of a pdf."""

    name: str = ""
    format: str = "txt"
    encoding: str = ""
    pages: int | None = None
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something the officer should know of the file or of how it was read, in both languages."""

    code: str
    message_en: str
    message_vi: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that was read out of one document. Equal input gives an equal reading."""

    text: str
    source: Source
    document: Head
    references: tuple[Reference, ...]
    actors: tuple[Actor, ...]
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    aims: tuple[Task, ...] = ()
    """What stands under *Mục đích, yêu cầu, mục tiêu, quan điểm* and charges nobody: shown, not proposed."""
    remarks: tuple[Remark, ...] = ()

    def actor(self, id: str) -> Actor:
        """Return the actor of this id."""
        return next(actor for actor in self.actors if actor.id == id)

    def reference(self, id: str) -> Reference:
        """Return the reference of this id."""
        return next(reference for reference in self.references if reference.id == id)
