"""Beginning a plan."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hoptac.plans import actions
from hoptac.plans.forms import DraftForm
from hoptac.ui.views import OfficeFormView


class NewPlan(OfficeFormView):
    """A plan that an agency begins, from the plan above or from a template."""

    permission = "plans.make"
    template_name = "plans/new.html"
    form_class = DraftForm
    done = gettext_lazy("The draft is begun: set its targets, then submit it.")

    def _year(self) -> int:
        given = self.request.POST.get("year") or self.request.GET.get("year") or ""
        return int(given) if given.isdecimal() and len(given) == 4 else self.ctx.today.year + 1

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "ctx": self.ctx, "year": self._year()}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {
            "key": uuid4().hex,
            "kind": asked.get("kind") or "year",
            "year": self._year(),
            "agency": asked.get("agency"),
            "parent": asked.get("parent"),
            "approver": asked.get("approver"),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        g = dict(form.cleaned_data)
        ctx = self.ctx.by(idempotency_key=g.pop("key", "") or "")
        plan = actions.draft_plan(ctx, **g)
        return redirect("plans:plan", plan.pk)

    def get_success_url(self) -> str:
        return reverse("plans:list")
