"""Founding a committee, who sits in it, by which regulation, and what each member answers for."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from hoptac.committees.checks import refuse, refuse_agency, refuse_passed, said
from hoptac.committees.models import Charge, Committee, Member, Regulation
from hoptac.committees.models.committees import KEEP
from hoptac.committees.terms import SINGLE, MeetingState, Seat
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import OutOfReach, act_of, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks.models import Task
from hoptac.tasks.models.tasks import speaks_for


@action(KEEP, name="committees.found_committee")
def found_committee(
    ctx: Context,
    *,
    name: str,
    unit: AdminUnit,
    standing: Agency,
    founding: str,
    founded_on: date,
    agency: Agency | None = None,
    directive: Directive | None = None,
    successor_to: Committee | None = None,
) -> Committee:
    """Enter a committee that a decision founded; ``standing`` keeps it from then on.

    One that takes over from an earlier one ends that on the day before, if it has not ended yet.

    :raises OutOfReach: the caller does not speak for the standing agency, or for that of the earlier committee
    :raises Refused: something is not said, the day lies ahead, the agency or the unit does not exist on it, or
        the committee is entered already
    """
    if not speaks_for(ctx, KEEP, standing.pk):
        raise OutOfReach(KEEP)
    values = said({"name": name, "founding": founding}, name=300, founding=200)
    if founded_on > ctx.today:
        refuse("date_in_future", _("The day lies in the future."), "founded_on")
    refuse_agency(standing, standing.province_code, founded_on, "standing")
    if unit.province_code != standing.province_code or founded_on not in unit.valid:
        refuse("unit_gone", _("On this day the unit does not exist."), "unit")
    same = Committee.objects.filter(unit=unit, name=values["name"], valid__contains=founded_on)
    if same.exists():
        refuse("known_already", _("This committee is entered already."), "name")
    committee = Committee.objects.create(
        province_code=standing.province_code, unit=unit, standing=standing, agency=agency, directive=directive,
        valid=DateRange(founded_on, None), act_id=act_of(ctx), **values,
    )  # fmt: skip
    if successor_to is not None:
        if not successor_to.is_within(ctx, KEEP):
            raise OutOfReach(KEEP)
        if successor_to.valid.upper is None:
            dissolve_committee(ctx, successor_to, on=founded_on, ending=values["founding"])
        successor_to.refresh_from_db()
        successor_to.successor, successor_to.act_id = committee, act_of(ctx)
        successor_to.version += 1
        successor_to.save()
    note(ctx, subject=committee, name=committee.name, founding=committee.founding)
    return committee


@action(KEEP, name="committees.change_committee")
def change_committee(
    ctx: Context,
    committee: Committee,
    *,
    name: str,
    standing: Agency,
    words: str,
    expected_version: int | None = None,
) -> Committee:
    """Give a committee another name or standing agency, by a decision (``words``); open tasks keep their assigner.

    :raises Refused: no decision is named, nothing differs, or the agency does not exist
    """
    refuse_passed(committee, expected_version)
    values = said({"name": name, "words": words}, name=300, words=200)
    if values["name"] == committee.name and standing.pk == committee.standing_id:
        refuse("nothing_changed", _("Nothing differs from what is recorded."))
    refuse_agency(standing, committee.province_code, ctx.today, "standing")
    before = {"name": committee.name, "standing": committee.standing.name}
    committee.name, committee.standing = values["name"], standing
    committee.version, committee.act_id = committee.version + 1, act_of(ctx)
    committee.save()
    note(ctx, before=before, name=committee.name, standing=standing.name, decision=values["words"])
    return committee


@action(KEEP, name="committees.dissolve_committee")
def dissolve_committee(
    ctx: Context,
    committee: Committee,
    *,
    on: date,
    ending: str,
    expected_version: int | None = None,
) -> Committee:
    """End a committee: from ``on`` it is no more; seats and charges end with it.

    :raises Refused: no decision is named, it ended already or was founded later, or meetings are still to be held
    """
    refuse_passed(committee, expected_version)
    values = said({"ending": ending}, ending=200)
    if committee.valid.upper is not None:
        refuse("ended_already", _("The committee has ended already."))
    if on > ctx.today or on <= committee.valid.lower:
        refuse("day_impossible", _("It cannot end on this day."), "on")
    waiting = (MeetingState.PLANNED, MeetingState.INVITED)
    if committee.meetings.filter(state__in=waiting).exists():
        refuse("meetings_wait", _("Meetings are planned: hold or cancel them first."))
    committee.valid = DateRange(committee.valid.lower, on)
    committee.ending = values["ending"]
    committee.version, committee.act_id = committee.version + 1, act_of(ctx)
    committee.save()
    sitting = committee.members.filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=on))
    for member in sitting.order_by("id"):
        relieve_member(ctx, member, on=on, ending=values["ending"])
    note(ctx, on=on, ending=committee.ending)
    return committee


@action(KEEP, name="committees.adopt_regulation")
def adopt_regulation(
    ctx: Context,
    committee: Committee,
    *,
    title: str,
    decision: str,
    in_force_on: date,
    directive: Directive | None = None,
) -> Regulation:
    """Record a version of the working regulation; that of the day is the latest in force by then.

    :raises Refused: something is not said, the day lies before the committee, or has its version
    """
    values = said({"title": title, "decision": decision}, title=300, decision=200)
    if in_force_on not in committee.valid:
        refuse("committee_not_there", _("On this day the committee does not exist."), "in_force_on")
    if committee.regulations.filter(in_force_on=in_force_on).exists():
        refuse(
            "known_already", _("A regulation in force from this day is recorded."), "in_force_on"
        )
    found = Regulation.objects.create(
        committee=committee, in_force_on=in_force_on, directive=directive, act_id=act_of(ctx), **values
    )  # fmt: skip
    note(ctx, title=found.title, decision=found.decision, in_force_on=in_force_on)
    return found


@action(KEEP, name="committees.appoint_member")
def appoint_member(
    ctx: Context,
    committee: Committee,
    *,
    name: str,
    post: str,
    seat: str,
    since: date,
    decision: str,
    agency: Agency | None = None,
    user: User | None = None,
    replaces: Member | None = None,
) -> Member:
    """Give somebody a seat from a day; ``replaces`` ends another's seat on that day, by the same decision.

    :raises Refused: something is not said, a second head or standing deputy would sit at once, the person sits
        there already, or the committee or agency does not exist on the day
    """
    values = said(
        {"name": name, "post": post, "decision": decision}, name=120, post=200, decision=200
    )
    if seat not in Seat.values:
        refuse("seat_unknown", _("Choose one."), "seat")
    if since not in committee.valid:
        refuse("committee_not_there", _("On this day the committee does not exist."), "since")
    if agency is not None:
        refuse_agency(agency, committee.province_code, since, "agency")
    if replaces is not None:
        if replaces.committee_id != committee.pk:
            raise OutOfReach(KEEP)
        relieve_member(ctx, replaces, on=since, ending=values["decision"])
    open_range = DateRange(since, None)
    sitting = committee.members.filter(valid__overlap=open_range)
    if seat in SINGLE:
        other = sitting.filter(seat=seat).first()
        if other is not None:
            message = _(
                "%(name)s holds this seat: end that first, or say whom the new member replaces."
            )
            raise Refused(Finding("seat_taken", message % {"name": other.name}, field="seat"))
    own = Q(name=values["name"], post=values["post"])
    if user is not None:
        own |= Q(user=user)
    if sitting.filter(own).exists():
        refuse("sits_already", _("This person sits in the committee already."), "name")
    member = Member.objects.create(
        committee=committee, seat=seat, agency=agency, user=user, valid=open_range, act_id=act_of(ctx), **values
    )  # fmt: skip
    note(ctx, member=member.pk, name=member.name, seat=seat, since=since, decision=member.decision)
    return member


@action(KEEP, name="committees.relieve_member")
def relieve_member(
    ctx: Context, member: Member, *, on: date, ending: str, expected_version: int | None = None
) -> Member:
    """End a seat: from ``on`` the person no longer sits there, and answers for nothing there any more.

    :raises Refused: no decision is named, the seat ended already, or the day lies before its beginning
    """
    refuse_passed(member, expected_version)
    values = said({"ending": ending}, ending=200)
    if member.valid.upper is not None and member.valid.upper <= on:
        refuse("ended_already", _("This seat has ended already."))
    if on <= member.valid.lower or on > ctx.today:
        refuse("day_impossible", _("It cannot end on this day."), "on")
    member.valid = DateRange(member.valid.lower, on)
    member.ending = values["ending"]
    member.version, member.act_id = member.version + 1, act_of(ctx)
    member.save()
    for charge in member.charges.filter(until__isnull=True).order_by("id"):
        _close(ctx, charge, max(on - timedelta(days=1), charge.since))
    note(
        ctx,
        subject=member.committee,
        member=member.pk,
        name=member.name,
        on=on,
        ending=member.ending,
    )
    return member


@action(KEEP, name="committees.assign_charge")
def assign_charge(
    ctx: Context,
    member: Member,
    *,
    content: str,
    since: date,
    unit: AdminUnit | None = None,
    directive: Directive | None = None,
    task: Task | None = None,
    decision: str = "",
) -> Charge:
    """Say what a member answers for from a day: a field in words, and where it is one, an area, document or task.

    :raises Refused: nothing is said, or the member does not sit in the committee on the day
    """
    values = said({"content": content}, content=500)
    if not member.sits_on(since) or not member.sits_on(ctx.today):
        refuse(
            "member_not_there", _("On this day the person does not sit in the committee."), "since"
        )
    charge = Charge.objects.create(
        member=member, since=since, unit=unit, directive=directive, task=task, decision=tidy(decision)[:200],
        act_id=act_of(ctx), **values,
    )  # fmt: skip
    note(ctx, subject=member.committee, member=member.pk, name=member.name, content=charge.content)
    return charge


@action(KEEP, name="committees.end_charge")
def end_charge(
    ctx: Context, charge: Charge, *, until: date, expected_version: int | None = None
) -> Charge:
    """End what a member answers for; ``until`` is the last day.

    :raises Refused: it ended already, or the day lies before its beginning or ahead
    """
    refuse_passed(charge, expected_version)
    if charge.until is not None:
        refuse("ended_already", _("It has ended already."))
    if until < charge.since or until > ctx.today:
        refuse("day_impossible", _("It cannot end on this day."), "until")
    _close(ctx, charge, until)
    note(ctx, subject=charge.member.committee, content=charge.content, until=until)
    return charge


def _close(ctx: Context, charge: Charge, until: date) -> None:
    charge.until, charge.version, charge.act_id = until, charge.version + 1, act_of(ctx)
    charge.save()
