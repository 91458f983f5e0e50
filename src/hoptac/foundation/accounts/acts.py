"""What an administrator does to accounts; every act is journalled."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from axes.utils import reset as unlock
from django.conf import settings
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import action, note
from hoptac.foundation.findings import Finding, Refused

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Return a password that can be read out over the telephone; changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _m in range(4))


def _kill_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


@action("accounts.manage", name="accounts.create_user")
def create_user(
    ctx: Context,
    *,
    username: str,
    full_name: str,
    email: str = "",
    job_title: str = "",
    phone: str = "",
) -> tuple[User, str]:
    """Make an account and return it with its one-time password.

    :raises Refused: the name is taken, or a field is empty
    """
    name = username.strip().lower()
    if not name or not full_name.strip():
        raise Refused(Finding("name_missing", _("Enter the account name and the full name."),
                              field="username"))  # fmt: skip
    if User.objects.filter(username__iexact=name).exists():
        raise Refused(Finding("username_taken", _("This account name is taken."), field="username"))
    password = one_time_password()
    user = User.objects.create_user(
        name, password, full_name=full_name.strip(), email=email.strip(), job_title=job_title.strip(),
        phone=phone.strip(), must_change_password=True,
    )  # fmt: skip
    note(ctx, subject=user, username=name)
    return user, password


@action("accounts.manage", name="accounts.disable_user")
def disable_user(ctx: Context, user: User) -> User:
    """Close an account at once: its sessions die with the next request."""
    if ctx.user is not None and ctx.user.pk == user.pk:
        raise Refused(Finding("own_account", _("You cannot close your own account.")))
    User.objects.filter(pk=user.pk).update(is_active=False)
    _kill_sessions(user)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.enable_user")
def enable_user(ctx: Context, user: User) -> User:
    """Open a closed account again; its mandates decide what it may do."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.reset_password")
def reset_password(ctx: Context, user: User) -> str:
    """Give a new one-time password and return it; open sessions die."""
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _kill_sessions(user)
    note(ctx, username=user.username, new_password="given")  # noqa: S106
    return password


@action("accounts.manage", name="accounts.reset_second_factor")
def reset_second_factor(ctx: Context, user: User) -> User:
    """Forget a lost authenticator; the person enrols a new one at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    _kill_sessions(user)
    note(ctx, username=user.username)
    return user


@action("accounts.manage", name="accounts.unlock_user")
def unlock_user(ctx: Context, user: User) -> int:
    """Let a locked-out person try again; returns how many noted failures were dropped."""
    dropped = int(unlock(username=user.username))
    note(ctx, username=user.username, dropped=dropped)
    return dropped


@action("accounts.manage", name="accounts.end_sessions")
def end_sessions(ctx: Context, user: User) -> User:
    """End every open session of a person."""
    _kill_sessions(user)
    note(ctx, username=user.username)
    return user


def is_locked(user: User) -> bool:
    """Tell whether sign-in is refused after too many failures."""
    failures = AccessAttempt.objects.filter(username=user.username).aggregate(
        n=Sum("failures_since_start")
    )["n"]
    return bool(failures and failures >= settings.AXES_FAILURE_LIMIT)
