"""The shapes that the API speaks; documented by OpenAPI 3.1."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class ProblemBody(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    findings: list[dict[str, Any]] | None = None


class Figures(Schema):
    """Figures in force on the day, each with the day it was stated for."""

    charter_capital: int | None = Field(None, description="dong")
    charter_capital_as_of: date | None = None
    area: float | None = Field(None, description="hectares")
    area_as_of: date | None = None
    members: int | None = Field(None, description="persons")
    members_as_of: date | None = None
    workers: int | None = Field(None, description="persons")
    workers_as_of: date | None = None


class Body(Figures):
    """A cooperative, union or group as it was on a day."""

    id: UUID
    kind: str
    name: str
    registration_number: str
    sector: str
    activity: str
    commune_id: UUID | None = None
    commune: str | None = None
    district: str | None = None
    province_code: str
    address: str
    established_on: date | None = None
    established_precision: str
    legal_era: str
    legal_status: str
    working_state: str
    chairman: str | None = Field(None, description="only with the permission to see people")
    director: str | None = None
    phone: str | None = None
    version: int | None = Field(None, description="send it back as If-Match; single records only")


class Page(Schema):
    items: list[Body]
    next_cursor: str | None = None
    as_of: date


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class ParticularsIn(Strict):
    """Particulars; fields left out stay as they are."""

    name: str | None = Field(None, max_length=250)
    short_name: str | None = Field(None, max_length=120)
    registration_number: str | None = Field(None, max_length=14)
    certificate_number: str | None = Field(None, max_length=60)
    sector: str | None = Field(None, max_length=14)
    activity: str | None = Field(None, max_length=400)
    commune_id: UUID | None = None
    address: str | None = Field(None, max_length=300)
    established_on: date | None = None
    legal_status: str | None = Field(None, max_length=15)
    working_state: str | None = Field(None, max_length=20)
    chairman: str | None = Field(None, max_length=120)
    director: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=60)
    email: str | None = Field(None, max_length=120)
    note: str | None = Field(None, max_length=500)


class FiguresIn(Strict):
    charter_capital: int | None = Field(None, ge=0, le=10**16)
    area: float | None = Field(None, ge=0, le=10**9, allow_inf_nan=False)
    members: int | None = Field(None, ge=0, le=2 * 10**9)
    workers: int | None = Field(None, ge=0, le=2 * 10**9)


class RecordIn(Strict):
    kind: str = Field(max_length=12)
    particulars: ParticularsIn
    figures: FiguresIn | None = None
    as_of: date | None = None
    source: str = Field("", max_length=200)


class ChangeIn(Strict):
    changes: ParticularsIn
    from_on: date
    source: str = Field("", max_length=200)


class CorrectionIn(Strict):
    changes: ParticularsIn
    reason: str = Field(min_length=1, max_length=500)
    basis: str = Field("", max_length=200)
    from_on: date | None = None
    until_on: date | None = None


class StatementIn(Strict):
    figures: FiguresIn
    as_of: date
    source: str = Field("", max_length=200)


class Done(Schema):
    id: UUID
    version: int
