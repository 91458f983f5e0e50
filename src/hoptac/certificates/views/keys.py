"""The administrator's page: keys that sign certificates, authorities trusted for attached files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hoptac.certificates import actions, keys, selectors
from hoptac.certificates.forms import FileForm, ReasonForm, RotateForm
from hoptac.certificates.models import TrustedRoot
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.ui.views import add_findings


def _shown(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    current = keys.current()
    context = {
        "keys": [(k, selectors.end_of(k)) for k in selectors.keys_kept()],
        "current": current,
        "is_missing": current is not None and keys.private_half(current.pk) is None,
        "folder": keys.folder(),
        "roots": actions.trusted_roots(),
        "rotate": RotateForm(),
        "root_form": FileForm(),
        **forms,
    }
    return render(request, "certificates/keys.html", context, status=status)


@never_cache
@require_GET
@needs(actions.KEEP_KEYS)
def keys_page(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@require_POST
@needs(actions.KEEP_KEYS)
def rotate(request: HttpRequest) -> HttpResponse:
    """Make a key: the first one, or another in the place of the one in use."""
    form = RotateForm(request.POST)
    ctx = request.ctx  # type: ignore[attr-defined]
    is_first = keys.current() is None
    if is_first or form.is_valid():
        given = {} if is_first else form.cleaned_data
        try:
            key = actions.rotate_key(
                ctx.because(given.get("reason", "")), is_compromised=bool(given.get("is_compromised"))
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused.findings)
        else:
            messages.success(request, _("Key %(key)s signs from now on.") % {"key": key.pk})
            return redirect("certificates:keys")
    return _shown(request, 422, rotate=form)


@require_POST
@needs(actions.KEEP_KEYS)
def trust(request: HttpRequest) -> HttpResponse:
    """Trust a certificate authority."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            root = actions.trust_root(
                request.ctx,  # type: ignore[attr-defined]
                content=form.cleaned_data["file"].read(2**20),
            )
        except Refused as refused:
            add_findings(form, refused.findings)
        else:
            messages.success(request, _("%(root)s is trusted.") % {"root": root.subject})
            return redirect("certificates:keys")
    return _shown(request, 422, root_form=form)


@require_POST
@needs(actions.KEEP_KEYS)
def distrust(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Trust a certificate authority no more."""
    root = TrustedRoot.objects.filter(pk=pk, retired_by__isnull=True).first()
    if root is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the reason."))
    else:
        ctx = request.ctx  # type: ignore[attr-defined]
        actions.distrust_root(ctx.because(form.cleaned_data["reason"]), root)
        messages.success(request, _("%(root)s is trusted no more.") % {"root": root.subject})
    return redirect("certificates:keys")
