"""The fee of a dossier: what the province's table says, and whom the law frees from it (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from hoptac.foundation.rulebook import tables
from hoptac.foundation.rulebook.facts import words


@dataclass(frozen=True)
class Exemption:
    """Whom the law frees from the fee: kinds of body, procedures (none named: all)."""

    code: str
    name: str
    basis: str
    confirmed: bool
    since: date
    kinds: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()

    def frees(self, procedure: str, kind: str, day: date) -> bool:
        """Tell whether a dossier of a day is free."""
        return (
            self.since <= day
            and (not self.kinds or kind in self.kinds)
            and (not self.procedures or procedure in self.procedures)
        )


def exemptions() -> tuple[Exemption, ...]:
    """Return whom the law frees, in the order of the file."""
    return tuple(
        Exemption(
            t["code"], words(t["name"]), t["basis"], t["confirmed"], t["since"],
            tuple(t.get("kinds", ())), tuple(t.get("procedures", ())),
        )
        for t in tables("registration/fees", "exemption")
    )  # fmt: skip


class Line(Protocol):
    """A line of a province's table, as a row or as an example has it."""

    procedure: str
    kind: str
    channel: str
    amount: int


class Standing(StrEnum):
    """How it stands with a dossier's fee."""

    DUE = "due"  # an amount, which may be nothing
    FREE = "free"  # the law frees it
    UNSET = "unset"  # the province has set none
    NONE = "none"  # the authority itself began it: nobody pays


@dataclass(frozen=True)
class Fee:
    """The fee of a dossier: its standing, the amount in dong, and on what basis (which table)."""

    standing: Standing
    amount: int = 0
    basis: str = ""
    confirmed: bool = True
    is_invented: bool = False
    exemption: Exemption | None = None
    table: Any = None


def compute_fee(
    lines: Iterable[Line], procedure: str, kind: str, channel: str, day: date, *, by_office: bool
) -> Fee:
    """Return the fee of a dossier handed in on a day; the line that says most counts."""
    if by_office:
        return Fee(Standing.NONE)
    for free in exemptions():
        if free.frees(procedure, kind, day):
            return Fee(Standing.FREE, 0, free.basis, free.confirmed, exemption=free)
    fitting = [
        line
        for line in lines
        if line.procedure == procedure and line.kind in ("", kind) and line.channel in ("", channel)
    ]
    if not fitting:
        return Fee(Standing.UNSET)
    best = max(fitting, key=lambda line: (bool(line.kind), bool(line.channel)))
    return Fee(Standing.DUE, best.amount)
