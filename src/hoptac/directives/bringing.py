"""A document's file read and proposed: what its head says, from which words, which documents it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoptac.directives.actions.linking import LinkSpec
from hoptac.directives.actions.reading import agencies_of
from hoptac.directives.models import Directive
from hoptac.directives.reading import BadDocument, read_document
from hoptac.directives.reading.result import Actor, Head, Reading, Reference, Side
from hoptac.directives.rules.symbols import tell
from hoptac.directives.terms import Chain, DirectiveKind, Level
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import fold
from hoptac.jurisdiction.actions.mandates import ctx_province

# Kinds as documents and readers write them, without marks.
_KINDS = {
    "luat": DirectiveKind.LAW, "bo luat": DirectiveKind.LAW, "nghi quyet": DirectiveKind.RESOLUTION,
    "nghi dinh": DirectiveKind.DECREE, "quyet dinh": DirectiveKind.DECISION,
    "thong tu": DirectiveKind.CIRCULAR, "thong tu lien tich": DirectiveKind.CIRCULAR,
    "chi thi": DirectiveKind.DIRECTIVE, "ket luan": DirectiveKind.CONCLUSION,
    "chuong trinh": DirectiveKind.PROGRAMME, "chuong trinh hanh dong": DirectiveKind.PROGRAMME,
    "ke hoach": DirectiveKind.PLAN, "de an": DirectiveKind.SCHEME, "quy che": DirectiveKind.REGULATION,
    "quy dinh": DirectiveKind.REGULATION, "huong dan": DirectiveKind.GUIDANCE,
    "thong bao": DirectiveKind.NOTICE, "bao cao": DirectiveKind.REPORT, "to trinh": DirectiveKind.SUBMISSION,
    "cong van": DirectiveKind.LETTER,
}  # fmt: skip


def kind_of(word: str) -> str:
    """Return the kind that a word of a document stands for; empty where it is none."""
    found = _KINDS.get(fold(" ".join(word.split())))
    return found.value if found else ""


@dataclass(frozen=True)
class Proposal:
    """What a reading proposes: values of the form, and for each the words it was read from."""

    values: dict[str, Any]
    from_words: dict[str, str]


def proposal_of(ctx: Context, reading: Reading) -> Proposal:
    """Return what a form of the document begins with, by its head."""
    head, text = reading.document, reading.text
    told = tell(head.symbol)
    signature = head.signatures[-1] if head.signatures else None
    chain = _chain(head, told.chain)
    values: dict[str, Any] = {
        "symbol": head.symbol, "kind": kind_of(head.kind) or told.kind, "title": head.title,
        "issuer_name": head.issuer, "issued_on": head.issued_on, "in_force_on": head.issued_on,
        "signer": signature.name if signature else "", "signer_post": _post(signature),
        "chain": chain, "level": told.level or _level(head), "is_confirmed": bool(head.symbol and head.issued_on),
    }  # fmt: skip
    issuer = _issuer(ctx, head)
    if issuer is not None:
        values["issuer"] = str(issuer.pk)
    spans = {"signer": "signatures", "issuer_name": "issuer"}
    words = {}
    for name in ("symbol", "kind", "title", "issuer_name", "issued_on", "signer"):
        span = head.spans.get(spans.get(name, name))
        if span is None and name == "signer" and signature is not None:
            span = signature.span
        if values.get(name) and span is not None:
            words[name] = " ".join(span.of(text).split())[:160]
    if values["in_force_on"]:
        words["in_force_on"] = _("not said in the document: taken from the day of issue")
    return Proposal(values, words)


def _chain(head: Head, told: str) -> str:
    return {Side.PARTY: Chain.PARTY.value, Side.STATE: Chain.STATE.value}.get(head.side, told)


def _level(head: Head) -> str:
    said = fold(f"{head.parent} {head.issuer}")
    for word, level in (
        ("trung uong", Level.CENTRAL), ("bo chinh tri", Level.CENTRAL), ("chinh phu", Level.CENTRAL),
        ("quoc hoi", Level.CENTRAL), ("tinh", Level.PROVINCE), ("huyen", Level.DISTRICT),
        ("thanh uy", Level.DISTRICT), ("thi uy", Level.DISTRICT), ("xa", Level.COMMUNE),
        ("phuong", Level.COMMUNE),
    ):  # fmt: skip
        if word in said.split() or (" " in word and word in said):
            return level.value
    return ""


def _post(signature: Any) -> str:
    if signature is None:
        return ""
    authority = f"{signature.authority}. " if signature.authority else ""
    before = f"{authority}{signature.on_behalf_of}".strip()
    return ", ".join(p for p in (before, signature.post) if p)


def _issuer(ctx: Context, head: Head) -> Any:
    """Return the agency of the province that issued the document, where its name is one agency's."""
    if not head.issuer:
        return None
    actors = [
        Actor(id="x", name=head.issuer, kind=""),
        Actor(id="y", name=f"{head.issuer} {head.parent}", kind=""),
    ]
    found = agencies_of(actors, ctx_province(ctx), head.issued_on)
    return found.get("x") or found.get("y")


def spec_of(reference: Reference, kind: str, known: Directive | None) -> LinkSpec:
    """Return the link that the officer chose for a reference."""
    words = reference.mentions[0].text if reference.mentions else reference.name
    if known is not None:
        return LinkSpec(kind=kind, target=known, words=words)
    cited = {
        "symbol": reference.symbol, "title": reference.title or reference.name,
        "kind": kind_of(reference.kind), "issued_on": reference.issued_on, "issuer_name": reference.issuer,
    }  # fmt: skip
    return LinkSpec(kind=kind, cited=cited, words=words)


def read_file(name: str, content: bytes) -> Reading:
    """Return what can be read of a file.

    :raises Refused: it is of no kind that can be read, damaged, or without text
    """
    try:
        return read_document(content, name)
    except BadDocument as bad:
        said = bad.message_en if _is_english() else bad.message_vi
        raise Refused(Finding(bad.code, said, field="file")) from bad


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def remarks_of(reading: Reading) -> list[str]:
    """Return what the officer should know of how the file was read."""
    return [r.message_en if _is_english() else r.message_vi for r in reading.remarks]
