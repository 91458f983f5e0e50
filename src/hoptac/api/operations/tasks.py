# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Reading tasks: the list, one with everything of it, what is below it, a proof, the measures to be tied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Query

from hoptac.api.declaring import Cursor, Id, Limit, Operations, Versioned, page_of, there
from hoptac.api.schemas import WRITTEN, Day
from hoptac.api.schemas.tasks import MeasureOut, TaskBody, TaskItem, TaskPage
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.documents.kinds import KINDS
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.measures import measures
from hoptac.jurisdiction.models import Agency
from hoptac.tasks import selectors
from hoptac.tasks.asked import Asked
from hoptac.tasks.indicators import IndicatorLine, read
from hoptac.tasks.models import Assignment, ExtensionRequest, Proof, Step, Task, Term
from hoptac.tasks.outlines import rolled_up
from hoptac.tasks.terms import State

VIEW = "tasks.view"
matter = Operations("tasks")
Heap = Literal[selectors.HEAPS]  # type: ignore[valid-type]


@matter.reads("/tasks", TaskPage, "Tasks", needs=VIEW)
def tasks(
    ctx: Context,
    q: Annotated[str, Query(max_length=100, pattern=WRITTEN, description="words of number, title, product")] = "",
    heap: Annotated[Heap, Query(description="of the caller's desk: to_answer, to_judge, …")] = "all",
    state: Annotated[list[State], Query()] = [],
    agency: Annotated[UUID | None, Query(description="answers for it now, leading or helping")] = None,
    unit: Annotated[UUID | None, Query(description="whose agency leads it")] = None,
    directive: UUID | None = None,
    parent: Annotated[UUID | None, Query(description="parts of this task")] = None,
    chain: Annotated[Chain | None, Query(description="of whoever assigned it")] = None,
    led: Annotated[Chain | None, Query(description="line of command of the leading agency")] = None,
    due_from: Day | None = None,
    due_to: Day | None = None,
    late: Annotated[bool, Query(description="only those whose day has passed")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:  # fmt: skip
    """Tasks that the caller may see, the one entered last first. ``state`` given several times keeps any of them."""
    asked = Asked(
        heap=heap, q=q, agency=agency, unit=unit, directive=directive, chain=chain.value if chain else "",
        led=led.value if led else "", late=late,
    )  # fmt: skip
    found: Any = asked.tasks(ctx)
    bounds = {"due_on__gte": due_from, "due_on__lte": due_to, "parent": parent}
    found = found.filter(**{k: v for k, v in bounds.items() if v is not None})
    if state:
        found = found.filter(state__in=[s.value for s in state])
    rows, more = page_of(_named(found), cursor, limit)
    return {"items": [item(t, ctx) for t in rows], "next_cursor": more, "as_of": ctx.today}


@matter.reads("/tasks/{id}", TaskBody, "One task", needs=VIEW)
def task(ctx: Context, pk: Id) -> Versioned:
    """A task: who answers for it, its due days, parts, indicators as of today, and its course with proofs.

    Its ETag is its version.
    """
    found = there(selectors.task_seen(ctx, pk))
    own = {line.pk for line in selectors.own_lines(ctx, found)}
    rolled = rolled_up(ctx, found)
    sees_course = selectors.may_see_course(ctx, found)
    body = item(found, ctx) | {
        "content": found.content, "due_words": found.due_words, "starts_on": found.starts_on,
        "ends_on": found.ends_on,
        "rolled_up": {n: getattr(rolled, n) for n in ("percent", "tasks", "done", "late", "open")},
        "assignments": [_line(a, own) for a in selectors.lines_of(found)],
        "terms": [_term(t) for t in found.terms.order_by("-due_on", "-id")],
        "extension_requests": [_wish(w) for w in selectors.wishes_of(found)] if sees_course else None,
        "parts": items(ctx, selectors.parts_of(ctx, found)),
        "needs": [item(t, ctx) for t in selectors.needed_by(ctx, found)],
        "indicators": [_indicator(read(t, ctx.today)) for t in selectors.indicators_of(found)],
        "steps": [_step(s) for s in selectors.course_seen(ctx, found)] if sees_course else None,
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.reads("/tasks/{id}/tree", list[TaskItem], "Everything below it", needs=VIEW)
def task_tree(ctx: Context, pk: Id) -> Any:
    """Its parts, their parts and so on, as far as the caller may see them, each with its ``parent_id``."""
    top = there(selectors.task_seen(ctx, pk))
    level, found = [top.pk], [item(top, ctx)]
    known = {top.pk}
    while level:
        rows = _named(selectors.tasks_seen(ctx).filter(parent__in=level)).order_by("position", "id")
        new = [t for t in rows if t.pk not in known]
        found += [item(t, ctx) for t in new]
        level = [t.pk for t in new]
        known.update(level)
    return found


@matter.hands_out("/tasks/{id}/files/{file}", KINDS, "A file that shows it", needs=VIEW)
def task_file(ctx: Context, pk: Id, file: UUID) -> HttpResponseBase:
    """A file that was brought as proof, as it came; for who reads the step that brought it."""
    found = there(selectors.task_seen(ctx, pk))
    return handed_out(there(selectors.proof_file(ctx, found, file)))


@matter.reads("/measures", list[MeasureOut], "Figures to be tied", needs=VIEW)
def measures_known(ctx: Context) -> Any:
    """The figures that the system computes, by which tasks and targets are measured."""
    return [
        {
            "code": m.code, "name": str(m.name), "unit": str(m.unit), "definition": str(m.definition),
            "counts_since": m.counts_since,
            "parameters": [
                {"name": p.name, "label": str(p.label), "choices": {str(c): str(label) for c, label in p.choices()}}
                for p in m.parameters
            ],
        }
        for m in measures().values()
    ]  # fmt: skip


# --- Parts of answers


def _named(rows: Any) -> Any:
    return rows.select_related("lead", "assigner")


def items(ctx: Context, rows: Any) -> list[dict[str, Any]]:
    """Return tasks as a list shows them."""
    return [item(t, ctx) for t in _named(rows)]


def item(t: Task, ctx: Context) -> dict[str, Any]:
    """Return a task as a list shows it."""
    left = t.days_left(ctx.today)
    return {
        "id": t.pk, "number": t.number, "title": t.title, "state": t.state, "chain": t.chain,
        "assigner": named(t.assigner), "lead": named(t.lead), "directive_id": t.directive_id,
        "section": t.section, "parent_id": t.parent_id, "product": t.product, "rhythm": t.rhythm,
        "due_on": t.due_on, "days_late": max(-left, 0) if left is not None else 0,
        "percent": t.percent, "done_on": t.done_on, "reach": t.reach, "version": t.version,
    }  # fmt: skip


def named(agency: Agency | None) -> dict[str, Any] | None:
    """Return an agency by its id and name."""
    return {"id": agency.pk, "name": agency.name} if agency is not None else None


def _line(a: Assignment, own: Iterable[UUID]) -> dict[str, Any]:
    return {
        "id": a.pk, "agency": named(a.agency), "part": a.part, "chain": a.chain,
        "assigned_by": named(a.assigned_by), "given_on_by": a.given_on_by_id, "since": a.since,
        "until": a.until, "ended": a.ended, "answer": a.answer, "answered_on": a.answered_on,
        "reason": a.answer_words if a.answer == "refused" else "",
        "officer": a.officer.full_name if a.officer else "", "is_own": a.pk in own,
    }  # fmt: skip


def _term(t: Term) -> dict[str, Any]:
    return {
        "id": t.pk, "label": t.label, "begins_on": t.begins_on, "ends_on": t.ends_on, "due_on": t.due_on,
        "first_due_on": t.first_due_on, "state": t.state, "percent": t.percent, "result": t.result,
        "reported_on": t.reported_on, "judged_on": t.judged_on, "judgement": t.judgement,
    }  # fmt: skip


def _wish(w: ExtensionRequest) -> dict[str, Any]:
    return {
        "id": w.pk, "agency": named(w.line.agency), "asked_on": w.asked_on, "due_before": w.due_before,
        "wanted_on": w.wanted_on, "words": w.words, "state": w.state, "decided_on": w.decided_on,
        "granted_on": w.granted_on, "answer": w.answer,
    }  # fmt: skip


def _indicator(i: IndicatorLine) -> dict[str, Any]:
    tied, known = i.tied, i.measure
    return {
        "id": tied.pk, "measure": tied.measure, "name": str(known.name) if known else tied.measure,
        "unit": str(known.unit) if known else "", "parameters": tied.parameters, "unit_id": tied.unit_id,
        "direction": tied.direction, "baseline_on": tied.baseline_on, "baseline": i.baseline,
        "target": tied.target, "target_on": tied.target_on, "value": i.value, "on": i.on,
        "percent": i.percent, "href": i.reading.href, "basis": tied.basis,
    }  # fmt: skip


def _step(s: Step) -> dict[str, Any]:
    return {
        "kind": s.kind, "on": s.on, "at": s.at, "by": s.by.full_name if s.by else "",
        "agency": s.agency.name if s.agency else "", "to_agency": s.to_agency.name if s.to_agency else "",
        "chain": s.chain, "percent": s.percent, "words": s.words, "difficulty": s.difficulty,
        "proposal": s.proposal, "proofs": [_proof(p) for p in s.proofs.all()],
    }  # fmt: skip


def _proof(p: Proof) -> dict[str, Any]:
    return {
        "id": p.pk, "kind": p.kind, "words": p.words, "name": p.name, "file_id": p.file_id,
        "sha256": p.file.sha256 if p.file else None, "size": p.file.size if p.file else None,
        "directive_id": p.directive_id, "href": p.href, "reading": p.reading,
    }  # fmt: skip
