"""A case: why it was opened, where it stands, what was done, found, written and filed in it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.cases.rules.desk import CaseDeskRule
from hoptac.cases.terms import (
    ENDS,
    OPEN,
    RUNNING,
    Closing,
    Found,
    LetterKind,
    State,
    StepKind,
)
from hoptac.foundation.audit.triggers import kept_for_ever, refused
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.rulebook import rule_in_force
from hoptac.jurisdiction.ground import GroundQuerySet, OnGround
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.models import Filing
from hoptac.registry.models import Cooperative


class CaseQuerySet(GroundQuerySet["Case"]):
    seen_with = "cases.view"

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def late(self, today: date) -> Self:
        """Keep those whose stage should be over by now."""
        return self.filter(state__in=sorted(RUNNING), due_on__lt=today)


class Case(OnGround):
    """One body's case, from the watch list to its closing, its merger or the published decision.

    ``grounds`` holds what the list said on the day it was opened: code, article, since when, until
    when. ``due_on`` is when the present stage should be over. ``mark`` is the notice of violation at
    the body, while which no other registration is taken; its row may be followed by others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    number = models.CharField(_("number"), max_length=30)
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, related_name="cases", verbose_name=_("body")
    )
    subject_name = models.CharField(_("name"), max_length=250)
    commune = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", verbose_name=_("registrar")
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    grounds: Any = models.JSONField(_("grounds"), default=list)
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"), null=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases",
        verbose_name=_("officer"),
    )  # fmt: skip
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    explain_until = models.DateField(_("to be explained by"), null=True)
    delayed_until = models.DateField(_("put off until"), null=True)
    mark_document = models.CharField(max_length=200, blank=True)
    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, related_name="cases", verbose_name=_("filing")
    )
    closing = models.CharField(_("closed because"), max_length=14, choices=Closing, blank=True)
    gazette = models.CharField(_("published in"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-opened_on", "-id")
        triggers = kept_for_ever("case")
        constraints = (
            models.UniqueConstraint(fields=("authority", "number"), name="case_numbered_once"),
            models.UniqueConstraint(
                fields=("cooperative",), condition=~Q(state__in=sorted(ENDS)), name="case_open_once"
            ),
        )
        indexes = (
            models.Index(fields=("commune", "state", "due_on"), name="case_queue"),
            models.Index(fields=("province_code", "state", "due_on"), name="case_province"),
            models.Index(fields=("cooperative", "-opened_on"), name="case_of"),
            models.Index(fields=("opened_by", "opened_on"), name="case_quota"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.subject_name}"

    def hold_first(self) -> None:
        """Lock the body, as whoever decides a dossier about it does before coming to the case."""
        held = Cooperative.objects.select_for_update().filter(pk=self.cooperative_id)
        list(held.values_list("pk"))

    @property
    def desk(self) -> CaseDeskRule:
        return rule_in_force(CaseDeskRule, on=self.opened_on)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def days_left(self, today: date) -> int | None:
        """Return the calendar days until the stage is due (below zero: late); nothing while none runs."""
        if self.due_on is None or self.state not in RUNNING:
            return None
        return (self.due_on - today).days


class CaseStep(models.Model):
    """What was done in a case: one row an act, never changed.

    ``from_state`` is where the case stood before: taking the step back leads there. ``undoes`` names
    the step that this one takes back.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    act_id = models.UUIDField()
    at = models.DateTimeField(_("at"), auto_now_add=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=10, choices=State, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    words = models.CharField(max_length=2000, blank=True)
    details: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")
        ordering = ("case", "id")
        triggers = refused("case_step", "udt")

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class VisitSheet(models.Model):
    """What was found on the spot, by whom, on which day; never changed: a further visit is a further sheet."""

    id = models.BigAutoField(primary_key=True)
    step = models.OneToOneField(CaseStep, models.PROTECT, related_name="visit")
    visited_on = models.DateField(_("visited on"))
    visitors = models.CharField(_("visitors"), max_length=300)
    met = models.CharField(_("whom they met"), max_length=300, blank=True)
    at_address = models.CharField(_("has its office at the address"), max_length=8, choices=Found)
    has_sign = models.CharField(_("shows its name"), max_length=8, choices=Found)
    operates = models.CharField(_("operates"), max_length=8, choices=Found)
    has_books = models.CharField(
        _("keeps its books and list of members"), max_length=8, choices=Found
    )
    members_counted = models.PositiveIntegerField(_("members on its list"), null=True)
    last_meeting_on = models.DateField(_("last general meeting by its minutes"), null=True)
    findings = models.CharField(_("what was found"), max_length=2000)
    wish = models.CharField(_("what the body says and wants"), max_length=1000, blank=True)
    advice = models.CharField(_("what the visitors advise"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("visit sheet")
        verbose_name_plural = _("visit sheets")
        ordering = ("step",)
        triggers = refused("visit_sheet", "udt")

    def __str__(self) -> str:
        return f"{self.visited_on}"


class Letter(models.Model):
    """A letter of a case as it went out; the PDF is kept as it was set."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    step = models.OneToOneField(CaseStep, models.PROTECT, related_name="letter")
    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind)
    number = models.CharField(_("number"), max_length=30)
    on = models.DateField(_("on"))
    signatory = models.CharField(_("signed by"), max_length=120)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("step",)
        triggers = refused("case_letter", "udt")

    def __str__(self) -> str:
        return self.number


class CaseFile(models.Model):
    """A photograph or paper that a step brought."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    step = models.ForeignKey(CaseStep, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of a case")
        ordering = ("step", "id")
        triggers = refused("case_file", "udt")

    def __str__(self) -> str:
        return str(self.file)
