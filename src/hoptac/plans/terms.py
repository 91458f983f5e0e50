"""Vocabulary of yearly plans."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(models.TextChoices):
    """What a plan is: one of a year, or targets set for several years with a path to them."""

    YEAR = "year", _("Plan of the year")
    TARGET_LIST = "target_list", _("Target list of several years")


class State(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", pgettext_lazy("plan", "Being drafted")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted for approval")
    RETURNED = "returned", pgettext_lazy("plan", "Sent back")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    ISSUED = "issued", pgettext_lazy("plan", "Issued")
    CLOSED = "closed", pgettext_lazy("plan", "Year closed")
    ABANDONED = "abandoned", pgettext_lazy("plan", "Abandoned")


# Its maker may still change it freely.
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
# Targets change only by an adjustment with reason and document.
FROZEN = frozenset({State.APPROVED, State.ISSUED})
# Every officer of the province reads it.
IN_FORCE = frozenset({State.APPROVED, State.ISSUED, State.CLOSED})
# It has left its maker's desk.
HANDED_IN = frozenset({State.SUBMITTED, *IN_FORCE})


class StepKind(models.TextChoices):
    """What was done in the course of a plan."""

    DRAFTED = "drafted", pgettext_lazy("plan", "Draft begun")
    EDITED = "edited", pgettext_lazy("plan", "Heading or text changed")
    ASKED = "asked", pgettext_lazy("plan", "Plans asked of agencies")
    TASK_TAKEN = "task_taken", pgettext_lazy("plan", "Task taken up")
    TASK_LEFT = "task_left", pgettext_lazy("plan", "Task left out")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted for approval")
    WITHDRAWN = "withdrawn", pgettext_lazy("plan", "Withdrawn")
    RETURNED = "returned", pgettext_lazy("plan", "Sent back")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    ISSUED = "issued", pgettext_lazy("plan", "Issued")
    ADJUSTED = "adjusted", pgettext_lazy("plan", "Adjusted")
    CLOSED = "closed", pgettext_lazy("plan", "Year closed")
    REOPENED = "reopened", pgettext_lazy("plan", "Opened again")
    ABANDONED = "abandoned", pgettext_lazy("plan", "Abandoned")


class Standing(models.TextChoices):
    """How a target does against its plan on a day."""

    REACHED = "reached", pgettext_lazy("target", "Reached")
    ON_WAY = "on_way", pgettext_lazy("target", "On the way")
    AT_RISK = "at_risk", pgettext_lazy("target", "At risk")
    MISSED = "missed", pgettext_lazy("target", "Not reached")
    UNKNOWN = "unknown", pgettext_lazy("target", "No figure yet")
