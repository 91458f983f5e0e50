"""Acts, channels and subjects of the journal as people say them; apps declare their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ACTS: dict[str, Any] = {}
_PAGES: dict[str, str] = {}
_FIELDS: dict[str, Any] = {}
_VALUES: dict[str, Callable[[Any], str]] = {}
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


def declare_fields(
    names: Mapping[str, Any], values: Mapping[str, Callable[[Any], str]] | None = None
) -> None:
    """Name what the contents of acts speak of, and how the values of some are said."""
    _FIELDS.update(names)
    _VALUES.update(values or {})


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


def field_name(code: str) -> str:
    """Return what a field of an act's content is called on screen; the code itself where it has no name."""
    return str(_FIELDS.get(code, code))


def field_value(code: str, value: Any) -> str:
    """Return a value of an act's content as people say it: days, yes and no, and what apps declared."""
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if code in _VALUES and value not in (None, ""):
        return _VALUES[code](value)
    text = str(value)
    return "/".join(reversed(text.split("-"))) if _DAY.fullmatch(text) else text


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
