"""What the shell around every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hoptac.foundation.access import ANONYMOUS, Context
from hoptac.ui import navigation

THEMES = {"auto", "light", "dark"}


class _Navigation:
    """The navigation's HTML, made only when a template shows it."""

    def __init__(self, ctx: Context, path: str) -> None:
        self.ctx, self.path = ctx, path

    def __html__(self) -> str:
        return navigation.html_for(self.ctx, self.path)

    def __str__(self) -> str:
        return SafeString(self.__html__())


def _desk(request: HttpRequest, ctx: Context) -> Context:
    """Return whose desks the navigation offers: on pages of the own account, too, all the reader's."""
    _gate, whole = getattr(request, "standing", ("", ctx))
    return whole


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's context, navigation, language and appearance."""
    ctx: Context = getattr(request, "ctx", ANONYMOUS)
    user = getattr(request, "user", None)
    reader = user if user is not None and user.is_authenticated else None
    theme = getattr(reader, "theme", "") or request.COOKIES.get("theme", "auto")
    return {
        "ctx": ctx,
        "reader": reader,
        "theme": theme if theme in THEMES else "auto",
        "LANGUAGE_CODE": get_language() or "vi",
        "navigation": _Navigation(_desk(request, ctx), request.path) if reader else "",
    }
