"""Grounds on which a body may lose its certificate: since when each holds, when its term is over.

A ground has one file in ``rulebook/cases`` with a version for each law. What the file does not know
on a day is no ground on that day. A body of which no date is kept is *not known*, never in breach.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from hoptac.cases.rules.desk import CaseDeskRule
from hoptac.foundation.rulebook import (
    NotInForce,
    Rule,
    generation,
    read_topic,
    rule_in_force,
    versions,
)
from hoptac.foundation.rulebook.facts import words
from hoptac.governance.rules import contribution_cap
from hoptac.registration.rules.checks import months_later
from hoptac.registry.rules.particulars import LeastMembersRule


@dataclass(frozen=True, kw_only=True)
class GroundRule(Rule):
    """A ground under one law: for which kinds of body, after how many months, what follows.

    ``procedure`` is what is then filed; ``ground`` names it in that filing. A ``reminder`` is no
    ground to take anything away: it stands on a list of its own, and no case is opened for it.
    """

    topic: ClassVar[str] = ""
    subjects: tuple[str, ...]
    months: int
    force_majeure: bool
    procedure: str
    ground: str
    reminder: bool = False


@dataclass(frozen=True, kw_only=True)
class SharesRule(Rule):
    """The largest parts of associates and foreigners, in hundredths."""

    topic: ClassVar[str] = "cases/shares"
    associates_of_cooperative: int
    associates_of_union: int
    foreign_capital: int
    foreign_members: int
    foreign_board: int


@functools.cache
def rule_of(code: str) -> type[GroundRule]:
    """Return the rule of a ground, by the name of its file in ``rulebook/cases``."""
    return type(f"{code.title()}Rule", (GroundRule,), {"topic": f"cases/{code}"})


def ground_on(code: str, day: date, kind: str) -> GroundRule | None:
    """Return a ground as the law of the day has it for a kind of body, or nothing."""
    return _ground_on(code, day, kind, generation())


@functools.lru_cache(maxsize=256)
def _ground_on(code: str, day: date, kind: str, _generation: int) -> GroundRule | None:
    try:
        rule = rule_in_force(rule_of(code), on=day)
    except NotInForce:
        return None
    return rule if kind in rule.subjects else None


def name_of(code: str) -> str:
    """Return what the desk calls a ground."""
    return words(read_topic(f"cases/{code}")["title"])


# --- What is kept, and since when it breaches ------------------------------------------------------


# Named tuples: a province has tens of thousands of them on one page.
class Said(NamedTuple):
    """What was said of a body for a day; ``until`` where it names an end."""

    on: date
    value: Any = None
    source: str = ""


class Held(NamedTuple):
    """Everything kept of one body for one ground, in the order of its days.

    ``covered`` are stretches (first day, day after the last) in which the condition is lawful.
    """

    said: tuple[Said, ...] = ()
    covered: tuple[tuple[date, date], ...] = ()


def holding_since(
    held: Held, day: date, breaches: Callable[[date, Any], bool], changes: Iterable[date] = ()
) -> date | None:
    """Return the first day from which, without a break, everything said up to a day breaches.

    Nothing if what holds on the day does not. ``changes`` are days on which the yardstick changes.
    """
    known = [s for s in held.said if s.on <= day]
    if not known:
        return None
    days = [s.on for s in known]
    cuts = {*days, *(c for c in changes if days[0] < c <= day)}
    since = None
    for cut in sorted(cuts, reverse=True):
        if not breaches(cut, known[bisect_right(days, cut) - 1].value):
            break
        since = cut
    return since


def _in_force_from(rule: type[Rule]) -> list[date]:
    return [v.in_force for v in versions(rule)]


_STOPPED = frozenset({"idle", "awaiting_dissolution"})


def _idle(kind: str, held: Held, day: date) -> date | None:
    def breaches(on: date, state: Any) -> bool:
        return state in _STOPPED and not any(a <= on < b for a, b in held.covered)

    return holding_since(held, day, breaches, (d for pair in held.covered for d in pair))


def least_members(kind: str, on: date) -> int:
    """Return the fewest members of a kind of body on a day; none where no law of the day is known."""
    try:
        return int(getattr(rule_in_force(LeastMembersRule, on=on), kind))
    except NotInForce:
        return 0


def _few_members(kind: str, held: Held, day: date) -> date | None:
    return holding_since(
        held, day, lambda on, members: members < least_members(kind, on),
        _in_force_from(LeastMembersRule),
    )  # fmt: skip


def capital_limits(kind: str, on: date) -> dict[str, Decimal]:
    """Return what each capped part of the capital may reach under the law of a day."""
    found = {"largest_member": contribution_cap(on, is_union=kind == "union") * 100}
    rule = _shares_rule(on)
    if rule is not None:
        most = rule.associates_of_union if kind == "union" else rule.associates_of_cooperative
        found["associates"] = Decimal(most)
    return found


def foreign_limits(kind: str, on: date) -> dict[str, Decimal]:
    """Return what each foreign part may reach, or must stay below, under the law of a day."""
    rule = _shares_rule(on)
    if rule is None:
        return {}
    return {p: Decimal(getattr(rule, p)) for p in ("foreign_capital", *_BELOW)}


# These must stay below their limit; the others may reach it.
_BELOW = ("foreign_members", "foreign_board")
LIMITS = {"capital_cap": capital_limits, "foreign_share": foreign_limits}


def parts_over(code: str, kind: str, on: date, shares: Mapping[str, Decimal]) -> list[str]:
    """Return which capped parts are over the law of a day."""
    return [
        part
        for part, limit in LIMITS[code](kind, on).items()
        if part in shares and (shares[part] >= limit if part in _BELOW else shares[part] > limit)
    ]


def _shares_rule(on: date) -> SharesRule | None:
    try:
        return rule_in_force(SharesRule, on=on)
    except NotInForce:
        return None


def _parts(code: str) -> Callable[[str, Held, date], date | None]:
    def since(kind: str, held: Held, day: date) -> date | None:
        return holding_since(
            held, day, lambda on, shares: bool(parts_over(code, kind, on, shares)),
            _in_force_from(SharesRule),
        )  # fmt: skip

    return since


def _no_meeting(kind: str, held: Held, day: date) -> date | None:
    return max((s.on for s in held.said if s.on <= day), default=None)


def _no_report(kind: str, held: Held, day: date) -> date | None:
    known = [s for s in held.said if s.on <= day]
    answered = max((s.on for s in known if s.value == "received"), default=date.min)
    return min((s.on for s in known if s.value == "asked" and s.on > answered), default=None)


def _not_settled(kind: str, held: Held, day: date) -> date | None:
    """Return the day of the law for what is older than it and was not settled since."""
    known = [s for s in held.said if s.value == "before" or s.on <= day]
    if any(s.value in {"settled", "after"} for s in known):
        return None
    return next((s.on for s in known if s.value == "before"), None)


# A report that comes before July is taken for the year before; the year's last day for it.
_HALF, _LAST_DAY = 7, (12, 15)


def _no_yearly_report(kind: str, held: Held, day: date) -> date | None:
    last = max((s.on for s in held.said if s.on <= day), default=None)
    if last is None:
        return None
    return date(last.year if last.month >= _HALF else last.year - 1, *_LAST_DAY)


_SINCE: dict[str, Callable[[str, Held, date], date | None]] = {
    "idle": _idle,
    "no_report": _no_report,
    "few_members": _few_members,
    "foreign_share": _parts("foreign_share"),
    "capital_cap": _parts("capital_cap"),
    "no_meeting": _no_meeting,
}
GROUNDS = tuple(_SINCE)
# What only reminds: the transition to the Law of 2023, and what groups owe.
_SINCE |= {
    "charter": _not_settled,
    "group_registration": _not_settled,
    "group_members": _few_members,
    "group_report": _no_yearly_report,
}
REMINDERS = tuple(code for code in _SINCE if code not in GROUNDS)


# --- The judgement ---------------------------------------------------------------------------------


class Standing(StrEnum):
    """How a ground stands at a body on a day."""

    UNKNOWN = "unknown"
    CLEAR = "clear"
    RUNNING = "running"
    EXCUSED = "excused"
    OVER = "over"


_PRESSING = frozenset({Standing.RUNNING, Standing.OVER})


def warn_days(day: date) -> int:
    """Return how many days before its term is over a ground comes on the list; none before any law."""
    try:
        return rule_in_force(CaseDeskRule, on=day).warn_days
    except NotInForce:
        return 0


class Judged(NamedTuple):
    """One ground of one body as of a day: since when it holds, when its term is over, on what it rests.

    ``counted_from`` is later than ``since`` where the law that knows the ground came later.
    """

    code: str
    standing: Standing
    day: date
    rule: GroundRule
    since: date | None = None
    counted_from: date | None = None
    due_on: date | None = None
    held: Held = Held()

    @property
    def days_left(self) -> int | None:
        """Days until the term is over, that day included; below zero: over."""
        return None if self.due_on is None else (self.due_on - self.day).days

    def is_pressing_within(self, days: int) -> bool:
        """Tell whether the term is over, or will be within so many days; not under force majeure."""
        left = self.days_left
        return self.standing in _PRESSING and left is not None and left <= days

    @property
    def is_pressing(self) -> bool:
        """Whether it belongs on the watch list of its day."""
        return self.is_pressing_within(warn_days(self.day))

    @property
    def name(self) -> str:
        return name_of(self.code)

    @property
    def last_said(self) -> Said | None:
        """What was said last up to the day."""
        return next((s for s in reversed(self.held.said) if s.on <= self.day), None)


def judge(
    code: str,
    kind: str,
    held: Held,
    day: date,
    excused: Iterable[tuple[date, date]] = (),
) -> Judged | None:
    """Return how a ground stands at a body as of a day; nothing where the law of the day has none.

    ``excused`` are stretches of force majeure (first day, day after the last): where the law says so
    their days do not count, and while one lasts nothing is over.
    """
    rule = ground_on(code, day, kind)
    if rule is None:
        return None
    if not any(s.on <= day and s.value != "unknown" for s in held.said):
        return Judged(code, Standing.UNKNOWN, day, rule, held=held)
    if code == "idle" and _last(held, day) == "unknown":
        return Judged(code, Standing.UNKNOWN, day, rule, held=held)
    since = _SINCE[code](kind, held, day)
    if since is None:
        return Judged(code, Standing.CLEAR, day, rule, held=held)
    counted_from = max(since, versions(rule_of(code))[0].in_force)
    due_on = months_later(counted_from, rule.months)
    standing = Standing.RUNNING
    if rule.force_majeure:
        for begins, after in sorted(excused):
            if begins <= day < after:
                standing = Standing.EXCUSED
            # What goes on counts up to the day, whenever it will end.
            lasted = min(after, day + timedelta(days=1)) - max(begins, counted_from)
            if begins <= due_on and lasted > timedelta(0):
                due_on += lasted
    if standing is Standing.RUNNING and day > due_on:
        standing = Standing.OVER
    return Judged(code, standing, day, rule, since, counted_from, due_on, held)


def _last(held: Held, day: date) -> Any:
    known = [s.value for s in held.said if s.on <= day]
    return known[-1] if known else None


def latest_start(code: str, day: date) -> date | None:
    """Return a day after which a condition cannot have begun whose term is over by ``day``.

    For sieving a province before judging: it may let through a few days too many, never too few.
    """
    try:
        rule = rule_in_force(rule_of(code), on=day)
    except NotInForce:
        return None
    return months_later(day, -rule.months) + timedelta(days=3)
