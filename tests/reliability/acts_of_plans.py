"""The acts upon yearly plans: what each needs and how it is done (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hoptac.foundation.access import Context, system_context
from hoptac.plans import actions as plans
from hoptac.plans.models import YearPlan
from tests.reliability import acts_of_tasks

_NUMBER = count(1)
_SYSTEM = system_context()
_YEAR = _SYSTEM.today.year
_LATER = date(_YEAR, 12, 31)


def plan(stage: Any, until: str = "filled", *, year: int = _YEAR, agency: Any = None) -> YearPlan:
    """Return a plan of a new agency brought as far as a stage by the system."""
    ctx = system_context()
    maker = agency or acts_of_tasks.agency(stage)
    found: YearPlan = plans.draft_plan(
        ctx,
        agency=maker,
        year=year,
        approver=acts_of_tasks.agency(stage, kind="committee"),
        tie="Theo KH",
    )
    if until == "drafted":
        return found
    plans.set_target(
        ctx,
        found,
        code="HTX-07",
        values={"name": "HTX công nghệ cao", "unit_name": "HTX", "planned": 3},
    )
    steps: dict[str, Callable[[], Any]] = {
        "submitted": lambda: plans.submit(ctx, found),
        "approved": lambda: plans.approve(ctx, found),
        "issued": lambda: plans.issue(
            ctx, found, symbol=f"{9000 + next(_NUMBER)}/KH-SKHĐT", issued_on=ctx.today
        ),
        "closed": lambda: _close(ctx, found),
    }
    if until != "filled":
        for name, step in steps.items():
            step()
            if name == until:
                break
    return found


def _close(ctx: Context, subject: YearPlan) -> Any:
    plans.state_actual(
        ctx, subject, code="HTX-07", value=Decimal(3), as_of=subject.ends_on, source="Báo cáo"
    )
    return plans.close_year(ctx, subject)


def _over(stage: Any) -> YearPlan:
    found = plan(stage, "issued", year=_YEAR - 1)
    plans.state_actual(
        _SYSTEM, found, code="HTX-07", value=Decimal(3), as_of=found.ends_on, source="Báo cáo"
    )
    return found


def _closed(stage: Any) -> YearPlan:
    return plan(stage, "closed", year=_YEAR - 1)


def _stated(stage: Any) -> tuple[YearPlan, Any]:
    found = plan(stage)
    return found, plans.state_actual(
        _SYSTEM, found, code="HTX-07", value=Decimal(2), as_of=_SYSTEM.today, source="BC"
    )


def _with_task(stage: Any, *, taken: bool = False) -> tuple[YearPlan, Any]:
    task = acts_of_tasks.task(stage, "accepted")
    found = plan(stage, agency=task.lead)
    if taken:
        plans.take_task(_SYSTEM, found, task=task)
    return found, task


def rows(known: Callable[..., Any]) -> dict[str, Any]:
    """Return a row for each act; ``known`` makes one (``every_act.Known``)."""

    def step(
        act: Callable[..., Any], ready: Callable[[Any], Any], *, entries: int = 1, **details: Any
    ) -> Any:
        def do(ctx: Context, subject: Any, **more: Any) -> Any:
            return act(ctx, subject, **details, **more)

        return known(ready, do, "plans.yearplan", entries=entries, edits=do)

    def pair(
        act: Callable[..., Any],
        name: str,
        ready: Callable[[Any], Any],
        *,
        entries: int = 1,
        **details: Any,
    ) -> Any:
        def do(ctx: Context, two: Any, **more: Any) -> Any:
            return act(ctx, two[0], **{name: two[1]}, **details, **more)

        return known(ready, do, "plans.yearplan", entries=entries, edits=do)

    return {
        "plans.draft_plan": known(
            acts_of_tasks.agency,
            lambda ctx, a: plans.draft_plan(ctx, agency=a, year=_YEAR, approver=a),
            "plans.yearplan",
        ),
        "plans.edit_plan": step(plans.edit_plan, plan, values={"title": "Kế hoạch khác"}),
        "plans.ask_plans": pair(
            plans.ask_plans,
            "agencies",
            lambda s: (plan(s), [acts_of_tasks.agency(s)]),
            due_on=_LATER,
        ),
        "plans.abandon_plan": step(plans.abandon_plan, plan, words="nhầm"),
        "plans.set_target": step(plans.set_target, plan, code="HTX-07", values={"planned": 4}),
        "plans.drop_target": step(plans.drop_target, plan, code="HTX-07"),
        "plans.state_actual": step(
            plans.state_actual,
            plan,
            code="HTX-07",
            value=Decimal(2),
            as_of=_SYSTEM.today,
            source="BC",
        ),
        "plans.retire_actual": pair(plans.retire_actual, "stated", _stated),
        "plans.take_task": pair(plans.take_task, "task", _with_task),
        "plans.take_part": pair(plans.take_part, "task", _with_task, entries=3, title="Phần việc"),
        "plans.leave_task": pair(plans.leave_task, "task", lambda s: _with_task(s, taken=True)),
        "plans.submit": step(plans.submit, plan),
        "plans.withdraw": step(plans.withdraw, lambda s: plan(s, "submitted")),
        "plans.return_plan": step(plans.return_plan, lambda s: plan(s, "submitted"), words="thiếu"),
        "plans.approve": step(plans.approve, lambda s: plan(s, "submitted")),
        "plans.issue": step(
            plans.issue,
            lambda s: plan(s, "approved"),
            entries=2,
            symbol="8999/KH-SKHĐT",
            issued_on=_SYSTEM.today,
        ),
        "plans.adjust": step(
            plans.adjust,
            lambda s: plan(s, "approved"),
            changes={"HTX-07": {"planned": 5}},
            words="bão",
            document="QĐ 1",
        ),
        "plans.close_year": step(plans.close_year, _over),
        "plans.reopen_year": step(plans.reopen_year, _closed, words="sửa"),
        "plans.export": known(
            lambda s: None,
            lambda ctx, x: plans.record_export(ctx, what="list", format="xlsx", rows=0),
        ),
    }
