"""People who try to sign in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from hoptac.foundation.accounts import second_factor
from hoptac.foundation.accounts.models import User

PASSWORD = "mật khẩu đủ dài"


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that a phone with this key shows (``steps`` half-minutes from now)."""
    step = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret.replace(" ", ""), step))


@pytest.fixture
def sign_in() -> Callable[..., Any]:
    """Send the sign-in form: ``sign_in(username)`` returns the answer; ``.client`` is the browser."""

    def send(
        username: str, password: str = PASSWORD, client: Client | None = None, **extra: Any
    ) -> Any:
        client = client or Client()
        answer = client.post(
            reverse("account_login"), {"login": username, "password": password}, **extra
        )
        answer.client = client
        return answer

    return send


@pytest.fixture
def enrolled() -> Callable[[User], tuple[str, list[str]]]:
    """Give a person a second factor; returns its key and the recovery codes."""

    def make(user: User) -> tuple[str, list[str]]:
        secret = second_factor.new_secret()
        # As if enrolled some minutes ago: the present code is unused.
        return secret, second_factor.enrol(user, secret, "")

    return make
