"""Signing in for a measurement, without going through the pages of signing in."""

from __future__ import annotations

from typing import Any


def session_cookie(username: str) -> str:
    """Return a ``Cookie`` header of a session in which this person is signed in.

    :raises LookupError: there is no such person
    """
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from hoptac.foundation.accounts.sessions import open_session

    model: Any = get_user_model()
    user = model.objects.filter(**{model.USERNAME_FIELD: username}).first()
    if user is None:
        raise LookupError(username)
    return f"{settings.SESSION_COOKIE_NAME}={open_session(user)}"
