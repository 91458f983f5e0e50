"""Forms of administering people and mandates."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.rulebook import facts
from hoptac.jurisdiction import bodies
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.places import places
from hoptac.jurisdiction.roles import role_choices
from hoptac.jurisdiction.terms import Level
from hoptac.ui.templatetags.ui import number
from hoptac.ui.widgets import Combobox

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class PersonForm(forms.ModelForm):
    """A person's account."""

    class Meta:
        model = User
        fields: tuple[str, ...] = ("username", "full_name", "job_title", "email", "phone")
        help_texts = {
            "username": _("Small letters, digits, dots: nguyen.van.a. It does not change later."),
        }

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).strip().lower()
        if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,59}", name):
            raise forms.ValidationError(
                _("Use small letters without diacritics, digits, dots and hyphens only.")
            )
        return name


class PersonDetailsForm(PersonForm):
    """What may change of an account."""

    class Meta(PersonForm.Meta):
        fields = ("full_name", "job_title", "email", "phone")

    def clean_username(self) -> str:
        return str(self.instance.username)


class MandateForm(forms.Form):
    """A role over a place, from a day."""

    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ChoiceField(
        label=_("Area"),
        required=False,
        widget=Combobox,
        help_text=_("The whole province, a commune of today, or the area of a former district."),
    )
    agency = forms.ChoiceField(label=_("Agency"), required=False, widget=Combobox)
    cooperative = forms.CharField(
        label=_("Cooperative"),
        required=False,
        max_length=300,
        help_text=_("For a director: paste the address of the cooperative's page."),
    )
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)
    until_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput,
        help_text=_("The last day. Leave empty where the decision names no end."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Decision"),
        max_length=200,
        help_text=_("Number and day of the decision that assigns the work."),
    )

    def __init__(self, *args: Any, ctx: Context, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ctx = ctx
        self._choice("role").choices = [("", ""), *role_choices()]
        self._choice("unit").choices = self._units()
        self._choice("agency").choices = [("", ""), *self._agencies()]
        self.fields["from_on"].initial = ctx.today

    def _choice(self, name: str) -> forms.ChoiceField:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101
        return chosen

    def _units(self) -> list[Any]:
        known, reach = places(), self.ctx.coverage("accounts.manage")
        wide = reach.everything or bool(reach.provinces)
        provinces = [
            (str(p.id), p.heading)
            for p in known.units.values()
            if wide and p.level == Level.PROVINCE and p.exists_on(self.ctx.today)
        ]
        communes = [(str(p.id), p.heading) for p in known.communes_on(self.ctx.today, reach)]
        districts = [(str(p.id), p.heading) for p in known.districts(reach) if wide]
        return [
            ("", ""),
            *provinces,
            (gettext("Communes of today"), communes),
            (gettext("Areas of former districts"), districts),
        ]

    def _agencies(self) -> list[tuple[str, str]]:
        rows = Agency.objects.filter(valid__contains=self.ctx.today).order_by("name", "code")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def clean_cooperative(self) -> UUID | None:
        told = self.cleaned_data["cooperative"].strip()
        if not told:
            return None
        found = _UUID.search(told)
        if found is None or not bodies.find([UUID(found[0])]):
            raise forms.ValidationError(_("This is not the address of a cooperative's page."))
        return UUID(found[0])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        named = [data.get("unit"), data.get("agency"), data.get("cooperative")]
        if data.get("role") == "cooperative_director":
            if not data.get("cooperative") and "cooperative" not in self.errors:
                self.add_error("cooperative", _("A director's mandate names the cooperative."))
        elif not any(named) and "unit" not in self.errors:
            self.add_error("unit", _("Choose an area or an agency."))
        return data

    def details(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = self.cleaned_data
        return {
            "role": data["role"],
            "unit": AdminUnit.objects.get(pk=data["unit"]) if data["unit"] else None,
            "agency": Agency.objects.get(pk=data["agency"]) if data["agency"] else None,
            "cooperative_id": data["cooperative"],
            "from_on": data["from_on"],
            "until_on": data["until_on"],
            "basis": data["basis"],
        }


class EndMandateForm(forms.Form):
    """The last day of a mandate, and why."""

    last_on = forms.DateField(label=_("Last day"), widget=forms.DateInput)
    reason = forms.CharField(label=_("Reason or decision"), max_length=200)


class ReasonForm(forms.Form):
    """Why an administrator acts upon an account."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept in the journal with this act.")
    )


class EraseForm(forms.Form):
    """Why words of the journal are erased, on what ground, who approved."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300,
        help_text=_("Without the words themselves: this is kept in the journal."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Legal ground"), max_length=200,
        help_text=_("Article of the law, or the person's request by number and day."),
    )  # fmt: skip
    approved_by = forms.CharField(
        label=_("Approved by"), max_length=200, help_text=_("Name, office, number and day."),
    )  # fmt: skip


class AsOfForm(forms.Form):
    """The day of the map."""

    on = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput)


class JournalForm(forms.Form):
    """Between which days."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput)


class FactsFilterForm(forms.Form):
    """Which facts are listed."""

    q = forms.CharField(
        label=_("Name, article or source"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=(("", _("To be confirmed")), ("settled", _("Confirmed")), ("all", _("All"))),
    )


class ConfirmationForm(forms.Form):
    """Which official text a fact was held against."""

    document = forms.CharField(
        label=_("Official text"), max_length=200,
        help_text=_("Number and name as printed, e.g. Nghị định 113/2024/NĐ-CP."),
    )  # fmt: skip
    article = forms.CharField(label=_("Article"), max_length=120, required=False)
    read_on = forms.DateField(label=_("Checked on"), widget=forms.DateInput)


class CorrectionForm(ConfirmationForm):
    """What the official text says instead, with the reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500,
        help_text=_("What was wrong and where it came from. Kept in the journal with this act."),
    )  # fmt: skip

    def __init__(self, *args: Any, fact: facts.Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        own = {
            f"value_{v.name}{part}": field
            for v in fact.values
            if v.can_correct
            for part, field in _fields_of(v)
        }
        self.fields = {**own, **self.fields}

    def values(self) -> dict[str, Any]:
        """Return what was typed, in the shape that the fact keeps."""
        found: dict[str, Any] = {}
        for value in self.fact.values:
            name = f"value_{value.name}"
            if not value.can_correct:
                continue
            if isinstance(value.value, dict):
                found[value.name] = {k: self.cleaned_data[f"{name}_{k}"] for k in value.value}
            else:
                found[value.name] = self.cleaned_data[name]
        return found


class NumbersField(forms.CharField):
    """Whole numbers parted by semicolons; dots and spaces group digits."""

    def prepare_value(self, value: Any) -> Any:
        return "; ".join(number(n) for n in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        parts = [re.sub(r"[\s.,]", "", p) for p in str(value or "").split(";")]
        if not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
            raise forms.ValidationError(gettext("Enter whole numbers parted by semicolons."))
        return [int(p) for p in parts]


def _fields_of(value: facts.Value) -> list[tuple[str, forms.Field]]:
    """Return the fields in which a value is corrected, each with what its name ends in."""
    told: dict[str, Any] = {"label": value.label, "initial": value.value}
    if value.choices:
        return [("", forms.ChoiceField(choices=value.choices, **told))]
    match value.value:
        case dict():
            names = {"vi": _("Vietnamese"), "en": _("English")}
            area = forms.Textarea(attrs={"rows": 2})
            return [
                (f"_{k}", forms.CharField(label=f"{value.label} ({names[k]})", initial=value.value[k],
                                          max_length=1000, widget=area))
                for k in ("vi", "en")
            ]  # fmt: skip
        case list():
            return [("", NumbersField(help_text=_("Parted by semicolons."), **told))]
        case int():
            return [("", forms.IntegerField(min_value=0, **told))]
        case date() | None:
            return [("", forms.DateField(widget=forms.DateInput, required=False, **told))]
    return [("", forms.CharField(max_length=200, **told))]
