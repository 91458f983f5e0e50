"""Procedures as the law of a day has them: papers, clocks, matters. One file of the rulebook each."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from hoptac.foundation.rulebook import NotInForce, Rule, read_topic, rule_in_force, tables
from hoptac.foundation.rulebook.facts import words


@dataclass(frozen=True, kw_only=True)
class ProcedureRule(Rule):
    """A procedure under one law. Days are working days where a field does not say otherwise.

    ``required_of_group`` and ``matters_of_group`` replace the others for a group. Nothing where the law of
    the day knows no such number.
    """

    topic: ClassVar[str] = ""
    subjects: tuple[str, ...]
    clock: int
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    required_of_group: tuple[str, ...] | None = None
    matters: tuple[str, ...] = ()
    matters_of_group: tuple[str, ...] | None = None
    filing_days: int | None = None
    filing_days_are: str = "calendar"
    filing_days_of_group: int | None = None
    filing_days_of_group_are: str = "calendar"
    notice_days: int | None = None
    notice_days_are: str = "calendar"
    longest_months: int | None = None
    least_months: int | None = None
    least_days_of_group: int | None = None
    majority: int | None = None
    creditor_days: int | None = None
    tax_days: int | None = None
    act_days: int | None = None
    publish_days: int | None = None
    silence_months: int | None = None
    silence_months_of_group: int | None = None
    capital_share: int | None = None
    capital_amount: int | None = None
    bars_indivisible: bool = False
    fee: int | None = None

    def papers_required(self, kind: str) -> tuple[str, ...]:
        """Return the codes of the papers without which a dossier of this kind of body is not whole."""
        if kind == "group" and self.required_of_group is not None:
            return tuple(self.required_of_group)
        return tuple(self.required)

    def matters_for(self, kind: str) -> tuple[str, ...] | None:
        """Return the matters that go this way for a kind of body; nothing where all do."""
        if kind == "group" and self.matters_of_group is not None:
            return tuple(self.matters_of_group)
        return tuple(self.matters) or None

    def filed_within(self, kind: str) -> tuple[int, str] | None:
        """Return in how many days after the event it is to be filed, and what these days are."""
        if kind == "group" and self.filing_days_of_group is not None:
            return self.filing_days_of_group, self.filing_days_of_group_are
        return None if self.filing_days is None else (self.filing_days, self.filing_days_are)

    def silent_after(self, kind: str) -> int | None:
        """Return the months after which silence of others counts as consent."""
        of_group = self.silence_months_of_group
        return of_group if kind == "group" and of_group is not None else self.silence_months


@dataclass(frozen=True, kw_only=True)
class DeskRule(Rule):
    """How the desk works: time to supply, the clock, the second pair of eyes."""

    topic: ClassVar[str] = "registration/desk"
    supplement_days: int
    withdrawal_clock: int
    clock_begins_anew: bool
    second_person: bool


@functools.cache
def rule_of(code: str) -> type[ProcedureRule]:
    """Return the rule of a procedure, by the name of its file in ``rulebook/registration``."""
    return type(f"{code.title()}Rule", (ProcedureRule,), {"topic": f"registration/{code}"})


def procedure_on(code: str, day: date) -> ProcedureRule:
    """Return a procedure as the law of the day has it.

    :raises NotInForce: the law of the day knows no such procedure
    """
    return rule_in_force(rule_of(code), on=day)


def is_known_on(code: str, day: date, kind: str) -> bool:
    """Tell whether the law of the day knows the procedure for a kind of body."""
    try:
        return kind in procedure_on(code, day).subjects
    except NotInForce:
        return False


def title_of(code: str) -> str:
    """Return what the desk calls a procedure."""
    return words(read_topic(f"registration/{code}")["title"])


def paper_name(code: str) -> str:
    """Return what the desk calls a paper of a dossier."""
    return _named("papers", "paper").get(code, code)


@dataclass(frozen=True)
class Ground:
    """A ground of law: for refusing, or for revoking; of which law, and for which kinds of body.

    ``until`` is the last day of the law that it stands in; no ``kinds``: for all. ``about`` is what
    a refusal speaks of: ``name``, ``lines``, ``fee``, ``standing`` (what stands against the body, NĐ 92/2024
    art. 33); nothing: the dossier itself.
    """

    code: str
    of: str
    name: str
    basis: str
    confirmed: bool
    since: date
    until: date | None = None
    kinds: tuple[str, ...] = ()
    about: str = ""

    def holds(self, day: date, kind: str) -> bool:
        """Tell whether the law of a day knows it for a kind of body."""
        in_law = self.since <= day and (self.until is None or day <= self.until)
        return in_law and (not self.kinds or kind in self.kinds)


def grounds(of: str) -> tuple[Ground, ...]:
    """Return every ground for ``refusal`` or ``revocation``, of whatever law."""
    return tuple(
        Ground(
            t["code"], of, words(t["name"]), t["basis"], t["confirmed"], t["since"], t.get("until"),
            tuple(t.get("kinds", ())), t.get("about", ""),
        )
        for t in tables("registration/grounds", "ground")
        if t["of"] == of
    )  # fmt: skip


def grounds_on(of: str, day: date, kind: str) -> tuple[Ground, ...]:
    """Return the grounds that the law of a day knows for a kind of body."""
    return tuple(g for g in grounds(of) if g.holds(day, kind))


def _named(topic: str, name: str) -> dict[str, Any]:
    return {t["code"]: words(t["name"]) for t in tables(f"registration/{topic}", name)}
