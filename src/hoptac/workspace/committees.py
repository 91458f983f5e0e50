"""The steering committee of the demonstration, a meeting held and one ahead, and officers who follow the sector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from hoptac.committees import actions
from hoptac.committees.models import Committee, Meeting, Member
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks import actions as tasks
from hoptac.tasks.proofs import Shown


def build(told: Mapping[str, Any]) -> None:
    """Found the committees that the data tell, let the present one meet, and name following officers."""
    committees: dict[str, Committee] = {}
    for one in told["committee"]:
        committees[one["code"]] = _found(one, committees)
    meeting = told["committee_meeting"]
    ctx, committee = _officer(meeting["by"]), committees[meeting["of"]]
    held = _held(ctx, committee, meeting)
    _carried_out(held, meeting["done_by"])
    _ahead(ctx, committee, told["committee_meeting_ahead"])
    for one in told["following_officer"]:
        _follows(one)


def _officer(username: str) -> Context:
    return context_of(User.objects.get(username=username))


def _agency(code: str) -> Agency:
    return Agency.objects.get(code=code)


def _found(told: Mapping[str, Any], known: Mapping[str, Committee]) -> Committee:
    ctx, since = _officer(told["by"]), told["founded_on"]
    unit = AdminUnit.objects.on(since).get(level="province", province_code="91")
    committee = actions.found_committee(
        ctx, name=told["name"], unit=unit, standing=_agency(told["standing"]), founding=told["founding"],
        founded_on=since, agency=_agency(told["agency"]) if "agency" in told else None,
        successor_to=known[told["successor_to"]] if "successor_to" in told else None,
    )  # fmt: skip
    actions.adopt_regulation(
        ctx, committee, title=told["regulation"], decision=told["founding"], in_force_on=since
    )
    for one in told["member"]:
        member = actions.appoint_member(
            ctx, committee, name=one["name"], post=one["post"], seat=one["seat"], since=since,
            decision=told["founding"], agency=_agency(one["agency"]) if "agency" in one else None,
            user=User.objects.get(username=one["user"]) if "user" in one else None,
        )  # fmt: skip
        if "charge" in one:
            actions.assign_charge(
                ctx, member, content=one["charge"], since=since, decision=told["founding"]
            )
    return committee


def _planned(ctx: Context, committee: Committee, told: Mapping[str, Any], days: int) -> Meeting:
    chair = Member.objects.on(ctx.today).get(committee=committee, seat="head")
    day = timezone.localdate() + timedelta(days=days)
    at = datetime.combine(day, time(8), tzinfo=timezone.get_current_timezone())
    meeting = actions.plan_meeting(
        ctx, committee, kind="regular", title=told["title"], starts_at=at, ends_at=at + timedelta(hours=2),
        place=told["place"], chair=chair,
    )  # fmt: skip
    for one in told["item"]:
        actions.add_item(
            ctx,
            meeting,
            title=one["title"],
            presenter=one["presenter"],
            planned_minutes=one["minutes"],
        )
    actions.invite(ctx, meeting, number=told["invitation"])
    return meeting


def _held(ctx: Context, committee: Committee, told: Mapping[str, Any]) -> Meeting:
    """Let the meeting be held so many days ago: each act on its day."""
    before = timezone.localdate() - timedelta(days=told["days_ago"])
    then = ctx.by(today=before)
    meeting = _planned(
        then.by(today=before - timedelta(days=7)), committee, told, -told["days_ago"]
    )
    sitting = Member.objects.on(before).filter(committee=committee)
    away = told["away"]
    came = {
        m.pk: ("absent", away[m.name]) if m.name in away else ("present", "")
        for m in sitting.order_by("id")
    }
    actions.hold_meeting(then, meeting, came=came)
    said = {i.title: i.pk for i in meeting.items.all()}
    actions.write_minutes(
        then, meeting, said_of={said[one["title"]]: one["said"] for one in told["item"]}
    )
    for one in told["conclusion"]:
        lead = _agency(one["lead"]) if "lead" in one else None
        due = before + timedelta(days=one["days"]) if "days" in one else None
        actions.add_conclusion(
            then,
            meeting,
            content=one["content"],
            kind="task" if lead else "noted",
            lead=lead,
            due_on=due,
        )
    actions.adopt_minutes(then, meeting)
    actions.issue_conclusions(then, meeting, symbol=told["symbol"], issued_on=before)
    return meeting


def _carried_out(meeting: Meeting, usernames: list[str]) -> None:
    """Let agencies accept their conclusion's task; the first reports it done with a note, and it is judged."""
    for place, username in enumerate(usernames):
        ctx = _officer(username)
        own = meeting.conclusions.filter(lead__in=[g.agency_id for g in ctx.grants])
        task = own.select_related("task").order_by("position")[0].task
        if task is None:
            continue
        line = task.assignments.now().get(agency=task.lead)
        tasks.accept_assignment(ctx, line, officer=ctx.user)
        if place:
            continue
        paper = Shown(file=("bao-cao.txt", "Báo cáo kết quả (minh họa).".encode()))
        tasks.report_done(ctx, line, result="Đã hoàn thành (minh họa).", shown=[paper])
        tasks.judge_done(_officer("so"), task.terms.get())


def _ahead(ctx: Context, committee: Committee, told: Mapping[str, Any]) -> None:
    _planned(ctx, committee, told, told["in_days"])


def _follows(told: Mapping[str, Any]) -> None:
    ctx = _officer(told["user"])
    if ctx.user is None:
        return
    officer = actions.name_following_officer(
        ctx, agency=_agency(told["agency"]), name=ctx.user.full_name, post=told["post"], since=told["since"],
        decision=told["decision"], user=ctx.user, fields=told["fields"], is_main_work=told["is_main_work"],
    )  # fmt: skip
    for one in told.get("training", ()):
        actions.record_training(
            ctx, officer, course=one["course"], provider=one["provider"], hours=one["hours"],
            begins_on=one["begins_on"], ends_on=one["ends_on"],
        )  # fmt: skip
