"""The shapes of tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hoptac.api.schemas import WRITTEN, Day, FileIn, Named, Strict, text
from hoptac.directives.terms import Reach
from hoptac.tasks.terms import Direction, Rhythm

Agencies = Annotated[list[UUID], Field(max_length=300)]


class TaskItem(Schema):
    """A task as a list shows it."""

    id: UUID
    number: str
    title: str
    state: str
    chain: str = Field(description="line of command of whoever assigned it: party or state")
    assigner: Named
    lead: Named | None = None
    directive_id: UUID | None = None
    section: str = Field(description="of the directive")
    parent_id: UUID | None = Field(None, description="the task of which it is a part")
    product: str
    rhythm: str
    due_on: date | None = None
    days_late: int = Field(description="calendar days since the due day; 0 in time or reported")
    percent: int
    done_on: date | None = None
    reach: str = Field(description="open: every officer reads it; recipients: its parties")
    version: int = Field(description="the ETag; an act sends it back as If-Match")


class TaskPage(Schema):
    """A page of tasks."""

    items: list[TaskItem]
    next_cursor: UUID | None = Field(None, description="send it as cursor; null on the last page")
    as_of: date


class AssignmentOut(Schema):
    """An agency's part in a task, from one day to another."""

    id: UUID
    agency: Named
    part: str = Field(description="lead or coordinating")
    chain: str
    assigned_by: Named
    given_on_by: UUID | None = Field(None, description="the assignment above, which still answers")
    since: date
    until: date | None = None
    ended: str
    answer: str
    answered_on: date | None = None
    reason: str = Field(description="of a refusal")
    officer: str
    is_own: bool = Field(description="the caller answers for this agency")


class TermOut(Schema):
    """One due day of a task."""

    id: UUID
    label: str
    begins_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    first_due_on: date | None = Field(None, description="the day first set, once it was moved")
    state: str
    percent: int
    result: str
    reported_on: date | None = None
    judged_on: date | None = None
    judgement: str


class IndicatorReading(Schema):
    """A computed figure that shows how far a task is, as of today."""

    id: UUID
    measure: str
    name: str
    unit: str
    parameters: dict[str, Any]
    unit_id: UUID | None = None
    direction: str
    baseline_on: date
    baseline: float | None = None
    target: float
    target_on: date
    value: float | None = None
    on: date
    percent: int | None = Field(None, description="of the way from baseline to target")
    href: str = Field(description="page of the records behind it")
    basis: str


class ProofOut(Schema):
    """What was brought to show it: a file, a document, a record or a figure."""

    id: UUID
    kind: str
    words: str
    name: str
    file_id: UUID | None = Field(None, description="GET /tasks/{id}/files/{file}")
    sha256: str | None = None
    size: int | None = None
    directive_id: UUID | None = None
    href: str
    reading: dict[str, Any]


class TaskStepOut(Schema):
    """What was done, with what showed it."""

    kind: str
    on: date
    at: datetime
    by: str
    agency: str
    to_agency: str
    chain: str
    percent: int | None = None
    words: str
    difficulty: str
    proposal: str
    proofs: list[ProofOut]


class RolledOut(Schema):
    """How a task stands with all its parts."""

    percent: int | None = None
    tasks: int
    done: int
    late: int
    open: int


class TaskBody(TaskItem):
    """One task with everything of it that the caller may read."""

    content: str
    due_words: str
    starts_on: date | None = None
    ends_on: date | None = None
    rolled_up: RolledOut
    assignments: list[AssignmentOut]
    terms: list[TermOut]
    extension_requests: list[ExtensionOut] | None = Field(
        None, description="the latest first; null for who neither takes part nor oversees"
    )
    parts: list[TaskItem]
    needs: list[TaskItem] = Field(description="tasks that must be done first")
    indicators: list[IndicatorReading]
    steps: list[TaskStepOut] | None = Field(
        None, description="the latest first; null for who neither takes part nor oversees"
    )


class ExtensionOut(Schema):
    """A request for more time."""

    id: UUID
    agency: Named
    asked_on: date
    due_before: date
    wanted_on: date
    words: str
    state: str = Field(description="waiting, granted, refused, withdrawn or lapsed")
    decided_on: date | None = None
    granted_on: date | None = None
    answer: str


class ParameterOut(Schema):
    """What a measure may be narrowed by."""

    name: str
    label: str
    choices: dict[str, str] = Field(description="code and name")


class MeasureOut(Schema):
    """A figure that the system computes."""

    code: str
    name: str
    unit: str
    definition: str
    counts_since: bool = Field(description="counts what happened since the baseline")
    parameters: list[ParameterOut]


# --- What is sent


class DueIn(Strict):
    """When a task is due: once on a day, or in every period (month and day 0: its last day)."""

    rhythm: Rhythm = Rhythm.ONCE
    due_on: Day | None = None
    month: int = Field(0, ge=0, le=15, description="of the period; 13: January of the next year")
    day: int = Field(0, ge=0, le=31)
    starts_on: Day | None = None
    ends_on: Day | None = None


class TaskIn(Strict):
    """A task that an agency orders; below a parent it is a part of it."""

    title: str = text(300, ..., least=1)
    assigner_id: UUID = Field(description="an agency for which the caller orders tasks")
    directive_id: UUID | None = None
    parent_id: UUID | None = None
    section: str = text(60, "")
    content: str = text(20_000, "")
    product: str = text(300, "")
    reach: Reach = Reach.OPEN
    due: DueIn | None = None


class TaskChangeIn(Strict):
    """Words to be changed; what is left out stays."""

    title: str | None = text(300)
    section: str | None = text(60)
    content: str | None = text(20_000)
    product: str | None = text(300)
    due: DueIn | None = Field(None, description="only before it is assigned")


class AssignIn(Strict):
    lead_id: UUID
    coordinating_ids: Agencies = []
    due: DueIn | None = Field(None, description="only before it is assigned")
    words: str = text(2000, "")


class SpreadIn(Strict):
    """Each agency gets a part of its own."""

    agency_ids: Agencies = Field(min_length=1)
    words: str = text(2000, "")
    due: DueIn | None = Field(None, description="only before it is assigned")


class HelperIn(Strict):
    agency_id: UUID
    words: str = text(2000, "")


class OfLine(Strict):
    """``assignment_id`` says for which agency, where the caller speaks for several that take part."""

    assignment_id: UUID | None = None


class AcceptTaskIn(OfLine):
    officer: str = Field(
        "", max_length=150, pattern=WRITTEN, description="user name of who follows it in the agency"
    )
    words: str = text(2000, "")


class ReasonIn(OfLine):
    words: str = text(2000, ..., least=1)


class HandOnIn(ReasonIn):
    to_id: UUID = Field(description="the agency whose business it is")


class GiveOnIn(OfLine):
    lead_id: UUID
    coordinating_ids: Agencies = []
    words: str = text(2000, "")


class ReleaseIn(ReasonIn):
    released_id: UUID = Field(description="the assignment that was given on")


class ProofIn(Strict):
    """Exactly one of a file, a document, a record of the system, or an indicator tied to the task."""

    words: str = text(300, "")
    file: FileIn | None = None
    directive_id: UUID | None = None
    record: str | None = Field(
        None, max_length=300, pattern=r"^/[^\x00]*$", description="path of a page of this system"
    )
    indicator_id: UUID | None = None


class ProgressIn(OfLine):
    """How far an agency is; files come within, at most 20 MB of JSON altogether."""

    words: str = text(2000, "")
    percent: int | None = Field(None, ge=0, le=100)
    difficulty: str = text(2000, "")
    proposal: str = text(2000, "")
    proofs: list[ProofIn] = Field([], max_length=20)


class ReportIn(OfLine):
    result: str = text(2000, ..., least=1)
    difficulty: str = text(2000, "")
    proposal: str = text(2000, "")
    proofs: list[ProofIn] = Field(min_length=1, max_length=20)


class WithdrawIn(OfLine):
    words: str = text(2000, "")


class JudgeIn(Strict):
    """The judgement of what was reported; ``not_done`` closes a term whose day has passed."""

    verdict: Literal["done", "returned", "not_done"]
    words: str = text(1000, "")


class ExtendIn(Strict):
    due_on: Day
    words: str = text(2000, ..., least=1)


class AskExtensionIn(ReasonIn):
    due_on: Day


class DecideExtensionIn(Strict):
    """``words`` are needed to refuse."""

    verdict: Literal["granted", "refused"]
    due_on: Day | None = Field(None, description="granted: another day than the one asked for")
    words: str = text(2000, "")


class CancelIn(Strict):
    words: str = text(2000, ..., least=1)


class ReopenIn(Strict):
    words: str = text(2000, ..., least=1)
    due_on: Day | None = None


class TieIn(Strict):
    """A computed figure to be tied: its value on ``baseline_on`` is where it sets out."""

    code: str = Field(max_length=60, pattern=r"^[a-z0-9_.]+$", description="of the measures")
    target: float = Field(ge=-(10**15), le=10**15, allow_inf_nan=False)
    target_on: Day
    baseline_on: Day
    direction: Direction = Direction.AT_LEAST
    parameters: dict[str, Annotated[str, Field(max_length=60)]] = Field({}, max_length=10)
    unit_id: UUID | None = None
    basis: str = text(200, "")


class UntieIn(Strict):
    indicator_id: UUID


class WaitIn(Strict):
    needed_id: UUID
    waits: bool = Field(True, description="false: it waits no more")
