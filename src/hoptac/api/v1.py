# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""The operations of /api/v1."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

import orjson
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Path, Query
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from pydantic import Field

from hoptac.api import directives, reading
from hoptac.api.answers import once
from hoptac.api.asking import as_json, reader, refuse_unknown, scoped
from hoptac.api.callers import Caller
from hoptac.api.door import of_error
from hoptac.api.problem import TITLES, Problem, answer
from hoptac.api.schemas import (
    WRITTEN,
    Body,
    ChangeIn,
    CorrectionIn,
    Day,
    Done,
    Entry,
    Head,
    IndicatorOut,
    Line,
    Me,
    Page,
    ParticularsIn,
    ProblemBody,
    RecordIn,
    Statement,
    StatementIn,
    TableOut,
    Unit,
)
from hoptac.api.values import wrong_with
from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry import actions, selectors
from hoptac.registry.models import Cooperative
from hoptac.registry.record import history_of, record_of
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState
from hoptac.statistics.data import as_data, catalogue_data
from hoptac.statistics.dimensions import DIMENSIONS
from hoptac.statistics.selectors import BASE_YEAR, MAPS, PERMISSION, tabulate


class _Json(Parser):
    """Reads strict JSON: no NaN, no half surrogates, no towers of brackets."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(
    title="Hoptac", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None,
    parser=_Json(),
    description="The register of cooperatives, unions and cooperative groups of a province.",
)  # fmt: skip

api.add_router("", directives.router)

READ = (400, 401, 403, 404, 405, 406, 422, 429, 500, 503)
_WRITE = (*READ, 409, 412, 413, 415, 428)
_ERRORS = dict.fromkeys(READ, ProblemBody)
_WRITE_ERRORS = dict.fromkeys(sorted(_WRITE), ProblemBody)
Id = Annotated[UUID, Path(alias="id")]
Code = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]*$")]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
Count = Annotated[int | None, Query(ge=0, le=10**16)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=40, pattern=r"^[\x21-\x7e]*$",
        description="the same key again changes nothing and is answered the same",
    ),
]  # fmt: skip
Match = Annotated[
    str, Header(alias="If-Match", max_length=40, description="the ETag of the record as read")
]
NoneMatch = Annotated[
    str, Header(alias="If-None-Match", max_length=200, description="304 where this ETag holds")
]
if TYPE_CHECKING:
    Sort: TypeAlias = str
    Side: TypeAlias = str
    Map: TypeAlias = str
else:
    Sort = Literal[tuple(f"{way}{name}" for name in reading.SORTS for way in ("", "-"))]
    Side = Literal[tuple(DIMENSIONS)]
    Map = Literal[MAPS]
_BOUNDS = {
    "established_from": "established_on >=", "established_to": "established_on <=",
    "members_from": "members >=", "members_to": "members <=",
    "capital_from": "charter_capital >=", "capital_to": "charter_capital <=",
}  # fmt: skip


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    findings = [
        {
            "code": str(e["type"]), "field": ".".join(str(p) for p in e["loc"][1:]),
            "message": wrong_with(e),
        }
        for e in error.errors
    ]  # fmt: skip
    return answer(422, _("The values do not fit the description."), findings=findings)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, ValueError):
        return answer(400, _("The body is not JSON."))
    return answer(error.status_code, str(error))


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return answer(412, str(error))


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return answer(422, findings=[
        {"code": f.code, "message": str(f.message), "field": f.field, "basis": f.basis}
        for f in error.findings
    ])  # fmt: skip


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return answer(404 if isinstance(error, OutOfReach) else 403)


@api.exception_handler(Exception)
def _other(request: HttpRequest, error: Exception) -> HttpResponse:
    return of_error(error, request.path_info)


_LIST = (
    "q", "kind", "sector", "legal_status", "working_state", "legal_era", "district", "commune",
    *_BOUNDS, "lacks", "as_of", "ended", "sort", "fields", "cursor", "limit",
)  # fmt: skip


@api.get(
    "/cooperatives", response={200: Page, **_ERRORS}, tags=["register"], summary="List and search"
)
def cooperatives(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(max_length=200, pattern=WRITTEN, description="words; marks do not matter"),
    ] = "",
    kind: Annotated[list[Kind], Query()] = [],
    sector: Annotated[list[Sector], Query()] = [],
    legal_status: Annotated[list[LegalStatus], Query()] = [],
    working_state: Annotated[list[WorkingState], Query()] = [],
    legal_era: Annotated[list[LegalEra], Query()] = [],
    district: Annotated[list[UUID], Query(max_length=50)] = [],
    commune: Annotated[list[UUID], Query(max_length=50)] = [],
    established_from: Year = None,
    established_to: Year = None,
    members_from: Count = None,
    members_to: Count = None,
    capital_from: Count = None,
    capital_to: Count = None,
    lacks: Annotated[list[Literal["few_members", "old_figures", "no_number"]], Query()] = [],
    as_of: Annotated[Day | None, Query(description="the list of a past day")] = None,
    ended: Annotated[bool, Query(description="with ended bodies too")] = False,
    sort: Annotated[Sort, Query(description="- turns it round; not stated stands last")] = "name",
    fields: Annotated[str, Query(max_length=600, pattern=WRITTEN, description="names with commas")] = "",
    cursor: Annotated[str, Query(max_length=4000)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:  # fmt: skip
    """Bodies of the caller's territory, in Vietnamese alphabetical order unless sorted otherwise.

    A filter given several times keeps any of its values.
    """
    ctx = reader(request)
    refuse_unknown(request, _LIST)
    wanted = frozenset(f for f in fields.split(",") if f)
    if wanted - set(reading.FIELDS):
        raise Problem(422, _("Fields are %(names)s.") % {"names": ", ".join(reading.FIELDS)})
    kept: dict[str, list[Any]] = {
        "kind": kind, "sector": sector, "legal_status": legal_status,
        "working_state": working_state, "legal_era": legal_era,
    }  # fmt: skip
    bounds: dict[str, Any] = {
        "members_from": members_from, "members_to": members_to,
        "capital_from": capital_from, "capital_to": capital_to,
        "established_from": date(established_from, 1, 1) if established_from else None,
        "established_to": date(established_to, 12, 31) if established_to else None,
    }  # fmt: skip
    content = reading.listed(ctx, reading.Asked(
        q=q, kept={k: [v.value for v in values] for k, values in kept.items() if values},
        units=(district, commune),
        bounds=[(_BOUNDS[k], v) for k, v in bounds.items() if v is not None],
        lacks=lacks, day=as_of, ended=ended, sort=sort, cursor=cursor, limit=limit, fields=wanted,
    ))  # fmt: skip
    return as_json(content)


@api.get(
    "/cooperatives/{id}", response={200: Body, 304: None, **_ERRORS}, tags=["register"],
    summary="One body",
)  # fmt: skip
def cooperative(
    request: HttpRequest, pk: Id, as_of: Day | None = None, if_none_match: NoneMatch = ""
) -> HttpResponse:
    """A body today or on a day. Its ETag is its version: an act sends it back as If-Match."""
    ctx = reader(request)
    refuse_unknown(request, ("as_of",))
    body, version = reading.one(ctx, pk, as_of)
    tag = f'"{version}"'
    if if_none_match and tag in {t.strip().removeprefix("W/") for t in if_none_match.split(",")}:
        return HttpResponse(status=304, headers={"ETag": tag})
    return as_json(orjson.dumps(body), {"ETag": tag})


@api.get(
    "/cooperatives/{id}/history", response={200: list[Entry], **_ERRORS}, tags=["register"],
    summary="Its history",
)  # fmt: skip
def history(request: HttpRequest, pk: Id) -> HttpResponse:
    """Every act upon the body, the latest first: who, when, what changed, on what basis, from which file."""
    record = record_of(reader(request), pk)
    if record is None:
        raise Problem(404)
    entries = [
        {
            "number": e.number, "at": e.at, "act": e.name, "who": e.who, "channel": e.channel,
            "reason": e.reason, "basis": e.basis, "sources": e.sources,
            "changes": [
                {"field": c.field, "was": c.old, "now": c.new, "since": c.since, "until": c.until}
                for c in e.changes
            ],
        }
        for e in history_of(record)
    ]  # fmt: skip
    return as_json(orjson.dumps(entries, default=str))


@api.get(
    "/cooperatives/{id}/lines", response={200: list[Line], **_ERRORS}, tags=["register"],
    summary="Its lines of business",
)  # fmt: skip
def lines(request: HttpRequest, pk: Id) -> HttpResponse:
    """Every line that was not corrected away, the latest first, by the classification of its first day."""
    body = selectors.cooperative_seen(reader(request), pk)
    if body is None:
        raise Problem(404)
    rows = [
        {
            "code": x.vsic_code, "name": x.name or None, "is_main": x.is_main,
            "from_on": x.valid.lower, "until_on": x.valid.upper,
        }
        for x in selectors.business_lines_ever(body)
    ]  # fmt: skip
    return as_json(orjson.dumps(rows))


@api.get(
    "/cooperatives/{id}/figures", response={200: list[Statement], **_ERRORS}, tags=["register"],
    summary="Its figures",
)  # fmt: skip
def figures(request: HttpRequest, pk: Id) -> HttpResponse:
    """Every statement of figures, the latest day first; corrected ones are marked."""
    body = selectors.cooperative_seen(reader(request), pk)
    if body is None:
        raise Problem(404)
    rows = [
        {
            "as_of": s.as_of, "charter_capital": s.charter_capital,
            "area": float(s.area) if s.area is not None else None, "members": s.members,
            "workers": s.workers, "source": s.source, "is_corrected": s.retired_by is not None,
        }
        for s in selectors.figure_statements(body)
    ]  # fmt: skip
    return as_json(orjson.dumps(rows))


@api.get(
    "/units", response={200: list[Unit], **_ERRORS}, tags=["places"], summary="Administrative units"
)
def units(
    request: HttpRequest,
    on: Day | None = None,
    level: Literal["", "province", "district", "commune"] = "",
) -> HttpResponse:
    """The units that existed on a day (today unless given)."""
    ctx = reader(request)
    refuse_unknown(request, ("on", "level"))
    found = AdminUnit.objects.on(on or ctx.today).in_order()
    if level:
        found = found.filter(level=level)
    rows = [
        {
            "id": pk, "level": of, "kind": kind, "name": name, "code": code, "parent_id": parent,
            "since": valid.lower, "until": valid.upper,
        }
        for pk, of, kind, name, code, parent, valid in found.values_list(
            "id", "level", "kind", "name", "code", "parent_id", "valid"
        )
    ]  # fmt: skip
    return as_json(orjson.dumps(rows))


@api.get(
    "/indicators", response={200: list[IndicatorOut], **_ERRORS}, tags=["statistics"],
    summary="Catalogue of indicators",
)  # fmt: skip
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every indicator with its definition, unit, source, formula and legal basis."""
    reader(request, PERMISSION)
    return as_json(orjson.dumps(catalogue_data()))


_TABLE = (
    "indicator", "rows", "columns", "as_of", "years", "map", "base_year", "sector", "legal_status",
    "working_state", "legal_era", "district", "commune",
)  # fmt: skip


@api.get(
    "/statistics", response={200: TableOut, **_ERRORS}, tags=["statistics"],
    summary="A table of figures",
)  # fmt: skip
def statistics(
    request: HttpRequest,
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
) -> HttpResponse:  # fmt: skip
    """Indicators of the caller's territory by rows and columns; a table that does not add up is refused."""
    ctx = reader(request, PERMISSION)
    refuse_unknown(request, _TABLE)
    kept: dict[str, list[Any]] = {
        "sector": sector, "legal": legal_status, "state": working_state, "era": legal_era,
        "district": district, "commune": commune,
    }  # fmt: skip
    table = tabulate(
        ctx, indicator, rows, columns, as_of=[min(d, ctx.today) for d in as_of],
        years=_years(years), map=map, base_year=base_year,
        filters={k: [str(v) for v in values] for k, values in kept.items() if values},
    )  # fmt: skip
    return as_json(orjson.dumps(as_data(table)))


def _years(text: str) -> range:
    first, _dash, last = text.partition("-")
    if not text:
        return range(0)
    years = range(int(first), int(last or first) + 1)
    if not years or not 1900 <= years[0] <= years[-1] <= 2200:
        raise Problem(422, _("Years are written 2015-2019."))
    return years


@api.get(
    "/journal/head", response={200: Head, **_ERRORS}, tags=["journal"], summary="Head of the journal"
)  # fmt: skip
def journal_head(request: HttpRequest) -> HttpResponse:
    """The number and hash of the last entry: note it outside, and check it later with ``verify --head``."""
    reader(request)
    last = Act.objects.order_by("-number").values_list("number", "hash", "at").first()
    if last is None:
        return as_json(b'{"number": 0, "hash": null, "at": null}')
    return as_json(orjson.dumps({"number": last[0], "hash": bytes(last[1]).hex(), "at": last[2]}))


@api.get("/me", response={200: Me, **_ERRORS}, tags=["caller"], summary="Who calls")
def me(request: HttpRequest) -> HttpResponse:
    """The token's person, scopes and mandates of the day; any token may ask."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    user, grants = caller.ctx.user, caller.ctx.grants
    return as_json(orjson.dumps({
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
    }))  # fmt: skip


# --- Acts


def _actor(request: HttpRequest, key: str, permission: str) -> Context:
    """Return the caller of an act; who may not do it anywhere learns nothing of the body."""
    ctx = scoped(request, "write", permission)
    return ctx.by(idempotency_key=key)


def _held(ctx: Context, pk: UUID, match: str) -> tuple[Cooperative, int]:
    body = selectors.cooperative_seen(ctx, pk)
    if body is None:
        raise Problem(404)
    return body, version_in(match)


def version_in(match: str) -> int:
    """Return the version that an If-Match names.

    :raises Problem: 428 where there is none, 412 where it is not one of ours
    """
    if not match:
        raise Problem(428)
    found = re.fullmatch(r'"(\d{1,9})"', match.strip())
    if found is None:
        raise Problem(412)
    return int(found[1])


def _given(values: ParticularsIn) -> dict[str, Any]:
    given = values.model_dump(exclude_unset=True, mode="python")
    return {k: getattr(v, "value", v) for k, v in given.items() if v is not None}


@api.post(
    "/cooperatives", response={201: Done, **_WRITE_ERRORS}, tags=["acts"], summary="Enter a body"
)
def enter(request: HttpRequest, data: RecordIn, key: Key = "") -> HttpResponse:
    """Enter a body that exists, with its particulars and figures as of a day."""
    ctx = _actor(request, key, "registry.record")
    stated = data.figures.model_dump(exclude_unset=True) if data.figures else None
    return once(
        request, ctx,
        lambda: actions.record_cooperative(
            ctx, data.kind.value, particulars=_given(data.particulars), figures=stated,
            as_of=data.as_of, source=data.source,
        ), 201,
    )  # fmt: skip


@api.post(
    "/cooperatives/{id}/changes", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Record a change",
)  # fmt: skip
def change(
    request: HttpRequest, pk: Id, data: ChangeIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Record that something became different on a day. Needs If-Match."""
    ctx = _actor(request, key, "registry.change_particulars")
    body, version = _held(ctx, pk, match)
    return once(
        request, ctx,
        lambda: actions.change_particulars(
            ctx, body, changes=_given(data.changes), from_on=data.from_on, source=data.source,
            expected_version=version,
        ),
    )  # fmt: skip


@api.post(
    "/cooperatives/{id}/corrections", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Correct",
)  # fmt: skip
def correct(
    request: HttpRequest, pk: Id, data: CorrectionIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Correct what was recorded wrongly, with a reason; the wrong row is kept. Needs If-Match."""
    ctx = _actor(request, key, "registry.correct_particulars").because(data.reason, data.basis)
    body, version = _held(ctx, pk, match)
    return once(
        request, ctx,
        lambda: actions.correct_particulars(
            ctx, body, changes=_given(data.changes), from_on=data.from_on, until_on=data.until_on,
            expected_version=version,
        ),
    )  # fmt: skip


@api.post(
    "/cooperatives/{id}/figures", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="State figures",
)  # fmt: skip
def state(
    request: HttpRequest, pk: Id, data: StatementIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Add what a source says as of a day. Needs If-Match."""
    ctx = _actor(request, key, "registry.state_figures")
    body, version = _held(ctx, pk, match)
    return once(
        request, ctx,
        lambda: actions.state_figures(
            ctx, body, figures=data.figures.model_dump(exclude_unset=True), as_of=data.as_of,
            source=data.source, expected_version=version,
        ),
    )  # fmt: skip


@translation.override("en")
def schema() -> OpenAPISchema:
    """Return the OpenAPI 3.1 description in English, with how a caller proves who it is."""
    found = api.get_openapi_schema()
    found.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of My API tokens"}
    }
    found["security"] = [{"token": []}]
    for methods in found["paths"].values():
        for operation in methods.values():
            for status, told in operation["responses"].items():
                if int(status) >= 400 and "content" in told:
                    told["description"] = str(TITLES[int(status)])
                    told["content"] = {"application/problem+json": told["content"].popitem()[1]}
                elif int(status) < 400:
                    told["description"] = {"201": "Entered", "304": "Unchanged"}.get(
                        str(status), "OK"
                    )
    return found
