"""Acts upon a committee, a seat, a meeting, a following officer: a form, then the act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.committees import actions, forms, selectors
from hoptac.committees.models.committees import KEEP
from hoptac.foundation.actions import AlreadyDone, Conflict, OutOfReach
from hoptac.foundation.findings import Refused
from hoptac.ui.views import OfficeView, add_findings

_NAME = "committees.name_officers"


@dataclass(frozen=True)
class Step:
    """One act as a page offers it."""

    code: str
    title: Any
    button: Any
    form: type[forms.ActForm]
    act: Callable[[Any, Any, dict[str, Any], Any], Any]
    done: Any
    lead: Any = ""
    is_grave: bool = False
    initial: Callable[[Any, Any], dict[str, Any]] = lambda ctx, subject: {}
    # Where it leads once done, by what the act returned; nothing: back to the subject.
    leads: Callable[[Any], str] | None = None


def _plain(act: Callable[..., Any], *names: str, versioned: bool = True) -> Any:
    """Return an act that takes these fields of its form as they are."""

    def do(ctx: Any, subject: Any, g: dict[str, Any], form: Any) -> Any:
        more = {"expected_version": g.get("version")} if versioned else {}
        return act(ctx, subject, **{n: g[n] for n in names}, **more)

    return do


def _by_code(*steps: Step) -> dict[str, Step]:
    return {s.code: s for s in steps}


def renamed(form: Any, refused: Refused) -> list[Any]:
    """Return findings with the names that the form's fields bear."""
    from dataclasses import replace

    names: Mapping[str, str] = getattr(form, "renamed", {})
    return [replace(f, field=names.get(f.field, f.field)) for f in refused.findings]


class ActPage(OfficeView):
    """Base: one step of a subject. A subclass says which steps there are, how it is found, where it leads back."""

    steps: ClassVar[dict[str, Step]] = {}
    permission = KEEP
    section: ClassVar[tuple[Any, str]] = (gettext_lazy("Steering committees"), "committees:list")
    subject: Any
    step: Step

    def find(self, pk: Any) -> Any:
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def title_of(self) -> str:
        return str(self.subject)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = self.steps.get(kwargs["step"])
        if step is None:
            raise Http404
        if not self.ctx.may(self.permission):
            raise PermissionDenied(self.permission)
        self.step = step
        self.subject = self.find(kwargs["pk"])
        if self.subject is None or not self.subject.is_within(self.ctx, self.permission):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {
            "version": getattr(self.subject, "version", None),
            "key": uuid4().hex,
            "since": self.ctx.today,
            "on": self.ctx.today,
            "until": self.ctx.today,
            "issued_on": self.ctx.today,
            "in_force_on": self.ctx.today,
            **self.step.initial(self.ctx, self.subject),
        }
        return self.show(self.step.form(self.ctx, self.subject, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.step.form(self.ctx, self.subject, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        back = redirect(self.back())
        try:
            ctx = self.ctx.by(idempotency_key=form.cleaned_data.get("key") or "")
            result = self.step.act(ctx, self.subject, form.cleaned_data, form)
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
            return back
        except Refused as refused:
            self.subject = self.find(kwargs["pk"])
            add_findings(form, renamed(form, refused))
            passed = isinstance(refused, Conflict) or "state_passed" in refused.codes
            return self.show(form, 409 if passed else 422)
        messages.success(request, self.step.done)
        return redirect(self.step.leads(result)) if self.step.leads else back

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        label, page = self.section
        context = {
            "step": self.step,
            "form": form,
            "subject_title": self.title_of(),
            "back": self.back(),
            "crumbs": [(label, reverse(page)), (self.title_of(), self.back())],
        }
        return render(self.request, "committees/step.html", context, status=status)


class CommitteeStep(ActPage):
    """What is done to a committee as a whole."""

    steps = _by_code(
        Step(
            "appoint",
            gettext_lazy("New member"),
            gettext_lazy("Appoint"),
            forms.AppointForm,
            _plain(
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
            _plain(
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
            _plain(actions.change_committee, "name", "standing", "words"),
            gettext_lazy("Changed."),
            initial=lambda ctx, c: {"name": c.name, "standing": c.standing_id},
        ),
        Step(
            "end",
            gettext_lazy("End the committee"),
            gettext_lazy("End the committee"),
            forms.DissolveForm,
            _plain(actions.dissolve_committee, "on", "ending"),
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

    steps = _by_code(
        Step(
            "charge",
            gettext_lazy("Give a charge"),
            gettext_lazy("Give the charge"),
            forms.ChargeForm,
            _plain(
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
            _plain(actions.relieve_member, "on", "ending"),
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

    steps = _by_code(
        Step(
            "end",
            gettext_lazy("End the charge"),
            gettext_lazy("End the charge"),
            forms.EndChargeForm,
            _plain(actions.end_charge, "until"),
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

    steps = _by_code(
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
            _plain(actions.add_item, "title", "presenter", "planned_minutes", versioned=False),
            gettext_lazy("On the agenda."),
        ),
        Step(
            "invite",
            gettext_lazy("Send the invitation"),
            gettext_lazy("Send the invitation"),
            forms.InviteForm,
            _plain(actions.invite, "number"),
            gettext_lazy("Sent; members with an account are told."),
            lead=gettext_lazy("The invitation is printed with the agenda as it stands now."),
        ),
        Step(
            "cancel",
            gettext_lazy("Call the meeting off"),
            gettext_lazy("Call it off"),
            forms.WordsForm,
            _plain(actions.cancel_meeting, "words"),
            gettext_lazy("Called off."),
            is_grave=True,
        ),
        Step(
            "conclusion",
            gettext_lazy("New conclusion"),
            gettext_lazy("Write it down"),
            forms.ConclusionForm,
            _plain(
                actions.add_conclusion, "content", "kind", "item", "lead", "due_on", versioned=False
            ),
            gettext_lazy("Written down."),
        ),
        Step(
            "adopt",
            gettext_lazy("Adopt the minutes"),
            gettext_lazy("Adopt the minutes"),
            forms.EmptyForm,
            _plain(actions.adopt_minutes),
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
            _plain(actions.issue_conclusions, "symbol", "issued_on", "is_open"),
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

    steps = _by_code(
        Step(
            "paper",
            gettext_lazy("Lay a paper to it"),
            gettext_lazy("Lay it to the matter"),
            forms.PaperForm,
            _plain(actions.add_paper, "name", "file", "directive", "task", versioned=False),
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
    steps = _by_code(
        Step(
            "handover",
            gettext_lazy("Hand the work over"),
            gettext_lazy("Hand over"),
            forms.HandOverForm,
            _plain(actions.hand_over, "on", "decision", "to", "name", "post", "user", "words"),
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
            _plain(actions.end_officer, "on", "ending"),
            gettext_lazy("Ended."),
            is_grave=True,
        ),
    )

    def find(self, pk: Any) -> Any:
        return selectors.officer_seen(self.ctx, pk)

    def back(self) -> str:
        return reverse("officers:officer", args=[self.subject.pk])


def done_or_told(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do an act that has no form; what it refuses is told on the page that follows.

    :raises Http404: the subject is out of the caller's reach
    """
    try:
        act()
    except OutOfReach as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, refused.findings[0].message)
