"""The shapes of yearly plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import Day, Named, Strict, text
from hoptac.api.schemas.tasks import TaskItem


class PlanItem(Schema):
    """A plan as a list shows it."""

    id: UUID
    title: str
    kind: str
    year: int
    last_year: int | None = Field(None, description="in which a target list ends")
    agency: Named
    approver: Named
    unit_id: UUID | None = Field(None, description="its territory; null: the whole province")
    parent_id: UUID | None = None
    state: str
    edition: int = Field(description="counts adjustments, from 1")
    submitted_on: date | None = None
    approved_on: date | None = None
    version: int


class PlanPage(Schema):
    """A page of plans."""

    items: list[PlanItem]
    next_cursor: UUID | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class StatedOut(Schema):
    """What a source said of a target."""

    id: UUID
    value: float
    as_of: date
    source: str
    by: str


class TargetOut(Schema):
    """A target against its actual value on the day asked for."""

    code: str
    name: str
    unit_name: str
    measure: str = Field(description="empty: its actual value is stated")
    parameters: dict[str, Any]
    direction: str
    before: float | None = Field(None, description="at the end of the year before")
    planned: float | None = Field(None, description="of the day's year, where the plan has a path")
    estimate: float | None = Field(None, description="of the whole year")
    planned_next: float | None = None
    value: float | None = Field(None, description="what counts: computed, else stated last")
    as_of: date | None = None
    source: str
    is_computed: bool
    href: str = Field(description="page of the records behind it")
    percent: float | None = Field(None, description="of what is planned")
    standing: str
    change: float | None = Field(None, description="against the year before")
    differs: bool = Field(description="a source says otherwise for the same day")
    stated: list[StatedOut]
    responsible: Named | None = None
    serves: str = Field(description="code of the target of the plan above to which it adds")
    basis: str


class PlanStepOut(Schema):
    """What was done."""

    kind: str
    on: date
    at: datetime
    by: str
    agency: str
    words: str
    document: str


class PlanBody(PlanItem):
    """One plan with its targets against what is reached."""

    on: date = Field(description="the day of the actual values")
    directive_id: UUID | None = Field(None, description="what it carries out")
    tied_to_id: UUID | None = Field(None, description="the socio-economic plan")
    issued_id: UUID | None = Field(None, description="the document as which it was issued")
    texts: dict[str, str] = Field(description="its chapters by code")
    targets: list[TargetOut]
    tasks: list[TaskItem]
    parts: list[PlanItem]
    steps: list[PlanStepOut]


class ActualIn(Strict):
    """What a source says of a target as of a day; said again, it replaces what the source said of that day."""

    code: str = text(40, ..., least=1)
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=4, ge=-(10**15), le=10**15)]
    as_of: Day
    source: str = text(200, ..., least=1)


class RetireIn(Strict):
    stated_id: UUID
