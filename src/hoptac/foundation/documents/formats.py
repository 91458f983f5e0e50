"""What a format asks, read from ``rulebook/documents/``: one place for every writer and template."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Literal, TypeAlias

from hoptac.foundation.rulebook import Rule, tables, versions

Profile: TypeAlias = Literal["state", "party"]


@dataclass(frozen=True, kw_only=True)
class Format(Rule):
    """Sizes in points, margins in millimetres, and the words and signs that differ by format.

    The values are those of the rule files; those of the annexes are not confirmed yet.
    """

    topic: ClassVar[str] = ""

    font: str
    margin_top_mm: int
    margin_bottom_mm: int
    margin_left_mm: int
    margin_right_mm: int
    page_number_size: int
    nation_size: int
    motto_size: int
    parent_size: int
    issuer_size: int
    number_size: int
    place_size: int
    kind_size: int
    about_size: int
    letter_about_size: int
    body_size: int
    first_line_tenth_mm: int
    paragraph_space_pt: int
    line_spacing_percent: int
    table_size: int
    note_size: int
    authority_size: int
    signer_size: int
    receivers_title_size: int
    receivers_size: int
    annex_size: int
    nation: str
    motto: str
    issuer_mark: str
    about_mark: str
    number_word: str
    number_joint: str
    letter_about_style: str
    letter_about_word: str
    basis_style: str
    post_style: str
    roman_ending: str
    receivers_title_style: str
    receiver_ending: str
    archive_word: str
    on_behalf: str
    deputy: str
    by_order: str
    by_authorisation: str
    acting: str

    def as_data(self) -> dict[str, Any]:
        """Return the values as a template gets them."""
        return {k: v for k, v in asdict(self).items() if k not in {"basis", "confirmed"}}


@dataclass(frozen=True, kw_only=True)
class StateFormat(Format):
    """NĐ 30/2020/NĐ-CP, article 8 and Annex I."""

    topic: ClassVar[str] = "documents/state_format"


@dataclass(frozen=True, kw_only=True)
class PartyFormat(Format):
    """Hướng dẫn 36-HD/VPTW, from 27 May 2026 Hướng dẫn 05-HD/VPTW."""

    topic: ClassVar[str] = "documents/party_format"


_FORMATS: dict[Profile, type[Format]] = {"state": StateFormat, "party": PartyFormat}


def format_on(profile: Profile, day: date | None) -> Format:
    """Return the format in force on a document's day; of papers older than all versions, the first.

    A paper without a day has the format that came last.
    """
    known = versions(_FORMATS[profile])
    if day is None:
        return known[-1]
    return next((v for v in reversed(known) if v.in_force <= day), known[0])


@dataclass(frozen=True)
class DocumentKind:
    """One kind of official document; ``name`` in Vietnamese, as it is printed."""

    code: str
    name: str
    abbreviation: str
    names_itself: bool


def kinds(profile: Profile) -> dict[str, DocumentKind]:
    """Return the kinds of a profile by code, in the order of the text that lists them."""
    found = {}
    for table in tables("documents/kinds", "kind"):
        of, _, code = table["code"].partition(".")
        if of == profile:
            name, abbreviation = table["name"]["vi"], table["abbreviation"]
            found[code] = DocumentKind(code, name, abbreviation, table["names_itself"])
    return found


def kind_of(profile: Profile, code: str) -> DocumentKind:
    """Return a kind by its code.

    :raises ValueError: the profile has no such kind
    """
    kind = kinds(profile).get(code)
    if kind is None:
        raise ValueError(f"{profile} documents have no kind {code!r}")
    return kind
