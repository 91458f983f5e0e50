# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Places, statistics, the head of the journal, and the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api.callers import Caller
from hoptac.api.declaring import Operations
from hoptac.api.problem import Problem
from hoptac.api.schemas import Code, Day
from hoptac.api.schemas.register import AgencyOut, Head, IndicatorOut, Me, TableOut, Unit
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.registry.terms import LegalEra, LegalStatus, Sector, WorkingState
from hoptac.statistics.data import as_data, catalogue_data
from hoptac.statistics.dimensions import DIMENSIONS
from hoptac.statistics.selectors import BASE_YEAR, MAPS, PERMISSION, tabulate

VIEW = "registry.view"
places = Operations("places")
figures = Operations("statistics")
journal = Operations("journal")
caller = Operations("caller")
if TYPE_CHECKING:
    Side: TypeAlias = str
    Map: TypeAlias = str
else:
    Side = Literal[tuple(DIMENSIONS)]
    Map = Literal[MAPS]


@places.reads("/units", list[Unit], "Administrative units", needs=VIEW)
def units(
    ctx: Context,
    on: Day | None = None,
    level: Literal["", "province", "district", "commune"] = "",
) -> Any:
    """The units that existed on a day (today unless given)."""
    found = AdminUnit.objects.on(on or ctx.today).in_order()
    if level:
        found = found.filter(level=level)
    return [
        {
            "id": pk, "level": of, "kind": kind, "name": name, "code": code, "parent_id": parent,
            "since": valid.lower, "until": valid.upper,
        }
        for pk, of, kind, name, code, parent, valid in found.values_list(
            "id", "level", "kind", "name", "code", "parent_id", "valid"
        )
    ]  # fmt: skip


@figures.reads("/indicators", list[IndicatorOut], "Catalogue of indicators", needs=PERMISSION)
def catalogue(ctx: Context) -> Any:
    """Every indicator with its definition, unit, source, formula and legal basis."""
    return catalogue_data()


@figures.reads("/statistics", TableOut, "A table of figures", needs=PERMISSION)
def statistics(
    ctx: Context,
    indicator: Annotated[list[Code], Query(max_length=30, description="codes of the catalogue")] = ["cooperatives"],
    rows: Side = "sector",
    columns: Side | None = None,
    as_of: Annotated[list[Day], Query(max_length=24, description="one day; several where a side is day")] = [],
    years: Annotated[str, Query(pattern=r"^(\d{4}(-\d{4})?)?$", description="2015-2019, where a side is year")] = "",
    map: Annotated[Map, Query(description="whose units; districts: the last map with them")] = "of_the_day",
    base_year: Annotated[int, Query(ge=1900, le=2200, description="that growth is over")] = BASE_YEAR,
    sector: Annotated[list[Sector], Query()] = [],
    legal_status: Annotated[list[LegalStatus], Query()] = [],
    working_state: Annotated[list[WorkingState], Query()] = [],
    legal_era: Annotated[list[LegalEra], Query()] = [],
    district: Annotated[list[UUID], Query(max_length=50)] = [],
    commune: Annotated[list[UUID], Query(max_length=50)] = [],
) -> Any:  # fmt: skip
    """Indicators of the caller's territory by rows and columns; a table that does not add up is refused."""
    kept: dict[str, list[Any]] = {
        "sector": sector, "legal": legal_status, "state": working_state, "era": legal_era,
        "district": district, "commune": commune,
    }  # fmt: skip
    table = tabulate(
        ctx, indicator, rows, columns, as_of=[min(d, ctx.today) for d in as_of],
        years=_years(years), map=map, base_year=base_year,
        filters={k: [str(v) for v in values] for k, values in kept.items() if values},
    )  # fmt: skip
    return as_data(table)


def _years(text: str) -> range:
    first, _dash, last = text.partition("-")
    if not text:
        return range(0)
    years = range(int(first), int(last or first) + 1)
    if not years or not 1900 <= years[0] <= years[-1] <= 2200:
        raise Problem(422, _("Years are written 2015-2019."))
    return years


@journal.reads("/journal/head", Head, "Head of the journal", needs=VIEW)
def journal_head(ctx: Context) -> Any:
    """The number and hash of the last entry: note it outside, and check it later with ``verify --head``."""
    last = Act.objects.order_by("-number").values_list("number", "hash", "at").first()
    if last is None:
        return {"number": 0, "hash": None, "at": None}
    return {"number": last[0], "hash": bytes(last[1]).hex(), "at": last[2]}


@caller.reads("/me", Me, "Who calls", needs="")
def me(caller: Caller) -> Any:
    """The token's person, scopes and mandates of the day; any token may ask."""
    user, grants = caller.ctx.user, caller.ctx.grants
    return {
        "username": user.username if user else "", "full_name": user.full_name if user else "",
        "scopes": sorted(caller.scopes),
        "permissions": sorted(frozenset().union(*(g.role.permissions for g in grants))),
        "mandates": [
            {
                "role": g.role.code, "province_code": g.province_code, "unit_id": g.unit_id,
                "agency_id": g.agency_id, "cooperative_id": g.cooperative_id,
            }
            for g in grants
        ],
    }  # fmt: skip


@places.reads("/agencies", list[AgencyOut], "Agencies", needs=VIEW)
def agencies(
    ctx: Context, on: Day | None = None, unit: UUID | None = None,
    kind: Annotated[list[AgencyKind], Query()] = [],
) -> Any:  # fmt: skip
    """The agencies of the caller's provinces that existed on a day (today unless given)."""
    found = Agency.objects.filter(valid__contains=on or ctx.today)
    provinces = {g.province_code for g in ctx.grants}
    if "*" not in provinces:
        found = found.filter(province_code__in=sorted(provinces))
    if unit is not None:
        found = found.filter(unit=unit)
    if kind:
        found = found.filter(kind__in=[k.value for k in kind])
    return [
        {
            "id": a.pk, "code": a.code, "name": a.name, "short_name": a.short_name, "kind": a.kind,
            "unit_id": a.unit_id, "since": a.valid.lower, "until": a.valid.upper,
        }
        for a in found.order_by("name", "pk")
    ]  # fmt: skip
