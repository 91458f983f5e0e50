"""No page is open by oversight: each names a permission, is the reader's own, or says it is public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# The front door of everybody who signed in, the own notices, and the catalogue of components.
FOR_ALL = {
    "workspace:home", "ui:catalogue", "notices:list", "notices:open", "notices:mark",
    "notices:preferences",
}  # fmt: skip
# Open to the world, each for a reason that a reader of this list can see.
PUBLIC = {
    "account_login", "mfa_authenticate", "account_logout", "openid_connect_login",
    "openid_connect_callback", "socialaccount_login_error", "socialaccount_login_cancelled",
    "ui:set_preference", "journal:anchor",
    # An applicant follows a dossier by the code on its receipt.
    "registration:status_ask", "registration:status",
    # Whether a certificate is genuine, everybody may ask; and the log that keeps us honest.
    "check:page", "check:check", "check:status", "check:status_of", "check:lists", "check:keys",
    "check:worker", "check:log", "check:log_head", "check:log_head_of", "check:log_entries",
    "check:log_tile", "check:log_inclusion", "check:log_consistency", "check:log_checker",
}  # fmt: skip


def pages(
    resolver: URLResolver, space: str = "", route: str = ""
) -> Iterator[tuple[str, str, Any]]:
    for part in resolver.url_patterns:
        here = f"{route}{part.pattern}"
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from pages(part, inner, here)
        elif isinstance(part, URLPattern):
            yield f"{space}{part.name}", here, part.callback


def said(view: Any, mark: str) -> Any:
    return getattr(view, mark, None) or getattr(getattr(view, "view_class", None), mark, None)


# The API answers for itself: tokens, scopes, problem+json.
ALL = [p for p in pages(get_resolver()) if not p[1].startswith("api/")]


@pytest.mark.parametrize(("name", "route", "view"), ALL, ids=[p[0] for p in ALL])
def test_a_page_says_who_may_open_it(name: str, route: str, view: Any) -> None:
    if said(view, "is_public"):
        assert name in PUBLIC, f"{route} is open to the world"
    elif not said(view, "is_own") and name not in FOR_ALL:
        assert said(view, "permission"), f"{route} names no permission"


@pytest.mark.parametrize(("name", "route", "view"), ALL, ids=[p[0] for p in ALL])
def test_nobody_gets_past_the_sign_in(name: str, route: str, view: Any, db: None) -> None:
    if name in PUBLIC:
        return
    nobody = "00000000-0000-0000-0000-000000000000"
    path = "/" + route
    for kind in ("uuid", "slug", "int", "str"):
        value = {"uuid": nobody, "slug": "x", "int": "1", "str": "x"}[kind]
        while f"<{kind}:" in path:
            start = path.index(f"<{kind}:")
            path = path[:start] + value + path[path.index(">", start) + 1 :]
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path
