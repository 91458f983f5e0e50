"""Whether a session may go on: its age, its idleness, its second factor, what was revoked since."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 12 * 60 * 60
_EPOCH, _SINCE, _SEEN, _SECOND = "epoch", "since", "seen", "second_factor"


def begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Note at sign-in what later requests are held against."""
    now = int(time.time())
    request.session[_EPOCH] = user.session_epoch
    request.session[_SINCE] = request.session[_SEEN] = now
    request.session[_SECOND] = user.is_demo or has_second_factor(user)


def has_second_factor(user: Any) -> bool:
    """Tell whether the person has enrolled an authenticator."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def why_over(request: HttpRequest, user: Any) -> str:
    """Return why the session is over (``revoked``, ``idle``, ``aged``), or nothing where it goes on.

    Writes to the session at most once a minute.
    """
    session, now = request.session, int(time.time())
    if not user.is_active or session.get(_EPOCH) != user.session_epoch:
        return "revoked"
    if now - session.get(_SINCE, 0) > WHOLE_SECONDS:
        return "aged"
    seen = session.get(_SEEN, 0)
    if now - seen > IDLE_SECONDS:
        return "idle"
    if now - seen > 60:
        session[_SEEN] = now
    return ""


def second_factor_done(request: HttpRequest) -> bool:
    return bool(request.session.get(_SECOND))


def _added(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session[_SECOND] = True


def _removed(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if request is not None and not has_second_factor(user):
        request.session[_SECOND] = user.is_demo


def connect() -> None:
    """Listen to sign-ins and to enrolments (called when the app starts)."""
    user_logged_in.connect(begin, dispatch_uid="accounts.begin")
    authenticator_added.connect(_added, dispatch_uid="accounts.added")
    authenticator_removed.connect(_removed, dispatch_uid="accounts.removed")
