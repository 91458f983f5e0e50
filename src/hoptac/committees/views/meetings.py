"""One meeting from agenda to conclusions, its papers, its printed documents, its calendar file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hoptac.committees import actions, papers, selectors
from hoptac.committees.calendar_file import Event, compute_calendar
from hoptac.committees.models.committees import KEEP, VIEW
from hoptac.committees.terms import MeetingState, Presence
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.documents.official import OfficialDocument, to_docx
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.findings import Refused
from hoptac.foundation.pages import needs
from hoptac.ui.steps import done_or_told
from hoptac.ui.views import SubjectView

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class MeetingView(SubjectView):
    """Base: a page of one meeting within the caller's sight."""

    permission = VIEW

    def find(self, pk: Any) -> Any:
        return selectors.meeting_seen(self.ctx, pk)

    def show(self, findings: Any = (), typed: Any = None, status: int = 200) -> HttpResponse:
        """Draw the page; with what was typed where an act refused it."""
        ctx, meeting = self.ctx, self.subject
        keeps = selectors.keeps(ctx, meeting.committee)
        is_over = timezone.localtime(meeting.starts_at).date() <= ctx.today
        is_live = meeting.state != MeetingState.CANCELLED and meeting.adopted_on is None
        agenda = selectors.agenda_of(ctx, meeting)
        typed = typed or {}
        people = [
            {
                "seat": s,
                "presence": typed.get(f"presence_{s.member.pk}")
                or (s.attendance.presence if s.attendance else Presence.PRESENT.value),
                "words": typed.get(
                    f"words_{s.member.pk}", s.attendance.words if s.attendance else ""
                ),
            }
            for s in selectors.seated(meeting)
        ]
        for item in agenda:
            item.text = typed.get(f"said_{item.pk}", item.said)  # type: ignore[attr-defined]
        concluded = selectors.conclusions_of(ctx, meeting)
        is_insider = selectors.is_insider(ctx, meeting.committee)
        context = {
            "meeting": meeting,
            "committee": meeting.committee,
            "keeps": keeps,
            "agenda": agenda,
            "people": people,
            "minutes_planned": sum(i.planned_minutes for i in agenda),
            "followed": selectors.follow_up(ctx, meeting),
            "concluded": concluded,
            "presences": Presence.choices,
            "findings": findings,
            "key": uuid4().hex,
            "may_change": keeps and is_live,
            "may_note": keeps and is_live and is_over and bool(agenda),
            "may_write": keeps and is_live and meeting.state == MeetingState.HELD,
            "may_conclude": keeps
            and meeting.state == MeetingState.HELD
            and meeting.notice_id is None,
            "may_issue": keeps and meeting.adopted_on and meeting.notice_id is None and concluded,
            "is_ahead": meeting.state in {MeetingState.PLANNED, MeetingState.INVITED},
            "is_insider": is_insider,
        }
        return render(self.request, "committees/meeting.html", context, status=status)


class MeetingPage(MeetingView):
    """The meeting on one page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()


class KeepsMeeting(MeetingView):
    """Base: what only the committee's keeper writes on the page."""

    permission = KEEP

    def find(self, pk: Any) -> Any:
        found = super().find(pk)
        return found if found is not None and found.is_within(self.ctx, self.permission) else None

    def done(self, act: Any, words: str, anchor: str) -> HttpResponse:
        request = self.request
        try:
            act(self.ctx.by(idempotency_key=request.POST.get("key", "")[:40]))
        except AlreadyDone:
            messages.info(request, _("This was already recorded; nothing was done twice."))
        except Refused as refused:
            self.subject = selectors.meeting_seen(self.ctx, self.subject.pk)
            return self.show(refused.findings, request.POST, 422)
        else:
            messages.success(request, words)
        answer = redirect("committees:meeting", self.subject.pk)
        answer["Location"] += anchor
        return answer


class NoteAttendance(KeepsMeeting):
    """Who came."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        came = {}
        for seat in selectors.seated(self.subject):
            pk = seat.member.pk
            presence = request.POST.get(f"presence_{pk}", "")
            if presence in Presence.values:
                words = "" if presence == Presence.PRESENT else request.POST.get(f"words_{pk}", "")
                came[pk] = (presence, words)
        return self.done(
            lambda ctx: actions.hold_meeting(ctx, self.subject, came=came),
            _("Attendance is noted."),
            "#agenda",
        )


class WriteMinutes(KeepsMeeting):
    """What was said of each matter."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        texts = {
            item.pk: request.POST[f"said_{item.pk}"][:50_000].replace("\r\n", "\n")
            for item in selectors.agenda_of(self.ctx, self.subject)
            if f"said_{item.pk}" in request.POST
        }
        return self.done(
            lambda ctx: actions.write_minutes(ctx, self.subject, said_of=texts),
            _("The minutes are saved."),
            "#conclusions",
        )


class MeetingFile(MeetingView):
    """A paper, the invitation or the minutes as they are kept."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stored = selectors.meeting_file(self.ctx, self.subject, kwargs["file"])
        if stored is None:
            raise Http404
        return handed_out(stored)


_PAPERS = ("invitation", "minutes", "conclusions")


@require_GET
@needs(VIEW)
def printed(request: HttpRequest, pk: Any, what: str, form: str) -> HttpResponse:
    """Return the invitation, minutes or notice of conclusions as it stands now, as ``pdf`` or ``docx``."""
    ctx = request.ctx  # type: ignore[attr-defined]
    meeting = selectors.meeting_seen(ctx, pk)
    if meeting is None or what not in _PAPERS or form not in {"pdf", "docx"}:
        raise Http404
    return as_document(papers.printed(ctx, meeting, what), form)


def as_document(document: OfficialDocument, form: str) -> HttpResponse:
    """Return the answer that carries a document as ``pdf`` or ``docx``."""
    content = papers.as_pdf(document) if form == "pdf" else to_docx(document)
    answer = HttpResponse(content, content_type="application/pdf" if form == "pdf" else _DOCX)
    return _as_file(answer, papers.name_of(document, form))


@require_GET
@needs(VIEW)
def calendar(request: HttpRequest, pk: Any) -> HttpResponse:
    """Return the meeting for a calendar program."""
    meeting = selectors.meeting_seen(request.ctx, pk)  # type: ignore[attr-defined]
    if meeting is None:
        raise Http404
    text = compute_calendar(
        Event(
            uid=f"{meeting.pk}@hoptac",
            sequence=meeting.version,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            stamp=timezone.now(),
            summary=f"{meeting.committee.name}: {meeting.title}",
            place=meeting.place,
            href=request.build_absolute_uri(request.path.removesuffix("calendar/")),
            is_cancelled=meeting.state == MeetingState.CANCELLED,
        )
    )
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    return _as_file(answer, f"hop-{meeting.number}.ics")


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


class Small(SubjectView, ABC):
    """Base: an act upon a part of a meeting that has no form."""

    permission = KEEP

    @abstractmethod
    def act(self) -> Any:
        """Do it."""

    def meeting_of(self) -> Any:
        """Return the meeting to whose page it leads back."""
        return self.subject.meeting_id

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        meeting = self.meeting_of()
        done_or_told(request, self.act)
        return redirect("committees:meeting", meeting)


class MoveItem(Small):
    """A matter one place up or down."""

    def find(self, pk: Any) -> Any:
        return selectors.item_seen(self.ctx, pk)

    def act(self) -> Any:
        return actions.move_item(self.ctx, self.subject, up=self.request.POST.get("way") != "down")


class DropItem(MoveItem):
    """A matter off the agenda."""

    def act(self) -> Any:
        return actions.drop_item(self.ctx, self.subject)


class DropPaper(Small):
    """A paper taken back."""

    def find(self, pk: Any) -> Any:
        return selectors.paper_seen(self.ctx, pk)

    def act(self) -> Any:
        return actions.drop_paper(self.ctx, self.subject)

    def meeting_of(self) -> Any:
        return self.subject.item.meeting_id


class DropConclusion(Small):
    """A conclusion struck."""

    def find(self, pk: Any) -> Any:
        return selectors.conclusion_seen(self.ctx, pk)

    def act(self) -> Any:
        return actions.drop_conclusion(self.ctx, self.subject.meeting, conclusion=self.subject)
