"""Words of the exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExtractState(models.TextChoices):
    """Where an extract stands. The last three are ends."""

    WAITING = "waiting", _("Waiting to be compared")
    COMPARING = "comparing", _("Being compared")
    READY = "ready", _("Compared")
    REFUSED = "refused", _("Could not be compared")
    STOPPED = "stopped", _("Stopped by hand")


UNFINISHED = frozenset({ExtractState.WAITING, ExtractState.COMPARING})
STEPS = {
    "reading": _("Reading the file"),
    "matching": _("Finding who is who"),
    "comparing": _("Holding the values against each other"),
    "dating": _("Looking up since when"),
    "keeping": _("Keeping the differences"),
}


class What(models.TextChoices):
    """What a difference is about."""

    FIELD = "field", _("Told otherwise")
    ONLY_OURS = "only_ours", _("Not in the national system")
    ONLY_THEIRS = "only_theirs", _("Not in the register")


class Verdict(models.TextChoices):
    """Where a difference stands."""

    OPEN = "open", _("To be decided")
    OURS = "ours", _("The register is right")
    THEIRS = "theirs", _("The national system is right")
    NOTED = "noted", _("Noted, left as it is")
    SETTLED = "settled", _("No longer differs")


class Side(models.TextChoices):
    """What is suggested."""

    NONE = "", _("No suggestion")
    OURS = "ours", _("The register")
    THEIRS = "theirs", _("The national system")


FIELD_NAMES = {
    "code": _("Registration code"),
    "kind": _("Kind"),
    "name": _("Name"),
    "short_name": _("Short name"),
    "foreign_name": _("Foreign name"),
    "status": _("Legal status"),
    "established_on": _("Established on"),
    "address": _("Address"),
    "commune": _("Commune"),
    "commune_code": _("Code of the commune"),
    "lines": _("Lines of business"),
    "representative": _("Legal representative"),
    "charter_capital": _("Charter capital (dong)"),
    "members": _("Members (persons)"),
    "workers": _("Workers (persons)"),
    "area": _("Cultivated area (ha)"),
    "sector": _("Sector"),
    "working_state": _("Working state"),
    "chairman": _("Chairman"),
    "phone": _("Telephone"),
}
