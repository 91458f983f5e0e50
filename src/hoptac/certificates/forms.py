"""What officers type: a certificate to issue, a decision upon one, the keys."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.certificates.form import authority_name, form_on
from hoptac.certificates.terms import (
    PARTS,
    BatchReason,
    CertificateKind,
    Ground,
    IssueReason,
)
from hoptac.registry.forms import ActForm, basis_field, reason_field
from hoptac.ui.fields import DayField, FigureField
from hoptac.ui.widgets import Combobox

_TEXT = {"autocomplete": "off"}


def _text(label: Any, *, required: bool = False, most: int = 250, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=most, widget=forms.TextInput(attrs=_TEXT), **more
    )


class IssueForm(ActForm):
    """What the certificate will say; filled with what the register holds."""

    renamed = {"authority": "authority"}

    def __init__(
        self, ctx: Any, authorities: list[tuple[str, str]], kind: str, *args: Any, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(ctx, *args, **kwargs)
        is_part = kind in PARTS
        fields = self.fields
        fields["kind"] = forms.CharField(widget=forms.HiddenInput)
        fields["reason"] = forms.ChoiceField(
            label=_("Why it is issued"), choices=IssueReason.choices
        )
        fields["name"] = _text(_("Name"), required=True)
        if not is_part:
            fields["foreign_name"] = _text(_("Foreign name"))
            fields["short_name"] = _text(_("Short name"), most=120)
        fields["code"] = _text(_("Code of the body"), required=True, most=20)
        fields["office"] = _text(
            _("Address") if is_part else _("Head office"), required=True, most=300
        )
        if not is_part:
            fields["charter_capital"] = FigureField(
                label=_("Value contributed (dong)")
                if kind == CertificateKind.GROUP
                else _("Charter capital (dong)")
            )
            fields["first_registered_on"] = DayField(label=_("First registered on"), required=False)
            fields["change_number"] = forms.IntegerField(
                label=_("Number of the change"), required=False, min_value=1, max_value=999,
                help_text=_("Which registered change this is, counted from the first registration."),
            )  # fmt: skip
        fields["representative_name"] = _text(
            _("Head of it") if is_part else _("Legal representative"), required=True, most=120
        )
        fields["representative_position"] = _text(_("Position"), most=120)
        fields["representative_nationality"] = _text(_("Nationality"), most=60)
        fields["representative_identity_kind"] = _text(_("Kind of paper"), most=60)
        fields["representative_identity_number"] = _text(
            _("Personal number or number of the paper"), most=30
        )
        fields["representative_contact_address"] = _text(_("Contact address"), most=300)
        fields["authority"] = forms.ChoiceField(label=_("Issued by"), choices=authorities)
        fields["issued_on"] = DayField(label=_("Issued on"))
        fields["signatory_position"] = _text(_("Position of who signs"), most=120)
        fields["signatory_name"] = _text(_("Who signs"), required=True, most=120)

    def content(self) -> dict[str, Any]:
        """Return what the act takes as the certificate's content."""
        given = self.cleaned_data
        names = (
            "name",
            "foreign_name",
            "short_name",
            "code",
            "office",
            "first_registered_on",
            "change_number",
        )
        said: dict[str, Any] = {n: given[n] for n in names if given.get(n) not in (None, "")}
        if given.get("charter_capital") is not None:
            said["charter_capital"] = int(given["charter_capital"])
        prefix = "representative_"
        person = {n.removeprefix(prefix): v for n, v in given.items() if n.startswith(prefix) and v}
        return {**said, "representatives": [person] if person else []}

    def signatory(self) -> str:
        given = self.cleaned_data
        return "\n".join(filter(None, (given["signatory_position"], given["signatory_name"])))


class BatchForm(ActForm):
    """Which bodies of a list get certificates, by which authority, under which decision."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, ctx: Any, units: list[Any], *args: Any, **kwargs: Any) -> None:
        more = {"issued_on": ctx.today, "grounds": ["missing"], "key": uuid4().hex}
        kwargs["initial"] = more | (kwargs.get("initial") or {})
        super().__init__(ctx, *args, **kwargs)
        rule, fields = form_on(ctx.today), self.fields
        fields["grounds"] = forms.MultipleChoiceField(
            label=_("For which bodies"), choices=Ground.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Bodies whose certificate says what the register says are left in peace."
            ),
        )  # fmt: skip
        fields["reason"] = forms.ChoiceField(
            label=_("Why they are issued"), choices=BatchReason.choices
        )
        fields["authority"] = forms.ChoiceField(
            label=_("Issued by"), choices=[(str(u.pk), authority_name(rule, u)) for u in units],
            widget=Combobox,
            help_text=_("Only bodies that this authority registers come into the batch."),
        )  # fmt: skip
        fields["issued_on"] = DayField(label=_("Issued on"))
        fields["signatory_position"] = _text(_("Position of who signs"), most=120)
        fields["signatory_name"] = _text(_("Who signs"), required=True, most=120)
        fields["basis"] = basis_field()
        fields["basis"].required = True

    def signatory(self) -> str:
        given = self.cleaned_data
        return "\n".join(filter(None, (given["signatory_position"], given["signatory_name"])))


class DecisionForm(ActForm):
    """A decision upon a certificate: since when, by which paper, why."""

    def __init__(self, ctx: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["on"] = DayField(label=_("From"))
        self.fields["basis"] = basis_field()
        self.fields["reason"] = reason_field(required=True)


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label=gettext_lazy("File"))


class RotateForm(forms.Form):
    """A new key in the place of the one in use."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    is_compromised = forms.BooleanField(
        label=gettext_lazy("The old key fell into other hands"), required=False,
        help_text=gettext_lazy(
            "Then its signature proves nothing by itself any more. "
            "Certificates that it signed stay valid by our own list."
        ),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
