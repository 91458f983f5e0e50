"""What agencies met and ask for in the course of a report's tasks, as far as its line of command reads it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from hoptac.directives.terms import Reach
from hoptac.reports.models import Report
from hoptac.tasks.models import Step
from hoptac.tasks.terms import SEEN_BY_BOTH


def words_for(report: Report) -> QuerySet[Step]:
    """Return the steps of the period that tell a difficulty or a proposal.

    Of its own line of command all; of the other one those that tell what came of a task. None of
    tasks that not every officer reads, unless the report itself is restricted.
    """
    about: Any = Q(task__province_code=report.province_code)
    if report.directive_id:
        about &= Q(task__directive=report.directive_id)
    if report.reach == Reach.OPEN:
        about &= Q(task__reach=Reach.OPEN)
    else:
        about &= (
            Q(task__reach=Reach.OPEN)
            | Q(task__assigner=report.issuer_id)
            | Q(task__lead=report.issuer_id)
        )
    return (
        Step.objects.filter(
            about,
            ~Q(difficulty="") | ~Q(proposal=""),
            Q(chain=report.chain) | Q(chain="") | Q(kind__in=sorted(SEEN_BY_BOTH)),
            on__range=(report.begins_on, report.as_of),
        )
        .select_related("agency", "task")
        .order_by("agency__name", "task__position", "id")
    )
