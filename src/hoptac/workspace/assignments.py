"""Tasks of the demonstration: ordered, accepted, refused, reported and judged by the acts of their agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hoptac.directives.models import Directive
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.rulebook import rule_in_force
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks import actions
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.proofs import Shown
from hoptac.workspace.baseline import BaselineRule

_PAPER = ("bao-cao-minh-hoa.txt", "Báo cáo minh họa.".encode())
# The states in the order in which a task comes through them.
_COURSE = ("draft", "waiting", "accepted", "progress", "reported", "done")


def build(told: Sequence[Mapping[str, Any]]) -> None:
    """Enter the tasks that the plan tells under the founding plan, and let their agencies act."""
    plan = founding_plan()
    for one in told:
        _build(one, plan)


def founding_plan() -> Directive | None:
    """Return the Party's plan that the province carries out."""
    plans = Directive.objects.filter(chain="party", kind="plan")
    return plans.order_by("-issued_on", "-id").first()


def _build(one: Mapping[str, Any], plan: Directive | None) -> None:
    today = system_context().today
    begun = system_context(today=today - timedelta(days=one["given_days_ago"]))
    issuer = Agency.objects.get(code=one["by"])
    due: dict[str, Any] = {
        "rhythm": one.get("rhythm", "once"),
        "month": one.get("month", 0),
        "day": one.get("day", 0),
    }
    if "due_in" in one:
        due["due_on"] = today + timedelta(days=one["due_in"])
    if due["rhythm"] != "once":
        due["starts_on"] = begun.today
    task = actions.create_task(
        begun, title=one["title"], assigner=issuer, directive=plan, section=one["section"], due=due
    )
    if "indicator" in one:
        _tie(begun, task, one["indicator"])
    if one["until"] == "draft":
        return
    helpers = list(Agency.objects.filter(code__in=one.get("helpers", ())).order_by("code"))
    actions.assign(begun, task, lead=_lead(one, begun.today), coordinating=helpers)
    _run(one, task.assignments.get(part="lead"), begun, today)


def _run(one: Mapping[str, Any], line: Assignment, begun: Context, today: date) -> None:
    """Let the leading agency go as far as the plan tells."""
    words, until = one.get("words", ""), one["until"]
    if until == "refused":
        actions.refuse_assignment(
            begun.by(today=begun.today + timedelta(days=2)), line, words=words
        )
        return
    reached = _COURSE.index("reported" if until == "returned" else until)
    if reached >= _COURSE.index("accepted"):
        actions.accept_assignment(begun.by(today=begun.today + timedelta(days=2)), line)
    if until == "progress":
        actions.report_progress(
            begun.by(today=today - timedelta(days=7)), line, words=words, percent=one["percent"],
            difficulty=one.get("difficulty", ""), proposal=one.get("proposal", ""),
        )  # fmt: skip
    if "asks_in" in one:
        actions.ask_extension(
            begun.by(today=today - timedelta(days=3)), line, words=one["asks_words"],
            due_on=today + timedelta(days=one["asks_in"]),
        )  # fmt: skip
    if reached < _COURSE.index("reported"):
        return
    day = begun.by(today=min(today - timedelta(days=4), today + timedelta(days=one["due_in"] - 3)))
    term = actions.report_done(day, line, result=words, shown=[Shown(file=_PAPER, words="Báo cáo")])
    if until == "returned":
        actions.return_report(day.by(today=day.today + timedelta(days=2)), term, words=words)
    elif until == "done":
        actions.judge_done(day.by(today=day.today + timedelta(days=2)), term, words="Đạt yêu cầu.")


def _lead(one: Mapping[str, Any], day: date) -> Agency:
    if "lead" in one:
        return Agency.objects.get(code=one["lead"])
    commune = AdminUnit.objects.on(day).get(level="commune", code=one["lead_in"])
    offices = Agency.objects.filter(unit=commune, valid__contains=day).exclude(kind="party")
    found = offices.order_by("kind", "code").first()
    if found is None:
        raise LookupError(f"no office in {commune}")
    return found


def _tie(ctx: Context, task: Task, told: Mapping[str, Any]) -> None:
    baseline = rule_in_force(BaselineRule, on=ctx.today).baseline_on
    actions.tie_indicator(
        ctx, task, code=told["code"], target=Decimal(told["target"]), baseline_on=baseline,
        target_on=date(ctx.today.year + 1, 12, 31), basis=told["basis"],
    )  # fmt: skip
