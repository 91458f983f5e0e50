"""How sign-in differs here from the library's habits: nobody signs up, nobody resets by e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoptac.foundation.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing on sign-in and sign-out: the page itself tells."""
        template = str(kwargs.get("message_template") or (args[1] if len(args) > 1 else ""))
        if "logged_in" in template or "logged_out" in template:
            return
        super().add_message(request, *args, **kwargs)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The provincial identity provider lets in only people who already have an account here.

    They are matched by the provider's user name, or by an e-mail address that it has verified.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(claims.get("preferred_username") or "").lower()
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None and claims.get("email") and claims.get("email_verified"):
            found = User.objects.filter(email__iexact=claims["email"], is_active=True)[:2]
            user = found[0] if len(found) == 1 else None
        if user is None:
            messages.error(
                request, _("You have no account here. Ask your system administrator for one.")
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
