"""What statistics offer to plans, tasks and reports as computed figures: the catalogue, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hoptac.foundation.access import Context, Coverage, Grant, Role
from hoptac.foundation.measures import Asked, Measure, Parameter, Reading
from hoptac.jurisdiction.scope import covered_by
from hoptac.registry.terms import LegalStatus, LineageKind, Sector, WorkingState
from hoptac.statistics.catalogue import Indicator, indicators
from hoptac.statistics.selectors import PERMISSION, grounds_of, tabulate, tabulate_units

_SECTOR = Parameter("sector", gettext_lazy("Sector"), lambda: tuple(Sector.choices))
_STATE = Parameter("state", gettext_lazy("Working state"), lambda: tuple(WorkingState.choices))
_ROLE = Role("measure", frozenset({PERMISSION}))


def offered() -> tuple[Measure, ...]:
    """Return a measure for each indicator of the catalogue, and for what happened to bodies since a day."""
    catalogue = [
        Measure(
            f"statistics.{code}", indicator.name, indicator.unit, _taking(code),
            definition=indicator.definition, parameters=(_SECTOR, _STATE), order=10,
            is_yearly=indicator.of != "existing", adds_up=indicator.is_additive, take_each=_taking_each(code),
        )
        for code, indicator in indicators().items()
        if not indicator.needs_base
    ]  # fmt: skip
    return (*catalogue, *_HAPPENED)


def _taking(code: str) -> Callable[[Asked], Reading]:
    def take(asked: Asked) -> Reading:
        return _of_catalogue(indicators()[code], asked)

    return take


def _taking_each(code: str) -> Callable[[Asked, Sequence[UUID]], Mapping[UUID, Decimal | None]]:
    def take(asked: Asked, units: Sequence[UUID]) -> Mapping[UUID, Decimal | None]:
        found = tabulate_units(_caller(asked), code, units, as_of=asked.on, filters=_filters(asked))
        return {unit: _decimal(value) for unit, value in found.items()}

    return take


def _caller(asked: Asked) -> Context:
    """Return a caller who reads the asked territory and no more."""
    grant = Grant(UUID(int=0), _ROLE, province_code=asked.province_code, unit_id=asked.unit_id)
    return Context(grants=(grant,), today=asked.on, channel="job")


def _filters(asked: Asked) -> dict[str, tuple[str, ...]]:
    return {k: (str(v),) for k, v in asked.parameters.items() if k in {"sector", "state"}}


def _of_catalogue(indicator: Indicator, asked: Asked) -> Reading:
    """Return an indicator over a province or a unit, with its parts by sector."""
    table = tabulate(
        _caller(asked), [indicator.code], "sector", as_of=asked.on, filters=_filters(asked)
    )
    value = table.value(indicator)
    parts = tuple((str(row.label), _decimal(table.value(indicator, row))) for row in table.rows)
    return Reading(
        value=_decimal(value),
        parts=tuple(p for p in parts if p[1]) if indicator.is_additive else (),
        href=_list(asked, of=indicator.of),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _list(asked: Asked, *, of: str = "existing", **more: str) -> str:
    """Return where the register shows the bodies behind a figure."""
    query = {"on": asked.on.isoformat(), **{k: str(v) for k, v in asked.parameters.items()}, **more}
    return f"{reverse('registry:list')}?{urlencode(query)}"


# --- What happened to bodies ---------------------------------------------------------------------------

# Bodies that ended after a day, up to another; of those the ones that did not work on the first day, or
# that passed into another body.
_ENDED = """
SELECT ended.cooperative_id, min(lower(ended.valid)) AS on
FROM registry_period ended
WHERE ended.legal_status = %(ended)s AND lower(ended.valid) > %(since)s AND lower(ended.valid) <= %(until)s
  AND {where}
GROUP BY ended.cooperative_id
"""
_WAS_IDLE = """EXISTS (SELECT FROM registry_period was WHERE was.cooperative_id = ended.cooperative_id
  AND was.valid @> %(since)s::date AND was.working_state = ANY(%(idle)s))"""
PASSED_ON = """EXISTS (SELECT FROM registry_lineage passing WHERE passing.cooperative_id = ended.cooperative_id
  AND passing.retired_by IS NULL AND passing.kind = ANY(%(joining)s))"""


def _counting(condition: str) -> Callable[[Asked], Reading]:
    def take(asked: Asked) -> Reading:
        within, given = within_of(asked)
        given |= given_of(asked)
        where = " AND ".join(filter(None, (within, condition)))
        statement = (
            "SELECT date_part('year', found.on)::int, count(*) FROM ("  # noqa: S608  (conditions of this file)
            + _ENDED.format(where=where)
            + ") found GROUP BY 1 ORDER BY 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            rows = cursor.fetchall()
        return Reading(
            value=Decimal(sum(count for _year, count in rows)),
            parts=tuple((str(year), Decimal(count)) for year, count in rows),
            href=_list(asked, ended="1", legal=LegalStatus.ENDED.value),
        )

    return take


def _counting_each(
    condition: str,
) -> Callable[[Asked, Sequence[UUID]], Mapping[UUID, Decimal | None]]:
    def take(asked: Asked, units: Sequence[UUID]) -> Mapping[UUID, Decimal | None]:
        within, given = within_of(asked)
        given |= given_of(asked)
        where = " AND ".join(filter(None, (within, condition)))
        statement = _ENDED.replace("AS on\n", "AS on, min(ended.commune_id::text) AS commune\n")
        return _by_unit(
            f"SELECT commune, count(*) FROM ({statement.format(where=where)}) found GROUP BY 1",  # noqa: S608
            given,
            units,
        )

    return take


def _by_unit(
    statement: str, given: dict[str, Any], units: Sequence[UUID]
) -> dict[UUID, Decimal | None]:
    """Return what a statement counts by commune, added up over the ground of each unit."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        counts = {UUID(str(commune)): n for commune, n in cursor.fetchall() if commune is not None}
    return {
        unit: Decimal(sum(counts.get(c, 0) for c in ground))
        for unit, ground in grounds_of(units).items()
    }


def _founded_each(asked: Asked, units: Sequence[UUID]) -> Mapping[UUID, Decimal | None]:
    within, given = within_of(asked, "founded")
    statement = f"""
        SELECT founded.commune_id, count(*) FROM registry_period founded
        WHERE founded.is_latest AND founded.kind = 'cooperative' AND {within}
          AND founded.established_on > %(since)s AND founded.established_on <= %(until)s
        GROUP BY 1"""  # noqa: S608  (conditions of this file)
    return _by_unit(statement, given | {"since": asked.since or asked.on, "until": asked.on}, units)


def given_of(asked: Asked) -> dict[str, Any]:
    """Return the parameters of the conditions on what happened."""
    return {
        "since": asked.since or asked.on, "until": asked.on, "ended": LegalStatus.ENDED.value,
        "idle": [WorkingState.IDLE.value, WorkingState.AWAITING_DISSOLUTION.value],
        "joining": [LineageKind.MERGER.value, LineageKind.CONSOLIDATION.value],
    }  # fmt: skip


def _founded(asked: Asked) -> Reading:
    within, given = within_of(asked, "founded")
    statement = f"""
        SELECT date_part('year', founded.established_on)::int, count(*) FROM registry_period founded
        WHERE founded.is_latest AND founded.kind = 'cooperative' AND {within}
          AND founded.established_on > %(since)s AND founded.established_on <= %(until)s
        GROUP BY 1 ORDER BY 1"""  # noqa: S608  (conditions of this file)
    with connection.cursor() as cursor:
        cursor.execute(statement, given | {"since": asked.since or asked.on, "until": asked.on})
        rows = cursor.fetchall()
    return Reading(
        value=Decimal(sum(count for _year, count in rows)),
        parts=tuple((str(year), Decimal(count)) for year, count in rows), href=_list(asked),
    )  # fmt: skip


def within_of(asked: Asked, alias: str = "ended") -> tuple[str, dict[str, Any]]:
    """Return the condition that keeps a territory and a sector, with its parameters."""
    given: dict[str, Any]
    reach = Coverage(provinces=frozenset({asked.province_code}))
    if asked.unit_id is not None:
        reach = covered_by(asked.unit_id)
    if reach.provinces:
        found, given = (
            f"{alias}.province_code = ANY(%(places)s)",
            {"places": sorted(reach.provinces)},
        )
    else:
        found, given = f"{alias}.commune_id = ANY(%(places)s)", {"places": sorted(reach.communes)}
    if asked.parameters.get("sector"):
        found += f" AND {alias}.sector = %(sector)s"
        given["sector"] = asked.parameters["sector"]
    return found, given


_BODIES = gettext_lazy("bodies")
_HAPPENED = (
    Measure("register.new", gettext_lazy("Cooperatives founded since"), _BODIES, _founded,
            definition=gettext_lazy("Cooperatives whose day of establishment lies after the baseline."),
            parameters=(_SECTOR,), counts_since=True, order=20, adds_up=True,
            take_each=_founded_each),
    Measure("register.ended", gettext_lazy("Bodies ended since"), _BODIES, _counting(""),
            definition=gettext_lazy("Bodies whose legal end lies after the baseline."),
            parameters=(_SECTOR,), counts_since=True, order=21, adds_up=True,
            take_each=_counting_each("")),
    Measure("register.idle_ended", gettext_lazy("Bodies that did not operate and have ended since"), _BODIES,
            _counting(_WAS_IDLE),
            definition=gettext_lazy("Of the bodies that did not operate on the baseline, those that have ended."),
            parameters=(_SECTOR,), counts_since=True, order=22, adds_up=True,
            take_each=_counting_each(_WAS_IDLE)),
    Measure("register.joined", gettext_lazy("Bodies merged or consolidated since"), _BODIES, _counting(PASSED_ON),
            definition=gettext_lazy("Bodies that ended by passing into another one."),
            parameters=(_SECTOR,), counts_since=True, order=23, adds_up=True,
            take_each=_counting_each(PASSED_ON)),
)  # fmt: skip
