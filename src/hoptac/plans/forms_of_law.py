"""The tables and the outline of yearly plans, as the rulebook holds them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook.facts import words


@dataclass(frozen=True)
class AnnexRow:
    """One row of an annex: what it is called, in which unit, how it is computed, if it is."""

    code: str
    level: int
    name: Any
    unit_name: str
    measure: str
    parameters: dict[str, str]
    divisor: int
    adds_up: bool

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return words(self.name)


@dataclass(frozen=True)
class NationalTarget:
    """A target of Resolution 20-NQ/TW for the whole country."""

    code: str
    year: int
    name: Any
    unit_name: str
    value: Decimal
    measure: str
    basis: str
    confirmed: bool

    @property
    def shown_name(self) -> str:
        return words(self.name)


@dataclass(frozen=True)
class Chapter:
    """A heading of the outline; ``written`` where text stands under it."""

    code: str
    level: str
    title: Any
    written: bool

    @property
    def shown_title(self) -> str:
        return words(self.title)


def annex(number: int) -> tuple[AnnexRow, ...]:
    """Return the rows of annex 1 (targets) or 2 (cooperatives by sector), in their order."""
    return _annex(number, rulebook.generation())


@functools.lru_cache(maxsize=4)
def _annex(number: int, _generation: int) -> tuple[AnnexRow, ...]:
    found = []
    for table in rulebook.tables(f"plans/annex{number}", "row"):
        measure, _mark, query = table["measure"].partition("?")
        found.append(
            AnnexRow(
                table["code"], table["level"], table["name"], table["unit_name"], measure,
                dict(parse_qsl(query)), table["divisor"], table["adds_up"],
            )
        )  # fmt: skip
    return tuple(found)


def annex_row(code: str) -> AnnexRow | None:
    """Return the row of an annex by its code."""
    return next((r for n in (1, 2) for r in annex(n) if r.code == code), None)


def national_targets() -> tuple[NationalTarget, ...]:
    """Return the targets of Resolution 20-NQ/TW as confirmed so far."""
    return tuple(
        NationalTarget(
            t["code"], t["year"], t["name"], t["unit_name"], Decimal(t["value"]), t["measure"],
            t["basis"], t["confirmed"],
        )
        for t in rulebook.tables("plans/targets_nq20", "target")
    )  # fmt: skip


def outline() -> tuple[Chapter, ...]:
    """Return the chapters of a yearly plan, in their order."""
    return tuple(
        Chapter(c["code"], c["level"], c["title"], c["written"])
        for c in rulebook.tables("plans/outline", "chapter")
    )
