"""Terms of a filing beside the desk's own clock: whose they are, until when, how they ended."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.registration.models.filings import Filing
from hoptac.registration.terms import TermCode, TermOutcome


class FilingTerm(models.Model):
    """A term that the law sets upon a dossier or its effect; ended once, by an act."""

    id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="terms")
    code = models.CharField(_("term"), max_length=12, choices=TermCode)
    begins_on = models.DateField(_("counts from"))
    due_on = models.DateField(_("last day"))
    outcome = models.CharField(_("how it ended"), max_length=10, choices=TermOutcome, blank=True)
    ended_on = models.DateField(_("ended on"), null=True)
    words = models.CharField(_("what was done"), max_length=500, blank=True)
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("term of a filing")
        verbose_name_plural = _("terms of a filing")
        ordering = ("filing", "due_on", "id")
        constraints = (models.UniqueConstraint(fields=("filing", "code"), name="filing_term_once"),)
        indexes = (
            models.Index(
                fields=("due_on",), condition=models.Q(outcome=""), name="filing_term_running"
            ),
        )
        triggers = kept_for_ever("filing_term")

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.due_on}"

    @property
    def is_running(self) -> bool:
        return not self.outcome

    @property
    def was_late(self) -> bool:
        """Tell whether what was to be done came after the last day."""
        return self.outcome == TermOutcome.DONE and (self.ended_on or date.min) > self.due_on

    def days_left(self, today: date) -> int | None:
        """Return the calendar days until its last day (below zero: late); nothing once it ended."""
        return (self.due_on - today).days if self.is_running else None
