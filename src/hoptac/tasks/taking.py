"""Tasks made of the passages of a directive that an officer accepted, and taken back with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.directives.models import Directive, Passage
from hoptac.directives.taking import Taken
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for, heirs_of
from hoptac.tasks import actions
from hoptac.tasks.chains import chain_of
from hoptac.tasks.models import Task
from hoptac.tasks.selectors import assigning_agencies, tasks_seen
from hoptac.tasks.spreading import is_for_many
from hoptac.tasks.terms import State


class TasksOfPassages:
    """Answers what was made of passages, and whether it may be taken back."""

    def made_of(self, ctx: Context, passages: Iterable[UUID]) -> dict[UUID, Taken]:
        """Return the task of each passage that the caller may see."""
        rows = tasks_seen(ctx).filter(passage__in=list(passages)).exclude(state=State.CANCELLED)
        ordering = assigning_agencies(ctx)
        found = {}
        for task in rows.select_related("passage").prefetch_related("passage__actors"):
            passage = task.passage
            if passage is None:
                continue
            is_next = task.state == State.DRAFT and task.assigner_id in ordering
            words = self.next_words(passage) if is_next else ""
            found[passage.pk] = Taken(
                f"{task.number} {task.title}", reverse("tasks:task", args=[task.pk]),
                str(task.get_state_display()), words,
                f"{reverse('tasks:spread', args=[task.pk])}?from=reading" if words else "",
            )  # fmt: skip
        return found

    def next_words(self, passage: Passage) -> str:
        """Return that a task for a group of agencies is to be given to them."""
        return _("Give to several agencies") if is_for_many(passage) else ""

    def objections(self, ctx: Context, passages: Sequence[Passage]) -> Iterator[Finding]:
        """Yield the tasks that were assigned already: those are called off, not taken back."""
        begun = Task.objects.filter(passage__in=passages).exclude(
            state__in=(State.DRAFT, State.CANCELLED)
        )
        for task in begun.order_by("number"):
            yield Finding(
                "task_assigned",
                _("Task %(number)s was made of it and is assigned: call it off instead.")
                % {"number": task.number},
            )


def make_tasks(
    ctx: Context, *, directive: Directive, passages: Sequence[Passage], **_more: Any
) -> None:
    """Make a task of each accepted passage, ordered by the issuer or by the caller's own agency."""
    actions.take_passages(ctx, directive, passages=passages, assigner=assigner_of(ctx, directive))


def end_tasks(
    ctx: Context, *, directive: Directive, passages: Sequence[Passage], **_more: Any
) -> None:
    """Call off the tasks of passages that became proposals again; none of them was assigned."""
    for task in Task.objects.filter(passage__in=passages, state=State.DRAFT).order_by("number"):
        actions.cancel_task(ctx, task, words=_("The proposal was taken back."))


def assigner_of(ctx: Context, directive: Directive) -> Agency:
    """Return who orders what a directive asks.

    Its issuer or the issuer's successor, else who entered it, else the one agency of the caller's own mandates,
    else the one of its line of command for which the caller orders tasks.

    :raises Refused: the caller orders tasks for none of them, or for several that may be meant
    """
    own = assigning_agencies(ctx)
    today = Agency.objects.filter(pk__in=own, valid__contains=ctx.today).order_by("pk")
    for agency in (directive.issuer_id, directive.keeper_id):
        if agency in own:
            heirs = list(today.filter(pk__in=heirs_of(agency))[:2])
            if len(heirs) == 1:
                return heirs[0]
    spoken = agencies_spoken_for(ctx, "tasks.assign")
    of_chain = [a for a in today if chain_of(a) == directive.chain]
    for rest in ([a for a in today if a.pk in spoken], of_chain, list(today)):
        if len(rest) == 1 or (ctx.user is None and rest):
            return rest[0]
    raise Refused(
        Finding(
            "no_assigner",
            _(
                "Your mandate names no agency that could order these tasks: ask an administrator for one "
                "within the issuing agency."
            ),
        )
    )
