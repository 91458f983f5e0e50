"""What officers type of plans: one form for each step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.foundation.measures import measure, measures
from hoptac.foundation.rulebook import rule_in_force
from hoptac.plans import selectors
from hoptac.plans.figures import live_targets
from hoptac.plans.forms_of_law import outline
from hoptac.plans.models import PlanTarget, YearPlan
from hoptac.plans.rules.standing import StandingRule
from hoptac.plans.terms import PlanKind
from hoptac.tasks.terms import Direction
from hoptac.ui.fields import DayField, FigureField, FilesField
from hoptac.ui.widgets import Combobox

_DECIMALS = 4


def words(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:  # fmt: skip
    """Return a field of a few sentences."""
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=2000, required=required,
        help_text=help_text,
    )  # fmt: skip


class DraftForm(forms.Form):
    """A plan that an agency begins."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PlanKind.choices)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2013, max_value=2100)
    last_year = forms.IntegerField(
        label=gettext_lazy("Last year"), min_value=2013, max_value=2100, required=False,
        help_text=gettext_lazy("For a target list of several years."),
    )  # fmt: skip
    title = forms.CharField(
        label=pgettext_lazy("plan", "Title"), max_length=300, required=False,
        help_text=gettext_lazy("Left empty, it is made from the year and the agency."),
    )  # fmt: skip
    template = forms.ChoiceField(
        label=gettext_lazy("Targets to begin with"), required=False,
        choices=(
            ("", gettext_lazy("Those of the plan above, or none")),
            ("annex", gettext_lazy("The rows of annex 1")),
            ("resolution", gettext_lazy("The targets of Resolution 20-NQ/TW")),
            ("last_year", gettext_lazy("Those of our plan of the year before")),
        ),
    )  # fmt: skip
    tie = forms.CharField(
        label=gettext_lazy("How it is tied to the socio-economic plan"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    field_order = (
        "agency",
        "kind",
        "year",
        "last_year",
        "parent",
        "template",
        "title",
        "approver",
        "directive",
        "tied_to",
        "tie",
    )

    def __init__(self, ctx: Context, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = selectors.making_agencies(ctx)
        self.fields["agency"] = forms.ModelChoiceField(
            own, label=_("Agency"), widget=Combobox, empty_label=None if own.count() == 1 else ""
        )
        self.fields["parent"] = forms.ModelChoiceField(
            selectors.parents_for(ctx, year), label=_("Plan above"), required=False, widget=Combobox, empty_label="",
            help_text=_("Its targets and tasks that concern the agency are taken over."),
        )  # fmt: skip
        self.fields["approver"] = forms.ModelChoiceField(
            selectors.agencies_now(ctx),
            label=pgettext("plan", "Approved by"),
            widget=Combobox,
            empty_label="",
        )
        documents = selectors.directives_named(ctx)
        self.fields["directive"] = forms.ModelChoiceField(
            documents, label=_("Carries out"), required=False, widget=Combobox, empty_label=""
        )
        self.fields["tied_to"] = forms.ModelChoiceField(
            documents, label=_("Socio-economic plan"), required=False, widget=Combobox, empty_label=""
        )  # fmt: skip
        self.order_fields(self.field_order)


class StepForm(forms.Form):
    """Base of the forms of a step: the version that was read goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, plan: YearPlan, *args: Any, **kwargs: Any) -> None:
        self.ctx, self.plan = ctx, plan
        super().__init__(*args, **kwargs)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on who asks and of which plan."""


class RemarkForm(StepForm):
    """A step with a remark, if any."""

    words = words(gettext_lazy("Remark"), required=False)


class ReasonForm(StepForm):
    """A step that needs a reason."""

    words = words(gettext_lazy("Reason"))


class EditForm(StepForm):
    """The heading of a plan."""

    title = forms.CharField(label=pgettext_lazy("plan", "Title"), max_length=300)
    tie = forms.CharField(
        label=gettext_lazy("How it is tied to the socio-economic plan"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
    )  # fmt: skip

    def build(self) -> None:
        self.fields["approver"] = forms.ModelChoiceField(
            selectors.agencies_now(self.ctx), label=pgettext("plan", "Approved by"), widget=Combobox, empty_label=None
        )  # fmt: skip
        documents = selectors.directives_named(self.ctx)
        for name, label in (("directive", _("Carries out")), ("tied_to", _("Socio-economic plan"))):
            self.fields[name] = forms.ModelChoiceField(
                documents, label=label, required=False, widget=Combobox, empty_label=""
            )


class TextsForm(StepForm):
    """The chapters of a plan, in the order of the outline."""

    def build(self) -> None:
        for chapter in outline():
            if chapter.written:
                self.fields[f"text_{chapter.code}"] = forms.CharField(
                    label=chapter.shown_title, required=False, widget=forms.Textarea(attrs={"rows": 5}),
                    max_length=20_000, initial=self.plan.texts.get(chapter.code, ""),
                )  # fmt: skip

    def texts(self) -> dict[str, str]:
        """Return the texts by chapter."""
        return {
            n.removeprefix("text_"): v
            for n, v in self.cleaned_data.items()
            if n.startswith("text_")
        }


class AskForm(StepForm):
    """Of whom plans are asked, and until when."""

    due_on = DayField(label=gettext_lazy("To be submitted by"))
    words = words(gettext_lazy("Remark"), required=False)
    field_order = ("agencies", "due_on", "words")

    def build(self) -> None:
        agencies = selectors.agencies_now(self.ctx).exclude(pk=self.plan.agency_id)
        self.fields["agencies"] = forms.ModelMultipleChoiceField(
            agencies.filter(province_code=self.plan.province_code), label=_("Agencies"),
            widget=forms.SelectMultiple(attrs={"size": 10}),
        )  # fmt: skip
        self.order_fields(self.field_order)
        rule = rule_in_force(StandingRule, on=max(self.plan.begins_after, date(2013, 7, 1)))
        day = date(self.plan.year - 1, rule.parts_month, rule.parts_day)
        if day > self.ctx.today:
            self.fields["due_on"].initial = day


class IssueForm(StepForm):
    """The document as which a plan is issued."""

    symbol = forms.CharField(
        label=gettext_lazy("Number and symbol"), max_length=60, required=False,
        help_text=gettext_lazy("As printed: 2949/KH-UBND."),
    )  # fmt: skip
    issued_on = DayField(label=gettext_lazy("Signed on"), required=False)
    signer = forms.CharField(label=gettext_lazy("Signed by"), max_length=120, required=False)
    signer_post = forms.CharField(
        label=gettext_lazy("Post of the signer"), max_length=200, required=False
    )
    brought = FilesField(label=gettext_lazy("The signed document (one file)"))

    def build(self) -> None:
        own = selectors.directives_named(self.ctx).filter(issuer=self.plan.agency)
        self.fields["document"] = forms.ModelChoiceField(
            own, label=_("Document entered already"), required=False, widget=Combobox, empty_label="",
            help_text=_("Or enter it below."),
        )  # fmt: skip
        self.order_fields(("document", "symbol", "issued_on", "signer", "signer_post", "brought"))

    def file(self) -> Any:
        """Return the file, if one was brought."""
        brought = self.cleaned_data["brought"]
        return brought[0] if brought else None


class AdjustForm(StepForm):
    """New planned values of an approved plan; those left as they are stay."""

    words = words(gettext_lazy("Reason"))
    document = forms.CharField(
        label=gettext_lazy("Document that adjusts it"), max_length=200,
        help_text=gettext_lazy("Number, symbol and day."),
    )  # fmt: skip

    def build(self) -> None:
        self.codes: dict[str, PlanTarget] = {}
        for place, target in enumerate(live_targets(self.plan)):
            self.codes[f"planned_{place}"] = target
            self.fields[f"planned_{place}"] = FigureField(
                label=f"{target.name} ({target.unit_name})", initial=target.planned, decimals=_DECIMALS
            )  # fmt: skip

    def changes(self) -> dict[str, dict[str, Any]]:
        """Return the targets whose planned value was changed."""
        return {
            target.code: {"planned": self.cleaned_data[name]}
            for name, target in self.codes.items()
            if self.cleaned_data[name] != target.planned
        }


class TakeTaskForm(StepForm):
    """A task that becomes part of the plan."""

    def build(self) -> None:
        self.fields["task"] = forms.ModelChoiceField(
            selectors.tasks_to_take(self.ctx, self.plan), label=_("Task"), widget=Combobox, empty_label=""
        )  # fmt: skip


class TakePartForm(StepForm):
    """A part of a task above that the agency orders within its own plan."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    due_on = DayField(label=gettext_lazy("Due on"), required=False)
    field_order = ("task", "title", "lead", "due_on")

    def build(self) -> None:
        agencies = selectors.agencies_now(self.ctx).filter(province_code=self.plan.province_code)
        taken = [t.pk for t in selectors.tasks_of(self.ctx, self.plan)]
        own = selectors.tasks_to_take(self.ctx, self.plan)
        self.fields["task"] = forms.ModelChoiceField(
            own.model.objects.filter(pk__in=[*taken, *own.values_list("pk", flat=True)]).order_by("number"),
            label=_("Part of the task"), widget=Combobox, empty_label="",
        )  # fmt: skip
        self.fields["lead"] = forms.ModelChoiceField(
            agencies, label=_("Lead agency"), required=False, widget=Combobox, empty_label="",
            help_text=_("Left empty: the agency itself."),
        )  # fmt: skip
        self.order_fields(self.field_order)


class TargetForm(StepForm):
    """One target of a plan."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("plan", "Target"), max_length=300)
    unit_name = forms.CharField(label=gettext_lazy("Unit of measurement"), max_length=60)
    divisor = forms.IntegerField(
        label=gettext_lazy("Computed value divided by"), min_value=1, required=False,
        help_text=gettext_lazy("1.000.000 where the system counts dong and the plan millions."),
    )  # fmt: skip
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction.choices)
    before = FigureField(
        label=gettext_lazy("Year before"), decimals=_DECIMALS,
        help_text=gettext_lazy("Left empty where the system computes it."),
    )  # fmt: skip
    planned = FigureField(label=gettext_lazy("Planned"), decimals=_DECIMALS)
    estimate = FigureField(label=gettext_lazy("Estimate of the whole year"), decimals=_DECIMALS)
    planned_next = FigureField(label=gettext_lazy("Proposed for the next year"), decimals=_DECIMALS)
    adds_up = forms.BooleanField(
        label=gettext_lazy("The values of districts may be added"), required=False
    )
    basis = forms.CharField(label=gettext_lazy("Set by"), max_length=200, required=False)
    target: PlanTarget | None = None

    def build(self) -> None:
        self.fields["measure"] = forms.ChoiceField(
            choices=[
                ("", _("Stated, with its source")),
                *((m.code, f"{m.name} ({m.unit})") for m in measures().values()),
            ],
            label=_("Computed as"),
            required=False,
            widget=Combobox,
        )
        narrowed = {p.name: p for m in measures().values() for p in m.parameters}
        for name, parameter in narrowed.items():
            self.fields[f"parameter_{name}"] = forms.ChoiceField(
                label=parameter.label, required=False, choices=[("", _("All")), *parameter.choices()]
            )  # fmt: skip
        agencies = selectors.agencies_now(self.ctx).filter(province_code=self.plan.province_code)
        self.fields["responsible"] = forms.ModelChoiceField(
            agencies, label=_("Responsible agency"), required=False, widget=Combobox, empty_label=""
        )
        if self.plan.parent is not None:
            above = live_targets(self.plan.parent)
            self.fields["serves"] = forms.ChoiceField(
                choices=[("", "–"), *((t.code, f"{t.code} {t.name}") for t in above)],
                label=_("Adds to the target of the plan above"), required=False,
            )  # fmt: skip
        if self.plan.kind == PlanKind.TARGET_LIST:
            for year in range(self.plan.year, (self.plan.last_year or self.plan.year) + 1):
                self.fields[f"path_{year}"] = FigureField(
                    label=_("Planned for %(year)s") % {"year": year}, decimals=_DECIMALS
                )
        self.order_fields(
            ("code", "name", "unit_name", "measure", "parameter_sector", "parameter_state", "divisor", "direction",
             "before", "planned", "estimate", "planned_next")
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what the act takes of it."""
        g = self.cleaned_data
        names = ("name", "unit_name", "direction", "before", "planned", "estimate", "planned_next", "basis",
                 "measure", "responsible", "adds_up")  # fmt: skip
        found = {n: g[n] for n in names} | {"divisor": g["divisor"] or 1}
        known = measure(g["measure"])
        allowed = {p.name for p in known.parameters} if known else set()
        found["parameters"] = {n: g[f"parameter_{n}"] for n in allowed if g.get(f"parameter_{n}")}
        if "serves" in self.fields:
            found["serves"] = g["serves"]
        found["path"] = {
            n.removeprefix("path_"): str(v)
            for n, v in g.items()
            if n.startswith("path_") and v is not None
        }
        return found


class ForecastForm(StepForm):
    """What may still be said of a target of an approved plan."""

    estimate = FigureField(label=gettext_lazy("Estimate of the whole year"), decimals=_DECIMALS)
    planned_next = FigureField(label=gettext_lazy("Proposed for the next year"), decimals=_DECIMALS)

    def values(self) -> dict[str, Any]:
        """Return what the act takes of it."""
        return {n: self.cleaned_data[n] for n in ("estimate", "planned_next")}


class ActualForm(StepForm):
    """What a source says of a target as of a day."""

    value = FigureField(label=gettext_lazy("Value"), decimals=_DECIMALS)
    as_of = DayField(label=gettext_lazy("As of"))
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200,
        help_text=gettext_lazy("The report or document from which the figure comes."),
    )  # fmt: skip

    def build(self) -> None:
        self.fields["value"].required = True
