"""Acts upon the keys that sign certificates, and upon the authorities trusted for attached files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hoptac.certificates import keys, log, signatures
from hoptac.certificates.models import KeyEnd, SigningKey, TrustedRoot
from hoptac.foundation.access import Context
from hoptac.foundation.actions import act_of, action, note
from hoptac.foundation.findings import Finding, Refused

KEEP_KEYS = "certificates.keep_keys"


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
        id=name, public_key=public.hex(), valid_from=ctx.today, act_id=act_of(ctx)
    )
    if old is not None:
        KeyEnd.objects.create(
            key=old, last_on=ctx.today, is_compromised=is_compromised, reason=ctx.reason[:300],
            act_id=act_of(ctx),
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
        act_id=act_of(ctx),
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
