"""What the pages of one plan share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoptac.foundation.actions import AlreadyDone, Conflict
from hoptac.foundation.findings import Refused
from hoptac.plans import selectors
from hoptac.plans.models import YearPlan
from hoptac.ui.views import SubjectView, add_findings


class PlanView(SubjectView):
    """A page of one plan that the caller may read."""

    permission = "plans.view"
    subject: YearPlan

    def find(self, pk: Any) -> YearPlan | None:
        return selectors.plan_seen(self.ctx, pk)

    @property
    def plan(self) -> YearPlan:
        return self.subject

    def day(self) -> date:
        """Return the day whose figures are shown: ``?on=``, else today; never after the plan or today."""
        asked = self.request.GET.get("on", "")
        try:
            day = date.fromisoformat(asked) if asked else self.ctx.today
        except ValueError:
            day = self.ctx.today
        return min(
            max(day, self.plan.begins_after),
            self.plan.ends_on,
            max(self.ctx.today, self.plan.begins_after),
        )

    def may(self, permission: str) -> bool:
        """Tell whether the caller may do this to the plan."""
        return self.ctx.may(permission) and self.plan.is_within(self.ctx, permission)


def carried_out(view: Any, form: Any, act: Any, done: Any, back: HttpResponse) -> HttpResponse:
    """Do the act of a form; what it refuses stands on the form."""
    request: HttpRequest = view.request
    try:
        act(view.ctx.by(idempotency_key=form.cleaned_data.get("key") or ""))
    except AlreadyDone:
        messages.info(request, _("This was already recorded; nothing was done twice."))
        return back
    except Refused as refused:
        add_findings(form, refused.findings)
        passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
        view.plan.refresh_from_db()
        return view.show(form, 409 if passed else 422)  # type: ignore[no-any-return]
    messages.success(request, done)
    return back


def simply_done(view: Any, act: Any, done: Any) -> HttpResponse:
    """Do an act that has no form, and go back to the plan."""
    try:
        act()
    except Refused as refused:
        messages.error(view.request, refused.findings[0].message)
    else:
        messages.success(view.request, done)
    return redirect("plans:plan", view.plan.pk)
