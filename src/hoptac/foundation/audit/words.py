"""Acts, channels and subjects of the journal as people say them; apps declare their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context

_ACTS: dict[str, Any] = {}
_PAGES: dict[str, str] = {}
_PRIVATE: dict[str, tuple[str, frozenset[str]]] = {}
CHANNELS: dict[str, Any] = {
    "page": _("on screen"),
    "api": _("by another system"),
    "import": _("from a file"),
    "command": _("by the system"),
    "job": _("by the system"),
}


def declare(names: Mapping[str, Any], pages: Mapping[str, str] | None = None) -> None:
    """Name an app's acts, and the pages (URL names taking the key) of what they are done to."""
    _ACTS.update(names)
    _PAGES.update(pages or {})


def declare_private(acts: str, fields: Iterable[str], permission: str) -> None:
    """Say which fields in the contents of an app's acts (``registry.``) need a permission to be read."""
    _PRIVATE[acts] = (permission, frozenset(fields))


def hidden_fields(ctx: Context, act: str) -> frozenset[str]:
    """Return the fields of an act's content that the reader may not see."""
    found = frozenset[str]()
    for prefix, (permission, fields) in _PRIVATE.items():
        if act.startswith(prefix) and not ctx.may_throughout(permission, of="audit.view"):
            found |= fields
    return found


def act_name(code: str) -> str:
    """Return an act's name on screen; the code itself where it has none."""
    return str(_ACTS.get(code, code))


def known_acts() -> list[tuple[str, str]]:
    """Return codes and names of the acts that have one, in the order of the names."""
    return sorted(((code, str(name)) for code, name in _ACTS.items()), key=lambda a: a[1])


def channel_name(code: str) -> str:
    return str(CHANNELS.get(code, code))


def page_of(subject_kind: str, subject_id: str) -> str:
    """Return the address of what an act was done to, or nothing."""
    name = _PAGES.get(subject_kind)
    if not name or not subject_id:
        return ""
    try:
        return reverse(name, args=[subject_id])
    except NoReverseMatch:
        return ""
