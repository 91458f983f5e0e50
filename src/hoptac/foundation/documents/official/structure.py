"""What an official document consists of, told once and without a word on how it looks.

Everything is frozen and plain: an app builds an :class:`OfficialDocument` from its own rows, and the
writers set it as PDF or Word. Texts are given as a person writes them ("Ủy ban nhân dân tỉnh", not
capitals); capitals, punctuation of lists, leading zeros and numbers of headings are the writers' work.

A text is a ``str``, a :class:`Run`, or several of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from hoptac.foundation.documents.formats import Profile

# Phần, Chương, Mục, Điều, then "I.", "1.", "1.1.", "a)".
Level: TypeAlias = Literal[
    "part", "chapter", "section", "article", "roman", "arabic", "decimal", "letter"
]
Capacity: TypeAlias = Literal["on_behalf", "deputy", "by_order", "by_authorisation"]
Alignment: TypeAlias = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True)
class Run:
    """A stretch of text that looks the same throughout; a number is written 1.234,5.

    ``href`` makes it a link: ``https://…``, ``mailto:…``, an address of this system (``/…``, printed
    with its public name), or ``#name`` for a place in the document. ``anchor`` is the name of the
    place itself. ``note`` becomes a footnote after it.
    """

    text: str | int | Decimal
    bold: bool = False
    italic: bool = False
    underline: bool = False
    href: str = ""
    anchor: str = ""
    note: str = ""


Text: TypeAlias = str | Run | Sequence[str | Run]
Cell: TypeAlias = Text | int | Decimal | date | None


@dataclass(frozen=True)
class Heading:
    """The title of a part of the body; its own number is counted unless given.

    ``number=None`` is counted ("I.", "1.", "a)", "Chương II"), ``""`` is none, anything else is
    printed as given. Counting starts anew under each higher heading, but that of articles (Điều).
    """

    text: str
    level: Level = "roman"
    number: str | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body. ``indent`` is the first line's; centred ones have none."""

    text: Text
    align: Alignment = "justify"
    indent: bool = True
    keep_with_next: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Bullets:
    """Items, each a paragraph of its own: with a dash, a plus, or counted "1." or "a)"."""

    items: Sequence[Text]
    marker: Literal["-", "+", "1.", "a)"] = "-"


@dataclass(frozen=True)
class Fields:
    """Labels with their values, line by line; dots to write on where a value is missing."""

    rows: Sequence[tuple[str, Text | None]]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``kind="number"`` sets values to the right; ``decimals`` fixes their places. ``width`` is a share
    of the table's width; where no column has one, the content decides. Neighbours of the same
    ``group`` stand under one common heading.
    """

    title: str
    kind: Literal["text", "number", "center"] = "text"
    width: float | None = None
    group: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Row:
    """A row that is more than its cells: ``bold`` for totals and groups, ``anchor`` a place to link to.

    A row of one cell in a table of several columns runs over the whole width.
    """

    cells: Sequence[Cell]
    bold: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Table:
    """A table; its heading is repeated on every page that it reaches.

    ``title`` stands above ("Bảng 1. …": the number is the caller's), ``unit`` above at the right
    ("Đơn vị tính: triệu đồng" from "triệu đồng"), ``note`` beneath. ``numbered`` adds the row
    "(1) (2) (3)" under the heading. Numbers come as ``int`` or ``Decimal`` and are written 1.234,5.
    """

    columns: Sequence[Column]
    rows: Sequence[Row | Sequence[Cell]]
    title: str = ""
    unit: str = ""
    note: Text = ""
    numbered: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Bullets | Fields | Table | PageBreak


@dataclass(frozen=True)
class Annex:
    """An annex (Phụ lục) on pages of its own, numbered I, II where there are several.

    The line that says which document it belongs to is made from the document; ``reference`` replaces
    it where given.
    """

    title: str
    blocks: Sequence[Block]
    landscape: bool = False
    number: str | None = None
    reference: str | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Authority:
    """By whose power one signs: on behalf of a collective body, for its head, by order, by authorisation."""

    capacity: Capacity
    of: str


@dataclass(frozen=True)
class Signature:
    """Who signs: the powers from the highest down, the own post, the name.

    ``Signature("Phó Chủ tịch", "Nguyễn Văn A", (Authority("on_behalf", "Ủy ban nhân dân"),
    Authority("deputy", "Chủ tịch")))`` is printed "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH".
    ``acting`` marks the post ("Q. GIÁM ĐỐC"); ``note`` stands beneath it, in italics ("(Ký, ghi rõ
    họ tên)"); ``mark`` where the hand would sign ("(Đã ký)").
    """

    post: str
    name: str = ""
    authorities: Sequence[Authority] = ()
    acting: bool = False
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Recipients:
    """Who gets it (Nơi nhận), with the line that says where it is kept.

    ``archive``: what follows "Lưu": ("VT", "KT") of a State office, ("Văn phòng Tỉnh ủy",) of a Party
    one. ``drafter`` and ``copies`` are the mark of whom drafted it and how many are printed: "(20b)".
    ``as_above`` begins the list with "Như trên"; by default wherever the document has addressees.
    """

    names: Sequence[str] = ()
    archive: Sequence[str] = ("VT",)
    drafter: str = ""
    copies: int | None = None
    as_above: bool | None = None


@dataclass(frozen=True)
class OfficialDocument:
    """An official document: all that a writer needs, in the order of the parts on paper.

    ``profile``: in the format of State offices or of the Party.
    ``issuer``, ``parent``: the body that issues it and the one above; several lines where given so.
    ``kind``: a code of ``rulebook/documents/kinds.toml`` such as ``report``; ``official_letter`` has no
    name of its own and prints ``about`` as "V/v" under the number. ``kind_name`` names a paper that is
    none of the official kinds (``kind`` may then be left out), or says it differently.
    ``number=None`` leaves a blank for it, ``""`` is for what has none (minutes, forms); ``symbol`` is what
    follows the number, as :func:`~.wording.symbol_of` composes it. ``draft=None`` marks as a draft what has no number;
    ``False`` is for what is signed before the register gives the number.
    ``day=None`` leaves dots for the day.
    ``signatures``: one stands at the right beside the recipients; two stand side by side, the last
    at the right; of more, every two share a line.
    """

    profile: Profile
    issuer: str | Sequence[str]
    kind: str = ""
    about: str = ""
    blocks: Sequence[Block] = ()
    parent: str | Sequence[str] = ""
    number: int | str | None = None
    symbol: str = ""
    place: str = ""
    day: date | None = None
    kind_name: str = ""
    addressees: Sequence[str] = ()
    basis: Sequence[Text] = ()
    signatures: Sequence[Signature] = ()
    recipients: Recipients | None = None
    annexes: Sequence[Annex] = field(default=())
    draft: bool | None = None
    author: str = ""
    keywords: Sequence[str] = ()

    @property
    def is_draft(self) -> bool:
        """Whether the word DỰ THẢO stands on it."""
        return self.number is None if self.draft is None else self.draft
