"""A committee's meetings: agenda, papers, who came, minutes, conclusions."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.committees.models.committees import VIEW, Committee, Member
from hoptac.committees.terms import ConclusionKind, MeetingKind, MeetingState, Presence
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.models import Task


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, ctx: Context, permission: str = VIEW) -> MeetingQuerySet:
        """Keep the meetings of the caller's own committees, and those whose conclusions are open to all."""
        committees = Committee.objects.visible_to(ctx, permission)
        inside = Committee.objects.of_insider(ctx)
        return self.filter(
            Q(committee__in=inside.values("pk"))
            | Q(is_open=True, committee__in=committees.values("pk"))
        )


@pghistory.track()
class Meeting(models.Model):
    """One meeting. Its papers are its members' until the conclusions are issued to everybody (``is_open``)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=MeetingKind)
    title = models.CharField(_("subject"), max_length=300)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200)
    chair = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("chair of the meeting")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=MeetingState, default=MeetingState.PLANNED
    )
    invitation_number = models.CharField(_("number of the invitation"), max_length=40, blank=True)
    invited_on = models.DateField(_("invited on"), null=True)
    invitation = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(_("cancelled because"), max_length=500, blank=True)
    adopted_on = models.DateField(_("minutes adopted on"), null=True)
    adopted_by = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("adopted by")
    )
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey(
        Directive, models.PROTECT, null=True, related_name="+", verbose_name=_("notice of conclusions")
    )  # fmt: skip
    is_open = models.BooleanField(_("conclusions open to every officer"), default=False)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of a committee")
        verbose_name_plural = _("meetings of committees")
        ordering = ("-starts_at", "-id")
        triggers = kept_for_ever("committee_meeting")
        constraints = (
            models.UniqueConstraint(
                fields=("committee", "number"), name="committee_meeting_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="committee_meeting_ends_later"
            ),
        )
        indexes = (
            models.Index(fields=("committee", "-starts_at"), name="committee_meeting_order"),
        )

    def __str__(self) -> str:
        return self.title

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may read it, or keeps its committee."""
        if permission == VIEW:
            return Meeting.objects.filter(pk=self.pk).visible_to(ctx).exists()
        return self.committee.is_within(ctx, permission)


@pghistory.track()
class AgendaItem(models.Model):
    """One point of a meeting's agenda, and what the minutes say of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField(_("place"))
    title = models.CharField(_("matter"), max_length=300)
    presenter = models.CharField(_("presented by"), max_length=200, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("minutes planned"), default=15)
    said = models.TextField(_("minutes of this matter"), blank=True)
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("matter of an agenda")
        verbose_name_plural = _("matters of an agenda")
        ordering = ("meeting_id", "position", "id")
        triggers = kept_for_ever("agenda_item")

    def __str__(self) -> str:
        return self.title

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.meeting.is_within(ctx, permission)


class Paper(models.Model):
    """What members read for a matter: a file, a directive or a task."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers")
    name = models.CharField(_("name"), max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("paper of a meeting")
        verbose_name_plural = _("papers of a meeting")
        ordering = ("item_id", "id")
        triggers = kept_for_ever("meeting_paper")

    def __str__(self) -> str:
        return self.name

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.item.is_within(ctx, permission)


@pghistory.track()
class Attendance(models.Model):
    """Whether one member came to one meeting."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    presence = models.CharField(_("attendance"), max_length=10, choices=Presence)
    words = models.CharField(_("reason, or who came instead"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("meeting_id", "id")
        triggers = kept_for_ever("attendance")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "member"), name="attendance_once"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.presence}"


@pghistory.track()
class Conclusion(models.Model):
    """What a meeting concluded; one that asks for work becomes a task once it is issued."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="conclusions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("matter")
    )  # fmt: skip
    position = models.PositiveIntegerField(_("place"))
    kind = models.CharField(
        _("kind"), max_length=5, choices=ConclusionKind, default=ConclusionKind.TASK
    )
    content = models.TextField(_("conclusion"))
    lead = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead agency")
    )  # fmt: skip
    due_on = models.DateField(_("due on"), null=True, blank=True)
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="concluded_in")
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("conclusion of a meeting")
        verbose_name_plural = _("conclusions of meetings")
        ordering = ("meeting_id", "position", "id")
        triggers = kept_for_ever("conclusion")

    def __str__(self) -> str:
        return self.content[:80]

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.meeting.is_within(ctx, permission)
