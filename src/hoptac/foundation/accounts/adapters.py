"""How sign-in differs here from the library's habits.

Nobody signs up, nobody resets by e-mail, tries are counted before a password is hashed, keys of the
second factor are kept encrypted, and the provincial identity provider opens only accounts that an
administrator made.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.accounts import throttle
from hoptac.foundation.accounts.models import User

_LOG = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with account name and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The account name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Judge a password, if a try is left: the throttle is asked before anything is hashed.

        :raises ValidationError: no try is left, or the one-time password is past its days
        """
        verdict = throttle.take_password_try(request, str(credentials.get("username", "")))
        if not verdict.is_allowed:
            raise ValidationError(
                throttle.in_words(verdict.wait), code="throttled", params={"wait": verdict.wait}
            )
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttle.succeeded(verdict)
            if user.password_until and user.password_until < timezone.now():
                raise ValidationError(
                    _("This one-time password is past its days. Ask your system administrator "
                      "for a new one."), code="password_past",
                )  # fmt: skip
        return user

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return render(request, "account/account_inactive.html", status=403)

    def get_client_ip(self, request: HttpRequest) -> str:
        from hoptac.foundation.accounts.sessions import address_of

        return address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing in passing: the pages tell what happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no mail: offices work without."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys at rest are encrypted with a key derived from the installation's secret."""

    @staticmethod
    def _box() -> Fernet:
        secret = hashlib.sha256(b"hoptac.accounts.totp:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(secret))

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Return the picture on white, so that phones read it in the dark theme, too."""
        import qrcode  # type: ignore[import-untyped]
        from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string().decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_totp_issuer(self) -> str:
        return "Hoptac"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The identity provider says who somebody is; whether they have an account is said here.

    A person is matched once, by the claim that the installation names (``preferred_username``, or
    ``email`` where the provider has verified it), and from then on by the provider's own id.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        user = self._match(sociallogin)
        if user is None:
            _refuse(request, _("The identity provider knows you, but you have no account here. "
                               "Ask your system administrator for one."))  # fmt: skip
        provider = sociallogin.account.provider
        if SocialAccount.objects.filter(user=user, provider=provider).exists():
            _LOG.warning("another identity of the provider claims the account %s", user.pk)
            _refuse(request, _("Your account here belongs to another identity at the provider. "
                               "Ask your system administrator."))  # fmt: skip
        sociallogin.connect(request, user)

    def _match(self, sociallogin: Any) -> Any:
        told = sociallogin.account.extra_data
        claims = {**(told.get("userinfo") or {}), **(told.get("id_token") or {})} or told
        name = settings.OIDC_CLAIM
        value = str(claims.get(name) or "").strip()
        if not value:
            return None
        people = User.objects.filter(is_demo=False)
        if name == "email":
            if claims.get("email_verified") is not True:
                return None
            found = list(people.filter(email__iexact=value)[:2])
            return found[0] if len(found) == 1 else None
        return people.filter(username__iexact=value).first()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no mail: offices work without."""


def _refuse(request: HttpRequest, why: str) -> None:
    raise ImmediateHttpResponse(
        render(request, "socialaccount/authentication_error.html", {"why": why}, status=403)
    )
