"""Naming following officers, handing their work over, their training."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from hoptac.committees.checks import refuse, refuse_agency, refuse_passed, said
from hoptac.committees.models import FollowingOfficer, Handover, OfficerTraining
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.actions import name_officer
from hoptac.tasks.models import Assignment
from hoptac.tasks.models.tasks import speaks_for
from hoptac.tasks.terms import OPEN

NAME = "committees.name_officers"
_MOST_HOURS = 2000


@action(NAME, name="committees.name_following_officer")
def name_following_officer(
    ctx: Context,
    *,
    agency: Agency,
    name: str,
    post: str,
    since: date,
    decision: str,
    user: User | None = None,
    fields: str = "",
    is_main_work: bool = False,
) -> FollowingOfficer:
    """Name who follows the collective economy in an agency from a day, by a decision.

    :raises OutOfReach: the caller does not speak for the agency
    :raises Refused: something is not said, the day lies ahead, the agency does not exist on it, or the
        person follows it there already
    """
    if not speaks_for(ctx, NAME, agency.pk):
        raise OutOfReach(NAME)
    values = said(
        {"name": name, "post": post, "decision": decision}, name=120, post=200, decision=200
    )
    if since > ctx.today:
        refuse("date_in_future", _("The day lies in the future."), "since")
    refuse_agency(agency, agency.province_code, since, "agency")
    following = DateRange(since, None)
    same = Q(user=user) if user is not None else Q(name=values["name"])
    if agency.following_officers.filter(same, valid__overlap=following).exists():
        refuse("named_already", _("This person is named there already."), "name")
    officer = FollowingOfficer.objects.create(
        agency=agency,
        user=user,
        fields=tidy(fields)[:300],
        is_main_work=is_main_work,
        valid=following,
        act_id=act_of(ctx),
        **values,
    )
    note(ctx, subject=officer, agency=agency.name, name=officer.name, decision=officer.decision)
    return officer


@action(NAME, name="committees.end_officer")
def end_officer(
    ctx: Context,
    officer: FollowingOfficer,
    *,
    on: date,
    ending: str,
    expected_version: int | None = None,
) -> FollowingOfficer:
    """End an officer's charge without a successor; only where no open task is left to the person.

    :raises Refused: open tasks are left (hand them over), it ended already, or the day cannot be
    """
    refuse_passed(officer, expected_version)
    values = said({"ending": ending}, ending=200)
    if open_lines(officer):
        refuse("tasks_left", _("Open tasks are left to this person: hand them over."))
    _end(ctx, officer, on, values["ending"])
    note(ctx, name=officer.name, on=on, ending=officer.ending)
    return officer


def _end(ctx: Context, officer: FollowingOfficer, on: date, ending: str) -> None:
    if officer.valid.upper is not None:
        refuse("ended_already", _("It has ended already."))
    if on > ctx.today or on <= officer.valid.lower:
        refuse("day_impossible", _("It cannot end on this day."), "on")
    officer.valid, officer.ending = DateRange(officer.valid.lower, on), ending
    officer.version, officer.act_id = officer.version + 1, act_of(ctx)
    officer.save()


def open_lines(officer: FollowingOfficer) -> list[Assignment]:
    """Return the open tasks' lines that an officer follows within the agency."""
    if officer.user_id is None:
        return []
    lines = Assignment.objects.now().filter(
        officer=officer.user_id, agency=officer.agency_id, task__state__in=sorted(OPEN)
    )
    return list(lines.select_related("task").order_by("task__due_on", "id"))


@action(NAME, name="committees.hand_over")
def hand_over(
    ctx: Context,
    officer: FollowingOfficer,
    *,
    on: date,
    decision: str,
    to: FollowingOfficer | None = None,
    name: str = "",
    post: str = "",
    user: User | None = None,
    words: str = "",
    expected_version: int | None = None,
) -> Handover:
    """Let an officer's work pass to another: the minutes list the open tasks, which change their officer at once.

    ``to`` is somebody who follows the agency already; otherwise ``name``, ``post`` and ``user`` name the
    new one by ``decision``.

    :raises Refused: nobody takes over, it passes to the same person, the day cannot be, or open tasks would
        pass to somebody without an account or a mandate in the agency
    """
    refuse_passed(officer, expected_version)
    values = said({"decision": decision}, decision=200)
    lines = open_lines(officer)
    if to is not None and (
        to.pk == officer.pk or to.agency_id != officer.agency_id or on not in to.valid
    ):
        refuse(
            "taker_impossible",
            _("Choose another officer of the agency who is in charge on the day."),
            "to",
        )
    if to is None and user is not None and user.pk == officer.user_id:
        refuse(
            "taker_impossible",
            _("Choose another officer of the agency who is in charge on the day."),
            "user",
        )
    _end(ctx, officer, on, values["decision"])
    taking = to or name_following_officer(
        ctx,
        agency=officer.agency,
        name=name,
        post=post,
        since=on,
        decision=values["decision"],
        user=user,
        fields=officer.fields,
        is_main_work=officer.is_main_work,
    )
    if lines and taking.user is None:
        raise Refused(
            Finding(
                "account_missing",
                _("Open tasks pass on: choose the account of who takes them over."),
                field="user",
            )
        )
    for line in lines:
        name_officer(ctx, line, officer=taking.user, words=values["decision"])
    listed = [
        {
            "id": str(line.task_id),
            "number": line.task.number,
            "title": line.task.title,
            "part": line.part,
            "due_on": line.task.due_on and line.task.due_on.isoformat(),
        }
        for line in lines
    ]
    handover = Handover.objects.create(
        leaving=officer, taking=taking, on=on, words=words.strip(), tasks=listed, act_id=act_of(ctx)
    )
    announce(ctx, "committees.handed_over", handover=handover)
    note(ctx, leaving=officer.name, taking=taking.name, on=on, tasks=[t["number"] for t in listed])
    return handover


@action(NAME, name="committees.record_training")
def record_training(
    ctx: Context,
    officer: FollowingOfficer,
    *,
    course: str,
    provider: str,
    hours: int,
    begins_on: date,
    ends_on: date,
    subject: str = "",
    certificate: str = "",
) -> OfficerTraining:
    """Record a course that an officer attended.

    :raises Refused: something is not said, the days are the wrong way round or lie ahead, or it is recorded already
    """
    values = said({"course": course, "provider": provider}, course=300, provider=200)
    if not 1 <= hours <= _MOST_HOURS:
        refuse("hours_impossible", _("Between 1 and 2,000 hours."), "hours")
    if ends_on < begins_on:
        refuse("days_reversed", _("The last day lies before the first."), "ends_on")
    if ends_on > ctx.today:
        refuse("date_in_future", _("The day lies in the future."), "ends_on")
    same = officer.trainings.filter(course=values["course"], begins_on=begins_on)
    if same.filter(retired_by__isnull=True).exists():
        refuse("known_already", _("This course is recorded already."), "course")
    found = OfficerTraining.objects.create(
        officer=officer,
        hours=hours,
        begins_on=begins_on,
        ends_on=ends_on,
        subject=tidy(subject)[:200],
        certificate=tidy(certificate)[:120],
        act_id=act_of(ctx),
        **values,
    )
    note(ctx, name=officer.name, course=found.course, hours=hours)
    return found


@action(NAME, name="committees.retire_training")
def retire_training(ctx: Context, training: OfficerTraining) -> OfficerTraining:
    """Take back a course that was recorded by mistake; it stays on record.

    :raises Refused: it was taken back already
    """
    if training.retired_by is not None:
        refuse("dropped_already", _("It was taken back already."))
    training.retired_by = act_of(ctx)
    training.save()
    note(ctx, subject=training.officer, course=training.course)
    return training


@action("committees.export", name="committees.export")
def record_officers_export(ctx: Context, *, format: str, rows: int) -> None:
    """Note that the caller takes the list of following officers as a file."""
    note(ctx, format=format, rows=rows)
