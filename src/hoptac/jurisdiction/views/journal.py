"""The journal of acts, for auditors and administrators, and the check of its chain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from hoptac.foundation.accounts.middleware import public
from hoptac.foundation.audit import anchors, erasing, journal
from hoptac.foundation.audit import words as journal_words
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.jurisdiction import selectors
from hoptac.jurisdiction.forms import EraseForm, JournalForm
from hoptac.ui.views import add_findings

SEE = "audit.view"
_A_PAGE = 50


@needs(SEE)
@never_cache
def entries(request: HttpRequest) -> HttpResponse:
    """List the acts, the latest first; older ones follow by their number."""
    ctx = request.ctx  # type: ignore[attr-defined]
    names = ("name", "person", "channel", "subject", "since", "until")
    asked = {k: request.GET.get(k, "").strip()[:80] for k in names}
    form = JournalForm({k: asked[k] for k in ("since", "until")})
    form.is_valid()
    found = selectors.acts_seen(
        ctx,
        name=asked["name"],
        person=asked["person"],
        channel=asked["channel"],
        subject=asked["subject"],
        since=form.cleaned_data.get("since"),
        until=form.cleaned_data.get("until"),
    )
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(number__lt=int(before[:18]))
    rows = list(found[: _A_PAGE + 1])
    older = ""
    if len(rows) > _A_PAGE:
        rows = rows[:_A_PAGE]
        older = urlencode({k: v for k, v in asked.items() if v} | {"before": str(rows[-1].number)})
    context = {
        "lines": selectors.in_words(rows),
        "older": older,
        "is_later": bool(before),
        "may_erase": ctx.may(erasing.ERASE),
        "form": form,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "acts": journal_words.known_acts(),
        "channel_names": [(code, journal_words.channel_name(code)) for code in ("page", "api", "import",
                                                                       "command")],
    }  # fmt: skip
    return render(request, "jurisdiction/journal.html", context)


@needs(SEE)
@never_cache
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one entry: what it says, what it belongs to, and its place in the chain."""
    seen = selectors.acts_seen(request.ctx)  # type: ignore[attr-defined]
    act = seen.select_related("payload").filter(pk=pk).first()
    if act is None:
        raise Http404
    content: dict[str, Any] = selectors.known_payload(act) or {}
    context = {
        "line": selectors.in_words([act])[0],
        "act": act,
        "details": _flat(
            content.get("details") or {},
            journal_words.hidden_fields(request.ctx, act.name),  # type: ignore[attr-defined]
        ),
        "reason": content.get("reason", ""),
        "basis": content.get("basis", ""),
        "is_erased": not content,
        "hash": bytes(act.hash).hex(),
        "previous": bytes(act.previous_hash).hex(),
        "parts": selectors.in_words(seen.filter(parent_id=act.pk).order_by("number")[:50]),
        "parent": selectors.in_words(seen.filter(pk=act.parent_id)) if act.parent_id else (),
    }
    return render(request, "jurisdiction/journal_entry.html", context)


@needs(SEE)
@never_cache
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now and tell the outcome."""
    outcome = journal.verify(head=request.POST.get("head", "").strip().lower()[:64])
    return render(request, "jurisdiction/journal_verified.html", {"outcome": outcome})


@needs(erasing.ERASE)
@never_cache
@sensitive_post_parameters("words")
def erase(request: HttpRequest) -> HttpResponse:
    """Find entries that hold a text (never in the address) and take away what they say."""
    ctx = request.ctx  # type: ignore[attr-defined]
    words = request.POST.get("words", "").strip()[:200]
    chosen = request.POST.getlist("act")
    form = EraseForm(request.POST if "erase" in request.POST else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                count = erasing.erase_words(
                    ctx.because(form.cleaned_data["reason"], form.cleaned_data["basis"]),
                    _keys(chosen), approved_by=form.cleaned_data["approved_by"],
                )  # fmt: skip
            except Refused as refused:
                add_findings(form, refused.findings)
            else:
                messages.success(
                    request,
                    _("The words of %(n)s entries are erased; the entries stand.") % {"n": count},
                )
                return redirect("journal:erase")
    found = erasing.holding(ctx, words) if words else []
    context = {
        "form": form,
        "words": words,
        "asked": bool(words),
        "lines": selectors.in_words(found),
        "chosen": chosen,
    }
    return render(request, "jurisdiction/journal_erase.html", context, status=status)


def _keys(texts: list[str]) -> list[UUID]:
    """Return the keys among what was sent; what is none is left out."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@public
@require_GET
def anchor(request: HttpRequest) -> HttpResponse:
    """Return the last signed head as plain text, for everybody to note, print or mail.

    It holds no names: a number, hashes, a moment, a signature.
    """
    last = anchors.latest(anchors.folder())
    if last is None:
        raise Http404
    return HttpResponse(last.text(), content_type="text/plain; charset=utf-8")


def _flat(
    details: dict[str, Any], hidden: frozenset[str], prefix: str = ""
) -> list[tuple[str, str]]:
    """Return nested details as lines of name and value; of hidden fields only that they are there."""
    lines: list[tuple[str, str]] = []
    for name, value in details.items():
        label = f"{prefix}{journal_words.field_name(name)}"
        if name in hidden:
            lines.append((label, _("not shown under your mandate")))
        elif isinstance(value, dict):
            lines += _flat(value, hidden, f"{label} · ")
        elif value not in (None, "", [], {}):
            said = [journal_words.field_value(name, v) for v in _listed(value)]
            is_change = bool(prefix) and isinstance(value, list) and len(value) == 2
            shown = " → ".join(s or "–" for s in said) if is_change else ", ".join(said)
            lines.append((label, shown[:2000]))
    return lines


def _listed(value: Any) -> list[Any]:
    return ["" if v is None else v for v in value] if isinstance(value, list) else [value]
