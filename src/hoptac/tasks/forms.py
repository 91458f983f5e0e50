"""What officers type of tasks: one form for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.directives.forms import AgenciesField as GroupsField
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.measures import measures
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks import selectors
from hoptac.tasks.models import Assignment, Task
from hoptac.tasks.proofs import Shown
from hoptac.tasks.terms import Direction, Rhythm
from hoptac.ui.fields import DayField, FigureField, FilesField
from hoptac.ui.widgets import Combobox


def words(
    label: Any, *, rows: int = 4, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    """Return a field of a few sentences."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=2000,
        required=required,
        help_text=help_text,
    )


class AgencyField(forms.ModelChoiceField):
    """An agency that exists on the day, found by typing."""

    def __init__(self, ctx: Context, province: str, **kwargs: Any) -> None:
        found = Agency.objects.filter(province_code=province, valid__contains=ctx.today).order_by(
            "name"
        )
        super().__init__(found, widget=Combobox, empty_label="", **kwargs)


class AgenciesField(forms.ModelMultipleChoiceField):
    """Several agencies that exist on the day."""

    def __init__(self, ctx: Context, province: str, **kwargs: Any) -> None:
        found = Agency.objects.filter(province_code=province, valid__contains=ctx.today).order_by(
            "name"
        )
        super().__init__(
            found, required=False, widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs
        )


class StepForm(forms.Form):
    """Base of the forms of a step: the version that was read goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    line = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(
        self, ctx: Context, task: Task, line: Assignment | None, *args: Any, **kwargs: Any
    ) -> None:
        self.ctx, self.task, self.own_line = ctx, task, line
        super().__init__(*args, **kwargs)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on who asks."""


class DueFields(forms.Form):
    """When a task is due: once, or in every period."""

    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm.choices)
    due_on = DayField(
        label=gettext_lazy("Due on"),
        required=False,
        help_text=gettext_lazy("For what is done once."),
    )
    month = forms.IntegerField(
        label=gettext_lazy("Month of the period"),
        required=False,
        min_value=0,
        max_value=15,
        help_text=gettext_lazy(
            "For what comes again: 12 of a year is December, 13 January of the next. Empty: the period's end."
        ),
    )
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"), required=False, min_value=0, max_value=31
    )
    starts_on = DayField(label=gettext_lazy("Begins on"), required=False)
    ends_on = DayField(label=gettext_lazy("Ends on"), required=False)

    def due(self) -> dict[str, Any]:
        """Return what the acts take of it."""
        g = self.cleaned_data
        return {
            "rhythm": g["rhythm"], "due_on": g["due_on"], "month": g["month"] or 0, "day": g["day"] or 0,
            "starts_on": g["starts_on"], "ends_on": g["ends_on"],
        }  # fmt: skip


class TaskForm(DueFields):
    """A task that an agency orders."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    content = forms.CharField(
        label=gettext_lazy("In more words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    product = forms.CharField(
        label=gettext_lazy("Product expected"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Plan, report, figure: what shows that it was done."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    field_order = ("assigner", "directive", "parent", "section", "title", "content", "product")

    def __init__(self, ctx: Context, *args: Any, parent: Task | None = None, **kwargs: Any) -> None:
        self.ctx = ctx
        super().__init__(*args, **kwargs)
        own = Agency.objects.filter(
            pk__in=selectors.assigning_agencies(ctx), valid__contains=ctx.today
        ).order_by("name")
        self.fields["assigner"] = forms.ModelChoiceField(
            own, label=_("Assigned by"), empty_label=None if own.count() == 1 else ""
        )
        self.fields["directive"] = forms.ModelChoiceField(
            Directive.objects.visible_to(ctx).order_by("-issued_on", "-id"),
            label=_("Directive"),
            required=False,
            widget=Combobox,
            empty_label="",
        )
        self.fields["section"] = forms.CharField(label=_("Section"), required=False, max_length=60)
        self.parent = parent
        self.order_fields(self.field_order)


class EditForm(StepForm):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    content = forms.CharField(
        label=gettext_lazy("In more words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    product = forms.CharField(
        label=gettext_lazy("Product expected"), required=False, max_length=300
    )
    section = forms.CharField(label=gettext_lazy("Section"), required=False, max_length=60)


class AssignForm(StepForm, DueFields):
    """To whom a task goes; when it is due only while nobody answers for it yet."""

    def build(self) -> None:
        province = self.task.province_code
        self.fields["lead"] = AgencyField(self.ctx, province, label=_("Lead agency"))
        self.fields["coordinating"] = AgenciesField(
            self.ctx,
            province,
            label=_("Coordinating agencies"),
            help_text=_("Hold Ctrl to choose several."),
        )
        self.fields["words"] = words(_("Remark"), required=False, rows=3)
        if self.task.state != "draft":
            for name in ("rhythm", "due_on", "month", "day", "starts_on", "ends_on"):
                del self.fields[name]
        self.order_fields(("lead", "coordinating"))


class GiveOnForm(StepForm):
    def build(self) -> None:
        province = self.task.province_code
        self.fields["lead"] = AgencyField(self.ctx, province, label=_("To which agency"))
        self.fields["coordinating"] = AgenciesField(
            self.ctx, province, label=_("Coordinating agencies")
        )
        self.fields["words"] = words(_("Remark"), required=False, rows=3)


class HandOnForm(StepForm):
    def build(self) -> None:
        self.fields["to"] = AgencyField(
            self.ctx, self.task.province_code, label=_("To which agency")
        )
        self.fields["words"] = words(_("Why it is that agency's business"))


class HelperForm(StepForm):
    def build(self) -> None:
        self.fields["agency"] = AgencyField(self.ctx, self.task.province_code, label=_("Agency"))
        self.fields["words"] = words(_("Remark"), required=False, rows=3)


class OfficerForm(StepForm):
    """Who follows the task within the agency."""

    def build(self) -> None:
        self.people: dict[str, Any] = {}
        if self.own_line is not None:
            self.people = {
                str(u.pk): u for u in selectors.officers_of(self.own_line.agency, self.ctx.today)
            }
        self.fields["officer"] = forms.ChoiceField(
            label=_("Officer"),
            required=False,
            choices=[
                ("", _("Nobody named")),
                *((pk, u.full_name) for pk, u in self.people.items()),
            ],
        )


class AcceptForm(OfficerForm):
    def build(self) -> None:
        super().build()
        self.fields["words"] = words(_("Remark"), required=False, rows=3)


class ReasonForm(StepForm):
    words = words(gettext_lazy("Reason"))


class RemarkForm(StepForm):
    words = words(gettext_lazy("Remark"), required=False, rows=3)


class ReleaseForm(StepForm):
    def build(self) -> None:
        given = (
            self.own_line.given_on.filter(until__isnull=True).select_related("agency")
            if self.own_line
            else ()
        )
        self.given = {str(a.pk): a for a in given}
        self.fields["released"] = forms.ChoiceField(
            label=_("Agency"), choices=[(pk, a.agency.name) for pk, a in self.given.items()]
        )
        self.fields["words"] = words(_("Reason"))


class ShownFields(StepForm):
    """What an agency brings to show that something was done."""

    brought = FilesField(
        label=gettext_lazy("Files that show it"),
        help_text=gettext_lazy("Pictures, PDF, Word or Excel, up to 20 files."),
    )
    shows = forms.CharField(label=gettext_lazy("What they show"), required=False, max_length=300)
    record = forms.CharField(
        label=gettext_lazy("Page of this system that shows it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Paste its address: a record, a filing, a table of figures."),
    )
    difficulty = words(gettext_lazy("Difficulty met"), required=False, rows=2)
    proposal = words(gettext_lazy("What you propose"), required=False, rows=2)

    def build(self) -> None:
        own = Directive.objects.visible_to(self.ctx).order_by("-issued_on", "-id")
        self.fields["document"] = forms.ModelChoiceField(
            own, label=_("Document that shows it"), required=False, widget=Combobox, empty_label=""
        )
        self.tied = {str(t.pk): t for t in self.task.indicators.filter(retired_by__isnull=True)}
        if self.tied:
            known = measures()
            names = [
                (pk, str(known[t.measure].name) if t.measure in known else t.measure)
                for pk, t in self.tied.items()
            ]
            self.fields["indicators"] = forms.MultipleChoiceField(
                label=_("Figures of the system that show it"),
                required=False,
                choices=names,
                widget=forms.CheckboxSelectMultiple,
            )
        self.order_fields(
            (
                "words",
                "result",
                "percent",
                "indicators",
                "brought",
                "shows",
                "document",
                "record",
                "difficulty",
                "proposal",
            )
        )

    def clean_record(self) -> str:
        """Return the path of a page of this system, whatever address was pasted."""
        given = str(self.cleaned_data["record"]).strip()
        host = self.ctx_host()
        for prefix in (f"https://{host}", f"http://{host}"):
            given = given.removeprefix(prefix)
        if given and (not given.startswith("/") or given.startswith("//")):
            raise forms.ValidationError(_("This is no address of this system."))
        return given

    def ctx_host(self) -> str:
        return str(self.initial.get("host", ""))

    def shown(self) -> list[Shown]:
        """Return the proofs, as the acts take them."""
        g = self.cleaned_data
        found = [Shown(file=f, words=g["shows"]) for f in g["brought"]]
        if g.get("document"):
            found.append(Shown(directive=g["document"], words=g["shows"]))
        if g.get("record"):
            found.append(Shown(record=(g["record"], g["shows"] or g["record"]), words=g["shows"]))
        found.extend(Shown(indicator=self.tied[pk]) for pk in g.get("indicators", ()))
        return found


class ProgressForm(ShownFields):
    words = words(gettext_lazy("What was done"))
    percent = forms.IntegerField(
        label=gettext_lazy("How far, in percent"), required=False, min_value=0, max_value=100
    )


class ReportForm(ShownFields):
    result = words(gettext_lazy("What came of it"), rows=5)


class ExtendForm(StepForm):
    due_on = DayField(label=gettext_lazy("New due day"))
    words = words(gettext_lazy("Reason"))


class MoreTimeForm(StepForm):
    due_on = DayField(label=gettext_lazy("Until when you need"))
    words = words(gettext_lazy("Why more time is needed"))


class GrantForm(StepForm):
    due_on = DayField(
        label=gettext_lazy("New due day"),
        help_text=gettext_lazy("The day asked for stands here; you may grant another."),
    )
    words = words(gettext_lazy("Remark"), required=False, rows=3)


class SpreadForm(StepForm, DueFields):
    """To which agencies an order goes; when it is due only while nobody answers for it yet."""

    def __init__(self, choice: Any, *args: Any, **kwargs: Any) -> None:
        self.choice = choice
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        self.fields["agencies"] = GroupsField(
            self.choice.groups,
            held={str(pk): _("has a part") for pk in self.choice.given},
            error_messages={"required": _("Choose at least one agency that has no part yet.")},
        )
        self.fields["words"] = words(_("Remark"), required=False, rows=3)
        if self.task.state != "draft":
            for name in DueFields.base_fields:
                del self.fields[name]

    def due_asked(self) -> dict[str, Any] | None:
        return self.due() if "rhythm" in self.fields else None


class ReopenForm(StepForm):
    due_on = DayField(label=gettext_lazy("New due day"), required=False)
    words = words(gettext_lazy("Reason"))


class TieForm(StepForm):
    """A computed figure with its target."""

    target = FigureField(label=gettext_lazy("Target"), decimals=2)
    target_on = DayField(label=gettext_lazy("To be reached by"))
    baseline_on = DayField(
        label=gettext_lazy("Baseline as of"),
        help_text=gettext_lazy("From this day the way is counted."),
    )
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction.choices)
    basis = forms.CharField(
        label=gettext_lazy("Set by"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The document that sets the target."),
    )

    def build(self) -> None:
        known = measures()
        self.fields["code"] = forms.ChoiceField(
            label=_("Indicator"),
            widget=Combobox,
            choices=[("", ""), *((m.code, f"{m.name} ({m.unit})") for m in known.values())],
        )
        parameters = {p.name: p for m in known.values() for p in m.parameters}
        for name, parameter in parameters.items():
            self.fields[f"by_{name}"] = forms.ChoiceField(
                label=parameter.label,
                required=False,
                choices=[("", _("All")), *parameter.choices()],
            )
        units = AdminUnit.objects.on(self.ctx.today).filter(province_code=self.task.province_code)
        self.fields["unit"] = forms.ModelChoiceField(
            units.in_order(),
            label=_("Area"),
            required=False,
            widget=Combobox,
            empty_label=_("The whole province"),
        )
        self.fields["target"].required = True
        self.order_fields(
            (
                "code",
                *(f"by_{n}" for n in parameters),
                "unit",
                "direction",
                "target",
                "target_on",
                "baseline_on",
                "basis",
            )
        )

    def parameters(self) -> dict[str, str]:
        """Return what the figure is narrowed by."""
        return {
            k.removeprefix("by_"): v
            for k, v in self.cleaned_data.items()
            if k.startswith("by_") and v
        }


class NeededForm(StepForm):
    """Another task of the same plan that comes first."""

    def build(self) -> None:
        found = selectors.tasks_seen(self.ctx).exclude(pk=self.task.pk)
        if self.task.directive_id:
            found = found.filter(directive=self.task.directive_id)
        self.fields["needed"] = forms.ModelChoiceField(
            found.order_by("number")[:500],
            label=_("Task that comes first"),
            widget=Combobox,
            empty_label="",
        )

    def clean_needed(self) -> Task:
        chosen: Task = self.cleaned_data["needed"]
        return chosen
