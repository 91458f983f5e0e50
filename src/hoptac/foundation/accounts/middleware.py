"""Puts the caller on the request: ``request.user`` and ``request.ctx``; signing in is the rule.

Between signing in and working stand three gates: a password of one's own, the second factor where
a mandate asks for it, and a mandate in force. Until they are passed ``request.ctx`` grants nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from hoptac.foundation.access import ANONYMOUS, Context, Grant, Role
from hoptac.foundation.accounts import sessions
from hoptac.foundation.accounts.models import OWN
from hoptac.foundation.rulebook import marks

_grants_of: Callable[[Any, Any], tuple[Grant, ...]] = lambda user, day: ()  # noqa: E731
# What each person may do with the own account, under no mandate.
_ONESELF = Grant(cast(Any, None), Role("oneself", frozenset({OWN}), False), province_code="")

GATES = {
    "password": "account_change_password",
    "second_factor": "accounts:enrol",
    "mandate": "accounts:no_mandate",
}


def set_grants_source(source: Callable[[Any, Any], tuple[Grant, ...]]) -> None:
    """Declare how a user's mandates in force on a day are found (done by ``jurisdiction``)."""
    global _grants_of
    _grants_of = source


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as open to people who have not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as about the reader's own account: open to all who signed in, before any gate.

    It is called with ``request.ctx`` granting only :data:`accounts.models.OWN`.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.ctx = own_context(request.user)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    opened.is_own = True  # type: ignore[attr-defined]
    opened.permission = OWN  # type: ignore[attr-defined]
    return opened


def context_of(user: Any) -> Context:
    """Return what a signed-in person may do today."""
    if not user.is_authenticated:
        return ANONYMOUS
    ctx = Context(user=user)
    return ctx.by(grants=_grants_of(user, ctx.today))


def own_context(user: Any) -> Context:
    """Return what a person may do with the own account."""
    return Context(user=user, grants=(_ONESELF,)) if user.is_authenticated else ANONYMOUS


def standing(request: HttpRequest) -> tuple[str, Context]:
    """Return the gate before which the caller stands (or nothing), and the context given there."""
    user: Any = request.user
    if not user.is_authenticated:
        return "", ANONYMOUS
    if user.must_change_password:
        return "password", Context(user=user)
    ctx = context_of(user)
    if not ctx.grants:
        return "mandate", ctx
    needed = any(g.role.needs_second_factor for g in ctx.grants)
    if needed and not sessions.has_second_factor(request.session, user):
        return "second_factor", Context(user=user)
    return "", ctx


class CallerMiddleware:
    """Every page asks for a signed-in person with a mandate, unless its view says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = sessions.person_of(request.session)
        request.user = user or AnonymousUser()
        if user is not None:
            marks.refresh()
        request.standing = SimpleLazyObject(lambda: standing(request))  # type: ignore[attr-defined]
        request.ctx = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: request.standing[1]  # type: ignore[attr-defined]
        )
        language = getattr(request.user, "language", None) or request.COOKIES.get("language")
        translation.activate(language if language in {"vi", "en"} else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if _says(view, "is_public"):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if _says(view, "is_own"):
            return None
        gate = request.standing[0]  # type: ignore[attr-defined]
        if gate:
            return _go(request, redirect(GATES[gate]))
        return None


def _says(view: Callable[..., Any], mark: str) -> bool:
    return bool(
        getattr(view, mark, False) or getattr(getattr(view, "view_class", None), mark, False)
    )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    answer = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    over = getattr(request.session, "over", "")
    if over:
        answer["Location"] += f"&over={over}"
    return _go(request, answer)


def _go(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Send the whole page elsewhere, also when only a part of it was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer
