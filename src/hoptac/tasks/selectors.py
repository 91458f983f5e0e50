"""Questions about tasks; each begins with who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from hoptac.foundation.access import ROLES, Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.accounts.models import User
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.rulebook import rule_in_force
from hoptac.jurisdiction.models import Agency, Mandate
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.tasks.models import (
    Assignment,
    Escalated,
    ExtensionRequest,
    Proof,
    Step,
    Task,
    Term,
    TiedIndicator,
)
from hoptac.tasks.models.tasks import (
    TaskQuerySet,
    concerned,
    ordering_agencies,
    overseen_provinces,
    speaks_for,
)
from hoptac.tasks.reminders import due_steps
from hoptac.tasks.rules.lateness import EscalationRule, steps_of
from hoptac.tasks.terms import ENDS, OPEN, RUNNING, SEEN_BY_BOTH, Answer, State, TermState, Wish


def tasks_seen(ctx: Context) -> TaskQuerySet:
    """Return the tasks that the caller may see."""
    found: TaskQuerySet = Task.objects.visible_to(ctx)
    return found


def task_seen(ctx: Context, pk: UUID) -> Task | None:
    """Return a task with what its page names, if the caller may see it."""
    found = tasks_seen(ctx).select_related("directive", "parent", "assigner", "lead", "passage")
    return found.filter(pk=pk).first()


def may_see_course(ctx: Context, task: Task) -> bool:
    """Tell whether the caller reads how a task went and its proofs: its parties and overseers do."""
    return Task.objects.filter(pk=task.pk).filter(concerned(ctx, "tasks.view")).exists() or any(
        g.province_code == "*" for g in ctx.grants
    )


def lines_of(task: Task) -> list[Assignment]:
    """Return every line of a task, those that stand first, with agencies and officers."""
    rows = task.assignments.select_related(
        "agency", "assigned_by", "officer", "given_on_by__agency"
    )
    return sorted(rows, key=lambda a: (a.until is not None, a.part != "lead", a.pk))


def own_lines(ctx: Context, task: Task) -> list[Assignment]:
    """Return the standing lines for which the caller may answer, leading ones first."""
    return [
        line
        for line in lines_of(task)
        if line.until is None and line.is_within(ctx, "tasks.answer")
    ]


def course_seen(ctx: Context, task: Task) -> list[Step]:
    """Return the steps of a task that the caller may read, the latest first.

    Each line of command sees its own steps; of the other one what came of it: assigned, reported, judged.
    """
    steps = task.steps.select_related("by", "agency", "to_agency", "term").prefetch_related(
        "proofs__file", "proofs__directive"
    )
    chains = chains_read(ctx, task)
    return list(
        steps.filter(
            Q(chain__in=sorted(chains)) | Q(chain="") | Q(kind__in=sorted(SEEN_BY_BOTH))
        ).order_by("-id")
    )


def chains_read(ctx: Context, task: Task) -> set[str]:
    """Return the lines of command of a task that the caller reads in full."""
    if any(g.province_code == "*" for g in ctx.grants):
        return {"party", "state"}
    found = {c for c in ("party", "state") if task.province_code in overseen_provinces(ctx, c)}
    own = agencies_spoken_for(ctx, "tasks.view")
    ground = ctx.coverage("tasks.view").communes
    found |= {
        line.chain
        for line in task.assignments.select_related("agency")
        if line.agency_id in own or line.assigned_by_id in own or line.agency.unit_id in ground
    }
    if task.assigner_id in own:
        found.add(task.chain)
    return found


def may_follow(user: User, agency: Agency, day: date) -> bool:
    """Tell whether a person's mandates of the day let them answer for an agency."""
    return speaks_for(context_of(user).by(today=day), "tasks.answer", agency.pk)


def officers_of(agency: Agency, day: date) -> list[User]:
    """Return the people who may answer for an agency on a day, by name."""
    roles = [code for code, role in ROLES.items() if "tasks.answer" in role.permissions]
    held = Mandate.objects.on(day).filter(role__in=roles, province_code=agency.province_code)
    users = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name")
    return [u for u in users if may_follow(u, agency, day)]


def assigning_agencies(ctx: Context) -> frozenset[UUID]:
    """Return the agencies for which the caller may order tasks; the system may for all."""
    if any(g.province_code == "*" for g in ctx.grants):
        return frozenset(Agency.objects.values_list("pk", flat=True))
    return ordering_agencies(ctx)


@dataclass(frozen=True)
class Desk:
    """For which agencies the caller answers, and for which one orders tasks."""

    answering: frozenset[UUID]
    ordering: frozenset[UUID]

    @classmethod
    def of(cls, ctx: Context) -> Desk:
        return cls(agencies_spoken_for(ctx, "tasks.answer"), assigning_agencies(ctx))


def heap(code: str, ctx: Context, desk: Desk | None = None) -> Q:
    """Return which tasks lie on a heap of the caller's desk."""
    desk = desk or Desk.of(ctx)
    own, assigning = desk.answering, desk.ordering
    mine = Assignment.objects.now().filter(agency__in=own)
    led = mine.filter(part="lead")
    reported = Term.objects.filter(state=TermState.REPORTED, reported_by__assigned_by__in=assigning)
    heaps = {
        "mine": Q(state__in=sorted(OPEN), pk__in=mine.values("task")),
        "to_answer": Q(
            state__in=sorted(OPEN), pk__in=mine.filter(answer=Answer.WAITING).values("task")
        ),
        "late": Q(state__in=sorted(RUNNING), due_on__lt=ctx.today, pk__in=led.values("task")),
        "followed": Q(
            state__in=sorted(OPEN), pk__in=Assignment.objects.now().filter(officer=ctx.user).values("task")
        ),
        "to_assign": Q(state__in=(State.DRAFT, State.REFUSED), assigner__in=assigning),
        "to_judge": Q(state=State.REPORTED, pk__in=reported.values("task")),
        "to_extend": Q(
            assigner__in=assigning,
            pk__in=ExtensionRequest.objects.filter(state=Wish.WAITING).values("task"),
        ),
        "given": Q(state__in=sorted(OPEN), assigner__in=assigning),
        "given_late": Q(state__in=sorted(RUNNING), due_on__lt=ctx.today, assigner__in=assigning),
        "all": ~Q(state=State.CANCELLED),
    }  # fmt: skip
    return heaps[code]


HEAPS = (
    "mine",
    "to_answer",
    "late",
    "followed",
    "to_assign",
    "to_judge",
    "to_extend",
    "given",
    "given_late",
    "all",
)


def heap_counts(ctx: Context, heaps: tuple[str, ...] = HEAPS) -> dict[str, int]:
    """Return how many tasks lie on each heap, in one question."""
    desk = Desk.of(ctx)
    counted: dict[str, Any] = {c: Count("pk", filter=heap(c, ctx, desk)) for c in heaps}
    return tasks_seen(ctx).order_by().aggregate(**counted)


def parts_of(ctx: Context, task: Task) -> QuerySet[Task]:
    """Return the parts of a task that the caller may see, in their order."""
    return tasks_seen(ctx).filter(parent=task).select_related("lead").order_by("position", "id")


def tasks_without_owner(ctx: Context) -> QuerySet[Task]:
    """Return open tasks whose leading agency has ended: its duties passed to nobody known."""
    gone = Agency.objects.filter(valid__endswith__lte=ctx.today)
    return tasks_seen(ctx).open().filter(lead__in=gone).select_related("lead", "directive")


def needed_by(ctx: Context, task: Task) -> list[Task]:
    """Return the tasks that must be done first, as far as the caller may see them."""
    rows = task.needs.filter(retired_by__isnull=True)
    return list(
        tasks_seen(ctx)
        .filter(pk__in=rows.values("needed"))
        .select_related("lead")
        .order_by("number")
    )


def wish_waiting(task: Task) -> ExtensionRequest | None:
    """Return the request for more time that waits to be decided."""
    found = task.extension_requests.filter(state=Wish.WAITING)
    return found.select_related("task__assigner", "term", "line__agency").first()


def wishes_of(task: Task) -> list[ExtensionRequest]:
    """Return the requests for more time of a task, the latest first."""
    return list(task.extension_requests.select_related("line__agency").order_by("-asked_on", "-id"))


def indicators_of(task: Task) -> list[TiedIndicator]:
    """Return the indicators tied to a task."""
    return list(task.indicators.filter(retired_by__isnull=True).select_related("unit", "task"))


def indicator_of(task: Task, pk: UUID) -> TiedIndicator | None:
    return task.indicators.filter(pk=pk).select_related("task").first()


def proof_file(ctx: Context, task: Task, pk: UUID) -> StoredFile | None:
    """Return a file brought as proof of a task, if the caller reads the step that brought it."""
    if not may_see_course(ctx, task):
        return None
    steps = [s.pk for s in course_seen(ctx, task)]
    return StoredFile.objects.filter(
        pk=pk, pk__in=Proof.objects.filter(step__in=steps, file__isnull=False).values("file")
    ).first()


@dataclass(frozen=True)
class AgencyRow:
    """How an agency's leading tasks stand."""

    agency: Agency
    open: int
    late: int
    waiting: int
    reported: int
    done: int
    done_late: int
    latest: int
    exists: bool

    @property
    def share_late(self) -> int:
        """Of the open ones, those late, in percent."""
        return round(100 * self.late / self.open) if self.open else 0


def by_agency(ctx: Context, asked: Any) -> list[AgencyRow]:
    """Return the leading agencies of the tasks asked for, those with most late first."""
    late = Q(state__in=sorted(RUNNING), due_on__lt=ctx.today)
    of = Q(lead=asked.agency) if asked.agency else Q(lead__isnull=False)
    rows = (
        tasks_seen(ctx).filter(asked.kept(ctx), of).order_by().values("lead").annotate(
            open=Count("pk", filter=Q(state__in=sorted(OPEN))), late=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(state=State.ASSIGNED)), reported=Count("pk", filter=Q(state=State.REPORTED)),
            done=Count("pk", filter=Q(state=State.DONE)),
            done_late=Count("pk", filter=Q(state=State.DONE, done_on__gt=F("due_on"))),
            oldest=Min("due_on", filter=late),
        )
    )  # fmt: skip
    found = list(rows)
    agencies = Agency.objects.select_related("unit").in_bulk([r["lead"] for r in found])
    return sorted(
        (
            AgencyRow(
                agencies[r["lead"]], r["open"], r["late"], r["waiting"], r["reported"], r["done"], r["done_late"],
                (ctx.today - r["oldest"]).days if r["oldest"] else 0, ctx.today in agencies[r["lead"]].valid,
            )
            for r in found
        ),
        key=lambda r: (-r.late, -r.open, r.agency.name),
    )  # fmt: skip


def may_add_part(ctx: Context, task: Task) -> bool:
    """Tell whether one of the agencies for which the caller orders tasks has a part in this one."""
    own = assigning_agencies(ctx)
    return task.assigner_id in own or task.assignments.now().filter(agency__in=own).exists()


# --- What the daily job looks for ------------------------------------------------------------------


def agencies_gone(day: date) -> list[Agency]:
    """Return the agencies that have ended by a day into one successor and still have something open."""
    gone = Agency.objects.filter(valid__endswith__lte=day).annotate(
        into=Count("successions", filter=Q(successions__on__lte=day))
    )
    answering = Assignment.objects.now().filter(task__state__in=sorted(OPEN)).values("agency")
    ordering = Task.objects.exclude(state__in=sorted(ENDS)).values("assigner")
    found = gone.filter(Q(pk__in=answering) | Q(pk__in=ordering), into=1)
    return list(found.order_by("valid", "pk"))


def periods_to_open(day: date) -> list[Task]:
    """Return recurring tasks under way whose latest period has ended."""
    running = (
        Task.objects.open()
        .exclude(rhythm="once")
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    )
    begun = Term.objects.filter(task=OuterRef("pk"), ends_on__gte=day)
    return list(running.filter(~Exists(begun)).order_by("pk"))


def terms_to_tell_of(day: date) -> list[Term]:
    """Return the open terms for which a step of the escalation rule may be due."""
    rule = rule_in_force(EscalationRule, on=day)
    steps = steps_of(rule)
    soon = day + timedelta(days=2 * -min(steps[0].days, 0) + 7)
    rows = Term.objects.filter(
        state=TermState.OPEN, due_on__lte=soon, task__state__in=sorted(RUNNING)
    ).select_related("task")
    told_last = Escalated.objects.filter(
        term=OuterRef("pk"), due_on=OuterRef("due_on"), code=steps[-1].code
    )
    found = rows.filter(~Exists(told_last)).prefetch_related("escalations").order_by("due_on", "pk")
    return [t for t in found if due_steps(t, day)]
