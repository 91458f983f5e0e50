"""Adding up the register by one statement: the parts of a table, and its total by another way.

Each stretch of a body's time is read once, however many days are asked for: it is placed among
the days by its two ends, stretches alike are added, and the few sums are spread over their days.
Totals are added up apart, without territory and without the table's dimensions, so that a part
lost or doubled shows. Series of years are read from the roll-up (``YearStretch``); the total of
their last year comes from the register itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from hoptac.foundation.access import Coverage
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.places import places
from hoptac.registry.terms import LegalStatus, Measure
from hoptac.statistics.catalogue import Component, Of

Number = int | Decimal
Sums = tuple[Number, ...]


@dataclass(frozen=True)
class Population:
    """Which bodies are counted: the caller's reach, and what the table keeps of it.

    ``kept`` holds values by column of the register; ``commune_id`` is one of them.
    """

    reach: Coverage
    kept: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def where(
        self, of: Of, kinds: Iterable[str], *, in_roll_up: bool = False
    ) -> tuple[str, dict[str, Any]]:
        """Return the conditions on ``registry_period p`` (or its roll-up) and their parameters."""
        asked: list[str] = ["p.kind = ANY(%(kinds)s)"]
        given: dict[str, Any] = {"kinds": sorted(set(kinds)), "ended": LegalStatus.ENDED.value}
        if of == "existing":
            asked.append("p.legal_status <> %(ended)s")
        elif of == "ended":
            asked.append("p.legal_status = %(ended)s")
        for column, values in self.kept.items():
            asked.append(_among(column, f"kept_{column}", in_roll_up=in_roll_up))
            given[f"kept_{column}"] = list(values)
        if not self.reach.everything:
            within = ["false"]
            for column, found in (
                ("province_code", self.reach.provinces),
                ("commune_id", self.reach.communes),
                ("cooperative_id", self.reach.cooperatives),
            ):
                if found:
                    among = _among(column, f"reach_{column}", in_roll_up=in_roll_up)
                    given[f"reach_{column}"] = sorted(found)
                    if column == "province_code" and (ground := self._ground()) is not None:
                        given["ground"] = ground
                        among += f" AND {_on_ground(in_roll_up=in_roll_up)}"
                    within.append(among)
            asked.append(f"({' OR '.join(within)})")
        return " AND ".join(asked), given

    def _ground(self) -> list[UUID] | None:
        """Return every unit of the reach's provinces, by which their bodies are found without reading
        all others: a body lies in its own province, or is not placed. Nothing where there is no other
        province."""
        if places().provinces <= self.reach.provinces:
            return None
        inside = AdminUnit.objects.filter(province_code__in=sorted(self.reach.provinces))
        return list(inside.order_by().values_list("pk", flat=True))


def _among(column: str, name: str, *, in_roll_up: bool) -> str:
    among = f"p.{column} = ANY(%({name})s)"
    return _by_index(among, in_roll_up=in_roll_up) if column == "commune_id" else among


def _by_index(of_commune: str, *, in_roll_up: bool) -> str:
    """Return a condition on the commune so that indexes serve it: one of the register's finds the
    present periods of a commune, another the past ones."""
    if in_roll_up:
        return f"({of_commune})"
    return f"(p.is_latest AND ({of_commune}) OR NOT p.is_latest AND ({of_commune}))"


def _on_ground(*, in_roll_up: bool) -> str:
    placed = _by_index("p.commune_id = ANY(%(ground)s)", in_roll_up=in_roll_up)
    return f"({placed} OR {_by_index('p.commune_id IS NULL', in_roll_up=in_roll_up)})"


@dataclass(frozen=True)
class Counted:
    """The sums of each component: by moment, row and column, and the total of each moment."""

    parts: dict[tuple[int, Any, Any], Sums]
    totals: dict[int, Sums]


# The first day on which an ended body was no more.
_ENDED_ON = """(SELECT max(upper(e.valid)) FROM registry_period e
     WHERE e.cooperative_id = p.cooperative_id AND e.legal_status <> %(ended)s
       AND e.valid << p.valid)"""
_YEAR_OF = {
    "existing": "",
    "new": "date_part('year', p.established_on)::int",
    "ended": f"date_part('year', {_ENDED_ON})::int",
}

# Columns of the register by which a table may be divided.
_NAMES = ("kind", "sector", "legal_status", "working_state", "legal_era")

_STATEMENT = """
WITH moments AS (
    SELECT place::int AS i, day, date_part('year', day)::int AS year
    FROM unnest(%(days)s::date[]) WITH ORDINALITY AS m(day, place)
),
stretches AS (  -- a: days before it, b: days up to its end; straight: added up by days alone
    SELECT {keys} {year} AS y,
           {ends}, {straight} AS is_straight, {sums}
    FROM registry_period p
    WHERE {where}
    GROUP BY GROUPING SETS (({names} y, a, b), (y, a, b))
)
SELECT false, m.i, {row}, {column}, {added}
FROM stretches s JOIN moments m ON m.i > s.a AND m.i <= s.b {in_year} {ground}
WHERE NOT s.is_straight
GROUP BY 2, 3, 4
UNION ALL
SELECT true, m.i, NULL, NULL, {added}
FROM stretches s JOIN moments m ON m.i > s.a AND m.i <= s.b {in_year}
WHERE s.is_straight
GROUP BY 2
"""
# The same from the roll-up, where two quick readings side by side beat one of both.
_SERIES = """
WITH moments AS (
    SELECT place::int AS i, year FROM unnest(%(years)s::int[]) WITH ORDINALITY AS m(year, place)
),
placed AS (
    SELECT {row} AS r, {column} AS c, {ends}, {sums}
    FROM statistics_yearstretch p {ground}
    WHERE {where}
    GROUP BY r, c, a, b
),
whole AS (
    SELECT {ends}, {sums} FROM statistics_yearstretch p WHERE {where} GROUP BY a, b
)
SELECT false, m.i, s.r, s.c, {added}
FROM placed s JOIN moments m ON m.year BETWEEN s.a AND s.b
GROUP BY 2, 3, 4
UNION ALL
SELECT true, m.i, NULL, NULL, {added}
FROM whole s JOIN moments m ON m.year BETWEEN s.a AND s.b
GROUP BY 2
"""
# The two ends of a stretch: among the days; in the roll-up its first and last year among those asked.
_REGISTER = """coalesce(width_bucket(lower(p.valid) - 1, %(days)s::date[]), 0) AS a,
           coalesce(width_bucket(upper(p.valid) - 1, %(days)s::date[]), %(n)s) AS b"""
_WITHIN = " AND p.valid && daterange(%(first)s, %(last)s, '[]')"
_NEW_WITHIN = " AND p.established_on BETWEEN %(new_since)s AND %(last)s"
_ROLL_UP = """greatest(p.first_year, %(first_year)s) AS a,
           least(coalesce(p.last_year, %(last_year)s), %(last_year)s) AS b"""
_STRAIGHT = "SELECT {sums} FROM registry_period p WHERE {where} AND p.valid @> %(last)s::date"
_GROUND = """LEFT JOIN jurisdiction_unitplacement g
    ON g.unit_id = s.commune_id AND g.epoch @> %(map_day)s::date"""


def count_up(
    population: Population,
    components: Sequence[Component],
    days: Sequence[date],
    *,
    row: str = "",
    column: str = "",
    map_day: date | None = None,
) -> Counted:
    """Add up components (all ``of`` the same bodies) on each of the days (ascending).

    ``row`` and ``column`` are SQL on a stretch ``s`` of the register or on its ground ``g`` on the
    map of ``map_day``; empty when the table has no such side.
    """
    of = components[0].of
    where, given = population.where(of, (k for c in components for k in c.kinds))
    from_roll_up = (
        of == "existing"
        and not population.reach.cooperatives
        and len(days) > 1
        and all((d.month, d.day) == (12, 31) for d in days)
    )
    sums = [_sum(c, given, from_roll_up=from_roll_up) for c in components]
    sides = {
        "row": row or "NULL::text",
        "column": column or "NULL::text",
        "sums": ", ".join(f"{sql} AS n{i}" for i, sql in enumerate(sums)),
        "added": ", ".join(f"sum(s.n{i})" for i in range(len(sums))),
        "ground": _GROUND if "g." in f"{row} {column}" else "",
    }
    if from_roll_up:
        sides = {k: v if k == "added" else v.replace("s.", "p.") for k, v in sides.items()}
        in_roll_up, _same = population.where(
            of, (k for c in components for k in c.kinds), in_roll_up=True
        )
        statement = _SERIES.format(**sides, ends=_ROLL_UP, where=in_roll_up)
    else:
        statement = _of_register(sides, of, where)
    given |= {
        "years": [d.year for d in days], "first_year": days[0].year, "last_year": days[-1].year,
        "days": list(days), "n": len(days), "first": days[0], "last": days[-1],
        "map_day": map_day or days[0], "new_since": days[0].replace(month=1, day=1),
    }  # fmt: skip
    parts: dict[tuple[int, Any, Any], Sums] = {}
    totals: dict[int, Sums] = {i: (0,) * len(sums) for i in range(len(days))}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        for is_total, place, r, c, *numbers in cursor.fetchall():
            found = tuple(_exact(n, s) for n, s in zip(numbers, components, strict=True))
            if is_total:
                totals[place - 1] = found
            else:
                parts[(place - 1, _key(r), _key(c))] = found
        if from_roll_up:
            # The last year is counted from the register itself: a roll-up gone astray would show.
            straight = ", ".join(_sum(c, given) for c in components)
            cursor.execute(_STRAIGHT.format(sums=straight, where=where), given)
            found = tuple(_exact(n, s) for n, s in zip(cursor.fetchone(), components, strict=True))
            totals[len(days) - 1] = found
    return Counted(parts, totals)


def _of_register(sides: Mapping[str, str], of: Of, where: str) -> str:
    """Return the statement that adds the register's periods up."""
    year = _YEAR_OF[of]
    asked = f"{sides['row']} {sides['column']}"
    names = [n for n in _NAMES if f"s.{n}" in asked]
    if "g." in asked or "s.commune_id" in asked:
        names.append("commune_id")
    # A table of time alone is taken apart by kind, to be added up again.
    names = names or ["kind"]
    return _STATEMENT.format(
        **sides,
        keys="".join(f"p.{n}, " for n in names),
        names="".join(f"p.{n}, " for n in names),
        straight=f"grouping(p.{names[0]}) = 1",
        year=year or "NULL::int",
        ends=_REGISTER,
        where=where + _WITHIN + (_NEW_WITHIN if of == "new" else ""),
        in_year="AND s.y = m.year" if year else "",
    )


@dataclass(frozen=True)
class Body:
    """One of the bodies behind a number."""

    pk: UUID
    name: str
    number: str


_BODIES = """
SELECT s.cooperative_id, s.name, s.registration_number
FROM (SELECT p.* FROM registry_period p
      WHERE {where} AND p.valid @> %(day)s::date {in_year} {stated}) s {ground}
WHERE {of_cell}
ORDER BY s.sort_key, s.cooperative_id
LIMIT %(most)s
"""


def bodies(
    population: Population,
    component: Component,
    day: date,
    cell: Mapping[str, Any],
    *,
    map_day: date,
    most: int,
) -> list[Body]:
    """Return the bodies that a component counts on a day; ``cell`` gives a value by SQL of a side."""
    where, given = population.where(component.of, component.kinds)
    year = _YEAR_OF[component.of]
    stated = ""
    if component.verb == "filled":
        stated = f"AND {_stated(component.column)} IS NOT NULL"
    if component.state:
        stated = "AND p.working_state = %(state)s"
        given["state"] = component.state
    of_cell = ["true"]
    for i, (sql, value) in enumerate(cell.items()):
        of_cell.append(f"({sql})::text IS NOT DISTINCT FROM %(cell{i})s::text")
        given[f"cell{i}"] = value
    statement = _BODIES.format(
        where=where, in_year=f"AND {year} = %(year)s" if year else "", stated=stated,
        ground=_GROUND if any("g." in sql for sql in cell) else "", of_cell=" AND ".join(of_cell),
    )  # fmt: skip
    given |= {"day": day, "year": day.year, "map_day": map_day, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [Body(*row) for row in cursor.fetchall()]


def _stated(column: str) -> str:
    columns = Measure.values if column == "any" else [column]
    return f"coalesce({', '.join(f'p.{c}::numeric' for c in columns)})"


def _sum(component: Component, given: dict[str, Any], *, from_roll_up: bool = False) -> str:
    """Return the SQL that adds one component up, giving its kinds as a parameter."""
    name = "_".join(("kinds", *component.kinds))
    given[name] = list(component.kinds)
    kept = f"p.kind = ANY(%({name})s)"
    if component.state:
        given[f"state_{component.state}"] = component.state
        kept += f" AND p.working_state = %(state_{component.state})s"
    kinds = f"FILTER (WHERE {kept})"
    if component.verb == "sum":
        return f"sum(p.{component.column}) {kinds}"
    if from_roll_up:
        column = "bodies" if component.verb == "count" else f"with_{component.column}"
        return f"sum(p.{column}) {kinds}"
    if component.verb == "filled":
        return f"count({_stated(component.column)}) {kinds}"
    return f"count(*) {kinds}"


def _exact(number: Any, component: Component) -> Number:
    if component.verb == "sum" and component.column == Measure.AREA:
        return Decimal(number or 0)
    return int(number or 0)


def _key(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
