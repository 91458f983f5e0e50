"""The navigation by desk: apps declare their entries, the shell shows what the reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context

DESKS = {
    "home": "",
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


def for_reader(ctx: Context, path: str) -> list[dict[str, Any]]:
    """Return the desks with the entries that the reader may open, the present page marked."""
    desks = []
    for desk, label in DESKS.items():
        entries = []
        for item in sorted(_items.values(), key=lambda i: i.order):
            if item.desk != desk or (item.permission and not ctx.may(item.permission)):
                continue
            try:
                url = reverse(item.url_name)
            except NoReverseMatch:
                continue
            here = path == url or (url != "/" and path.startswith(url))
            entries.append({"label": item.label, "url": url, "icon": item.icon, "here": here})
        if entries:
            longest = max((e["url"] for e in entries if e["here"]), key=len, default=None)
            for entry in entries:
                entry["here"] = entry["url"] == longest
            desks.append({"label": label, "entries": entries})
    return desks
