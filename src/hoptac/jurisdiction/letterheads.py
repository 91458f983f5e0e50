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

    A People's Committee and the province's Party committee stand alone; others have theirs above them.
    ``place`` is the province's name on the day of the document.
    """
    if agency.kind == AgencyKind.COMMITTEE:
        rest = agency.name.removeprefix(_COMMITTEE).strip()
        return "", [_COMMITTEE, rest] if rest and rest != agency.name else agency.name
    if agency.kind == AgencyKind.PARTY:
        if agency.name.startswith(_PARTY):
            return "", agency.name if place in agency.name else f"{agency.name} {place}".strip()
        return f"{_PARTY} {place}".strip(), agency.name
    if agency.kind == AgencyKind.DEPARTMENT:
        if agency.unit.level != Level.PROVINCE:
            return f"{_COMMITTEE} {agency.unit.full_name}", agency.name
        return f"{_COMMITTEE} tỉnh {place}".strip(), agency.name
    return "", agency.name


def body_of(agency: Agency) -> str:
    """Return the letters of an agency in the symbols of its documents: UBND, SKHĐT, TU.

    Proposed from its name; who signs may write it otherwise.
    """
    if agency.kind == AgencyKind.COMMITTEE:
        return "UBND"
    if agency.kind == AgencyKind.PARTY and agency.name.startswith(_PARTY):
        return "TU"
    letters = ""
    for word in re.findall(r"\w+", agency.short_name):
        letters += word if word.isupper() else unicodedata.normalize("NFD", word[0].upper())[0]
    return letters or "BC"
