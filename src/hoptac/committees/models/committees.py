"""A steering committee, who sits in it, by which rules, and what each member answers for."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hoptac.committees.terms import Seat
from hoptac.directives.models import Directive
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.tasks.models import Task
from hoptac.tasks.models.tasks import speaks_for

VIEW, KEEP = "committees.view", "committees.keep"


def is_system(ctx: Context, permission: str) -> bool:
    """Tell whether the caller may do it everywhere, as the system's own work does."""
    granting = [g for g in ctx.grants if permission in g.role.permissions]
    return any(g.province_code == "*" for g in granting)


def provinces_of(ctx: Context, permission: str) -> list[str]:
    return sorted({g.province_code for g in ctx.grants if permission in g.role.permissions})


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def visible_to(self, ctx: Context, permission: str = VIEW) -> CommitteeQuerySet:
        """Keep the committees of the caller's provinces: who sits in them is no secret in the offices."""
        if is_system(ctx, permission):
            return self
        return self.filter(province_code__in=provinces_of(ctx, permission))

    def of_insider(self, ctx: Context) -> CommitteeQuerySet:
        """Keep those whose papers the caller reads: as a member, as their standing agency, or overseeing."""
        if is_system(ctx, VIEW):
            return self
        inside = Q(standing__in=agencies_spoken_for(ctx, VIEW))
        if ctx.user is not None:
            seats = Member.objects.filter(committee=OuterRef("pk"), user=ctx.user)
            inside |= Q(Exists(seats.filter(valid__contains=ctx.today)))
        overseen = sorted(ctx.coverage("committees.oversee").provinces)
        if overseen:
            inside |= Q(province_code__in=overseen)
        return self.visible_to(ctx).filter(inside)

    def existing(self, day: date) -> CommitteeQuerySet:
        return self.filter(valid__contains=day)


@pghistory.track()
class Committee(models.Model):
    """A steering committee (*ban chỉ đạo*) of the province or a district, for as long as it exists.

    ``standing`` is the agency that keeps it (*cơ quan thường trực*): it enters everything on the
    committee's behalf and gives the tasks that conclusions ask for. ``agency`` is the committee in the
    list of agencies, where it stands there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the list of agencies")
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=300)
    standing = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("standing agency")
    )
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("founding document")
    )  # fmt: skip
    founding = models.CharField(_("founded by"), max_length=200)
    valid = DateRangeField(_("in existence"))
    ending = models.CharField(_("ended by"), max_length=200, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )  # fmt: skip
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("steering committee")
        verbose_name_plural = _("steering committees")
        ordering = ("name", "id")
        triggers = kept_for_ever("committee")
        indexes = (models.Index(fields=("province_code",), name="committee_province"),)

    def __str__(self) -> str:
        return self.name

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may see it, or (to keep it) speaks for its standing agency."""
        if permission == VIEW:
            return Committee.objects.filter(pk=self.pk).visible_to(ctx).exists()
        return speaks_for(ctx, permission, self.standing_id)


@pghistory.track()
class Regulation(models.Model):
    """One version of a committee's working regulation (*quy chế làm việc*), in force from a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="regulations")
    title = models.CharField(_("title"), max_length=300)
    decision = models.CharField(_("issued by"), max_length=200)
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("directive")
    )  # fmt: skip
    in_force_on = models.DateField(_("in force from"))
    act_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("working regulation")
        verbose_name_plural = _("working regulations")
        ordering = ("-in_force_on", "-id")
        triggers = kept_for_ever("regulation")
        constraints = (
            models.UniqueConstraint(
                fields=("committee", "in_force_on"), name="regulation_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return self.title


class MemberQuerySet(models.QuerySet["Member"]):
    def on(self, day: date) -> MemberQuerySet:
        return self.filter(valid__contains=day)


@pghistory.track()
class Member(models.Model):
    """Somebody's seat in a committee from one decision to another; a new seat is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    name = models.CharField(_("full name"), max_length=120)
    post = models.CharField(_("post"), max_length=200)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )  # fmt: skip
    seat = models.CharField(_("seat"), max_length=9, choices=Seat)
    valid = DateRangeField(_("in office"))
    decision = models.CharField(_("appointed by"), max_length=200)
    ending = models.CharField(_("relieved by"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a committee")
        verbose_name_plural = _("members of a committee")
        ordering = ("committee_id", "id")
        triggers = kept_for_ever("committee_member")
        constraints: ClassVar[Any] = (
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[
                    (F("committee"), RangeOperators.EQUAL), (F("seat"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
                condition=Q(seat__in=[Seat.HEAD, Seat.STANDING_DEPUTY]),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("user",), name="committee_member_user"),)

    def __str__(self) -> str:
        return self.name

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.committee.is_within(ctx, permission)

    def sits_on(self, day: date) -> bool:
        return day in self.valid


@pghistory.track()
class Charge(models.Model):
    """Something that a member answers for in the committee: a field, an area, a document, a task."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="charges")
    content = models.CharField(_("answers for"), max_length=500)
    unit = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("directive")
    )  # fmt: skip
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("task")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    decision = models.CharField(_("assigned by"), max_length=200, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("charge of a member")
        verbose_name_plural = _("charges of members")
        ordering = ("member_id", "since", "id")
        triggers = kept_for_ever("committee_charge")

    def __str__(self) -> str:
        return self.content

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.member.is_within(ctx, permission)
