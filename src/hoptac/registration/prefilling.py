"""What a dossier begun elsewhere says already: declared above, asked for by the address of the intake.

A higher app that sends an officer to the desk (``?difference=<id>``) declares what its name means:

    declare("difference", what_they_say)  # (ctx, id, procedure) -> fields of the proposal, as JSON
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from hoptac.foundation.access import Context
from hoptac.registration.procedures import Procedure

Source = Callable[[Context, UUID, str], Mapping[str, Any]]
_SOURCES: dict[str, Source] = {}


def declare(name: str, source: Source) -> None:
    """Let the address's parameter of this name prefill a dossier (``AppConfig.ready``)."""
    _SOURCES[name] = source


def prefilled(ctx: Context, query: Mapping[str, str], procedure: Procedure) -> dict[str, Any]:
    """Return the fields that an address brings; nothing where it names nothing the caller may see."""
    for name, source in _SOURCES.items():
        try:
            pk = UUID(query.get(name, ""))
        except ValueError:
            continue
        found = source(ctx, pk, procedure.code)
        return {k: v for k, v in found.items() if k in procedure.fields and v not in (None, "", [])}
    return {}
