"""The targets of a plan and what sources state of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hoptac.plans import actions, forms, selectors
from hoptac.plans.figures import live_targets
from hoptac.plans.models import PlanTarget
from hoptac.plans.terms import FROZEN
from hoptac.plans.views.base import PlanView, carried_out, simply_done
from hoptac.ui.views import OfficeView


class _TargetView(PlanView):
    """A form about one target of a plan that the caller's agency makes."""

    permission = "plans.make"
    form_class: type[forms.StepForm] = forms.TargetForm
    target: PlanTarget | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.code = kwargs.get("code", "")
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: Any) -> Any:
        plan = super().find(pk)
        if plan is None or not plan.is_within(self.ctx, "plans.make"):
            return None
        if self.code:
            self.target = next((t for t in live_targets(plan) if t.code == self.code), None)
            if self.target is None:
                return None
        return plan

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"version": self.plan.version, "key": uuid4().hex, **self.initial()}
        return self.show(self.form_class(self.ctx, self.plan, initial=initial))

    def initial(self) -> dict[str, Any]:
        """Return what the form begins with."""
        return {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(self.ctx, self.plan, request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        back = redirect(reverse("plans:plan", args=[self.plan.pk]) + "#targets")
        return carried_out(self, form, lambda ctx: self.act(ctx, form), self.said(), back)

    def act(self, ctx: Any, form: Any) -> Any:
        """Set the target of the form."""
        g = form.cleaned_data
        return actions.set_target(
            ctx, self.plan, code=self.code or g["code"], values=form.values(), expected_version=g["version"]
        )  # fmt: skip

    def said(self) -> str:
        return _("The target is set.")

    def title(self) -> str:
        return _("Set a target")

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "plan": self.plan,
            "target": self.target,
            "form": form,
            "title": self.title(),
            "button": _("Save"),
            "back": reverse("plans:plan", args=[self.plan.pk]) + "#targets",
            "lead": self.target.name if self.target else "",
            "stated": self.stated(),
        }
        return render(self.request, "plans/step.html", context, status=status)

    def stated(self) -> list[Any]:
        """Return the stated values that the page lists."""
        return []


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

    def act(self, ctx: Any, form: Any) -> Any:
        """State the value of the form."""
        g = form.cleaned_data
        return actions.state_actual(
            ctx, self.plan, code=self.code, value=g["value"], as_of=g["as_of"], source=g["source"]
        )  # fmt: skip

    def initial(self) -> dict[str, Any]:
        return {"as_of": min(self.ctx.today, self.plan.ends_on)}

    def said(self) -> str:
        return _("The value is recorded with its source.")

    def title(self) -> str:
        return _("State an actual value")

    def stated(self) -> list[Any]:
        return selectors.stated_values(self.plan, self.code)


class DropTarget(_TargetView):
    """Take a target out of the plan."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return simply_done(
            self, lambda: actions.drop_target(self.ctx, self.plan, code=self.code), _("The target is taken out.")
        )  # fmt: skip


class RetireActual(_TargetView):
    """Take a stated value back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stated = selectors.stated_row(self.plan, kwargs["stated"])
        if stated is None:
            raise Http404
        return simply_done(
            self, lambda: actions.retire_actual(self.ctx, self.plan, stated=stated), _("The value is taken back.")
        )  # fmt: skip
