"""The shapes of filings and certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import Code, Day, Strict, text
from hoptac.registration.terms import Channel, Outcome
from hoptac.registry.terms import Kind

Words = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]


class FilingItem(Schema):
    """A filing as a list shows it."""

    id: UUID
    procedure: str
    kind: str
    cooperative_id: UUID | None = Field(None, description="null until a new body is entered")
    subject_name: str
    commune_id: UUID
    authority_id: UUID
    channel: str
    state: str
    receipt_number: str
    filed_on: date
    received_on: date | None = None
    due_on: date | None = Field(None, description="the office's last day; null while it waits")
    supplement_until: date | None = None
    judged_on: date = Field(description="the day whose law judges it")
    effective_on: date | None = None
    took_effect_on: date | None = None
    decision_number: str
    decided_at: datetime | None = None
    version: int = Field(description="the ETag; an act sends it back as If-Match")


class FilingPage(Schema):
    """A page of filings."""

    items: list[FilingItem]
    next_cursor: UUID | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class StepOut(Schema):
    """What was done to a filing."""

    kind: str
    on: date
    at: datetime


class PaperOut(Schema):
    """A paper of the dossier."""

    code: str
    name: str
    is_required: bool
    state: str
    has_file: bool


class HandoutOut(Schema):
    """That a paper went out."""

    how: str
    on: date


class IssuedOut(Schema):
    """What was given out in writing; the bytes are known by their SHA-256."""

    id: UUID
    kind: str
    code: str
    issued_on: date
    sha256: str
    corrects: UUID | None = None
    handed_out: list[HandoutOut]


class FeeOut(Schema):
    """The fee in dong."""

    standing: str = Field(description="due, free by law, unset by the province, or none")
    amount: int
    paid: int
    open: int
    basis: str


class FilingBody(FilingItem):
    """One filing with everything of it."""

    title: str
    proposal: dict[str, Any] = Field(description="people only for those who may see them")
    missing: list[str]
    outcome: str
    grounds: list[str]
    steps: list[StepOut]
    papers: list[PaperOut]
    issued: list[IssuedOut]
    fee: FeeOut


class CertificateOut(Schema):
    """A certificate with how it stands today."""

    id: UUID
    number: str
    code: str
    kind: str
    name: str
    cooperative_id: UUID
    authority: str
    issued_on: date
    reason: str
    state: str
    digest: str = Field(description="SHA-256 of what it says")


class CertificatePage(Schema):
    """A page of certificates."""

    items: list[CertificateOut]
    as_of: date


class ReceiveIn(Strict):
    """A dossier as it was handed in; ``kind`` for a body that comes into being."""

    procedure: Code
    kind: Kind | None = None
    cooperative_id: UUID | None = None
    proposal: dict[str, Any] = Field(description="what is sought, by field; days as 2019-12-31")
    papers: list[Code] = Field([], max_length=60, description="codes of what was handed in")
    applicant: str = text(120, ..., least=1)
    phone: str = text(60, "")
    email: str = text(120, "")
    channel: Channel = Channel.COUNTER
    filed_on: Day | None = None
    effective_on: Day | None = None
    note: str = text(500, "")


class AcceptIn(Strict):
    """Nothing more is said."""


class SupplementIn(Strict):
    """What is missing, each thing for itself."""

    missing: list[Words] = Field(min_length=1, max_length=30)


class ProposeIn(Strict):
    outcome: Outcome
    grounds: list[Code] = Field([], max_length=20, description="of a refusal")
    opinion: str = text(1000, "")


class DecideIn(Strict):
    outcome: Outcome
    signatory: str = text(120, "")
    decided_on: Day | None = None
