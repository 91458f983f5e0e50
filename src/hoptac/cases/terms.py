"""The vocabulary of watching and of cases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DateKind(models.TextChoices):
    """What a kept date tells of a body."""

    MEETING = "meeting", _("General meeting held")
    REPORT_ASKED = "report_asked", _("Compliance report asked for")
    REPORT_RECEIVED = "report_received", _("Compliance report received")
    IDLE_SINCE = "idle_since", _("Stopped since")
    STOP_NOTICE = "stop_notice", _("Notice of stopping received")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    CHARTER = "charter", _("Charter amended to the Law of 2023, or found to need no change")
    NO_NUMBER = "no_number", _("Group found to need no registration")


# These say from when until when; the others name one day.
WITH_END = frozenset({DateKind.STOP_NOTICE, DateKind.FORCE_MAJEURE})


class Share(models.TextChoices):
    """Parts of capital, members and seats that the law caps, in hundredths."""

    LARGEST_MEMBER = "largest_member", _("Largest part of one official member (% of capital)")
    ASSOCIATES = "associates", _("All contributing associates (% of capital)")
    FOREIGN_CAPITAL = "foreign_capital", _("All foreign members (% of capital)")
    FOREIGN_MEMBERS = "foreign_members", _("Foreign members (% of official members)")
    FOREIGN_BOARD = "foreign_board", _("Foreigners on the board of directors (% of seats)")


class State(models.TextChoices):
    """Where a case stands. The last three are ends."""

    OPENED = "opened", _("Opened, to be looked at on the spot")
    VISITED = "visited", _("Looked at on the spot")
    NOTICED = "noticed", _("Notified, waiting for the explanation")
    EXPLAINED = "explained", _("Explained, to be weighed")
    WEIGHED = "weighed", _("Weighed, to be decided")
    DELAYED = "delayed", _("Put off")
    MERGING = "merging", _("Merger under way")
    PROPOSED = "proposed", _("Before the deciding officer")
    PUBLISHED = "published", _("Decided and published")
    MERGED = "merged", _("Ended by merger")
    CLOSED = "closed", pgettext_lazy("case", "Closed")


ENDS = frozenset({State.PUBLISHED, State.MERGED, State.CLOSED})
OPEN = frozenset(State) - ENDS
# The office's own clock runs in these; in the others the body, or another desk, is waited for.
RUNNING = frozenset(
    {State.OPENED, State.VISITED, State.NOTICED, State.EXPLAINED, State.WEIGHED, State.DELAYED}
)


class StepKind(models.TextChoices):
    """What may happen to a case; each is one act."""

    OPENED = "opened", _("Opened from the watch list")
    HANDED_OVER = "handed_over", _("Handed over")
    VISITED = "visited", _("Visit sheet")
    VISIT_WAIVED = "visit_waived", _("No visit, with the reason")
    NOTICED = "noticed", _("Notice of violation")
    EXPLAINED = "explained", _("Explanation or objection received")
    WEIGHED = "weighed", _("Weighed")
    DELAYED = "delayed", _("Put off")
    RESUMED = "resumed", _("Taken up again")
    MERGING = "merging", _("Merger instead")
    MERGED = "merged", _("Merger took effect")
    PROPOSED = "proposed", _("Put forward for revocation")
    PUBLISHED = "published", _("Decision published")
    CLOSED = "closed", pgettext_lazy("case", "Closed")
    REOPENED = "reopened", _("Reopened")
    WITHDRAWN = "withdrawn", _("Step taken back")


class Closing(models.TextChoices):
    """Why a case ends without anything happening to the body."""

    MENDED = "mended", _("The fault was mended")
    NO_CASE = "no_case", _("There is no ground")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class Found(models.TextChoices):
    """What a visit found of one matter."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNCLEAR = "unclear", _("Could not be seen")


class LetterKind(models.TextChoices):
    """Letters of a case."""

    NOTICE = "notice", _("Notice of violation")
    DELAY = "delay", _("Notice of putting off")
    CLOSING = "closing", _("Notice of closing")
    TAKEN_BACK = "taken_back", _("Notice taken back")
