"""What administrators do to accounts, and people to their own; every act is journalled."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts import second_factor, throttle
from hoptac.foundation.accounts.models import OWN, Session, User
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused

ONE_TIME_DAYS = 3
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_DETAILS = ("full_name", "email", "phone", "job_title")


def one_time_password() -> str:
    """Return a password that can be read out over the telephone; changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _m in range(4))


def revoke_sessions(user: User) -> None:
    """End every session of a person with its next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    Session.objects.filter(user=user).delete()
    user.refresh_from_db(fields=["session_epoch"])


# --- Administrators -----------------------------------------------------------------------------


@action("accounts.manage", name="accounts.create_user")
def create_user(
    ctx: Context, *, username: str, full_name: str, email: str = "", job_title: str = "",
    phone: str = "",
) -> tuple[User, str]:  # fmt: skip
    """Make an account and return it with its one-time password. Mandates are given apart.

    :raises Refused: the name is taken, or a field is empty
    """
    name = username.strip().lower()
    if not name or not full_name.strip():
        raise Refused(
            Finding(
                "name_missing", _("Enter the account name and the full name."), field="username"
            )
        )
    if User.objects.filter(username__iexact=name).exists():
        raise Refused(Finding("username_taken", _("This account name is taken."), field="username"))
    password = one_time_password()
    user = User.objects.create_user(
        name, password, full_name=full_name.strip(), email=email.strip(),
        job_title=job_title.strip(), phone=phone.strip(), must_change_password=True,
        password_until=timezone.now() + timedelta(days=ONE_TIME_DAYS),
    )  # fmt: skip
    note(ctx, subject=user, username=name)
    return user, password


@action("accounts.manage", name="accounts.change_user")
def change_user(ctx: Context, user: User, **details: str) -> User:
    """Change name, position, e-mail or telephone of a person.

    :raises Refused: the full name would be empty
    """
    changed = _change(user, {k: v for k, v in details.items() if k in _DETAILS})
    note(ctx, fields=changed)
    return user


@action("accounts.manage", name="accounts.disable_user")
def disable_user(ctx: Context, user: User) -> User:
    """Close an account at once: its sessions die with the next request.

    :raises Refused: it is the caller's own
    """
    _refuse_own(ctx, user, _("You cannot close your own account."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    revoke_sessions(user)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.enable_user")
def enable_user(ctx: Context, user: User) -> User:
    """Open a closed account again; its mandates decide what it may do."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.reset_password")
def reset_password(ctx: Context, user: User) -> str:
    """Give a new one-time password, good for three days, and return it; open sessions die.

    :raises Refused: it is the caller's own account
    """
    _refuse_own(ctx, user, _("Change your own password under My account."))
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_until = timezone.now() + timedelta(days=ONE_TIME_DAYS)
    user.save(update_fields=["password", "must_change_password", "password_until"])
    revoke_sessions(user)
    throttle.unlock(user.username)
    note(ctx, username=user.username, new_password="given")  # noqa: S106
    return password


@action("accounts.manage", name="accounts.reset_second_factor")
def reset_second_factor(ctx: Context, user: User) -> User:
    """Forget a lost authenticator; the person enrols a new one at the next sign-in.

    :raises Refused: it is the caller's own account, which another administrator must open
    """
    _refuse_own(ctx, user, _("Another administrator must reset your second factor."))
    second_factor.forget(user)
    revoke_sessions(user)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.unlock_user")
def unlock_user(ctx: Context, user: User) -> int:
    """Let a locked-out person try again; returns how many tries no longer count."""
    dropped = throttle.unlock(user.username)
    note(ctx, username=user.username, dropped=dropped)
    return dropped


@action("accounts.manage", name="accounts.end_sessions")
def end_sessions(ctx: Context, user: User) -> User:
    """End every open session of a person."""
    revoke_sessions(user)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.close_demonstration")
def close_demonstration(ctx: Context) -> int:
    """Close every demonstration account, whose password anybody may read; returns how many.

    :raises Refused: the caller's own account is one of them
    """
    if ctx.user is not None and ctx.user.is_demo:
        raise Refused(
            Finding("own_account", _("Sign in with an account of your own to close these."))
        )
    found = list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))
    for user in found:
        user.is_active = False
        user.save(update_fields=["is_active"])
        revoke_sessions(user)
    note(ctx, closed=[u.username for u in found])
    return len(found)


def _refuse_own(ctx: Context, user: User, why: str) -> None:
    if ctx.user is not None and ctx.user.pk == user.pk:
        raise Refused(Finding("own_account", why))


# --- One's own account --------------------------------------------------------------------------


@action(OWN, name="accounts.change_own_password")
def change_own_password(ctx: Context, user: User, *, password: str) -> User:
    """Choose a new password; every session of the person ends.

    :raises Refused: the password is too short, too common, or the old one
    """
    if user.has_usable_password() and user.check_password(password):
        raise Refused(
            Finding("password_same", _("Choose another password than before."), field="password")
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(
            *(Finding("password_weak", m, field="password") for m in error.messages)
        ) from error
    user.set_password(password)
    user.must_change_password = False
    user.password_until = None
    user.save(update_fields=["password", "must_change_password", "password_until"])
    revoke_sessions(user)
    note(ctx, username=user.username)
    return user


@action(OWN, name="accounts.change_own_profile")
def change_own_profile(ctx: Context, user: User, **details: str) -> User:
    """Change the own language, appearance, telephone or e-mail."""
    known = ("language", "theme", "phone", "email")
    note(ctx, fields=_change(user, {k: v for k, v in details.items() if k in known}))
    return user


@action(OWN, name="accounts.set_up_second_factor")
def set_up_second_factor(ctx: Context, user: User, *, secret: str, code: str) -> list[str]:
    """Enrol an authenticator app and return the recovery codes, shown this once.

    :raises Refused: the code does not come from an app that holds the key
    """
    if not second_factor.proves(secret, code):
        raise Refused(
            Finding(
                "code_wrong",
                _("This is not the code of the key above. Check the clock of your phone."),
                field="code",
            )
        )
    codes = second_factor.enrol(user, secret, code)
    note(ctx, username=user.username)
    return codes


@action(OWN, name="accounts.renew_recovery_codes")
def renew_recovery_codes(ctx: Context, user: User) -> list[str]:
    """Return ten fresh recovery codes; the old ones stop working.

    :raises Refused: the second factor is off
    """
    if not second_factor.is_on(user):
        raise Refused(Finding("second_factor_off", _("Set up the second factor first.")))
    codes = second_factor.renew_recovery_codes(user)
    note(ctx, username=user.username)
    return codes


@action(OWN, name="accounts.end_own_sessions")
def end_own_sessions(ctx: Context, user: User, *, only: str = "", but: str = "") -> int:
    """End one session of the own (``only``), or all but one; both are keys of the table."""
    found = Session.objects.filter(user=user)
    found = found.filter(key=only) if only else found.exclude(key=but)
    count = int(found.delete()[0])
    note(ctx, username=user.username, ended=count)
    return count


def _change(user: User, details: dict[str, Any]) -> list[str]:
    if "full_name" in details and not details["full_name"].strip():
        raise Refused(Finding("name_missing", _("Enter the full name."), field="full_name"))
    changed = []
    for name, value in details.items():
        value = value.strip()
        if getattr(user, name) != value:
            setattr(user, name, value)
            changed.append(name)
    if changed:
        user.save(update_fields=changed)
    return changed


def is_locked(user: User) -> bool:
    """Tell whether sign-in is refused after too many failures."""
    return bool(throttle.locked_for(user.username))
