"""A periodic report and its course."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models import Directive, Recipient
from hoptac.directives.terms import Chain, Reach
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever, refused
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency
from hoptac.jurisdiction.offices import agencies_spoken_for
from hoptac.reports.terms import OPEN, Kind, State, StepKind
from hoptac.tasks.models.tasks import speaks_for


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, ctx: Context, permission: str = "reports.view") -> ReportQuerySet:
        """Keep what the caller may read within the provinces of the mandates.

        Its own agency's; those that ask it for a contribution; those of a line of command that it
        oversees; distributed ones that are open to every officer or that were sent to it.
        """
        from hoptac.reports.models.contents import Contribution

        granting = [g for g in ctx.grants if permission in g.role.permissions]
        if any(g.province_code == "*" for g in granting):
            return self
        if not granting:
            return self.none()
        own = agencies_spoken_for(ctx, permission)
        seen: Any = Q(state=State.DISTRIBUTED, reach=Reach.OPEN)
        if own:
            asked = Contribution.objects.filter(section__report=OuterRef("pk"), agency__in=own)
            sent = Recipient.objects.filter(directive=OuterRef("made"), agency__in=own)
            seen |= Q(issuer__in=own) | Exists(asked) | Exists(sent)
        for chain in Chain:
            overseen = sorted(ctx.coverage(f"tasks.oversee_{chain.value}").provinces)
            if overseen:
                seen |= Q(chain=chain, province_code__in=overseen)
        return self.filter(Q(province_code__in=sorted({g.province_code for g in granting})) & seen)


@pghistory.track()
class Report(models.Model):
    """A report of an agency on a period, of one line of command; once signed it is never changed.

    ``directive`` is the document whose carrying out is told; without one all tasks of the province are.
    ``as_of`` is the day of its figures. ``made`` is the document that it became when it was distributed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=4)
    chain = models.CharField(_("line of command"), max_length=5, choices=Chain)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    outline = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    part = models.PositiveSmallIntegerField(_("quarter or half"), default=0)
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    as_of = models.DateField(_("figures as of"))
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("reports on")
    )  # fmt: skip
    issuer = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("issuer"))
    receiver = models.CharField(_("to"), max_length=200, blank=True)
    reach = models.CharField(_("who reads it"), max_length=10, choices=Reach, default=Reach.OPEN)
    title = models.CharField(_("title"), max_length=600)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFTING)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    computed_at = models.DateTimeField(_("figures computed at"), null=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    symbol = models.CharField(_("symbol"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True)
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    signer_post = models.CharField(_("post of the signer"), max_length=200, blank=True)
    # By whose power it is signed, from the highest down: [["on_behalf", "Ủy ban nhân dân"]].
    authorities: Any = models.JSONField(default=list, blank=True)
    receivers: Any = models.JSONField(default=list, blank=True)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # SHA-256 over all figures and lines of tasks as they were frozen.
    digest = models.CharField(max_length=64, blank=True)
    made = models.OneToOneField(Directive, models.PROTECT, null=True, related_name="made_of_report")
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=500, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-ends_on", "-id")
        triggers = kept_for_ever("report")
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "chain", "kind", "begins_on", "ends_on", "directive"),
                condition=~Q(state="withdrawn"), nulls_distinct=False, name="report_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "distributed"]) | Q(signed_on__isnull=False, pdf__isnull=False),
                name="report_signed_is_kept",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("province_code", "-ends_on"), name="report_province"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How officers call it: its number and symbol once signed, else its title."""
        return f"{self.written_number} {self.title}".strip()

    @property
    def written_number(self) -> str:
        if self.number is None:
            return ""
        joint = "-" if self.chain == Chain.PARTY else "/"
        return f"{self.number:02d}{joint}{self.symbol}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_kept(self) -> bool:
        """Whether its tasks are read as they were kept when it was submitted, not as they stand now."""
        return self.state == State.SUBMITTED or self.signed_on is not None

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may do this to it: read it, or act for the agency that issues it."""
        if permission == "reports.view":
            return Report.objects.filter(pk=self.pk).visible_to(ctx, permission).exists()
        return speaks_for(ctx, permission, self.issuer_id)


class ReportStep(models.Model):
    """What was done to a report: one row an act, never changed."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind)
    act_id = models.UUIDField()
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=2000, blank=True)
    details: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of a report")
        ordering = ("report_id", "id")
        triggers = refused("report_step", "udt")

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"
