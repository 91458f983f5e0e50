"""The first middleware: calls of the API pass by everything that pages need and they do not."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from hoptac.api.problem import Problem, answer

logger = logging.getLogger(__name__)
PREFIX = "/api/v1/"


class ApiDoor:
    """Serves ``/api/v1/`` itself: no session, no cookies, every error as problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        english = request.META.get("HTTP_ACCEPT_LANGUAGE", "").startswith("en")
        translation.activate("en" if english else "vi")
        response = self._serve(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _serve(self, request: HttpRequest) -> HttpResponse:
        try:
            match = resolve(request.path_info)
            request.resolver_match = match
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            if response.status_code == 405:
                return answer(405, headers={"Allow": response.headers.get("Allow", "GET")})
            return response
        except Problem as problem:
            return of_problem(problem)
        except Http404:
            return answer(404)
        except (OperationalError, InterfaceError):
            return answer(503, headers={"Retry-After": "5"})
        except (DatabaseError, OverflowError, UnicodeError, ValueError) as error:
            logger.warning("api: %s: %s", request.path_info, type(error).__name__)
            return answer(400)
        except Exception:
            logger.exception("api: %s", request.path_info)
            return answer(500)


def of_problem(problem: Problem) -> HttpResponse:
    headers = {}
    more = dict(problem.more)
    if "retry_after" in more:
        headers["Retry-After"] = str(max(1, round(more.pop("retry_after"))))
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return answer(problem.status, problem.detail, headers, **more)
