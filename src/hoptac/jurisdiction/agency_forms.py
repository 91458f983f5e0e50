"""What an administrator types of an agency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.selectors import agencies_kept
from hoptac.jurisdiction.terms import AgencyKind
from hoptac.ui.widgets import Combobox

_BLANK: list[Any] = [("", "")]


def _choices(agencies: Sequence[Agency]) -> tuple[list[Any], dict[str, str]]:
    hints = {}
    for agency in agencies:
        said = [agency.unit.heading] if agency.unit.level != "province" else []
        if agency.valid.upper:
            said.append(f"→ {agency.valid.upper:%d/%m/%Y}")
        hints[str(agency.pk)] = ", ".join(said)
    return [*_BLANK, *((str(a.pk), a.name) for a in agencies)], hints


class AgenciesField(forms.MultipleChoiceField):
    """Several agencies, chosen from a list of boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs)


class _AgencyForm(forms.Form):
    """Base: the agencies that may be named with this one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, ctx: Context, *args: Any, agency: Agency | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        known = [a for a in agencies_kept(ctx) if agency is None or a.pk != agency.pk]
        self.known = {str(a.pk): a for a in known}
        choices, hints = _choices(known)
        for name in ("successors", "predecessors"):
            if name in self.fields:
                self.fields[name].choices = [  # type: ignore[attr-defined]
                    (pk, f"{label} ({hints[pk]})" if hints.get(pk) else label)
                    for pk, label in choices[1:]
                ]
        if "parent" in self.fields:
            parent: Any = self.fields["parent"]
            parent.choices, parent.widget.hints = choices, hints

    def named(self, name: str) -> list[Agency]:
        return [self.known[pk] for pk in self.cleaned_data.get(name) or ()]

    def parent_agency(self) -> Agency | None:
        return self.known.get(self.cleaned_data.get("parent") or "")


class AddAgencyForm(_AgencyForm):
    """A new agency."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[*_BLANK, *AgencyKind.choices])
    unit = forms.ChoiceField(label=_("Area"), widget=Combobox)
    begin = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput,
        help_text=_("Left empty: since before the register."),
    )  # fmt: skip
    parent = forms.ChoiceField(label=_("Belongs to"), required=False, widget=Combobox)
    predecessors = AgenciesField(
        label=_("Took over from"),
        help_text=_("They end on its first day; their duties pass to it."),
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    note_text = forms.CharField(label=_("Note"), max_length=300, required=False)
    is_confirmed = forms.BooleanField(label=_("Read off an official document"), required=False)

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        units = AdminUnit.objects.filter(province_code__in=_provinces(ctx)).in_order()
        self.units = {str(u.pk): u for u in units.select_related("parent")}
        unit: Any = self.fields["unit"]
        unit.choices = [*_BLANK, *((pk, u.heading) for pk, u in self.units.items())]
        unit.widget.hints = {
            pk: ", ".join(
                [
                    *([u.parent.heading] if u.parent else []),
                    *([f"→ {u.valid.upper:%d/%m/%Y}"] if u.valid.upper else []),
                ]
            )
            for pk, u in self.units.items()
        }

    def details(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = self.cleaned_data
        plain = ("name", "short_name", "kind", "begin", "legal_basis", "note_text", "is_confirmed")
        return {
            **{n: given[n] for n in plain}, "unit": self.units[given["unit"]], "parent": self.parent_agency(),
            "predecessors": self.named("predecessors"),
        }  # fmt: skip


def _provinces(ctx: Context) -> set[str]:
    from hoptac.jurisdiction.places import places

    reach = ctx.coverage("jurisdiction.manage")
    return set(places().provinces if reach.everything else reach.provinces)


class RenameAgencyForm(_AgencyForm):
    """Another name from a day."""

    name = forms.CharField(label=_("New name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    on = forms.DateField(label=_("From"), widget=forms.DateInput)
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    is_confirmed = forms.BooleanField(label=_("Read off an official document"), required=False)


class EndAgencyForm(_AgencyForm):
    """When it ends, and to whom its duties pass."""

    on = forms.DateField(
        label=_("Ended on (no longer on this day)"), widget=forms.DateInput,
    )  # fmt: skip
    successors = AgenciesField(
        label=_("Duties pass to"),
        help_text=_("Several may be chosen; none, where nobody took over."),
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    is_confirmed = forms.BooleanField(label=_("Read off an official document"), required=False)


class CorrectAgencyForm(_AgencyForm):
    """What it should have said, and why."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=AgencyKind.choices)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False, widget=Combobox)
    begin = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput)
    end = forms.DateField(
        label=_("Ended on (no longer on this day)"), required=False, widget=forms.DateInput
    )
    successors = AgenciesField(label=_("Duties pass to"))
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    is_confirmed = forms.BooleanField(label=_("Read off an official document"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Kept in the journal with this act.")
    )

    @classmethod
    def of(cls, agency: Agency) -> dict[str, Any]:
        """Return what the form of an agency begins with."""
        plain = ("name", "short_name", "kind", "source", "note", "is_confirmed", "version")
        begin = agency.valid.lower
        return {
            **{n: getattr(agency, n) for n in plain}, "parent": str(agency.parent_id or ""),
            "begin": begin if begin and begin.year > 1900 else None, "end": agency.valid.upper,
            "successors": [str(pk) for pk in agency.successions.values_list("successor", flat=True)],
        }  # fmt: skip

    def changes(self) -> dict[str, Any]:
        plain = ("name", "short_name", "kind", "begin", "end", "source", "note", "is_confirmed")
        return {**{n: self.cleaned_data[n] for n in plain}, "parent": self.parent_agency()}
