"""What is told to whom when a task comes due or is late, by the rule in force: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hoptac.foundation.rulebook import Rule

# To whom a reminder goes: the officer named, the leading agency, who assigned it, who oversees the chain.
AUDIENCES = ("officer", "lead", "assigner", "overseer")


@dataclass(frozen=True, kw_only=True)
class EscalationRule(Rule):
    """The steps of reminding and escalating: working days from the due day (below zero: before it)."""

    topic: ClassVar[str] = "tasks/escalation"

    steps: tuple[dict[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One step that a term has reached: its code, the working days, to whom it is told."""

    code: str
    days: int
    to: tuple[str, ...]


def steps_of(rule: EscalationRule) -> list[Escalation]:
    """Return the rule's steps, the earliest first.

    :raises ValueError: a step names nobody known
    """
    found = []
    for step in rule.steps:
        to = tuple(str(who) for who in step["to"])  # type: ignore[attr-defined]
        if not to or set(to) - set(AUDIENCES):
            raise ValueError(f"{rule.topic}: {step['code']}: unknown audience {to}")
        found.append(Escalation(code=str(step["code"]), days=int(str(step["days"])), to=to))
    return sorted(found, key=lambda e: e.days)


def reached(rule: EscalationRule, *, working_days_late: int) -> Iterator[Escalation]:
    """Yield the steps reached by a term whose due day lies so many working days back.

    Below zero it lies ahead: minus two means that two working days are left.
    """
    for step in steps_of(rule):
        if working_days_late >= step.days:
            yield step


def days_late(due_on: date, today: date) -> int:
    """Return the calendar days since the due day; below zero while it lies ahead."""
    return (today - due_on).days
