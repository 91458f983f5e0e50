"""The second factor: a code from the phone (TOTP), or one of ten recovery codes. Each works once.

Kept in the library's table, with the key encrypted. Judged here, in the database, because two
workers must not accept one code twice.
"""

from __future__ import annotations

import logging
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hoptac.foundation.accounts.models import User

_LOG = logging.getLogger(__name__)
_STEP = 30


def is_on(user: User) -> bool:
    """Tell whether the person has enrolled an authenticator."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def new_secret() -> str:
    """Return a fresh key for an authenticator app."""
    return totp.generate_totp_secret()


def proves(secret: str, code: str) -> bool:
    """Tell whether a code comes from an app that holds the key (at enrolment)."""
    return _step_of(secret, _digits(code)) is not None


@transaction.atomic
def enrol(user: User, secret: str, code: str) -> list[str]:
    """Keep the key and return fresh recovery codes; the code that proved it is used up."""
    forget(user)
    instance = totp.TOTP.activate(user, secret).instance
    instance.data["last_step"] = _step_of(secret, _digits(code)) or 0
    instance.save(update_fields=["data"])
    return RecoveryCodes.activate(user).get_unused_codes()


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Return ten fresh recovery codes; the old ones stop working."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


def forget(user: User) -> int:
    """Forget authenticator and recovery codes; returns how many rows went."""
    return int(Authenticator.objects.filter(user=user).delete()[0])


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return len(RecoveryCodes(found).get_unused_codes()) if found else 0
    except InvalidToken:
        return 0


@transaction.atomic
def check(user: User, code: str) -> bool:
    """Judge a code of the app or a recovery code, and use it up."""
    code = _digits(code)
    rows = Authenticator.objects.select_for_update().filter(user=user).order_by("-type")
    try:
        return any(_matches(row, code) for row in rows)
    except InvalidToken:
        _LOG.error("the second factor of %s cannot be read: was SECRET_KEY changed?", user.pk)
        return False


def _matches(row: Authenticator, code: str) -> bool:
    if row.type == Authenticator.Type.RECOVERY_CODES:
        return RecoveryCodes(row).validate_code(code)
    step = _step_of(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data.get("last_step", 0):
        return False
    row.data["last_step"] = step
    row.last_used_at = timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def _step_of(secret: str, code: str) -> int | None:
    """Return the half-minute whose code this is, among the last, the present and the next."""
    now = int(time.time()) // _STEP
    for step in (now, now - 1, now + 1):
        if constant_time_compare(totp.format_hotp_value(totp.hotp_value(secret, step)), code):
            return step
    return None


def _digits(code: str) -> str:
    return "".join(c for c in code if c.isdecimal() and c.isascii())
