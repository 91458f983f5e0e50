"""The indicators: what each counts, in what unit, from what source, on what basis.

They are data (``rulebook/statistics/indicators.toml``). A formula is one word of a small
vocabulary with a column of the register, so that a rule-keeper can add an indicator without code.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoptac.foundation import rulebook
from hoptac.registry.terms import Kind, Measure, WorkingState

Of = Literal["existing", "new", "ended"]
Verb = Literal["count", "sum", "mean", "filled", "share", "growth"]

_TOPIC = "statistics/indicators"
_OF = ("existing", "new", "ended")
_COLUMNS = {
    "count": ("",),
    "sum": tuple(Measure.values),
    "mean": tuple(Measure.values),
    "filled": (*Measure.values, "any"),
    "share": tuple(WorkingState.values),
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

    ``column`` is empty for a count of bodies; ``state`` keeps those of one working state.
    """

    of: Of
    kinds: tuple[str, ...]
    verb: Literal["count", "sum", "filled"]
    column: str = ""
    state: str = ""


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue; ``without`` are the dimensions that it cannot be divided by."""

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
    without: tuple[str, ...] = ()

    @property
    def verb(self) -> Verb:
        return self.formula.partition(":")[0]  # type: ignore[return-value]

    @property
    def column(self) -> str:
        return self.formula.partition(":")[2]

    @property
    def shown_unit(self) -> str:
        """The unit, unless it only says the name again (cooperatives counted in cooperatives)."""
        unit = str(self.unit)
        return "" if unit.casefold() == str(self.name).casefold() else unit

    @property
    def titled(self) -> str:
        """The name with its unit, as a heading."""
        return f"{self.name} ({self.shown_unit})" if self.shown_unit else str(self.name)

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
        if self.verb == "share":
            return (
                Component(self.of, self.kinds, "count", state=self.column),
                Component(self.of, self.kinds, "count"),
            )
        if self.verb == "mean":
            return (
                Component(self.of, self.kinds, "sum", self.column),
                Component(self.of, self.kinds, "filled", self.column),
            )
        return (Component(self.of, self.kinds, self.verb, self.column),)  # type: ignore[arg-type]

    @property
    def counted(self) -> Component:
        """The bodies behind the number: those of its count, or those that stated the figure."""
        return self.components[0 if self.verb == "share" else -1]

    @property
    def formula_in_words(self) -> str:
        """How the number is made, for people."""
        words = {
            "count": _("number of bodies"),
            "sum": _("sum of the last statement of each body up to the day"),
            "mean": _("sum divided by the bodies that stated the figure"),
            "filled": _("number of bodies that stated the figure"),
            "share": _("bodies of that working state, in a hundred bodies"),
            "growth": _("number on the day divided by the number at the end of the base year"),
        }
        return words[self.verb]

    @property
    def as_of_in_words(self) -> str:
        """What the day of a table means for it."""
        if self.of == "existing":
            return _("as it stood at the end of the day")
        return _("from 1 January of the day's year up to the day")


def _indicator(table: dict[str, Any]) -> Indicator:
    texts = {k: Words(**table[k]) for k in ("name", "definition", "unit", "source")}
    lists = {k: tuple(table.get(k, ())) for k in ("kinds", "without")}
    found = Indicator(**{**table, **texts, **lists})
    verb, _colon, column = found.formula.partition(":")
    if column not in _COLUMNS.get(verb, ()) or found.of not in _OF:
        raise ValueError(f"{_TOPIC}: {found.code}: unknown formula {found.formula!r}")
    if not found.kinds or set(found.kinds) - set(Kind.values):
        raise ValueError(f"{_TOPIC}: {found.code}: unknown kinds {found.kinds}")
    return found


def indicators() -> dict[str, Indicator]:
    """Return every indicator by its code, in the order of the catalogue, as confirmed so far."""
    return _indicators(rulebook.generation())


@functools.lru_cache(maxsize=1)
def _indicators(_generation: int) -> dict[str, Indicator]:
    return {t["code"]: _indicator(t) for t in rulebook.tables(_TOPIC, "indicator")}
