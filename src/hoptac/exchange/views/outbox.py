"""The outbox: what waits, what arrived, what could not be delivered, each attempt."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hoptac.exchange import selectors
from hoptac.exchange.actions import send_again, send_again_all, set_aside
from hoptac.exchange.adapters import configured, is_stand_in
from hoptac.exchange.forms import ReasonForm
from hoptac.exchange.layouts import event_names
from hoptac.exchange.models import Message
from hoptac.exchange.records import CONTACTS
from hoptac.exchange.terms import FIELD_NAMES
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.outbox import SendState
from hoptac.foundation.pages import needs
from hoptac.registration.selectors import filing_seen
from hoptac.ui.views import OfficeView, add_findings

_SHOWN = 50


@require_GET
@needs("exchange.view")
def listed(request: HttpRequest) -> HttpResponse:
    """List the messages of the caller's territory by where they stand."""
    ctx = request.ctx  # type: ignore[attr-defined]
    state = request.GET.get("state", SendState.WAITING)
    if state not in SendState.values:
        raise Http404
    text = request.GET.get("q", "").strip()[:100]
    rows = selectors.messages(ctx).filter(state=state)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(receipt=text))
    names = event_names(ctx.today)
    event = request.GET.get("event", "")
    if event in names:
        rows = rows.filter(event=event)
    order = ("-delivered_at", "-id") if state == SendState.DELIVERED else ("id",)
    pages = Paginator(rows.order_by(*order), _SHOWN)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    counts = selectors.outbox_counts(ctx)
    adapter = configured()
    context = {
        "page": page, "state": state, "q": text, "event": event, "events": names.items(),
        "may_send": ctx.may("exchange.send"), "key": uuid4().hex,
        "tabs": [
            {
                "label": label, "count": counts[code], "is_current": code == state,
                "href": f"?{urlencode({'state': code, 'q': text, 'event': event})}",
            }
            for code, label in SendState.choices
        ],
        "address": adapter.address if adapter else "", "is_stand_in": is_stand_in(adapter),
    }  # fmt: skip
    return render(request, "exchange/outbox.html", context)


def _message(request: HttpRequest, pk: UUID, permission: str = "exchange.view") -> Message:
    ctx = request.ctx  # type: ignore[attr-defined]
    found = selectors.message_seen(ctx, pk)
    if found is None or not found.is_within(ctx, permission):
        raise Http404
    return found


@require_GET
@needs("exchange.view")
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one message: what it tells and every attempt to deliver it."""
    ctx = request.ctx  # type: ignore[attr-defined]
    found = _message(request, pk)
    hides = not ctx.may_throughout("registry.view_contacts", of="exchange.view")
    record = found.content.get("record", {})
    shown = [
        (str(FIELD_NAMES.get(k, k)), v) for k, v in record.items()
        if v not in (None, "") and not (hides and k in CONTACTS)
    ]  # fmt: skip
    earlier = None
    if found.cooperative_id and found.state == SendState.WAITING:
        stuck = (SendState.WAITING, SendState.DEAD)
        before = Message.objects.filter(cooperative=found.cooperative_id, pk__lt=found.pk)
        earlier = before.filter(state__in=stuck).order_by("id").first()
    filing = None
    if found.filing_id and ctx.may("registration.view"):
        filing = filing_seen(ctx, found.filing_id)
    context = {
        "m": found, "record": shown, "deliveries": found.deliveries.order_by("id"),
        "about": json.dumps(found.content.get("about", {}), ensure_ascii=False, indent=1),
        "may_send": found.is_within(ctx, "exchange.send"),
        "filing": filing, "earlier": earlier,
    }  # fmt: skip
    return render(request, "exchange/message.html", context)


@require_POST
@needs("exchange.send")
def again_all(request: HttpRequest) -> HttpResponse:
    """Let everything that could not be delivered be tried again."""
    ctx = request.ctx.by(idempotency_key=request.POST.get("key", "")[:40])  # type: ignore[attr-defined]
    try:
        count = send_again_all(ctx)
    except AlreadyDone:
        messages.info(request, _("This was already recorded; nothing was done twice."))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    else:
        messages.success(request, _("Tried again within a minute: %(count)s.") % {"count": count})
    return redirect("exchange:outbox")


@require_POST
@needs("exchange.send")
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a message be tried again."""
    found = _message(request, pk, "exchange.send")
    try:
        send_again(request.ctx, found)  # type: ignore[attr-defined]
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message)
    else:
        messages.success(request, _("It is tried again within a minute."))
    return redirect("exchange:message", pk)


class Aside(OfficeView):
    """Setting a message aside, with the reason."""

    permission = "exchange.send"
    message: Message

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        self.message = _message(request, kwargs["pk"], self.permission)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            set_aside(self.ctx.because(form.cleaned_data["reason"]), self.message)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form)
        messages.success(request, _("Set aside."))
        return redirect("exchange:message", self.message.pk)

    def show(self, form: ReasonForm) -> HttpResponse:
        context = {
            "title": _("Set the message aside"), "button": _("Set aside"), "form": form,
            "lead": f"{self.message.title} · {self.message.name}",
            "back": reverse("exchange:message", args=[self.message.pk]),
            "crumb": (reverse("exchange:outbox"), _("Outbox")),
        }  # fmt: skip
        return render(
            self.request, "exchange/reason.html", context, status=422 if form.errors else 200
        )
