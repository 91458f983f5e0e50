"""The first middleware: calls of the API pass by everything that pages need and they do not."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from hoptac.api.callers import caller_of
from hoptac.api.declaring import FILES, HEAVY
from hoptac.api.problem import Problem, answer
from hoptac.foundation.rulebook import marks

logger = logging.getLogger(__name__)
PREFIX = "/api/v1/"
# The description says how to get a token, so it is read without one.
OPEN = PREFIX + "openapi.json"
# So many bytes may a call have that brings files (in Base64, a third more than they are).
MOST_HEAVY = 20 * 2**20
_NEVER = re.compile(r";\s*q=0(\.0*)?\s*$")
_ACCEPTED = ("*/*", "application/*", "application/json", "application/problem+json")


class ApiDoor:
    """Serves ``/api/v1/`` itself: no session, no cookies, every error as problem+json.

    Nothing is looked at, not even whether an address exists, before the token is known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        before = translation.get_language()
        is_english = request.META.get("HTTP_ACCEPT_LANGUAGE", "").startswith("en")
        translation.activate("en" if is_english else "vi")
        try:
            response = self._serve(request)
        finally:
            if before is not None:
                translation.activate(before)
        response._has_been_logged = True  # type: ignore[attr-defined]  # what matters is logged below
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Cache-Control", "no-store")
        if request.is_secure() and settings.SECURE_HSTS_SECONDS:
            headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response

    def _serve(self, request: HttpRequest) -> HttpResponseBase:
        room: dict[str, str] = {}
        try:
            self._check_way(request)
            if request.path_info != OPEN:
                request.caller, left = caller_of(request)  # type: ignore[attr-defined]
                room = left.headers
                marks.refresh()
            response: HttpResponseBase = self._answer(request)
        except Exception as error:
            response = of_error(error, request.path_info)
        for name, value in room.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        match = resolve(request.path_info)
        request.resolver_match = match
        _check_form(request, is_file=match.url_name in FILES)
        if match.url_name in HEAVY:
            _read_all(request)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if response.status_code == 405:
            return answer(405, headers={"Allow": response.headers.get("Allow", "GET")})
        return _head_of(response) if is_head else response

    def _check_way(self, request: HttpRequest) -> None:
        request.get_host()
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise Problem(403, _("Use https: a token that went over http is no secret any more."))


def _head_of(response: HttpResponseBase) -> HttpResponse:
    """Return an answer without its body, and how long that would have been."""
    bare = HttpResponse(status=response.status_code)
    bare.headers = response.headers
    if isinstance(response, HttpResponse):
        bare.headers["Content-Length"] = str(len(response.content))
    response.close()
    return bare


def _read_all(request: HttpRequest) -> None:
    """Read the body of a call that brings files: more than a form may have.

    :raises RequestDataTooBig: it is larger even than that
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_HEAVY:
        raise RequestDataTooBig
    request._body = request.read(MOST_HEAVY)  # type: ignore[attr-defined]  # where Django looks for it


def _check_form(request: HttpRequest, *, is_file: bool) -> None:
    """Refuse what we neither read nor write.

    :raises Problem: 406 or 415
    """
    accept = request.META.get("HTTP_ACCEPT", "*/*")
    if accept != "*/*" and not is_file:
        wanted = [part for part in accept.lower().split(",") if part.strip()]
        found = {part.partition(";")[0].strip() for part in wanted if not _NEVER.search(part)}
        if wanted and found.isdisjoint(_ACCEPTED):
            raise Problem(406)
    if request.method == "POST" and request.content_type != "application/json":
        raise Problem(415)


def of_error(error: Exception, path: str) -> HttpResponse:
    """Return the answer to whatever went wrong."""
    if isinstance(error, Problem):
        return of_problem(error)
    if isinstance(error, Http404):
        return answer(404)
    if isinstance(error, RequestDataTooBig):
        return answer(413)
    if isinstance(error, (DisallowedHost, UnreadablePostError)):
        return answer(400)
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("api: %s: %s", path, error)
        return answer(503, headers={"Retry-After": "5"})
    if isinstance(error, (DataError, UnicodeEncodeError)):
        # A text that no check caught and the database refuses: the caller's, yet worth a look.
        logger.warning("api: %s: %s", path, type(error).__name__)
        return answer(400)
    logger.error("api: %s", path, exc_info=error)
    return answer(500)


def of_problem(problem: Problem) -> HttpResponse:
    headers = {}
    more = dict(problem.more)
    if room := more.pop("room", None):
        headers = room.headers | {"Retry-After": str(max(1, math.ceil(room.reset)))}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return answer(problem.status, problem.detail, headers, **more)
