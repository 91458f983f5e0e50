"""Vocabulary of tasks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(models.TextChoices):
    """How an agency takes part: one leads in each line of command, others help."""

    LEAD = "lead", _("Leads")
    COORDINATING = "coordinating", _("Coordinates")


class State(models.TextChoices):
    """Where a task stands. Late is no state: it is told from the due day."""

    DRAFT = "draft", pgettext_lazy("task", "To be assigned")
    ASSIGNED = "assigned", pgettext_lazy("task", "Waiting for the agency's answer")
    REFUSED = "refused", pgettext_lazy("task", "Refused")
    UNDER_WAY = "under_way", pgettext_lazy("task", "Under way")
    REPORTED = "reported", pgettext_lazy("task", "Reported done, to be judged")
    DONE = "done", pgettext_lazy("task", "Done")
    CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")


# Somebody still has to do something, and a due day counts.
OPEN = frozenset({State.ASSIGNED, State.REFUSED, State.UNDER_WAY, State.REPORTED})
# The day counts against the agency: it has not reported yet.
RUNNING = frozenset({State.ASSIGNED, State.REFUSED, State.UNDER_WAY})
ENDS = frozenset({State.DONE, State.CANCELLED})


class Rhythm(models.TextChoices):
    """How often a task is due."""

    ONCE = "once", pgettext_lazy("rhythm", "Once")
    MONTH = "month", pgettext_lazy("rhythm", "Every month")
    QUARTER = "quarter", pgettext_lazy("rhythm", "Every quarter")
    HALF = "half", pgettext_lazy("rhythm", "Every six months")
    YEAR = "year", pgettext_lazy("rhythm", "Every year")
    STANDING = "standing", pgettext_lazy("rhythm", "Regularly, told every year")


class TermState(models.TextChoices):
    """One due day of a task: how it came out."""

    OPEN = "open", pgettext_lazy("term", "Open")
    REPORTED = "reported", pgettext_lazy("term", "To be judged")
    DONE = "done", pgettext_lazy("term", "Done")
    NOT_DONE = "not_done", pgettext_lazy("term", "Not done")
    CANCELLED = "cancelled", pgettext_lazy("term", "Cancelled")


class Answer(models.TextChoices):
    """What an agency said to an assignment."""

    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Ended(models.TextChoices):
    """Why an agency no longer answers for a task."""

    REASSIGNED = "reassigned", _("Assigned to another")
    HANDED_ON = "handed_on", _("Handed on")
    SUCCEEDED = "succeeded", _("Duties passed to its successor")
    RELEASED = "released", _("Released")


class StepKind(models.TextChoices):
    """What was done in the course of a task."""

    CREATED = "created", _("Task entered")
    EDITED = "edited", _("Task edited")
    ASSIGNED = "assigned", _("Assigned")
    SPREAD = "spread", _("Given to several agencies")
    GATHERED = "gathered", _("Taken back from the agencies")
    DELEGATED = "delegated", _("Given on within the line of command")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    HANDED_ON = "handed_on", _("Handed on")
    SUCCEEDED = "succeeded", _("Passed to the successor")
    RELEASED = "released", _("Released")
    OFFICER_NAMED = "officer_named", _("Officer named")
    PROGRESS = "progress", _("Progress")
    REPORTED = "reported", _("Reported done")
    WITHDRAWN = "withdrawn", _("Report withdrawn")
    RETURNED = "returned", _("Sent back")
    JUDGED_DONE = "judged_done", _("Judged done")
    JUDGED_NOT_DONE = "judged_not_done", _("Judged not done")
    EXTENDED = "extended", _("Due day moved")
    EXTENSION_ASKED = "extension_asked", _("More time asked for")
    EXTENSION_REFUSED = "extension_refused", _("More time refused")
    EXTENSION_WITHDRAWN = "extension_withdrawn", _("Request for more time withdrawn")
    ESCALATED = "escalated", _("Escalated")
    CANCELLED = "cancelled", _("Cancelled")
    REOPENED = "reopened", _("Reopened")
    TIED = "tied", _("Indicator tied")
    UNTIED = "untied", _("Indicator untied")
    WAITS_FOR = "waits_for", _("Waits for another task")
    WAITS_NO_MORE = "waits_no_more", _("Waits no more")


# What came of a task, which both lines of command read; the other steps only the line that took them.
SEEN_BY_BOTH = frozenset(
    {
        StepKind.CREATED, StepKind.ASSIGNED, StepKind.SPREAD, StepKind.GATHERED,
        StepKind.DELEGATED, StepKind.ACCEPTED, StepKind.REPORTED,
        StepKind.JUDGED_DONE, StepKind.JUDGED_NOT_DONE, StepKind.EXTENDED, StepKind.EXTENSION_REFUSED,
        StepKind.CANCELLED,
        StepKind.REOPENED, StepKind.SUCCEEDED,
    }
)  # fmt: skip


class ProofKind(models.TextChoices):
    """What shows that a thing was done."""

    FILE = "file", _("File")
    DOCUMENT = "document", _("Directive")
    RECORD = "record", _("Record of the system")
    FIGURE = "figure", _("Figure computed by the system")


class Direction(models.TextChoices):
    """Which way a figure must move to reach its target."""

    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")


class Wish(models.TextChoices):
    """What became of a request for more time."""

    WAITING = "waiting", pgettext_lazy("request", "To be decided")
    GRANTED = "granted", pgettext_lazy("request", "Granted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("request", "Overtaken by events")
