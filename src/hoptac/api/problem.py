"""Errors as problem+json (RFC 9457), every one with what to do."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

TITLES: dict[int, Any] = {
    400: _("The request could not be understood"),
    401: _("A valid token is needed"),
    403: _("The token or the mandate does not cover this"),
    404: _("Not found, or outside your territory"),
    405: _("This address does not know the method"),
    406: _("Only application/json is given"),
    409: _("The same key was used for another request"),
    412: _("The record was changed meanwhile"),
    413: _("The body is too large"),
    415: _("The body must be application/json"),
    422: _("A rule stands in the way"),
    428: _("Send If-Match with the ETag of the record"),
    429: _("Too many requests"),
    500: _("Something went wrong; nothing was recorded"),
    503: _("The database does not answer; try again"),
}


class Problem(Exception):
    """Raised anywhere below the door; becomes the answer."""

    def __init__(self, status: int, detail: str = "", **more: Any) -> None:
        super().__init__(detail or str(TITLES[status]))
        self.status, self.detail, self.more = status, detail, more


def answer(
    status: int, detail: str = "", headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Return a problem as an HTTP answer."""
    body = {"type": "about:blank", "title": str(TITLES.get(status, "")), "status": status, **more}
    if detail:
        body["detail"] = detail
    return HttpResponse(
        orjson.dumps(body, default=str), status=status, content_type="application/problem+json",
        headers=headers,
    )  # fmt: skip
