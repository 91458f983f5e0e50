"""Acts upon certificates: issuing, revoking, restoring, attaching the signed file, keeping the keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hoptac.certificates import document, keys, log, signatures
from hoptac.certificates.form import authority_lines, authority_name, check_content, form_on
from hoptac.certificates.models import (
    Certificate,
    KeyEnd,
    SignedFile,
    SigningKey,
    Standing,
    TrustedRoot,
)
from hoptac.certificates.payload import Malformed, Payload, encode
from hoptac.certificates.terms import PARTS, IssueReason, LogEvent, State
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.numbering import take
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.terms import LegalStatus

ISSUE, REVOKE, KEEP_KEYS = "certificates.issue", "certificates.revoke", "certificates.keep_keys"


def _act_of(ctx: Context) -> UUID:
    assert ctx.act_id is not None  # noqa: S101
    return ctx.act_id


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

    :raises Refused: the content does not make a certificate, the body has ended, the day lies in the
        future or after the signing key's last, or no key signs on this machine
    """
    said = _tidied(content)
    day = max(issued_on, date(1970, 1, 1))
    refuse_if_any(check_content(kind, cooperative.kind, said))
    if reason not in IssueReason.values:
        raise Refused(Finding("reason_unknown", _("Choose the reason."), field="reason"))
    if issued_on > ctx.today:
        raise Refused(
            Finding("date_in_future", _("The day lies in the future."), field="issued_on")
        )
    if not signatory.strip():
        raise Refused(Finding("signatory_missing", _("Name who signs."), field="signatory"))
    if _has_ended(cooperative):
        raise Refused(Finding("already_ended", _("The body has already ended.")))
    log.hold()
    key, private = keys.signing()
    before = _in_force(cooperative, kind, str(said["code"]))
    if before is not None and before.issued_on > issued_on:
        raise Refused(
            Finding(
                "before_last", _("The certificate in force was issued later, on %(day)s.")
                % {"day": f"{before.issued_on:%d/%m/%Y}"}, field="issued_on",
            )
        )  # fmt: skip
    rule = form_on(issued_on)
    name = authority_name(rule, authority)
    series = f"certificate:{authority.code}:{issued_on.year}"
    sequence = take(series)
    number = f"{sequence:05}/{issued_on.year}/{authority.code}"
    try:
        signed = encode(
            Payload(
                kind=kind, key_id=key.pk, issued_on=day, number=number, code=str(said["code"]),
                name=str(said["name"]), office=str(said["office"]), authority=name,
                capital=said.get("charter_capital"),
            ),
            private.sign,
        )  # fmt: skip
    except Malformed as error:
        raise Refused(
            Finding(
                "text_unfit",
                _("A text is too long or holds signs that cannot be printed."),
                field=str(error),
            )
        ) from error
    content_of_file = document.render(
        rule, kind=kind, body_kind=cooperative.kind, content=said, number=number,
        authority=authority_lines(rule, authority), place=authority.name, issued_on=issued_on,
        signatory=signatory, reason=reason, code=signed.text,
    )  # fmt: skip
    file = store(
        ctx, content_of_file, name=f"giay-chung-nhan-{number.replace('/', '-')}.pdf",
        media_type="application/pdf",
    )  # fmt: skip
    certificate = Certificate.objects.create(
        province_code=cooperative.province_code, cooperative=cooperative, kind=kind, series=series,
        sequence=sequence, number=number, authority=authority, authority_name=name,
        code=said["code"], name=said["name"], content=said, issued_on=issued_on,
        signatory=signatory, reason=reason, key=key, payload=signed.text, digest=signed.digest,
        file=file, act_id=_act_of(ctx),
    )  # fmt: skip
    events = []
    if before is not None:
        _stand(ctx, before, State.SUPERSEDED, issued_on, successor=certificate)
        events.append((LogEvent.SUPERSEDE, before.digest))
    _stand(ctx, certificate, State.IN_FORCE, issued_on)
    log.append(ctx, [*events, (LogEvent.ISSUE, certificate.digest)])
    note(
        ctx, certificate=certificate.pk, number=number, kind=kind, reason=reason,
        issued_on=issued_on, digest=signed.digest, supersedes=before.number if before else None,
    )  # fmt: skip
    return certificate


def _tidied(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with texts in one normal form and without empty ones, days as text."""

    def plain(value: Any) -> Any:
        match value:
            case str():
                return tidy(value)
            case date():
                return value.isoformat()
            case Mapping():
                return {k: p for k, v in value.items() if (p := plain(v)) not in (None, "")}
            case list() | tuple():
                return [plain(v) for v in value]
        return value

    return plain(content)  # type: ignore[no-any-return]


def _has_ended(cooperative: Cooperative) -> bool:
    latest = Period.objects.filter(cooperative=cooperative, is_latest=True)
    return latest.filter(legal_status=LegalStatus.ENDED).exists()


def _in_force(cooperative: Cooperative, kind: str, code: str) -> Certificate | None:
    found = Certificate.objects.in_force().filter(cooperative=cooperative, kind=kind)
    if kind in PARTS:
        found = found.filter(code=code)
    return found.first()


def _stand(
    ctx: Context, certificate: Certificate, state: State, since: date, **more: Any
) -> Standing:
    """Let a certificate stand otherwise from a day on; what stood before is kept, retired."""
    live = Standing.objects.filter(certificate=certificate, retired_by__isnull=True)
    live.update(retired_by=ctx.act_id)
    return Standing.objects.create(
        certificate=certificate, state=state, since=since, act_id=_act_of(ctx), **more
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
    log.append(ctx, [(LogEvent.REVOKE, certificate.digest)])
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
    if _in_force(body, certificate.kind, certificate.code) is not None:
        raise Refused(Finding("another_in_force", _("Another certificate is in force by now.")))
    _stand(ctx, certificate, State.IN_FORCE, on, reason=ctx.reason[:500], basis=ctx.basis[:300])
    log.append(ctx, [(LogEvent.RESTORE, certificate.digest)])
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
        details=found.details, act_id=_act_of(ctx),
    )  # fmt: skip
    note(
        ctx, subject=certificate.cooperative, certificate=certificate.pk, number=certificate.number,
        sha256=file.sha256, signer=found.signer, is_trusted=found.is_trusted,
    )  # fmt: skip
    return signed


# --- Keys and roots -----------------------------------------------------------------------------


@action(KEEP_KEYS, name="certificates.rotate_key")
def rotate_key(ctx: Context, *, is_compromised: bool = False) -> SigningKey:
    """Make a new signing key, the first one too; the one before signs certificates of earlier days only.

    ``is_compromised``: the old key fell into other hands. Then no signature of it is believed by
    itself any more; what it signed before still stands in our list, and is valid by that.

    :raises Refused: a reason is missing, or the key is of today
    """
    log.hold()
    old = keys.current()
    if old is not None and not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))
    name, public = keys.make()
    key = SigningKey.objects.create(
        id=name, public_key=public.hex(), valid_from=ctx.today, act_id=_act_of(ctx)
    )
    if old is not None:
        KeyEnd.objects.create(
            key=old, last_on=ctx.today, is_compromised=is_compromised, reason=ctx.reason[:300],
            act_id=_act_of(ctx),
        )  # fmt: skip
    note(
        ctx, subject=key, key=name, public_key=public.hex(), ends=old.pk if old else None,
        is_compromised=is_compromised,
    )  # fmt: skip
    return key


def trusted_roots() -> list[TrustedRoot]:
    """Return the authorities whose signatures are trusted today."""
    return list(TrustedRoot.objects.filter(retired_by__isnull=True))


@action(KEEP_KEYS, name="certificates.trust_root")
def trust_root(ctx: Context, *, content: bytes) -> TrustedRoot:
    """Trust a certificate authority (X.509, PEM or DER) for signatures of attached files.

    :raises Refused: it is no certificate of an authority, is over, or is trusted already
    """
    subject, fingerprint, until, der = signatures.read_root(content)
    if until < ctx.today:
        raise Refused(Finding("root_over", _("This certificate is over."), field="file"))
    if TrustedRoot.objects.filter(fingerprint=fingerprint, retired_by__isnull=True).exists():
        raise Refused(Finding("root_known", _("This authority is trusted already."), field="file"))
    root = TrustedRoot.objects.create(
        subject=subject[:300], fingerprint=fingerprint, valid_to=until, content=der,
        act_id=_act_of(ctx),
    )  # fmt: skip
    note(ctx, subject=root, root=subject, fingerprint=fingerprint)
    return root


@action(KEEP_KEYS, name="certificates.distrust_root")
def distrust_root(ctx: Context, root: TrustedRoot) -> None:
    """Trust an authority no more for files attached from now on.

    :raises Refused: it is not trusted, or no reason is given
    """
    if root.retired_by is not None:
        raise Refused(Finding("root_unknown", _("This authority is not trusted.")))
    if not ctx.reason.strip():
        raise Refused(Finding("reason_missing", _("Give the reason."), field="reason"))
    TrustedRoot.objects.filter(pk=root.pk).update(retired_by=ctx.act_id)
    note(ctx, root=root.subject, fingerprint=root.fingerprint)
