"""Acts upon a committee, a seat, a meeting, a following officer: a form, then the act."""

from __future__ import annotations

from abc import ABC
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from hoptac.committees import actions, forms, selectors
from hoptac.committees.models.committees import KEEP
from hoptac.ui.steps import Step, StepView, by_code, plain

_NAME = "committees.name_officers"


class ActPage(StepView, ABC):
    """Base: one step of a subject of committees. A subclass says how it is found, where it leads back."""

    permission = KEEP
    section: ClassVar[tuple[Any, str]] = (gettext_lazy("Steering committees"), "committees:list")

    def crumbs(self) -> list[tuple[Any, str]]:
        label, page = self.section
        return [(label, reverse(page)), (str(self.subject), self.back())]

    def initial(self) -> dict[str, Any]:
        names = ("since", "on", "until", "issued_on", "in_force_on")
        return {**dict.fromkeys(names, self.ctx.today), **super().initial()}


class CommitteeStep(ActPage):
    """What is done to a committee as a whole."""

    steps = by_code(
        Step(
            "appoint",
            gettext_lazy("New member"),
            gettext_lazy("Appoint"),
            forms.AppointForm,
            plain(
                actions.appoint_member,
                "name",
                "post",
                "agency",
                "user",
                "seat",
                "since",
                "decision",
                "replaces",
                versioned=False,
            ),
            gettext_lazy("Appointed."),
        ),
        Step(
            "regulation",
            gettext_lazy("Working regulation"),
            gettext_lazy("Record the regulation"),
            forms.RegulationForm,
            plain(
                actions.adopt_regulation,
                "title",
                "decision",
                "in_force_on",
                "directive",
                versioned=False,
            ),
            gettext_lazy("Recorded."),
        ),
        Step(
            "meeting",
            gettext_lazy("Plan a meeting"),
            gettext_lazy("Plan the meeting"),
            forms.PlanForm,
            lambda ctx, c, g, form: actions.plan_meeting(
                ctx,
                c,
                kind=g["kind"],
                title=g["title"],
                place=g["place"],
                chair=g["chair"],
                **form.times(),
            ),
            gettext_lazy("Planned. Now put matters on its agenda."),
            leads=lambda meeting: reverse("committees:meeting", args=[meeting.pk]),
        ),
        Step(
            "change",
            gettext_lazy("Change name or standing agency"),
            gettext_lazy("Change"),
            forms.ChangeForm,
            plain(actions.change_committee, "name", "standing", "words"),
            gettext_lazy("Changed."),
            initial=lambda ctx, c: {"name": c.name, "standing": c.standing_id},
        ),
        Step(
            "end",
            gettext_lazy("End the committee"),
            gettext_lazy("End the committee"),
            forms.DissolveForm,
            plain(actions.dissolve_committee, "on", "ending"),
            gettext_lazy("The committee has ended."),
            lead=gettext_lazy(
                "All seats and charges end on the same day; everything stays on record."
            ),
            is_grave=True,
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.committee_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("committees:committee", args=[self.subject.pk])


class MemberStep(ActPage):
    """What is done to a seat."""

    steps = by_code(
        Step(
            "charge",
            gettext_lazy("Give a charge"),
            gettext_lazy("Give the charge"),
            forms.ChargeForm,
            plain(
                actions.assign_charge,
                "content",
                "unit",
                "directive",
                "task",
                "since",
                "decision",
                versioned=False,
            ),
            gettext_lazy("Recorded."),
        ),
        Step(
            "end",
            gettext_lazy("End the seat"),
            gettext_lazy("End the seat"),
            forms.RelieveForm,
            plain(actions.relieve_member, "on", "ending"),
            gettext_lazy("The seat has ended."),
            lead=gettext_lazy("What the member answers for ends with it."),
            is_grave=True,
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.member_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("committees:committee", args=[self.subject.committee_id])


class ChargeStep(ActPage):
    """What is done to a member's charge."""

    steps = by_code(
        Step(
            "end",
            gettext_lazy("End the charge"),
            gettext_lazy("End the charge"),
            forms.EndChargeForm,
            plain(actions.end_charge, "until"),
            gettext_lazy("The charge has ended."),
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.charge_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("committees:committee", args=[self.subject.member.committee_id])


def _when(ctx: Any, meeting: Any) -> dict[str, Any]:
    begins, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return {
        "title": meeting.title,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "chair": meeting.chair_id,
    }


class MeetingStep(ActPage):
    """What is done to a meeting, but for attendance and minutes, which are written on its page."""

    steps = by_code(
        Step(
            "move",
            gettext_lazy("Change day, place or chair"),
            gettext_lazy("Change"),
            forms.MeetingForm,
            lambda ctx, m, g, form: actions.move_meeting(
                ctx,
                m,
                title=g["title"],
                place=g["place"],
                chair=g["chair"],
                expected_version=g["version"],
                **form.times(),
            ),
            gettext_lazy("Changed; who was invited is told."),
            initial=_when,
        ),
        Step(
            "item",
            gettext_lazy("New matter"),
            gettext_lazy("Put it on the agenda"),
            forms.ItemForm,
            plain(actions.add_item, "title", "presenter", "planned_minutes", versioned=False),
            gettext_lazy("On the agenda."),
        ),
        Step(
            "invite",
            gettext_lazy("Send the invitation"),
            gettext_lazy("Send the invitation"),
            forms.InviteForm,
            plain(actions.invite, "number"),
            gettext_lazy("Sent; members with an account are told."),
            lead=gettext_lazy("The invitation is printed with the agenda as it stands now."),
        ),
        Step(
            "cancel",
            gettext_lazy("Call the meeting off"),
            gettext_lazy("Call it off"),
            forms.WordsForm,
            plain(actions.cancel_meeting, "words"),
            gettext_lazy("Called off."),
            is_grave=True,
        ),
        Step(
            "conclusion",
            gettext_lazy("New conclusion"),
            gettext_lazy("Write it down"),
            forms.ConclusionForm,
            plain(
                actions.add_conclusion, "content", "kind", "item", "lead", "due_on", versioned=False
            ),
            gettext_lazy("Written down."),
        ),
        Step(
            "adopt",
            gettext_lazy("Adopt the minutes"),
            gettext_lazy("Adopt the minutes"),
            forms.EmptyForm,
            plain(actions.adopt_minutes),
            gettext_lazy("Adopted."),
            lead=gettext_lazy(
                "The chair has adopted them: they are printed and not changed any more."
            ),
        ),
        Step(
            "issue",
            gettext_lazy("Issue the conclusions"),
            gettext_lazy("Issue the notice"),
            forms.IssueForm,
            plain(actions.issue_conclusions, "symbol", "issued_on", "is_open"),
            gettext_lazy("Issued; the tasks are with their agencies."),
            lead=gettext_lazy(
                "The notice of conclusions becomes a directive; each conclusion that asks for work a task."
            ),
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.meeting_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("committees:meeting", args=[self.subject.pk])


class ItemStep(ActPage):
    """What is done to a matter of an agenda."""

    steps = by_code(
        Step(
            "paper",
            gettext_lazy("Lay a paper to it"),
            gettext_lazy("Lay it to the matter"),
            forms.PaperForm,
            plain(actions.add_paper, "name", "file", "directive", "task", versioned=False),
            gettext_lazy("Laid to the matter."),
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.item_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("committees:meeting", args=[self.subject.meeting_id])


class OfficerStep(ActPage):
    """What is done to a following officer."""

    permission = _NAME
    section = (gettext_lazy("Following officers"), "officers:list")
    steps = by_code(
        Step(
            "handover",
            gettext_lazy("Hand the work over"),
            gettext_lazy("Hand over"),
            forms.HandOverForm,
            plain(actions.hand_over, "on", "decision", "to", "name", "post", "user", "words"),
            gettext_lazy("Handed over; the open tasks have their new officer."),
            lead=gettext_lazy(
                "The minutes of handover list the open tasks; these change their officer at once."
            ),
        ),
        Step(
            "training",
            gettext_lazy("Course attended"),
            gettext_lazy("Record the course"),
            forms.TrainingForm,
            lambda ctx, o, g, form: actions.record_training(
                ctx,
                o,
                course=g["course"],
                subject=g["subject_taught"],
                provider=g["provider"],
                hours=g["hours"],
                begins_on=g["begins_on"],
                ends_on=g["ends_on"],
                certificate=g["certificate"],
            ),
            gettext_lazy("Recorded."),
        ),
        Step(
            "end",
            gettext_lazy("End without successor"),
            gettext_lazy("End"),
            forms.EndOfficerForm,
            plain(actions.end_officer, "on", "ending"),
            gettext_lazy("Ended."),
            is_grave=True,
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.officer_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("officers:officer", args=[self.subject.pk])
