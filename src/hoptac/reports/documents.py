"""A report as an official document, in the format of its line of command."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from hoptac.directives.terms import Chain
from hoptac.foundation.documents.formats import Profile
from hoptac.foundation.documents.official import (
    Authority,
    OfficialDocument,
    Recipients,
    Signature,
    symbol_of,
)
from hoptac.foundation.documents.official.wording import citation
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.reports.annexes import annexes_of
from hoptac.reports.drafting import Draft

_COMMITTEE = "Ủy ban nhân dân"
_PARTY = "Tỉnh ủy"


def document_of(draft: Draft) -> OfficialDocument:
    """Return the document that a draft makes: a draft without number, or as it was signed."""
    report = draft.report
    place = draft.facts["noi"]
    parent, issuer = heading_of(report.issuer, place)
    is_party = report.chain == Chain.PARTY
    # The Party writes what a document is about without a capital (HD 36); its outlines begin with a common word.
    about = report.title[:1].lower() + report.title[1:] if is_party else report.title
    signatures: tuple[Signature, ...] = ()
    if report.signer or report.signer_post:
        powers = tuple(Authority(capacity, of) for capacity, of in report.authorities)
        signatures = (
            Signature(
                report.signer_post, report.signer, powers, mark="(Đã ký)" if report.number else ""
            ),
        )
    archive = ("Văn phòng Tỉnh ủy",) if is_party else ("VT",)
    names = report.receivers or ([report.receiver] if report.receiver else [])
    profile: Profile = "party" if is_party else "state"
    document = OfficialDocument(
        profile=profile, parent=parent, issuer=issuer, kind="report",
        about=about, blocks=draft.blocks, number=report.number,
        symbol=report.symbol or symbol_of(profile, "report", body_of(report.issuer, place)), place=place,
        day=report.signed_on, signatures=signatures, recipients=Recipients(names, archive),
        author=report.issuer.name,
    )  # fmt: skip
    # At the head the body above says where the issuer belongs; an annex says it whole.
    reference = f"(Kèm theo {citation(replace(document, issuer=report.issuer.name))})"
    annexes = tuple(replace(a, reference=reference) for a in annexes_of(draft))
    return replace(document, annexes=annexes)


def heading_of(agency: Agency, place: str) -> tuple[str, str | list[str]]:
    """Return the body above an agency and the agency, as the head of a document writes them.

    A People's Committee and the province's Party committee stand alone; others have theirs above them, and
    leave out of their own name what it says: "Văn phòng" under "Tỉnh ủy An Giang".
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
