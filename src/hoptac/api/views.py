"""The pages about the API: reference, own tokens; and the description for machines."""

from __future__ import annotations

from typing import Any

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hoptac.api import acts, v1
from hoptac.api.declaring import READ
from hoptac.api.models import ApiToken, Scope
from hoptac.api.problem import TITLES
from hoptac.api.reference import matters
from hoptac.foundation.actions import AlreadyDone, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.pages import needs


class TokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: str(uuid7()))
    days = forms.IntegerField(
        label=gettext_lazy("Days it lives"), min_value=1, max_value=366, initial=90
    )


@needs("accounts.own_tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """List the reader's tokens and make new ones; a secret is shown once."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        ctx = request.ctx.by(idempotency_key=given.pop("key"))  # type: ignore[attr-defined]
        try:
            _token, secret = acts.make_token(ctx, **given)
            form = TokenForm()
        except AlreadyDone:
            messages.info(request, _("This token was made already; its secret was shown once."))
            return redirect("api:tokens")
        except Refused as refused:
            for finding in refused.findings:
                form.add_error(finding.field or None, finding.message)
    user: Any = request.user
    own = ApiToken.objects.filter(user=user, revoked_at=None)
    return render(request, "api/tokens.html", {"form": form, "tokens": own, "secret": secret})


@require_POST
@needs("accounts.own_tokens")
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    user: Any = request.user
    token = ApiToken.objects.filter(pk=pk, user=user).first()
    if token is None:
        raise OutOfReach("accounts.own_tokens")
    acts.revoke_token(request.ctx, token)  # type: ignore[attr-defined]
    messages.success(request, _("The token no longer works."))
    return redirect("api:tokens")


@require_GET
def description(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI description."""
    content = orjson.dumps(v1.schema(), default=str, option=orjson.OPT_NON_STR_KEYS)
    return HttpResponse(content, content_type="application/json")


@needs("accounts.own_tokens")
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation with what it takes and gives, from the description itself."""
    found: Any = v1.schema()
    context = {
        "matters": matters(found),
        "problems": [(status, title) for status, title in TITLES.items() if status in READ],
        "address": request.build_absolute_uri("/").rstrip("/"),
        "word_parameters": _("Parameters"),
        "word_body": _("Body"),
        "word_needed": _("needed"),
    }
    return render(request, "api/reference.html", context)
