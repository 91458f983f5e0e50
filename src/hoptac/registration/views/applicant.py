"""What an applicant sees without an account: where a dossier stands, by its receipt code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from hoptac.foundation.accounts import throttle
from hoptac.foundation.accounts.middleware import public
from hoptac.registration import selectors
from hoptac.registration.forms import ReceiptCodeForm
from hoptac.registration.papers import code_in_groups

_NONE = gettext_lazy("No dossier has this code. Look for a mistyped sign.")


@public
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the receipt."""
    form = ReceiptCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plain = "".join(c for c in form.cleaned_data["code"].upper() if c.isalnum())
        if plain.isascii():
            return redirect("registration:status", plain)
        form.add_error("code", _NONE)
    return _ask(request, form, 422 if form.is_bound else 200)


@public
@never_cache
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a dossier stands: its procedure, state, days and what is missing; no people."""
    if throttle.guesses_are_over(request, "receipt"):
        form = ReceiptCodeForm({"code": code})
        form.add_error(None, _("Too many tries from your network. Try again in an hour."))
        return _ask(request, form, 429)
    filing = selectors.by_receipt_code(code)
    if filing is None:
        throttle.note_guess(request, "receipt")
        form = ReceiptCodeForm({"code": code})
        form.add_error("code", _NONE)
        return _ask(request, form, 404)
    steps = filing.steps.exclude(kind__in=selectors.INSIDE)
    context = {
        "filing": filing,
        "code": code_in_groups(filing.receipt_code or ""),
        "course": [(s.get_kind_display(), s.on) for s in steps.order_by("id")],
        "letters": selectors.letters_that_went_out(filing),
    }
    return render(request, "registration/status.html", context)


def _ask(request: HttpRequest, form: ReceiptCodeForm, status: int) -> HttpResponse:
    return render(request, "registration/status_ask.html", {"form": form}, status=status)
