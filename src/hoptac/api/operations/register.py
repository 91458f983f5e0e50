# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""The register: bodies, their history, lines and figures; entering, changing, correcting them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query

from hoptac.api import reading
from hoptac.api.declaring import Id, Limit, Operations, Versioned, there
from hoptac.api.problem import Problem
from hoptac.api.schemas import WRITTEN, Day
from hoptac.api.schemas.register import (
    Body,
    ChangeIn,
    CorrectionIn,
    Entry,
    Line,
    Page,
    ParticularsIn,
    RecordIn,
    Statement,
    StatementIn,
)
from hoptac.foundation.access import Context
from hoptac.registry import actions, selectors
from hoptac.registry.models import Cooperative
from hoptac.registry.record import history_of, record_of
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState

VIEW = "registry.view"
matter = Operations("register")
Year = Annotated[int | None, Query(ge=1900, le=2200)]
Count = Annotated[int | None, Query(ge=0, le=10**16)]
if TYPE_CHECKING:
    Sort: TypeAlias = str
else:
    Sort = Literal[tuple(f"{way}{name}" for name in reading.SORTS for way in ("", "-"))]
_BOUNDS = {
    "established_from": "established_on >=", "established_to": "established_on <=",
    "members_from": "members >=", "members_to": "members <=",
    "capital_from": "charter_capital >=", "capital_to": "charter_capital <=",
}  # fmt: skip


@matter.reads("/cooperatives", Page, "List and search", needs=VIEW)
def cooperatives(
    ctx: Context,
    q: Annotated[
        str,
        Query(max_length=200, pattern=WRITTEN, description="words; marks do not matter"),
    ] = "",
    kind: Annotated[list[Kind], Query()] = [],
    sector: Annotated[list[Sector], Query()] = [],
    legal_status: Annotated[list[LegalStatus], Query()] = [],
    working_state: Annotated[list[WorkingState], Query()] = [],
    legal_era: Annotated[list[LegalEra], Query()] = [],
    district: Annotated[list[UUID], Query(max_length=50)] = [],
    commune: Annotated[list[UUID], Query(max_length=50)] = [],
    established_from: Year = None,
    established_to: Year = None,
    members_from: Count = None,
    members_to: Count = None,
    capital_from: Count = None,
    capital_to: Count = None,
    lacks: Annotated[list[Literal["few_members", "old_figures", "no_number"]], Query()] = [],
    as_of: Annotated[Day | None, Query(description="the list of a past day")] = None,
    ended: Annotated[bool, Query(description="with ended bodies too")] = False,
    sort: Annotated[Sort, Query(description="- turns it round; not stated stands last")] = "name",
    fields: Annotated[str, Query(max_length=600, pattern=WRITTEN, description="names with commas")] = "",
    cursor: Annotated[str, Query(max_length=4000)] = "",
    limit: Limit = 50,
) -> Any:  # fmt: skip
    """Bodies of the caller's territory, in Vietnamese alphabetical order unless sorted otherwise.

    A filter given several times keeps any of its values.
    """
    wanted = frozenset(f for f in fields.split(",") if f)
    if wanted - set(reading.FIELDS):
        raise Problem(422, _("Fields are %(names)s.") % {"names": ", ".join(reading.FIELDS)})
    kept: dict[str, list[Any]] = {
        "kind": kind, "sector": sector, "legal_status": legal_status,
        "working_state": working_state, "legal_era": legal_era,
    }  # fmt: skip
    bounds: dict[str, Any] = {
        "members_from": members_from, "members_to": members_to,
        "capital_from": capital_from, "capital_to": capital_to,
        "established_from": date(established_from, 1, 1) if established_from else None,
        "established_to": date(established_to, 12, 31) if established_to else None,
    }  # fmt: skip
    return reading.listed(ctx, reading.Asked(
        q=q, kept={k: [v.value for v in values] for k, values in kept.items() if values},
        units=(district, commune),
        bounds=[(_BOUNDS[k], v) for k, v in bounds.items() if v is not None],
        lacks=lacks, day=as_of, ended=ended, sort=sort, cursor=cursor, limit=limit, fields=wanted,
    ))  # fmt: skip


@matter.reads("/cooperatives/{id}", Body, "One body", needs=VIEW, is_conditional=True)
def cooperative(ctx: Context, pk: Id, as_of: Day | None = None) -> Versioned:
    """A body today or on a day. Its ETag is its version: an act sends it back as If-Match."""
    body, version = reading.one(ctx, pk, as_of)
    return Versioned(body, version)


@matter.reads("/cooperatives/{id}/history", list[Entry], "Its history", needs=VIEW)
def history(ctx: Context, pk: Id) -> Any:
    """Every act upon the body, the latest first: who, when, what changed, on what basis, from which file."""
    record = there(record_of(ctx, pk))
    return [
        {
            "number": e.number, "at": e.at, "act": e.name, "who": e.who, "channel": e.channel,
            "reason": e.reason, "basis": e.basis, "sources": e.sources,
            "changes": [
                {"field": c.field, "was": c.old, "now": c.new, "since": c.since, "until": c.until}
                for c in e.changes
            ],
        }
        for e in history_of(record)
    ]  # fmt: skip


@matter.reads("/cooperatives/{id}/lines", list[Line], "Its lines of business", needs=VIEW)
def lines(ctx: Context, pk: Id) -> Any:
    """Every line that was not corrected away, the latest first, by the classification of its first day."""
    body = there(selectors.cooperative_seen(ctx, pk))
    return [
        {
            "code": x.vsic_code, "name": x.name or None, "is_main": x.is_main,
            "from_on": x.valid.lower, "until_on": x.valid.upper,
        }
        for x in selectors.business_lines_ever(body)
    ]  # fmt: skip


@matter.reads("/cooperatives/{id}/figures", list[Statement], "Its figures", needs=VIEW)
def figures(ctx: Context, pk: Id) -> Any:
    """Every statement of figures, the latest day first; corrected ones are marked."""
    body = there(selectors.cooperative_seen(ctx, pk))
    return [
        {
            "as_of": s.as_of, "charter_capital": s.charter_capital,
            "area": float(s.area) if s.area is not None else None, "members": s.members,
            "workers": s.workers, "source": s.source, "is_corrected": s.retired_by is not None,
        }
        for s in selectors.figure_statements(body)
    ]  # fmt: skip


# --- Acts


@matter.acts("/cooperatives", "Enter a body", needs="registry.record", status=201)
def enter(ctx: Context, data: RecordIn) -> Cooperative:
    """Enter a body that exists, with its particulars and figures as of a day."""
    stated = data.figures.model_dump(exclude_unset=True) if data.figures else None
    return actions.record_cooperative(
        ctx, data.kind.value, particulars=_given(data.particulars), figures=stated,
        as_of=data.as_of, source=data.source,
    )  # fmt: skip


@matter.acts(
    "/cooperatives/{id}/changes", "Record a change", needs="registry.change_particulars",
    upon=selectors.cooperative_seen,
)  # fmt: skip
def change(ctx: Context, body: Cooperative, version: int, data: ChangeIn) -> Cooperative:
    """Record that something became different on a day."""
    return actions.change_particulars(
        ctx, body, changes=_given(data.changes), from_on=data.from_on, source=data.source,
        expected_version=version,
    )  # fmt: skip


@matter.acts(
    "/cooperatives/{id}/corrections", "Correct", needs="registry.correct_particulars",
    upon=selectors.cooperative_seen,
)  # fmt: skip
def correct(ctx: Context, body: Cooperative, version: int, data: CorrectionIn) -> Cooperative:
    """Correct what was recorded wrongly, with a reason; the wrong row is kept."""
    return actions.correct_particulars(
        ctx.because(data.reason, data.basis), body, changes=_given(data.changes), from_on=data.from_on,
        until_on=data.until_on, expected_version=version,
    )  # fmt: skip


@matter.acts(
    "/cooperatives/{id}/figures", "State figures", needs="registry.state_figures",
    upon=selectors.cooperative_seen,
)  # fmt: skip
def state(ctx: Context, body: Cooperative, version: int, data: StatementIn) -> Cooperative:
    """Add what a source says as of a day."""
    return actions.state_figures(
        ctx, body, figures=data.figures.model_dump(exclude_unset=True), as_of=data.as_of,
        source=data.source, expected_version=version,
    )  # fmt: skip


def _given(values: ParticularsIn) -> dict[str, Any]:
    given = values.model_dump(exclude_unset=True, mode="python")
    return {k: getattr(v, "value", v) for k, v in given.items() if v is not None}
