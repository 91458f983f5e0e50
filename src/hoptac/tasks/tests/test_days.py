"""When tasks are due again, when lateness is told to whom, what happens when agencies merge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hoptac.foundation import measures
from hoptac.foundation.findings import Refused
from hoptac.foundation.measures import Asked, Measure, Reading
from hoptac.tasks import actions, selectors
from hoptac.tasks.indicators import read
from hoptac.tasks.models import Escalated
from hoptac.tasks.reminders import due_steps
from hoptac.tasks.rules.progress import percent_of_way
from hoptac.tasks.rules.rhythm import Due, periods
from hoptac.tasks.steps import present_term
from hoptac.tasks.tasks import turn


@pytest.mark.parametrize(
    ("rhythm", "due", "since", "until", "found"),
    [
        ("year", Due(month=12, day=15), date(2020, 7, 15), date(2021, 3, 1),
         [("2020", date(2020, 12, 15)), ("2021", date(2021, 12, 15))]),
        ("quarter", Due(), date(2020, 8, 1), date(2020, 12, 31),
         [("III/2020", date(2020, 9, 30)), ("IV/2020", date(2020, 12, 31))]),
        ("half", Due(month=6, day=20), date(2021, 1, 1), date(2021, 12, 31),
         [("I/2021", date(2021, 6, 20)), ("II/2021", date(2021, 12, 20))]),
        ("month", Due(month=2, day=31), date(2021, 1, 5), date(2021, 1, 31), [("01/2021", date(2021, 2, 28))]),
        ("standing", Due(month=13, day=10), date(2020, 1, 1), date(2020, 1, 1), [("2020", date(2021, 1, 10))]),
    ],
)  # fmt: skip
def test_periods_begin_with_the_one_under_way(
    rhythm: str, due: Due, since: date, until: date, found: Any
) -> None:
    assert [(p.label, p.due_on) for p in periods(rhythm, due, since=since, until=until)] == found


def test_what_is_done_once_has_no_periods() -> None:
    with pytest.raises(ValueError, match="recur"):
        list(periods("once", Due(), since=date(2020, 1, 1), until=date(2020, 1, 1)))


@pytest.mark.parametrize(
    ("baseline", "value", "target", "at_most", "percent"),
    [(0, 5, 10, False, 50), (10, 10, 10, False, 100), (447, 450, 500, False, 5), (20, 12, 10, True, 80),
     (20, 25, 10, True, 0), (20, 9, 10, True, 100), (0, 9.999, 10, False, 99), (12, 11, 10, False, 100),
     (12, 8, 10, False, 0)],
)  # fmt: skip
def test_the_way_to_a_target_is_rounded_down(
    baseline: float, value: float, target: int, at_most: bool, percent: int
) -> None:
    found = percent_of_way(
        Decimal(str(baseline)), Decimal(str(value)), Decimal(target), at_most=at_most
    )
    assert found == percent


def test_a_yearly_task_goes_on_with_the_next_year_when_one_is_judged(province: Any) -> None:
    task = province.assigned(
        due={"rhythm": "year", "month": 12, "day": 15, "ends_on": date(2021, 12, 31)}
    )
    assert task.due_on == date(2020, 12, 15)
    term = province.report(task, today=date(2020, 12, 10))
    actions.judge_done(province.of("UBND tỉnh", today=date(2021, 1, 5)), term)
    task.refresh_from_db()
    assert (task.state, task.due_on, task.percent) == ("under_way", date(2021, 12, 15), 0)
    term = province.report(task, today=date(2021, 12, 20))
    assert term.was_late(date(2021, 12, 20))
    actions.judge_done(province.of("UBND tỉnh", today=date(2022, 1, 5)), term)
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("done", date(2022, 1, 5))


def test_a_year_judged_before_it_is_over_leaves_the_task_at_the_next_one(province: Any) -> None:
    task = province.assigned(due={"rhythm": "year", "month": 12, "day": 15})
    term = province.report(task, today=date(2020, 12, 8))
    actions.judge_done(province.of("UBND tỉnh", today=date(2020, 12, 17)), term)
    task.refresh_from_db()
    assert (task.state, task.due_on, task.percent) == ("under_way", date(2021, 12, 15), 0)
    assert selectors.periods_to_open(date(2021, 1, 1)) == []


def test_the_last_year_judged_before_it_is_over_ends_the_task(province: Any) -> None:
    ends = {"rhythm": "year", "month": 12, "day": 15, "ends_on": date(2020, 12, 31)}
    task = province.assigned(due=ends)
    term = province.report(task, today=date(2020, 12, 8))
    actions.judge_done(province.of("UBND tỉnh", today=date(2020, 12, 17)), term)
    task.refresh_from_db()
    assert (task.state, task.done_on, task.terms.count()) == ("done", date(2020, 12, 17), 1)


def test_a_year_that_was_not_done_is_closed_with_a_reason_once_its_day_has_passed(
    province: Any,
) -> None:
    task = province.assigned(due={"rhythm": "year", "month": 12, "day": 15})
    term = present_term(task)
    with pytest.raises(Refused):
        actions.judge_not_done(province.of("UBND tỉnh"), term, words="Không làm")
    actions.judge_not_done(
        province.of("UBND tỉnh", today=date(2021, 1, 4)), term, words="Dịch bệnh"
    )
    task.refresh_from_db()
    assert task.due_on == date(2021, 12, 15)


def test_a_due_day_that_cannot_be_is_refused(province: Any) -> None:
    for due in (
        {"rhythm": "month", "month": 9, "day": 1}, {"rhythm": "weekly"},
        {"starts_on": date(2021, 1, 1), "ends_on": date(2020, 1, 1)},
        {"starts_on": date(2021, 1, 1), "due_on": date(2020, 1, 1)},
    ):  # fmt: skip
        with pytest.raises(Refused):
            province.task(by="UBND tỉnh", due=due)


def test_lateness_is_told_step_by_step_and_each_step_once(province: Any) -> None:
    task = province.assigned(due_on=date(2020, 10, 1))  # a Thursday
    term = present_term(task)
    told = {}
    for day in (date(2020, 9, 23), date(2020, 9, 24), date(2020, 10, 1), date(2020, 10, 5), date(2020, 10, 6),
                date(2020, 10, 15)):  # fmt: skip
        term.refresh_from_db()
        told[day.isoformat()] = [s.code for s in due_steps(term, day)]
        if told[day.isoformat()]:
            actions.escalate(province.system.by(today=day), term)
    assert told == {
        "2020-09-23": [], "2020-09-24": ["before_5"], "2020-10-01": ["due"], "2020-10-05": [],
        "2020-10-06": ["late_3"], "2020-10-15": ["late_10"],
    }  # fmt: skip
    with pytest.raises(Refused):
        actions.escalate(province.system.by(today=date(2020, 10, 15)), term)
    assert Escalated.objects.filter(term=term).count() == 4


def test_a_moved_due_day_begins_the_steps_anew(province: Any) -> None:
    task = province.assigned(due_on=date(2020, 10, 1))
    term = present_term(task)
    actions.escalate(province.system.by(today=date(2020, 10, 15)), term)
    actions.extend(
        province.of("UBND tỉnh", today=date(2020, 10, 16)),
        task,
        due_on=date(2020, 11, 2),
        words="Mưa lũ",
    )
    term.refresh_from_db()
    assert due_steps(term, date(2020, 10, 16)) == []
    assert [s.code for s in due_steps(term, date(2020, 11, 2))] == ["before_5", "due"]


def test_what_is_reported_is_no_longer_escalated(province: Any) -> None:
    task = province.assigned(due_on=date(2020, 10, 1))
    province.report(task)
    assert due_steps(task.terms.get(), date(2020, 12, 1)) == []


def test_tasks_pass_to_the_one_successor_with_their_history(province: Any) -> None:
    task = province.assigned(due={"rhythm": "year", "month": 12, "day": 15})
    old = province.line(task, "Sở Kế hoạch")
    province.ends("Sở Kế hoạch", on=date(2025, 3, 1), into=("Sở Tài chính",))
    day = date(2025, 3, 1)
    assert task in selectors.tasks_without_owner(province.system.by(today=day))
    passed = actions.pass_to_successors(
        province.system.by(today=day), province.agency("Sở Kế hoạch")
    )
    task.refresh_from_db()
    old.refresh_from_db()
    assert [line.came_from for line in passed] == [old]
    assert (task.lead.name, old.ended, old.until) == ("Sở Tài chính", "succeeded", day)
    # The successor's officers read and continue what the other began.
    new = province.of("Sở Tài chính", today=day)
    actions.report_progress(new, province.line(task, "Sở Tài chính"), words="Tiếp nhận")
    assert (
        actions.pass_to_successors(province.system.by(today=day), province.agency("Sở Kế hoạch"))
        == []
    )


def test_where_nobody_or_more_than_one_succeeds_the_task_waits_for_a_decision(
    province: Any,
) -> None:
    task = province.assigned()
    province.ends("Sở Kế hoạch", on=date(2025, 3, 1), into=("Sở Tài chính", "Sở Nông nghiệp"))
    system = province.system.by(today=date(2025, 3, 1))
    assert actions.pass_to_successors(system, province.agency("Sở Kế hoạch")) == []
    assert list(selectors.tasks_without_owner(system)) == [task]


@pytest.fixture
def ended_bodies(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    asked: list[Asked] = []

    def take(question: Asked) -> Reading:
        asked.append(question)
        return Reading(
            value=Decimal((question.on - question.since).days // 10), parts=(("HTX", Decimal(3)),)
        )

    source = lambda: (Measure("test.ended", "Giải thể", "HTX", take, counts_since=True),)  # noqa: E731
    monkeypatch.setattr(measures, "_SOURCES", [source])
    return asked


def test_a_tied_indicator_is_computed_and_kept_as_proof(
    province: Any, ended_bodies: list[Asked]
) -> None:
    task = province.assigned()
    tied = actions.tie_indicator(
        province.of("UBND tỉnh"), task, code="test.ended", target=Decimal(10), target_on=date(2020, 12, 31),
        baseline_on=date(2020, 7, 1),
    )  # fmt: skip
    line = read(tied, date(2020, 9, 15))
    assert (line.baseline, line.value, line.percent, line.is_reached) == (0, 7, 70, False)
    assert ended_bodies[-1].since == date(2020, 7, 1)
    from hoptac.tasks.proofs import Shown

    actions.report_done(province.of("Sở Kế hoạch"), province.line(task, "Sở Kế hoạch"), result="Xong",
                        shown=[Shown(indicator=tied)])  # fmt: skip
    kept = task.steps.get(kind="reported").proofs.get().reading
    assert (kept["value"], kept["target"], kept["on"], kept["parts"]) == (
        "7",
        "10",
        "2020-09-15",
        [["HTX", "3"]],
    )


def test_an_indicator_that_cannot_be_is_refused(province: Any, ended_bodies: list[Asked]) -> None:
    task = province.assigned()
    given = {
        "code": "test.ended",
        "target": Decimal(1),
        "target_on": date(2021, 1, 1),
        "baseline_on": date(2020, 1, 1),
    }
    for wrong, code in (
        ({"code": "no.such"}, "measure_unknown"), ({"target_on": date(2019, 1, 1)}, "target_before"),
        ({"parameters": {"sector": "x"}}, "parameter_unknown"), ({"direction": "sideways"}, "direction_unknown"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.tie_indicator(province.of("UBND tỉnh"), task, **{**given, **wrong})
        assert {f.code for f in refused.value.findings} == {code}
    tied = actions.tie_indicator(province.of("UBND tỉnh"), task, **given)
    with pytest.raises(Refused):
        actions.tie_indicator(province.of("UBND tỉnh"), task, **given)
    actions.untie_indicator(province.of("UBND tỉnh"), tied)
    actions.tie_indicator(province.of("UBND tỉnh"), task, **given)


def test_the_daily_job_opens_periods_tells_of_lateness_and_passes_duties(province: Any) -> None:
    yearly = province.assigned(title="Hằng năm", due={"rhythm": "year", "month": 12, "day": 15})
    late = province.assigned("Sở Nông nghiệp", title="Trễ", due_on=date(2020, 12, 1))
    assert turn(province.system.by(today=date(2020, 9, 16))) == {
        "passed": 0,
        "opened": 0,
        "told": 0,
    }
    done = turn(province.system.by(today=date(2021, 1, 4)))
    assert done == {"passed": 0, "opened": 1, "told": 2}
    yearly.refresh_from_db()
    assert yearly.terms.count() == 2
    assert yearly.due_on == date(2020, 12, 15)
    assert turn(province.system.by(today=date(2021, 1, 4))) == {"passed": 0, "opened": 0, "told": 0}
    assert late.steps.filter(kind="escalated").count() == 1
    province.ends("Sở Kế hoạch", on=date(2021, 2, 1), into=("Sở Tài chính",))
    province.ends("Sở Tài chính", on=date(2021, 3, 1), into=("Mặt trận",))
    assert turn(province.system.by(today=date(2021, 3, 2)))["passed"] == 2
    yearly.refresh_from_db()
    assert yearly.lead.name == "Mặt trận"
