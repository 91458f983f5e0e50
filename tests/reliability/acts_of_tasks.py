# ruff: noqa: E501  (a table, one act a line)
"""The acts upon tasks: what each needs and how it is done (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from psycopg.types.range import DateRange

from hoptac.directives.models import Directive, Passage
from hoptac.foundation.access import Context, system_context
from hoptac.jurisdiction import offices
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.tasks import actions as tasks
from hoptac.tasks.models import Task, Term
from hoptac.tasks.proofs import Shown

_NUMBER = count(1)
_SYSTEM = system_context()
_SOON = _SYSTEM.today + timedelta(days=30)
_FILE = ("bao-cao.txt", b"x")


def agency(stage: Any, *, until: date | None = None, kind: str = "department") -> Agency:
    """Return a new agency of the province."""
    number = next(_NUMBER)
    offices.forget()
    return Agency.objects.create(
        code=f"cq-{number}", name=f"Cơ quan {number}", short_name=f"CQ {number}", kind=kind,
        unit=stage.commune, province_code=stage.commune.province_code, valid=DateRange(date(2000, 1, 1), until),
    )  # fmt: skip


def task(stage: Any, until: str = "created", *, due_on: date = _SOON) -> Any:
    """Return a task brought as far as a stage by the system."""
    ctx = system_context()
    found = tasks.create_task(
        ctx, title="Việc", assigner=agency(stage, kind="committee"), due={"due_on": due_on}
    )
    if until == "created":
        return found
    tasks.assign(ctx, found, lead=agency(stage))
    if until == "assigned":
        return found
    tasks.accept_assignment(ctx, found.assignments.get())
    if until == "accepted":
        return found
    tasks.report_done(ctx, found.assignments.get(), result="xong", shown=[Shown(file=_FILE)])
    if until == "reported":
        return found
    tasks.judge_done(ctx, found.terms.get())
    return found


def line(stage: Any, until: str = "accepted") -> Any:
    return task(stage, until).assignments.get()


def term(stage: Any, until: str = "reported", *, due_on: date = _SOON) -> Term:
    found: Term = task(stage, until, due_on=due_on).terms.get()
    return found


def _past(stage: Any) -> Term:
    """Return an open term whose day has passed."""
    found = term(stage, "accepted")
    Term.objects.filter(pk=found.pk).update(due_on=_SYSTEM.today - timedelta(days=40))
    found.refresh_from_db()
    return found


def _tie(ctx: Context, subject: Any, **more: Any) -> Any:
    return tasks.tie_indicator(
        ctx,
        subject,
        code="register.ended",
        target=Decimal(5),
        target_on=_SOON,
        baseline_on=date(2019, 12, 31),
        **more,
    )


def _tied(stage: Any) -> Any:
    return _tie(system_context(), task(stage, "assigned"))


def _yearly(stage: Any) -> Any:
    """Return a yearly task whose present period is yet to be opened."""
    ctx = system_context(today=_SYSTEM.today.replace(year=_SYSTEM.today.year - 1))
    found = tasks.create_task(ctx, title="Việc", assigner=agency(stage), due={"rhythm": "year"})
    tasks.assign(ctx, found, lead=agency(stage))
    return found


def _spread(stage: Any) -> Any:
    found = task(stage)
    tasks.spread(system_context(), found, agencies=[agency(stage)])
    return found


def _wish(stage: Any) -> Any:
    return tasks.ask_extension(
        system_context(), line(stage), due_on=_SOON + timedelta(days=30), words="mưa lũ"
    )


def _task_tied(stage: Any) -> tuple[Any, Any]:
    tied = _tied(stage)
    return tied.task, tied


def _pair(stage: Any) -> tuple[Any, Any]:
    ctx, first, second = system_context(), task(stage), task(stage)
    tasks.wait_for(ctx, first, needed=second)
    return first, second


def _given(stage: Any) -> tuple[Any, Any]:
    own = line(stage)
    return own, tasks.give_on(system_context(), own, lead=agency(stage))


def _gone(stage: Any) -> Agency:
    own = line(stage)
    gone = own.agency
    gone.valid = DateRange(date(2000, 1, 1), _SYSTEM.today)
    gone.save()
    AgencySuccession.objects.create(predecessor=gone, successor=agency(stage), on=_SYSTEM.today)
    return gone


def _passage(stage: Any) -> tuple[Directive, Passage, Agency]:
    directive = Directive.objects.create(
        province_code=stage.commune.province_code, chain="state", level="province", kind="plan",
        symbol=f"{next(_NUMBER)}/KH-UBND", title="Kế hoạch", issuer_name="UBND tỉnh",
    )  # fmt: skip
    found = Passage.objects.create(
        directive=directive, position=1, start=0, end=4, words="Làm.", content="Làm"
    )
    return directive, found, agency(stage, kind="committee")


def _read(subject: Any, more: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with the version of the task, which is what a page has read."""
    if "expected_version" in more and not isinstance(subject, Task):
        return {**more, "expected_version": subject.read_version}
    return more


def _ready(prepare: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what prepares a subject and keeps which version of its task was read."""

    def ready(stage: Any) -> Any:
        found = prepare(stage)
        first = found[0] if isinstance(found, tuple) else found
        if not isinstance(first, Task):
            first.read_version = Task.objects.values_list("version", flat=True).get(
                pk=first.task_id
            )
        return found

    return ready


def rows(known: Callable[..., Any]) -> dict[str, Any]:
    """Return a row for each act; ``known`` makes one (``every_act.Known``)."""

    def step(
        act: Callable[..., Any], ready: Callable[[Any], Any], *, entries: int = 1, **details: Any
    ) -> Any:
        def do(ctx: Context, subject: Any, **more: Any) -> Any:
            return act(ctx, subject, **details, **_read(subject, more))

        return known(_ready(ready), do, "tasks.task", entries=entries, edits=do)

    def pair(
        act: Callable[..., Any], name: str, ready: Callable[[Any], Any], **details: Any
    ) -> Any:
        def do(ctx: Context, two: Any, **more: Any) -> Any:
            return act(ctx, two[0], **{name: two[1]}, **details, **_read(two[0], more))

        return known(_ready(ready), do, "tasks.task", edits=do)

    def several(
        act: Callable[..., Any],
        ready: Callable[[Any], Any],
        named: Callable[[Any], Any],
        **kept: Any,
    ) -> Any:
        def do(ctx: Context, two: Any, **more: Any) -> Any:
            return act(ctx, two[0], **named(two[1]), **more)

        return known(_ready(ready), do, "tasks.task", edits=do, **kept)

    def upon(act: Callable[..., Any], ready: Callable[[Any], Any]) -> Any:
        def do(ctx: Context, two: Any, **more: Any) -> Any:
            return act(ctx, two[1], **more)

        return known(_ready(ready), do, "tasks.task", edits=do)

    def with_agency(subject: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda s: (subject(s), agency(s))

    return {
        "tasks.create_task": known(agency, lambda ctx, a: tasks.create_task(ctx, title="Việc", assigner=a), "tasks.task"),
        "tasks.take_passages": known(_passage, lambda ctx, x: tasks.take_passages(ctx, x[0], passages=[x[1]], assigner=x[2]), "directives.directive", entries=2),
        "tasks.edit_task": step(tasks.edit_task, task, values={"title": "Việc khác"}),
        "tasks.assign": pair(tasks.assign, "lead", with_agency(task)),
        "tasks.spread": several(tasks.spread, with_agency(task), lambda a: {"agencies": [a]}, entries=4),
        "tasks.gather": step(tasks.gather, _spread, entries=2, words="giao nhầm"),
        "tasks.give_on": pair(tasks.give_on, "lead", with_agency(line)),
        "tasks.add_helper": pair(tasks.add_helper, "agency", with_agency(lambda s: task(s, "assigned"))),
        "tasks.accept_assignment": step(tasks.accept_assignment, lambda s: line(s, "assigned")),
        "tasks.refuse_assignment": step(tasks.refuse_assignment, lambda s: line(s, "assigned"), words="không thuộc chức năng"),
        "tasks.hand_on": pair(tasks.hand_on, "to", with_agency(lambda s: line(s, "assigned")), words="thuộc cơ quan kia"),
        "tasks.release": pair(tasks.release, "released", _given, words="tự làm"),
        "tasks.name_officer": step(tasks.name_officer, line, officer=None),
        "tasks.pass_to_successors": known(_gone, lambda ctx, a: tasks.pass_to_successors(ctx, a), "jurisdiction.agency"),
        "tasks.report_progress": step(tasks.report_progress, line, words="đang làm", percent=10),
        "tasks.report_done": step(tasks.report_done, line, result="xong", shown=[Shown(file=_FILE)]),
        "tasks.withdraw_report": step(tasks.withdraw_report, lambda s: line(s, "reported")),
        "tasks.judge_done": step(tasks.judge_done, term),
        "tasks.judge_not_done": step(tasks.judge_not_done, _past, words="không làm"),
        "tasks.return_report": step(tasks.return_report, term, words="thiếu"),
        "tasks.extend": step(tasks.extend, lambda s: task(s, "accepted"), due_on=_SOON, words="mưa lũ"),
        "tasks.ask_extension": step(tasks.ask_extension, line, due_on=_SOON + timedelta(days=30), words="mưa lũ"),
        "tasks.withdraw_extension": step(tasks.withdraw_extension, _wish),
        "tasks.grant_extension": step(tasks.grant_extension, _wish, entries=2, words="đồng ý"),
        "tasks.refuse_extension": step(tasks.refuse_extension, _wish, words="không đủ căn cứ"),
        "tasks.cancel_task": step(tasks.cancel_task, lambda s: task(s, "accepted"), words="thôi"),
        "tasks.reopen_task": step(tasks.reopen_task, lambda s: task(s, "done"), words="làm lại"),
        "tasks.open_periods": known(_yearly, lambda ctx, t: tasks.open_periods(ctx, t), "tasks.task"),
        "tasks.escalate": known(_past, lambda ctx, t: tasks.escalate(ctx, t), "tasks.task"),
        "tasks.export": known(lambda s: None, lambda ctx, x: tasks.record_export(ctx, query="", format="csv", rows=0)),
        "tasks.tie_indicator": step(_tie, lambda s: task(s, "assigned")),
        "tasks.untie_indicator": upon(tasks.untie_indicator, _task_tied),
        "tasks.wait_for": pair(tasks.wait_for, "needed", lambda s: (task(s), task(s))),
        "tasks.wait_no_more": pair(tasks.wait_no_more, "needed", _pair),
    }  # fmt: skip
