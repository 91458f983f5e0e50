"""A report as an official document, in the format of its line of command."""

from __future__ import annotations

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
from hoptac.jurisdiction.letterheads import body_of, heading_of
from hoptac.reports.annexes import annexes_of
from hoptac.reports.drafting import Draft


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
