"""Error pages, the reader's language and appearance, and what page views share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView, View

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import public
from hoptac.foundation.actions import OutOfReach


def _error(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    context = {"status": status, "title": title, "advice": advice}
    return render(request, "ui/error.html", context, status=status)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request, 400, _("The address or the form could not be understood"),
        _("Go back and try again. If you typed the address by hand, check it."),
    )  # fmt: skip


@public
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, OutOfReach):
        return page_not_found(request, exception)
    return _error(
        request, 403, _("Your mandate does not cover this"),
        _("If you need it for your work, ask your system administrator to extend your mandate."),
    )  # fmt: skip


@public
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request, 404, _("There is no such page"),
        _("It may have moved, or it lies outside your territory. Search by name or code above."),
    )  # fmt: skip


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Return a page that needs neither the database nor the session."""
    html = loader.get_template("ui/server_error.html").render({})
    return HttpResponse(html, status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, _("The form was open for too long"),
        _("Go back, reload the page and send it again. What you typed is still in the page behind."),
    )  # fmt: skip


@public
@require_POST
def set_preference(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language or appearance, in a cookie and on the account."""
    answer = redirect(_back(request))
    for name, choices in (("language", {"vi", "en"}), ("theme", {"auto", "light", "dark"})):
        value = request.POST.get(name, "")
        if value in choices:
            answer.set_cookie(name, value, max_age=31_536_000, samesite="Lax", httponly=True)
            user: Any = request.user
            if user.is_authenticated and getattr(user, name) != value:
                setattr(user, name, value)
                user.save(update_fields=[name])
    return answer


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return "/"


class OfficeView(View):
    """A page of an officer: knows who asks and refuses without the permission it names."""

    permission = ""
    ctx: Context

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.ctx = request.ctx  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.permission and not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        try:
            return super().dispatch(request, *args, **kwargs)
        except OutOfReach as error:
            raise Http404 from error


class Catalogue(OfficeView, TemplateView):
    """Every component in its states, for those who build pages."""

    template_name = "ui/catalogue.html"
