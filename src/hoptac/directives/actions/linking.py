"""What one document does to another: carried out, amended, replaced, based on, cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hoptac.directives.actions.recording import RECORD, hidden_change
from hoptac.directives.models import Directive, DirectiveLink
from hoptac.directives.rules.symbols import tell
from hoptac.directives.searching import write_words
from hoptac.directives.terms import Chain, DirectiveKind, Level, LinkKind, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy


@dataclass(frozen=True, kw_only=True)
class LinkSpec:
    """A link to be made: to a known document, or to one that is only cited (``cited``: what is said of it)."""

    kind: str
    target: Directive | None = None
    cited: Mapping[str, Any] | None = None
    articles: str = ""
    words: str = ""


@action(RECORD, name="directives.link_directives")
def link_directives(
    ctx: Context, directive: Directive, *, links: Sequence[LinkSpec]
) -> list[DirectiveLink]:
    """Say what the document does to others; a document not yet at hand is entered as only cited.

    A link that stands already is left as it is, so that saying it twice changes nothing.

    :raises Refused: it points at itself, would lead in a circle, or changes an open document out of sight
    :raises OutOfReach: the caller may not read a target
    """
    made = []
    for spec in links:
        if spec.kind not in LinkKind.values:
            raise Refused(Finding("kind_unknown", _("Choose one."), field="kind"))
        target = spec.target or _cited(ctx, directive, spec.cited or {})
        if not Directive.objects.visible_to(ctx).filter(pk=target.pk).exists():
            raise OutOfReach(RECORD)
        _refuse_unfit(directive, target, spec.kind)
        link, is_new = DirectiveLink.objects.live().get_or_create(
            source=directive, target=target, kind=spec.kind,
            defaults={
                "articles": tidy(spec.articles)[:200], "words": tidy(spec.words)[:300],
                "act_id": ctx.act_id,
            },
        )  # fmt: skip
        if is_new:
            made.append(link)
    note(ctx, links=[{"kind": x.kind, "to": x.target.name, "id": x.target_id} for x in made])
    return made


@action(RECORD, name="directives.unlink_directives")
def unlink_directives(ctx: Context, directive: Directive, *, link: int) -> DirectiveLink:
    """Take a link back that should not have been made; it stays on record as taken back.

    :raises OutOfReach: it is no link of the document
    """
    row = DirectiveLink.objects.live().filter(pk=link, source=directive).first()
    if row is None:
        raise OutOfReach(RECORD)
    row.retired_by = ctx.act_id
    row.save(update_fields=["retired_by"])
    note(ctx, kind=row.kind, to=row.target.name, id=row.target_id)
    return row


def _refuse_unfit(source: Directive, target: Directive, kind: str) -> None:
    if source.pk == target.pk:
        raise Refused(Finding("link_itself", _("A document does nothing to itself."), field="target"))  # fmt: skip
    if kind == LinkKind.CITES:
        return
    if _leads_to(target, source):
        raise Refused(
            Finding(
                "link_circle",
                _("%(name)s already rests on this document.") % {"name": target.name},
                field="target",
            )
        )
    changes = kind in (LinkKind.AMENDS, LinkKind.REPLACES)
    if changes and source.reach != Reach.OPEN and target.reach == Reach.OPEN:
        raise Refused(Finding("hidden_change", hidden_change(), field="kind"))


def _leads_to(start: Directive, goal: Directive) -> bool:
    """Tell whether links (but citations) lead from one document to another."""
    seen, ahead = {start.pk}, {start.pk}
    while ahead:
        found = DirectiveLink.objects.live().filter(source__in=ahead).exclude(kind=LinkKind.CITES)
        ahead = set(found.values_list("target", flat=True)) - seen
        if goal.pk in ahead:
            return True
        seen |= ahead
    return False


def _cited(ctx: Context, by: Directive, said: Mapping[str, Any]) -> Directive:
    """Return the document that is only cited: one the caller sees by that symbol or name, or a new entry."""
    told = tell(str(said.get("symbol") or ""))
    title = tidy(str(said.get("title") or ""))[:600]
    if not told.symbol and not title:
        raise Refused(
            Finding(
                "cited_nameless",
                _("Say which document: its number and symbol, or its name."),
                field="symbol",
            )
        )
    known = Directive.objects.visible_to(ctx).filter(province_code=by.province_code)
    same = (
        known.filter(symbol__iexact=told.symbol)
        if told.symbol
        else known.filter(symbol="", title__iexact=title)
    )
    issued_on = said.get("issued_on")
    for other in same.order_by("pk"):
        if issued_on is None or other.issued_on in (None, issued_on):
            return other
    kind = said.get("kind") or told.kind or DirectiveKind.OTHER
    chain = said.get("chain") or told.chain or (Chain.STATE if kind in _OF_THE_STATE else by.chain)
    made = Directive.objects.create(
        province_code=by.province_code, symbol=told.symbol, number=told.number, kind=kind, chain=chain,
        level=said.get("level") or told.level or _level(kind, chain), title=title or told.symbol,
        issuer_name=tidy(str(said.get("issuer_name") or ""))[:200], issued_on=issued_on,
        is_confirmed=False, act_id=ctx.act_id,
    )  # fmt: skip
    write_words(made)
    return made


# Kinds that only the State issues, and at its centre.
_OF_THE_STATE = {DirectiveKind.LAW, DirectiveKind.DECREE, DirectiveKind.CIRCULAR}


def _level(kind: str, chain: str) -> Level:
    return Level.CENTRAL if kind in _OF_THE_STATE or chain == Chain.PARTY else Level.PROVINCE
