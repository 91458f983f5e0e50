"""Forms of the calendar of working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hoptac.foundation.rulebook.facts import words
from hoptac.foundation.working_days import add_working_days
from hoptac.foundation.working_days.rules import (
    WORK,
    Mark,
    compute_proposals,
    holidays_of,
    usual_placement,
)
from hoptac.jurisdiction.months import name_of
from hoptac.ui.templatetags.ui import day as shown_day

_NOTICE = gettext_lazy("Number and day of the notice or decision.")


class DueForm(forms.Form):
    """When a term ends."""

    start = forms.DateField(label=gettext_lazy("Received on"), widget=forms.DateInput)
    days = forms.IntegerField(
        label=gettext_lazy("Working days"), min_value=1, max_value=365, widget=forms.TextInput
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"start": today, "days": 3}

    def due(self) -> date | None:
        """Return the last day of the term that was asked for, if one was."""
        if not self.is_bound or not self.is_valid():
            return None
        start = self.cleaned_data["start"]
        if not 1995 <= start.year <= 2140:
            return None
        return add_working_days(start, self.cleaned_data["days"])


class AdoptForm(forms.Form):
    """Which of the computed days become the year's calendar, and by which notice."""

    document = forms.CharField(
        label=gettext_lazy("Notice of that year"), max_length=200, required=False,
        help_text=gettext_lazy(
            "Number and day. Left empty, the year is adopted but marked as not yet confirmed."
        ),
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Take the tick from what the notice does not name."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *args: Any, year: int, placed: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.year = year
        self.placements = {h.code: h for h in holidays_of(year) if len(h.before) > 1}
        self.before = {
            code: int(told)
            for code, h in self.placements.items()
            if (told := placed.get(f"before_{code}", "")) in map(str, h.before)
        }
        self.proposals = compute_proposals(year, self.before)
        chosen: Any = self.fields["days"]
        chosen.choices = [(str(m.day), _said(m)) for m in self.proposals]
        chosen.initial = [str(m.day) for m in self.proposals]

    def options(self) -> list[dict[str, Any]]:
        """Return each holiday whose place the law leaves open, with its choices."""
        return [
            {
                "name": f"before_{code}",
                "label": words(holiday.name),
                "choices": [
                    (n, ngettext("%(n)d day before", "%(n)d days before", n) % {"n": n})
                    for n in holiday.before
                ],
                "current": self.before.get(code, usual_placement(holiday, self.year)),
            }
            for code, holiday in self.placements.items()
        ]

    def details(self) -> dict[str, Any]:
        """Return what the act takes."""
        kept = set(self.cleaned_data["days"])
        return {
            "before": self.before,
            "without": [m.day for m in self.proposals if str(m.day) not in kept],
            "document": self.cleaned_data["document"],
        }


def _said(mark: Mark) -> str:
    weekday = date_format(mark.day, "l")
    works = _("working day") if mark.kind == WORK else _("off")
    return f"{weekday} {shown_day(mark.day)}: {name_of(mark)} ({works})"


class AddDayForm(forms.Form):
    """A day off by decision."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    basis = forms.CharField(label=gettext_lazy("Basis"), max_length=200, help_text=_NOTICE)


class ExchangeForm(forms.Form):
    """A working day that is off, and the day of rest that is worked instead."""

    off = forms.DateField(label=gettext_lazy("Working day that is off"), widget=forms.DateInput)
    work = forms.DateField(label=gettext_lazy("Day of rest worked instead"), widget=forms.DateInput)
    basis = forms.CharField(label=gettext_lazy("Basis"), max_length=200, help_text=_NOTICE)


class WhyForm(forms.Form):
    """Why something is removed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200,
        help_text=gettext_lazy("Kept in the journal with this act."),
    )  # fmt: skip
