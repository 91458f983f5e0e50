"""To whom an order to many goes: the agencies that a document means, and all that may be chosen."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hoptac.directives.models import Passage
from hoptac.directives.reading.gazetteer import key
from hoptac.directives.selectors import agencies_by_group
from hoptac.directives.terms import Part as Named
from hoptac.foundation.access import Context
from hoptac.foundation.rulebook import read_topic
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.tasks.models import Step, Task
from hoptac.tasks.proposed import as_called_on
from hoptac.tasks.rules.groups import GroupWords, compute_wanted
from hoptac.tasks.terms import Answer, State, StepKind


@functools.cache
def group_words() -> GroupWords:
    """Return the words for groups of agencies."""
    return GroupWords.of(read_topic("tasks/groups"))


@dataclass(frozen=True)
class Meant:
    """One name of a document: which agencies it is taken to mean."""

    named: str
    agencies: tuple[Agency, ...]
    is_vague: bool


@dataclass(frozen=True)
class Choice:
    """All that may be chosen for a task, and what its document means."""

    groups: dict[str, list[Agency]]
    """The agencies that exist on the day, by the groups in which documents are sent."""
    meant: list[Meant]
    given: frozenset[UUID]
    """The agencies that have a part already."""

    @property
    def agencies(self) -> list[Agency]:
        return [a for agencies in self.groups.values() for a in agencies]

    @property
    def meant_keys(self) -> frozenset[UUID]:
        return frozenset(a.pk for m in self.meant for a in m.agencies)

    def within(self, codes: Iterable[str], unit: UUID | None) -> frozenset[UUID]:
        """Return the agencies of these groups (of all, without one) in a unit and below it."""
        wanted = set(codes)
        return frozenset(
            a.pk
            for code, agencies in self.groups.items()
            if not wanted or code in wanted
            for a in agencies
            if unit is None or unit in {a.unit_id, a.unit.parent_id}
        )


def is_for_many(passage: Passage | None) -> bool:
    """Tell whether a passage charges a group of agencies, or several of them, with the lead; people are no agencies."""
    if passage is None:
        return False
    leads = [a for a in passage.actors.all() if a.part == Named.LEAD]
    return (
        any(a.group in AgencyKind.values for a in leads)
        or sum(a.agency_id is not None for a in leads) > 1
    )


def choice_for(ctx: Context, task: Task) -> Choice:
    """Return which agencies of the province may be given a part of a task today; never the one that orders it."""
    found = agencies_by_group(task.province_code, ctx.today)
    groups = {
        code: [a for a in agencies if a.pk != task.assigner_id] for code, agencies in found.items()
    }
    given = task.children.exclude(state=State.CANCELLED).values_list("lead", flat=True)
    choice = Choice({c: g for c, g in groups.items() if g}, [], frozenset(pk for pk in given if pk))
    if task.passage is not None:
        choice.meant.extend(_meant(task.passage, choice.agencies, ctx))
    return choice


def _meant(passage: Passage, agencies: list[Agency], ctx: Context) -> Iterable[Meant]:
    known = {a.pk: a for a in agencies}
    for actor in passage.actors.select_related("agency").order_by("position", "id"):
        if actor.part != Named.LEAD:
            continue
        if actor.agency is not None:
            today = as_called_on([actor.agency], ctx.today)
            yield Meant(actor.named, tuple(known[a.pk] for a in today if a.pk in known), False)
            continue
        wanted = compute_wanted(key(actor.named), group_words(), group=actor.group)
        fits = tuple(a for a in agencies if (a.kind, a.unit.level) in wanted.kinds)
        yield Meant(actor.named, fits, wanted.is_vague)


# --- Taking it back -----------------------------------------------------------------------------------


def last_spread(task: Task) -> Step | None:
    """Return the last order to many of a task that was not taken back."""
    standing: list[Step] = []
    for step in task.steps.filter(kind__in=(StepKind.SPREAD, StepKind.GATHERED)).order_by("id"):
        if step.kind == StepKind.SPREAD:
            standing.append(step)
        elif standing:
            standing.pop()
    return standing[-1] if standing else None


def parts_spread(step: Step) -> list[Task]:
    """Return the parts of an order to many that were not called off since."""
    rows = Task.objects.filter(pk__in=step.details.get("parts", ())).exclude(state=State.CANCELLED)
    return list(rows.select_related("lead").order_by("position", "id"))


def answered(parts: Iterable[Task]) -> list[Task]:
    """Return the parts on which an agency has acted: it answered, handed on, or was replaced."""
    of = list(parts)
    acted = {
        line.task_id
        for part in of
        for line in part.assignments.all()
        if line.until is not None or line.answer != Answer.WAITING
    }
    return [p for p in of if p.state != State.ASSIGNED or p.pk in acted]
