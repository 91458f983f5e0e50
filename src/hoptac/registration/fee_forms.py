"""Forms of fees: the table of a resolution, and an entry for a dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.registration.models import FeeTable
from hoptac.registration.procedures import PROCEDURES, Procedure
from hoptac.registration.terms import Channel
from hoptac.registry.forms import DayField, FigureField
from hoptac.registry.terms import Kind

# The columns of a table: for whom, handed in how. By the Law of 2023 groups pay nothing (art. 22.2); a
# table of a resolution before it may set a fee for them.
COLUMNS: tuple[tuple[str, str, Any], ...] = (
    (Kind.COOPERATIVE, "", gettext_lazy("Cooperative")),
    (Kind.COOPERATIVE, Channel.ONLINE, gettext_lazy("Cooperative, online")),
    (Kind.UNION, "", gettext_lazy("Union")),
    (Kind.UNION, Channel.ONLINE, gettext_lazy("Union, online")),
    (Kind.GROUP, "", Kind.GROUP.label),
)


def priced() -> list[Procedure]:
    """Return the procedures that an applicant begins, in the desk's order."""
    return [p for p in PROCEDURES.values() if not p.by_office and p.code != "conversion"]


class TableForm(forms.Form):
    """A resolution's fees: a number for each procedure and column; empty where it sets none."""

    resolution = forms.CharField(
        label=gettext_lazy("Number of the resolution"), max_length=120,
        help_text=gettext_lazy("For example: 12/2024/NQ-HĐND"),
    )  # fmt: skip
    resolved_on = DayField(label=gettext_lazy("Day of the resolution"))
    article = forms.CharField(label=gettext_lazy("Article"), max_length=120, required=False)
    in_force = DayField(label=gettext_lazy("In force from"))
    is_invented = forms.BooleanField(
        label=gettext_lazy("Invented for a demonstration"), required=False,
        help_text=gettext_lazy("Then every receipt says so."),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, before: FeeTable | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {} if before is None else {
            (row.procedure, row.kind, row.channel): row.amount for row in before.lines.all()
        }  # fmt: skip
        for procedure in priced():
            for kind, channel, heading in COLUMNS:
                field = FigureField(label=f"{procedure.title}: {heading}", decimals=0)
                field.required = False
                field.widget.attrs["aria-label"] = field.label
                field.initial = known.get(
                    (procedure.code, kind, channel), known.get((procedure.code, "", channel))
                )
                self.fields[_name(procedure.code, kind, channel)] = field

    def head(self) -> list[Any]:
        """Return the fields above the table."""
        return [
            self[n] for n in ("resolution", "resolved_on", "article", "in_force", "is_invented")
        ]

    def rows(self) -> Iterator[tuple[Procedure, list[Any]]]:
        """Yield each procedure with its fields."""
        for procedure in priced():
            yield procedure, [self[_name(procedure.code, k, c)] for k, c, _heading in COLUMNS]

    def lines(self) -> list[dict[str, Any]]:
        """Return what was typed as the act takes it."""
        return [
            {"procedure": p.code, "kind": kind, "channel": channel, "amount": int(amount)}
            for p in priced()
            for kind, channel, _heading in COLUMNS
            if (amount := self.cleaned_data.get(_name(p.code, kind, channel))) is not None
        ]


def _name(procedure: str, kind: str, channel: str) -> str:
    return f"fee-{procedure}-{kind}-{channel}"


class EntryForm(forms.Form):
    """What was done about a dossier's fee."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is recorded"), widget=forms.RadioSelect,
        choices=(
            ("paid", pgettext_lazy("fee", "Paid")),
            ("waived", pgettext_lazy("fee", "Waived")),
            ("refunded", pgettext_lazy("fee", "Paid back")),
        ),
    )  # fmt: skip
    amount = FigureField(label=gettext_lazy("Amount (dong)"), decimals=0)
    number = forms.CharField(
        label=gettext_lazy("Number of the receipt"), max_length=40, required=False,
        help_text=gettext_lazy("Of the receipt for the money."),
    )  # fmt: skip
    on = DayField(label=gettext_lazy("On"))
    words = forms.CharField(
        label=gettext_lazy("Ground or remark"), max_length=300, required=False,
        help_text=gettext_lazy("Needed where a fee is waived or paid back."),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("Legal basis"), max_length=250, required=False,
        help_text=gettext_lazy("Needed where a fee is waived."),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") in {"paid", "refunded"} and given.get("amount") is None:
            self.add_error("amount", _("Enter the amount."))
        return given


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class PeriodForm(forms.Form):
    """A period and, perhaps, one procedure."""

    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("To"), required=False)
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all")), *((p.code, p.title) for p in PROCEDURES.values())]
        self.fields["procedure"].choices = choices  # type: ignore[attr-defined]

    def asked(self, today: date) -> tuple[date, date, str]:
        """Return the period and procedure asked for: this year's, unless it says."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        first = given.get("first") or date(today.year, 1, 1)
        return first, given.get("last") or today, given.get("procedure") or ""
