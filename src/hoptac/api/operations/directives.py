"""The operations upon directives: the list, one document, what is around it, its recipients, receipt."""

from __future__ import annotations

import base64
import contextlib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api.declaring import Id, Limit, Operations, Versioned, there
from hoptac.api.problem import Problem
from hoptac.api.schemas import WRITTEN
from hoptac.api.schemas.directives import (
    DocumentBody,
    DocumentPage,
    GraphOut,
    ReceiptIn,
    RecipientOut,
)
from hoptac.directives import actions, selectors
from hoptac.directives.graph import Branch, graph_of
from hoptac.directives.listed import DirectiveFilter
from hoptac.directives.models import Directive, DirectiveLink, Recipient
from hoptac.directives.terms import Chain, DirectiveKind, Level, Standing
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone

VIEW = selectors.VIEW
matter = Operations("directives")


def _item(d: Any) -> dict[str, Any]:
    return {
        "id": d.pk, "symbol": d.symbol, "kind": d.kind, "title": d.title, "chain": d.chain,
        "level": d.level, "issuer": d.issuer_name, "issuer_id": d.issuer_id, "issued_on": d.issued_on,
        "in_force_on": d.in_force_on, "ends_on": d.ends_on, "standing": d.standing_on, "reach": d.reach,
        "is_confirmed": d.is_confirmed,
    }  # fmt: skip


@matter.reads("/directives", DocumentPage, "List and search", needs=VIEW)
def directives(
    ctx: Context,
    q: Annotated[str, Query(max_length=200, pattern=WRITTEN, description="words; marks do not matter")] = "",
    chain: Chain | None = None,
    kind: DirectiveKind | None = None,
    level: Level | None = None,
    standing: Standing | None = None,
    issuer: Annotated[str, Query(max_length=200, pattern=WRITTEN)] = "",
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    waits: Literal["", "acknowledge", "make", "late"] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Limit = 50,
) -> Any:  # fmt: skip
    """Party and State documents that the caller may read, the latest first; those without a day stand last."""
    chosen = {"chain": chain, "kind": kind, "level": level, "standing": standing}
    wanted = DirectiveFilter(
        q=q, issuer=issuer, year=year, waits=waits, **{n: v.value if v else "" for n, v in chosen.items()}
    )  # fmt: skip
    found = wanted.rows(ctx)
    if cursor:
        day, pk = _place(cursor)
        before = Q(issued_on=day, id__lt=pk)
        if day is not None:
            before |= Q(issued_on__lt=day) | Q(issued_on__isnull=True)
        else:
            before = Q(issued_on__isnull=True, id__lt=pk)
        found = found.filter(before)
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [_item(d) for d in rows[:limit]],
        "next_cursor": _cursor(last) if last else None,
    }


def _cursor(d: Directive) -> str:
    place = [d.issued_on.isoformat() if d.issued_on else None, str(d.pk)]
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def _place(cursor: str) -> tuple[date | None, UUID]:
    try:
        day, pk = orjson.loads(base64.urlsafe_b64decode(cursor))
        return (date.fromisoformat(day) if day is not None else None), UUID(pk)
    except (ValueError, TypeError, AttributeError):
        raise Problem(400, _("This cursor is not of this list.")) from None


@matter.reads("/directives/{id}", DocumentBody, "One document", needs=VIEW)
def directive(ctx: Context, pk: Id) -> Versioned:
    """A document with its text. Its ETag is its version."""
    d = there(selectors.directive_seen(ctx, pk))
    body = {
        **_item(d), "signer": d.signer, "signer_post": d.signer_post, "revoked_on": d.revoked_on,
        "revoked_basis": d.revoked_basis, "text": d.text, "version": d.version,
    }  # fmt: skip
    return Versioned(body, d.version)


@matter.reads(
    "/directives/{id}/graph", GraphOut, "What it rests on, and what rests on it", needs=VIEW
)
def graph(ctx: Context, pk: Id) -> Any:
    """The documents around it, up to six steps away, as far as the caller may read them."""
    d = there(selectors.directive_seen(ctx, pk))
    found = graph_of(ctx, d)
    around: dict[UUID, Any] = {d.pk: d}

    def gather(branches: list[Branch]) -> None:
        for branch in branches:
            around[branch.directive.pk] = branch.directive
            gather(branch.branches)

    for branches in (found.above, found.below, found.cited):
        gather(branches)
    links = DirectiveLink.objects.live().filter(source__in=around, target__in=around)
    return {
        "documents": [_item(x) for x in around.values()],
        "links": [
            {"source": x.source_id, "target": x.target_id, "kind": x.kind, "articles": x.articles}
            for x in links.order_by("id")
        ],
    }


@matter.reads(
    "/directives/{id}/recipients", list[RecipientOut], "Its recipients", needs=VIEW
)  # fmt: skip
def recipients(ctx: Context, pk: Id) -> Any:
    """Who received it, who has acknowledged it, who made it concrete; to others than its keepers their own."""
    return _recipients(ctx, there(selectors.directive_seen(ctx, pk)))


def _recipients(ctx: Context, d: Directive) -> list[dict[str, Any]]:
    return [_recipient(r) for r in selectors.recipients_of(ctx, d) if not r.is_recalled]


def _recipient(r: Recipient) -> dict[str, Any]:
    own = getattr(r, "own_seen", None)
    return {
        "id": r.pk, "agency_id": r.agency_id, "agency": r.agency.name, "sent_on": r.sent_on,
        "acknowledge_by": r.acknowledge_by,
        "acknowledged_at": r.acknowledged_at.isoformat() if r.acknowledged_at else None,
        "own_document": r.making, "own_document_by": r.make_by, "own_document_id": own.pk if own else None,
    }  # fmt: skip


@matter.repeats(
    "/directives/{id}/receipts", list[RecipientOut], "Acknowledge receipt", needs="directives.acknowledge"
)  # fmt: skip
def acknowledge(ctx: Context, pk: Id, data: ReceiptIn) -> Any:
    """Acknowledge receipt for the caller's agencies. A second call changes nothing and is answered alike."""
    d = there(selectors.directive_seen(ctx, pk))
    rows = selectors.inbox(ctx).filter(directive=d).select_related("agency").order_by("pk")
    if data.agency_ids:
        rows = rows.filter(agency__in=data.agency_ids)
    found = list(rows)
    if not found:
        raise Problem(404)
    with contextlib.suppress(AlreadyDone):
        actions.acknowledge_several(ctx, recipients=found, on=data.on)
    return _recipients(ctx, d)
