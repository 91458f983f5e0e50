"""Signing in, and the reader's own account: profile, password, second factor, sessions."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import get_adapter as provider_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from hoptac.foundation.accounts import acts, second_factor, sessions, throttle
from hoptac.foundation.accounts.adapters import AccountAdapter
from hoptac.foundation.accounts.forms import (
    CodeForm,
    ConfirmForm,
    PasswordForm,
    ProfileForm,
    SignInForm,
)
from hoptac.foundation.accounts.middleware import own, own_context, public
from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.findings import Refused

TOO_MANY = 429
_SECRET = "enrolling"  # noqa: S105
# A confirmation opens a sensitive page for this long, and takes what was typed there for this long.
_TO_OPEN, _TO_SEND = timedelta(minutes=10), timedelta(minutes=25)


def confirmed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask who it is once more before a sensitive page, unless it was proved a short while ago."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        is_read = request.method in ("GET", "HEAD")
        if sessions.is_confirmed(request, _TO_OPEN if is_read else _TO_SEND):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if is_read else _page_before(request)
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")

    opened.needs_confirmation = True  # type: ignore[attr-defined]
    return opened


# --- Signing in ---------------------------------------------------------------------------------


@method_decorator(public, name="dispatch")
class SignIn(LoginView):
    """Account name and password; the second step follows where the person has one."""

    is_public = True
    form_class = SignInForm
    template_name = "account/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _remember(self.request, answer)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        for error in form.non_field_errors().as_data():
            if error.code == "throttled":
                answer.status_code = TOO_MANY
                answer["Retry-After"] = str(error.params["wait"])
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = self.request.GET.get("next") or self.request.POST.get("next") or ""
        shown = User.objects.filter(is_demo=True, is_active=True).order_by("created_at")
        return {
            "form": self.get_form(),
            "next": target,
            "next_query": urlencode({"next": target}),
            "over": self.request.GET.get("over", ""),
            "providers": provider_adapter(self.request).list_providers(self.request),
            "demonstration": shown.values_list("username", "job_title"),
            **kwargs,
        }


sign_in = public(SignIn.as_view())


@public
@sensitive_post_parameters("code")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        verdict = throttle.take_code_try(request, user)
        if not verdict.is_allowed:
            clear_login(request)
            form.add_error(None, throttle.in_words(verdict.wait))
            status = TOO_MANY
        elif second_factor.check(user, form.cleaned_data["code"]):
            throttle.succeeded(verdict)
            sessions.note_second_factor(request, user)
            answer: HttpResponse = stage.exit()
            _remember(request, answer)
            return answer
        else:
            form.add_error("code", _("This code is wrong, or it was used before."))
    return render(request, "mfa/authenticate.html", {"form": form}, status=status)


def _remember(request: HttpRequest, answer: HttpResponse) -> None:
    user: Any = request.user
    if user.is_authenticated:
        throttle.remember_device(request, answer, user.username)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("account_login")


@own
@never_cache
@sensitive_post_parameters("password")
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask a signed-in person for the password (or, without one, a code) before a sensitive page."""
    user: Any = request.user
    by_code = not user.has_usable_password()
    if by_code and not second_factor.is_on(user):
        # Came through the identity provider: signing in anew is the only proof there is.
        logout(request)
        return redirect("account_login")
    form: forms.Form = (CodeForm if by_code else ConfirmForm)(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        problem, status = _judge(request, user, form.cleaned_data)
        if not problem:
            sessions.confirm(request)
            return redirect(_safe(request, request.POST.get("next", "")))
        form.add_error(None, problem)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""}
    return render(request, "account/reauthenticate.html", context, status=status)


def _judge(request: HttpRequest, user: User, told: dict[str, str]) -> tuple[str, int]:
    if "code" in told:
        verdict = throttle.take_code_try(request, user)
        if not verdict.is_allowed:
            return throttle.in_words(verdict.wait), TOO_MANY
        if second_factor.check(user, told["code"]):
            throttle.succeeded(verdict)
            return "", 200
        return _("This code is wrong, or it was used before."), 200
    try:
        found = AccountAdapter(request).authenticate(
            request, username=user.username, password=told["password"]
        )
    except ValidationError as error:
        return " ".join(error.messages), TOO_MANY
    if found is not None and found.pk == user.pk:
        return "", 200
    return _("The password is wrong."), 200


# --- The own account ----------------------------------------------------------------------------


@own
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the reader's own account; list open sessions."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        acts.change_own_profile(own_context(user), user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        answer = redirect("accounts:profile")
        for name in ("language", "theme"):
            answer.set_cookie(
                name, form.cleaned_data[name], max_age=31_536_000, samesite="Lax", httponly=True
            )
        return answer
    context = {
        "form": form,
        "sessions": Session.objects.filter(user=user).order_by("-seen_at")[:50],
        "current": _current(request),
        "second_factor": second_factor.is_on(user),
        "codes_left": second_factor.recovery_codes_left(user),
    }
    return render(request, "accounts/profile.html", context)


@own
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of the reader's sessions, or every one but this."""
    user: Any = request.user
    only = request.POST.get("session", "")
    acts.end_own_sessions(own_context(user), user, only=only, but=_current(request))
    messages.success(
        request, _("The session has ended.") if only else _("Every other session has ended.")
    )
    return redirect("accounts:profile")


@own
@never_cache
@confirmed
@sensitive_post_parameters("password", "again")
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; every other session ends."""
    user: Any = request.user
    was_forced = user.must_change_password
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_own_password(
                own_context(user), user, password=form.cleaned_data["password"]
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            sessions.stay_signed_in(request, user)
            messages.success(request, _("Your password is changed. Every other session has ended."))
            return redirect("/" if was_forced else "accounts:profile")
    context = {"form": form, "is_forced": was_forced, "advice": PasswordForm.advice()}
    return render(request, "account/password_change.html", context)


@own
def enrol(request: HttpRequest) -> HttpResponse:
    """Tell an officer that a second factor is needed, and why; leads to the enrolment."""
    return render(request, "accounts/enrol.html", {"has_one": second_factor.is_on(_me(request))})


@own
@never_cache
@confirmed
@sensitive_post_parameters("code")
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Show the key as a picture, take the first code, then show the recovery codes this once."""
    user = _me(request)
    if second_factor.is_on(user) and not sessions.has_second_factor(request.session, user):
        # Only who holds the old one may put another in its place.
        logout(request)
        return redirect("account_login")
    secret = request.session.get(_SECRET) if request.method == "POST" else None
    if not secret:
        secret = request.session[_SECRET] = second_factor.new_secret()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = acts.set_up_second_factor(
                own_context(user), user, secret=secret, code=form.cleaned_data["code"]
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            request.session.pop(_SECRET, None)
            sessions.note_second_factor(request, user)
            return render(request, "mfa/recovery_codes/index.html", {"codes": codes})
    adapter = mfa_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    context = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "picture": "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode(),
    }
    return render(request, "mfa/totp/activate_form.html", context)


@own
@never_cache
@confirmed
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make ten fresh recovery codes and show them this once."""
    user = _me(request)
    if not second_factor.is_on(user):
        raise Http404
    if request.method == "POST":
        codes = acts.renew_recovery_codes(own_context(user), user)
        return render(request, "mfa/recovery_codes/index.html", {"codes": codes})
    left = second_factor.recovery_codes_left(user)
    return render(request, "mfa/recovery_codes/generate.html", {"left": left})


@own
def no_mandate(request: HttpRequest) -> HttpResponse:
    """Tell a person without a mandate in force since when, and whom to ask."""
    if request.standing[0] != "mandate":  # type: ignore[attr-defined]
        return redirect("/")
    mandates: Any = _me(request).mandates  # type: ignore[attr-defined]
    last = mandates.select_related("unit").order_by("-valid").first()
    context: dict[str, Any] = {"last": last}
    if last is not None:
        today = own_context(request.user).today
        begins, after = last.valid.lower, last.valid.upper
        context["begins"] = begins if begins > today else None
        context["ended"] = after - timedelta(days=1) if after and after <= today else None
    return render(request, "accounts/no_mandate.html", context, status=403)


@public
@require_GET
def provider_failed(request: HttpRequest) -> HttpResponse:
    """Tell that the identity provider did not let the person in."""
    return render(request, "socialaccount/authentication_error.html", {"why": ""}, status=403)


def _me(request: HttpRequest) -> User:
    user: Any = request.user
    return user  # type: ignore[no-any-return]


def _current(request: HttpRequest) -> str:
    return sessions.SessionStore.digest(request.session.session_key or "")


def _tell(form: forms.Form, refused: Refused) -> None:
    for finding in refused.findings:
        form.add_error(finding.field if finding.field in form.fields else None, finding.message)


def _safe(request: HttpRequest, target: str) -> str:
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return "/"


def _page_before(request: HttpRequest) -> str:
    """Return the page whose form was sent, so that it opens again after the confirmation."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc == request.get_host() and before.path:
        return f"{before.path}?{before.query}" if before.query else before.path
    return "/"
