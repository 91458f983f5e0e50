"""Errors as problem+json (RFC 9457), every one with what to do."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse

TITLES = {
    400: "The request could not be understood",
    401: "A valid token is needed",
    403: "The token or the mandate does not cover this",
    404: "Not found, or outside your territory",
    405: "This address does not know the method",
    406: "Only application/json is given",
    409: "The same key was used for another request",
    412: "The record was changed meanwhile",
    413: "The body is too large",
    415: "The body must be application/json",
    422: "A rule stands in the way",
    428: "Send If-Match with the ETag of the record",
    429: "Too many requests",
    500: "Something went wrong; nothing was recorded",
    503: "The database does not answer; try again",
}


class Problem(Exception):
    """Raised anywhere below the door; becomes the answer."""

    def __init__(self, status: int, detail: str = "", **more: Any) -> None:
        super().__init__(detail or TITLES[status])
        self.status, self.detail, self.more = status, detail, more


def answer(
    status: int, detail: str = "", headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Return a problem as an HTTP answer."""
    body = {"type": "about:blank", "title": TITLES.get(status, ""), "status": status, **more}
    if detail:
        body["detail"] = detail
    return HttpResponse(
        orjson.dumps(body, default=str), status=status, content_type="application/problem+json",
        headers=headers,
    )  # fmt: skip
