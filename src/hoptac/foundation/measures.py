"""Figures that the system computes of itself: every app declares its own, those above tie to them.

A measure answers, for a territory and a day, with a number and what stands behind it:

    declare(Measure("cases.closed", _("Cases closed"), _("cases"), closed_cases))

A task of a plan, a target of a year or a line of a report names the measure by its code, so that the
figure is computed from the records and never typed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of what a measure is taken: a province or a unit in it, as of a day, with its parameters.

    ``since`` is where a measure that counts what happened begins (the day after it counts).
    """

    province_code: str
    on: date
    unit_id: UUID | None = None
    since: date | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a measure answered: the value, what it is made of, where the records behind it are seen."""

    value: Decimal | None
    parts: tuple[tuple[str, Decimal | None], ...] = ()
    href: str = ""


@dataclass(frozen=True)
class Parameter:
    """What a measure may be narrowed by: its name, what it is called, its choices with their names."""

    name: str
    label: Any
    choices: Callable[[], tuple[tuple[str, Any], ...]]


@dataclass(frozen=True)
class Measure:
    """One computed figure: its code, its name and unit on screen, how it is defined, how it is taken."""

    code: str
    name: Any
    unit: Any
    take: Callable[[Asked], Reading]
    definition: Any = ""
    parameters: tuple[Parameter, ...] = ()
    counts_since: bool = False
    """Whether it counts what happened since the baseline, rather than how things stand on the day."""
    is_yearly: bool = False
    """Whether it begins at nought with each year."""
    take_each: Callable[[Asked, Sequence[UUID]], Mapping[UUID, Decimal | None]] | None = None
    """How it is taken of many units at once, by one question, where it can be."""
    adds_up: bool = False
    """Whether the values of parts of a territory give the value of the whole."""
    order: int = 100


Source = Callable[[], tuple[Measure, ...]]
_SOURCES: list[Source] = []


def declare(source: Source) -> None:
    """Let a source say which measures it offers; asked anew each time, since catalogues are data."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def measures() -> dict[str, Measure]:
    """Return every measure by its code, in order."""
    found = [measure for source in _SOURCES for measure in source()]
    return {m.code: m for m in sorted(found, key=lambda m: (m.order, m.code))}


def measure(code: str) -> Measure | None:
    """Return one measure; nothing where no app declares it (any more)."""
    return measures().get(code)


def taken_of_each(
    known: Measure, asked: Asked, units: Sequence[UUID]
) -> Mapping[UUID, Decimal | None]:
    """Return the values of a measure for each of many units of the asked province.

    By one question where the measure knows how; otherwise unit by unit.
    """
    if known.take_each is not None:
        return known.take_each(asked, units)
    return {unit: known.take(replace(asked, unit_id=unit)).value for unit in units}
