"""A task, who answers for it in each line of command, and the days on which it is due."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models import Directive, Passage
from hoptac.directives.terms import Chain, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.jurisdiction.terms import AgencyKind, Level
from hoptac.tasks.terms import ENDS, OPEN, RUNNING, Answer, Ended, Part, Rhythm, State, TermState


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, ctx: Context, permission: str = "tasks.view") -> TaskQuerySet:
        """Keep the tasks that the caller may see within the provinces of the mandates.

        Those open to every officer, those that an agency for which the caller speaks assigned or takes part in,
        those of agencies on the caller's ground, and all of a line of command that the caller oversees.
        """
        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return self
        if not granting:
            return self.none()
        provinces = sorted({g.province_code for g in granting})
        return self.filter(
            Q(province_code__in=provinces) & (Q(reach=Reach.OPEN) | concerned(ctx, permission))
        )

    def open(self) -> TaskQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def late(self, today: date) -> TaskQuerySet:
        """Keep those that should have been reported before today and were not."""
        return self.filter(state__in=sorted(RUNNING), due_on__lt=today)

    def for_rows(self) -> TaskQuerySet:
        """Let each task bring its leading agency and its document, without the document's long texts."""
        found: TaskQuerySet = self.select_related("lead", "directive").defer(
            "directive__text", "directive__reading", "directive__words"
        )
        return found

    def of_agencies(self, agencies: frozenset[Any], part: str = "") -> TaskQuerySet:
        """Keep those for which one of the agencies answers now; ``part`` narrows to leading or helping."""
        lines = Assignment.objects.now().filter(task=OuterRef("pk"), agency__in=agencies)
        return self.filter(Exists(lines.filter(part=part) if part else lines))


def concerned(ctx: Context, permission: str) -> Any:
    """Return which tasks concern the caller: as a party, by ground, or by overseeing a line of command."""
    own = agencies_spoken_for(ctx, permission)
    lines = Assignment.objects.filter(task=OuterRef("pk"))
    found: Any = Q(pk__in=())
    if own:
        found |= Q(assigner__in=own) | Exists(lines.filter(agency__in=own))
        found |= Exists(lines.filter(assigned_by__in=own))
    communes = ctx.coverage(permission).communes
    if communes:
        found |= Exists(lines.filter(agency__unit__in=sorted(communes)))
    for chain in Chain:
        overseen = overseen_provinces(ctx, chain)
        if overseen:
            found |= Q(province_code__in=overseen) & (
                Q(chain=chain) | Exists(lines.filter(chain=chain))
            )
    return found


def overseen_provinces(ctx: Context, chain: str) -> list[str]:
    """Return the provinces of which the caller oversees a line of command, by mandates over the whole."""
    return sorted(ctx.coverage(f"tasks.oversee_{chain}").provinces)


@pghistory.track()
class Task(models.Model):
    """A piece of work that somebody ordered: what, on which words of which document, by whom, until when.

    ``assigner`` gave it and judges its proof; ``chain`` is the assigner's line of command. ``lead``,
    ``due_on`` and ``percent`` repeat the leading line and the present term, for lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    number = models.CharField(_("number"), max_length=30)
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("directive")
    )  # fmt: skip
    passage = models.OneToOneField(
        Passage, models.PROTECT, null=True, blank=True, related_name="task"
    )
    section = models.CharField(_("section"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )  # fmt: skip
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(_("task"), max_length=300)
    content = models.TextField(_("what is asked"), blank=True)
    product = models.CharField(_("product expected"), max_length=300, blank=True)
    chain = models.CharField(_("line of command"), max_length=5, choices=Chain)
    assigner = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    reach = models.CharField(_("who reads it"), max_length=10, choices=Reach, default=Reach.OPEN)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    rhythm = models.CharField(_("due"), max_length=8, choices=Rhythm, default=Rhythm.ONCE)
    due_month = models.PositiveSmallIntegerField(default=0)
    due_day = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # The words of the document from which the due day was read; empty where an officer set it.
    due_words = models.CharField(max_length=200, blank=True)
    lead = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead agency")
    )  # fmt: skip
    due_on = models.DateField(_("due on"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("progress (percent)"), default=0)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    fold = models.CharField(max_length=700, editable=False)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("directive_id", "parent_id", "position", "id")
        triggers = kept_for_ever("task")
        constraints = (
            models.UniqueConstraint(fields=("province_code", "number"), name="task_numbered_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.CANCELLED]) | Q(lead__isnull=False),
                name="task_assigned_has_lead",
            ),
        )
        indexes = (
            models.Index(fields=("province_code", "state", "due_on"), name="task_queue"),
            models.Index(fields=("lead", "state", "due_on"), name="task_lead"),
            models.Index(fields=("directive", "position"), name="task_directive"),
            models.Index(fields=("parent", "position"), name="task_parent"),
            models.Index(fields=("assigner", "state"), name="task_assigner"),
            GinIndex(fields=("fold",), opclasses=("gin_trgm_ops",), name="task_fold"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller's mandates carry the permission to this task.

        To see it: as :meth:`TaskQuerySet.visible_to` says. To assign, change or judge it: only who
        speaks for the agency that assigned it.
        """
        if permission in {"tasks.view", "tasks.export"}:
            return Task.objects.filter(pk=self.pk).visible_to(ctx, permission).exists()
        return speaks_for(ctx, permission, self.assigner_id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_ended(self) -> bool:
        return self.state in ENDS

    @property
    def recurs(self) -> bool:
        return self.rhythm != Rhythm.ONCE

    def days_left(self, today: date) -> int | None:
        """Return the calendar days until the due day (below zero: late); nothing while none runs."""
        if self.due_on is None or self.state not in RUNNING:
            return None
        return (self.due_on - today).days


# For whom the desk that keeps a line of command for the whole province orders tasks.
_ORDERED_BY = {Chain.PARTY: AgencyKind.PARTY, Chain.STATE: AgencyKind.COMMITTEE}


def ordering_agencies(ctx: Context) -> frozenset[Any]:
    """Return the agencies on whose behalf the caller orders tasks.

    Those for which the caller speaks; for the desk that oversees a line of command over a whole
    province also that line's own bodies there: the Party's committees, the People's Committee.
    """
    found = agencies_spoken_for(ctx, "tasks.assign")
    if not ctx.may("tasks.assign"):
        return found
    above = Q(pk__in=())
    for chain, kind in _ORDERED_BY.items():
        provinces = overseen_provinces(ctx, chain)
        if provinces:
            above |= Q(province_code__in=provinces, kind=kind)
    rows = Agency.objects.filter(above, unit__level=Level.PROVINCE)
    return found | frozenset(rows.values_list("pk", flat=True)) if above else found


def speaks_for(ctx: Context, permission: str, agency_id: object) -> bool:
    """Tell whether the caller may do what the permission allows on behalf of an agency."""
    granting = [g for g in ctx.grants if permission in g.role.permissions]
    if any(g.province_code == "*" for g in granting):
        return True
    if permission == "tasks.assign":
        return agency_id in ordering_agencies(ctx)
    return agency_id in agencies_spoken_for(ctx, permission)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def now(self) -> AssignmentQuerySet:
        """Keep the lines that stand: nobody else has taken them over."""
        return self.filter(until__isnull=True)


@pghistory.track()
class Assignment(models.Model):
    """One agency's part in one task, from one day until it passed to another.

    ``chain`` is the line of command by which it came: the line of ``assigned_by``. The lead of one line
    may give the work on in another (a Party committee to the People's Committee, that one to a department):
    ``given_on_by`` names the line above, which still answers for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    part = models.CharField(_("part"), max_length=12, choices=Part)
    chain = models.CharField(_("line of command"), max_length=5, choices=Chain)
    assigned_by = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    given_on_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="given_on")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    ended = models.CharField(_("ended because"), max_length=10, choices=Ended, blank=True)
    came_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="passed_to")
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.WAITING)
    answered_on = models.DateField(_("answered on"), null=True)
    answer_words = models.CharField(_("reason"), max_length=1000, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("officer")
    )  # fmt: skip
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("task_id", "-part", "since", "id")
        triggers = kept_for_ever("assignment")
        constraints = (
            models.UniqueConstraint(
                fields=("task", "chain", "assigned_by"),
                condition=Q(part=Part.LEAD, until__isnull=True),
                name="assignment_one_lead_a_line",
            ),
            models.UniqueConstraint(
                fields=("task", "agency", "chain"),
                condition=Q(until__isnull=True),
                name="assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="") | Q(until__isnull=False) & ~Q(ended=""),
                name="assignment_ended_because",
            ),
        )
        indexes = (
            models.Index(fields=("agency", "part"), name="assignment_agency", condition=Q(until__isnull=True)),
            models.Index(fields=("officer",), name="assignment_officer", condition=Q(until__isnull=True)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.task_id} {self.part} {self.agency_id}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller speaks for the agency that takes part."""
        return speaks_for(ctx, permission, self.agency_id)


@pghistory.track()
class Term(models.Model):
    """One due day of a task: its only one, or one of each period of a recurring task."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="terms")
    label = models.CharField(_("period"), max_length=20, blank=True)
    begins_on = models.DateField(_("begins on"), null=True)
    ends_on = models.DateField(_("ends on"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    # The day first set, once it was moved.
    first_due_on = models.DateField(_("first due on"), null=True)
    state = models.CharField(_("state"), max_length=9, choices=TermState, default=TermState.OPEN)
    percent = models.PositiveSmallIntegerField(_("progress (percent)"), default=0)
    result = models.CharField(_("result"), max_length=2000, blank=True)
    reported_on = models.DateField(_("reported on"), null=True)
    reported_by = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    judged_on = models.DateField(_("judged on"), null=True)
    judged_by = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    judgement = models.CharField(_("judgement"), max_length=1000, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("due day of a task")
        verbose_name_plural = _("due days of a task")
        ordering = ("task_id", "due_on", "id")
        triggers = kept_for_ever("term")
        constraints = (
            models.UniqueConstraint(fields=("task", "label"), name="term_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="term_percent"),
        )
        indexes = (
            models.Index(
                fields=("due_on",), name="term_running", condition=Q(state=TermState.OPEN)
            ),
        )

    def __str__(self) -> str:
        return f"{self.task_id} {self.label}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller speaks for whoever judges: the agency that assigned the work reported."""
        return speaks_for(ctx, permission, self.judge_id)

    @property
    def judge_id(self) -> object:
        """The agency that judges it: which assigned the line that reported; before a report the task's."""
        return self.reported_by.assigned_by_id if self.reported_by else self.task.assigner_id

    def was_late(self, today: date) -> bool:
        """Tell whether it was reported after its due day, or is not yet and the day has passed."""
        return self.due_on is not None and (self.reported_on or today) > self.due_on
