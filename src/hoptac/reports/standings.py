"""How the tasks of a report stand on its day, by one statement for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from hoptac.directives.terms import Reach
from hoptac.reports.models import Report, TaskLine
from hoptac.reports.terms import Standing


@dataclass(frozen=True)
class Line:
    """A task as a report tells of it; ``due_on`` and ``result`` are of the due day that counts."""

    task_id: UUID
    number: str
    title: str
    section: str
    position: int
    lead_name: str
    standing: str
    due_on: date | None
    done_on: date | None
    percent: int
    result: str


# A task is told of where it was entered by the day and not called off by then. Of what is done once its
# due day always counts; of what comes again those of the period, those carried over into it, and those
# judged in it. The worst of them says how the task stands. What is not open to every officer is told
# of only where the report itself is restricted, and then to the agency that gave or leads it.
_LINES = """
WITH told AS (
    SELECT task.id, task.number, task.title, task.section, task.position, task.rhythm, task.percent,
           task.lead_id, task.due_on, dir.issued_on AS issued_on
    FROM tasks_task task LEFT JOIN directives_directive dir ON dir.id = task.directive_id
    WHERE task.province_code = %(province)s
      AND (%(directive)s::uuid IS NULL OR task.directive_id = %(directive)s)
      AND (task.reach = 'open' OR %(restricted)s AND (task.assigner_id = %(issuer)s OR task.lead_id = %(issuer)s))
      AND NOT EXISTS (SELECT FROM tasks_step step WHERE step.task_id = task.id
                      AND step.kind = 'created' AND step.on > %(day)s)
      AND NOT (task.state = 'cancelled' AND EXISTS (
            SELECT FROM tasks_step step WHERE step.task_id = task.id
            AND step.kind = 'cancelled' AND step.on <= %(day)s))
), counted AS (
    SELECT term.task_id, term.due_on, term.result, term.percent,
           CASE WHEN term.state = 'done' AND term.judged_on <= %(day)s
                THEN term.judged_on END AS done_on,
           CASE
             WHEN term.state = 'done' AND term.judged_on <= %(day)s THEN
               CASE WHEN term.reported_on > term.due_on THEN 'done_late' ELSE 'done' END
             WHEN term.state = 'not_done' AND term.judged_on <= %(day)s THEN 'not_done'
             WHEN term.due_on < %(day)s AND (term.reported_on IS NULL OR term.reported_on > %(day)s) THEN 'late'
             ELSE 'under_way'
           END AS standing
    FROM tasks_term term JOIN told ON told.id = term.task_id
    WHERE term.state <> 'cancelled'
      AND (told.rhythm = 'once'
        OR term.due_on BETWEEN %(begins)s AND %(ends)s
        OR term.due_on < %(begins)s AND (term.judged_on IS NULL OR term.judged_on >= %(begins)s)
        OR term.judged_on BETWEEN %(begins)s AND %(day)s)
), worst AS (
    SELECT DISTINCT ON (task_id) * FROM counted
    ORDER BY task_id, array_position(ARRAY['late','not_done','under_way','done_late','done'], standing), due_on
)
SELECT told.id, told.number, told.title, told.section, told.position, coalesce(lead.name, ''),
       CASE WHEN worst.standing IS NOT NULL THEN worst.standing
            WHEN EXISTS (SELECT FROM tasks_assignment line WHERE line.task_id = told.id
                         AND line.since <= %(day)s) THEN 'under_way'
            ELSE 'waiting' END,
       coalesce(worst.due_on, told.due_on), worst.done_on, coalesce(worst.percent, told.percent),
       coalesce(worst.result, '')
FROM told LEFT JOIN worst ON worst.task_id = told.id
LEFT JOIN jurisdiction_agency lead ON lead.id = told.lead_id
ORDER BY told.issued_on NULLS LAST, told.position, told.id
"""


def live_lines(report: Report) -> list[Line]:
    """Return how the tasks of a report stand on its day, in the plan's order."""
    given = {
        "province": report.province_code, "directive": report.directive_id, "day": report.as_of,
        "begins": report.begins_on, "ends": report.ends_on, "issuer": report.issuer_id,
        "restricted": report.reach == Reach.RECIPIENTS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LINES, given)
        return [Line(*row) for row in cursor.fetchall()]


def lines_of(report: Report) -> list[Line]:
    """Return the tasks of a report: as they stand on its day, or as they were kept when it was submitted."""
    if not report.is_kept:
        return live_lines(report)
    names = ("task_id", "number", "title", "section", "position", "lead_name", "standing",
             "due_on", "done_on", "percent", "result")  # fmt: skip
    rows = TaskLine.objects.filter(report=report).order_by("position", "id")
    return [Line(*row) for row in rows.values_list(*names)]


def counts(lines: Iterable[Line]) -> dict[str, int]:
    """Return how many tasks stand how; every standing is there."""
    found = Counter(line.standing for line in lines)
    return {s.value: found[s.value] for s in Standing}
