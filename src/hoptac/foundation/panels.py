"""Boxes that higher apps put on a page of a lower one: declared here, shown there.

An app declares its box when it starts (``AppConfig.ready``):

    declare(Panel("registry.cooperative", _("Members"), members_box, "governance/_members_box.html"))

The page shows it below its own facts, in order, hidden from readers without the permission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoptac.foundation.access import Context


@dataclass(frozen=True)
class Panel:
    """A box on the page of a subject.

    ``selector`` is given the caller, the subject and the day of the page; what it returns is the
    template's ``box``. A box whose selector returns nothing is left out.
    """

    subject: str
    title: Any
    selector: Callable[[Context, Any, date], Any]
    template: str
    permission: str = ""
    order: int = 100


@dataclass(frozen=True)
class Box:
    """A panel with what its selector found."""

    title: str
    template: str
    content: Any


_PANELS: dict[str, list[Panel]] = {}


def declare(panel: Panel) -> None:
    """Put a box on the page of ``panel.subject`` (``app_label.model``)."""
    known = _PANELS.setdefault(panel.subject, [])
    if panel not in known:
        known.append(panel)
        known.sort(key=lambda p: p.order)


def withdraw(panel: Panel) -> None:
    """Take a box away again (tests)."""
    _PANELS[panel.subject].remove(panel)


def boxes(ctx: Context, subject: Any, day: date) -> list[Box]:
    """Return the boxes of a subject's page that the caller may see, in order."""
    found = []
    for panel in _PANELS.get(subject._meta.label_lower, ()):
        if panel.permission and not ctx.may(panel.permission):
            continue
        content = panel.selector(ctx, subject, day)
        if content:
            found.append(Box(str(panel.title), panel.template, content))
    return found
