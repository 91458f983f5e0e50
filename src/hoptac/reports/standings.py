"""How the tasks of a report stand on its day, by two statements for all of them."""

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
# due day counts unless it was judged before the period began: then the task is not told of. Of what
# comes again those of the period count, those carried over into it, and those judged in it. The worst of
# them says how the task stands. What is not open to every officer is told
# of only where the report itself is restricted, and then to the agency that gave or leads it.
_WITHIN = """
    task.province_code = %(province)s AND (%(directive)s::uuid IS NULL OR task.directive_id = %(directive)s)
    AND (task.reach = 'open' OR %(restricted)s AND (task.assigner_id = %(issuer)s OR task.lead_id = %(issuer)s))
"""
_TOLD = f"""
SELECT task.id, task.number, task.title, task.section, task.position, coalesce(lead.name, ''),
       EXISTS (SELECT FROM tasks_assignment line WHERE line.task_id = task.id AND line.since <= %(day)s),
       task.due_on, task.percent
FROM tasks_task task
LEFT JOIN directives_directive dir ON dir.id = task.directive_id
LEFT JOIN jurisdiction_agency lead ON lead.id = task.lead_id
WHERE {_WITHIN}
  AND NOT EXISTS (SELECT FROM tasks_step step WHERE step.task_id = task.id
                  AND step.kind = 'created' AND step.on > %(day)s)
  AND NOT (task.state = 'cancelled' AND EXISTS (
        SELECT FROM tasks_step step WHERE step.task_id = task.id
        AND step.kind = 'cancelled' AND step.on <= %(day)s))
ORDER BY dir.issued_on NULLS LAST, task.position, task.id
"""  # noqa: S608  (a condition of this file)
# Asked apart from the tasks, whose conditions the planner cannot weigh: joined in one statement it loops.
_WORST = f"""
WITH counted AS (
    SELECT term.task_id, term.due_on, term.result, term.percent,
           CASE WHEN term.state = 'done' AND term.judged_on <= %(day)s
                THEN term.judged_on END AS done_on,
           CASE
             WHEN task.rhythm = 'once' AND term.state IN ('done', 'not_done') AND term.judged_on < %(begins)s
               THEN 'settled'
             WHEN term.state = 'done' AND term.judged_on <= %(day)s THEN
               CASE WHEN term.reported_on > term.due_on THEN 'done_late' ELSE 'done' END
             WHEN term.state = 'not_done' AND term.judged_on <= %(day)s THEN 'not_done'
             WHEN term.due_on < %(day)s AND (term.reported_on IS NULL OR term.reported_on > %(day)s) THEN 'late'
             ELSE 'under_way'
           END AS standing
    FROM tasks_term term JOIN tasks_task task ON task.id = term.task_id
    WHERE {_WITHIN} AND term.state <> 'cancelled'
      AND (task.rhythm = 'once'
        OR term.due_on BETWEEN %(begins)s AND %(ends)s
        OR term.due_on < %(begins)s AND (term.judged_on IS NULL OR term.judged_on >= %(begins)s)
        OR term.judged_on BETWEEN %(begins)s AND %(day)s)
)
SELECT DISTINCT ON (task_id) task_id, standing, due_on, done_on, percent, result FROM counted
ORDER BY task_id, array_position(ARRAY['late','not_done','under_way','done_late','done','settled'], standing), due_on
"""  # noqa: S608  (a condition of this file)


def live_lines(report: Report) -> list[Line]:
    """Return how the tasks of a report stand on its day, in the plan's order."""
    given = {
        "province": report.province_code, "directive": report.directive_id, "day": report.as_of,
        "begins": report.begins_on, "ends": report.ends_on, "issuer": report.issuer_id,
        "restricted": report.reach == Reach.RECIPIENTS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, given)
        told = cursor.fetchall()
        cursor.execute(_WORST, given)
        worst = {row[0]: row[1:] for row in cursor.fetchall()}
    found = []
    for pk, number, title, section, position, lead, is_assigned, due_on, percent in told:
        open_ended = ("under_way" if is_assigned else "waiting", None, None, percent, "")
        standing, term_due, done_on, reached, result = worst.get(pk, open_ended)
        if standing == "settled":
            continue
        found.append(
            Line(pk, number, title, section, position, lead, standing, term_due or due_on, done_on, reached, result)
        )  # fmt: skip
    return found


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
