"""The founding plan of the demonstration as it was carried out: its obligations, year by year, by their agencies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from hoptac.directives import actions as directives
from hoptac.directives.models import Directive
from hoptac.directives.terms import PassageState
from hoptac.foundation.access import Context, system_context
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.tasks import actions
from hoptac.tasks.models import Assignment, Task, Term
from hoptac.tasks.proofs import Shown
from hoptac.tasks.terms import OPEN
from hoptac.workspace.assignments import founding_plan

_PAPER = ("bao-cao-minh-hoa.txt", "Báo cáo minh họa.".encode())
_DUE = {"month": 12, "day": 15}


@dataclass(frozen=True)
class _Course:
    """An obligation with what the plan tells of it."""

    task: Task
    told: Mapping[str, Any]


def build() -> None:
    """Accept every obligation of the founding plan in its year, and let its agencies act until today."""
    path = settings.ROOT / "demo" / "plan70.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    ordered = system_context(today=told["ordered_on"])
    plan = founding_plan()
    if plan is None:
        raise LookupError("the founding plan is not there")
    courses = _order(ordered, plan, told)
    passings = sorted(
        set(AgencySuccession.objects.values_list("on", flat=True).filter(on__gt=ordered.today))
    )
    today = system_context().today
    since = ordered.today
    for until in [*(d for d in passings if d <= today), today]:
        for course in courses:
            _carry_out(course, told, since, until)
        _pass_on(until)
        since = until
    for course in courses:
        _say_how_far(course, today)


def _order(ctx: Context, plan: Directive, told: Mapping[str, Any]) -> list[_Course]:
    """Make a task of every obligation and give it to its agency, which accepts it a week later."""
    passages = list(plan.passages.filter(state=PassageState.PROPOSED).order_by("position"))
    codes = {told["assigner"]}
    for one in told["course"]:
        codes |= {one["lead"], one.get("given_on", one["lead"]), *one.get("helpers", ())}
    agencies = {a.code: a for a in Agency.objects.filter(code__in=codes)}
    tasks = actions.take_passages(ctx, plan, passages=passages, assigner=agencies[told["assigner"]])
    directives.accept_passages(ctx, plan, passages=[p.pk for p in passages])
    by_number = dict(enumerate(tasks, 1))
    accepted = ctx.by(today=ctx.today + timedelta(days=7))
    found = []
    for one in told["course"]:
        for number in one["passages"]:
            task = by_number[number]
            actions.assign(
                ctx, task, lead=agencies[one["lead"]], due=_due_of(one, ctx.today),
                coordinating=[agencies[c] for c in one.get("helpers", ())],
            )  # fmt: skip
            for line in task.assignments.now().select_related("agency"):
                actions.accept_assignment(accepted, line)
            if "given_on" in one:
                leading = task.assignments.now().get(part="lead")
                given = actions.give_on(accepted, leading, lead=agencies[one["given_on"]])
                actions.accept_assignment(accepted, given)
            if "indicator" in one:
                _tie(ctx, task, one["indicator"], told["baseline_on"])
            found.append(_Course(task, one))
    return found


def _due_of(one: Mapping[str, Any], day: date) -> dict[str, Any]:
    if one["rhythm"] == "year":
        ends = date(one["until"], 12, 31) if "until" in one else None
        return {"rhythm": "year", "starts_on": day, "ends_on": ends, **_DUE}
    return {"rhythm": "once", "due_on": one.get("due_on")}


def _tie(ctx: Context, task: Task, told: Mapping[str, Any], baseline_on: date) -> None:
    actions.tie_indicator(
        ctx, task, code=told["code"], target=Decimal(told["target"]), baseline_on=baseline_on,
        target_on=date(system_context().today.year + 1, 12, 31), basis=told["basis"],
    )  # fmt: skip


def _carry_out(course: _Course, told: Mapping[str, Any], since: date, until: date) -> None:
    """Report, and let be judged, what fell due for an obligation between two days."""
    task, one = course.task, course.told
    if "done_on" in one and since < one["done_on"] <= until:
        words = told["result"].format(year=one["done_on"].year)
        _done(task, one["done_on"], words, told["judgement"])
    if one["rhythm"] != "year":
        return
    for year in range(since.year, until.year + 1):
        day = date(year, 12, 8)
        if not since < day <= until:
            continue
        task.refresh_from_db()
        if task.state not in OPEN:
            return
        actions.open_periods(system_context(today=day), task)
        line = _leading(task, day)
        if line is None:
            return
        if year in one.get("missed", ()):
            term = task.terms.get(label=str(year))
            actions.judge_not_done(
                system_context(today=date(year + 1, 1, 12)), term, words="Không tổ chức được do dịch bệnh (minh họa)."
            )  # fmt: skip
        else:
            _done(task, day, told["result"].format(year=year), told["judgement"])


def _done(task: Task, day: date, words: str, judgement: str) -> None:
    task.refresh_from_db()
    line = _leading(task, day)
    if line is None:
        return
    ctx = system_context(today=day)
    term: Term = actions.report_done(
        ctx, line, result=words, shown=[Shown(file=_PAPER, words="Báo cáo (minh họa)")]
    )
    actions.judge_done(ctx.by(today=day + timedelta(days=9)), term, words=judgement)


def _leading(task: Task, day: date) -> Assignment | None:
    """Return the line of who does the work on a day, if the agency still exists."""
    lines = task.assignments.now().filter(part="lead", agency__valid__contains=day)
    return lines.filter(given_on__isnull=True).select_related("agency", "task").first()


def _pass_on(day: date) -> None:
    """Let what agencies that end on a day had to do pass to their successors, as the daily job does."""
    ctx = system_context(today=day)
    for agency in _ended(day):
        actions.pass_to_successors(ctx, agency)


def _ended(day: date) -> Iterator[Agency]:
    yield from Agency.objects.filter(valid__endswith=day).order_by("code")


def _say_how_far(course: _Course, today: date) -> None:
    """Let the agency that leads now say how far it is, where the plan tells it."""
    task, one = course.task, course.told
    task.refresh_from_db()
    line = _leading(task, today)
    if "percent" in one and line is not None and task.state in OPEN:
        actions.open_periods(system_context(), task)
        actions.report_progress(
            system_context(today=today - timedelta(days=18)), line, words=one["words"], percent=one["percent"]
        )  # fmt: skip
