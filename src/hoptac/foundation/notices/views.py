"""The own notices and choices; for administrators, the letters that went out or did not."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hoptac.foundation.accounts.middleware import own_context
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices import acts, reading, selectors
from hoptac.foundation.notices.forms import ChoicesForm, LettersForm, ReasonForm
from hoptac.foundation.notices.kinds import KINDS, NoticeKind, kinds_for
from hoptac.foundation.notices.mailing import configured, sender
from hoptac.foundation.notices.models import Letter
from hoptac.foundation.notices.rules import KeepingRule
from hoptac.foundation.notices.selectors import choices_of
from hoptac.foundation.notices.wording import in_words
from hoptac.foundation.outbox import SendState
from hoptac.foundation.pages import needs
from hoptac.foundation.rulebook import rule_in_force

_SHOWN = 50
_ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")


# --- The own notices ------------------------------------------------------------------------------


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the caller's own notices, unread ones first."""
    ctx = request.ctx  # type: ignore[attr-defined]
    state, kind = request.GET.get("state", "all"), request.GET.get("kind", "")
    if state not in reading.STATES:
        raise Http404
    counts = reading.counts(ctx, kind)
    pages = Paginator(reading.listed(ctx, state=state, kind=kind), _SHOWN)
    page = _page(pages, request)
    of_kind = {"kind": kind} if kind else {}
    names = {"all": _("All notices"), "unread": _("Unread"), "read": _("Read or done")}
    context = {
        "page": page, "told": in_words(ctx, page.object_list), "state": state, "kind": kind,
        "unread": counts["unread"], "undo": _undo(request),
        "tabs": [
            {
                "label": names[code], "href": f"?{urlencode({'state': code, **of_kind})}",
                "count": counts[code], "is_current": code == state,
            }
            for code in reading.STATES
        ],
        "kinds": [
            (code, KINDS[code].title if code in KINDS else code)
            for code in reading.kinds_among(ctx)
        ],
        "here": request.get_full_path(),
    }  # fmt: skip
    return render(request, "notices/list.html", context)


def _undo(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was just marked as read altogether, so that it can be taken back."""
    moment, count = request.GET.get("marked", ""), request.GET.get("count", "")
    return {"moment": moment, "count": int(count)} if moment and count.isdigit() else None


@require_GET
def opened(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark a notice as read and lead to what it is about."""
    ctx = request.ctx  # type: ignore[attr-defined]
    notice = reading.own(ctx).filter(pk=pk).first()
    if notice is None:
        raise Http404
    reading.mark_read(ctx, [pk])
    (told,) = in_words(ctx, [notice])
    if told.is_closed or not told.href:
        messages.info(request, told.text)
        return redirect("notices:list")
    return redirect(told.href)


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read or unread, all as read, or take the last back."""
    ctx = request.ctx  # type: ignore[attr-defined]
    back = reverse("notices:list")
    kept = {k: request.POST[k] for k in ("state", "kind", "page") if request.POST.get(k)}
    if (one := _uuid(request.POST.get("read"))) is not None:
        reading.mark_read(ctx, [one])
    elif (one := _uuid(request.POST.get("unread"))) is not None:
        reading.mark_unread(ctx, [one])
    elif "all" in request.POST:
        count, moment = reading.mark_all_read(ctx, request.POST.get("kind", ""))
        kept |= {"marked": moment.isoformat(), "count": str(count)}
    elif undone := _moment(request.POST.get("undo")):
        count = reading.take_back(ctx, undone)
        said = ngettext(
            "%(count)s notice is unread again.", "%(count)s notices are unread again.", count
        )
        messages.info(request, said % {"count": count})
    return redirect(f"{back}?{urlencode(kept)}" if kept else back)


def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change when the reader is told by e-mail."""
    ctx = request.ctx  # type: ignore[attr-defined]
    user: Any = request.user
    kinds = kinds_for(ctx)
    chosen = choices_of(ctx)
    form = ChoicesForm(kinds, chosen, request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts.choose_mail(own_context(user), user, choices=form.cleaned_data)
        messages.success(request, _("Your choices are kept."))
        return redirect("notices:preferences")
    rule = rule_in_force(KeepingRule, on=ctx.today)
    context = {
        "form": form, "groups": _groups(kinds, form), "is_on": _is_on(), "hour": rule.digest_hour,
        "months": rule.keep_read_months,
    }  # fmt: skip
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


def _groups(kinds: list[NoticeKind], form: ChoicesForm) -> list[tuple[Any, list[Any]]]:
    """Return the kinds under their headings, each with its field; urgent ones have none."""
    found: dict[str, list[Any]] = {}
    for kind in kinds:
        field = None if kind.is_urgent else form[kind.code]
        found.setdefault(str(kind.group), []).append((kind, field))
    return list(found.items())


# --- Letters, for administrators ------------------------------------------------------------------


@require_GET
@needs(acts.SEE)
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters to people of the caller's reach by where they stand."""
    ctx = request.ctx  # type: ignore[attr-defined]
    state = request.GET.get("state", SendState.WAITING)
    if state not in SendState.values:
        raise Http404
    form = LettersForm(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = selectors.letters_found(
        ctx, acts.SEE, state=state, q=asked.get("q", ""), on=asked.get("on")
    )
    counts = selectors.letter_counts(ctx, acts.SEE)
    try:
        server, wrong = configured(), ""
    except ValueError as error:
        server, wrong = None, str(error)
    kept = {k: request.GET[k] for k in ("q", "on") if request.GET.get(k)}
    context = {
        "page": _page(Paginator(rows, _SHOWN), request), "state": state, "form": form,
        "server": server.address if server else "", "wrong": wrong, "sender": str(sender()),
        "dead": counts[SendState.DEAD], "may_send": ctx.may(acts.SEND),
        "sees_addresses": ctx.may("accounts.manage"),
        "tabs": [
            {
                "label": label, "href": f"?{urlencode({'state': code, **kept})}",
                "count": counts[code], "is_current": code == state,
            }
            for code, label in SendState.choices
        ],
    }  # fmt: skip
    return render(request, "notices/letters.html", context)


@require_GET
@needs(acts.SEE)
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one letter: to whom, where it stands, every attempt. Its words are its reader's alone."""
    return _letter(request, _letter_seen(request, pk, acts.SEE), ReasonForm())


@require_POST
@needs(acts.SEND)
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a letter be tried again."""
    found = _letter_seen(request, pk, acts.SEND)
    try:
        acts.send_again(request.ctx, found)  # type: ignore[attr-defined]
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    else:
        messages.success(request, _("It is tried again within a minute."))
    return redirect("notices:letter", pk)


@require_POST
@needs(acts.SEND)
def all_again(request: HttpRequest) -> HttpResponse:
    """Let every letter that failed be tried again."""
    try:
        count = acts.send_all_again(request.ctx)  # type: ignore[attr-defined]
    except Refused as refused:
        for finding in refused.findings:
            messages.info(request, finding.message)
    else:
        said = ngettext(
            "%(count)s letter is tried again within a minute.",
            "%(count)s letters are tried again within a minute.", count,
        )  # fmt: skip
        messages.success(request, said % {"count": count})
    return redirect("notices:letters")


@require_POST
@needs(acts.SEND)
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give up sending a letter, with the reason."""
    found = _letter_seen(request, pk, acts.SEND)
    form = ReasonForm(request.POST)
    if form.is_valid():
        ctx = request.ctx.because(form.cleaned_data["reason"])  # type: ignore[attr-defined]
        try:
            acts.set_aside(ctx, found)
        except Refused as refused:
            for finding in refused.findings:
                form.add_error("reason" if finding.field else None, finding.message)
        else:
            messages.success(request, _("Set aside."))
            return redirect("notices:letter", pk)
    return _letter(request, found, form)


def _letter(request: HttpRequest, found: Letter, form: ReasonForm) -> HttpResponse:
    ctx = request.ctx  # type: ignore[attr-defined]
    sees = ctx.may("accounts.manage")
    attempts = list(found.deliveries.order_by("id"))
    if not sees:
        for attempt in attempts:
            attempt.address = ""
            attempt.answer = _ADDRESS.sub("…@…", attempt.answer)
    context = {
        "letter": found, "attempts": attempts, "sees_addresses": sees, "form": form,
        "may_send": ctx.may(acts.SEND), "notices": found.notices.count(),
    }  # fmt: skip
    return render(request, "notices/letter_page.html", context, status=422 if form.errors else 200)


def _letter_seen(request: HttpRequest, pk: UUID, permission: str) -> Letter:
    found = selectors.letter_seen(request.ctx, permission, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


# --- What these share -----------------------------------------------------------------------------


def _page(pages: Paginator[Any], request: HttpRequest) -> Any:
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return page


def _is_on() -> bool:
    try:
        return configured() is not None
    except ValueError:
        return False


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _moment(text: str | None) -> datetime | None:
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
