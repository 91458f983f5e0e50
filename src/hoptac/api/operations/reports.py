# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Reports: the list, one with its figures, what agencies are asked for, handing it in, the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api import naming
from hoptac.api.declaring import Cursor, Id, Limit, Operations, Versioned, page_of, there
from hoptac.api.files import MEDIA_TYPES, as_file
from hoptac.api.operations.tasks import named
from hoptac.api.schemas.reports import ContributionOut, HandInIn, ReportBody, ReportPage
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.documents.serving import handed_out
from hoptac.reports import actions, selectors
from hoptac.reports.documents import document_of
from hoptac.reports.drafting import Draft
from hoptac.reports.models import Contribution, Figure, Report, ReportStep
from hoptac.reports.terms import Kind, State

VIEW, CONTRIBUTE = "reports.view", "reports.contribute"
matter = Operations("reports")


@matter.reads("/reports", ReportPage, "Reports", needs=VIEW)
def reports(
    ctx: Context,
    kind: Annotated[list[Kind], Query()] = [],
    state: Annotated[list[State], Query()] = [],
    chain: Chain | None = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    issuer: UUID | None = None,
    directive: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """Periodic reports that the caller may read, the one begun last first."""
    found = selectors.reports_seen(ctx)
    kept = {
        "kind__in": [k.value for k in kind], "state__in": [s.value for s in state],
        "chain": chain.value if chain else None, "year": year, "issuer": issuer, "directive": directive,
    }  # fmt: skip
    found = found.filter(**{k: v for k, v in kept.items() if v})
    rows, more = page_of(found, cursor, limit)
    return {"items": [_item(r) for r in rows], "next_cursor": more, "as_of": ctx.today}


@matter.reads("/reports/{id}", ReportBody, "One report", needs=VIEW)
def report(ctx: Context, pk: Id) -> Versioned:
    """A report with its figures and the pages of the records behind each, its sections and contributions.

    Its ETag is its version.
    """
    found = there(selectors.report_seen(ctx, pk))
    whole = selectors.reads_whole(ctx, found)
    asked = (selectors.contributions_of if whole else _own_of(ctx))(found)
    body = _item(found) | {
        "reads_whole": whole, "digest": found.digest, "signer": found.signer,
        "signer_post": found.signer_post,
        "figures": [_figure(f) for f in Draft(found).figures] if whole else [],
        "sections": [
            {"code": s.code, "title": s.title, "text": s.text, "version": s.version}
            for s in (found.sections.order_by("position") if whole else ())
        ],
        "contributions": [_contribution(c, found) for c in asked],
        "steps": [_step(s) for s in selectors.course_of(found)] if whole else [],
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.reads("/contributions", list[ContributionOut], "What one owes to reports", needs=CONTRIBUTE)
def contributions(ctx: Context) -> Any:
    """The parts of reports that the caller's agencies are still asked for, due first."""
    return [_contribution(c, c.section.report) for c in selectors.contributions_asked(ctx)]


@matter.hands_out("/reports/{id}/document", MEDIA_TYPES.values(), "The document", needs=VIEW)
def report_document(
    ctx: Context, pk: Id, format: Literal["pdf", "docx"] = "pdf"
) -> HttpResponseBase:
    """The report as PDF or Word: as it was signed, or the draft as it stands; for who reads the whole of it."""
    found = there(selectors.report_seen(ctx, pk))
    there(found if selectors.reads_whole(ctx, found) else None)
    stored = selectors.file_of(found, format)
    return handed_out(stored) if stored is not None else as_file(document_of(Draft(found)), format)


@dataclass(frozen=True)
class Part:
    """What was handed in: the report, and the version of the part."""

    pk: UUID
    version: int


def _asked(ctx: Context, pk: UUID) -> Report | None:
    """Return a report to which an agency is asked to contribute for which the caller speaks."""
    found = selectors.report_seen(ctx, pk)
    return found if found is not None and selectors.own_contributions(ctx, found) else None


@matter.acts("/reports/{id}/contributions", "Hand a part in", needs=CONTRIBUTE, upon=_asked)
def hand_in(ctx: Context, report: Report, version: int, data: HandInIn) -> Part:
    """Hand in an agency's part of a section, until it is accepted also anew.

    The version meant is that of the part (``GET /contributions``), and so is the one answered.
    """
    own = [c for c in selectors.own_contributions(ctx, report) if c.section.code == data.section]
    if data.agency_id is not None:
        own = [c for c in own if c.agency_id == data.agency_id]
    if not own:
        raise naming.unknown("section", _("Nothing is asked of your agency there."))
    if len(own) > 1:
        raise naming.unknown("agency_id", _("Say for which of your agencies."))
    done = actions.hand_in(ctx, own[0], text=data.text, expected_version=version)
    return Part(report.pk, done.version)


# --- Parts of answers


def _own_of(ctx: Context) -> Any:
    return lambda report: selectors.own_contributions(ctx, report)


def _item(r: Report) -> dict[str, Any]:
    return {
        "id": r.pk, "title": r.title, "number": r.written_number, "chain": r.chain, "kind": r.kind,
        "year": r.year, "part": r.part, "begins_on": r.begins_on, "ends_on": r.ends_on, "as_of": r.as_of,
        "issuer": named(r.issuer), "directive_id": r.directive_id, "state": r.state, "due_on": r.due_on,
        "signed_on": r.signed_on, "corrects": r.corrects_id, "made_id": r.made_id, "version": r.version,
    }  # fmt: skip


def _figure(f: Figure) -> dict[str, Any]:
    return {
        "code": f.code, "name": f.name, "unit": f.unit, "places": f.places, "value": f.value,
        "before": f.before, "records": f.records, "parts": [[str(x) for x in p] for p in f.parts],
        "asked": f.asked, "href": f.href,
    }  # fmt: skip


def _contribution(c: Contribution, r: Report) -> dict[str, Any]:
    return {
        "id": c.pk, "report_id": r.pk, "report": r.name, "section": c.section.code,
        "title": c.section.title, "agency": named(c.agency), "due_on": c.due_on, "state": c.state,
        "text": c.text, "returned_because": c.returned_because, "handed_in_at": c.handed_in_at,
        "version": c.version,
    }  # fmt: skip


def _step(s: ReportStep) -> dict[str, Any]:
    return {
        "kind": s.kind, "at": s.at, "by": s.by.full_name if s.by else "",
        "agency": s.agency.name if s.agency else "", "words": s.words,
    }  # fmt: skip
