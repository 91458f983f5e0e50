"""The reader's own account: profile, second factor, sessions, the page after a mandate's end."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoptac.foundation.accounts import sessions
from hoptac.foundation.accounts.forms import ProfileForm
from hoptac.foundation.accounts.models import User


def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the reader's own account; list open sessions."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        answer = redirect("accounts:profile")
        for name in ("language", "theme"):
            answer.set_cookie(
                name, form.cleaned_data[name], max_age=31_536_000, samesite="Lax", httponly=True
            )
        return answer
    open_sessions = UserSession.objects.filter(user=user).order_by("-last_seen_at")[:50]
    context = {
        "form": form,
        "sessions": open_sessions,
        "current": request.session.session_key,
        "second_factor": sessions.has_second_factor(user),
    }
    return render(request, "accounts/profile.html", context)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of the reader but this one."""
    user: Any = request.user
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    request.session["epoch"] = user.session_epoch
    UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key).delete()
    messages.success(request, _("Every other session has ended."))
    return redirect("accounts:profile")


def enrol(request: HttpRequest) -> HttpResponse:
    """Tell an officer that a second factor is needed, and why; leads to the enrolment."""
    return render(request, "accounts/enrol.html")


def no_mandate(request: HttpRequest) -> HttpResponse:
    """Tell a person without a mandate in force since when, and whom to ask."""
    user: Any = request.user
    if request.ctx.grants:  # type: ignore[attr-defined]
        return redirect("/")
    last = user.mandates.order_by("-valid").first()
    ended = last.valid.upper if last is not None else None
    return render(request, "accounts/no_mandate.html", {"last": last, "ended": ended}, status=403)
