"""The parts of the shell that are the same on many pages, kept ready as HTML.

A page has a few milliseconds. What stands in its head never changes while the process runs; the
bar above it changes with the reader's name, language and appearance. Only the token of its forms, the
address to come back to and how many notices are unread differ from page to page, and are put in at the end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from hoptac.foundation.notices.reading import MOST_COUNTED, unread_count

_TOKEN, _PATH, _BELL = "[[token]]", "[[path]]", "[[bell]]"


class _AnyPage:
    """Stands for the request while the bar is made ready."""

    @staticmethod
    def get_full_path() -> str:
        return _PATH


def head_html() -> SafeString:
    """Return styles, scripts and the like of every page's head."""
    return _made_head() if settings.DEBUG else _kept_head(settings.STATIC_URL)


def _made_head() -> SafeString:
    return render_to_string("ui/_head.html")


@lru_cache(maxsize=4)
def _kept_head(static_url: str) -> SafeString:
    return _made_head()


def top_html(request: HttpRequest | None, reader: Any, theme: str) -> SafeString:
    """Return the bar above the page: way home, search, the reader's own menu."""
    told = (
        get_language() or "vi",
        theme,
        bool(reader),
        getattr(reader, "full_name", "") or getattr(reader, "username", ""),
        getattr(reader, "job_title", ""),
        bool(getattr(reader, "is_demo", False)),
    )
    html = _made_top(*told) if settings.DEBUG else _kept_top(*told)
    if reader and request is not None:
        html = html.replace(_TOKEN, get_token(request))
        html = html.replace(_PATH, escape(request.get_full_path()))
        html = html.replace(_BELL, _bell(unread_count(reader)))
    return mark_safe(html)  # noqa: S308  (a template's output; the additions are escaped)


def _bell(count: int) -> str:
    """Return what the bell says: how many notices are unread, as a figure and in words."""
    if not count:
        return ""
    figure = f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
    words = ngettext("%(count)s unread", "%(count)s unread", count) % {"count": figure}
    shown = f'<span class="bell-count" aria-hidden="true">{figure}</span>'
    return f'{shown}<span class="visually-hidden">{escape(words)}</span>'


def _made_top(
    language: str, theme: str, signed_in: bool, name: str, job_title: str, is_demo: bool
) -> str:
    reader = {"full_name": name, "job_title": job_title, "is_demo": is_demo} if signed_in else None
    return render_to_string(
        "ui/_top.html",
        {
            "reader": reader,
            "theme": theme,
            "LANGUAGE_CODE": language,
            "csrf_token": _TOKEN,
            "request": _AnyPage,
            "bell": _BELL,
        },
    )


_kept_top = lru_cache(maxsize=2048)(_made_top)
