"""What a meeting concluded, and how its conclusions become tasks."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.committees import papers
from hoptac.committees.actions.meeting import refuse_unless, touch
from hoptac.committees.checks import refuse, refuse_agency, refuse_passed, said
from hoptac.committees.models import AgendaItem, Committee, Conclusion, Meeting
from hoptac.committees.models.committees import KEEP
from hoptac.committees.terms import ConclusionKind, MeetingState
from hoptac.directives.actions import distribute, record_directive
from hoptac.directives.terms import DirectiveKind, Level, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import heirs_of
from hoptac.tasks.actions import assign, create_task
from hoptac.tasks.chains import chain_of
from hoptac.tasks.models.tasks import speaks_for


@action(KEEP, name="committees.add_conclusion")
def add_conclusion(
    ctx: Context,
    meeting: Meeting,
    *,
    content: str,
    kind: str = ConclusionKind.TASK.value,
    item: AgendaItem | None = None,
    lead: Agency | None = None,
    due_on: date | None = None,
    expected_version: int | None = None,
) -> Conclusion:
    """Write down a conclusion; one that asks for work names who answers for it and by when.

    :raises Refused: it says nothing, a task has no agency or day or the day lies before the meeting, or the
        meeting has not been held or its conclusions are issued
    """
    refuse_passed(meeting, expected_version)
    if meeting.state in {MeetingState.PLANNED, MeetingState.INVITED}:
        refuse("not_yet_held", _("The meeting has not been held yet."))
    refuse_unless(meeting, MeetingState.HELD)
    _refuse_issued(meeting)
    if not content.strip():
        refuse("field_missing", _("This must be filled in."), "content")
    if kind not in ConclusionKind.values:
        refuse("kind_unknown", _("Choose one."), "kind")
    if item is not None and (item.meeting_id != meeting.pk or item.retired_by is not None):
        raise OutOfReach(KEEP)
    if kind == ConclusionKind.NOTED:
        lead = due_on = None
    elif lead is None:
        refuse("no_owner", _("Say which agency answers for it."), "lead")
    elif due_on is None:
        refuse("no_day", _("Say by when it is done."), "due_on")
    else:
        refuse_agency(lead, meeting.committee.province_code, ctx.today, "lead")
        if due_on < timezone.localtime(meeting.starts_at).date():
            refuse("due_passed", _("The day lies before the meeting."), "due_on")
    last = meeting.conclusions.aggregate(last=Max("position"))["last"] or 0
    found = Conclusion.objects.create(
        meeting=meeting, item=item, position=last + 1, kind=kind, content=content.strip(), lead=lead, due_on=due_on,
        act_id=act_of(ctx),
    )  # fmt: skip
    touch(ctx, meeting)
    note(ctx, position=found.position, lead=lead and lead.name, due_on=due_on)
    return found


@action(KEEP, name="committees.drop_conclusion")
def drop_conclusion(
    ctx: Context, meeting: Meeting, *, conclusion: Conclusion, expected_version: int | None = None
) -> Conclusion:
    """Strike a conclusion that is not issued yet; it stays on record.

    :raises OutOfReach: it is none of this meeting
    :raises Refused: the conclusions are issued, or it was struck already
    """
    refuse_passed(meeting, expected_version)
    if conclusion.meeting_id != meeting.pk:
        raise OutOfReach(KEEP)
    _refuse_issued(meeting)
    conclusion.refresh_from_db()
    if conclusion.retired_by is not None:
        refuse("dropped_already", _("This conclusion was struck."))
    conclusion.retired_by = act_of(ctx)
    conclusion.save()
    touch(ctx, meeting)
    note(ctx, position=conclusion.position)
    return conclusion


def _refuse_issued(meeting: Meeting) -> None:
    if meeting.notice_id is not None:
        refuse("issued_already", _("The notice of conclusions is issued."))


def acting_agency(ctx: Context, committee: Committee, day: date) -> Agency:
    """Return the agency that acts for a committee on a day: its standing one, or who took over its duties."""
    standing = committee.standing
    if day in standing.valid:
        return standing
    heirs = Agency.objects.filter(pk__in=heirs_of(standing.pk), valid__contains=day)
    spoken = [a for a in heirs.order_by("code") if speaks_for(ctx, KEEP, a.pk)]
    return spoken[0] if spoken else standing


@action(KEEP, name="committees.issue_conclusions")
def issue_conclusions(
    ctx: Context,
    meeting: Meeting,
    *,
    symbol: str,
    issued_on: date,
    is_open: bool = True,
    expected_version: int | None = None,
) -> Meeting:
    """Issue the notice of conclusions (*thông báo kết luận*): a directive, and a task of each that asks for work.

    The notice goes to the agencies that answer for something and to those of members. With ``is_open``
    every officer of the province may read it, its tasks and from then on the meeting's page; otherwise
    issuer and recipients only.

    :raises Refused: nothing was concluded, the minutes are not adopted, the day lies before the meeting or
        ahead, the symbol is missing or known, or it was issued already
    """
    refuse_passed(meeting, expected_version)
    refuse_unless(meeting, MeetingState.HELD)
    _refuse_issued(meeting)
    if meeting.adopted_on is None:
        refuse("minutes_open", _("Adopt the minutes first."))
    values = said({"symbol": symbol}, symbol=60)
    if issued_on > ctx.today or issued_on < timezone.localtime(meeting.starts_at).date():
        refuse("day_impossible", _("It cannot be issued on this day."), "issued_on")
    found = list(
        meeting.conclusions.filter(retired_by__isnull=True).select_related("lead").order_by("position", "id")
    )  # fmt: skip
    if not found:
        refuse("nothing_concluded", _("Nothing was concluded."))
    acting = acting_agency(ctx, meeting.committee, ctx.today)
    reach = Reach.OPEN.value if is_open else Reach.RECIPIENTS.value
    printed = papers.notice_of_conclusions(meeting, found, symbol=values["symbol"], day=issued_on)
    content = papers.as_pdf(printed)
    unit = meeting.committee.unit
    directive = record_directive(
        ctx, file=(papers.name_of(printed, "pdf"), content), text=papers.plain(meeting, found),
        facts={
            "symbol": values["symbol"], "kind": DirectiveKind.NOTICE.value, "chain": chain_of(acting).value,
            "level": Level(unit.level).value, "title": papers.notice_title(meeting), "issuer": acting,
            "issuer_name": meeting.committee.name, "issued_on": issued_on, "in_force_on": issued_on,
            "signer": meeting.chair.name, "signer_post": str(meeting.chair.post), "reach": reach,
            "is_confirmed": True,
        },
    )  # fmt: skip
    meeting.notice, meeting.is_open = directive, is_open
    touch(ctx, meeting)
    leads = [c.lead for c in found if c.lead is not None]
    sitting = meeting.committee.members.on(issued_on).filter(agency__valid__contains=ctx.today)
    agencies = {
        a.pk: a for a in [*leads, *(m.agency for m in sitting.select_related("agency"))] if a
    }
    agencies.pop(acting.pk, None)
    if agencies:
        distribute(ctx, directive, agencies=sorted(agencies.values(), key=lambda a: str(a.pk)))
    made = []
    for conclusion in found:
        if conclusion.kind != ConclusionKind.TASK or conclusion.lead is None:
            continue
        task = create_task(
            ctx, title=_headline(conclusion.content), assigner=acting, directive=directive, reach=reach,
            content=conclusion.content, position=conclusion.position, due={"due_on": conclusion.due_on},
        )  # fmt: skip
        assign(ctx, task, lead=conclusion.lead)
        conclusion.task, conclusion.act_id = task, act_of(ctx)
        conclusion.save()
        made.append(task.number)
    note(ctx, symbol=values["symbol"], tasks=made, is_open=is_open)
    return meeting


def _headline(content: str) -> str:
    """Return the first words of a conclusion, whole words only."""
    text = tidy(content)
    return text if len(text) <= 200 else text[:199].rpartition(" ")[0].rstrip(",;:") + "…"
