"""Forms of the import wizard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.transfers.terms import FileKind
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.terms import Level
from hoptac.registry.importing.mending import MENDED_OF_RETURNS
from hoptac.registry.models import RegisterLine
from hoptac.registry.terms import Sector, WorkingState


class UploadForm(forms.Form):
    """A file and, where the file does not say it, the day for which it was true."""

    file = forms.FileField(
        label=_("Workbook"), help_text=_("xlsx, xlsm, xls or csv, as the office sent it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it holds"), choices=FileKind.choices, initial="register")
    as_of = forms.DateField(
        label=_("True on the day"), required=False,
        help_text=_("Leave empty to take the day from the file. Example: 31/12/2019."),
    )  # fmt: skip


class DayForm(forms.Form):
    as_of = forms.DateField(
        label=_("The list was true on"), help_text=_("Example: 31/12/2019."),
        widget=forms.DateInput,
    )  # fmt: skip


class LineForm(forms.ModelForm):
    """The values of one line, to be mended."""

    commune_id = forms.ChoiceField(label=_("Commune"), required=False)
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", "—"), *Sector.choices], required=False
    )
    working_state = forms.ChoiceField(label=_("Working state"), choices=WorkingState.choices)

    class Meta:
        model = RegisterLine
        fields = (
            "name", "registration_number", "sector", "activity", "commune_id", "address",
            "established_on", "charter_capital", "area", "members", "workers", "chairman", "director",
            "phone", "working_state",
        )  # fmt: skip

    def __init__(self, *args: Any, day: Any, province_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "name"
        communes = (
            AdminUnit.objects.on(day)
            .filter(level=Level.COMMUNE, province_code=province_code)
            .select_related("parent")
            .in_order()
        )
        groups: dict[str, list[tuple[str, str]]] = {}
        for commune in communes:
            groups.setdefault(commune.parent.heading if commune.parent else "", []).append(
                (str(commune.pk), commune.heading)
            )
        self.fields["commune_id"].choices = [("", "—"), *sorted(groups.items())]  # type: ignore[attr-defined]

    def of_a_return(self) -> LineForm:
        """Leave what a line of a yearly return says of its body."""
        for name in set(self.fields) - set(MENDED_OF_RETURNS):
            del self.fields[name]
        return self

    def clean_commune_id(self) -> Any:
        return self.cleaned_data["commune_id"] or None
