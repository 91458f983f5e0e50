"""Vocabulary of committees, meetings and following officers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Seat(models.TextChoices):
    """What somebody is in a committee; the order is that of the list of members."""

    HEAD = "head", pgettext_lazy("seat", "Head")
    STANDING_DEPUTY = "standing", pgettext_lazy("seat", "Standing deputy head")
    DEPUTY = "deputy", pgettext_lazy("seat", "Deputy head")
    MEMBER = "member", pgettext_lazy("seat", "Member")
    SECRETARY = "secretary", pgettext_lazy("seat", "Secretary")


# Seats of which a committee has one at a time.
SINGLE = frozenset({Seat.HEAD, Seat.STANDING_DEPUTY})
# Who may lead a meeting.
CHAIRS = frozenset({Seat.HEAD, Seat.STANDING_DEPUTY, Seat.DEPUTY})
SEAT_ORDER = {seat.value: place for place, seat in enumerate(Seat)}


class MeetingKind(models.TextChoices):
    """Why a committee meets."""

    REGULAR = "regular", pgettext_lazy("meeting", "Regular")
    EXTRAORDINARY = "special", pgettext_lazy("meeting", "Extraordinary")
    PRELIMINARY = "interim", pgettext_lazy("meeting", "Preliminary review")
    FINAL = "final", pgettext_lazy("meeting", "Final review")


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    INVITED = "invited", pgettext_lazy("meeting", "Invited")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class Presence(models.TextChoices):
    """Whether a member came."""

    PRESENT = "present", pgettext_lazy("presence", "Present")
    ABSENT = "absent", pgettext_lazy("presence", "Absent")
    SUBSTITUTE = "substitute", pgettext_lazy("presence", "Sent a substitute")


class ConclusionKind(models.TextChoices):
    """Whether a conclusion asks for work."""

    TASK = "task", pgettext_lazy("conclusion", "Task")
    NOTED = "noted", pgettext_lazy("conclusion", "Opinion, no task")
