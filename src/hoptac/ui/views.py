"""Error pages, the reader's language and appearance, and what page views share."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, ListView, TemplateView, View

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.acts import change_own_profile
from hoptac.foundation.accounts.middleware import own_context, public
from hoptac.foundation.actions import AlreadyDone, OutOfReach
from hoptac.foundation.findings import Finding, Refused
from hoptac.ui import catalogue


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
def not_allowed(request: HttpRequest) -> HttpResponse:
    """Return the page for an address that answers only to a form sent to it."""
    return _error(
        request, 405, _("This page cannot be opened by its address"),
        _("It belongs to a form. Go back and press the button there."),
    )  # fmt: skip


@public
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request, 404, _("There is no such page"),
        _("It may have moved, or it lies outside your territory. Search by name or code above."),
    )  # fmt: skip


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Return a page that needs neither the database nor the session.

    Where it was the database that gave no answer, nothing is wrong with the request: 503, try again.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return _broken(500)


@public
def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a system that is being maintained or overloaded."""
    response = _broken(503)
    response.headers["Retry-After"] = "5"
    return response


def _broken(status: int) -> HttpResponse:
    html = loader.get_template("ui/server_error.html").render({"status": status})
    return HttpResponse(html, status=status)


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
                change_own_profile(own_context(user), user, **{name: value})
    return answer


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return "/"


class OfficeView(View):
    """A page of an officer: knows who asks and refuses without the permission it names."""

    permission: ClassVar[str] = ""
    request: HttpRequest
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


class SubjectView(OfficeView, ABC):
    """Base: a page of one thing within the caller's sight; missing and elsewhere are alike.

    A subclass names ``permission`` and tells in :meth:`find` how its thing is found.
    """

    subject: Any

    @abstractmethod
    def find(self, pk: Any) -> Any:
        """Return what the address names, or nothing where the caller sees none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.permission and not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        self.subject = self.find(kwargs["pk"])
        if self.subject is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class OfficeFormView(OfficeView, FormView):
    """A form that ends in one act: what the act refuses stands on the form, beside its field.

    A subclass names ``form_class``, ``template_name`` and ``permission``, and performs its act in
    ``form_valid``. A form that does not hold is answered by 422, so that htmx shows it, too.
    """

    done: ClassVar[Any] = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            response = self.form_valid(form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return redirect(self.get_success_url())
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.form_invalid(form)
        if self.done:
            messages.success(request, self.done)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def add_findings(form: BaseForm, findings: Iterable[Finding]) -> None:
    """Put findings on the fields they are about; the others above the form."""
    for finding in findings:
        words = f"{finding.message} ({finding.basis})" if finding.basis else finding.message
        form.add_error(finding.field if finding.field in form.fields else None, words)


class OfficeListView(OfficeView, ListView):
    """A list in pages of ``paginate_by``; ``page_obj.numbers`` are the pages that a pager offers."""

    paginate_by = 50

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context.get("page_obj")
        if page is not None:
            page.numbers = list(
                page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
            )
        return context


class Catalogue(OfficeView, TemplateView):
    """Every component in its states, for those who build pages."""

    template_name = "ui/catalogue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | catalogue.samples(self.request)
