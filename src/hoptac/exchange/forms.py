"""What officers type on the pages of the exchange."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hoptac.exchange.actions.differences import CHANGE, CORRECT
from hoptac.exchange.models import Difference
from hoptac.exchange.terms import Verdict, What
from hoptac.registry.terms import LegalStatus, Sector


class ExportForm(forms.Form):
    """Day and format of a file."""

    on = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"class": "short"}))
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "Excel (xlsx)"), ("json", "JSON"), ("csv", "CSV")]
    )


class ExtractForm(forms.Form):
    """An extract with its day, and whether it is the whole list."""

    file = forms.FileField(
        label=_("File"), help_text=_("xlsx, csv or json, as the national system gave it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.json"}),
    )  # fmt: skip
    as_of = forms.DateField(
        label=_("True on the day"), required=False, widget=forms.DateInput(attrs={"class": "short"}),
        help_text=_("Leave empty where the file says it itself (JSON)."),
    )  # fmt: skip
    is_whole = forms.BooleanField(
        label=_("It names every body of my territory"), required=False,
        help_text=_("Then bodies that it does not name become differences, too."),
    )  # fmt: skip
    again = forms.BooleanField(
        label=_("Compare again, even if this very file was read before"), required=False
    )


_SIDES = [
    (Verdict.OURS, _("The register is right: keep it and tell the national system")),
    (Verdict.THEIRS, _("The national system is right: take it over into the register")),
    (Verdict.NOTED, _("Neither for now: note it and leave both")),
]
_DAYS = {"status"}
_WAYS = {
    "code",
    "name",
    "short_name",
    "foreign_name",
    "address",
    "commune",
    "representative",
    "phone",
}


class DecideForm(forms.Form):
    """Which side is right, with what the register's act then needs to know."""

    verdict = forms.ChoiceField(
        label=_("Which side is right"), choices=_SIDES, widget=forms.RadioSelect
    )
    way = forms.ChoiceField(
        label=_("If the national system is right"), required=False, widget=forms.RadioSelect, initial=CORRECT,
        choices=[
            (CORRECT, _("the register was wrong: correct it for as long as it was so")),
            (CHANGE, _("it became different on a day")),
        ],
    )  # fmt: skip
    on = forms.DateField(
        label=_("Since the day"), required=False, widget=forms.DateInput(attrs={"class": "short"})
    )
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", "—"), *Sector.choices], required=False,
        help_text=_("The extract does not say it; the register needs it."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Why, or what was looked at"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, difference: Difference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = difference.field
        if field not in _WAYS:
            del self.fields["way"]
        if field not in _DAYS | _WAYS | {"lines"}:
            del self.fields["on"]
        elif field == "status" and difference.theirs == LegalStatus.ENDED:
            self.fields["on"].label = _("First day on which it no longer existed")
        if difference.what != What.ONLY_THEIRS:
            del self.fields["sector"]
        if difference.what == What.ONLY_OURS:
            self.fields["verdict"].choices = [c for c in _SIDES if c[0] != Verdict.THEIRS]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is undone or set aside."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
