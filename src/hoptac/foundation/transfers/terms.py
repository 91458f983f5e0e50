"""Vocabulary of batches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be read")
    READING = "reading", _("Being read")
    REFUSED = "refused", _("Could not be read")
    READY = "ready", _("Read, waits for your decision")
    APPLYING = "applying", _("Being entered")
    APPLIED = "applied", _("Entered")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Put aside")


class FileKind(models.TextChoices):
    REGISTER = "register", _("List of cooperatives")
    MEMBERS = "members", _("Roster of members")
    RETURNS = "returns", _("Yearly returns")
