"""Planning a meeting, its agenda and papers, inviting, who came, minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.committees import papers
from hoptac.committees.checks import refuse, refuse_passed, said
from hoptac.committees.models import AgendaItem, Attendance, Committee, Meeting, Member, Paper
from hoptac.committees.models.committees import KEEP
from hoptac.committees.terms import CHAIRS, MeetingKind, MeetingState, Presence
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.tasks.models import Task

_S = MeetingState
_MOST_ITEM_MINUTES = 600


def touch(ctx: Context, meeting: Meeting) -> None:
    """Keep what was changed of a meeting under the running act."""
    meeting.version += 1
    meeting.act_id = act_of(ctx)
    meeting.save()


def refuse_unless(meeting: Meeting, *states: MeetingState) -> None:
    """Refuse what is not possible from where a meeting stands.

    :raises Refused: saying where it stands
    """
    if meeting.state not in states:
        message = _("This is not possible now: the meeting stands at “%(state)s”.")
        refuse("state_passed", message % {"state": meeting.get_state_display()})


def refuse_adopted(meeting: Meeting) -> None:
    """Refuse to change what was adopted as minutes.

    :raises Refused: the minutes are adopted
    """
    if meeting.adopted_on is not None:
        refuse("minutes_adopted", _("The minutes are adopted: they are not changed any more."))


def _refuse_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        refuse("hours_reversed", _("The meeting ends before it begins."), "ends_at")


def _refuse_chair(committee: Committee, chair: Member, starts_at: datetime) -> None:
    day = timezone.localtime(starts_at).date()
    if chair.committee_id != committee.pk:
        raise OutOfReach(KEEP)
    if chair.seat not in CHAIRS or not chair.sits_on(day):
        message = _("A meeting is led by the head or a deputy who is in office on that day.")
        refuse("chair_impossible", message, "chair")


@action(KEEP, name="committees.plan_meeting")
def plan_meeting(
    ctx: Context,
    committee: Committee,
    *,
    kind: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    chair: Member,
) -> Meeting:
    """Plan a meeting; it bears the committee's next number, and members see it from now on.

    :raises Refused: something is not said, the hours are the wrong way round, the committee is no more on the
        day, or the chair cannot lead it
    """
    values = said({"title": title, "place": place}, title=300, place=200)
    if kind not in MeetingKind.values:
        refuse("kind_unknown", _("Choose one."), "kind")
    _refuse_times(starts_at, ends_at)
    if timezone.localtime(starts_at).date() not in committee.valid:
        refuse("committee_not_there", _("On this day the committee does not exist."), "starts_at")
    _refuse_chair(committee, chair, starts_at)
    last = committee.meetings.aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting.objects.create(
        committee=committee, number=last + 1, kind=kind, starts_at=starts_at, ends_at=ends_at, chair=chair,
        act_id=act_of(ctx), **values,
    )  # fmt: skip
    note(ctx, subject=meeting, number=meeting.number, title=meeting.title, starts_at=starts_at)
    return meeting


@action(KEEP, name="committees.move_meeting")
def move_meeting(
    ctx: Context,
    meeting: Meeting,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    chair: Member,
    expected_version: int | None = None,
) -> Meeting:
    """Change when, where, about what and under whom a meeting is held; who was invited already is told.

    :raises Refused: as :func:`plan_meeting`, or the meeting was held or cancelled
    """
    refuse_passed(meeting, expected_version)
    refuse_unless(meeting, _S.PLANNED, _S.INVITED)
    values = said({"title": title, "place": place}, title=300, place=200)
    _refuse_times(starts_at, ends_at)
    if timezone.localtime(starts_at).date() not in meeting.committee.valid:
        refuse("committee_not_there", _("On this day the committee does not exist."), "starts_at")
    _refuse_chair(meeting.committee, chair, starts_at)
    before = {"starts_at": meeting.starts_at, "place": meeting.place}
    meeting.title, meeting.place = values["title"], values["place"]
    meeting.starts_at, meeting.ends_at, meeting.chair = starts_at, ends_at, chair
    touch(ctx, meeting)
    if meeting.state == _S.INVITED:
        announce(ctx, "committees.meeting_moved", meeting=meeting)
    note(ctx, before=before, starts_at=starts_at, place=meeting.place)
    return meeting


@action(KEEP, name="committees.add_item")
def add_item(
    ctx: Context, meeting: Meeting, *, title: str, presenter: str = "", planned_minutes: int = 15
) -> AgendaItem:
    """Put a matter on the agenda, last; also during the meeting, until the minutes are adopted.

    :raises Refused: it says nothing, or the meeting was cancelled or its minutes adopted
    """
    refuse_unless(meeting, _S.PLANNED, _S.INVITED, _S.HELD)
    refuse_adopted(meeting)
    values = said({"title": title}, title=300)
    if not 1 <= planned_minutes <= _MOST_ITEM_MINUTES:
        refuse("minutes_impossible", _("Plan between 1 and 600 minutes."), "planned_minutes")
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting, position=last + 1, presenter=tidy(presenter)[:200], planned_minutes=planned_minutes,
        act_id=act_of(ctx), **values,
    )  # fmt: skip
    touch(ctx, meeting)
    note(ctx, item=item.pk, title=item.title)
    return item


@action(KEEP, name="committees.move_item")
def move_item(ctx: Context, item: AgendaItem, *, up: bool) -> AgendaItem:
    """Move a matter one place up or down on the agenda; at the end of the list nothing changes.

    :raises Refused: the meeting was cancelled or its minutes adopted
    """
    meeting = _item_to_change(item)
    items = list(meeting.items.filter(retired_by__isnull=True).order_by("position", "id"))
    place = [i.pk for i in items].index(item.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
        for position, one in enumerate(items, start=1):
            if one.position != position:
                one.position, one.act_id = position, act_of(ctx)
                one.save()
        touch(ctx, meeting)
    note(ctx, subject=meeting, title=item.title, up=up)
    return item


@action(KEEP, name="committees.drop_item")
def drop_item(ctx: Context, item: AgendaItem) -> AgendaItem:
    """Take a matter off the agenda.

    :raises Refused: minutes or conclusions of it are written, or the meeting is over for changes
    """
    meeting = _item_to_change(item)
    written = item.said.strip() or meeting.conclusions.filter(item=item, retired_by__isnull=True).exists()  # fmt: skip
    if written:
        refuse("item_was_dealt_with", _("Minutes or conclusions of this matter are written."))
    item.retired_by = act_of(ctx)
    item.save()
    touch(ctx, meeting)
    note(ctx, subject=meeting, title=item.title)
    return item


def _item_to_change(item: AgendaItem) -> Meeting:
    if item.retired_by is not None:
        refuse("dropped_already", _("This matter is off the agenda."))
    refuse_unless(item.meeting, _S.PLANNED, _S.INVITED, _S.HELD)
    refuse_adopted(item.meeting)
    return item.meeting


@action(KEEP, name="committees.add_paper")
def add_paper(
    ctx: Context,
    item: AgendaItem,
    *,
    name: str = "",
    file: tuple[str, bytes] | None = None,
    directive: Directive | None = None,
    task: Task | None = None,
) -> Paper:
    """Lay a paper to a matter: a file, a directive or a task; exactly one.

    :raises Refused: none or more than one, a file that is not kept, or the meeting is over for changes
    """
    meeting = _item_to_change(item)
    given = [x for x in (file, directive, task) if x is not None]
    if len(given) != 1:
        refuse("one_paper", _("Give one: a file, a directive or a task."), "file")
    stored = None
    if file is not None:
        stored = store(ctx, file[1], name=file[0], media_type=media_type_of(file[0]))
    shown = tidy(name) or (stored.name if stored else str(directive or task))
    paper = Paper.objects.create(
        item=item, name=shown[:300], file=stored, directive=directive, task=task, act_id=act_of(ctx)
    )
    note(ctx, subject=meeting, title=item.title, paper=paper.name)
    return paper


@action(KEEP, name="committees.drop_paper")
def drop_paper(ctx: Context, paper: Paper) -> Paper:
    """Take a paper back from a matter; it stays on record.

    :raises Refused: it was taken back already, or the meeting is over for changes
    """
    meeting = _item_to_change(paper.item)
    if paper.retired_by is not None:
        refuse("dropped_already", _("This paper was taken back."))
    paper.retired_by = act_of(ctx)
    paper.save()
    note(ctx, subject=meeting, paper=paper.name)
    return paper


@action(KEEP, name="committees.invite")
def invite(
    ctx: Context, meeting: Meeting, *, number: str, expected_version: int | None = None
) -> Meeting:
    """Send the invitation out: its printed form is kept, and every member with an account is told.

    :raises Refused: nothing is on the agenda, its day has passed, it bears no number, or it was sent already
    """
    refuse_passed(meeting, expected_version)
    refuse_unless(meeting, _S.PLANNED)
    values = said({"number": number}, number=40)
    if not meeting.items.filter(retired_by__isnull=True).exists():
        refuse("no_agenda", _("There is no agenda: enter at least one matter first."))
    if timezone.localtime(meeting.starts_at).date() < ctx.today:
        refuse("day_passed", _("The day of the meeting has passed."))
    meeting.invitation_number, meeting.invited_on = values["number"], ctx.today
    meeting.state = _S.INVITED
    printed = papers.invitation(meeting)
    meeting.invitation = papers.kept(ctx, printed)
    touch(ctx, meeting)
    announce(ctx, "committees.invited", meeting=meeting)
    note(ctx, number=values["number"], starts_at=meeting.starts_at)
    return meeting


@action(KEEP, name="committees.cancel_meeting")
def cancel_meeting(
    ctx: Context, meeting: Meeting, *, words: str, expected_version: int | None = None
) -> Meeting:
    """Call a meeting off; who was invited is told why.

    :raises Refused: no reason, or it was held or called off already
    """
    refuse_passed(meeting, expected_version)
    refuse_unless(meeting, _S.PLANNED, _S.INVITED)
    values = said({"words": words}, words=500)
    was_invited = meeting.state == _S.INVITED
    meeting.state, meeting.cancelled_because = _S.CANCELLED, values["words"]
    touch(ctx, meeting)
    if was_invited:
        announce(ctx, "committees.meeting_cancelled", meeting=meeting)
    note(ctx, words=values["words"])
    return meeting


Came = Mapping[UUID, tuple[str, str]]
"""Of each member by id: the presence, and the reason or who came instead."""


@action(KEEP, name="committees.hold_meeting")
def hold_meeting(
    ctx: Context, meeting: Meeting, *, came: Came, expected_version: int | None = None
) -> Meeting:
    """Note that a meeting is held and who came; again until the minutes are adopted, as people arrive.

    :raises Refused: its day lies ahead, nothing is on the agenda, somebody is not a member on the day, or is
        absent without reason or substitute's name
    """
    refuse_passed(meeting, expected_version)
    refuse_unless(meeting, _S.PLANNED, _S.INVITED, _S.HELD)
    refuse_adopted(meeting)
    day = timezone.localtime(meeting.starts_at).date()
    if day > ctx.today:
        refuse("not_yet_held", _("The meeting has not been held yet."))
    if not meeting.items.filter(retired_by__isnull=True).exists():
        refuse("no_agenda", _("There is no agenda: enter at least one matter first."))
    sitting = {m.pk: m for m in meeting.committee.members.on(day)}
    findings = []
    for pk, (presence, words) in came.items():
        if pk not in sitting or presence not in Presence.values:
            raise OutOfReach(KEEP)
        if presence != Presence.PRESENT and not words.strip():
            message = _("%(name)s: give the reason, or who came instead.")
            findings.append(
                Finding("reason_missing", message % {"name": sitting[pk].name}, field=f"words_{pk}")
            )
    if findings:
        raise Refused(*findings)
    for pk, (presence, words) in came.items():
        Attendance.objects.update_or_create(
            meeting=meeting, member=sitting[pk],
            defaults={"presence": presence, "words": tidy(words)[:200], "act_id": act_of(ctx)},
        )  # fmt: skip
    meeting.state = _S.HELD
    touch(ctx, meeting)
    note(
        ctx,
        came=sum(1 for presence, _words in came.values() if presence != Presence.ABSENT),
        of=len(sitting),
    )
    return meeting


@action(KEEP, name="committees.write_minutes")
def write_minutes(
    ctx: Context,
    meeting: Meeting,
    *,
    said_of: Mapping[UUID, str],
    expected_version: int | None = None,
) -> Meeting:
    """Write what was said of each matter, by the matter's id; again until the minutes are adopted.

    :raises Refused: the meeting has not been held, or the minutes are adopted
    """
    refuse_passed(meeting, expected_version)
    if meeting.state in {_S.PLANNED, _S.INVITED}:
        refuse("not_yet_held", _("The meeting has not been held yet."))
    refuse_unless(meeting, _S.HELD)
    refuse_adopted(meeting)
    items = {i.pk: i for i in meeting.items.filter(retired_by__isnull=True)}
    if set(said_of) - set(items):
        raise OutOfReach(KEEP)
    changed = []
    for pk, text in said_of.items():
        if items[pk].said != text.strip():
            items[pk].said, items[pk].act_id = text.strip(), act_of(ctx)
            items[pk].save()
            changed.append(items[pk].title)
    touch(ctx, meeting)
    note(ctx, items=changed)
    return meeting


@action(KEEP, name="committees.adopt_minutes")
def adopt_minutes(
    ctx: Context, meeting: Meeting, *, expected_version: int | None = None
) -> Meeting:
    """Close the minutes as its chair adopted them: their printed form is kept, nothing is changed any more.

    :raises Refused: it was not held, nobody's coming is noted, a matter has no minutes, or they are adopted
    """
    refuse_passed(meeting, expected_version)
    if meeting.state in {_S.PLANNED, _S.INVITED}:
        refuse("not_yet_held", _("The meeting has not been held yet."))
    refuse_unless(meeting, _S.HELD)
    refuse_adopted(meeting)
    if not meeting.attendances.exists():
        refuse("nobody_noted", _("Note first who came."))
    silent = meeting.items.filter(retired_by__isnull=True, said="").order_by("position").first()
    if silent is not None:
        refuse(
            "item_without_minutes",
            _("Nothing is written of “%(title)s”.") % {"title": silent.title},
        )
    meeting.adopted_on, meeting.adopted_by = ctx.today, meeting.chair
    meeting.minutes = papers.kept(ctx, papers.minutes(meeting))
    touch(ctx, meeting)
    note(ctx, adopted_by=meeting.chair.name)
    return meeting
