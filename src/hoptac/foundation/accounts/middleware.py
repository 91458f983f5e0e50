"""Puts the caller on the request: ``request.user`` and ``request.ctx``; signing in is the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from hoptac.foundation.access import ANONYMOUS, Context, Grant
from hoptac.foundation.accounts import sessions

_grants_of: Callable[[Any, Any], tuple[Grant, ...]] = lambda user, day: ()  # noqa: E731


def set_grants_source(source: Callable[[Any, Any], tuple[Grant, ...]]) -> None:
    """Declare how a user's mandates in force on a day are found (done by ``jurisdiction``)."""
    global _grants_of
    _grants_of = source


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as open to people who have not signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def context_of(user: Any) -> Context:
    """Return what a signed-in person may do today."""
    if not user.is_authenticated:
        return ANONYMOUS
    ctx = Context(user=user)
    return ctx.by(grants=_grants_of(user, ctx.today))


def _is_own_business(view: Callable[..., Any]) -> bool:
    """Tell whether a view serves signing in and the reader's own account."""
    module = view.__module__
    return module.startswith(("allauth.", "hoptac.foundation.accounts."))


def _is_public(view: Callable[..., Any]) -> bool:
    return bool(
        getattr(view, "is_public", False)
        or getattr(getattr(view, "view_class", None), "is_public", False)
    )


class CallerMiddleware:
    """Every page asks for a signed-in person with a mandate, unless its view is :func:`public`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = get_user(request)
            if user.is_authenticated:
                request.session_over = sessions.why_over(request, user)  # type: ignore[attr-defined]
                if request.session_over:  # type: ignore[attr-defined]
                    logout(request)
                    user = None
        request.user = user or AnonymousUser()
        request.ctx = SimpleLazyObject(lambda: context_of(request.user))  # type: ignore[attr-defined]
        language = request.COOKIES.get("language") or getattr(request.user, "language", None)
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
        if _is_public(view):
            return None
        user: Any = request.user
        if not user.is_authenticated:
            if view.__module__.startswith("allauth."):
                return None
            answer = redirect_to_login(request.get_full_path())
            over = getattr(request, "session_over", "")
            if over:
                answer["Location"] += f"&over={over}"
            return answer
        if _is_own_business(view):
            return None
        ctx: Context = request.ctx  # type: ignore[attr-defined]
        if user.must_change_password:
            return redirect("account_change_password")
        if not ctx.grants:
            return redirect("accounts:no_mandate")
        if not sessions.second_factor_done(request) and any(
            g.role.needs_second_factor for g in ctx.grants
        ):
            return redirect("accounts:enrol")
        return None
