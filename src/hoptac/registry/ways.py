"""What higher apps do with the bodies of a list: declared here, offered on the register's page (a seam).

    declare(Way(_("Issue certificates"), "certificates:draw_up", "certificate", "certificates.issue"))

The page that it leads to is given the list's query, which :func:`hoptac.registry.filters.read` reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from hoptac.foundation.access import Context


@dataclass(frozen=True)
class Way:
    """Where a list can be taken: a page, its name and icon, and who may go there."""

    label: Any
    url_name: str
    icon: str
    permission: str


_WAYS: list[Way] = []


def declare(way: Way) -> None:
    """Offer a way (from ``AppConfig.ready``)."""
    if way not in _WAYS:
        _WAYS.append(way)


def ways_for(ctx: Context) -> Iterator[tuple[str, str, str]]:
    """Yield label, address and icon of the ways that the caller may go."""
    for way in _WAYS:
        if ctx.may(way.permission):
            yield str(way.label), reverse(way.url_name), way.icon
