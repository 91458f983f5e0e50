"""Whom the course of a task tells: who must answer, judge or hurry, in each line of command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoptac.foundation import events
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.foundation.notices.telling import done, notify
from hoptac.foundation.notices.terms import Mail
from hoptac.jurisdiction.offices import people_over_province, people_speaking_for
from hoptac.tasks.models import Assignment, ExtensionRequest, Task, Term
from hoptac.tasks.rules.lateness import Escalation
from hoptac.tasks.terms import Part

_ANSWER, _ASSIGN, _VIEW = "tasks.answer", "tasks.assign", "tasks.view"


def tasks_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these tasks the caller may see."""
    seen = Task.objects.visible_to(ctx).filter(pk__in=keys).order_by()
    return seen.values_list("pk", flat=True)


def lines_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these parts in tasks the caller may see."""
    seen = Task.objects.visible_to(ctx).order_by().values("pk")
    return (
        Assignment.objects.filter(pk__in=keys, task__in=seen)
        .order_by()
        .values_list("pk", flat=True)
    )


# --- Whom -----------------------------------------------------------------------------------------


def who_follows(ctx: Context, line: Assignment) -> list[User]:
    """Return who follows a task within an agency: the officer named, else all who may answer for it."""
    if line.officer is not None:
        return [line.officer]
    return people_speaking_for([line.agency_id], _ANSWER, ctx.today)


def who_assigned(ctx: Context, line: Assignment) -> list[User]:
    """Return who may judge and assign anew for the agency that gave a line its work."""
    return people_speaking_for([line.assigned_by_id], _ASSIGN, ctx.today)


def audience(ctx: Context, task: Task, to: Iterable[str]) -> list[User]:
    """Return the people of a step of escalation: officer, lead, assigner and overseer of each line that leads.

    Without an officer named the agency's people stand for that one.
    """
    lines = task.assignments.now().filter(part=Part.LEAD).select_related("officer").order_by("pk")
    found: dict[Any, User] = {}
    for line in lines:
        for who in to:
            match who:
                case "officer":
                    people = who_follows(ctx, line)
                case "lead":
                    people = people_speaking_for([line.agency_id], _ANSWER, ctx.today)
                case "assigner":
                    people = who_assigned(ctx, line)
                case _:
                    people = people_over_province(
                        task.province_code, f"tasks.oversee_{line.chain}", ctx.today
                    )
            found |= {u.pk: u for u in people}
    return list(found.values())


# --- What -----------------------------------------------------------------------------------------


def _told(task: Task, **more: Any) -> dict[str, Any]:
    return {
        "href": reverse("tasks:task", args=[task.pk]),
        "number": task.number,
        "title": task.title,
        **more,
    }


def tell_assigned(ctx: Context, *, task: Task, lines: list[Assignment], **_more: Any) -> None:
    done(ctx, "tasks.refused", subject=task)
    for line in lines:
        people = people_speaking_for([line.agency_id], _ANSWER, ctx.today)
        notify(ctx, "tasks.assigned", to=people, subject=line,
               **_told(task, agency=line.agency.name, by=line.assigned_by.name))  # fmt: skip


def tell_answered(ctx: Context, *, task: Task, line: Assignment) -> None:
    done(ctx, "tasks.assigned", subject=line)


def tell_refused(ctx: Context, *, task: Task, line: Assignment, words: str) -> None:
    done(ctx, "tasks.assigned", subject=line)
    notify(ctx, "tasks.refused", to=who_assigned(ctx, line), subject=task,
           **_told(task, agency=line.agency.name))  # fmt: skip


def tell_officer(ctx: Context, *, task: Task, line: Assignment, officer: User) -> None:
    notify(
        ctx,
        "tasks.officer_named",
        to=[officer],
        subject=task,
        **_told(task, agency=line.agency.name),
    )


def tell_reported(ctx: Context, *, task: Task, term: Term, line: Assignment) -> None:
    done(ctx, "tasks.returned", "tasks.late", "tasks.due_soon", subject=task)
    notify(ctx, "tasks.to_judge", to=who_assigned(ctx, line), subject=task,
           key=f"tasks.to_judge:{term.pk}", **_told(task, agency=line.agency.name))  # fmt: skip


def tell_withdrawn(ctx: Context, *, task: Task) -> None:
    done(ctx, "tasks.to_judge", subject=task)


def tell_judged(ctx: Context, *, task: Task, term: Term, line: Assignment, is_done: bool) -> None:
    done(ctx, "tasks.to_judge", subject=task)
    code = "tasks.judged_done" if is_done else "tasks.returned"
    notify(
        ctx, code, to=who_follows(ctx, line), subject=task, **_told(task, by=line.assigned_by.name)
    )


def tell_extended(ctx: Context, *, task: Task, term: Term) -> None:
    done(ctx, "tasks.late", "tasks.due_soon", subject=task)
    lines = task.assignments.now().select_related("officer").order_by("pk")
    people = {u.pk: u for line in lines for u in who_follows(ctx, line)}
    notify(ctx, "tasks.extended", to=people.values(), subject=task, **_told(task, due=term.due_on))


def tell_extension_asked(ctx: Context, *, task: Task, wish: ExtensionRequest) -> None:
    """Whoever ordered the task decides; who gave the work on without ordering it hears of it."""
    told = _told(task, agency=wish.line.agency.name, due=wish.due_before, wanted=wish.wanted_on)
    people = {u.pk: u for u in people_speaking_for([task.assigner_id], _ASSIGN, ctx.today)}
    notify(ctx, "tasks.extension_asked", to=people.values(), subject=task,
           key=f"tasks.extension_asked:{wish.pk}", **told)  # fmt: skip
    if wish.line.assigned_by_id != task.assigner_id:
        above = [u for u in who_assigned(ctx, wish.line) if u.pk not in people]
        notify(ctx, "tasks.extension_told", to=above, subject=task, **told)


def tell_extension_over(ctx: Context, *, task: Task) -> None:
    done(ctx, "tasks.extension_asked", subject=task)


def tell_extension_refused(ctx: Context, *, task: Task, wish: ExtensionRequest) -> None:
    done(ctx, "tasks.extension_asked", subject=task)
    notify(ctx, "tasks.extension_refused", to=who_follows(ctx, wish.line), subject=task,
           **_told(task, by=task.assigner.name, due=wish.term.due_on))  # fmt: skip


def tell_cancelled(ctx: Context, *, task: Task) -> None:
    """Nothing is asked of anybody any more; the agencies that took part are told."""
    done(
        ctx,
        "tasks.to_judge",
        "tasks.returned",
        "tasks.late",
        "tasks.due_soon",
        "tasks.refused",
        subject=task,
    )
    lines = list(task.assignments.now().select_related("officer").order_by("pk"))
    for line in lines:
        done(ctx, "tasks.assigned", subject=line)
    people = {u.pk: u for line in lines for u in who_follows(ctx, line)}
    notify(ctx, "tasks.cancelled", to=people.values(), subject=task, **_told(task))


def tell_escalated(ctx: Context, *, task: Task, term: Term, step: Escalation) -> None:
    code = "tasks.late" if step.days > 0 else "tasks.due_soon"
    notify(ctx, code, to=audience(ctx, task, step.to), subject=task,
           key=f"{code}:{term.pk}:{step.code}:{term.due_on}",
           **_told(task, due=term.due_on, agency=task.lead.name if task.lead else "–"))  # fmt: skip


_GROUP = _("Tasks")
KINDS: tuple[NoticeKind, ...] = (
    NoticeKind("tasks.assigned", _GROUP, _("A task for your agency"),
               _("%(by)s assigned task %(number)s to %(agency)s: %(title)s."), _ANSWER, Mail.NOW, asks=True),
    NoticeKind("tasks.officer_named", _GROUP, _("You follow a task"),
               _("You are named to follow task %(number)s within %(agency)s: %(title)s."), _ANSWER, Mail.NOW),
    NoticeKind("tasks.refused", _GROUP, _("A task was refused"),
               _("%(agency)s refused task %(number)s: %(title)s."), _ASSIGN, Mail.NOW, asks=True),
    NoticeKind("tasks.to_judge", _GROUP, _("A report to judge"),
               _("%(agency)s reported task %(number)s done: %(title)s."), _ASSIGN, Mail.DAILY, asks=True),
    NoticeKind("tasks.returned", _GROUP, _("A report was sent back"),
               _("%(by)s sent your report on task %(number)s back: %(title)s."), _ANSWER, Mail.NOW, asks=True),
    NoticeKind("tasks.judged_done", _GROUP, _("A task was judged done"),
               _("%(by)s judged task %(number)s done: %(title)s."), _ANSWER, Mail.DAILY),
    NoticeKind("tasks.extended", _GROUP, _("A due day was moved"),
               _("Task %(number)s is now due on %(due)s: %(title)s."), _ANSWER, Mail.DAILY),
    NoticeKind("tasks.extension_asked", _GROUP, _("More time is asked for"),
               _("%(agency)s asks to move the due day of task %(number)s from %(due)s to %(wanted)s: %(title)s."),
               _ASSIGN, Mail.NOW, asks=True),
    NoticeKind("tasks.extension_told", _GROUP, _("An agency asked for more time"),
               _("%(agency)s asks whoever ordered task %(number)s to move its due day from %(due)s to %(wanted)s: "
                 "%(title)s."), _VIEW, Mail.DAILY),
    NoticeKind("tasks.extension_refused", _GROUP, _("More time was refused"),
               _("%(by)s refused more time for task %(number)s; it stays due on %(due)s: %(title)s."), _ANSWER,
               Mail.NOW),
    NoticeKind("tasks.cancelled", _GROUP, _("A task was called off"),
               _("Task %(number)s was called off: %(title)s."), _ANSWER, Mail.DAILY),
    NoticeKind("tasks.due_soon", _GROUP, _("A task comes due"),
               _("Task %(number)s of %(agency)s is due on %(due)s: %(title)s."), _VIEW, Mail.DAILY, asks=True),
    NoticeKind("tasks.late", _GROUP, _("A task is late"),
               _("Task %(number)s of %(agency)s was due on %(due)s and is not reported: %(title)s."), _VIEW,
               Mail.NOW, asks=True),
)  # fmt: skip
_HEARD: dict[str, Callable[..., None]] = {
    "tasks.assigned": tell_assigned, "tasks.answered": tell_answered, "tasks.refused": tell_refused,
    "tasks.officer_named": tell_officer, "tasks.reported": tell_reported, "tasks.withdrawn": tell_withdrawn,
    "tasks.judged": tell_judged, "tasks.extended": tell_extended, "tasks.cancelled": tell_cancelled,
    "tasks.escalated": tell_escalated, "tasks.extension_asked": tell_extension_asked,
    "tasks.extension_over": tell_extension_over, "tasks.extension_refused": tell_extension_refused,
}  # fmt: skip


def declare_all() -> None:
    """Declare the kinds, what they are about, and after what they are told (``AppConfig.ready``)."""
    declare_matter(Matter("tasks.task", "tasks:task", seen=tasks_among))
    declare_matter(Matter("tasks.assignment", "tasks:task", seen=lines_among))
    for kind in KINDS:
        declare(kind)
    for event, listener in _HEARD.items():
        events.listen(event, listener)
