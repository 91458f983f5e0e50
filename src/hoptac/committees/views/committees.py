"""The committees, and one committee as of any day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.committees import actions, selectors
from hoptac.committees.forms import FoundForm
from hoptac.committees.models.committees import KEEP, VIEW
from hoptac.ui.views import OfficeFormView, OfficeView, SubjectView


class CommitteeList(OfficeView):
    """The committees of the caller's provinces, and the meetings that lie ahead."""

    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx = self.ctx
        context = {
            "committees": list(selectors.committees_seen(ctx)),
            "ahead": selectors.meetings_waiting(ctx),
            "today": ctx.today,
            "may_found": ctx.may(KEEP) and selectors.keeping_agencies(ctx).exists(),
        }
        return render(request, "committees/list.html", context)


class NewCommittee(OfficeFormView):
    """A committee that a decision founded."""

    permission = KEEP
    template_name = "committees/new.html"
    form_class = FoundForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx, "subject": None}

    def get_initial(self) -> dict[str, Any]:
        return {"key": uuid4().hex}

    def form_valid(self, form: Any) -> HttpResponse:
        g = dict(form.cleaned_data)
        g.pop("version")
        ctx = self.ctx.by(idempotency_key=g.pop("key") or "")
        committee = actions.found_committee(ctx, **g)
        messages.success(self.request, _("Entered. Now appoint its members."))
        return redirect("committees:committee", committee.pk)

    def get_success_url(self) -> str:
        return reverse("committees:list")


class CommitteePage(SubjectView):
    """Who sits in it on a day and answers for what, its meetings, what of their conclusions is open."""

    permission = VIEW

    def find(self, pk: Any) -> Any:
        return selectors.committee_seen(self.ctx, pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ctx, committee = self.ctx, self.subject
        day = _asked_day(request) or ctx.today
        keeps = selectors.keeps(ctx, committee)
        regulations = list(committee.regulations.select_related("directive"))
        context = {
            "committee": committee,
            "day": day,
            "is_today": day == ctx.today,
            "keeps": keeps,
            "exists": ctx.today in committee.valid,
            "members": selectors.members_on(ctx, committee, day),
            "former": selectors.former_members(committee, day),
            "regulations": regulations,
            "in_force": next((r for r in regulations if r.in_force_on <= day), None),
            "meetings": list(selectors.meetings_seen(ctx, committee)[:50]),
            "open": selectors.open_conclusions(ctx, committee),
            "insider": selectors.is_insider(ctx, committee),
            "predecessors": list(committee.predecessors.order_by("name")),
        }
        return render(request, "committees/committee.html", context)


def _asked_day(request: HttpRequest) -> date | None:
    """Return the day of ``?day=``, as people or machines write it."""
    text = request.GET.get("day", "").strip()
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None
