"""What the pages of one plan share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.plans import selectors
from hoptac.plans.models import YearPlan
from hoptac.ui.steps import ActView
from hoptac.ui.views import SubjectView


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


class PlanActView(PlanView, ActView):
    """Base: a form about a plan that ends in one act."""

    template_name = "plans/step.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        lists = f"{reverse('plans:list')}?year={self.plan.year}"
        return [(_("Yearly plans"), lists), (self.plan.title, self.back())]

    def back(self) -> str:
        return reverse("plans:plan", args=[self.plan.pk])
