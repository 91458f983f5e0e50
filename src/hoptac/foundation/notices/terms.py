"""Words of notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mail(models.TextChoices):
    """When a person wants to be told by e-mail as well."""

    NOW = "now", _("At once")
    DAILY = "daily", _("In the daily letter")
    WEEKLY = "weekly", _("In the weekly letter")
    NEVER = "never", pgettext_lazy("e-mail", "Never")


IN_DIGEST = frozenset({Mail.DAILY, Mail.WEEKLY})


class LetterKind(models.TextChoices):
    """What an e-mail carries."""

    NOTICE = "notice", _("One notice")
    DIGEST = "digest", _("Digest")


class NotSent(models.TextChoices):
    """Why a letter was not sent."""

    CLOSED_ACCOUNT = "closed_account", _("The account is closed.")
    NO_ADDRESS = "no_address", _("The account has no e-mail address.")
    READ = "read", _("Everything in it was read in the system, or done with, before.")
    CLOSED = "closed", _("The person may no longer see what it was about.")
