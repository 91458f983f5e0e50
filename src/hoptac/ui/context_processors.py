"""What the shell around every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import lazy

from hoptac.foundation.access import ANONYMOUS, Context
from hoptac.ui import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's context, navigation and appearance."""
    ctx: Context = getattr(request, "ctx", ANONYMOUS)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "ctx": ctx,
        "reader": user if signed_in else None,
        "theme": getattr(user, "theme", "") or request.COOKIES.get("theme", "auto"),
        "navigation": lazy(lambda: navigation.for_reader(ctx, request.path), list)()
        if signed_in
        else (),
    }
