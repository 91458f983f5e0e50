"""Steering committees: who sits in them, their meetings with papers and conclusions, entering a conclusion."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api import naming
from hoptac.api.declaring import Cursor, Id, Limit, Operations, Versioned, page_of, there
from hoptac.api.files import MEDIA_TYPES, as_file
from hoptac.api.operations.tasks import named
from hoptac.api.schemas import Day
from hoptac.api.schemas.committees import (
    CommitteeBody,
    CommitteeListed,
    ConclusionIn,
    MeetingBody,
    MeetingsPage,
    StrikeIn,
)
from hoptac.committees import actions, papers, selectors
from hoptac.committees.models import AgendaItem, Committee, Meeting, Member
from hoptac.committees.models.committees import KEEP, VIEW
from hoptac.foundation.access import Context
from hoptac.foundation.documents.kinds import KINDS
from hoptac.foundation.documents.serving import handed_out

matter = Operations("committees")


@matter.reads("/committees", list[CommitteeListed], "Steering committees", needs=VIEW)
def committees(
    ctx: Context, unit: UUID | None = None, on: Annotated[Day | None, Query(description="existed on it")] = None
) -> Any:  # fmt: skip
    """The committees of the caller's provinces, those that exist first."""
    found: Any = selectors.committees_seen(ctx)
    if unit is not None:
        found = found.filter(unit=unit)
    if on is not None:
        found = found.existing(on)
    return [_committee(c) | {"sitting": c.sitting} for c in found]


@matter.reads("/committees/{id}", CommitteeBody, "One committee", needs=VIEW)
def committee(ctx: Context, pk: Id, on: Day | None = None) -> Versioned:
    """A committee with who sits in it and answers for what, today or ``on`` a day, and its open conclusions."""
    found, day = there(selectors.committee_seen(ctx, pk)), on or ctx.today
    body = _committee(found) | {
        "on": day, "members": [_member(m) for m in selectors.members_on(ctx, found, day)],
        "regulations": [
            {"title": r.title, "decision": r.decision, "in_force_on": r.in_force_on}
            for r in found.regulations.order_by("-in_force_on")
        ],
        "open_conclusions": [_conclusion(f) for f in selectors.open_conclusions(ctx, found)],
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.reads("/committees/{id}/meetings", MeetingsPage, "Its meetings", needs=VIEW)
def meetings(ctx: Context, pk: Id, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Its meetings: of the own committees all, of others the open ones; the last planned first."""
    found = there(selectors.committee_seen(ctx, pk))
    rows, more = page_of(selectors.meetings_seen(ctx, found), cursor, limit)
    return {"items": [_meeting(m) for m in rows], "next_cursor": more, "as_of": ctx.today}


@matter.reads("/meetings/{id}", MeetingBody, "One meeting", needs=VIEW)
def meeting(ctx: Context, pk: Id) -> Versioned:
    """A meeting with its agenda, papers, attendance, minutes and conclusions. Its ETag is its version."""
    found = there(selectors.meeting_seen(ctx, pk))
    body = _meeting(found) | {
        "agenda": [_matter(i) for i in selectors.agenda_of(ctx, found)],
        "attendance": [
            {
                "member_id": s.member.pk, "name": s.member.name, "seat": s.member.seat,
                "presence": s.attendance.presence if s.attendance else None,
                "words": s.attendance.words if s.attendance else "",
            }
            for s in selectors.seated(found)
        ],
        "conclusions": [_conclusion(f) for f in selectors.conclusions_of(ctx, found)],
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.hands_out("/meetings/{id}/files/{file}", KINDS, "A paper of a meeting", needs=VIEW)
def meeting_file(ctx: Context, pk: Id, file: UUID) -> HttpResponseBase:
    """A paper, the invitation as sent or the minutes as adopted."""
    found = there(selectors.meeting_seen(ctx, pk))
    return handed_out(there(selectors.meeting_file(ctx, found, file)))


@matter.hands_out(
    "/meetings/{id}/document", MEDIA_TYPES.values(), "Invitation, minutes, notice", needs=VIEW
)
def meeting_document(
    ctx: Context, pk: Id, what: Literal["invitation", "minutes", "conclusions"] = "minutes",
    format: Literal["pdf", "docx"] = "pdf",
) -> HttpResponseBase:  # fmt: skip
    """The invitation, the minutes or the notice of conclusions as it stands now, as PDF or Word."""
    found = there(selectors.meeting_seen(ctx, pk))
    return as_file(papers.printed(ctx, found, what), format)


def _kept(ctx: Context, pk: UUID) -> Meeting | None:
    """Return a meeting of a committee that the caller keeps."""
    found = selectors.meeting_seen(ctx, pk)
    return found if found is not None and found.is_within(ctx, KEEP) else None


@matter.acts("/meetings/{id}/conclusions", "Enter a conclusion", needs=KEEP, upon=_kept)
def add_conclusion(ctx: Context, meeting: Meeting, version: int, data: ConclusionIn) -> Meeting:
    """Write down what a meeting concluded; issued, it becomes a task of the agency named."""
    item = None
    if data.item_id is not None:
        item = selectors.item_seen(ctx, data.item_id)
        if item is None or item.meeting_id != meeting.pk:
            raise naming.unknown("item_id", _("There is no such matter on the agenda."))
    actions.add_conclusion(
        ctx, meeting, content=data.content, kind=data.kind.value, item=item, due_on=data.due_on,
        lead=naming.agency(ctx, data.lead_id, "lead_id") if data.lead_id else None,
        expected_version=version,
    )  # fmt: skip
    return meeting


@matter.acts("/meetings/{id}/conclusions/removal", "Strike a conclusion", needs=KEEP, upon=_kept)
def strike_conclusion(ctx: Context, meeting: Meeting, version: int, data: StrikeIn) -> Meeting:
    """Strike a conclusion that is not issued yet; it stays on record."""
    found = selectors.conclusion_seen(ctx, data.conclusion_id)
    if found is None or found.meeting_id != meeting.pk:
        raise naming.unknown("conclusion_id", _("There is no such conclusion."))
    actions.drop_conclusion(ctx, meeting, conclusion=found, expected_version=version)
    return meeting


# --- Parts of answers


def _committee(c: Committee) -> dict[str, Any]:
    return {
        "id": c.pk, "name": c.name, "unit_id": c.unit_id, "unit": c.unit.full_name,
        "standing": named(c.standing), "founding": c.founding, "since": c.valid.lower,
        "until": c.valid.upper, "successor_id": c.successor_id, "version": c.version,
    }  # fmt: skip


def _member(m: Member) -> dict[str, Any]:
    charged: list[Any] = m.charged  # type: ignore[attr-defined]
    return {
        "id": m.pk, "name": m.name, "post": m.post, "agency": named(m.agency), "seat": m.seat,
        "since": m.valid.lower, "until": m.valid.upper, "decision": m.decision,
        "charges": [
            {
                "content": c.content, "unit_id": c.unit_id, "since": c.since,
                "directive_id": c.directive_id if c.shown_directive else None,
                "task_id": c.task_id if c.shown_task else None,
            }
            for c in charged
        ],
    }  # fmt: skip


def _meeting(m: Meeting) -> dict[str, Any]:
    return {
        "id": m.pk, "committee_id": m.committee_id, "number": m.number, "kind": m.kind, "title": m.title,
        "starts_at": m.starts_at, "ends_at": m.ends_at, "place": m.place, "chair": m.chair.name,
        "state": m.state, "adopted_on": m.adopted_on, "notice_id": m.notice_id, "is_open": m.is_open,
        "version": m.version,
    }  # fmt: skip


def _matter(i: AgendaItem) -> dict[str, Any]:
    shown: list[Any] = i.shown  # type: ignore[attr-defined]
    return {
        "id": i.pk, "title": i.title, "presenter": i.presenter, "planned_minutes": i.planned_minutes,
        "said": i.said,
        "papers": [
            {
                "name": p.name, "file_id": p.file_id, "directive_id": p.directive_id,
                "task_id": p.task_id,
            }
            for p in shown
        ],
    }  # fmt: skip


def _conclusion(f: selectors.Followed) -> dict[str, Any]:
    c = f.conclusion
    return {
        "id": c.pk, "meeting_id": c.meeting_id, "position": c.position, "kind": c.kind,
        "content": c.content, "item_id": c.item_id, "lead": named(c.lead), "due_on": c.due_on,
        "task_id": c.task_id if f.is_linked else None, "task_state": f.task.state if f.task else None,
        "days_late": f.days_late,
    }  # fmt: skip
