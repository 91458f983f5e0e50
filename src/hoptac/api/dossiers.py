# ruff: noqa: B006  (defaults are read by the framework and never written to)
"""Operations of /api/v1 about filings and certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query

from hoptac.api.answers import once
from hoptac.api.asking import as_json, reader, refuse_unknown
from hoptac.api.dossier_schemas import (
    AcceptIn,
    CertificatePage,
    DecideIn,
    FilingBody,
    FilingPage,
    ProposeIn,
    ReceiveIn,
    SupplementIn,
)
from hoptac.api.problem import Problem
from hoptac.api.schemas import Day, Done
from hoptac.api.v1 import (
    _ERRORS,
    _WRITE_ERRORS,
    Id,
    Key,
    Match,
    _actor,
    api,
    version_in,
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

_FIELDS = (
    "id", "procedure", "kind", "cooperative_id", "subject_name", "commune_id", "authority_id",
    "channel", "state", "receipt_number", "filed_on", "received_on", "due_on", "supplement_until",
    "judged_on", "effective_on", "took_effect_on", "decision_number", "decided_at", "version",
)  # fmt: skip
_LIST = (
    "state", "procedure", "cooperative", "filed_from", "filed_to", "due_to", "cursor", "limit",
)  # fmt: skip


@api.get("/filings", response={200: FilingPage, **_ERRORS}, tags=["filings"], summary="Filings")
def filings(
    request: HttpRequest,
    state: Annotated[list[State], Query()] = [],
    procedure: Annotated[list[ProcedureCode], Query(max_length=40)] = [],
    cooperative: UUID | None = None,
    filed_from: Day | None = None,
    filed_to: Day | None = None,
    due_to: Annotated[Day | None, Query(description="the office's last day, at the latest")] = None,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:
    """Filings of the caller's territory, the one entered last first."""
    ctx = reader(request, "registration.view")
    refuse_unknown(request, _LIST)
    found = selectors.filings_seen(ctx)
    asked: dict[str, Any] = {
        "cooperative": cooperative, "filed_on__gte": filed_from, "filed_on__lte": filed_to,
        "due_on__lte": due_to, "id__lt": cursor,
    }  # fmt: skip
    found = found.filter(**{k: v for k, v in asked.items() if v is not None})
    if state:
        found = found.filter(state__in=[s.value for s in state])
    if procedure:
        found = found.filter(procedure__in=procedure)
    rows = list(found.order_by("-id").values(*_FIELDS)[: limit + 1])
    more = rows[limit - 1]["id"] if len(rows) > limit else None
    return as_json(orjson.dumps({"items": rows[:limit], "next_cursor": more, "as_of": ctx.today}))


@api.get(
    "/filings/{id}", response={200: FilingBody, **_ERRORS}, tags=["filings"], summary="One filing"
)
def filing(request: HttpRequest, pk: Id) -> HttpResponse:
    """A filing with its course, its papers, what was given out, its fee. Its ETag is its version."""
    ctx = reader(request, "registration.view")
    refuse_unknown(request, ())
    found = selectors.filing_seen(ctx, pk)
    if found is None:
        raise Problem(404)
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
    return as_json(orjson.dumps(body), {"ETag": f'"{found.version}"'})


@api.get(
    "/certificates", response={200: CertificatePage, **_ERRORS}, tags=["filings"],
    summary="Certificates",
)  # fmt: skip
def certificates(
    request: HttpRequest,
    q: Annotated[
        str, Query(max_length=100, pattern=r"^[^\x00]*$", description="number, code or name")
    ] = "",
    state: CertificateState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> HttpResponse:
    """Certificates of the caller's territory with how each stands today, the latest first."""
    ctx = reader(request, "certificates.view")
    refuse_unknown(request, ("q", "state", "limit", "skip"))
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
    return as_json(orjson.dumps({"items": rows, "as_of": ctx.today}))


# --- Acts


def _upon(
    request: HttpRequest, pk: UUID, match: str, key: str, permission: str,
    act: Callable[[Context, Filing, int], Filing],
) -> HttpResponse:  # fmt: skip
    """Carry out an act upon a filing that was read; the same key again gets the same answer."""
    ctx = _actor(request, key, permission)
    found = selectors.filing_seen(ctx, pk)
    if found is None or not found.is_within(ctx, permission):
        raise Problem(404)
    version = version_in(match)
    return once(request, ctx, lambda: act(ctx, found, version))


@api.post(
    "/filings", response={201: Done, **_WRITE_ERRORS}, tags=["acts"], summary="Receive a dossier"
)
def receive(request: HttpRequest, data: ReceiveIn, key: Key = "") -> HttpResponse:
    """Take in a dossier that was handed in: it gets its receipt, and the office's clock runs."""
    ctx = _actor(request, key, "registration.receive")
    body = None
    if data.cooperative_id is not None:
        body = cooperative_seen(ctx, data.cooperative_id)
        if body is None:
            raise Problem(404)

    def act() -> Filing:
        return actions.receive(
            ctx, data.procedure, kind=data.kind.value if data.kind and body is None else "",
            cooperative=body, proposal=read_given(data.proposal), papers=data.papers,
            applicant=data.applicant, phone=data.phone, email=data.email, channel=data.channel.value,
            filed_on=data.filed_on, effective_on=data.effective_on, note_text=data.note,
        )  # fmt: skip

    return once(request, ctx, act, 201)


@api.post(
    "/filings/{id}/acceptance", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Receive what was sent in online",
)  # fmt: skip
def accept(
    request: HttpRequest, pk: Id, data: AcceptIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Give a dossier that was sent in online its number; its clock begins. Needs If-Match."""
    return _upon(
        request, pk, match, key, "registration.receive",
        lambda ctx, found, version: actions.accept(ctx, found, expected_version=version),
    )  # fmt: skip


@api.post(
    "/filings/{id}/supplement_request", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Ask to supply",
)  # fmt: skip
def ask_supplement(
    request: HttpRequest, pk: Id, data: SupplementIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Ask the applicant, once and for everything, to supply what is missing. Needs If-Match."""
    return _upon(
        request, pk, match, key, "registration.process",
        lambda ctx, found, version: actions.ask_supplement(
            ctx, found, missing=data.missing, expected_version=version
        ),
    )  # fmt: skip


@api.post(
    "/filings/{id}/proposal", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Put forward for decision",
)  # fmt: skip
def propose(
    request: HttpRequest, pk: Id, data: ProposeIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Put a dossier forward to be granted or refused. Needs If-Match."""
    return _upon(
        request, pk, match, key, "registration.process",
        lambda ctx, found, version: actions.propose(
            ctx, found, outcome=data.outcome.value, grounds=data.grounds, opinion=data.opinion,
            expected_version=version,
        ),
    )  # fmt: skip


@api.post(
    "/filings/{id}/decision", response={200: Done, **_WRITE_ERRORS}, tags=["acts"],
    summary="Decide",
)  # fmt: skip
def decide_filing(
    request: HttpRequest, pk: Id, data: DecideIn, match: Match = "", key: Key = ""
) -> HttpResponse:
    """Decide as put forward; a grant takes effect in the register. Needs If-Match."""
    return _upon(
        request, pk, match, key, "registration.decide",
        lambda ctx, found, version: actions.decide(
            ctx, found, outcome=data.outcome.value, signatory=data.signatory,
            decided_on=data.decided_on, expected_version=version,
        ),
    )  # fmt: skip
