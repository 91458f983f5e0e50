"""What officers type: one form for each matter, each ending in one act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding
from hoptac.foundation.transfers.terms import FileKind
from hoptac.jurisdiction.fields import UnitField
from hoptac.jurisdiction.places import heading_of, places
from hoptac.registry.models import Particulars
from hoptac.registry.rules import vsic
from hoptac.registry.rules.particulars import check_business_lines
from hoptac.registry.tables import MILLION, day, established, labels, number
from hoptac.registry.terms import (
    Kind,
    LegalEra,
    LegalStatus,
    LineageKind,
    Measure,
    Precision,
    Sector,
    WorkingState,
)
from hoptac.ui.fields import DayField, FigureField
from hoptac.ui.widgets import Combobox

_CHOICES = {
    "sector": Sector, "legal_era": LegalEra, "legal_status": LegalStatus,
    "working_state": WorkingState, "established_precision": Precision, "kind": Kind,
}  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """A part of the particulars that is changed or corrected at once."""

    code: str
    title: Any
    fields: tuple[str, ...]
    changes: bool = True


MATTERS: dict[str, Matter] = {
    m.code: m
    for m in (
        Matter("name", gettext_lazy("Name"), ("name", "short_name", "foreign_name")),
        Matter("place", gettext_lazy("Place"), ("commune_id", "address")),
        Matter("people", gettext_lazy("People and contact"),
               ("chairman", "director", "phone", "email")),
        Matter("activity", gettext_lazy("Sector and activity"), ("sector", "activity")),
        Matter("numbers", gettext_lazy("Numbers and law"),
               ("registration_number", "certificate_number", "legal_era")),
        Matter("standing", gettext_lazy("Status and working state"),
               ("legal_status", "working_state")),
        Matter("establishment", gettext_lazy("Establishment"),
               ("established_on", "established_precision"), changes=False),
        Matter("note", gettext_lazy("Note"), ("note",)),
    )
}  # fmt: skip


# --- Fields -------------------------------------------------------------------------------------


def particulars_field(name: str, ctx: Context, *, permission: str, row: Any = None) -> forms.Field:
    """Return the form field of one of the particulars."""
    if name == "commune_id":
        return UnitField(ctx, permission=permission, also=row.commune_id if row else None)
    meta: Any = Particulars._meta.get_field(name)
    label = PARTICULARS_LABELS[name]
    if name == "established_on":
        return DayField(label=label, required=False)
    if name in _CHOICES:
        is_filled = name in {"legal_status", "working_state", "established_precision"}
        choices = [*([] if is_filled else [("", "")]), *_CHOICES[name].choices]
        if name in {"legal_status", "working_state"}:  # ending is an act of its own
            current = getattr(row, name, "") if row else ""
            choices = [c for c in choices if c[0] != "ended" or current == "ended"]
        required = name not in {"legal_era"}
        return forms.ChoiceField(label=label, choices=choices, required=required)
    long_text = name in {"note", "activity", "address"}
    return forms.CharField(
        label=label, required=name == "name", max_length=meta.max_length,
        widget=forms.Textarea(attrs={"rows": 2}) if long_text and name != "address" else None,
        help_text=HELP.get(name, ""),
    )  # fmt: skip


PARTICULARS_LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "foreign_name": gettext_lazy("Foreign name"),
    "registration_number": gettext_lazy("Registration number"),
    "certificate_number": gettext_lazy("Certificate number"),
    "sector": gettext_lazy("Sector"),
    "activity": gettext_lazy("Main activity"),
    "commune_id": gettext_lazy("Commune"),
    "address": gettext_lazy("Address"),
    "established_on": gettext_lazy("Established on"),
    "established_precision": gettext_lazy("How exactly it is known"),
    "legal_era": gettext_lazy("Registered under"),
    "legal_status": gettext_lazy("Legal status"),
    "working_state": gettext_lazy("Working state"),
    "chairman": gettext_lazy("Chairman"),
    "director": gettext_lazy("Director"),
    "phone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail"),
    "note": gettext_lazy("Note"),
}
HELP: dict[str, Any] = {
    "registration_number": gettext_lazy("Ten digits; it is also the tax code."),
    "address": gettext_lazy("Hamlet or quarter, street and number, without the commune."),
    "phone": gettext_lazy("Several numbers are divided by a comma."),
}


_MEASURES = frozenset(Measure.values)


def said(name: str, value: Any, precision: str = "day") -> str:
    """Return a value of the particulars or figures as people read it."""
    if value in (None, ""):
        return ""
    if name == "commune_id":
        place = places().get(value if isinstance(value, UUID) else UUID(str(value)))
        return place.heading if place else ""
    if name == "established_on":
        return established(value, precision)
    if name in _CHOICES:
        return labels(_CHOICES[name]).get(value, value)
    if name == "charter_capital":
        return _("%(number)s million dong") % {"number": number(_in_millions(value))}
    if name == "area":
        return _("%(number)s ha") % {"number": number(Decimal(value))}
    if name in _MEASURES:
        return number(value)
    if isinstance(value, date):
        return day(value)
    return str(value)


def field_values() -> dict[str, Callable[[Any], str]]:
    """Return how the journal says what acts hold: codes in words, communes by name, figures with unit."""
    names = [*(_CHOICES.keys() - {"kind"}), *_MEASURES]
    return {n: partial(_told, n) for n in names} | {"commune_id": heading_of, "kind": _kind_told}


def _told(name: str, value: Any) -> str:
    try:
        return said(name, Decimal(str(value)) if name in _MEASURES else value)
    except (InvalidOperation, TypeError, ValueError):  # an act of an older release
        return str(value)


def _kind_told(value: Any) -> str:
    every = labels(LineageKind) | labels(FileKind) | labels(Kind)
    return every.get(value, str(value))


def _in_millions(value: int) -> int | Decimal:
    return value // MILLION if value % MILLION == 0 else Decimal(value) / MILLION


# --- Forms --------------------------------------------------------------------------------------


class ActForm(forms.Form):
    """Base of the forms that end in an act: version and key go with every submission."""

    reason_required: ClassVar[bool] = False
    # Findings name the act's fields; some bear another name on the form.
    renamed: ClassVar[dict[str, str]] = {"commune": "commune_id"}

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        self.ctx = ctx
        super().__init__(*args, **kwargs)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Show what an act had to say at the fields it is about."""
        for finding in findings:
            name = self.renamed.get(finding.field, finding.field)
            message = finding.message
            if finding.basis:
                message = f"{message} ({finding.basis})"
            self.add_error(name if name in self.fields else None, message)

    def seen(self) -> list[tuple[str, str]]:
        """Return what was typed, in words, for checking before sending."""
        found = []
        for name, form_field in self.fields.items():
            if isinstance(form_field.widget, forms.HiddenInput):
                continue
            value = self.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            found.append((str(form_field.label), self._in_words(name, form_field, value)))
        return found

    def _in_words(self, name: str, form_field: forms.Field, value: Any) -> str:
        if isinstance(form_field, UnitField):
            return said("commune_id", value)
        if isinstance(form_field, forms.ChoiceField):
            return str(dict(_flat(form_field.choices)).get(str(value), value))
        if isinstance(value, date):
            return day(value)
        if isinstance(value, int | Decimal):
            return number(value)
        return str(value)


def _flat(choices: Any) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


class _Figures:
    """The four measures; capital is typed in million dong, as offices count it."""

    @staticmethod
    def fields() -> dict[str, forms.Field]:
        return {
            "charter_capital": FigureField(
                label=gettext_lazy("Charter capital (million dong)"), decimals=6
            ),
            "area": FigureField(label=gettext_lazy("Cultivated area (ha)"), decimals=2),
            "members": FigureField(label=gettext_lazy("Members (persons)")),
            "workers": FigureField(label=gettext_lazy("Workers (persons)")),
        }

    @staticmethod
    def values(cleaned: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for measure in Measure.values:
            value = cleaned.get(measure)
            if value is not None and measure == "charter_capital":
                value = int(value * MILLION)
            elif value is not None and measure != "area":
                value = int(value)
            found[measure] = value
        return found

    @staticmethod
    def initial(statement: Any) -> dict[str, Any]:
        found = {m: getattr(statement, m) for m in Measure.values}
        if found["charter_capital"] is not None:
            found["charter_capital"] = _in_millions(found["charter_capital"])
        return found


class EnterForm(ActForm):
    """Entering a body that exists."""

    sections: ClassVar = (
        (gettext_lazy("What it is"), ("kind", "name", "short_name", "foreign_name", "sector",
                                      "activity")),
        (gettext_lazy("Registration"), ("registration_number", "certificate_number",
                                        "established_on", "established_precision", "legal_era",
                                        "legal_status", "working_state")),
        (gettext_lazy("Place"), ("commune_id", "address")),
        (gettext_lazy("People and contact"), ("chairman", "director", "phone", "email")),
        (gettext_lazy("Figures"), ("charter_capital", "area", "members", "workers")),
        (gettext_lazy("Where this is from"), ("as_of", "source", "note")),
    )  # fmt: skip

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect
        )
        for matter in MATTERS.values():
            for name in matter.fields:
                self.fields[name] = particulars_field(name, ctx, permission="registry.record")
        self.fields |= _Figures.fields()
        self.fields["as_of"] = DayField(
            label=_("State of affairs on"), help_text=_("The day for which this was read.")
        )
        self.fields["source"] = source_field()
        self.initial.setdefault("kind", Kind.COOPERATIVE.value)
        self.initial.setdefault("as_of", ctx.today)
        self.initial.setdefault("established_precision", Precision.DAY.value)
        self.initial.setdefault("legal_status", LegalStatus.ACTIVE.value)
        self.initial.setdefault("working_state", WorkingState.OPERATING.value)

    def particulars(self) -> dict[str, Any]:
        names = [n for m in MATTERS.values() for n in m.fields]
        return {n: self.cleaned_data.get(n) for n in names}

    def figures(self) -> dict[str, Any]:
        return _Figures.values(self.cleaned_data)


def source_field() -> forms.CharField:
    return forms.CharField(
        label=_("Source"), required=False, max_length=200,
        help_text=_("The paper or list from which this is taken."),
    )  # fmt: skip


def reason_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), required=required, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the record is corrected.")},
    )  # fmt: skip


def basis_field() -> forms.CharField:
    return forms.CharField(
        label=_("Decision or paper"), required=False, max_length=300,
        help_text=_("Number, day and signatory of what this rests on."),
    )  # fmt: skip


class ChangeForm(ActForm):
    """Something became different on a day."""

    permission: ClassVar[str] = "registry.change_particulars"

    def __init__(self, ctx: Context, matter: Matter, row: Particulars, *args: Any, **kw: Any):
        super().__init__(ctx, *args, **kw)
        self.matter, self.row = matter, row
        for name in matter.fields:
            self.fields[name] = particulars_field(name, ctx, permission=self.permission, row=row)
            self.initial.setdefault(name, _typed(name, getattr(row, name)))
        self._add_when()

    def _add_when(self) -> None:
        self.fields["from_on"] = DayField(
            label=_("From"), help_text=_("The first day on which it is so.")
        )
        self.fields["basis"] = basis_field()
        self.fields["source"] = source_field()

    def changes(self) -> dict[str, Any]:
        """Return the fields that differ from what is recorded."""
        found = {}
        for name in self.matter.fields:
            value, old = self.cleaned_data.get(name), getattr(self.row, name)
            if (value or None) != (old or None):
                found[name] = value
        return found

    def compared(self) -> list[tuple[str, str, str]]:
        """Return label, old and new value of what differs, in words."""
        return [
            (str(PARTICULARS_LABELS[n]), said(n, getattr(self.row, n)), said(n, v))
            for n, v in self.changes().items()
        ]


class CorrectForm(ChangeForm):
    """What was recorded is wrong and always was."""

    permission: ClassVar[str] = "registry.correct_particulars"

    def _add_when(self) -> None:
        self.fields["reason"] = reason_field(required=True)
        self.fields["basis"] = basis_field()


def _typed(name: str, value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


class FiguresForm(ActForm):
    """What a source says of the body as of a day."""

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["as_of"] = DayField(label=_("State of affairs on"))
        self.fields |= _Figures.fields()
        self.fields["source"] = source_field()

    def figures(self) -> dict[str, Any]:
        return _Figures.values(self.cleaned_data)


class CorrectFiguresForm(ActForm):
    """A statement was recorded wrongly; nothing left of it withdraws it."""

    def __init__(self, ctx: Context, statement: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["as_of"] = DayField(label=_("State of affairs on"))
        self.fields |= _Figures.fields()
        self.fields["reason"] = reason_field(required=True)
        self.initial = {"as_of": statement.as_of, **_Figures.initial(statement), **self.initial}

    def figures(self) -> dict[str, Any]:
        return _Figures.values(self.cleaned_data)


class EndForm(ActForm):
    """The body no longer exists."""

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["on"] = DayField(
            label=_("Ended on"), help_text=_("The first day on which it no longer exists.")
        )
        self.fields["basis"] = basis_field()
        self.fields["reason"] = reason_field(required=False)
        self.fields["source"] = source_field()


class LineageForm(ActForm):
    """The body passed into another."""

    def __init__(
        self, ctx: Context, found: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(ctx, *args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("How"), choices=LineageKind.choices)
        self.fields["successor"] = forms.TypedChoiceField(
            label=_("Into"), choices=found, coerce=UUID, widget=forms.RadioSelect,
            error_messages={"required": _("Search for the other body and choose it.")},
        )  # fmt: skip
        self.fields["on"] = DayField(label=_("On"))
        self.fields["basis"] = basis_field()
        self.fields["source"] = source_field()


class LinesForm(ActForm):
    """Lines of business from a day on."""

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.fields["codes"] = forms.CharField(
            label=_("Codes of the lines of business"), required=False, max_length=500,
            help_text=_("Four digits each (VSIC), divided by blanks or commas: 0111, 0161."),
        )  # fmt: skip
        self.fields["add"] = forms.ChoiceField(
            label=_("Add a line"), required=False, choices=[("", ""), *vsic.choices()],
            widget=Combobox(attrs={"data-adds-to": "id_codes"}),
            help_text=_("Type a part of the name or the code; what you choose joins the codes above."),
        )  # fmt: skip
        self.fields["main"] = forms.CharField(
            label=_("Main line"),
            required=False,
            max_length=5,
            help_text=_("One of the codes above."),
        )
        self.fields["from_on"] = DayField(
            label=_("From"), help_text=_("The first day on which it is so.")
        )
        self.fields["basis"] = basis_field()

    def clean_codes(self) -> list[str]:
        return self.cleaned_data["codes"].replace(",", " ").replace(";", " ").split()

    def clean(self) -> dict[str, Any]:
        """Let the line chosen by name join the codes; with scripts it has joined them already."""
        data: dict[str, Any] = super().clean() or {}
        added = data.pop("add", "")
        if added and "codes" in data and added not in data["codes"]:
            data["codes"].append(added)
        return data

    def _in_words(self, name: str, form_field: forms.Field, value: Any) -> str:
        on = self.cleaned_data.get("from_on") or self.ctx.today
        if name == "codes":
            return "; ".join(f"{c} {vsic.name_of(c, on)}".rstrip() for c in value)
        if name == "main":
            return f"{value} {vsic.name_of(value, on)}".rstrip()
        return super()._in_words(name, form_field, value)

    def warnings(self) -> list[Finding]:
        """Return what an officer should look at once more; it does not stand in the way."""
        found = check_business_lines(
            self.cleaned_data["codes"], self.cleaned_data["main"],
            from_on=self.cleaned_data["from_on"], today=self.ctx.today,
        )  # fmt: skip
        return [replace(f, field="") for f in found if f.severity != "error"]


def days_in_words(valid: DateRange) -> str:
    """Return a stretch of days in words: ``from 01/03/2020``, ``01/06/2015 – 28/02/2020``."""
    begin = day(valid.lower)
    if valid.upper is None:
        return _("from %(day)s") % {"day": begin}
    last = date.fromordinal(valid.upper.toordinal() - 1)
    return f"{begin} – {day(last)}"
