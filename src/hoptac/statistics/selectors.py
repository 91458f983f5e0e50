"""Questions about figures: one indicator or several, crossed with two sides, on days, on a map."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.until_next_act import UntilNextAct, last_act
from hoptac.foundation.findings import Finding, Refused
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.models import UnitPlacement
from hoptac.jurisdiction.places import places
from hoptac.statistics.catalogue import Component, Indicator, Of, indicators
from hoptac.statistics.counting import (
    Body,
    Counted,
    Number,
    Population,
    bodies,
    count_up,
)
from hoptac.statistics.dimensions import (
    DIMENSIONS,
    Dimension,
    Member,
    Moment,
    epoch_of,
    last_day_with_districts,
    members,
)

PERMISSION = "statistics.view"
BASE_YEAR = 2003
MAPS = ("of_the_day", "today", "districts")
# Filters of a table, named as the register's list names them: the column that each keeps.
FILTERS = {"sector": "sector", "legal": "legal_status", "state": "working_state",
           "era": "legal_era", "district": "commune_id", "commune": "commune_id"}  # fmt: skip
_LONGEST = 60

Key = tuple[Any, Any]


@dataclass(frozen=True)
class Table:
    """Figures by rows and, where asked, columns; every part of a side is there, empty ones too."""

    indicators: tuple[Indicator, ...]
    row_side: Dimension
    rows: tuple[Member, ...]
    column_side: Dimension | None
    columns: tuple[Member, ...]
    moments: tuple[Moment, ...]
    map: str
    base_year: int
    filters: Mapping[str, Sequence[str]]
    _sums: dict[tuple[int, Any, Any], dict[Component, Number]] = field(repr=False)
    _totals: dict[int, dict[Component, Number]] = field(repr=False)
    _base: dict[Key, dict[Component, Number]] = field(repr=False)

    @property
    def day(self) -> date:
        """The last day that the table speaks of."""
        return self.moments[-1].day

    @property
    def has_time(self) -> bool:
        return self.row_side.is_time or bool(self.column_side and self.column_side.is_time)

    def place(self, row: Member | None, column: Member | None) -> int:
        """Return which of the moments a cell is of; without time there is one."""
        if self.row_side.is_time and row is not None:
            return self._places[row.key]
        if self.column_side is not None and self.column_side.is_time and column is not None:
            return self._places[column.key]
        return len(self.moments) - 1

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {m.key: i for i, m in enumerate(self.moments)}

    @functools.cached_property
    def _margins(self) -> dict[tuple[int, Any, Any], dict[Component, Number]]:
        """The sums of every cell, of whole rows and of whole columns (``...``)."""
        found: dict[tuple[int, Any, Any], dict[Component, Number]] = dict(self._sums)
        for (i, r, c), cell in self._sums.items():
            for key in ((i, r, ...), (i, ..., c)):
                into = found.setdefault(key, {})
                for component, number in cell.items():
                    into[component] = into.get(component, 0) + number
        return found

    def value(
        self, indicator: Indicator, row: Member | None = None, column: Member | None = None
    ) -> Number | None:
        """Return the figure of a cell; of the whole side where row or column is left out."""
        i = self.place(row, column)
        row_key = ... if row is None or self.row_side.is_time else row.key
        column_key = (
            ... if column is None or (self.column_side and self.column_side.is_time) else column.key
        )
        sums = self._summed(i, row_key, column_key)
        base = None
        if indicator.needs_base:
            base = self._base.get((row_key, column_key))
        return _figure(indicator, sums, base)

    def _summed(self, i: int, row_key: Any, column_key: Any) -> Mapping[Component, Number]:
        if row_key is ... and column_key is ...:
            return self._totals[i]
        if self.row_side.is_time:
            row_key = ...
        elif self.column_side is None or self.column_side.is_time:
            column_key = ...
        return self._margins.get((i, row_key, column_key), {})

    def has_total(self, *, of_rows: bool) -> bool:
        """Whether the rows (or the columns) can be added: years cannot."""
        side = self.row_side if of_rows else self.column_side
        return side is not None and not side.is_time


def tabulate(
    ctx: Context,
    codes: Sequence[str],
    rows: str,
    columns: str | None = None,
    *,
    as_of: date | Sequence[date] | None = None,
    years: Sequence[int] = (),
    map: str = "of_the_day",
    filters: Mapping[str, Sequence[str]] | None = None,
    base_year: int = BASE_YEAR,
) -> Table:
    """Return the table of indicators within the caller's territory.

    :raises Refused: ``unknown_table`` for what the catalogue does not know, ``does_not_add_up``
        when the parts do not give the total
    """
    chosen, row_side, column_side = _known(codes, rows, columns, map)
    kept = _kept(filters or {})
    moments = _moments(ctx, row_side, column_side, as_of, years)
    reach = ctx.coverage(PERMISSION)
    counter = _Counter(ctx, Population(reach, kept), row_side, column_side, map)
    components = tuple(dict.fromkeys(c for i in chosen for c in i.components))
    sums, totals = counter.count(components, [m.day for m in moments])
    base: dict[Key, dict[Component, Number]] = {}
    growing = tuple(dict.fromkeys(c for i in chosen if i.needs_base for c in i.components))
    if growing:
        base = _with_margins(*counter.count(growing, [date(base_year, 12, 31)]))
    kinds = {k for i in chosen for k in i.kinds}
    map_days = [counter.map_day(m.day) for m in moments]

    def side_of(side: Dimension | None, which: int) -> tuple[Member, ...]:
        if side is None:
            return ()
        if side.is_time:
            return tuple(Member(m.key, m.label) for m in moments)
        return members(side, {key[which] for key in sums}, map_days, reach, sorted(kinds))

    table = Table(
        chosen, row_side, side_of(row_side, 1), column_side, side_of(column_side, 2), moments, map,
        base_year, dict(filters or {}), sums, totals, base,
    )  # fmt: skip
    parts: dict[tuple[int, Component], list[Number]] = defaultdict(list)
    for (i, _r, _c), cell in sums.items():
        for component, number in cell.items():
            parts[i, component].append(number)
    for i, moment in enumerate(moments):
        for indicator in chosen:
            if indicator.is_additive:
                (component,) = indicator.components
                check_adds_up(totals[i][component], parts[i, component], of=str(indicator.name),
                              day=moment.day)  # fmt: skip
    return table


def tabulate_units(
    ctx: Context,
    code: str,
    units: Sequence[UUID],
    *,
    as_of: date,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> dict[UUID, Number | None]:
    """Return one indicator for each of many units within the caller's territory, by one question.

    A unit's figure is of every commune that ever lay on its ground, as a mandate over it reaches.

    :raises Refused: ``unknown_table`` for what the catalogue does not know
    """
    (indicator,), _side, _none = _known([code], "sector", None, "of_the_day")
    population = Population(ctx.coverage(PERMISSION), _kept(filters or {}))
    counted = _counted(
        last_act(), population, indicator.components, [as_of], row="s.commune_id", column="",
        map_day=None,
    )  # fmt: skip
    by_commune = {
        r: dict(zip(indicator.components, found, strict=True))
        for (_i, r, _c), found in counted.parts.items()
    }
    return {
        unit: _figure(
            indicator, _added(by_commune[str(c)] for c in ground if str(c) in by_commune), None
        )
        for unit, ground in grounds_of(units).items()
    }


def grounds_of(units: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the communes that ever lay on the ground of each of many units, by one question."""
    found: dict[UUID, set[UUID]] = {unit: {unit} for unit in units}
    placed = UnitPlacement.objects.filter(Q(commune__in=units) | Q(district__in=units))
    for unit, commune, district in placed.order_by().values_list("unit", "commune", "district"):
        for holder in (commune, district):
            if holder in found:
                found[holder].add(unit)
    return {unit: frozenset(ground) for unit, ground in found.items()}


def bodies_behind(
    ctx: Context,
    table: Table,
    indicator: Indicator,
    row: Member | None,
    column: Member | None,
    *,
    most: int,
) -> list[Body]:
    """Return the bodies that one number of a table counts, at most so many, in order."""
    day = table.moments[table.place(row, column)].day
    population = Population(ctx.coverage(PERMISSION), _kept(table.filters))
    counter = _Counter(ctx, population, table.row_side, table.column_side, table.map)
    cell = {
        side.sql: member.key
        for side, member in ((table.row_side, row), (table.column_side, column))
        if side is not None and member is not None and not side.is_time
    }
    return bodies(population, indicator.counted, day, cell, map_day=counter.map_day(day), most=most)


def check_adds_up(
    total: Number, parts: Iterable[Number], *, of: str = "", day: date | None = None
) -> None:
    """Refuse a table whose parts do not give its total.

    :raises Refused: ``does_not_add_up``, with total and sum in the finding's details
    """
    found = sum(parts, start=Decimal(0))
    if found != total:
        raise Refused(
            Finding(
                "does_not_add_up",
                _("The table does not add up: the parts of “%(of)s” give %(sum)s, the total is %(total)s.")
                % {"of": of or _("Total"), "sum": found, "total": total},
                details={"total": total, "sum": found, "day": day.isoformat() if day else ""},
            )
        )  # fmt: skip


# --- What is asked ------------------------------------------------------------------------------


def _known(
    codes: Sequence[str], rows: str, columns: str | None, on_map: str
) -> tuple[tuple[Indicator, ...], Dimension, Dimension | None]:
    catalogue = indicators()
    unknown = [c for c in codes if c not in catalogue]
    unknown += [d for d in (rows, columns) if d and d not in DIMENSIONS]
    unknown += [on_map] if on_map not in MAPS else []
    if unknown:
        raise _refusal(_("Not known: %(what)s.") % {"what": ", ".join(unknown)})
    if not codes:
        raise _refusal(_("Choose at least one indicator."))
    if columns == rows:
        raise _refusal(_("Rows and columns must differ."))
    row_side, column_side = DIMENSIONS[rows], DIMENSIONS[columns] if columns else None
    for indicator in (catalogue[c] for c in codes):
        unfit = set(indicator.without) & {rows, columns}
        if unfit:
            sides = ", ".join(str(DIMENSIONS[d].label) for d in sorted(unfit, key=str))
            raise _refusal(
                _("“%(name)s” cannot be divided by: %(sides)s.")
                % {"name": indicator.name, "sides": sides}
            )
    if row_side.is_time and column_side is not None and column_side.is_time:
        raise _refusal(_("Only one side can be time."))
    return tuple(catalogue[c] for c in dict.fromkeys(codes)), row_side, column_side


def _refusal(message: str) -> Refused:
    return Refused(Finding("unknown_table", message))


def _kept(filters: Mapping[str, Sequence[str]]) -> dict[str, tuple[Any, ...]]:
    """Return the values kept by column of the register; units become the communes of their ground."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, values in filters.items():
        if name not in FILTERS:
            raise _refusal(_("Not known: %(what)s.") % {"what": name})
        if not values:
            continue
        column = FILTERS[name]
        kept: tuple[Any, ...] = tuple(values)
        if column == "commune_id":
            kept = _ground(values)
        if column in found:
            kept = tuple(sorted(set(kept) & set(found[column])))
        found[column] = kept
    return found


def _ground(units: Sequence[str]) -> tuple[UUID, ...]:
    known = places().units
    try:
        ids = [UUID(str(u)) for u in units]
    except ValueError:
        raise _refusal(_("Not known: %(what)s.") % {"what": ", ".join(units)}) from None
    return tuple(sorted({c for u in ids if u in known for c in scope.covered_by(u).communes}))


def _moments(
    ctx: Context,
    row_side: Dimension,
    column_side: Dimension | None,
    as_of: date | Sequence[date] | None,
    years: Sequence[int],
) -> tuple[Moment, ...]:
    days = [as_of] if isinstance(as_of, date) else sorted(set(as_of or ()))
    days = days or [ctx.today]
    time = next((s for s in (row_side, column_side) if s is not None and s.is_time), None)
    if time is None:
        return (Moment("", "", days[-1]),)
    if time.code == "day":
        return tuple(Moment(d.isoformat(), f"{d:%d/%m/%Y}", d) for d in days)
    wanted = sorted({y for y in years if y <= ctx.today.year})
    wanted = wanted or list(range(days[-1].year - 4, days[-1].year + 1))
    if len(wanted) > _LONGEST:
        raise _refusal(_("A series has at most %(most)s years.") % {"most": _LONGEST})
    return tuple(Moment(str(y), str(y), min(date(y, 12, 31), ctx.today)) for y in wanted)


# --- Counting -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Counter:
    """Counts what one table asks: by map and by way of choosing bodies."""

    ctx: Context
    population: Population
    row_side: Dimension
    column_side: Dimension | None
    map: str

    @functools.cached_property
    def last_act(self) -> UUID | None:
        return last_act()

    def map_day(self, day: date) -> date:
        """Return the day whose map is used for a day's figures."""
        if self.map == "today":
            return self.ctx.today
        if self.map == "districts":
            return min(day, last_day_with_districts() or day)
        return day

    def count(
        self, components: Sequence[Component], days: Sequence[date]
    ) -> tuple[
        dict[tuple[int, Any, Any], dict[Component, Number]], dict[int, dict[Component, Number]]
    ]:
        """Return the sums by moment, row and column, and the totals by moment."""
        sums: dict[tuple[int, Any, Any], dict[Component, Number]] = {}
        totals: dict[int, dict[Component, Number]] = {i: {} for i in range(len(days))}
        for of in dict.fromkeys(c.of for c in components):
            wanted = [c for c in components if c.of == of]
            for places_of, map_day in self._by_map(days, of):
                counted = _counted(
                    self.last_act, self.population, wanted, [days[i] for i in places_of],
                    row=self.row_side.sql, column=self.column_side.sql if self.column_side else "",
                    map_day=map_day,
                )  # fmt: skip
                for (j, r, c), found in counted.parts.items():
                    cell = sums.setdefault((places_of[j], r, c), dict.fromkeys(components, 0))
                    cell.update(zip(wanted, found, strict=True))
                for j, found in counted.totals.items():
                    totals[places_of[j]].update(zip(wanted, found, strict=True))
        return sums, totals

    def _by_map(self, days: Sequence[date], of: Of) -> list[tuple[list[int], date | None]]:
        sides = (self.row_side, self.column_side)
        has_places = any(s is not None and s.is_place for s in sides)
        found: dict[tuple[date | None, bool], list[int]] = {}
        known = places()
        for i, day in enumerate(days):
            epoch = epoch_of(self.map_day(day), known) if has_places else None
            # Ends of years are read from the roll-up, a year that still runs is not.
            is_end = of == "existing" and (day.month, day.day) == (12, 31)
            found.setdefault((epoch, is_end), []).append(i)
        return [(indexes, epoch) for (epoch, _is_end), indexes in found.items()]


_kept_counts: UntilNextAct[Counted] = UntilNextAct(200)


def _counted(
    last: UUID | None,
    population: Population,
    components: Sequence[Component],
    days: Sequence[date],
    **sides: Any,
) -> Counted:
    """Return :func:`count_up`, from memory while nothing was journalled since the ``last`` act."""
    key = (
        population.reach, tuple(sorted(population.kept.items())), tuple(components), tuple(days),
        tuple(sorted(sides.items(), key=str)),
    )  # fmt: skip
    return _kept_counts.get(key, last, lambda: count_up(population, components, days, **sides))


# --- Figures ------------------------------------------------------------------------------------


def _added(cells: Iterable[Mapping[Component, Number]]) -> dict[Component, Number]:
    found: dict[Component, Number] = {}
    for cell in cells:
        for component, number in cell.items():
            found[component] = found.get(component, 0) + number
    return found


def _with_margins(
    sums: dict[tuple[int, Any, Any], dict[Component, Number]],
    totals: dict[int, dict[Component, Number]],
) -> dict[Key, dict[Component, Number]]:
    """Return the one moment's sums by row and column, with the sums of whole rows and columns."""
    found: dict[Key, dict[Component, Number]] = {(..., ...): totals[0]}
    for (_i, r, c), cell in sums.items():
        for key in ((r, c), (r, ...), (..., c)):
            found[key] = _added((found.get(key, {}), cell))
    return found


def _figure(
    indicator: Indicator,
    sums: Mapping[Component, Number],
    base: Mapping[Component, Number] | None,
) -> Number | None:
    """Return an indicator from its components; nothing where it would be divided by nothing."""
    if indicator.is_additive:
        return sums.get(indicator.components[0], 0)
    if indicator.verb == "growth":
        (component,) = indicator.components
        return _ratio(sums.get(component, 0), (base or {}).get(component, 0), indicator.decimals)
    part, whole = indicator.components
    times = 100 if indicator.verb == "share" else 1
    return _ratio(sums.get(part, 0) * times, sums.get(whole, 0), indicator.decimals)


def _ratio(number: Number, by: Number, decimals: int) -> Number | None:
    if not by:
        return None
    step = Decimal(1).scaleb(-decimals)
    found = (Decimal(number) / Decimal(by)).quantize(step, ROUND_HALF_UP)
    return found if decimals else int(found)
