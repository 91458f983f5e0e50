"""What becomes of a body's filings, branches and marks when another succeeds it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from hoptac.foundation.access import Context
from hoptac.foundation.succession import declare
from hoptac.registration import facts
from hoptac.registration.models import Branch, Filing, Mark, Undertaking
from hoptac.registration.steps import write
from hoptac.registration.terms import OPEN, BranchState, StepKind


def move_open_filings(ctx: Context, old: Any, new: Any, on: date) -> list[str]:
    """Let the successor stand in the open filings of a body that ends; the decided ones stay."""
    moved = []
    for filing in Filing.objects.filter(cooperative=old, state__in=sorted(OPEN)).order_by("pk"):
        if filing.procedure in {
            "dissolution",
            "dissolution_notice",
            "consolidation",
            "division",
            "merger",
        }:
            # It is this very end, or one overtaken by it.
            continue
        filing.cooperative = new
        filing.version += 1
        filing.save(update_fields=("cooperative", "version"))
        write(ctx, filing, StepKind.TRANSFERRED, details={"from": str(old.pk), "to": str(new.pk)})
        moved.append(str(filing.pk))
    return moved


def move_branches(ctx: Context, old: Any, new: Any, on: date) -> list[str]:
    """Let the successor hold the branches that are open; each keeps its own id for life."""
    moved = []
    held = Branch.objects.live().filter(cooperative=old, valid__overlap=DateRange(on, None))
    for row in held.order_by("valid", "id"):
        if row.state == BranchState.CLOSED:
            continue
        begins, after = max(on, row.valid.lower), row.valid.upper
        facts.end(ctx, row, on)
        facts.add(
            ctx, Branch, new, begins, last=after - timedelta(days=1) if after else None,
            filing=row.filing, branch_id=row.branch_id, kind=row.kind,
            code=row.code, name=row.name, commune_id=row.commune_id, address=row.address,
            head=row.head, lines=row.lines, state=row.state,
        )  # fmt: skip
        moved.append(str(row.branch_id))
    return list(dict.fromkeys(moved))


def move_marks(ctx: Context, old: Any, new: Any, on: date) -> list[str]:
    """Let requests of courts and enforcement stand at the successor too: obligations pass over."""
    moved = []
    for row in facts.in_force(Mark, old.pk, on):
        facts.add(ctx, Mark, new, on, filing=row.filing, kind=row.kind, issuer=row.issuer,
                  document=row.document)  # fmt: skip
        moved.append(row.document)
    return moved


def move_undertakings(ctx: Context, old: Any, new: Any, on: date) -> list[str]:
    """Let the successor hold what the body had outside the register."""
    moved = []
    for row in facts.in_force(Undertaking, old.pk, on):
        facts.end(ctx, row, on)
        facts.add(
            ctx, Undertaking, new, on, filing=row.filing, kind=row.kind, name=row.name, code=row.code,
            country=row.country, address=row.address, head=row.head, amount=row.amount,
        )  # fmt: skip
        moved.append(row.name)
    return moved


def declare_all() -> None:
    """Say what becomes of every relation of this app, and of the register's own, to a body."""
    declare(
        "registration.Filing.cooperative",
        carry=move_open_filings,
        order=20,
        why="open ones go on with the successor; decided ones stay with the body they were about",
    )
    declare(
        "registration.Branch.cooperative",
        carry=move_branches,
        order=30,
        why="branches go on under the successor",
    )
    declare(
        "registration.Mark.cooperative", carry=move_marks, order=10, why="obligations pass over"
    )
    declare(
        "registration.Undertaking.cooperative",
        carry=move_undertakings,
        order=31,
        why="branches abroad and shares in enterprises pass whole to the successor",
    )
    declare(
        "registration.LegalRepresentative.cooperative", why="they represented the body that ended"
    )
    declare("registration.Suspension.cooperative", why="a pause ends with the body")
    declare(
        "certificates.Certificate.cooperative",
        why="a certificate speaks of the body that ended, and says so; the successor has its own",
    )
    declare(
        "certificates.IssueItem.cooperative",
        why="a line of a batch is about the body of its day; one that ended since is refused there",
    )
    for relation in (
        "registry.Particulars.cooperative", "registry.FigureStatement.cooperative",
        "registry.BusinessLine.cooperative", "registry.Lineage.cooperative",
        "registry.Lineage.successor", "registry.Period.cooperative",
    ):  # fmt: skip
        declare(
            relation,
            why="what was known of the body stays with it; the successor's figures are declared",
        )
