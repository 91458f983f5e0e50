"""What stands in the way: a lower app asks a question, higher apps object.

An app that has reasons declares them when it starts:

    declare("registry.cooperative_ends", unsettled_grants)

The lower app asks with :func:`objections` and shows or refuses what it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from hoptac.foundation.findings import Finding

Objector = Callable[[Any, date], Iterable[Finding]]
_OBJECTORS: dict[str, list[Objector]] = {}


def declare(question: str, objector: Objector) -> None:
    """Let an app answer a question about a subject on a day (``AppConfig.ready``)."""
    known = _OBJECTORS.setdefault(question, [])
    if objector not in known:
        known.append(objector)


def withdraw(question: str, objector: Objector) -> None:
    """Take an objector away again (tests)."""
    _OBJECTORS[question].remove(objector)


def objections(question: str, subject: Any, on: date) -> list[Finding]:
    """Return everything that apps above have against it."""
    return [f for objector in _OBJECTORS.get(question, ()) for f in objector(subject, on)]
