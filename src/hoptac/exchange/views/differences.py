"""The queue of differences: the list, one of them, deciding and undoing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.exchange import selectors
from hoptac.exchange.actions import decide, decide_many, undo_decision
from hoptac.exchange.forms import DecideForm, ReasonForm
from hoptac.exchange.in_words import dress, record_in_words
from hoptac.exchange.models import Difference, Extract
from hoptac.exchange.records import CONTACTS
from hoptac.exchange.terms import FIELD_NAMES, Side, Verdict, What
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.ui.views import OfficeView, add_findings

_SHOWN = 50


def _hides(ctx: Any) -> bool:
    return not ctx.may_throughout("registry.view_contacts", of="exchange.view")


@require_GET
@needs("exchange.view")
def listed(request: HttpRequest) -> HttpResponse:
    """List the differences of the caller's territory by body, filtered."""
    ctx = request.ctx  # type: ignore[attr-defined]
    asked = selectors.Asked.read(request.GET)
    seen = selectors.differences(ctx)
    pages = Paginator(asked.keep(seen).order_by("name", "code", "field", "id"), _SHOWN)
    page: Any = pages.get_page(request.GET.get("page"))
    page.numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    hides = _hides(ctx)
    for row in page.object_list:
        dress(row, hides_contacts=hides)
    states = selectors.counts_by(asked.keep(seen, but="state"), "state")
    fields = selectors.counts_by(asked.keep(seen, but="field"), "field")
    context = {
        "page": page, "asked": asked,
        "tabs": [
            {"label": label, "href": f"?{urlencode({**asked.pairs, 'state': code})}",
             "count": states.get(code, 0), "is_current": code == asked.state}
            for code, label in Verdict.choices
        ],
        "fields": [(c, n, fields.get(c, 0)) for c, n in FIELD_NAMES.items() if fields.get(c) or c == asked.field],
        "whats": What.choices, "sides": [*Side.choices[1:], ("none", _("No suggestion"))],
        "communes": selectors.communes_with_differences(ctx),
        "may_decide": ctx.may("exchange.reconcile") and asked.state == Verdict.OPEN,
        "query": urlencode(asked.pairs), "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "exchange/differences.html", context)


class DecideMany(OfficeView):
    """Deciding the ticked differences alike."""

    permission = "exchange.reconcile"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = selectors.Asked.read(request.POST)
        back = redirect(f"{reverse('exchange:differences')}?{urlencode(asked.pairs)}")
        ids = []
        for text in request.POST.getlist("chosen"):
            try:
                ids.append(UUID(text))
            except ValueError:
                continue
        try:
            done = decide_many(
                self.ctx.by(idempotency_key=request.POST.get("key", "")[:40]), ids,
                verdict=request.POST.get("verdict", ""), words=request.POST.get("words", ""),
            )  # fmt: skip
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, finding.message)
        else:
            messages.success(request, _("Decided: %(count)s.") % {"count": done["decided"]})
        return back


class OfDifference(OfficeView):
    """Base: a page of one difference within the caller's territory."""

    permission = "exchange.view"
    difference: Difference

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        needed = "exchange.reconcile" if request.method == "POST" else self.permission
        if not self.ctx.may(needed):
            raise PermissionDenied(needed)
        found = selectors.difference_seen(self.ctx, kwargs["pk"])
        if found is None or not found.is_within(self.ctx, needed):
            raise Http404
        self.difference = found
        return super().dispatch(request, *args, **kwargs)


class DifferencePage(OfDifference):
    """One difference: both sides, since when, where from; and deciding it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(DecideForm(difference=self.difference, initial={"on": None}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecideForm(request.POST, difference=self.difference)
        if not form.is_valid():
            return self.show(form)
        given = form.cleaned_data
        try:
            decide(
                self.ctx, self.difference, verdict=given["verdict"], words=given["words"],
                way=given.get("way") or "correct", on=given.get("on"), sector=given.get("sector") or "",
            )  # fmt: skip
        except Refused as refused:
            self.difference.refresh_from_db()
            add_findings(form, refused.findings)
            return self.show(form)
        messages.success(request, _("Decided."))
        return redirect("exchange:difference", self.difference.pk)

    def show(self, form: DecideForm) -> HttpResponse:
        hides = _hides(self.ctx)
        row: Any = dress(self.difference, hides_contacts=hides)
        siblings = selectors.differences(self.ctx).filter(state=Verdict.OPEN).exclude(pk=row.pk)
        siblings = (
            siblings.filter(cooperative=row.cooperative_id)
            if row.cooperative_id
            else siblings.none()
        )
        context = {
            "d": row, "form": form, "by_filing": selectors.way_by_filing(self.ctx, row),
            "sees_extract": Extract.objects.visible_to(self.ctx).filter(pk=row.last_extract_id).exists(),
            "record": record_in_words(row.record, CONTACTS if hides else ()),
            "may_decide": self.ctx.may("exchange.reconcile") and row.is_within(self.ctx, "exchange.reconcile"),
            "siblings": [dress(s, hides_contacts=hides) for s in siblings[:20]],
            "messages_of": selectors.messages(self.ctx).filter(difference_id=row.pk),
            "history": [
                {**h, "verdict": dict(Verdict.choices).get(h["verdict"], "")} for h in row.history
            ],
        }  # fmt: skip
        return render(
            self.request, "exchange/difference.html", context, status=422 if form.errors else 200
        )


class Undo(OfDifference):
    """Undoing a decision, with the reason."""

    permission = "exchange.reconcile"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            undo_decision(self.ctx.because(form.cleaned_data["reason"]), self.difference)
        except Refused as refused:
            add_findings(form, refused.findings)
            return self.show(form)
        messages.success(request, _("Undone: the record is as it was before."))
        return redirect("exchange:difference", self.difference.pk)

    def show(self, form: ReasonForm) -> HttpResponse:
        context = {
            "title": _("Undo the decision"), "button": _("Undo"), "form": form,
            "lead": self.difference.name, "back": reverse("exchange:difference", args=[self.difference.pk]),
            "crumb": (reverse("exchange:differences"), _("Differences")),
        }  # fmt: skip
        return render(
            self.request, "exchange/reason.html", context, status=422 if form.errors else 200
        )
