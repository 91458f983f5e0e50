"""Questions about committees, meetings and following officers; each begins with who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from hoptac.committees.models import (
    AgendaItem,
    Attendance,
    Charge,
    Committee,
    Conclusion,
    FollowingOfficer,
    Handover,
    Meeting,
    Member,
    OfficerTraining,
    Paper,
)
from hoptac.committees.models.committees import KEEP, VIEW
from hoptac.committees.terms import SEAT_ORDER, ConclusionKind, MeetingState
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.documents.models import StoredFile
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.tasks.models import Assignment
from hoptac.tasks.selectors import tasks_seen
from hoptac.tasks.terms import OPEN, RUNNING, State

_NAME = "committees.name_officers"


# --- Committees -----------------------------------------------------------------------------------


def committees_seen(ctx: Context) -> QuerySet[Committee]:
    """Return the committees with their sitting members and open conclusions counted, existing ones first."""
    sitting = Count("members", filter=Q(members__valid__contains=ctx.today), distinct=True)
    found: QuerySet[Committee] = Committee.objects.visible_to(ctx)
    return (
        found.select_related("unit", "standing")
        .annotate(sitting=sitting)
        .order_by(F("valid__endswith").desc(nulls_first=True), "name", "id")
    )


def committee_seen(ctx: Context, pk: UUID) -> Committee | None:
    """Return a committee with what its page names, if the caller may see it."""
    found = Committee.objects.visible_to(ctx).select_related(
        "unit", "standing", "directive", "successor"
    )
    row: Committee | None = found.filter(pk=pk).first()
    return row


def is_insider(ctx: Context, committee: Committee) -> bool:
    """Tell whether the caller reads the committee's papers."""
    return Committee.objects.of_insider(ctx).filter(pk=committee.pk).exists()


def keeps(ctx: Context, committee: Committee) -> bool:
    """Tell whether the caller acts on the committee's behalf."""
    return ctx.may(KEEP) and committee.is_within(ctx, KEEP)


def committees_kept(ctx: Context) -> QuerySet[Committee]:
    """Return the existing committees that the caller keeps."""
    found: QuerySet[Committee] = Committee.objects.visible_to(ctx).existing(ctx.today)
    if any(g.province_code == "*" for g in ctx.grants):
        return found
    return found.filter(standing__in=agencies_spoken_for(ctx, KEEP))


def keeping_agencies(ctx: Context) -> QuerySet[Agency]:
    """Return the agencies for which the caller may keep a committee, today's."""
    found = Agency.objects.filter(valid__contains=ctx.today).order_by("name")
    if any(g.province_code == "*" for g in ctx.grants):
        return found
    return found.filter(pk__in=agencies_spoken_for(ctx, KEEP))


def members_on(ctx: Context, committee: Committee, day: date) -> list[Member]:
    """Return who sits in a committee on a day, in the order of seats, with what each answers for then.

    Each charge says in ``shown_directive`` and ``shown_task`` what it names, where the caller may read
    that.
    """
    charges = Charge.objects.filter(since__lte=day).filter(
        Q(until__isnull=True) | Q(until__gte=day)
    )
    found = list(
        committee.members.on(day)
        .select_related("agency", "user")
        .prefetch_related(
            Prefetch(
                "charges", charges.select_related("unit", "directive", "task"), to_attr="charged"
            )
        )
    )
    named = [c for m in found for c in m.charged]  # type: ignore[attr-defined]
    directives = set(
        Directive.objects.visible_to(ctx)
        .filter(pk__in=[c.directive_id for c in named if c.directive_id])
        .values_list("pk", flat=True)
    )
    tasks = set(
        tasks_seen(ctx)
        .filter(pk__in=[c.task_id for c in named if c.task_id])
        .values_list("pk", flat=True)
    )
    for charge in named:
        charge.shown_directive = charge.directive if charge.directive_id in directives else None  # type: ignore[attr-defined]
        charge.shown_task = charge.task if charge.task_id in tasks else None  # type: ignore[attr-defined]
    return sorted(found, key=lambda m: (SEAT_ORDER[m.seat], m.pk))


def former_members(committee: Committee, day: date) -> list[Member]:
    """Return whose seats had ended by a day, the last first."""
    return list(
        committee.members.filter(valid__endswith__lte=day)
        .select_related("agency")
        .order_by("-valid__endswith", "id")
    )


def member_seen(ctx: Context, pk: UUID) -> Member | None:
    seen = Committee.objects.visible_to(ctx)
    found = Member.objects.filter(pk=pk, committee__in=seen.values("pk"))
    return found.select_related("committee", "agency", "user").first()


def charge_seen(ctx: Context, pk: UUID) -> Charge | None:
    seen = Committee.objects.visible_to(ctx)
    found = Charge.objects.filter(pk=pk, member__committee__in=seen.values("pk"))
    return found.select_related("member__committee").first()


# --- Meetings -------------------------------------------------------------------------------------


def meetings_seen(ctx: Context, committee: Committee) -> QuerySet[Meeting]:
    """Return the committee's meetings that the caller may read, the latest first."""
    found: QuerySet[Meeting] = Meeting.objects.visible_to(ctx).filter(committee=committee)
    return found.select_related("chair", "notice").order_by("-starts_at", "-id")


def meeting_seen(ctx: Context, pk: UUID) -> Meeting | None:
    """Return a meeting with what its page names, if the caller may read it."""
    found = Meeting.objects.visible_to(ctx).filter(pk=pk)
    row: Meeting | None = found.select_related(
        "committee__unit",
        "committee__standing",
        "chair",
        "adopted_by",
        "notice",
        "invitation",
        "minutes",
    ).first()
    return row


def agenda_of(ctx: Context, meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda with its papers; documents and tasks that the caller may not read are left out."""
    directives = Directive.objects.visible_to(ctx).values("pk")
    papers = Paper.objects.filter(retired_by__isnull=True).filter(
        Q(file__isnull=False)
        | Q(directive__in=directives)
        | Q(task__in=tasks_seen(ctx).values("pk"))
    )
    items = meeting.items.filter(retired_by__isnull=True).order_by("position", "id")
    return list(
        items.prefetch_related(Prefetch("papers", papers.select_related("file"), to_attr="shown"))
    )


def meetings_waiting(ctx: Context) -> list[Meeting]:
    """Return the meetings that the caller may read and that are not over: ahead, or without issued conclusions."""
    found = Meeting.objects.visible_to(ctx).exclude(state=MeetingState.CANCELLED)
    waiting = found.filter(
        Q(state=MeetingState.HELD, adopted_on__isnull=True) | ~Q(state=MeetingState.HELD)
    )
    return list(waiting.select_related("committee", "chair").order_by("starts_at", "id")[:50])


def item_seen(ctx: Context, pk: UUID) -> AgendaItem | None:
    seen = Meeting.objects.visible_to(ctx)
    found = AgendaItem.objects.filter(pk=pk, meeting__in=seen.values("pk"))
    return found.select_related("meeting__committee").first()


def paper_seen(ctx: Context, pk: UUID) -> Paper | None:
    seen = Meeting.objects.visible_to(ctx)
    found = Paper.objects.filter(pk=pk, item__meeting__in=seen.values("pk"))
    return found.select_related("item__meeting__committee").first()


def conclusion_seen(ctx: Context, pk: UUID) -> Conclusion | None:
    seen = Meeting.objects.visible_to(ctx)
    found = Conclusion.objects.filter(pk=pk, meeting__in=seen.values("pk"))
    return found.select_related("meeting__committee").first()


def meeting_file(ctx: Context, meeting: Meeting, pk: UUID) -> StoredFile | None:
    """Return a file of a meeting that the caller may read: invitation, minutes, or a paper that still lies there."""
    papers = Paper.objects.filter(
        item__meeting=meeting, retired_by__isnull=True, file__isnull=False
    )
    own = {meeting.invitation_id, meeting.minutes_id} - {None}
    return StoredFile.objects.filter(Q(pk__in=papers.values("file")) | Q(pk__in=own), pk=pk).first()


@dataclass(frozen=True)
class Seated:
    """A member of the meeting's day and whether they came."""

    member: Member
    attendance: Attendance | None


def seated(meeting: Meeting) -> list[Seated]:
    """Return the members of the meeting's day, in the order of seats, with their attendance."""
    day = timezone.localtime(meeting.starts_at).date()
    came = {a.member_id: a for a in meeting.attendances.all()}
    members = sorted(
        meeting.committee.members.on(day).select_related("agency"),
        key=lambda m: (SEAT_ORDER[m.seat], m.pk),
    )
    return [Seated(m, came.get(m.pk)) for m in members]


@dataclass(frozen=True)
class Followed:
    """A conclusion and how its task stands."""

    conclusion: Conclusion
    task: Any
    is_linked: bool
    days_late: int

    @property
    def is_open(self) -> bool:
        return self.task is not None and self.task.state in OPEN


def conclusions_of(ctx: Context, meeting: Meeting) -> list[Followed]:
    """Return a meeting's conclusions with how their tasks stand."""
    return _followed(ctx, Conclusion.objects.filter(meeting=meeting))


def follow_up(ctx: Context, meeting: Meeting) -> list[Followed]:
    """Return what earlier meetings asked for: all of the last one, and of those before what is still open."""
    earlier = Meeting.objects.visible_to(ctx).filter(
        committee=meeting.committee_id, starts_at__lt=meeting.starts_at, notice__isnull=False
    )
    last = earlier.order_by("-starts_at", "-id").first()
    if last is None:
        return []
    found = Conclusion.objects.filter(
        meeting__in=earlier.order_by().values("pk"), kind=ConclusionKind.TASK
    )
    return _followed(ctx, found.filter(Q(meeting=last) | Q(task__state__in=sorted(OPEN))))


def open_conclusions(ctx: Context, committee: Committee) -> list[Followed]:
    """Return the conclusions of the meetings that the caller may read whose tasks are not done, late ones first."""
    meetings = Meeting.objects.visible_to(ctx).filter(committee=committee)
    found = _followed(
        ctx,
        Conclusion.objects.filter(
            meeting__in=meetings.values("pk"), task__state__in=[*sorted(OPEN), State.DRAFT]
        ),
    )
    return sorted(found, key=lambda f: (-f.days_late, f.conclusion.due_on or ctx.today))


def _followed(ctx: Context, conclusions: QuerySet[Conclusion]) -> list[Followed]:
    rows = list(
        conclusions.filter(retired_by__isnull=True)
        .select_related("meeting", "lead", "task", "item")
        .order_by("-meeting__starts_at", "position", "id")
    )
    seen = set(
        tasks_seen(ctx)
        .filter(pk__in=[c.task_id for c in rows if c.task_id])
        .values_list("pk", flat=True)
    )
    found = []
    for row in rows:
        left = row.task.days_left(ctx.today) if row.task else None
        late = -left if left is not None and left < 0 else 0
        found.append(Followed(row, row.task, row.task_id in seen, late))
    return found


def waiting_counts(ctx: Context) -> dict[str, int]:
    """Return how many meetings wait for the caller, by what for; in one question."""
    kept = committees_kept(ctx).values("pk")
    seats = Member.objects.filter(committee=OuterRef("committee"), valid__contains=ctx.today)
    own = Exists(seats.filter(user=ctx.user)) if ctx.user is not None else Q(pk__in=())
    now = timezone.now()
    concluded = Exists(Conclusion.objects.filter(meeting=OuterRef("pk"), retired_by__isnull=True))
    counted: dict[str, int] = (
        Meeting.objects.visible_to(ctx)
        .order_by()
        .aggregate(
            invited=Count("pk", filter=Q(state=MeetingState.INVITED, ends_at__gte=now) & Q(own)),
            to_invite=Count(
                "pk",
                filter=Q(
                    state=MeetingState.PLANNED,
                    committee__in=kept,
                    starts_at__gte=now,
                    starts_at__lte=now + timedelta(days=14),
                ),
            ),
            to_adopt=Count(
                "pk", filter=Q(state=MeetingState.HELD, adopted_on__isnull=True, committee__in=kept)
            ),
            to_issue=Count(
                "pk",
                filter=Q(
                    state=MeetingState.HELD,
                    adopted_on__isnull=False,
                    notice__isnull=True,
                    committee__in=kept,
                )
                & Q(concluded),
            ),
        )
    )
    return counted


# --- Following officers ---------------------------------------------------------------------------


@dataclass
class OfficerRow:
    """A following officer with how much lies on the person."""

    officer: FollowingOfficer
    open: int = 0
    late: int = 0
    hours: int = 0
    courses: int = 0


@dataclass
class AgencyOfficers:
    """An agency and who follows the collective economy there."""

    agency: Agency
    officers: list[OfficerRow] = field(default_factory=list)
    is_own: bool = False


def officers_by_agency(ctx: Context, *, q: str = "", only: str = "") -> list[AgencyOfficers]:
    """Return the agencies of the day with their officers; loads count only tasks that the caller may see.

    ``only`` keeps ``without`` (agencies without an officer), ``late`` (officers with late tasks) or
    ``untrained`` (no course recorded).
    """
    provinces = sorted(
        {g.province_code for g in ctx.grants if "committees.view" in g.role.permissions}
    )
    agencies = (
        Agency.objects.filter(valid__contains=ctx.today)
        .select_related("unit")
        .order_by("name", "id")
    )
    if "*" not in provinces:
        agencies = agencies.filter(province_code__in=provinces)
    if q.strip():
        agencies = agencies.filter(
            Q(name__icontains=q.strip()) | Q(short_name__icontains=q.strip())
        )
    own = agencies_spoken_for(ctx, _NAME)
    rows = {a.pk: AgencyOfficers(a, is_own=a.pk in own) for a in agencies}
    for row in _loads(
        ctx,
        list(
            FollowingOfficer.objects.visible_to(ctx)
            .on(ctx.today)
            .filter(agency__in=rows.keys())
            .select_related("user")
            .order_by("valid__startswith", "id")
        ),
    ):
        rows[row.officer.agency_id].officers.append(row)
    # Agencies with officers first; the sort keeps the order of names within each half.
    return kept_of(sorted(rows.values(), key=lambda a: not a.officers), only)


def kept_of(rows: Iterable[AgencyOfficers], only: str) -> list[AgencyOfficers]:
    """Return the agencies that a filter of :func:`officers_by_agency` keeps."""
    keep: dict[str, Callable[[AgencyOfficers], bool]] = {
        "without": lambda a: not a.officers,
        "late": lambda a: any(o.late for o in a.officers),
        "untrained": lambda a: any(not o.courses for o in a.officers),
    }
    return [a for a in rows if only not in keep or keep[only](a)]


def _loads(ctx: Context, officers: list[FollowingOfficer]) -> list[OfficerRow]:
    users = [o.user_id for o in officers if o.user_id is not None]
    late = Q(task__state__in=sorted(RUNNING), task__due_on__lt=ctx.today)
    lines = (
        Assignment.objects.now()
        .filter(officer__in=users, task__in=tasks_seen(ctx).open().order_by().values("pk"))
        .order_by()
        .values("officer", "agency")
        .annotate(open=Count("task", distinct=True), late=Count("task", filter=late, distinct=True))
    )
    load: dict[tuple[Any, Any], tuple[int, int]] = {
        (r["officer"], r["agency"]): (r["open"], r["late"]) for r in lines
    }
    trained = OfficerTraining.objects.filter(
        officer__in=[o.pk for o in officers], retired_by__isnull=True
    )
    courses = {
        r["officer"]: (r["courses"], r["hours"])
        for r in trained.order_by()
        .values("officer")
        .annotate(courses=Count("pk"), hours=Sum("hours"))
    }
    found = []
    for officer in officers:
        is_open, is_late = load.get((officer.user_id, officer.agency_id), (0, 0))
        count, hours = courses.get(officer.pk, (0, 0))
        found.append(OfficerRow(officer, is_open, is_late, hours, count))
    return found


@dataclass(frozen=True)
class OfficerTotals:
    """What the plan asks of agencies, counted: an officer in each, trained."""

    agencies: int
    with_officer: int
    officers: int
    trained: int
    hours: int


def officer_totals(rows: list[AgencyOfficers]) -> OfficerTotals:
    """Return the counts of a list of agencies."""
    officers = [o for a in rows for o in a.officers]
    return OfficerTotals(
        len(rows),
        sum(1 for a in rows if a.officers),
        len(officers),
        sum(1 for o in officers if o.courses),
        sum(o.hours for o in officers),
    )


def own_agencies_without_officer(ctx: Context) -> QuerySet[Agency]:
    """Return the caller's agencies of the day for which nobody is named."""
    officers = FollowingOfficer.objects.on(ctx.today).filter(agency=OuterRef("pk"))
    own = Agency.objects.filter(pk__in=agencies_spoken_for(ctx, _NAME), valid__contains=ctx.today)
    return own.filter(~Exists(officers))


def naming_agencies(ctx: Context) -> QuerySet[Agency]:
    """Return the agencies of the day for which the caller may name officers."""
    found = Agency.objects.filter(valid__contains=ctx.today).order_by("name")
    if any(g.province_code == "*" for g in ctx.grants):
        return found
    return found.filter(pk__in=agencies_spoken_for(ctx, _NAME))


def officer_seen(ctx: Context, pk: UUID) -> FollowingOfficer | None:
    found = FollowingOfficer.objects.visible_to(ctx).filter(pk=pk)
    row: FollowingOfficer | None = found.select_related("agency", "user").first()
    return row


def names(ctx: Context, officer: FollowingOfficer) -> bool:
    """Tell whether the caller may change what is recorded of the officer."""
    return ctx.may(_NAME) and officer.is_within(ctx, _NAME)


def load_of(ctx: Context, officer: FollowingOfficer) -> list[Assignment]:
    """Return the open tasks that an officer follows and the caller may see, those due first."""
    if officer.user_id is None or ctx.today not in officer.valid:
        return []
    lines = Assignment.objects.now().filter(officer=officer.user_id, agency=officer.agency_id)
    seen = lines.filter(task__in=tasks_seen(ctx).open().order_by().values("pk"))
    found = list(seen.select_related("task").order_by(F("task__due_on").asc(nulls_last=True), "id"))
    for line in found:
        left = line.task.days_left(ctx.today)
        line.late_days = -left if left is not None and left < 0 else 0  # type: ignore[attr-defined]
    return found


def handovers_of(ctx: Context, officer: FollowingOfficer) -> list[Handover]:
    """Return the handovers from and to an officer, for the agency's own people; tasks none may see are left out."""
    if not names(ctx, officer):
        return []
    found = list(
        Handover.objects.filter(Q(leaving=officer) | Q(taking=officer))
        .select_related("leaving__agency__unit", "taking")
        .order_by("-on", "-id")
    )
    ids = {t["id"] for h in found for t in h.tasks}
    seen = {str(pk) for pk in tasks_seen(ctx).filter(pk__in=ids).values_list("pk", flat=True)}
    for handover in found:
        handover.listed = [t for t in handover.tasks if t["id"] in seen]  # type: ignore[attr-defined]
    return found


def handover_seen(ctx: Context, pk: UUID) -> Handover | None:
    """Return one handover as :func:`handovers_of` tells it, for the agency's own people."""
    row = Handover.objects.filter(pk=pk).select_related("leaving__agency__unit").first()
    if row is None or not row.leaving.is_within(ctx, VIEW):
        return None
    return next((h for h in handovers_of(ctx, row.leaving) if h.pk == pk), None)


def trainings_of(officer: FollowingOfficer) -> list[OfficerTraining]:
    return list(officer.trainings.filter(retired_by__isnull=True).order_by("-ends_on", "-id"))


def training_seen(ctx: Context, pk: UUID) -> OfficerTraining | None:
    seen = FollowingOfficer.objects.visible_to(ctx)
    found = OfficerTraining.objects.filter(pk=pk, officer__in=seen.values("pk"))
    return found.select_related("officer__agency").first()
