"""The indicators: what each counts, in what unit, from what source, on what basis.

They are data (``rulebook/statistics/indicators.toml``). A formula is one word of a small
vocabulary with a column of the register, so that a rule-keeper can add an indicator without code.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import get_language

from hoptac.foundation.rulebook import read_topic
from hoptac.registry.terms import Kind, Measure

Of = Literal["existing", "new", "ended"]
Verb = Literal["count", "sum", "mean", "filled", "growth"]

_TOPIC = "statistics/indicators"
_OF = ("existing", "new", "ended")
_COLUMNS = {
    "count": ("",),
    "sum": tuple(Measure.values),
    "mean": tuple(Measure.values),
    "filled": (*Measure.values, "any"),
    "growth": ("count",),
}


@dataclass(frozen=True)
class Words:
    """A text in both languages of the screen."""

    en: str
    vi: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@dataclass(frozen=True, order=True)
class Component:
    """A number that the database adds up; every indicator is made of one or two.

    ``column`` is empty for a count of bodies.
    """

    of: Of
    kinds: tuple[str, ...]
    verb: Literal["count", "sum", "filled"]
    column: str = ""


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue."""

    code: str
    name: Words
    definition: Words
    unit: Words
    source: Words
    formula: str
    kinds: tuple[str, ...]
    basis: str
    confirmed: bool
    of: Of = "existing"
    decimals: int = 0

    @property
    def verb(self) -> Verb:
        return self.formula.partition(":")[0]  # type: ignore[return-value]

    @property
    def column(self) -> str:
        return self.formula.partition(":")[2]

    @property
    def is_additive(self) -> bool:
        """Whether the parts of a table add up to its total."""
        return self.verb in {"count", "sum", "filled"}

    @property
    def needs_base(self) -> bool:
        """Whether it compares the day with the end of a base year."""
        return self.verb == "growth"

    @property
    def components(self) -> tuple[Component, ...]:
        """What the database must add up for it: the number, and what it is divided by."""
        if self.verb in {"count", "growth"}:
            return (Component(self.of, self.kinds, "count"),)
        if self.verb == "mean":
            return (
                Component(self.of, self.kinds, "sum", self.column),
                Component(self.of, self.kinds, "filled", self.column),
            )
        return (Component(self.of, self.kinds, self.verb, self.column),)  # type: ignore[arg-type]


def _indicator(table: dict[str, Any]) -> Indicator:
    texts = {k: Words(**table[k]) for k in ("name", "definition", "unit", "source")}
    found = Indicator(**{**table, **texts, "kinds": tuple(table["kinds"])})
    verb, _colon, column = found.formula.partition(":")
    if column not in _COLUMNS.get(verb, ()) or found.of not in _OF:
        raise ValueError(f"{_TOPIC}: {found.code}: unknown formula {found.formula!r}")
    if not found.kinds or set(found.kinds) - set(Kind.values):
        raise ValueError(f"{_TOPIC}: {found.code}: unknown kinds {found.kinds}")
    return found


@functools.cache
def indicators() -> dict[str, Indicator]:
    """Return every indicator by its code, in the order of the catalogue."""
    return {t["code"]: _indicator(t) for t in read_topic(_TOPIC)["indicator"]}
