"""A dossier on its way: what is asked, by whom, with which papers, where it stands, what was done."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, refused
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.rulebook import rule_in_force
from hoptac.jurisdiction.ground import GroundQuerySet, OnGround
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.rules.procedures import (
    DeskRule,
    ProcedureRule,
    paper_name,
    procedure_on,
    title_of,
)
from hoptac.registration.terms import (
    OPEN,
    RUNNING,
    Channel,
    Outcome,
    PaperForm,
    PaperState,
    State,
    StepKind,
)
from hoptac.registry.models import Cooperative
from hoptac.registry.terms import Kind


class FilingQuerySet(GroundQuerySet["Filing"]):
    seen_with = "registration.view"

    def visible_to(self, ctx: Context, permission: str = "") -> Self:
        """Keep those within the caller's territory; what is not yet sent in is the applicant's own."""
        found = super().visible_to(ctx, permission)
        reach = ctx.coverage(permission or self.seen_with)
        if reach.everything:
            return found
        own = models.Q(cooperative__in=sorted(reach.cooperatives))
        return found.filter(own | ~models.Q(state=State.DRAFT))

    def open(self) -> Self:
        """Keep those on which somebody has still to act."""
        return self.filter(state__in=sorted(OPEN))

    def running(self) -> Self:
        """Keep those for which the office's clock runs."""
        return self.filter(state__in=sorted(RUNNING))

    def late(self, today: date) -> Self:
        """Keep those whose time is over and that are not decided."""
        return self.running().filter(due_on__lt=today)


class Filing(OnGround):
    """One dossier: a procedure asked for a body, from its receipt to its decision and effect.

    ``proposal`` holds what is sought, by field; ``judged_on`` is the day whose law judges it.
    ``due_on`` is the last day for the office, counted in working days; it is empty while the
    applicant is waited for. ``receipt_code`` lets an applicant follow it without an account.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    procedure = models.CharField(_("procedure"), max_length=30)
    kind = models.CharField(_("kind of body"), max_length=12, choices=Kind)
    cooperative = models.ForeignKey(
        Cooperative, models.PROTECT, null=True, related_name="filings", verbose_name=_("body")
    )
    subject_name = models.CharField(_("name"), max_length=250)
    commune = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        AdminUnit, models.PROTECT, related_name="+", verbose_name=_("registrar")
    )
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    channel = models.CharField(_("handed in"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State)
    receipt_code = models.CharField(_("receipt code"), max_length=12, unique=True, null=True)  # noqa: DJ001
    receipt_number = models.CharField(_("receipt number"), max_length=30, blank=True)
    applicant = models.CharField(_("applicant"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.CharField(_("e-mail"), max_length=120, blank=True)
    proposal = models.JSONField(_("what is sought"), default=dict)
    note = models.CharField(_("note"), max_length=500, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="filings",
        verbose_name=_("officer"),
    )  # fmt: skip
    judged_on = models.DateField(_("law of"))
    effective_on = models.DateField(_("effective on"), null=True)
    filed_on = models.DateField(_("handed in on"))
    received_on = models.DateField(_("received on"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    supplement_asked_on = models.DateField(_("asked to supply on"), null=True)
    supplement_until = models.DateField(_("to be supplied by"), null=True)
    missing = models.JSONField(_("what is missing"), default=list)
    outcome = models.CharField(_("put forward"), max_length=8, choices=Outcome, blank=True)
    grounds = models.JSONField(_("grounds"), default=list)
    opinion = models.CharField(_("opinion"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_number = models.CharField(_("number of the decision"), max_length=40, blank=True)
    signatory = models.CharField(_("signed by"), max_length=120, blank=True)
    took_effect_on = models.DateField(_("took effect on"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ("-filed_on", "-id")
        triggers = kept_for_ever("filing")
        indexes = (
            models.Index(fields=("commune", "state", "due_on"), name="filing_queue"),
            models.Index(fields=("province_code", "state", "due_on"), name="filing_province"),
            models.Index(fields=("cooperative", "-filed_on"), name="filing_of"),
            models.Index(fields=("officer", "state"), name="filing_officer"),
        )

    def __str__(self) -> str:
        return f"{self.receipt_number or self.pk} {self.subject_name}"

    def body_keys(self) -> list[UUID]:
        """Return the bodies that the dossier is about: its own, and the others that take part."""
        others = (e.get("body") for e in self.proposal.get("others") or ())
        keys = {UUID(str(key)) for key in others if key}
        return sorted(keys | ({self.cooperative_id} if self.cooperative_id else set()))

    def hold_first(self) -> None:
        """Lock the bodies that the dossier is about: what ends a body carries its open dossiers over."""
        held = Cooperative.objects.select_for_update().filter(pk__in=self.body_keys())
        list(held.order_by("pk").values_list("pk"))

    @property
    def title(self) -> str:
        return title_of(self.procedure)

    @property
    def rule(self) -> ProcedureRule:
        """The procedure as the law that judges the filing has it."""
        return procedure_on(self.procedure, self.judged_on)

    @property
    def desk(self) -> DeskRule:
        return rule_in_force(DeskRule, on=self.judged_on)

    @property
    def is_open(self) -> bool:
        return State(self.state).is_open

    def days_left(self, today: date) -> int | None:
        """Return the calendar days until it is due (below zero: late); nothing while no clock runs."""
        if self.due_on is None or self.state not in RUNNING:
            return None
        return (self.due_on - today).days


class FilingPaper(models.Model):
    """A paper of the dossier: required by law or added, handed in or missing, with its file."""

    id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=PaperState)
    form = models.CharField(_("form"), max_length=10, choices=PaperForm, default=PaperForm.ORIGINAL)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    file_id = models.UUIDField(_("file"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("paper of a filing")
        verbose_name_plural = _("papers of a filing")
        ordering = ("filing", "-is_required", "id")
        constraints = (
            models.UniqueConstraint(fields=("filing", "code", "title"), name="paper_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.title or paper_name(self.code)


class FilingStep(models.Model):
    """What was done to a filing: one row an act, never changed."""

    id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    act_id = models.UUIDField()
    at = models.DateTimeField(_("at"), auto_now_add=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=1000, blank=True)
    details: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a filing")
        verbose_name_plural = _("steps of a filing")
        ordering = ("filing", "id")
        triggers = refused("filing_step", "udt")
        indexes = (models.Index(fields=("by", "kind", "on"), name="step_by"),)

    def __str__(self) -> str:
        return f"{self.filing_id} {self.kind}"
