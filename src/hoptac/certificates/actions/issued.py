"""Acts upon certificates: issuing, revoking, restoring, attaching the signed file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hoptac.certificates import log, making, signatures
from hoptac.certificates.actions.keys import trusted_roots
from hoptac.certificates.contents import plain, unlike_the_register
from hoptac.certificates.form import check_content
from hoptac.certificates.models import Certificate, SignedFile, Standing
from hoptac.certificates.terms import IssueReason, LogEvent, State
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.terms import LegalStatus

ISSUE, REVOKE = "certificates.issue", "certificates.revoke"


# --- Certificates -------------------------------------------------------------------------------


@action(ISSUE, name="certificates.issue_certificate")
def issue_certificate(
    ctx: Context,
    cooperative: Cooperative,
    *,
    authority: AdminUnit,
    kind: str,
    content: Mapping[str, Any],
    issued_on: date,
    signatory: str,
    reason: str,
) -> Certificate:
    """Issue a certificate: numbered, signed, printed, kept, and entered in the log in the open.

    ``content`` is what Law 2023 art. 45 puts on it (:data:`form.FIELDS`). ``signatory`` is the
    signer's name, the position on the lines before it. The body's certificate in force of this kind
    (for branches and offices: of this code) is superseded by the new one. An act upon several
    bodies holds them all before it issues: the log is held from here to the end of the act.

    What a person issues says what the register says: that changes by decisions of two, a certificate
    by itself changes nothing.

    :raises Refused: the content does not make a certificate or is unlike the register, the body has
        ended, the day lies in the future or after the signing key's last, or no key signs on this machine
    """
    said = plain(content)
    refuse_if_any(check_content(kind, cooperative.kind, said))
    refuse_if_any(check_terms(ctx, issued_on, signatory, reason))
    if ctx.user is not None:
        refuse_if_any(unlike_the_register(ctx, cooperative, kind, said, issued_on))
    if _has_ended(cooperative):
        raise Refused(Finding("already_ended", _("The body has already ended.")))
    log.hold()
    order = making.Order(cooperative, kind, said)
    [before] = making.in_force([order])
    refuse_if_any(filter(None, [making.too_early(before, issued_on)]))
    terms = making.Terms(authority, issued_on, signatory, reason)
    [certificate] = making.make(ctx, terms, [order], [ctx], [before])
    return certificate


def check_terms(ctx: Context, issued_on: date, signatory: str, reason: str) -> Iterator[Finding]:
    """Yield what keeps certificates from being issued on a day, by a person, for a reason."""
    if reason not in IssueReason.values:
        yield Finding("reason_unknown", _("Choose the reason."), field="reason")
    if issued_on > ctx.today:
        yield Finding("date_in_future", _("The day lies in the future."), field="issued_on")
    if not signatory.strip():
        yield Finding("signatory_missing", _("Name who signs."), field="signatory")


def _has_ended(cooperative: Cooperative) -> bool:
    latest = Period.objects.filter(cooperative=cooperative, is_latest=True)
    return latest.filter(legal_status=LegalStatus.ENDED).exists()


def _stand(
    ctx: Context, certificate: Certificate, state: State, since: date, **more: Any
) -> Standing:
    """Let a certificate stand otherwise from a day on; what stood before is kept, retired."""
    live = Standing.objects.filter(certificate=certificate, retired_by__isnull=True)
    live.update(retired_by=ctx.act_id)
    return Standing.objects.create(
        certificate=certificate, state=state, since=since, act_id=act_of(ctx), **more
    )


def _state_of(certificate: Certificate) -> Standing:
    return Standing.objects.get(certificate=certificate, retired_by__isnull=True)


def _reasoned(ctx: Context, on: date, since: date) -> None:
    if not (ctx.reason.strip() or ctx.basis.strip()):
        raise Refused(
            Finding("reason_missing", _("Name the decision or the reason."), field="reason")
        )
    if on > ctx.today:
        raise Refused(Finding("date_in_future", _("The day lies in the future."), field="on"))
    if on < since:
        raise Refused(
            Finding(
                "before_state",
                _("It stands as it does only since %(day)s.") % {"day": f"{since:%d/%m/%Y}"},
                field="on",
            )
        )


@action(REVOKE, name="certificates.revoke_certificate")
def revoke_certificate(ctx: Context, certificate: Certificate, *, on: date) -> Certificate:
    """Revoke a certificate from a day on. The context gives the decision (basis) and the ground (reason).

    :raises Refused: it is not in force, no reason is given, or the day does not fit
    """
    Cooperative.objects.select_for_update(of=("self",)).get(pk=certificate.cooperative_id)
    log.hold()
    standing = _state_of(certificate)
    _reasoned(ctx, on, standing.since)
    if standing.state != State.IN_FORCE:
        raise Refused(Finding("not_in_force", _("The certificate is not in force.")))
    _stand(ctx, certificate, State.REVOKED, on, reason=ctx.reason[:500], basis=ctx.basis[:300])
    log.append(ctx, [(LogEvent.REVOKE, certificate.digest, act_of(ctx))])
    note(
        ctx,
        subject=certificate.cooperative,
        certificate=certificate.pk,
        number=certificate.number,
        on=on,
    )
    return certificate


@action(REVOKE, name="certificates.restore_certificate")
def restore_certificate(ctx: Context, certificate: Certificate, *, on: date) -> Certificate:
    """Restore a revoked certificate from a day on; the context gives the decision and the reason.

    :raises Refused: it is not revoked, another took its place meanwhile, or as for revoking
    """
    body = Cooperative.objects.select_for_update(of=("self",)).get(pk=certificate.cooperative_id)
    log.hold()
    standing = _state_of(certificate)
    _reasoned(ctx, on, standing.since)
    if standing.state != State.REVOKED:
        raise Refused(Finding("not_revoked", _("The certificate is not revoked.")))
    place = making.Order(body, certificate.kind, {"code": certificate.code})
    if making.in_force([place]) != [None]:
        raise Refused(Finding("another_in_force", _("Another certificate is in force by now.")))
    _stand(ctx, certificate, State.IN_FORCE, on, reason=ctx.reason[:500], basis=ctx.basis[:300])
    log.append(ctx, [(LogEvent.RESTORE, certificate.digest, act_of(ctx))])
    note(ctx, subject=body, certificate=certificate.pk, number=certificate.number, on=on)
    return certificate


@action(ISSUE, name="certificates.attach_signed_file")
def attach_signed_file(
    ctx: Context, certificate: Certificate, *, content: bytes, name: str
) -> SignedFile:
    """Attach the certificate's PDF as it was signed outside, with what its signature is found to be.

    :raises Refused: it is no PDF, holds no signature, was altered since it was signed, or is not
        the file of this certificate
    """
    found = signatures.inspect(content, [bytes(r.content) for r in trusted_roots()])
    original = certificate.file.read()
    if not content.startswith(original):
        raise Refused(
            Finding(
                "not_this_file",
                _(
                    "This is not the file of this certificate with a signature added. "
                    "Sign the file that you download here."
                ),
                field="file",
            )
        )
    if not found.is_intact:
        raise Refused(
            Finding(
                "signature_broken", _("The file was altered after it was signed."), field="file"
            )
        )
    file = store(ctx, content, name=name, media_type="application/pdf")
    signed = SignedFile.objects.create(
        certificate=certificate, file=file, signer=found.signer[:300], issuer=found.issuer[:300],
        signed_at=found.signed_at, is_intact=found.is_intact, is_trusted=found.is_trusted,
        details=found.details, act_id=act_of(ctx),
    )  # fmt: skip
    note(
        ctx, subject=certificate.cooperative, certificate=certificate.pk, number=certificate.number,
        sha256=file.sha256, signer=found.signer, is_trusted=found.is_trusted,
    )  # fmt: skip
    return signed
