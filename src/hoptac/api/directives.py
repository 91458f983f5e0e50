"""The operations upon directives: the list, one document, what is around it, its recipients, receipt."""

from __future__ import annotations

import base64
import contextlib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Schema
from pydantic import Field

from hoptac.api.asking import as_json, reader, refuse_unknown, scoped
from hoptac.api.problem import Problem
from hoptac.api.schemas import WRITTEN, Day, ProblemBody
from hoptac.directives import actions, selectors
from hoptac.directives.graph import Branch, graph_of
from hoptac.directives.listed import DirectiveFilter
from hoptac.directives.models import Directive, DirectiveLink, Recipient
from hoptac.directives.terms import Chain, DirectiveKind, Level, Standing
from hoptac.foundation.actions import AlreadyDone

_READ = dict.fromkeys((400, 401, 403, 404, 405, 406, 422, 429, 500, 503), ProblemBody)
_WRITE = {**_READ, **dict.fromkeys((409, 413, 415), ProblemBody)}
Id = Annotated[UUID, Path(alias="id")]
router = Router()


class DocumentItem(Schema):
    """A document in the list."""

    id: UUID
    symbol: str = Field(description="number and symbol as printed; empty where it has none")
    kind: str
    title: str
    chain: str = Field(description="line of command: party or state")
    level: str
    issuer: str
    issuer_id: UUID | None = None
    issued_on: date | None = None
    in_force_on: date | None = None
    ends_on: date | None = Field(None, description="the first day on which it no longer binds")
    standing: str = Field(description="today")
    reach: str
    is_confirmed: bool = Field(description="false: number or day are not certain")


class DocumentBody(DocumentItem):
    """A document with its text."""

    signer: str
    signer_post: str
    revoked_on: date | None = None
    revoked_basis: str
    text: str
    version: int


class DocumentPage(Schema):
    items: list[DocumentItem]
    next_cursor: str | None = None


class GraphLink(Schema):
    """What one document does to another."""

    source: UUID
    target: UUID
    kind: str = Field(description="implements, amends, replaces, based_on or cites")
    articles: str


class GraphOut(Schema):
    """The documents around one that the caller may read, and how they are linked."""

    documents: list[DocumentItem]
    links: list[GraphLink]


class RecipientOut(Schema):
    """How a recipient stands."""

    id: UUID
    agency_id: UUID
    agency: str
    sent_on: date
    acknowledge_by: date | None = None
    acknowledged_at: str | None = None
    own_document: str = Field(description="not_asked, awaited, made or waived")
    own_document_by: date | None = None
    own_document_id: UUID | None = Field(None, description="only where the caller may read it")


class ReceiptIn(Schema):
    """For which of the caller's agencies receipt is acknowledged; empty: for all of them."""

    agency_ids: list[UUID] = Field([], max_length=50)
    on: Day | None = Field(None, description="for a receipt on paper that is entered later")


def _item(d: Any) -> dict[str, Any]:
    return {
        "id": d.pk, "symbol": d.symbol, "kind": d.kind, "title": d.title, "chain": d.chain,
        "level": d.level, "issuer": d.issuer_name, "issuer_id": d.issuer_id, "issued_on": d.issued_on,
        "in_force_on": d.in_force_on, "ends_on": d.ends_on, "standing": d.standing_on, "reach": d.reach,
        "is_confirmed": d.is_confirmed,
    }  # fmt: skip


_LIST = ("q", "chain", "kind", "level", "standing", "issuer", "year", "waits", "cursor", "limit")


@router.get(
    "/directives", response={200: DocumentPage, **_READ}, tags=["directives"],
    summary="List and search",
)  # fmt: skip
def directives(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200, pattern=WRITTEN, description="words; marks do not matter")] = "",
    chain: Chain | None = None,
    kind: DirectiveKind | None = None,
    level: Level | None = None,
    standing: Standing | None = None,
    issuer: Annotated[str, Query(max_length=200, pattern=WRITTEN)] = "",
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    waits: Literal["", "acknowledge", "make", "late"] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:  # fmt: skip
    """Party and State documents that the caller may read, the latest first; those without a day stand last."""
    ctx = reader(request, selectors.VIEW)
    refuse_unknown(request, _LIST)
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
    content = {"items": [_item(d) for d in rows[:limit]], "next_cursor": _cursor(last) if last else None}  # fmt: skip
    return as_json(orjson.dumps(content))


def _cursor(d: Directive) -> str:
    place = [d.issued_on.isoformat() if d.issued_on else None, str(d.pk)]
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def _place(cursor: str) -> tuple[date | None, UUID]:
    try:
        day, pk = orjson.loads(base64.urlsafe_b64decode(cursor))
        return (date.fromisoformat(day) if day is not None else None), UUID(pk)
    except (ValueError, TypeError, AttributeError):
        raise Problem(400, _("This cursor is not of this list.")) from None


def _seen(request: HttpRequest, pk: UUID) -> tuple[Any, Directive]:
    ctx = reader(request, selectors.VIEW)
    found = selectors.directive_seen(ctx, pk)
    if found is None:
        raise Problem(404)
    return ctx, found


@router.get(
    "/directives/{id}", response={200: DocumentBody, **_READ}, tags=["directives"],
    summary="One document",
)  # fmt: skip
def directive(request: HttpRequest, pk: Id) -> HttpResponse:
    """A document with its text. Its ETag is its version."""
    _ctx, d = _seen(request, pk)
    refuse_unknown(request, ())
    body = {
        **_item(d), "signer": d.signer, "signer_post": d.signer_post, "revoked_on": d.revoked_on,
        "revoked_basis": d.revoked_basis, "text": d.text, "version": d.version,
    }  # fmt: skip
    return as_json(orjson.dumps(body), {"ETag": f'"{d.version}"'})


@router.get(
    "/directives/{id}/graph", response={200: GraphOut, **_READ}, tags=["directives"],
    summary="What it rests on, and what rests on it",
)  # fmt: skip
def graph(request: HttpRequest, pk: Id) -> HttpResponse:
    """The documents around it, up to six steps away, as far as the caller may read them."""
    ctx, d = _seen(request, pk)
    found = graph_of(ctx, d)
    around: dict[UUID, Any] = {d.pk: d}

    def gather(branches: list[Branch]) -> None:
        for branch in branches:
            around[branch.directive.pk] = branch.directive
            gather(branch.branches)

    for branches in (found.above, found.below, found.cited):
        gather(branches)
    links = DirectiveLink.objects.live().filter(source__in=around, target__in=around)
    content = {
        "documents": [_item(x) for x in around.values()],
        "links": [
            {"source": x.source_id, "target": x.target_id, "kind": x.kind, "articles": x.articles}
            for x in links.order_by("id")
        ],
    }
    return as_json(orjson.dumps(content))


def _recipients(ctx: Any, d: Directive) -> bytes:
    rows = [r for r in selectors.recipients_of(ctx, d) if not r.is_recalled]
    return orjson.dumps([_recipient(r) for r in rows])


def _recipient(r: Recipient) -> dict[str, Any]:
    own = getattr(r, "own_seen", None)
    return {
        "id": r.pk, "agency_id": r.agency_id, "agency": r.agency.name, "sent_on": r.sent_on,
        "acknowledge_by": r.acknowledge_by,
        "acknowledged_at": r.acknowledged_at.isoformat() if r.acknowledged_at else None,
        "own_document": r.making, "own_document_by": r.make_by, "own_document_id": own.pk if own else None,
    }  # fmt: skip


@router.get(
    "/directives/{id}/recipients", response={200: list[RecipientOut], **_READ}, tags=["directives"],
    summary="Its recipients",
)  # fmt: skip
def recipients(request: HttpRequest, pk: Id) -> HttpResponse:
    """Who received it, who has acknowledged it, who made it concrete; to others than its keepers their own."""
    ctx, d = _seen(request, pk)
    return as_json(_recipients(ctx, d))


@router.post(
    "/directives/{id}/receipts", response={200: list[RecipientOut], **_WRITE}, tags=["acts"],
    summary="Acknowledge receipt",
)  # fmt: skip
def acknowledge(
    request: HttpRequest,
    pk: Id,
    data: ReceiptIn,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=40, pattern=r"^[\x21-\x7e]*$")] = "",
) -> HttpResponse:  # fmt: skip
    """Acknowledge receipt for the caller's agencies. A second call changes nothing and is answered alike."""
    ctx = scoped(request, "write", "directives.acknowledge")
    d = selectors.directive_seen(ctx, pk)
    if d is None:
        raise Problem(404)
    rows = selectors.inbox(ctx).filter(directive=d).select_related("agency").order_by("pk")
    if data.agency_ids:
        rows = rows.filter(agency__in=data.agency_ids)
    found = list(rows)
    if not found:
        raise Problem(404)
    with contextlib.suppress(AlreadyDone):
        actions.acknowledge_several(ctx.by(idempotency_key=key), recipients=found, on=data.on)
    return as_json(_recipients(ctx, d))
