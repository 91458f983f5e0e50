"""Clocks of the desk that distributes directives, and of whom it reminds when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from hoptac.foundation.rulebook import Rule

# To whom a reminder goes: who answers for the agency that owes, who keeps the document.
AUDIENCES = ("recipient", "sender")


@dataclass(frozen=True, kw_only=True)
class DirectiveDeskRule(Rule):
    """Until when a recipient acknowledges and issues its own document, unless the sender says otherwise.

    All are working days. ``reminders`` are the steps of reminding: of what is ``owed`` (``receipt``, ``own``), so many
    working days from the term (below zero: before it), to whom.
    """

    topic: ClassVar[str] = "directives/desk"
    acknowledge_days: int
    own_document_days: int
    warn_days: int
    reminders: tuple[dict[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One step: its code, what is owed, the working days, to whom it is told."""

    code: str
    owed: str
    days: int
    to: tuple[str, ...]


def reminders_of(rule: DirectiveDeskRule) -> list[Reminder]:
    """Return the rule's steps, the earliest first.

    :raises ValueError: a step names nobody known
    """
    found = []
    for step in rule.reminders:
        to = tuple(str(who) for who in step["to"])  # type: ignore[attr-defined]
        if not to or set(to) - set(AUDIENCES):
            raise ValueError(f"{rule.topic}: {step['code']}: unknown audience {to}")
        found.append(
            Reminder(code=str(step["code"]), owed=str(step["owed"]), days=int(str(step["days"])), to=to)
        )  # fmt: skip
    return sorted(found, key=lambda r: (r.days, r.code))


def reminders_reached(
    rule: DirectiveDeskRule, owed: str, *, working_days_late: int
) -> Iterator[Reminder]:
    """Yield the steps that a term reached which lies so many working days back (below zero: ahead)."""
    for step in reminders_of(rule):
        if step.owed == owed and working_days_late >= step.days:
            yield step
