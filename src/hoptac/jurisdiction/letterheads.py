"""How the documents of an agency name it: the body above it in their head, its letters in their symbols."""

from __future__ import annotations

import re
import unicodedata

from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind, Level

_COMMITTEE = "Ủy ban nhân dân"
_PARTY = "Tỉnh ủy"


def heading_of(agency: Agency, place: str) -> tuple[str, str | list[str]]:
    """Return the body above an agency and the agency, as the head of a document writes them.

    A People's Committee and the province's Party committee stand alone; others have theirs above them, and
    leave out of their own name what it says: "Văn phòng" under "Tỉnh ủy An Giang". ``place`` is the
    province's name on the day of the document.
    """
    if agency.kind == AgencyKind.COMMITTEE:
        rest = agency.name.removeprefix(_COMMITTEE).strip()
        return "", [_COMMITTEE, rest] if rest and rest != agency.name else agency.name
    if agency.kind == AgencyKind.PARTY:
        if agency.name.startswith(_PARTY):
            return "", agency.name if place in agency.name else f"{agency.name} {place}".strip()
        own = _without_place(agency.name, place).removesuffix(_PARTY).strip()
        return f"{_PARTY} {place}".strip(), own or agency.name
    if agency.kind == AgencyKind.DEPARTMENT:
        if agency.unit.level != Level.PROVINCE:
            return f"{_COMMITTEE} {agency.unit.full_name}", agency.name
        return f"{_COMMITTEE} tỉnh {place}".strip(), _without_place(agency.name, place)
    return "", agency.name


def _without_place(name: str, place: str) -> str:
    """Return a name without the province at its end."""
    if not place:
        return name
    for end in (f" tỉnh {place}", f" thành phố {place}", f" {place}"):
        name = name.removesuffix(end)
    return name


def body_of(agency: Agency, place: str = "") -> str:
    """Return the letters of an agency in the symbols of its documents: UBND, SKHĐT, TU.

    Proposed from its name without the ``place``; who signs may write it otherwise.
    """
    if agency.kind == AgencyKind.COMMITTEE:
        return "UBND"
    if agency.kind == AgencyKind.PARTY and agency.name.startswith(_PARTY):
        return "TU"
    letters = ""
    for word in re.findall(r"\w+", _without_place(agency.short_name, place)):
        letters += word if word.isupper() else unicodedata.normalize("NFD", word[0].upper())[0]
    return letters or "BC"
