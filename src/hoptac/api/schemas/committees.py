"""The shapes of steering committees and their meetings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import Day, Named, Strict, text
from hoptac.committees.terms import ConclusionKind


class CommitteeItem(Schema):
    """A committee as a list shows it."""

    id: UUID
    name: str
    unit_id: UUID
    unit: str
    standing: Named = Field(description="the agency that keeps it")
    founding: str
    since: date
    until: date | None = Field(None, description="the first day on which it no longer exists")
    successor_id: UUID | None = None
    version: int


class CommitteeListed(CommitteeItem):
    """A committee with how many sit in it today."""

    sitting: int


class ChargeOut(Schema):
    """What a member answers for."""

    content: str
    unit_id: UUID | None = None
    directive_id: UUID | None = Field(None, description="only where the caller may read it")
    task_id: UUID | None = Field(None, description="only where the caller may see it")
    since: date


class MemberOut(Schema):
    """Somebody's seat."""

    id: UUID
    name: str
    post: str
    agency: Named | None = None
    seat: str
    since: date
    until: date | None = None
    decision: str
    charges: list[ChargeOut]


class RegulationOut(Schema):
    """A version of the working regulation."""

    title: str
    decision: str
    in_force_on: date


class ConclusionOut(Schema):
    """A conclusion, and how its task stands."""

    id: UUID
    meeting_id: UUID
    position: int
    kind: str
    content: str
    item_id: UUID | None = None
    lead: Named | None = None
    due_on: date | None = None
    task_id: UUID | None = Field(None, description="only where the caller may see it")
    task_state: str | None = Field(None, description="null until the conclusions are issued")
    days_late: int


class CommitteeBody(CommitteeItem):
    """One committee on a day."""

    on: date
    members: list[MemberOut]
    regulations: list[RegulationOut]
    open_conclusions: list[ConclusionOut] = Field(
        description="of the meetings that the caller reads"
    )


class MeetingItem(Schema):
    """A meeting as a list shows it."""

    id: UUID
    committee_id: UUID
    number: int
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    chair: str
    state: str
    adopted_on: date | None = None
    notice_id: UUID | None = Field(None, description="the notice of conclusions, a directive")
    is_open: bool = Field(description="every officer reads it")
    version: int


class MeetingsPage(Schema):
    """A page of meetings."""

    items: list[MeetingItem]
    next_cursor: UUID | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class LaidOut(Schema):
    """A paper laid to a matter."""

    name: str
    file_id: UUID | None = Field(None, description="GET /meetings/{id}/files/{file}")
    directive_id: UUID | None = None
    task_id: UUID | None = None


class AgendaOut(Schema):
    """A matter of the agenda, and what the minutes say of it."""

    id: UUID
    title: str
    presenter: str
    planned_minutes: int
    said: str
    papers: list[LaidOut]


class CameOut(Schema):
    """A member and whether they came."""

    member_id: UUID
    name: str
    seat: str
    presence: str | None = Field(None, description="null until it is noted")
    words: str


class MeetingBody(MeetingItem):
    """One meeting."""

    agenda: list[AgendaOut]
    attendance: list[CameOut]
    conclusions: list[ConclusionOut]


class ConclusionIn(Strict):
    """A conclusion; one that asks for work names who answers for it and by when."""

    content: str = text(20_000, ..., least=1)
    kind: ConclusionKind = ConclusionKind.TASK
    item_id: UUID | None = Field(None, description="the matter of the agenda")
    lead_id: UUID | None = None
    due_on: Day | None = None


class StrikeIn(Strict):
    conclusion_id: UUID
