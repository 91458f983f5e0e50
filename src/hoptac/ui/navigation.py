"""The navigation by desk: apps declare their entries, the shell shows what the reader may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context

DESKS: dict[str, Any] = {
    "home": "",
    "plan": _("Running the plan"),
    "register": _("Register"),
    "figures": _("Figures"),
    "administration": _("Administration"),
}


@dataclass(frozen=True)
class Item:
    """An entry: where it leads, for whom, under which desk. Entries without permission are for all."""

    label: Any
    url_name: str
    icon: str
    permission: str
    desk: str
    order: int


_items: dict[str, Item] = {}


def declare(
    label: Any, url_name: str, icon: str, permission: str = "", desk: str = "home", order: int = 50
) -> None:
    """Add an entry (called from ``AppConfig.ready``); a second call for a page replaces the first."""
    _items[url_name] = Item(label, url_name, icon, permission, desk, order)
    _entries.cache_clear()
    _html.cache_clear()


def withdraw(url_name: str) -> None:
    """Take an entry away again (tests)."""
    _items.pop(url_name, None)
    _entries.cache_clear()
    _html.cache_clear()


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[Item, str], ...]:
    """Return the entries in order with their addresses; those without a page are left out."""
    found = []
    for item in sorted(_items.values(), key=lambda i: i.order):
        try:
            found.append((item, reverse(item.url_name)))
        except NoReverseMatch:
            continue
    return tuple(found)


def _seen(ctx: Context) -> tuple[tuple[Item, str], ...]:
    return tuple(e for e in _entries() if not e[0].permission or ctx.may(e[0].permission))


def _here(entries: Sequence[tuple[Item, str]], path: str) -> str:
    """Return the address of the entry that the page belongs to: the longest that begins its path."""
    fits = [url for _item, url in entries if path == url or (url != "/" and path.startswith(url))]
    return max(fits, key=len, default="")


def for_reader(ctx: Context, path: str) -> list[dict[str, Any]]:
    """Return the desks with the entries that the reader may open, the present page marked."""
    seen = _seen(ctx)
    here = _here(seen, path)
    return _desks(seen, here)


def _desks(seen: Sequence[tuple[Item, str]], here: str) -> list[dict[str, Any]]:
    desks = []
    for desk, label in DESKS.items():
        entries = [
            {"label": item.label, "url": url, "icon": item.icon, "here": url == here}
            for item, url in seen
            if item.desk == desk
        ]
        if entries:
            desks.append({"label": label, "entries": entries})
    return desks


def html_for(ctx: Context, path: str) -> SafeString:
    """Return the navigation as HTML; kept per language, set of entries and present page."""
    seen = _seen(ctx)
    names = tuple(item.url_name for item, _url in seen)
    return _html(get_language() or "vi", names, _here(seen, path))


@lru_cache(maxsize=512)
def _html(language: str, names: tuple[str, ...], here: str) -> SafeString:
    seen = [e for e in _entries() if e[0].url_name in names]
    return render_to_string("ui/_navigation.html", {"navigation": _desks(seen, here)})
