"""Questions about certificates; those of officers begin with who asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q

from hoptac.certificates.models import (
    Certificate,
    CertificateQuerySet,
    KeyEnd,
    LogEntry,
    SignedFile,
    SigningKey,
    Standing,
)
from hoptac.certificates.terms import State
from hoptac.foundation.access import Context
from hoptac.foundation.vietnamese import tidy
from hoptac.registry.models import Cooperative, Period
from hoptac.registry.terms import LegalStatus

SEE = "certificates.view"
SEE_PEOPLE = "registry.view_contacts"
_MOST_NAMED = 2000


def certificates_seen(ctx: Context) -> CertificateQuerySet:
    """Return the certificates of the caller's territory with how each stands today."""
    return Certificate.objects.visible_to(ctx, SEE).with_state()


def certificates_found(
    ctx: Context, *, q: str = "", state: str = "", kind: str = ""
) -> CertificateQuerySet:
    """Return those with a number, code or name, of a state, of a kind; the latest first."""
    found = certificates_seen(ctx)
    words = tidy(q)
    if words:
        named = Period.objects.filter(is_latest=True).matching(words).named(words)
        bodies = list(named.order_by().values_list("cooperative_id", flat=True)[:_MOST_NAMED])
        found = found.filter(
            Q(number__startswith=words) | Q(code=words) | Q(cooperative__in=bodies)
        )
    if state in State.values:
        found = found.filter(state=state)  # type: ignore[misc]
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-issued_on", "-sequence", "pk")


def certificate_seen(ctx: Context, pk: UUID) -> Certificate | None:
    """Return one certificate of the caller's territory with all that became of it."""
    signed = SignedFile.objects.select_related("file").order_by("-pk")
    past = Standing.objects.select_related("successor").order_by("pk")
    return (
        certificates_seen(ctx)
        .select_related("cooperative", "authority", "file", "key")
        .prefetch_related(Prefetch("signed_files", signed), Prefetch("standings", past))
        .filter(pk=pk)
        .first()
    )


def certificates_of(ctx: Context, cooperative: Cooperative) -> list[Certificate]:
    """Return a body's certificates, the latest first (the page has checked sight of the body)."""
    found = Certificate.objects.filter(cooperative=cooperative).with_state()
    return list(found.order_by("-issued_on", "-sequence"))


def may_see_people(ctx: Context, cooperative: Cooperative) -> bool:
    """Tell whether the caller may read what the paper says of persons."""
    return ctx.may(SEE_PEOPLE) and cooperative.is_within(ctx, SEE_PEOPLE)


def keys_kept() -> list[SigningKey]:
    """Return every key, the latest first, with its end if it has one."""
    return list(SigningKey.objects.select_related("end").order_by("-valid_from", "-pk"))


def end_of(key: SigningKey) -> KeyEnd | None:
    return getattr(key, "end", None)


# --- What the world may know --------------------------------------------------------------------

_OUT_OF_FORCE = """
SELECT c.digest, CASE WHEN s.state = 'in_force' THEN 'ended' ELSE s.state END,
    CASE WHEN s.state = 'in_force' THEN lower(p.valid) ELSE s.since END, c.number
FROM certificates_certificate c
JOIN certificates_standing s ON s.certificate_id = c.id AND s.retired_by IS NULL
LEFT JOIN registry_period p ON p.cooperative_id = c.cooperative_id AND p.is_latest
WHERE s.state <> 'in_force' OR p.legal_status = 'ended'
ORDER BY c.digest
"""


def out_of_force() -> list[tuple[str, str, date, str]]:
    """Return digest, state, day and number of every certificate that is not in force (any more)."""
    with connection.cursor() as cursor:
        cursor.execute(_OUT_OF_FORCE)
        return cursor.fetchall()


def certificate_by(**known: Any) -> Certificate | None:
    """Return a certificate by its digest, or by number and code, with how it stands."""
    return Certificate.objects.with_state().filter(**known).first()


def latest_of(certificate: Certificate) -> Certificate | None:
    """Return the certificate that is in force in the place of another."""
    found = Certificate.objects.in_force().filter(
        cooperative=certificate.cooperative_id, kind=certificate.kind, code=certificate.code
    )
    return found.order_by("-issued_on", "-sequence").first()


def period_today(cooperative_id: UUID) -> Period | None:
    return Period.objects.filter(cooperative=cooperative_id, is_latest=True).first()


def has_ended(period: Period | None) -> bool:
    return period is not None and period.legal_status == LegalStatus.ENDED


_EVENTS = {
    State.IN_FORCE: ("issue", "restore"),
    State.SUPERSEDED: ("supersede",),
    State.REVOKED: ("revoke",),
}


def events_missing() -> Iterator[str]:
    """Yield, in words, where the certificates and the log in the open do not tell the same."""
    told: dict[str, str] = {}
    for digest, event in LogEntry.objects.order_by("number").values_list("digest", "event"):
        told[digest] = event
    stand = Standing.objects.filter(retired_by__isnull=True)
    known = set()
    for number, digest, state in stand.values_list(
        "certificate__number", "certificate__digest", "state"
    ):
        known.add(digest)
        if told.get(digest) not in _EVENTS[State(state)]:
            yield f"certificate {number} is {state}, and the log says {told.get(digest, 'nothing')}"
    for digest in sorted(set(told) - known):
        yield f"the log speaks of a certificate {digest} that is not there"
