"""What officers type of committees, meetings and following officers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.committees import selectors
from hoptac.committees.terms import CHAIRS, ConclusionKind, MeetingKind, Seat
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.models import AdminUnit, Agency, Mandate
from hoptac.tasks.selectors import officers_of, tasks_seen
from hoptac.ui.fields import DayField, FilesField
from hoptac.ui.widgets import Combobox


def text(label: Any, most: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


def decision(label: Any = None) -> forms.CharField:
    return text(
        label or gettext_lazy("By which decision"),
        200,
        help_text=gettext_lazy("Number, day and issuer of the document."),
    )


def long_text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=required,
        help_text=help_text,
    )


def one_of(found: Any, label: Any, *, required: bool = False, help_text: Any = "") -> Any:
    return forms.ModelChoiceField(
        found, label=label, required=required, widget=Combobox, empty_label="", help_text=help_text
    )


def agencies(ctx: Context, province: str) -> Any:
    return Agency.objects.filter(province_code=province, valid__contains=ctx.today).order_by("name")


def people(ctx: Context, province: str) -> Any:
    """Return who has an account with a mandate in the province on the day."""
    held = Mandate.objects.on(ctx.today).filter(province_code=province, cooperative_id__isnull=True)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by(
        "full_name", "pk"
    )


def units(province: str) -> Any:
    found = AdminUnit.objects.filter(province_code=province, level__in=("province", "district"))
    return found.order_by("level", "name", "pk")


def documents(ctx: Context) -> Any:
    return Directive.objects.visible_to(ctx).order_by("-issued_on", "-id")


class AccountField(forms.ModelChoiceField):
    """Somebody with an account, by full name."""

    def __init__(self, found: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Account in the system"))
        super().__init__(found, required=False, widget=Combobox, empty_label="", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(filter(None, (obj.full_name, obj.job_title)))


class ActForm(forms.Form):
    """Base: the version that was read and the key of this submission go with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, subject: Any, *args: Any, **kwargs: Any) -> None:
        self.ctx, self.subject = ctx, subject
        super().__init__(*args, **kwargs)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on who asks and of what."""


class FoundForm(ActForm):
    name = text(gettext_lazy("Name"), 300)
    founding = decision(gettext_lazy("Founded by"))
    founded_on = DayField(label=gettext_lazy("Founded on"))
    field_order = (
        "name",
        "unit",
        "standing",
        "founding",
        "founded_on",
        "directive",
        "agency",
        "successor_to",
    )

    def build(self) -> None:
        keeping = selectors.keeping_agencies(self.ctx)
        provinces = sorted({a.province_code for a in keeping})
        province = provinces[0] if provinces else ""
        self.fields["unit"] = one_of(units(province), _("Unit"), required=True)
        self.fields["standing"] = one_of(
            keeping,
            _("Standing agency"),
            required=True,
            help_text=_("It keeps the committee's records."),
        )
        self.fields["directive"] = one_of(documents(self.ctx), _("Founding document"))
        self.fields["agency"] = one_of(agencies(self.ctx, province), _("In the list of agencies"))
        self.fields["successor_to"] = one_of(
            selectors.committees_kept(self.ctx),
            _("Takes over from"),
            help_text=_("The earlier committee ends on the day before."),
        )


class ChangeForm(ActForm):
    name = text(gettext_lazy("Name"), 300)
    words = decision()
    field_order = ("name", "standing", "words")

    def build(self) -> None:
        found = agencies(self.ctx, self.subject.province_code)
        self.fields["standing"] = one_of(found, _("Standing agency"), required=True)


class DissolveForm(ActForm):
    on = DayField(label=gettext_lazy("From which day it is no more"))
    ending = decision(gettext_lazy("Ended by"))


class RegulationForm(ActForm):
    title = text(gettext_lazy("Title"), 300)
    decision = decision(gettext_lazy("Issued by"))
    in_force_on = DayField(label=gettext_lazy("In force from"))

    def build(self) -> None:
        self.fields["directive"] = one_of(documents(self.ctx), _("Directive"))


class AppointForm(ActForm):
    name = text(gettext_lazy("Full name"), 120)
    post = text(gettext_lazy("Post"), 200)
    seat = forms.ChoiceField(
        label=pgettext_lazy("committee", "Seat"), choices=Seat.choices, initial=Seat.MEMBER
    )
    since = DayField(label=gettext_lazy("From"))
    decision = decision(gettext_lazy("Appointed by"))
    field_order = ("replaces", "name", "post", "agency", "user", "seat", "since", "decision")

    def build(self) -> None:
        committee = self.subject
        province = committee.province_code
        self.fields["replaces"] = one_of(
            committee.members.on(self.ctx.today),
            _("Replaces"),
            help_text=_("The seat of that member ends on the same day, by the same decision."),
        )
        self.fields["agency"] = one_of(agencies(self.ctx, province), _("Agency"))
        self.fields["user"] = AccountField(
            people(self.ctx, province),
            help_text=_("With an account the member reads the papers and is told of meetings."),
        )


class RelieveForm(ActForm):
    on = DayField(label=gettext_lazy("From which day no longer"))
    ending = decision(gettext_lazy("Relieved by"))


class ChargeForm(ActForm):
    content = text(
        gettext_lazy("Answers for"),
        500,
        help_text=gettext_lazy("Field, area or work, as the assignment words it."),
    )
    since = DayField(label=gettext_lazy("From"))
    decision = forms.CharField(label=gettext_lazy("Assigned by"), max_length=200, required=False)
    field_order = ("content", "unit", "directive", "task", "since", "decision")

    def build(self) -> None:
        committee = self.subject.committee
        self.fields["unit"] = one_of(units(committee.province_code), _("Area"))
        self.fields["directive"] = one_of(documents(self.ctx), _("Directive"))
        self.fields["task"] = one_of(tasks_seen(self.ctx).open().order_by("-number"), _("Task"))


class EndChargeForm(ActForm):
    until = DayField(label=gettext_lazy("Last day"))


class MeetingForm(ActForm):
    title = text(gettext_lazy("Subject"), 300)
    day = DayField(label=gettext_lazy("Day"))
    begins = forms.TimeField(
        label=gettext_lazy("From (hour)"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=gettext_lazy("To (hour)"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = text(gettext_lazy("Place"), 200)
    field_order = ("kind", "title", "day", "begins", "ends", "place", "chair")
    # Findings name the moments; the form has a day and hours.
    renamed = {"starts_at": "day", "ends_at": "ends"}

    def build(self) -> None:
        committee = getattr(self.subject, "committee", self.subject)
        chairs = committee.members.on(self.ctx.today).filter(seat__in=sorted(CHAIRS))
        self.fields["chair"] = one_of(chairs, _("Chair of the meeting"), required=True)

    def times(self) -> dict[str, datetime]:
        """Return what the acts take of day and hours."""
        g = self.cleaned_data
        zone = timezone.get_current_timezone()
        return {
            "starts_at": datetime.combine(g["day"], g["begins"], tzinfo=zone),
            "ends_at": datetime.combine(g["day"], g["ends"], tzinfo=zone),
        }


class PlanForm(MeetingForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MeetingKind.choices)


class ItemForm(ActForm):
    title = text(gettext_lazy("Matter"), 300)
    presenter = text(gettext_lazy("Presented by"), 200, required=False)
    planned_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes planned"), min_value=1, max_value=600, initial=15
    )


class PaperForm(ActForm):
    name = text(
        gettext_lazy("Name"),
        300,
        required=False,
        help_text=gettext_lazy("Left empty: that of the file, document or task."),
    )

    def build(self) -> None:
        self.fields["file"] = FilesField(label=_("File"))
        self.fields["directive"] = one_of(documents(self.ctx), _("Directive"))
        self.fields["task"] = one_of(tasks_seen(self.ctx).order_by("-number"), _("Task"))

    def clean_file(self) -> Any:
        files = self.cleaned_data["file"]
        if len(files) > 1:
            raise forms.ValidationError(_("One file at a time."))
        return files[0] if files else None


class InviteForm(ActForm):
    number = text(
        gettext_lazy("Number of the invitation"),
        40,
        help_text=gettext_lazy("As the register of outgoing documents gives it: 05/GM-BCĐ."),
    )


class WordsForm(ActForm):
    words = long_text(gettext_lazy("Reason"))


class EmptyForm(ActForm):
    """Nothing to type: the act is confirmed."""


class ConclusionForm(ActForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ConclusionKind.choices)
    content = long_text(gettext_lazy("Conclusion"))
    due_on = DayField(label=gettext_lazy("To be done by"), required=False)
    field_order = ("item", "kind", "content", "lead", "due_on")

    def build(self) -> None:
        items = self.subject.items.filter(retired_by__isnull=True).order_by("position", "id")
        self.fields["item"] = forms.ModelChoiceField(
            items, label=_("Of which matter"), required=False
        )
        found = agencies(self.ctx, self.subject.committee.province_code)
        self.fields["lead"] = one_of(
            found, _("Lead agency"), help_text=_("Who answers for the task.")
        )


class IssueForm(ActForm):
    symbol = text(
        gettext_lazy("Number and symbol"), 60, help_text=gettext_lazy("As on the paper: 31/TB-BCĐ.")
    )
    issued_on = DayField(label=gettext_lazy("Issued on"))
    is_open = forms.BooleanField(
        label=gettext_lazy("Every officer of the province may read it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Otherwise issuer and recipients only; the tasks, too."),
    )


class OfficerForm(ActForm):
    name = text(gettext_lazy("Full name"), 120)
    post = text(gettext_lazy("Post"), 200)
    fields_followed = text(gettext_lazy("Fields followed"), 300, required=False)
    is_main_work = forms.BooleanField(label=gettext_lazy("Full time"), required=False)
    since = DayField(label=gettext_lazy("From"))
    decision = decision(gettext_lazy("Named by"))
    field_order = (
        "agency",
        "name",
        "post",
        "user",
        "fields_followed",
        "is_main_work",
        "since",
        "decision",
    )
    renamed = {"fields": "fields_followed"}

    def build(self) -> None:
        own = selectors.naming_agencies(self.ctx)
        self.fields["agency"] = one_of(own, _("Agency"), required=True)
        provinces = sorted({a.province_code for a in own}) or [""]
        self.fields["user"] = AccountField(
            people(self.ctx, provinces[0]),
            help_text=_("With an account the officer's tasks are counted."),
        )


class EndOfficerForm(ActForm):
    on = DayField(label=gettext_lazy("From which day no longer"))
    ending = decision(gettext_lazy("Decision or reason"))


class HandOverForm(ActForm):
    on = DayField(label=gettext_lazy("Handed over on"))
    decision = decision()
    name = text(
        gettext_lazy("Full name"),
        120,
        required=False,
        help_text=gettext_lazy("Of a newly named officer."),
    )
    post = text(gettext_lazy("Post"), 200, required=False)
    words = long_text(gettext_lazy("Remarks for the minutes of handover"), required=False)
    field_order = ("on", "decision", "to", "name", "post", "user", "words")

    def build(self) -> None:
        officer = self.subject
        others = officer.agency.following_officers.on(self.ctx.today).exclude(pk=officer.pk)
        self.fields["to"] = one_of(
            others,
            _("To somebody who follows the agency already"),
            help_text=_("Otherwise name the new officer below."),
        )
        able = [
            u.pk for u in officers_of(officer.agency, self.ctx.today) if u.pk != officer.user_id
        ]
        self.fields["user"] = AccountField(
            User.objects.filter(pk__in=able).order_by("full_name", "pk")
        )


class TrainingForm(ActForm):
    course = text(gettext_lazy("Course"), 300)
    subject_taught = text(gettext_lazy("Subject"), 200, required=False)
    provider = text(gettext_lazy("Held by"), 200)
    hours = forms.IntegerField(label=gettext_lazy("Hours"), min_value=1, max_value=2000)
    begins_on = DayField(label=gettext_lazy("Begins on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))
    certificate = text(gettext_lazy("Certificate"), 120, required=False)
