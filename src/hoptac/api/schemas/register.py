"""The shapes of the register, of places and figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hoptac.api.schemas import Day, Strict, text
from hoptac.registry.terms import Kind, LegalStatus, Sector, WorkingState


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


class Item(Figures):
    """A cooperative, union or group as it was on a day."""

    id: UUID
    kind: str
    name: str
    registration_number: str
    sector: str
    activity: str
    commune_id: UUID | None = Field(None, description="the unit that the record names")
    commune: str | None = None
    district: str | None = None
    province_code: str
    address: str
    established_on: date | None = None
    established_precision: str = Field(description="day, month or year: how much is known")
    legal_era: str
    legal_status: str
    working_state: str
    chairman: str | None = Field(None, description="only with the permission to see people")
    director: str | None = Field(None, description="only with the permission to see people")
    phone: str | None = Field(None, description="only with the permission to see people")


class Body(Item):
    """One body with its version."""

    version: int = Field(description="the ETag; an act sends it back as If-Match")


class Listed(Item):
    """A body in a list: only the fields asked for, else all."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.pop("required", None))


class Page(Schema):
    """A page of the list."""

    items: list[Listed]
    next_cursor: str | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class Change(Schema):
    """What an act made different."""

    field: str
    was: Any = None
    now: Any = None
    since: date | None = None
    until: date | None = None


class Entry(Schema):
    """An act upon a body."""

    number: int | None = Field(None, description="in the journal")
    at: datetime | None = None
    act: str
    who: str
    channel: str
    reason: str
    basis: str
    sources: list[str]
    changes: list[Change]


class Statement(Schema):
    """What one source said of a body as of one day."""

    as_of: date
    charter_capital: int | None = None
    area: float | None = None
    members: int | None = None
    workers: int | None = None
    source: str
    is_corrected: bool = Field(description="true: recorded wrongly, and kept")


class Line(Schema):
    """A line of business by its VSIC code."""

    code: str
    name: str | None = Field(None, description="null where the list of its first day is not known")
    is_main: bool
    from_on: date
    until_on: date | None = Field(None, description="the first day on which it no longer holds")


class Unit(Schema):
    """A province, district or commune for as long as it existed."""

    id: UUID
    level: str
    kind: str
    name: str
    code: str
    parent_id: UUID | None = None
    since: date | None = None
    until: date | None = Field(None, description="the first day without it")


class Words(Schema):
    en: str
    vi: str


class AgencyOut(Schema):
    """An agency: a department, a committee, a Party body, a mass organisation."""

    id: UUID
    code: str
    name: str
    short_name: str
    kind: str
    unit_id: UUID
    since: date | None = None
    until: date | None = Field(None, description="the first day on which it no longer exists")


class IndicatorOut(Schema):
    """One entry of the catalogue of indicators."""

    code: str
    name: Words
    definition: Words
    unit: Words
    source: Words
    of: str
    kinds: list[str]
    formula: str
    as_of: str = Field(description="day: as it stood; year to day: since 1 January of its year")
    decimals: int
    basis: str
    is_confirmed: bool = Field(description="the basis was checked against the official text")
    dimensions: list[str]


class TableOut(Schema):
    """Figures by rows and, where asked, columns."""

    as_of: date
    map: str
    by: str
    columns: str | None = None
    units: dict[str, str]
    rows: list[dict[str, Any]] = Field(
        description="code, label, and each indicator's figure, or its figures by column"
    )
    total: dict[str, Any] | None = None


class Head(Schema):
    """The last entry of the journal."""

    number: int
    hash: str | None = None
    at: datetime | None = None


class MandateOut(Schema):
    role: str
    province_code: str
    unit_id: UUID | None = None
    agency_id: UUID | None = None
    cooperative_id: UUID | None = None


class Me(Schema):
    """The token's person, what the token may do, and the mandates of the day."""

    username: str
    full_name: str
    scopes: list[str]
    permissions: list[str]
    mandates: list[MandateOut]


class ParticularsIn(Strict):
    """Particulars; fields left out stay as they are, empty texts clear what stood there."""

    name: str | None = text(250)
    short_name: str | None = text(120)
    registration_number: str | None = text(14)
    certificate_number: str | None = text(60)
    sector: Sector | None = None
    activity: str | None = text(400)
    commune_id: UUID | None = None
    address: str | None = text(300)
    established_on: Day | None = None
    legal_status: LegalStatus | None = None
    working_state: WorkingState | None = None
    chairman: str | None = text(120)
    director: str | None = text(120)
    phone: str | None = text(60)
    email: str | None = text(120)
    note: str | None = text(500)


class FiguresIn(Strict):
    charter_capital: int | None = Field(None, ge=0, le=10**16, description="dong")
    area: float | None = Field(None, ge=0, le=10**9, allow_inf_nan=False, description="hectares")
    members: int | None = Field(None, ge=0, le=2 * 10**9)
    workers: int | None = Field(None, ge=0, le=2 * 10**9)


class RecordIn(Strict):
    """A body that exists, as read on ``as_of`` (today unless given)."""

    kind: Kind
    particulars: ParticularsIn
    figures: FiguresIn | None = None
    as_of: Day | None = None
    source: str = text(200, "")


class ChangeIn(Strict):
    """What became different on a day."""

    changes: ParticularsIn
    from_on: Day
    source: str = text(200, "")


class CorrectionIn(Strict):
    """What was recorded wrongly: without days, for as long as the wrong value stood."""

    changes: ParticularsIn
    reason: str = text(500, ..., least=1)
    basis: str = text(200, "")
    from_on: Day | None = None
    until_on: Day | None = Field(None, description="the first day on which it no longer holds")


class StatementIn(Strict):
    """What a source says as of a day."""

    figures: FiguresIn
    as_of: Day
    source: str = text(200, "")
