# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Operations of /api/v1 about filings and certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import UUID

from ninja import Query

from hoptac.api.declaring import Cursor, Id, Limit, Operations, Versioned, page_of, there
from hoptac.api.schemas import Day
from hoptac.api.schemas.dossiers import (
    AcceptIn,
    CertificatePage,
    DecideIn,
    FilingBody,
    FilingPage,
    ProposeIn,
    ReceiveIn,
    SupplementIn,
)
from hoptac.certificates.selectors import certificates_found
from hoptac.certificates.terms import State as CertificateState
from hoptac.foundation.access import Context
from hoptac.registration import actions, selectors
from hoptac.registration.fees import account_of
from hoptac.registration.matters import read_given, without_people
from hoptac.registration.models import Filing
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.terms import State
from hoptac.registry.selectors import cooperative_seen

if TYPE_CHECKING:
    ProcedureCode: TypeAlias = str
else:
    from typing import Literal

    ProcedureCode = Literal[tuple(PROCEDURES)]

VIEW = "registration.view"
matter = Operations("filings")
_FIELDS = (
    "id", "procedure", "kind", "cooperative_id", "subject_name", "commune_id", "authority_id",
    "channel", "state", "receipt_number", "filed_on", "received_on", "due_on", "supplement_until",
    "judged_on", "effective_on", "took_effect_on", "decision_number", "decided_at", "version",
)  # fmt: skip


@matter.reads("/filings", FilingPage, "Filings", needs=VIEW)
def filings(
    ctx: Context,
    state: Annotated[list[State], Query()] = [],
    procedure: Annotated[list[ProcedureCode], Query(max_length=40)] = [],
    cooperative: UUID | None = None,
    filed_from: Day | None = None,
    filed_to: Day | None = None,
    due_to: Annotated[Day | None, Query(description="the office's last day, at the latest")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """Filings of the caller's territory, the one entered last first."""
    found = selectors.filings_seen(ctx)
    asked: dict[str, Any] = {
        "cooperative": cooperative, "filed_on__gte": filed_from, "filed_on__lte": filed_to,
        "due_on__lte": due_to,
    }  # fmt: skip
    found = found.filter(**{k: v for k, v in asked.items() if v is not None})
    if state:
        found = found.filter(state__in=[s.value for s in state])
    if procedure:
        found = found.filter(procedure__in=procedure)
    rows, more = page_of(found.values(*_FIELDS), cursor, limit)
    return {"items": rows, "next_cursor": more, "as_of": ctx.today}


@matter.reads("/filings/{id}", FilingBody, "One filing", needs=VIEW)
def filing(ctx: Context, pk: Id) -> Versioned:
    """A filing with its course, its papers, what was given out, its fee. Its ETag is its version."""
    found = there(selectors.filing_seen(ctx, pk))
    account = account_of(found)
    sees = selectors.shows_people(ctx, found)
    body = {name: getattr(found, name) for name in _FIELDS} | {
        "title": found.title,
        "proposal": found.proposal if sees else without_people(found.proposal),
        "missing": found.missing,
        "outcome": found.outcome,
        "grounds": found.grounds,
        "steps": [{"kind": s.kind, "on": s.on, "at": s.at} for s in selectors.course_of(found)],
        "papers": [
            {
                "code": p.code, "name": p.name, "is_required": p.is_required, "state": p.state,
                "has_file": p.file_id is not None,
            }
            for p in found.papers.all()
        ],
        "issued": [
            {
                "id": p.pk, "kind": p.kind, "code": p.code, "issued_on": p.issued_on,
                "sha256": p.file.sha256, "corrects": p.corrects_id,
                "handed_out": [{"how": h.how, "on": h.on} for h in p.handouts.all()],
            }
            for p in selectors.issued_of(found)
        ],
        "fee": {
            "standing": account.fee.standing.value, "amount": account.fee.amount,
            "paid": account.kept, "open": account.open, "basis": account.fee.basis,
        },
    }  # fmt: skip
    return Versioned(body, found.version)


@matter.reads("/certificates", CertificatePage, "Certificates", needs="certificates.view")
def certificates(
    ctx: Context,
    q: Annotated[
        str, Query(max_length=100, pattern=r"^[^\x00]*$", description="number, code or name")
    ] = "",
    state: CertificateState | None = None,
    limit: Limit = 50,
    skip: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Any:
    """Certificates of the caller's territory with how each stands today, the latest first."""
    found = certificates_found(ctx, q=q, state=state.value if state else "")
    rows = [
        {
            "id": c.pk, "number": c.number, "code": c.code, "kind": c.kind, "name": c.name,
            "cooperative_id": c.cooperative_id, "authority": c.authority_name,
            "issued_on": c.issued_on, "reason": c.reason, "digest": c.digest,
            "state": c.state,  # type: ignore[attr-defined]
        }
        for c in found[skip : skip + limit]
    ]  # fmt: skip
    return {"items": rows, "as_of": ctx.today}


# --- Acts


def _of(permission: str) -> Callable[[Context, UUID], Filing | None]:
    """Return how a filing is found for an act that needs a permission upon it."""

    def find(ctx: Context, pk: UUID) -> Filing | None:
        found = selectors.filing_seen(ctx, pk)
        return found if found is not None and found.is_within(ctx, permission) else None

    return find


_RECEIVE, _PROCESS, _DECIDE = "registration.receive", "registration.process", "registration.decide"


@matter.acts("/filings", "Receive a dossier", needs=_RECEIVE, status=201)
def receive(ctx: Context, data: ReceiveIn) -> Filing:
    """Take in a dossier that was handed in: it gets its receipt, and the office's clock runs."""
    body = None
    if data.cooperative_id is not None:
        body = there(cooperative_seen(ctx, data.cooperative_id))
    return actions.receive(
        ctx, data.procedure, kind=data.kind.value if data.kind and body is None else "",
        cooperative=body, proposal=read_given(data.proposal), papers=data.papers,
        applicant=data.applicant, phone=data.phone, email=data.email, channel=data.channel.value,
        filed_on=data.filed_on, effective_on=data.effective_on, note_text=data.note,
    )  # fmt: skip


@matter.acts(
    "/filings/{id}/acceptance", "Receive what was sent in online", needs=_RECEIVE, upon=_of(_RECEIVE)
)  # fmt: skip
def accept(ctx: Context, filing: Filing, version: int, data: AcceptIn) -> Filing:
    """Give a dossier that was sent in online its number; its clock begins."""
    return actions.accept(ctx, filing, expected_version=version)


@matter.acts(
    "/filings/{id}/supplement_request", "Ask to supply", needs=_PROCESS, upon=_of(_PROCESS)
)
def ask_supplement(ctx: Context, filing: Filing, version: int, data: SupplementIn) -> Filing:
    """Ask the applicant, once and for everything, to supply what is missing."""
    return actions.ask_supplement(ctx, filing, missing=data.missing, expected_version=version)


@matter.acts(
    "/filings/{id}/proposal", "Put forward for decision", needs=_PROCESS, upon=_of(_PROCESS)
)
def propose(ctx: Context, filing: Filing, version: int, data: ProposeIn) -> Filing:
    """Put a dossier forward to be granted or refused."""
    return actions.propose(
        ctx, filing, outcome=data.outcome.value, grounds=data.grounds, opinion=data.opinion,
        expected_version=version,
    )  # fmt: skip


@matter.acts("/filings/{id}/decision", "Decide", needs=_DECIDE, upon=_of(_DECIDE))
def decide_filing(ctx: Context, filing: Filing, version: int, data: DecideIn) -> Filing:
    """Decide as put forward; a grant takes effect in the register."""
    return actions.decide(
        ctx, filing, outcome=data.outcome.value, signatory=data.signatory,
        decided_on=data.decided_on, expected_version=version,
    )  # fmt: skip
