"""What anybody may learn of a certificate: is it ours, does it stand, what is in its place.

Discloses no more than NĐ 92/2024/NĐ-CP art. 29 makes public of a body (name, code, address, status),
and never a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from hoptac.certificates import keys, selectors
from hoptac.certificates.models import Certificate
from hoptac.certificates.payload import (
    Malformed,
    Payload,
    PublicKey,
    Signed,
    address_of,
    decode,
    judge,
)
from hoptac.certificates.terms import State, Verdict
from hoptac.registry.models import Period
from hoptac.registry.terms import LegalStatus

_OF_STATE = {
    State.IN_FORCE: Verdict.VALID,
    State.SUPERSEDED: Verdict.SUPERSEDED,
    State.REVOKED: Verdict.REVOKED,
}


@dataclass(frozen=True)
class Answer:
    """The verdict as of now; ``said`` is what a code says, ``current`` what is in force instead."""

    verdict: Verdict
    as_of: datetime
    since: date | None = None
    said: Payload | None = None
    certificate: Certificate | None = None
    current: Certificate | None = None
    period: Period | None = None
    host: str = ""
    """Where the code leads to, if that is not this office."""

    @property
    def body_status(self) -> str:
        return str(LegalStatus(self.period.legal_status).label) if self.period else ""

    def as_data(self) -> dict[str, Any]:
        """Return the answer for programs and for the page's own script."""
        found: dict[str, Any] = {
            "verdict": self.verdict.value,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "since": self.since.isoformat() if self.since else None,
        }
        if self.certificate is not None:
            found["number"] = self.certificate.number
            found["issued_on"] = self.certificate.issued_on.isoformat()
            found["status"] = self.body_status
        if self.current is not None:
            found["current"] = {
                "number": self.current.number,
                "issued_on": self.current.issued_on.isoformat(),
            }
        return found

    def as_public_data(self) -> dict[str, Any]:
        """Return the answer with what is public of the body: for who asked by number and code."""
        found = self.as_data()
        if self.certificate is not None:
            facts = public_facts(self.certificate)
            found |= {**facts, "issued_on": facts["issued_on"].isoformat()}
        return found


def public_facts(certificate: Certificate) -> dict[str, Any]:
    """Return what of a certificate is public knowledge of the body."""
    return {
        "number": certificate.number, "code": certificate.code, "name": certificate.name,
        "office": certificate.content.get("office", ""), "kind": certificate.kind,
        "authority": certificate.authority_name, "issued_on": certificate.issued_on,
    }  # fmt: skip


def of_text(text: str, public: Mapping[str, PublicKey] | None = None) -> Answer:
    """Return what is to be said of a code, bare or as its address."""
    now = timezone.now()
    try:
        host, code = address_of(text)
        signed = decode(code)
    except Malformed:
        return Answer(Verdict.UNREADABLE, now)
    elsewhere = host if host and host != urlsplit(settings.PUBLIC_URL).netloc else ""
    return of_signed(signed, public, elsewhere)


def of_signed(
    signed: Signed, public: Mapping[str, PublicKey] | None = None, host: str = ""
) -> Answer:
    """Return what is to be said of a code that was read.

    A good signature is not enough: what we never issued is forged, whoever signed it.
    """
    found = judge(signed, keys.public_keys() if public is None else public)
    if found in {"foreign", "forged"}:
        verdict = Verdict.FOREIGN if found == "foreign" else Verdict.FORGED
        return Answer(verdict, timezone.now(), said=signed.payload, host=host)
    answer = of_digest(signed.digest)
    return Answer(**{**vars(answer), "said": signed.payload, "host": host})


def of_digest(digest: str) -> Answer:
    """Return how the certificate with this digest stands; what we never issued is forged."""
    certificate = selectors.certificate_by(digest=digest)
    if certificate is None:
        return Answer(Verdict.FORGED, timezone.now())
    return _standing(certificate)


def of_number(number: str, code: str) -> Answer | None:
    """Return how the certificate of this number and code stands; nothing where there is none."""
    certificate = selectors.certificate_by(number=number.strip(), code=code.strip())
    return _standing(certificate) if certificate else None


def _standing(certificate: Certificate) -> Answer:
    state: str = certificate.state  # type: ignore[attr-defined]
    since: date = certificate.state_on  # type: ignore[attr-defined]
    verdict = _OF_STATE[State(state)]
    period = selectors.period_today(certificate.cooperative_id)
    current = None
    if verdict is not Verdict.VALID:
        current = selectors.latest_of(certificate)
    elif period is not None and selectors.has_ended(period):
        verdict, since = Verdict.ENDED, period.valid.lower
    return Answer(
        verdict, timezone.now(), since=since, certificate=certificate, current=current,
        period=period,
    )  # fmt: skip


def lists() -> dict[str, Any]:
    """Return what a phone keeps in order to judge without network: keys, and all that is out of force.

    Digests are cut to 16 signs: enough to tell one of ours from another.
    """
    not_in_force: dict[str, dict[str, str]] = {"superseded": {}, "revoked": {}, "ended": {}}
    for digest, state, since, _number in selectors.out_of_force():
        not_in_force[state][digest[:16]] = since.isoformat()
    return {
        "as_of": timezone.now().isoformat(timespec="seconds"),
        "keys": key_list(),
        "not_in_force": not_in_force,
    }


def key_list() -> list[dict[str, Any]]:
    """Return every public key of this office, for ever."""
    return [
        {
            "id": key.id,
            "public": key.public.hex(),
            "last_on": key.valid_to.isoformat() if key.valid_to else None,
            "compromised": key.is_compromised,
        }
        for key in keys.public_keys().values()
    ]
