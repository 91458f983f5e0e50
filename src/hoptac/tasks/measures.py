"""Figures that tasks offer to plans and reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoptac.directives.terms import Reach
from hoptac.foundation.measures import Asked, Measure, Reading
from hoptac.tasks.models import Step, Task
from hoptac.tasks.terms import StepKind, Wish


def offered() -> tuple[Measure, ...]:
    """Return the measures of tasks."""
    return (
        Measure(
            "tasks.extended", _("Tasks whose due day was extended"), _("tasks"), extended,
            definition=_("Tasks open to every officer whose due day was moved after the baseline, each counted once."),
            counts_since=True, order=80,
        ),
    )  # fmt: skip


def extended(asked: Asked) -> Reading:
    """Return how many tasks had their due day moved in the time asked for; of them upon a request of their agency."""
    days = Q(on__lte=asked.on)
    if asked.since is not None:
        days &= Q(on__gt=asked.since)
    moved = Step.objects.filter(days, task=OuterRef("pk"), kind=StepKind.EXTENDED)
    found = Task.objects.filter(Exists(moved), province_code=asked.province_code, reach=Reach.OPEN)
    if asked.unit_id is not None:
        found = found.filter(Q(lead__unit=asked.unit_id) | Q(lead__unit__parent=asked.unit_id))
    granted: Any = Q(
        extension_requests__state=Wish.GRANTED, extension_requests__decided_on__lte=asked.on
    )
    if asked.since is not None:
        granted &= Q(extension_requests__decided_on__gt=asked.since)
    count = found.count()
    wished = found.filter(granted).distinct().count()
    return Reading(
        value=Decimal(count),
        parts=((str(_("Upon a request")), Decimal(wished)), (str(_("By whoever ordered it")), Decimal(count - wished))),
        href=f"{reverse('tasks:list')}?heap=all&extended=1",
    )  # fmt: skip
