"""Answers that would leave a person before an empty window."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hoptac.ui.views import not_allowed


class ToldRefusals:
    """Gives an address that only takes forms a page of its own when somebody opens it by hand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        told = not_allowed(request)
        told.headers["Allow"] = response.headers["Allow"]
        return told
