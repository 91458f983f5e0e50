"""What was done in the course of a task, and what shows it."""

from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models import Directive
from hoptac.directives.terms import Chain
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, only_retired, refused
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.tasks.models.tasks import Assignment, Task, Term, speaks_for
from hoptac.tasks.terms import ProofKind, StepKind, Wish


class Step(models.Model):
    """What was done: one row an act, never changed.

    ``chain`` is the line of command within which it was done: the other line sees the outcome, not this
    row. ``difficulty`` and ``proposal`` are what an agency met and asks for: periodic reports collect them.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    term = models.ForeignKey(Term, models.PROTECT, null=True, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    act_id = models.UUIDField()
    at = models.DateTimeField(_("at"), auto_now_add=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    to_agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    chain = models.CharField(max_length=5, choices=Chain, blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=2000, blank=True)
    difficulty = models.CharField(_("difficulty"), max_length=2000, blank=True)
    proposal = models.CharField(_("proposal"), max_length=2000, blank=True)
    details: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a task")
        verbose_name_plural = _("steps of a task")
        ordering = ("task_id", "id")
        triggers = refused("task_step", "udt")
        indexes = (
            models.Index(fields=("task", "-id"), name="task_step_course"),
            models.Index(
                fields=("agency", "on"), name="task_step_difficulties",
                condition=~Q(difficulty="") | ~Q(proposal=""),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class Proof(models.Model):
    """What a step brought to show that something was done: a file, a directive, a record, a figure."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=8, choices=ProofKind)
    words = models.CharField(_("what it shows"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="+")
    # A record of the system: its path as the pages write it, and what it was called that day.
    href = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    # A figure as the system computed it that day: code, parameters, value, day.
    reading: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        ordering = ("step_id", "id")
        triggers = refused("task_proof", "udt")

    def __str__(self) -> str:
        return self.words or self.name


class Dependency(models.Model):
    """One task that cannot begin, or end, before another is done."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="needs")
    needed = models.ForeignKey(Task, models.PROTECT, related_name="needed_by")
    act_id = models.UUIDField(null=True)
    retired_by = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ("id",)
        triggers = only_retired("task_dependency")
        constraints = (
            models.UniqueConstraint(
                fields=("task", "needed"), condition=Q(retired_by__isnull=True), name="dependency_once"
            ),
            models.CheckConstraint(condition=~Q(task=models.F("needed")), name="dependency_two"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.task_id} > {self.needed_id}"


class Escalated(models.Model):
    """A step of the escalation rule that a term has reached, told once."""

    id = models.BigAutoField(primary_key=True)
    term = models.ForeignKey(Term, models.PROTECT, related_name="escalations")
    code = models.CharField(max_length=40)
    due_on = models.DateField()
    on = models.DateField()
    to: Any = models.JSONField(default=list)
    act_id = models.UUIDField()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("term_id", "id")
        triggers = refused("task_escalated", "udt")
        constraints = (
            # A due day that was moved starts the steps anew.
            models.UniqueConstraint(fields=("term", "code", "due_on"), name="escalated_once"),
        )

    def __str__(self) -> str:
        return f"{self.term_id} {self.code}"


@pghistory.track()
class ExtensionRequest(models.Model):
    """What an agency that leads a task asked for: a later due day. Decided by whoever ordered the task.

    ``due_before`` is the due day at the time, ``granted_on`` the one that was granted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="extension_requests")
    term = models.ForeignKey(Term, models.PROTECT, related_name="extension_requests")
    line = models.ForeignKey(Assignment, models.PROTECT, related_name="extension_requests")
    asked_on = models.DateField(_("asked on"))
    due_before = models.DateField(_("due on"))
    wanted_on = models.DateField(_("day asked for"))
    words = models.CharField(_("reason"), max_length=2000)
    state = models.CharField(_("state"), max_length=9, choices=Wish, default=Wish.WAITING)
    decided_on = models.DateField(_("decided on"), null=True)
    decided_by = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    granted_on = models.DateField(_("day granted"), null=True)
    answer = models.CharField(_("answer"), max_length=2000, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        ordering = ("task_id", "asked_on", "id")
        triggers = kept_for_ever("extension_request")
        constraints = (
            models.UniqueConstraint(
                fields=("task",), condition=Q(state=Wish.WAITING), name="extension_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(wanted_on__gt=models.F("due_before")), name="extension_later"
            ),
            models.CheckConstraint(
                condition=Q(state=Wish.GRANTED, granted_on__isnull=False)
                | ~Q(state=Wish.GRANTED) & Q(granted_on__isnull=True),
                name="extension_granted_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task_id} {self.wanted_on}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller speaks for who asked (to take it back), or for who ordered the task (to decide)."""
        is_asking = permission == "tasks.answer"
        return speaks_for(
            ctx, permission, self.line.agency_id if is_asking else self.task.assigner_id
        )
