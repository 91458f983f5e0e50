"""What the desk types: one form for each step of a case, and the dates of a body."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hoptac.cases import selectors
from hoptac.cases.models import Case
from hoptac.cases.terms import Closing, DateKind, Found, Share
from hoptac.foundation.access import Context
from hoptac.ui.fields import DayField, FigureField, FilesField


class StepForm(forms.Form):
    """Base of the forms of a step: the version that was read goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, case: Case, *args: Any, **kwargs: Any) -> None:
        self.ctx, self.case = ctx, case
        super().__init__(*args, **kwargs)


def _words(
    label: Any, *, rows: int = 4, required: bool = True, most: int = 2000
) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=most, required=required
    )


class ReasonForm(StepForm):
    words = _words(_("Reason"))


class RemarkForm(StepForm):
    words = _words(_("Remark"), required=False, rows=3)


class VisitForm(StepForm):
    """The sheet of a visit, made for a phone: short questions, then what was found."""

    visited_on = DayField(label=_("Day of the visit"))
    visitors = forms.CharField(label=_("Visitors"), max_length=300)
    met = forms.CharField(
        label=_("Whom they met, and in which office"), max_length=300, required=False
    )
    at_address = forms.ChoiceField(
        label=_("Has its office at the registered address"),
        choices=Found.choices,
        widget=forms.RadioSelect,
    )
    has_sign = forms.ChoiceField(
        label=_("Shows its name"), choices=Found.choices, widget=forms.RadioSelect
    )
    operates = forms.ChoiceField(
        label=_("Operates"), choices=Found.choices, widget=forms.RadioSelect
    )
    has_books = forms.ChoiceField(
        label=_("Keeps its books and list of members"),
        choices=Found.choices,
        widget=forms.RadioSelect,
    )
    members_counted = FigureField(label=_("Members on its list"))
    last_meeting_on = DayField(label=_("Last general meeting by its minutes"), required=False)
    findings = _words(_("What was found"), rows=6)
    wish = _words(_("What the body says and wants"), required=False, most=1000)
    advice = _words(_("What the visitors advise"), required=False, most=1000)
    brought = FilesField(
        label=_("Photographs and papers"), help_text=_("Pictures or PDF, up to 20 files.")
    )
    keep = forms.BooleanField(
        label=_("Record the members and the meeting that were found"), required=False, initial=True,
        help_text=_("The grounds are judged anew from them."),
    )  # fmt: skip

    def sheet(self) -> dict[str, Any]:
        """Return what was found, as the act takes it."""
        own = {"version", "key", "brought", "keep"}
        found = {k: v for k, v in self.cleaned_data.items() if k not in own}
        count = found["members_counted"]
        return {**found, "members_counted": None if count is None else int(count)}


class SignedForm(StepForm):
    signatory = forms.CharField(label=_("Signed by"), max_length=120)


class NoticeForm(SignedForm):
    explain_until = DayField(label=_("To be explained by"))
    words = _words(_("What the letter adds"), required=False)
    field_order = ("explain_until", "words", "signatory")


class ExplanationForm(StepForm):
    by = forms.CharField(label=_("Who explains"), max_length=200)
    on = DayField(label=_("Received on"))
    words = _words(_("What the body says"), rows=6)
    brought = FilesField(label=_("Papers"))


class AnswerForm(StepForm):
    words = _words(_("What you explain or object"), rows=6)
    brought = FilesField(
        label=_("Papers that show it"), help_text=_("Pictures or PDF, up to 20 files.")
    )


class WeighForm(StepForm):
    words = _words(_("How it was weighed, and what you advise"), rows=6)


class DelayForm(SignedForm):
    until = DayField(label=_("Put off until"))
    words = _words(_("Reason"))
    field_order = ("until", "words", "signatory")


class CloseForm(StepForm):
    closing = forms.ChoiceField(
        label=_("Closed because"), choices=Closing.choices, widget=forms.RadioSelect
    )
    words = _words(_("Reason"))
    signatory = forms.CharField(label=_("Signed by"), max_length=120, required=False,
                                help_text=_("Where a notice went out, the body gets a letter."))  # fmt: skip


class TakeBackForm(StepForm):
    words = _words(_("Reason"))
    signatory = forms.CharField(label=_("Signed by"), max_length=120, required=False,
                                help_text=_("Where a notice is taken back, the body gets a letter."))  # fmt: skip


class PublishForm(StepForm):
    gazette = forms.CharField(label=_("Published in"), max_length=200)
    on = DayField(label=_("Published on"))


class HandOverForm(StepForm):
    to = forms.ChoiceField(label=_("To whom"))
    words = _words(_("Remark"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(u.pk): u for u in selectors.colleagues(self.ctx, self.case)}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *((pk, u.full_name) for pk, u in self.people.items()),
        ]


class MergeForm(StepForm):
    filing = forms.ChoiceField(
        label=_("Merger or consolidation"),
        help_text=_(
            "Open ones in which this body takes part. Take the dossier in at the desk first."
        ),
    )
    words = _words(_("Remark"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filings = {str(f.pk): f for f in selectors.joinings_of(self.case)}
        self.fields["filing"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *(
                (pk, f"{f.title} {f.receipt_number}: {f.subject_name}")
                for pk, f in self.filings.items()
            ),
        ]


# --- Dates of a body -------------------------------------------------------------------------------


class DateForm(forms.Form):
    """A date of a body."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    kind = forms.ChoiceField(label=_("What"), choices=[("", ""), *DateKind.choices])
    on = DayField(label=_("On"))
    until = DayField(label=_("Until"), required=False,
                     help_text=_("For a notice of stopping or force majeure; empty: it goes on."))  # fmt: skip
    document = forms.CharField(label=_("Document"), max_length=200, required=False,
                               help_text=_("Number and day of the minutes, letter or decision."))  # fmt: skip
    note_text = forms.CharField(label=_("Note"), max_length=300, required=False)


class DateCorrectionForm(DateForm):
    """What a date should have been; struck out: it should not have been kept at all."""

    kind = None  # type: ignore[assignment]
    strike = forms.BooleanField(label=_("Strike it out: it never was"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class SharesForm(forms.Form):
    """Parts of capital, members and seats as of a day."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    as_of = DayField(label=_("As of"))
    largest_member = FigureField(label=Share.LARGEST_MEMBER.label, decimals=2)
    associates = FigureField(label=Share.ASSOCIATES.label, decimals=2)
    foreign_capital = FigureField(label=Share.FOREIGN_CAPITAL.label, decimals=2)
    foreign_members = FigureField(label=Share.FOREIGN_MEMBERS.label, decimals=2)
    foreign_board = FigureField(label=Share.FOREIGN_BOARD.label, decimals=2)
    document = forms.CharField(label=_("Document"), max_length=200, required=False)

    def parts(self) -> dict[str, Any]:
        """Return the parts that were stated."""
        given = {s: self.cleaned_data.get(s) for s in Share.values}
        return {s: v for s, v in given.items() if v is not None}


class SharesCorrectionForm(SharesForm):
    strike = forms.BooleanField(label=_("Strike it out: it never was"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class WatchForm(forms.Form):
    """The day of the watch list."""

    on = DayField(label=_("As of"), required=False)
