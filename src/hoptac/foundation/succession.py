"""What becomes of rows that point at a body when another succeeds it.

Each app says it of its own relations when it starts (its ``succession.py``):

    declare("registration.Filing.cooperative", carry=move_open_filings, why="…")
    declare("governance.Meeting.cooperative", why="minutes stay with the body that met")

Whoever ends a body calls :func:`succeed` inside the act; every declared hand is called in order.
A relation without a declaration fails the architecture test: nobody is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoptac.foundation.access import Context

Carry = Callable[[Context, Any, Any, date], Any]


@dataclass(frozen=True)
class Policy:
    """What becomes of one relation. Without ``carry`` its rows stay where they are, and ``why``."""

    relation: str
    carry: Carry | None
    why: str
    order: int = 100


_POLICIES: dict[str, Policy] = {}


def declare(relation: str, *, carry: Carry | None = None, why: str, order: int = 100) -> None:
    """Say what becomes of a relation (``app.Model.field``) when its body is succeeded."""
    _POLICIES[relation] = Policy(relation, carry, why, order)


def policies() -> dict[str, Policy]:
    """Return every policy by its relation."""
    return dict(_POLICIES)


def succeed(ctx: Context, old: Any, new: Any, on: date) -> dict[str, Any]:
    """Carry everything that stands from one body to another; return what each hand tells it did.

    Called once for each pair: a body that is divided is succeeded by several, and each hand decides
    whether it acts for the first only. Runs inside the caller's act and transaction.
    """
    done = {}
    for policy in sorted(_POLICIES.values(), key=lambda p: (p.order, p.relation)):
        if policy.carry is not None:
            told = policy.carry(ctx, old, new, on)
            if told:
                done[policy.relation] = told
    return done
