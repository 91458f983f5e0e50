"""The targets of a plan and what sources state of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.plans import actions, forms, selectors
from hoptac.plans.figures import live_targets
from hoptac.plans.models import PlanTarget
from hoptac.plans.terms import FROZEN
from hoptac.plans.views.base import PlanActView
from hoptac.ui.steps import done_or_told
from hoptac.ui.views import OfficeView


class _TargetView(PlanActView):
    """A form about one target of a plan that the caller's agency makes."""

    permission = "plans.make"
    form_class: type[forms.StepForm] = forms.TargetForm
    target: PlanTarget | None = None
    title: Any = gettext_lazy("Set a target")
    done: Any = gettext_lazy("The target is set.")

    def find(self, pk: Any) -> Any:
        plan = super().find(pk)
        if plan is None or not plan.is_within(self.ctx, self.permission):
            return None
        if self.code:
            self.target = next((t for t in live_targets(plan) if t.code == self.code), None)
            if self.target is None:
                return None
        return plan

    @property
    def code(self) -> str:
        """Return the code that the address names, or nothing for a new target."""
        return str(self.kwargs.get("code", ""))

    def form(self, *sent: Any, **given: Any) -> Any:
        return self.form_class(self.ctx, self.plan, *sent, **given)

    def act(self, ctx: Any, form: Any) -> Any:
        g = form.cleaned_data
        return actions.set_target(
            ctx, self.plan, code=self.code or g["code"], values=form.values(), expected_version=g["version"]
        )  # fmt: skip

    def back(self) -> str:
        return super().back() + "#targets"

    def words(self) -> dict[str, Any]:
        lead = self.target.name if self.target else ""
        return {"title": self.title, "button": _("Save"), "done": self.done, "lead": lead}


class NewTarget(_TargetView):
    """A new target; of an aim of a document, its words and number are filled in."""

    def initial(self) -> dict[str, Any]:
        begin = {"direction": "at_least", "adds_up": True, "divisor": 1}
        aim = selectors.aim_seen(self.ctx, self.request.GET.get("aim", ""))
        return (
            begin | selectors.target_of_aim(aim, self.request.GET.get("figure", "0"))
            if aim
            else begin
        )

    def act(self, ctx: Any, form: Any) -> Any:
        """Set the target of the form, and mark the aim of which it is made."""
        g = form.cleaned_data
        aim = selectors.aim_seen(self.ctx, self.request.GET.get("aim", ""))
        return actions.set_target(
            ctx, self.plan, code=g["code"], values=form.values(), expected_version=g["version"], aim=aim
        )  # fmt: skip


class AimPage(OfficeView):
    """Of which plan an aim of a document becomes a target: the plans that the caller is drafting."""

    permission = "plans.make"

    def get(self, request: HttpRequest, passage: Any) -> HttpResponse:
        aim = selectors.aim_seen(self.ctx, str(passage))
        if aim is None:
            raise Http404
        figure = request.GET.get("figure", "0")
        context = {
            "aim": aim, "plans": selectors.plans_to_draft(self.ctx, aim.directive_id), "figure": figure,
            "told": selectors.target_of_aim(aim, figure),
        }  # fmt: skip
        return render(request, "plans/aim.html", context)


class EditTarget(_TargetView):
    """A target as it stands; of an approved plan only its estimate and the proposal for the next year."""

    def find(self, pk: Any) -> Any:
        plan = super().find(pk)
        if plan is not None and plan.state in FROZEN:
            self.form_class = forms.ForecastForm
        return plan

    def initial(self) -> dict[str, Any]:
        target = self.target
        assert target is not None  # noqa: S101  (found before)
        names = ("code", "name", "unit_name", "measure", "divisor", "direction", "before", "planned", "estimate",
                 "planned_next", "adds_up", "serves", "basis")  # fmt: skip
        return {
            **{n: getattr(target, n) for n in names}, "responsible": target.responsible_id,
            **{f"parameter_{k}": v for k, v in target.parameters.items()},
            **{f"path_{k}": v for k, v in target.path.items()},
        }  # fmt: skip


class StateActual(_TargetView):
    """What a source says of a target."""

    form_class = forms.ActualForm
    title = gettext_lazy("State an actual value")
    done = gettext_lazy("The value is recorded with its source.")

    def act(self, ctx: Any, form: Any) -> Any:
        g = form.cleaned_data
        return actions.state_actual(
            ctx, self.plan, code=self.code, value=g["value"], as_of=g["as_of"], source=g["source"]
        )  # fmt: skip

    def initial(self) -> dict[str, Any]:
        return {"as_of": min(self.ctx.today, self.plan.ends_on)}

    def extra(self) -> dict[str, Any]:
        return {"plan": self.plan, "stated": selectors.stated_values(self.plan, self.code)}


class DropTarget(_TargetView):
    """Take a target out of the plan."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        done_or_told(
            request, lambda: actions.drop_target(self.ctx, self.plan, code=self.code), _("The target is taken out.")
        )  # fmt: skip
        return redirect(PlanActView.back(self))


class RetireActual(_TargetView):
    """Take a stated value back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stated = selectors.stated_row(self.plan, kwargs["stated"])
        if stated is None:
            raise Http404
        done_or_told(
            request, lambda: actions.retire_actual(self.ctx, self.plan, stated=stated), _("The value is taken back.")
        )  # fmt: skip
        return redirect(PlanActView.back(self))
