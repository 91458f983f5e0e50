"""What a report says: sections, what agencies bring to them, figures, tasks; frozen once it is signed."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import refused
from hoptac.jurisdiction.models import Agency
from hoptac.registry.models import Cooperative
from hoptac.reports.models.reports import Report
from hoptac.reports.terms import Answer, BodyChange, Standing, WordKind
from hoptac.tasks.models import Step, Task
from hoptac.tasks.models.tasks import speaks_for


def frozen_once_signed(table: str, report: str = "row.report_id") -> tuple[pgtrigger.Trigger, ...]:
    """Return triggers that refuse any change of what belongs to a signed report.

    ``report`` is the expression that finds the report's key from ``row``, a row changed. They ask once a
    statement, since a report may have ten thousand lines.
    """
    changes = (
        (pgtrigger.Insert, pgtrigger.Referencing(new="added"), "SELECT * FROM added"),
        (pgtrigger.Delete, pgtrigger.Referencing(old="gone"), "SELECT * FROM gone"),
        (
            pgtrigger.Update,
            pgtrigger.Referencing(old="gone", new="added"),
            "SELECT * FROM gone UNION ALL SELECT * FROM added",
        ),
    )
    return tuple(
        pgtrigger.Trigger(
            name=f"{table}_frozen_{str(operation).lower()}",
            operation=operation,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=referencing,
            func=f"""
                IF EXISTS (SELECT FROM ({changed}) row JOIN reports_report report ON report.id = {report}
                           WHERE report.signed_on IS NOT NULL) THEN
                    RAISE EXCEPTION 'what a signed report says is never changed (%)', TG_TABLE_NAME;
                END IF;
                RETURN NULL;
            """,
        )
        for operation, referencing, changed in changes
    )


class Section(models.Model):
    """A section of a report with the prose that was entered; the outline says the rest."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="sections")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of a report")
        ordering = ("report_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("report", "code"), name="report_section_once"),
        )
        triggers = frozen_once_signed("report_section")

    def __str__(self) -> str:
        return self.title

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.report.is_within(ctx, permission)


class SectionText(models.Model):
    """A text that a section had: who wrote it, never changed."""

    id = models.BigAutoField(primary_key=True)
    section = models.ForeignKey(Section, models.PROTECT, related_name="texts")
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act_id = models.UUIDField()

    class Meta:
        verbose_name = _("text of a section")
        verbose_name_plural = _("texts of a section")
        ordering = ("section_id", "id")
        triggers = refused("report_section_text", "udt")

    def __str__(self) -> str:
        return self.text[:60]


class Contribution(models.Model):
    """An agency's part of a section: asked for by a day, handed in, accepted or sent back."""

    id = models.BigAutoField(primary_key=True)
    section = models.ForeignKey(Section, models.PROTECT, related_name="contributions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=9, choices=Answer, default=Answer.ASKED)
    text = models.TextField(_("text"), blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    returned_because = models.CharField(_("what is missing"), max_length=1000, blank=True)
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("contribution to a report")
        verbose_name_plural = _("contributions to a report")
        ordering = ("section__position", "agency__name", "id")
        constraints = (
            models.UniqueConstraint(fields=("section", "agency"), name="report_contribution_once"),
        )
        indexes = (models.Index(fields=("agency", "state"), name="report_contribution_agency"),)
        triggers = frozen_once_signed(
            "report_contribution",
            "(SELECT section.report_id FROM reports_section section WHERE section.id = row.section_id)",
        )

    def __str__(self) -> str:
        return f"{self.section_id} {self.agency_id}"

    def is_within(self, ctx: Context, permission: str) -> bool:
        """To hand it in: who speaks for the agency asked; the rest is the report's author's."""
        if permission == "reports.contribute":
            return speaks_for(ctx, permission, self.agency_id)
        return self.section.report.is_within(ctx, permission)


class Chosen(models.Model):
    """A difficulty or a proposal of the course of a task that the report takes up."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="chosen")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=WordKind)
    act_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("difficulty or proposal taken up")
        verbose_name_plural = _("difficulties and proposals taken up")
        ordering = ("report_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("report", "step", "kind"), name="report_chosen_once"),
        )
        triggers = frozen_once_signed("report_chosen")

    def __str__(self) -> str:
        return f"{self.report_id} {self.step_id}"


class Figure(models.Model):
    """A figure of a report: the value, how it was asked for, what it is made of, where its records are seen.

    ``before`` is the same figure as of the end of the period before, ``planned`` what a plan in force
    means to reach (rows of the annex alone). ``records`` counts the records behind it, where the measure
    counts records.
    """

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    places = models.PositiveSmallIntegerField(default=0)
    value = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    before = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    planned = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    records = models.BigIntegerField(null=True)
    asked: Any = models.JSONField(default=dict)
    parts: Any = models.JSONField(default=list)
    href = models.CharField(max_length=600, blank=True)

    class Meta:
        verbose_name = _("figure of a report")
        verbose_name_plural = _("figures of a report")
        ordering = ("report_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("report", "code"), name="report_figure_once"),
        )
        triggers = frozen_once_signed("report_figure")

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class TaskLine(models.Model):
    """How a task stood when the report was submitted for signature."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="lines")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    section = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()
    standing = models.CharField(max_length=9, choices=Standing)
    lead_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("task in a report")
        verbose_name_plural = _("tasks in a report")
        ordering = ("report_id", "position", "id")
        indexes = (models.Index(fields=("report", "standing"), name="report_line_standing"),)
        triggers = frozen_once_signed("report_line")

    def __str__(self) -> str:
        return f"{self.number} {self.standing}"


class BodyLine(models.Model):
    """What happened to a body in the period, as it was known when the report was submitted."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="bodies")
    cooperative = models.ForeignKey(Cooperative, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    what = models.CharField(max_length=7, choices=BodyChange)
    on = models.DateField()
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=250)
    number = models.CharField(max_length=14, blank=True)
    place = models.CharField(max_length=200, blank=True)
    into = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("body in a report")
        verbose_name_plural = _("bodies in a report")
        ordering = ("report_id", "position", "id")
        triggers = frozen_once_signed("report_body")

    def __str__(self) -> str:
        return f"{self.what} {self.name}"
