"""The edges of every ground: moving a day by one changes the answer there and nowhere else; both laws."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hoptac.cases.rules.grounds import (
    GROUNDS,
    REMINDERS,
    Held,
    Judged,
    Said,
    Standing,
    ground_on,
    judge,
    rule_of,
)
from hoptac.foundation.rulebook import versions
from hoptac.registration.rules.checks import months_later

ONE = timedelta(days=1)
LAW = date(2024, 7, 1)
BREACH: dict[str, Any] = {
    "idle": "idle", "no_report": "asked", "few_members": 1, "no_meeting": "held",
    "foreign_share": {"foreign_capital": Decimal(50)}, "capital_cap": {"largest_member": Decimal(50)},
    "charter": "before", "group_registration": "before", "group_members": 0, "group_report": "held",
}  # fmt: skip
FINE: dict[str, Any] = {
    "idle": "operating", "no_report": "received", "few_members": 50, "no_meeting": "held",
    "foreign_share": {"foreign_capital": Decimal(5)}, "capital_cap": {"largest_member": Decimal(5)},
}  # fmt: skip


def kind_of(code: str) -> str:
    return "group" if code.startswith("group") else "cooperative"


def judged(code: str, day: date, *said: tuple[date, Any], **more: Any) -> Judged | None:
    return judge(
        code, kind_of(code), Held(tuple(Said(on, v) for on, v in said), more.get("covered", ())),
        day, more.get("excused", ()),
    )  # fmt: skip


@pytest.mark.parametrize("code", GROUNDS)
@pytest.mark.parametrize("law", [2012, 2023])
def test_the_last_day_of_the_term_is_not_over_and_the_next_is(code: str, law: int) -> None:
    """Law 2023 art. 103.1 b, c, d, đ, e; under the Law of 2012 idle, few members, no meeting (12, 12, 18 months)."""
    rules = [v for v in versions(rule_of(code)) if (v.in_force < LAW) == (law == 2012)]
    if not rules:
        assert law == 2012
        assert code in {"no_report", "foreign_share", "capital_cap"}
        assert ground_on(code, LAW - ONE, "cooperative") is None
        return
    chance = random.Random(f"{code} {law}")
    for _try in range(300):
        first = date(2013, 7, 1) if law == 2012 else LAW
        since = first + timedelta(days=chance.randrange(1000))
        due = months_later(since, rules[0].months)
        if law == 2012 and due >= LAW - ONE:
            continue
        for day in (since, due - ONE, due):
            found = judged(code, day, (since, BREACH[code]))
            assert found is not None
            assert (found.standing, found.due_on) == (Standing.RUNNING, due), (since, day)
            assert found.days_left == (due - day).days
        over = judged(code, due + ONE, (since, BREACH[code]))
        assert over is not None
        assert (over.standing, over.days_left) == (Standing.OVER, -1)


@pytest.mark.parametrize("code", GROUNDS)
def test_moving_the_beginning_by_a_day_moves_the_end_by_at_most_a_few(code: str) -> None:
    """A month's last day stands for days that a month has not; otherwise the end moves by one."""
    chance = random.Random(code)
    for _try in range(500):
        since = LAW + timedelta(days=chance.randrange(1500))
        day = since + timedelta(days=chance.randrange(900))
        one = judged(code, day, (since, BREACH[code]))
        other = judged(code, day, (since - ONE, BREACH[code])) if since > LAW else one
        assert one is not None
        assert other is not None
        assert one.due_on is not None
        assert other.due_on is not None
        assert 0 <= (one.due_on - other.due_on).days <= 4
        changes = one.standing != other.standing
        assert not changes or other.due_on < day <= one.due_on, (since, day)


@pytest.mark.parametrize("code", GROUNDS)
def test_moving_today_by_a_day_changes_the_answer_only_at_the_edge(code: str) -> None:
    chance = random.Random(f"{code} today")
    for _try in range(300):
        since = LAW + timedelta(days=chance.randrange(1200))
        day = since + timedelta(days=chance.randrange(1000))
        today, tomorrow = (judged(code, d, (since, BREACH[code])) for d in (day, day + ONE))
        assert today is not None
        assert tomorrow is not None
        assert today.due_on == tomorrow.due_on
        assert (today.standing != tomorrow.standing) == (day == today.due_on)


@pytest.mark.parametrize("code", sorted(FINE))
def test_what_mended_it_for_one_day_begins_the_months_anew(code: str) -> None:
    since, mended = date(2025, 1, 10), date(2025, 9, 5)
    again = mended if code == "no_meeting" else mended + ONE
    said = [(since, BREACH[code]), (mended, FINE[code])]
    if code != "no_meeting":
        clear = judged(code, mended, *said)
        assert clear is not None
        assert clear.standing is Standing.CLEAR
        said.append((again, BREACH[code]))
    found = judged(code, again, *said)
    assert found is not None
    assert (found.standing, found.since) == (Standing.RUNNING, again)


@pytest.mark.parametrize("code", GROUNDS)
def test_the_day_the_law_came_is_judged_by_it_and_the_day_before_is_not(code: str) -> None:
    said = (date(2022, 1, 5), BREACH[code])
    before, after = judged(code, LAW - ONE, said), judged(code, LAW, said)
    assert after is not None
    assert after.rule.in_force == LAW
    if before is None:  # a ground that only the later law knows counts from its first day
        assert after.counted_from == LAW
    else:
        assert before.rule.in_force < LAW
        assert before.rule.procedure == "compulsory_dissolution"
        assert after.rule.procedure == "revocation"
        assert before.due_on == after.due_on


@pytest.mark.parametrize(
    ("code", "part", "kind", "most", "may_reach"),
    [
        ("capital_cap", "largest_member", "cooperative", 30, True),
        ("capital_cap", "largest_member", "union", 40, True),
        ("capital_cap", "associates", "cooperative", 30, True),
        ("capital_cap", "associates", "union", 40, True),
        ("foreign_share", "foreign_capital", "cooperative", 30, True),
        ("foreign_share", "foreign_members", "cooperative", 35, False),
        ("foreign_share", "foreign_board", "cooperative", 35, False),
    ],
)
def test_a_hundredth_over_the_cap_is_a_breach_and_the_cap_is_as_the_law_says(
    code: str, part: str, kind: str, most: int, may_reach: bool
) -> None:
    """Law 2023 art. 74.1-3, 30.7, 65.1."""
    for value, breaches in (
        (Decimal(most) - Decimal("0.01"), False), (Decimal(most), not may_reach),
        (Decimal(most) + Decimal("0.01"), True),
    ):  # fmt: skip
        found = judge(code, kind, Held((Said(date(2025, 1, 1), {part: value}),)), date(2025, 2, 1))
        assert found is not None
        assert (found.standing is Standing.RUNNING) == breaches, value


@pytest.mark.parametrize(
    ("kind", "law", "fewest"),
    [("cooperative", 2012, 7), ("union", 2012, 4), ("cooperative", 2023, 5), ("union", 2023, 3)],
)
def test_one_member_less_than_the_law_asks_is_too_few(kind: str, law: int, fewest: int) -> None:
    day = date(2020, 1, 1) if law == 2012 else date(2025, 1, 1)
    for members, breaches in ((fewest - 1, True), (fewest, False)):
        found = judge("few_members", kind, Held((Said(day, members),)), day)
        assert found is not None
        assert (found.standing is Standing.RUNNING) == breaches


def test_days_of_force_majeure_move_the_end_by_exactly_as_many() -> None:
    chance = random.Random(5)
    for _try in range(300):
        since = LAW + timedelta(days=chance.randrange(600))
        begins = since + timedelta(days=chance.randrange(1, 400))
        lasted = chance.randrange(1, 120)
        after = begins + timedelta(days=lasted)
        plain = judged("no_meeting", after, (since, "held"))
        moved = judged("no_meeting", after, (since, "held"), excused=[(begins, after)])
        assert plain is not None
        assert moved is not None
        assert plain.due_on is not None
        assert moved.due_on is not None
        counted = lasted if begins <= plain.due_on else 0
        assert (moved.due_on - plain.due_on).days == counted
        for other in ("idle", "no_report", "few_members", "capital_cap"):
            same = judged(other, after, (since, BREACH[other]), excused=[(begins, after)])
            assert same is not None
            assert same.standing is not Standing.EXCUSED, other


def test_a_stop_of_which_notice_was_given_runs_from_the_day_after_it_ends() -> None:
    begins, after = date(2025, 1, 1), date(2025, 6, 1)
    said = (date(2025, 1, 1), "idle")
    for day, since in ((after - ONE, None), (after, after), (after + ONE, after)):
        found = judged("idle", day, said, covered=((begins, after),))
        assert found is not None
        assert found.since == since


@pytest.mark.parametrize("code", REMINDERS)
def test_a_reminder_leads_to_nothing_and_is_not_confirmed(code: str) -> None:
    for rule in versions(rule_of(code)):
        assert (rule.reminder, rule.procedure, rule.ground) == (True, "", "")
        assert not rule.confirmed
    for code_of_law in GROUNDS:
        assert not any(v.reminder for v in versions(rule_of(code_of_law)))


def test_nothing_runs_by_itself_that_moves_a_case() -> None:
    """No job of this app exists: a case is moved by people alone."""
    from procrastinate.contrib.django import app

    assert not [name for name in app.tasks if name.startswith("cases.")]
