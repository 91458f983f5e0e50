"""What every operation asks of its caller and its address, and how it answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hoptac.api.callers import Caller
from hoptac.api.problem import Problem
from hoptac.foundation.access import Context


def scoped(request: HttpRequest, scope: str, permission: str) -> Context:
    """Return the caller, who holds a scope and somewhere a permission.

    :raises Problem: 403 without one of them
    """
    caller: Caller = request.caller  # type: ignore[attr-defined]
    if scope not in caller.scopes:
        raise Problem(403, _("The token does not have the scope %(scope)s.") % {"scope": scope})
    if not caller.ctx.may(permission):
        raise Problem(403)
    return caller.ctx


def as_json(
    content: bytes, headers: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """Return an answer of JSON."""
    return HttpResponse(content, status=status, content_type="application/json", headers=headers)


def refuse_unknown(request: HttpRequest, known: Sequence[str]) -> None:
    """Refuse parameters that nobody reads: a filter misspelt would let everything through.

    :raises Problem: 422, naming them
    """
    unknown = set(request.GET) - set(known)
    if unknown:
        message = _("There is no such parameter.")
        findings = [{"code": "unknown", "field": n, "message": message} for n in sorted(unknown)]
        raise Problem(422, findings=findings)
