"""The certificate that a granted filing ends in, and what becomes of it when the body ends.

A certificate that cannot be made yet (no registration number from the tax system, no key on this
machine) does not hold the decision up: the filing says what is waited for, and the certificate is
issued from the record once it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from hoptac.certificates.actions import issue_certificate, restore_certificate, revoke_certificate
from hoptac.certificates.contents import written_for
from hoptac.certificates.models import Certificate
from hoptac.certificates.terms import IssueReason
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Refused
from hoptac.registration.models import Branch, Filing, LegalRepresentative
from hoptac.registration.steps import write
from hoptac.registration.terms import BranchState, StepKind
from hoptac.registry.models import Cooperative

_REASONS = {
    "reissue": IssueReason.REISSUE, "correction": IssueReason.CORRECTION,
    "change_registration": IssueReason.CHANGE, "merger": IssueReason.CHANGE,
    "separation": IssueReason.CHANGE, "reregistration": IssueReason.EXCHANGE,
}  # fmt: skip
PARTS = frozenset({"branch_opening", "branch_change", "business_place_opening"})


def certify(ctx: Context, filing: Filing, bodies: Iterable[Cooperative], on: date) -> None:
    """Issue what a filing ends in: a certificate for each body, or for its branch.

    Each that cannot be made is told in the course of the filing, with what it waits for.
    """
    for body in bodies:
        is_part = filing.procedure in PARTS
        for kind, content in _of_parts(filing, body, on) if is_part else [_of_body(ctx, body, on)]:
            _issue(ctx, filing, body, kind, content, on)


def _issue(
    ctx: Context, filing: Filing, body: Cooperative, kind: str, content: dict[str, Any], on: date
) -> None:
    try:
        with transaction.atomic():
            certificate = issue_certificate(
                ctx, body, authority=filing.authority, kind=kind, content=content, issued_on=on,
                signatory=filing.signatory, reason=_REASONS.get(filing.procedure, IssueReason.NEW),
            )  # fmt: skip
    except Refused as refused:
        waits = "\n".join(str(f.message) for f in refused.findings)
        about = {"body": str(body.pk)}
        write(ctx, filing, StepKind.CERTIFICATE_WAITS, words=waits, details=about)
    else:
        details = {"certificate": str(certificate.pk), "body": str(body.pk)}
        write(ctx, filing, StepKind.CERTIFIED, words=certificate.number, details=details)


def representatives(bodies: Sequence[UUID], on: date) -> dict[UUID, list[dict[str, Any]]]:
    """Return who represents bodies by law on a day, as certificates name them."""
    rows = LegalRepresentative.objects.live().filter(cooperative__in=bodies, valid__contains=on)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for p in rows.order_by("id"):
        found.setdefault(p.cooperative_id, []).append(
            {
                "name": p.name, "position": p.position, "nationality": p.nationality,
                "contact_address": p.contact_address, "identity_number": p.personal_number,
            }
        )  # fmt: skip
    return found


def _of_body(ctx: Context, body: Cooperative, on: date) -> tuple[str, dict[str, Any]]:
    """Return what the register says for a body's certificate (Law 2023 art. 45)."""
    written = written_for(ctx, [body.pk], on)[body.pk]
    return written.kind, written.content


def _of_parts(filing: Filing, body: Cooperative, on: date) -> list[tuple[str, dict[str, Any]]]:
    """Return what the branches, offices and places that a filing brought say on their certificates."""
    found = []
    record = body.periods.filter(is_latest=True).first()
    for part in Branch.objects.live().filter(cooperative=body, filing=filing).order_by("id"):
        if part.state == BranchState.CLOSED:
            continue
        content = {
            "name": part.name, "code": part.code,
            "office": ", ".join(t for t in (part.address, part.commune.full_name) if t),
            "representatives": [{"name": part.head}] if part.head else [],
            "parent_name": record.name if record else "",
            "parent_code": record.registration_number if record else "",
        }  # fmt: skip
        found.append((part.kind, {k: v for k, v in content.items() if v not in (None, "")}))
    return found


def revoke_all(ctx: Context, body: Cooperative, on: date) -> None:
    """Revoke every certificate of a body that is in force."""
    for certificate in Certificate.objects.in_force().filter(cooperative=body).order_by("pk"):
        revoke_certificate(ctx, certificate, on=on)


def revoke_of_part(ctx: Context, part: Branch, on: date) -> None:
    """Revoke the certificate of a branch, office or place that is closed."""
    found = Certificate.objects.in_force().filter(
        cooperative=part.cooperative_id, kind=part.kind, code=part.code
    )
    for certificate in found.order_by("pk"):
        revoke_certificate(ctx, certificate, on=on)


def restore_last(ctx: Context, body: Cooperative, on: date) -> None:
    """Restore what the last revocation of a body took: its certificate, and those of its branches.

    Of each the one revoked last; not what was revoked for a reason of its own before, nor what
    belonged to a branch that is closed.
    """
    last = (
        Filing.objects.filter(
            cooperative=body, procedure="revocation", took_effect_on__isnull=False
        )
        .order_by("took_effect_on", "decided_at", "id")
        .last()
    )
    revoked = Certificate.objects.filter(
        cooperative=body, standings__state="revoked", standings__retired_by__isnull=True
    )
    if last is not None:
        revoked = revoked.filter(standings__since__gte=last.took_effect_on)
    closed = Branch.objects.live().filter(
        cooperative=body, valid__contains=on, state=BranchState.CLOSED
    )
    gone = set(closed.values_list("kind", "code"))
    latest = {(c.kind, c.code): c for c in revoked.order_by("pk")}
    for place, certificate in sorted(latest.items()):
        if place not in gone:
            restore_certificate(ctx, certificate, on=on)
