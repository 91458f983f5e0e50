"""The shapes of directives."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import Day


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
