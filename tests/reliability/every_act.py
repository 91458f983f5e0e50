"""Every act there is: what it needs, how it is done, and what it may leave in the journal.

The acts of each subject stand in an ``acts_of_*.py``; an act without a row there fails test_every_act.py.
"""

from __future__ import annotations

from tests.reliability import (
    acts_of_cases,
    acts_of_certificates,
    acts_of_committees,
    acts_of_directives,
    acts_of_exchange,
    acts_of_office,
    acts_of_plans,
    acts_of_registration,
    acts_of_registry,
    acts_of_reports,
    acts_of_tasks,
)
from tests.reliability.stage import Known, Stage

__all__ = ("KNOWN", "NOT_TRIED", "Known", "Stage")

KNOWN: dict[str, Known] = {
    **acts_of_office.ROWS,
    **acts_of_cases.ROWS,
    **acts_of_certificates.ROWS,
    **acts_of_registry.ROWS,
    **acts_of_registration.ROWS,
    **acts_of_exchange.ROWS,
    **acts_of_tasks.rows(Known),
    **acts_of_committees.rows(Known),
    **acts_of_plans.rows(Known),
    **acts_of_reports.rows(Known),
    **acts_of_directives.rows(Known),
}
# Acts of set-up and measurement that no person does: made-up data for ./hoptac bench.
NOT_TRIED = {"bench.load", "bench.load_tasks"}
