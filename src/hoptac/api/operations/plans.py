# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Yearly plans: the list, one with targets against what is reached, stating a figure, the document."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api import naming
from hoptac.api.declaring import Cursor, Id, Limit, Operations, Versioned, page_of, there
from hoptac.api.files import MEDIA_TYPES, as_file
from hoptac.api.operations.tasks import item as task_item
from hoptac.api.operations.tasks import named
from hoptac.api.schemas import Day
from hoptac.api.schemas.plans import ActualIn, PlanBody, PlanPage, RetireIn
from hoptac.foundation.access import Context
from hoptac.plans import actions, selectors
from hoptac.plans.documents import document_of
from hoptac.plans.figures import TargetLine, lines_of
from hoptac.plans.models import PlanStep, YearPlan
from hoptac.plans.terms import PlanKind, State

VIEW, MAKE, EXPORT = "plans.view", "plans.make", "plans.export"
matter = Operations("plans")


@matter.reads("/plans", PlanPage, "Yearly plans", needs=VIEW)
def plans(
    ctx: Context,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    kind: PlanKind | None = None,
    state: Annotated[list[State], Query()] = [],
    agency: UUID | None = None,
    approver: UUID | None = None,
    unit: Annotated[UUID | None, Query(description="its territory")] = None,
    parent: Annotated[UUID | None, Query(description="parts of this plan")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """Plans that the caller may read, the one drafted last first; abandoned ones only where asked for by ``state``."""
    found = selectors.plans_seen(ctx)
    if not state:
        found = found.standing()
    kept = {
        "year": year, "kind": kind.value if kind else None, "state__in": [s.value for s in state],
        "agency": agency, "approver": approver, "unit": unit, "parent": parent,
    }  # fmt: skip
    found = found.filter(**{k: v for k, v in kept.items() if v})
    rows, more = page_of(found.select_related("agency", "approver"), cursor, limit)
    return {"items": [_item(p) for p in rows], "next_cursor": more, "as_of": ctx.today}


@matter.reads("/plans/{id}", PlanBody, "One plan", needs=VIEW)
def plan(ctx: Context, pk: Id, on: Day | None = None) -> Versioned:
    """A plan with every target against its actual value, today or ``on`` a day. Its ETag is its version."""
    found = there(selectors.plan_seen(ctx, pk))
    day = min(on or ctx.today, found.ends_on)
    shown = {
        f"{name}_id": getattr(selectors.directive_shown(ctx, getattr(found, name)), "pk", None)
        for name in ("directive", "tied_to", "issued")
    }
    body = _item(found) | shown | {
        "on": day, "texts": found.texts, "targets": [_target(t) for t in lines_of(found, day)],
        "tasks": [task_item(t, ctx) for t in _tasks(ctx, found)],
        "parts": [_item(p) for p in selectors.parts_of(ctx, found).select_related("agency", "approver")],
        "steps": [_step(s) for s in selectors.course_of(ctx, found)],
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.hands_out("/plans/{id}/document", MEDIA_TYPES.values(), "The document", needs=EXPORT)
def plan_document(ctx: Context, pk: Id, format: Literal["pdf", "docx"] = "pdf") -> HttpResponseBase:
    """A yearly plan as an official document with its annexes; the journal notes who took it."""
    found = there(selectors.plan_seen(ctx, pk))
    there(found if found.kind == PlanKind.YEAR else None)
    actions.record_export(ctx, what=f"document:{found.pk}", format=format, rows=1)
    return as_file(document_of(ctx, found, ctx.today), format)


def _made(ctx: Context, pk: UUID) -> YearPlan | None:
    """Return a plan of an agency for which the caller makes plans."""
    found = selectors.plan_seen(ctx, pk)
    return found if found is not None and found.is_within(ctx, MAKE) else None


@matter.acts("/plans/{id}/actuals", "State a figure", needs=MAKE, upon=_made)
def state_actual(ctx: Context, plan: YearPlan, version: int, data: ActualIn) -> YearPlan:
    """State what a source says of a target as of a day; other sources stay beside it."""
    actions.state_actual(
        ctx, plan, code=data.code, value=data.value, as_of=data.as_of, source=data.source,
        expected_version=version,
    )  # fmt: skip
    return plan


@matter.acts("/plans/{id}/actuals/removal", "Take a figure back", needs=MAKE, upon=_made)
def retire_actual(ctx: Context, plan: YearPlan, version: int, data: RetireIn) -> YearPlan:
    """Take back a stated value that was wrong; it stays on record as taken back."""
    stated = selectors.stated_row(plan, data.stated_id)
    if stated is None:
        raise naming.unknown("stated_id", _("No such value is stated in this plan."))
    actions.retire_actual(ctx, plan, stated=stated, expected_version=version)
    return plan


# --- Parts of answers


def _tasks(ctx: Context, plan: YearPlan) -> Any:
    return selectors.tasks_of(ctx, plan)


def _item(p: YearPlan) -> dict[str, Any]:
    return {
        "id": p.pk, "title": p.title, "kind": p.kind, "year": p.year, "last_year": p.last_year,
        "agency": named(p.agency), "approver": named(p.approver), "unit_id": p.unit_id,
        "parent_id": p.parent_id, "state": p.state, "edition": p.edition, "submitted_on": p.submitted_on,
        "approved_on": p.approved_on, "version": p.version,
    }  # fmt: skip


def _target(line: TargetLine) -> dict[str, Any]:
    t, actual = line.target, line.actual
    return {
        "code": t.code, "name": t.name, "unit_name": t.unit_name, "measure": t.measure,
        "parameters": t.parameters, "direction": t.direction, "before": line.before,
        "planned": line.planned, "estimate": t.estimate, "planned_next": t.planned_next,
        "value": line.value, "as_of": actual.as_of if actual else None,
        "source": actual.source if actual else "", "is_computed": bool(actual and actual.is_computed),
        "href": actual.href if actual else "", "percent": line.percent, "standing": line.standing.value,
        "change": line.change, "differs": line.differs,
        "stated": [
            {
                "id": s.pk, "value": s.value, "as_of": s.as_of, "source": s.source,
                "by": s.by.full_name if s.by else "",
            }
            for s in line.stated
        ],
        "responsible": named(t.responsible), "serves": t.serves, "basis": t.basis,
    }  # fmt: skip


def _step(s: PlanStep) -> dict[str, Any]:
    return {
        "kind": s.kind, "on": s.on, "at": s.at, "by": s.by.full_name if s.by else "",
        "agency": s.agency.name if s.agency else "", "words": s.words, "document": s.document,
    }  # fmt: skip
