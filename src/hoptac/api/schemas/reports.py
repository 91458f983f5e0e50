"""The shapes of reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import Code, Named, Strict, text


class ReportItem(Schema):
    """A report as a list shows it."""

    id: UUID
    title: str
    number: str = Field(description="number and symbol; empty until it is signed")
    chain: str = Field(description="line of command: party or state")
    kind: str
    year: int
    part: int = Field(description="quarter or half; 0 of others")
    begins_on: date
    ends_on: date
    as_of: date = Field(description="the day of its figures")
    issuer: Named
    directive_id: UUID | None = Field(None, description="the document whose carrying out is told")
    state: str
    due_on: date | None = None
    signed_on: date | None = None
    corrects: UUID | None = None
    made_id: UUID | None = Field(None, description="the document that it became")
    version: int


class ReportPage(Schema):
    """A page of reports."""

    items: list[ReportItem]
    next_cursor: UUID | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class FigureOut(Schema):
    """A figure of a report, how it was asked for and where its records are seen."""

    code: str
    name: str
    unit: str
    places: int = Field(description="decimal places in print")
    value: float | None = None
    before: float | None = Field(None, description="the same at the end of the period before")
    records: int | None = Field(None, description="how many records are behind it")
    parts: list[list[str]] = Field(description="what it is made of: label and value")
    asked: dict[str, Any]
    href: str = Field(description="page of the records behind it")


class ContributionOut(Schema):
    """An agency's part of a section."""

    id: int
    report_id: UUID
    report: str
    section: str = Field(description="code")
    title: str = Field(description="of the section")
    agency: Named
    due_on: date
    state: str
    text: str
    returned_because: str
    handed_in_at: datetime | None = None
    version: int = Field(description="handing in sends it as If-Match")


class SectionOut(Schema):
    """A section with its prose; sentences of figures are made from these when it is printed."""

    code: str
    title: str
    text: str
    version: int


class ReportStepOut(Schema):
    """What was done."""

    kind: str
    at: datetime
    by: str
    agency: str
    words: str


class ReportBody(ReportItem):
    """One report; who is only asked for a part reads that alone until it is signed."""

    reads_whole: bool
    digest: str = Field(description="SHA-256 over figures and tasks as signed; else empty")
    signer: str
    signer_post: str
    figures: list[FigureOut]
    sections: list[SectionOut]
    contributions: list[ContributionOut]
    steps: list[ReportStepOut]


class HandInIn(Strict):
    """An agency's part of a section; ``agency_id`` where the caller speaks for several that are asked."""

    section: Code
    text: str = text(20_000, ..., least=1)
    agency_id: UUID | None = None
