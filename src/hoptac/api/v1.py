"""/api/v1: its operations put together, how it answers errors, its description."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from hoptac.api.door import of_error
from hoptac.api.operations import MATTERS
from hoptac.api.problem import TITLES, answer
from hoptac.api.values import wrong_with
from hoptac.foundation.actions import Conflict, OutOfReach
from hoptac.foundation.findings import Refused


class _Json(Parser):
    """Reads strict JSON: no NaN, no half surrogates, no towers of brackets."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(
    title="Hoptac", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None,
    parser=_Json(),
    description="The register of cooperatives, unions and cooperative groups of a province, and its plan at work.",
)  # fmt: skip
for _matter in MATTERS:
    api.add_router("", _matter.router)


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
