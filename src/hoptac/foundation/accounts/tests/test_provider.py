"""Signing in through a provincial identity provider: a small one runs beside the test."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.apps import apps
from django.test import Client
from django.urls import reverse

from hoptac.foundation.accounts.models import User
from hoptac.foundation.audit.models import Act

SECRET = "client secret"


class Provider:
    """Answers as an OpenID Connect provider does; ``claims`` says who is at the keyboard."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.challenge = ""
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _send(self, told: Any) -> None:
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if self.path.endswith("openid-configuration"):
                    self._send(outer.configuration())
                elif self.path == "/userinfo":
                    self._send(outer.claims)

            def do_POST(self) -> None:
                told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                digest = hashlib.sha256(told["code_verifier"][0].encode()).digest()
                assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == outer.challenge
                assert told["client_secret"] == [SECRET]
                self._send(outer.token())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self) -> dict[str, Any]:
        now = int(time.time())
        told = {"iss": self.url, "aud": "hoptac", "iat": now, "exp": now + 60, **self.claims}
        token = jwt.encode(told, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "province",
                    "name": "Tài khoản công vụ",
                    "client_id": "hoptac",
                    "secret": SECRET,
                    "settings": {"server_url": made.url},
                }
            ],
        }
    }
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def come_back(provider: Provider) -> Callable[..., Any]:
    """Go to the provider, be recognised there as ``claims``, and come back."""

    def go(browser: Client | None = None, **claims: Any) -> tuple[Client, Any]:
        browser = browser or Client()
        provider.claims = claims
        page = browser.get(reverse("account_login"), {"next": "/registry/"})
        assert "Tài khoản công vụ" in page.content.decode()
        away = browser.get(
            reverse("openid_connect_login", args=["province"]), {"next": "/registry/"}
        )
        sent = parse_qs(urlsplit(away["Location"]).query)
        assert away["Location"].startswith(f"{provider.url}/authorize")
        assert sent["code_challenge_method"] == ["S256"]
        provider.challenge = sent["code_challenge"][0]
        back = reverse("openid_connect_callback", args=["province"])
        assert urlsplit(sent["redirect_uri"][0]).path == back
        return browser, browser.get(back, {"code": "c", "state": sent["state"][0]})

    return go


def test_an_existing_person_signs_in_by_the_claim(officer: Callable, come_back: Callable) -> None:
    user = officer("department_officer").user
    browser, answer = come_back(sub="1", preferred_username=user.username)
    assert answer.status_code == 302, answer.content.decode()
    # The second factor is asked all the same.
    assert browser.get("/registry/")["Location"] == reverse("accounts:enrol")
    assert str(browser.get("/accounts/me/").context["reader"]) == user.full_name


def test_nobody_is_made_and_no_mandate_given(officer: Callable, come_back: Callable) -> None:
    officer()
    mandates = apps.get_model("jurisdiction", "Mandate").objects

    def counts() -> tuple[int, ...]:
        return User.objects.count(), mandates.count(), Act.objects.count()

    before = counts()
    browser, answer = come_back(sub="9", preferred_username="nguoi.la", email="la@x.vn")
    assert answer.status_code == 403
    assert "quản trị" in answer.content.decode()
    assert browser.get("/registry/").status_code == 302
    assert before == counts()


def test_another_identity_does_not_take_over_a_linked_account(
    officer: Callable, come_back: Callable
) -> None:
    user = officer().user
    assert come_back(sub="1", preferred_username=user.username)[1].status_code == 302
    assert come_back(sub="2", preferred_username=user.username)[1].status_code == 403
    # A linked person stays linked when the provider renames them.
    assert come_back(sub="1", preferred_username="ten.moi")[1].status_code == 302


@pytest.mark.parametrize(("verified", "status"), [(True, 302), (False, 403), (None, 403)])
def test_an_address_counts_only_when_the_provider_verified_it(
    verified: bool | None, status: int, officer: Callable, come_back: Callable, settings: Any
) -> None:
    settings.OIDC_CLAIM = "email"
    user = officer().user
    User.objects.filter(pk=user.pk).update(email="A.Nguyen@kiengiang.vn")
    told = {"sub": "1", "email": "a.nguyen@kiengiang.vn"}
    if verified is not None:
        told["email_verified"] = verified
    assert come_back(**told)[1].status_code == status


def test_an_address_of_two_people_opens_neither(
    officer: Callable, come_back: Callable, settings: Any
) -> None:
    settings.OIDC_CLAIM = "email"
    for user in (officer().user, officer().user):
        User.objects.filter(pk=user.pk).update(email="chung@kiengiang.vn")
    told = {"sub": "1", "email": "chung@kiengiang.vn", "email_verified": True}
    assert come_back(**told)[1].status_code == 403


def test_closed_and_demonstration_accounts_do_not_open(
    officer: Callable, come_back: Callable
) -> None:
    closed, shown = officer().user, officer().user
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=shown.pk).update(is_demo=True)
    for number, user in enumerate((closed, shown)):
        browser, answer = come_back(sub=str(number), preferred_username=user.username)
        assert answer.status_code == 403
        assert browser.get("/").status_code == 302


def test_a_made_up_return_is_refused(provider: Provider, db: None) -> None:
    answer = Client().get(
        reverse("openid_connect_callback", args=["province"]), {"code": "c", "state": "made up"}
    )
    assert answer.status_code == 401
    assert not provider.asked or "/userinfo" not in provider.asked


def test_without_a_provider_there_is_no_door(settings: Any, db: None) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert Client().get(reverse("openid_connect_login", args=["province"])).status_code == 404
    assert "provider" not in Client().get(reverse("account_login")).content.decode()
