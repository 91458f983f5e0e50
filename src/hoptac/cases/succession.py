"""What becomes of a body's case and dates when another succeeds it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hoptac.cases.marks import lift_mark
from hoptac.cases.models import Case
from hoptac.cases.steps import write
from hoptac.cases.terms import OPEN, State, StepKind
from hoptac.foundation.access import Context
from hoptac.foundation.succession import declare
from hoptac.registry.models import Period


def end_case(ctx: Context, old: Any, new: Any, on: date) -> list[str]:
    """End the open case of a body that passed into another; its notice does not follow the successor.

    A body that lives on (a separation) keeps its case.
    """
    lives_on = Period.objects.filter(cooperative=old, is_latest=True).existing().exists()
    ended = []
    for case in Case.objects.filter(cooperative=old, state__in=sorted(OPEN)).select_for_update():
        if lives_on and case.state != State.MERGING:
            continue
        lift_mark(ctx, case, on)
        before = case.state
        case.state, case.due_on = State.MERGED, None
        case.version += 1
        case.save(update_fields=("state", "due_on", "version"))
        write(
            ctx,
            case,
            StepKind.MERGED,
            before,
            details={"successor": str(new.pk), "on": on.isoformat()},
        )
        ended.append(case.number)
    return ended


def declare_all() -> None:
    """Say what becomes of every relation of this app to a body."""
    # Before the marks are carried over: a notice of violation is about the body that ends.
    declare(
        "cases.Case.cooperative",
        carry=end_case,
        order=5,
        why="the open case ends with the merger; those that ended stay with the body",
    )
    for relation in ("cases.KeptDate.cooperative", "cases.SharesStatement.cooperative"):
        declare(relation, why="what was known of the body stays with it")
