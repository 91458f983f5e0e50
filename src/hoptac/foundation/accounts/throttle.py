"""How often a password or code may be tried. Asked before anything is hashed.

Counted in the database, so that every worker knows and a restart forgets nothing. An account that
does not exist is counted like any other. A browser in which the person signed in before (a *known
device*) has tries of its own, so that an attack from elsewhere does not lock the owner out.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import ngettext

from hoptac.foundation.accounts.models import Attempt
from hoptac.foundation.accounts.sessions import address_of

ACCOUNT_TRIES, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 100, timedelta(hours=1)
GUESSES, GUESS_WINDOW = 30, timedelta(hours=1)
CODE_TRIES, CODE_WINDOW = 5, timedelta(minutes=15)
_KEPT = timedelta(days=30)

COOKIE = "device"
_COOKIE_AGE = 90 * 24 * 60 * 60
_COOKIE_PEOPLE = 6
_signer = signing.TimestampSigner(salt="hoptac.accounts.device")


@dataclass(frozen=True)
class Verdict:
    """Whether a try may be judged; ``wait`` seconds are left where it may not."""

    attempt: Attempt | None
    wait: int = 0

    @property
    def is_allowed(self) -> bool:
        return self.attempt is not None


def digest(words: str) -> str:
    """Return a keyed digest of an account's name or of a device."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, words.strip().casefold().encode(), "sha256").hexdigest()[:32]


def take_password_try(request: HttpRequest, username: str) -> Verdict:
    """Take one try of a password for an account name, existing or not, if one is left."""
    account, address = digest(username), address_of(request)
    device = known_device(request, account)
    with transaction.atomic():
        # Account before address, always: two waiting for each other cannot come about.
        _hold(device or account)
        counted = Attempt.objects.filter(account=account, kind="password", device=device)
        wait = _wait(counted, ACCOUNT_TRIES, ACCOUNT_WINDOW)
        if not device and not wait:
            _hold(f"address {address}")
            counted = Attempt.objects.filter(address=address, kind="password", device="")
            wait = _wait(counted, ADDRESS_TRIES, ADDRESS_WINDOW)
        if wait:
            return Verdict(None, wait)
        return Verdict(_note(account, device, address, "password"))


def take_code_try(request: HttpRequest, user: Any) -> Verdict:
    """Take one try of a second-factor code for a person, if one is left."""
    account = digest(user.username)
    with transaction.atomic():
        _hold(f"code {account}")
        counted = Attempt.objects.filter(account=account, kind="code")
        wait = _wait(counted, CODE_TRIES, CODE_WINDOW)
        if wait:
            return Verdict(None, wait)
        return Verdict(_note(account, "", address_of(request), "code"))


def guesses_are_over(request: HttpRequest, kind: str) -> bool:
    """Tell whether an address has named too many codes (of receipts, say) that do not exist."""
    tries = Attempt.objects.filter(address=address_of(request), kind=kind)
    return _wait(tries, GUESSES, GUESS_WINDOW) > 0


def note_guess(request: HttpRequest, kind: str) -> None:
    """Count a code that does not exist against the address that named it."""
    _note("", "", address_of(request), kind)


def succeeded(verdict: Verdict) -> None:
    """Count a right password or code no more, and drop what is long past."""
    attempt = verdict.attempt
    if attempt is None:
        return
    Attempt.objects.filter(pk=attempt.pk).update(counts=False)
    if attempt.device:
        Attempt.objects.filter(account=attempt.account, device=attempt.device).update(counts=False)
    past = timezone.now() - _KEPT
    Attempt.objects.filter(account=attempt.account, at__lt=past).delete()


def locked_for(username: str) -> int:
    """Return for how many seconds an account is closed to unknown devices; 0 where it is open."""
    account = digest(username)
    tries = Attempt.objects.filter(account=account)
    return max(
        _wait(tries.filter(kind="password", device=""), ACCOUNT_TRIES, ACCOUNT_WINDOW),
        _wait(tries.filter(kind="code"), CODE_TRIES, CODE_WINDOW),
    )


def unlock(username: str) -> int:
    """Count no try at an account so far; returns how many that were."""
    return int(Attempt.objects.filter(account=digest(username), counts=True).update(counts=False))


def in_words(wait: int) -> str:
    """Say how long to wait."""
    minutes = max(1, math.ceil(wait / 60))
    return ngettext(
        "Too many wrong tries. Try again in %(count)s minute, or ask your system administrator to "
        "open your account.",
        "Too many wrong tries. Try again in %(count)s minutes, or ask your system administrator to "
        "open your account.",
        minutes,
    ) % {"count": minutes}


def _wait(tries: Any, most: int, window: timedelta) -> int:
    now = timezone.now()
    counted = tries.filter(counts=True, at__gt=now - window).order_by("-at")
    oldest = counted.values_list("at", flat=True)[most - 1 : most]
    return max(1, math.ceil((oldest[0] + window - now).total_seconds())) if oldest else 0


def _note(account: str, device: str, address: str, kind: str) -> Attempt:
    return Attempt.objects.create(
        account=account, device=device, address=address, kind=kind, at=timezone.now()
    )


def _hold(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"try {what}"])


# --- Known devices: a signed cookie, as OWASP advises -------------------------------------------


def known_device(request: HttpRequest, account: str) -> str:
    """Return the digest of the browser, if the account's owner signed in there before."""
    name, people = _read(request)
    return digest(name) if account in people else ""


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Make the browser a known device of the person who has just signed in."""
    name, people = _read(request)
    account = digest(username)
    people = [account, *(p for p in people if p != account)][:_COOKIE_PEOPLE]
    value = _signer.sign(".".join([name or get_random_string(22), *people]))
    response.set_cookie(
        COOKIE, value, max_age=_COOKIE_AGE, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        value = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=_COOKIE_AGE)
    except signing.BadSignature:
        return "", []
    name, *people = value.split(".")
    return name, people
