# ruff: noqa: E501  (statements)
"""The yearly report of a great plan: 10,000 tasks of 300 agencies with five years of progress."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from psycopg.types.range import DateRange

from hoptac.foundation.documents.official import to_docx, to_pdf
from hoptac.jurisdiction.models import Agency
from hoptac.reports import actions
from hoptac.reports.documents import document_of
from hoptac.reports.drafting import Draft

TASKS, AGENCIES, BAR_SECONDS = 10_000, 300, 10
TODAY = date(2024, 12, 31)

# Half of the tasks are due once, half every quarter of 2020 to 2024; each quarter has a step that tells a
# difficulty. About one in nine terms is late.
_LOAD = """
INSERT INTO tasks_task (id, province_code, number, directive_id, section, position, title, content, product, chain,
    assigner_id, reach, state, rhythm, due_month, due_day, due_words, lead_id, due_on, percent, fold, version)
SELECT md5('task' || n)::uuid, %(province)s, n || '/2020', %(directive)s, 'Mục ' || mod(n, 12), n, 'Nhiệm vụ ' || n, '', '',
       'state', %(assigner)s, 'open', 'under_way', CASE WHEN mod(n, 2) = 0 THEN 'once' ELSE 'quarter' END, 0, 0, '',
       (%(leads)s::uuid[])[1 + mod(n, cardinality(%(leads)s::uuid[]))], '2024-12-15', 40, 'nhiem vu ' || n, 1
FROM generate_series(1, %(tasks)s) n;
INSERT INTO tasks_assignment (id, task_id, agency_id, part, chain, assigned_by_id, since, ended, answer, answer_words, version)
SELECT md5('line' || task.id)::uuid, task.id, task.lead_id, 'lead', 'state', task.assigner_id, '2020-01-05', '', 'accepted', '', 1
FROM tasks_task task WHERE task.directive_id = %(directive)s;
INSERT INTO tasks_term (id, task_id, label, begins_on, ends_on, due_on, state, percent, result, reported_on, judged_on, judgement, version)
SELECT md5('term' || task.id || q)::uuid, task.id, CASE WHEN task.rhythm = 'once' THEN '' ELSE 'Q' || q END,
       first, last, last - 15,
       CASE WHEN mod(task.position + q, 9) = 0 THEN 'open' ELSE 'done' END, 100, 'Đã làm',
       CASE WHEN mod(task.position + q, 9) <> 0 THEN last - 15 + (mod(task.position, 5) - 3) END,
       CASE WHEN mod(task.position + q, 9) <> 0 THEN last END, '', 1
FROM tasks_task task
CROSS JOIN LATERAL (
    SELECT q, (date '2020-01-01' + make_interval(months => 3 * q))::date AS first,
           (date '2020-01-01' + make_interval(months => 3 * q + 3))::date - 1 AS last
    FROM generate_series(CASE WHEN task.rhythm = 'once' THEN 19 ELSE 0 END, 19) q) quarter
WHERE task.directive_id = %(directive)s;
INSERT INTO tasks_step (task_id, term_id, kind, act_id, at, "on", agency_id, chain, words, difficulty, proposal, details)
SELECT term.task_id, term.id, 'progress', md5('act')::uuid, now(), term.due_on - 20, task.lead_id, 'state', 'Đang làm',
       CASE WHEN mod(task.position, 4) = 0 THEN 'Thiếu kinh phí' ELSE '' END, '', '{}'
FROM tasks_term term JOIN tasks_task task ON task.id = term.task_id WHERE task.directive_id = %(directive)s;
ANALYZE tasks_task; ANALYZE tasks_term; ANALYZE tasks_step; ANALYZE tasks_assignment;
"""


@pytest.mark.slow
def test_the_yearly_report_of_ten_thousand_tasks_is_drafted_and_signed_within_ten_seconds_each(
    plan: Any, client_of: Any
) -> None:
    province = plan.province
    assigner = province.agency("UBND tỉnh")
    leads = Agency.objects.bulk_create(
        Agency(code=f"cq{n}", name=f"Cơ quan {n}", short_name=f"CQ {n}", kind="department", unit=province.unit,
               province_code=province.unit.province_code, valid=DateRange(date(2010, 1, 1), None))
        for n in range(AGENCIES)
    )  # fmt: skip
    given = {
        "province": f"'{province.unit.province_code}'", "tasks": TASKS, "assigner": f"'{assigner.pk}'",
        "directive": f"'{plan.directive.pk}'", "leads": "'{" + ",".join(str(a.pk) for a in leads) + "}'",
    }  # fmt: skip
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for statement in filter(str.strip, _LOAD.split(";")):
            cursor.execute(statement % given)
    ctx = province.of("UBND tỉnh", today=TODAY)
    print("loaded", flush=True)
    begun = time.monotonic()
    report = actions.begin_report(
        ctx, kind="year", year=2024, issuer=assigner, directive=plan.directive
    )
    document = document_of(Draft(report))
    drafted = time.monotonic()
    docx = to_docx(document)
    word = time.monotonic()
    pdf = to_pdf(document)
    printed = time.monotonic()
    actions.assemble(ctx, report)
    actions.submit(ctx, report)
    actions.sign(ctx, report, signer="A", signer_post="Chủ tịch")
    signed = time.monotonic()
    print(
        f"\ndrafted {drafted - begun:.1f} s, Word {word - drafted:.1f} s ({len(docx) // 1024} kB), "
        f"PDF {printed - word:.1f} s ({len(pdf) // 1024} kB), submitted and signed {signed - printed:.1f} s"
    )
    reader = client_of(ctx)
    for page in ("", "preview/", "tasks/", "compare/"):
        begun_page = time.monotonic()
        reader.get(f"/reports/{report.pk}/{page}")
        print(f"{page or 'report/'} {time.monotonic() - begun_page:.1f} s")
    figures = {f.code: f.value for f in report.figures.all()}
    assert figures["nv_total"] == TASKS == report.lines.count()
    assert figures["nv_late"] > 0
    assert drafted - begun < BAR_SECONDS
    assert signed - printed < BAR_SECONDS
