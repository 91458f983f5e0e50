"""The operations of /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from pydantic import Field

from hoptac.api import reading
from hoptac.api.callers import Caller, caller_of
from hoptac.api.door import of_problem
from hoptac.api.problem import Problem, answer
from hoptac.api.schemas import (
    Body,
    ChangeIn,
    CorrectionIn,
    Done,
    Page,
    ParticularsIn,
    ProblemBody,
    RecordIn,
    StatementIn,
)
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone, Conflict, OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry import actions, selectors
from hoptac.registry.models import Cooperative
from hoptac.registry.record import history_of, record_of

api = NinjaAPI(
    title="Hoptac", version="1", urls_namespace="api-v1", docs_url=None,
    description="The register of cooperatives, unions and cooperative groups of a province.",
)  # fmt: skip

_ERRORS = dict.fromkeys((400, 401, 403, 404, 405, 422, 429, 500, 503), ProblemBody)
_WRITE_ERRORS = dict.fromkeys(
    (400, 401, 403, 404, 405, 409, 412, 415, 422, 428, 429, 500, 503), ProblemBody
)
Day = Annotated[date | None, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Text = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=20, pattern=r"^[a-z0-9_]*$")]
Id = Annotated[UUID, Path()]


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    findings = [
        {"field": ".".join(str(p) for p in e["loc"][1:]), "message": e["msg"]} for e in error.errors
    ]
    return answer(422, findings=findings)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(error.status_code, str(error))


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return of_problem(error)


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


def _reader(request: HttpRequest) -> Context:
    caller = caller_of(request)
    return _scoped(caller, "read")


def _scoped(caller: Caller, scope: str) -> Context:
    if scope not in caller.scopes:
        raise Problem(403, f"The token does not have the scope {scope}.")
    if not caller.ctx.may("registry.view"):
        raise Problem(403)
    return caller.ctx


def _json(content: bytes, headers: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    return HttpResponse(content, status=status, content_type="application/json", headers=headers)


def _clean(text: str) -> str:
    if "\0" in text:
        raise Problem(400, "NUL is no character of a text.")
    return text


@api.get(
    "/cooperatives", response={200: Page, **_ERRORS}, tags=["register"], summary="List and search"
)
def cooperatives(
    request: HttpRequest,
    q: Text = "",
    kind: Literal["", "cooperative", "union", "group"] = "",
    sector: Code = "",
    legal_status: Code = "",
    working_state: Code = "",
    district: UUID | None = None,
    commune: UUID | None = None,
    as_of: Day = None,
    ended: bool = False,
    cursor: Annotated[str, Field(max_length=2000)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:
    """Bodies of the caller's territory in Vietnamese alphabetical order; marks and case of ``q`` do not matter."""
    ctx = _reader(request)
    given = {
        "kind": kind,
        "sector": sector,
        "legal_status": legal_status,
        "working_state": working_state,
    }
    content = reading.listed(
        ctx, q=_clean(q), filters={k: v for k, v in given.items() if v}, district=district,
        commune=commune, day=as_of, ended=ended, cursor=cursor, limit=limit,
    )  # fmt: skip
    return _json(content)


@api.get(
    "/cooperatives/{pk}",
    response={200: Body, 304: None, **_ERRORS},
    tags=["register"],
    summary="One body",
)
def cooperative(request: HttpRequest, pk: UUID, as_of: Day = None) -> HttpResponse:
    """A body today or on a day. The ETag is its version: send it as If-None-Match, or as If-Match to act."""
    ctx = _reader(request)
    body, version = reading.one(ctx, pk, as_of)
    tag = f'"{version}"'
    if request.META.get("HTTP_IF_NONE_MATCH") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return _json(orjson.dumps(body), {"ETag": tag})


@api.get(
    "/cooperatives/{pk}/history",
    response={200: list[dict], **_ERRORS},
    tags=["register"],
    summary="Its history",
)
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every act upon the body: who, when, what changed, on what basis, from which file."""
    ctx = _reader(request)
    record = record_of(ctx, pk)
    if record is None:
        raise Problem(404)
    entries = [
        {
            "number": e.number, "at": e.at, "act": e.name, "who": e.who, "reason": e.reason,
            "basis": e.basis, "sources": e.sources,
            "changes": [
                {"field": c.field, "was": c.old, "is": c.new, "since": c.since, "until": c.until}
                for c in e.changes
            ],
        }
        for e in history_of(record)
    ]  # fmt: skip
    return _json(orjson.dumps(entries, default=str))


@api.get(
    "/cooperatives/{pk}/figures",
    response={200: list[dict], **_ERRORS},
    tags=["register"],
    summary="Its figures",
)
def figures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every statement of figures, the latest day first; corrected ones are marked."""
    body = selectors.cooperative_seen(_reader(request), pk)
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
    return _json(orjson.dumps(rows))


@api.get(
    "/units", response={200: list[dict], **_ERRORS}, tags=["places"], summary="Administrative units"
)
def units(
    request: HttpRequest, on: Day = None, level: Literal["", "province", "district", "commune"] = ""
) -> HttpResponse:
    """The units that existed on a day (today unless given)."""
    ctx = _reader(request)
    found = AdminUnit.objects.on(on or ctx.today).in_order()
    if level:
        found = found.filter(level=level)
    rows = found.values("id", "level", "kind", "name", "code", "parent_id")[:20_000]
    return _json(orjson.dumps(list(rows)))


@api.get(
    "/journal/head",
    response={200: dict, **_ERRORS},
    tags=["journal"],
    summary="Head of the journal",
)
def journal_head(request: HttpRequest) -> HttpResponse:
    """The number and hash of the last entry: note it outside, and check it later with ``verify --head``."""
    _reader(request)
    last = Act.objects.order_by("-number").values_list("number", "hash", "at").first()
    if last is None:
        return _json(b'{"number": 0, "hash": null, "at": null}')
    return _json(orjson.dumps({"number": last[0], "hash": bytes(last[1]).hex(), "at": last[2]}))


@api.get("/me", response={200: dict, **_ERRORS}, tags=["caller"], summary="Who calls")
def me(request: HttpRequest) -> HttpResponse:
    """The token's person, scopes and mandates."""
    caller = caller_of(request)
    user = caller.ctx.user
    return _json(orjson.dumps({
        "username": user.username if user else None, "full_name": user.full_name if user else None,
        "scopes": sorted(caller.scopes), "roles": [g.role.code for g in caller.ctx.grants],
    }))  # fmt: skip


# --- Acts


def _actor(request: HttpRequest) -> Context:
    ctx = _scoped(caller_of(request), "write")
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if len(key) > 40 or not key.isascii():
        raise Problem(400, "An Idempotency-Key has at most 40 ASCII characters.")
    return ctx.by(idempotency_key=key)


def _held(request: HttpRequest, ctx: Context, pk: UUID) -> tuple[Cooperative, int]:
    body = selectors.cooperative_seen(ctx, pk)
    if body is None:
        raise Problem(404)
    tag = request.META.get("HTTP_IF_MATCH", "").strip().strip('"')
    if not tag:
        raise Problem(428)
    if not tag.isdigit() or len(tag) > 9:
        raise Problem(412)
    return body, int(tag)


def _given(values: ParticularsIn) -> dict[str, Any]:
    return {k: v for k, v in values.dict(exclude_unset=True).items() if v is not None}


def _once(act: Callable[[], Cooperative], status: int = 200) -> HttpResponse:
    """Carry out an act; the same key again gives the same answer."""
    try:
        pk = act().pk
    except AlreadyDone as done:
        pk = UUID(done.act.subject_id)
    version = Cooperative.objects.values_list("version", flat=True).get(pk=pk)
    headers = {"ETag": f'"{version}"', "Location": f"/api/v1/cooperatives/{pk}"}
    return _json(orjson.dumps({"id": pk, "version": version}), headers, status)


@api.post(
    "/cooperatives", response={201: Done, **_WRITE_ERRORS}, tags=["acts"], summary="Enter a body"
)
def enter(request: HttpRequest, data: RecordIn) -> HttpResponse:
    """Enter a body that exists, with its particulars and figures as of a day."""
    ctx = _actor(request)
    stated = data.figures.dict(exclude_unset=True) if data.figures else None
    return _once(
        lambda: actions.record_cooperative(
            ctx, data.kind, particulars=_given(data.particulars), figures=stated, as_of=data.as_of,
            source=data.source,
        ), 201,
    )  # fmt: skip


@api.post(
    "/cooperatives/{pk}/changes",
    response={200: Done, **_WRITE_ERRORS},
    tags=["acts"],
    summary="Record a change",
)
def change(request: HttpRequest, pk: UUID, data: ChangeIn) -> HttpResponse:
    """Record that something became different on a day. Needs If-Match."""
    ctx = _actor(request)
    body, version = _held(request, ctx, pk)
    return _once(
        lambda: actions.change_particulars(
            ctx, body, changes=_given(data.changes), from_on=data.from_on, source=data.source,
            expected_version=version,
        )
    )  # fmt: skip


@api.post(
    "/cooperatives/{pk}/corrections",
    response={200: Done, **_WRITE_ERRORS},
    tags=["acts"],
    summary="Correct",
)
def correct(request: HttpRequest, pk: UUID, data: CorrectionIn) -> HttpResponse:
    """Correct what was recorded wrongly, with a reason; the wrong row is kept. Needs If-Match."""
    ctx = _actor(request).because(data.reason, data.basis)
    body, version = _held(request, ctx, pk)
    return _once(
        lambda: actions.correct_particulars(
            ctx, body, changes=_given(data.changes), from_on=data.from_on, until_on=data.until_on,
            expected_version=version,
        )
    )  # fmt: skip


@api.post(
    "/cooperatives/{pk}/figures",
    response={200: Done, **_WRITE_ERRORS},
    tags=["acts"],
    summary="State figures",
)
def state(request: HttpRequest, pk: UUID, data: StatementIn) -> HttpResponse:
    """Add what a source says as of a day. Needs If-Match."""
    ctx = _actor(request)
    body, version = _held(request, ctx, pk)
    return _once(
        lambda: actions.state_figures(
            ctx, body, figures=data.figures.dict(exclude_unset=True), as_of=data.as_of, source=data.source,
            expected_version=version,
        )
    )  # fmt: skip


def schema() -> OpenAPISchema:
    """Return the OpenAPI 3.1 description, with how a caller proves who it is."""
    found = api.get_openapi_schema()
    found.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of My API tokens"}
    }
    found["security"] = [{"token": []}]
    for methods in found["paths"].values():
        for operation in methods.values():
            for status, told in operation["responses"].items():
                if int(status) >= 400 and "content" in told:
                    told["content"] = {"application/problem+json": told["content"].popitem()[1]}
    return found
