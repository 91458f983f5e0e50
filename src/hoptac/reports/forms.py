"""What people type of reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.directives import forms as directives
from hoptac.directives.models import Directive
from hoptac.directives.selectors import agencies_to_send_to
from hoptac.foundation.access import Context
from hoptac.jurisdiction.letterheads import body_of
from hoptac.jurisdiction.models import Agency
from hoptac.reports import selectors
from hoptac.reports.catalogue import outline_by
from hoptac.reports.drafting import facts_of
from hoptac.reports.models import Report
from hoptac.reports.terms import Kind
from hoptac.ui.fields import DayField
from hoptac.ui.widgets import Combobox


class NewForm(forms.Form):
    """On which period an agency reports, and of what."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind of report"), choices=Kind.choices)
    year = forms.IntegerField(
        label=_("Year"), min_value=1990, max_value=2100,
        help_text=_("Of a review: the year in which it begins."),
    )  # fmt: skip
    part = forms.TypedChoiceField(
        label=_("Quarter or half"), coerce=int, required=False, empty_value=0,  # type: ignore[arg-type]
        choices=[("0", "–"), ("1", "I"), ("2", "II"), ("3", "III"), ("4", "IV")],
    )  # fmt: skip
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Of a review only."))
    as_of = DayField(
        label=_("Figures as of"), required=False,
        help_text=_("Empty: the last day of the period, or today where that has not come."),
    )  # fmt: skip
    receiver = forms.CharField(label=pgettext_lazy("report", "To"), max_length=200, required=False)
    due_on = DayField(label=pgettext_lazy("report", "Due on"), required=False)

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [a.pk for a in selectors.issuing_agencies(ctx)]
        self.fields["issuer"] = forms.ModelChoiceField(
            Agency.objects.filter(pk__in=own).order_by("name"), label=_("Issuing agency"), widget=Combobox,
            empty_label="" if len(own) > 1 else None,
        )  # fmt: skip
        plans = Directive.objects.visible_to(ctx).filter(tasks__isnull=False).distinct()
        self.fields["directive"] = forms.ModelChoiceField(
            plans.order_by("-issued_on", "-id"), label=_("Reports on"), required=False, widget=Combobox,
            empty_label="", help_text=_("Empty: all tasks of the province. A Party report always names its document."),
        )  # fmt: skip
        self.order_fields(
            (
                "key",
                "issuer",
                "kind",
                "year",
                "part",
                "ends_on",
                "directive",
                "as_of",
                "receiver",
                "due_on",
            )
        )


class StepForm(forms.Form):
    """Base of the forms of a step: the version that was read goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, report: Report, *args: Any, **kwargs: Any) -> None:
        self.ctx, self.report = ctx, report
        super().__init__(*args, **kwargs)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the report."""


class ReasonForm(StepForm):
    words = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class RefreshForm(StepForm):
    as_of = DayField(label=_("Figures as of"))

    def build(self) -> None:
        self.fields["as_of"].initial = self.report.as_of


class AssembleForm(StepForm):
    without = forms.BooleanField(
        label=_("Go on without the contributions that are missing"), required=False
    )


def _agencies(
    ctx: Context, report: Report, last: selectors.LastTime | None, **more: Any
) -> directives.AgenciesField:
    """Return the field of all agencies in their groups but the issuer, those of the last report ticked."""
    note: Any = ""
    if last is not None:
        note = _("Ticked are those of the last report: %(title)s.") % {"title": last.report.name}
    return directives.AgenciesField(
        agencies_to_send_to(ctx, ctx.today), without=report.issuer_id, note=note,
        **{"initial": [str(pk) for pk in last.agencies] if last else [], **more},
    )  # fmt: skip


class AskForm(StepForm):
    """Which agencies bring which sections, until when."""

    due_on = DayField(label=_("To be handed in by"))

    def build(self) -> None:
        outline = outline_by(self.report.outline)
        self.fields["sections"] = forms.MultipleChoiceField(
            label=_("Sections"), widget=forms.CheckboxSelectMultiple,
            choices=[(s.code, s.title) for s in outline.sections if s.is_contributed],
        )  # fmt: skip
        last = selectors.asked_last_time(self.ctx, self.report)
        if last is not None:
            known = {code for code, _title in self.fields["sections"].choices}  # type: ignore[attr-defined]
            self.fields["sections"].initial = [c for c in last.sections if c in known]
        self.fields["agencies"] = _agencies(self.ctx, self.report, last)
        self.order_fields(("version", "key", "sections", "agencies", "due_on"))


class SignForm(StepForm):
    """Who signs, by whose power, to whom it goes."""

    signer = forms.CharField(label=_("Signed by (full name)"), max_length=120)
    signer_post = forms.CharField(label=_("Post"), max_length=200)
    on_behalf_of = forms.CharField(
        label=_("On behalf of"), max_length=200, required=False,
        help_text=_("A collective body, such as Ủy ban nhân dân or Ban Thường vụ."),
    )  # fmt: skip
    deputy_for = forms.CharField(
        label=_("Signs for"), max_length=200, required=False,
        help_text=_("The post of the head for whom a deputy signs."),
    )  # fmt: skip
    body = forms.CharField(label=_("Agency in the symbol"), max_length=40)
    receivers = forms.CharField(
        label=_("Recipients, one a line"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
        max_length=4000,
    )  # fmt: skip

    def build(self) -> None:
        self.fields["body"].initial = body_of(self.report.issuer, facts_of(self.report)["noi"])
        self.fields["receivers"].initial = self.report.receiver


class DistributeForm(StepForm):
    """To which agencies a signed report is sent."""

    acknowledge_by = DayField(
        label=_("To be acknowledged by"), required=False,
        help_text=_("Empty: the usual term of the desk."),
    )  # fmt: skip

    def build(self) -> None:
        last = selectors.sent_last_time(self.ctx, self.report)
        self.fields["agencies"] = _agencies(
            self.ctx, self.report, last, required=False, label=_("Agencies that acknowledge it")
        )
        self.fields["informed"] = _agencies(
            self.ctx, self.report, None, required=False, label=_("Agencies for information"), most_open=0,
            initial=[str(pk) for pk in last.informed] if last else [],
        )  # fmt: skip
        self.order_fields(("version", "key", "agencies", "informed", "acknowledge_by"))

    def clean_informed(self) -> list[Agency]:
        """Return who is only informed; who is ticked for both acknowledges it."""
        return [
            a
            for a in self.cleaned_data["informed"]
            if a not in self.cleaned_data.get("agencies", ())
        ]


class TextForm(forms.Form):
    """Prose: of a section, or of an agency's part of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=pgettext_lazy("report", "Text"), widget=forms.Textarea(attrs={"rows": 14}), required=False,
        max_length=50_000,
        help_text=_("A paragraph a line; a line that begins with “- ” becomes an item of a list."),
    )  # fmt: skip


class JudgeForm(forms.Form):
    """What is said of a contribution: nothing where it is accepted."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=1000,
    )  # fmt: skip
