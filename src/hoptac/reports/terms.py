"""Vocabulary of reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a report covers."""

    QUARTER = "quarter", pgettext_lazy("report", "Quarterly report")
    HALF = "half", pgettext_lazy("report", "Half-yearly report")
    YEAR = "year", pgettext_lazy("report", "Yearly report")
    PRELIMINARY = "preliminary", pgettext_lazy("report", "Preliminary review")
    FINAL = "final", pgettext_lazy("report", "Final review")


class State(models.TextChoices):
    """Where a report stands."""

    DRAFTING = "drafting", pgettext_lazy("report", "Being drafted")
    CONTRIBUTING = "contributing", pgettext_lazy("report", "Agencies contribute")
    ASSEMBLED = "assembled", pgettext_lazy("report", "Assembled")
    SUBMITTED = "submitted", pgettext_lazy("report", "Submitted for signature")
    SIGNED = "signed", pgettext_lazy("report", "Signed")
    DISTRIBUTED = "distributed", pgettext_lazy("report", "Distributed")
    WITHDRAWN = "withdrawn", pgettext_lazy("report", "Withdrawn")


# Its text may still change.
OPEN = frozenset({State.DRAFTING, State.CONTRIBUTING, State.ASSEMBLED})


class Answer(models.TextChoices):
    """Where an agency's contribution stands."""

    ASKED = "asked", pgettext_lazy("contribution", "Asked for")
    HANDED_IN = "handed_in", pgettext_lazy("contribution", "Handed in")
    RETURNED = "returned", pgettext_lazy("contribution", "Sent back")
    ACCEPTED = "accepted", pgettext_lazy("contribution", "Accepted")


class Standing(models.TextChoices):
    """How a task stands for a report: told from its due days of the period, the worst one counting."""

    DONE = "done", pgettext_lazy("standing", "Done in time")
    DONE_LATE = "done_late", pgettext_lazy("standing", "Done late")
    UNDER_WAY = "under_way", pgettext_lazy("standing", "Under way")
    LATE = "late", pgettext_lazy("standing", "Overdue")
    NOT_DONE = "not_done", pgettext_lazy("standing", "Judged not done")
    WAITING = "waiting", pgettext_lazy("standing", "Not yet assigned")


class BodyChange(models.TextChoices):
    """What happened to a body in the period of a report."""

    FOUNDED = "founded", pgettext_lazy("body", "Founded")
    JOINED = "joined", pgettext_lazy("body", "Merged or consolidated")
    ENDED = "ended", pgettext_lazy("body", "Dissolved or ended otherwise")


class WordKind(models.TextChoices):
    """What an agency told in the course of a task."""

    DIFFICULTY = "difficulty", pgettext_lazy("report", "Difficulty")
    PROPOSAL = "proposal", pgettext_lazy("report", "Proposal")


class StepKind(models.TextChoices):
    """What was done in the course of a report."""

    BEGUN = "begun", pgettext_lazy("report", "Begun")
    REFRESHED = "refreshed", pgettext_lazy("report", "Figures computed anew")
    ASKED = "asked", pgettext_lazy("report", "Contributions asked for")
    HANDED_IN = "handed_in", pgettext_lazy("report", "Contribution handed in")
    RETURNED = "returned", pgettext_lazy("report", "Contribution sent back")
    ACCEPTED = "accepted", pgettext_lazy("report", "Contribution accepted")
    EDITED = "edited", pgettext_lazy("report", "Text changed")
    CHOSEN = "chosen", pgettext_lazy("report", "Difficulties and proposals chosen")
    ASSEMBLED = "assembled", pgettext_lazy("report", "Contributions assembled")
    SUBMITTED = "submitted", pgettext_lazy("report", "Submitted for signature")
    SENT_BACK = "sent_back", pgettext_lazy("report", "Sent back to the author")
    SIGNED = "signed", pgettext_lazy("report", "Signed")
    DISTRIBUTED = "distributed", pgettext_lazy("report", "Distributed")
    WITHDRAWN = "withdrawn", pgettext_lazy("report", "Withdrawn")
