"""What was told to whom, how each wants to be told by e-mail, and the letters that went out."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import people_within
from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.notices.terms import LetterKind, Mail, NotSent
from hoptac.foundation.outbox import Attempt, Outgoing


class Letter(Outgoing):
    """An e-mail to one person, carrying one notice or a digest of several.

    ``key`` is what it is: told twice, it is one letter. ``message_id`` goes along every time, so that a
    letter sent twice after an unknown outcome is recognised as the same. Its words are not kept: they
    are said from the notices when it is sent. ``why`` says why one was not sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("e-mail", "person"),
    )
    kind = models.CharField(pgettext_lazy("e-mail", "letter"), max_length=8, choices=LetterKind)
    key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(_("Message-ID"), max_length=200)
    why = models.CharField(_("why it was not sent"), max_length=20, choices=NotSent, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("e-mail", "letter")
        verbose_name_plural = pgettext_lazy("e-mail", "letters")
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("due_at", "id"), name="letter_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=("state", "id"), name="letter_state"),
            models.Index(fields=("user", "id"), name="letter_of_person"),
        )

    def __str__(self) -> str:
        return self.message_id

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether its person lies within the caller's reach."""
        return people_within(ctx, permission).filter(pk=self.user_id).exists()


class Delivery(Attempt):
    """One attempt to deliver a letter; removed with it after its time."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries")

    class Meta(Attempt.Meta):
        ordering = ("letter", "id")

    def __str__(self) -> str:
        return f"{self.letter_id} {self.number}"


class Notice(models.Model):
    """One thing that one person is told.

    ``subject_kind`` and ``subject_id`` say what it is about, ``parameters`` what its text speaks of.
    ``key`` is what is told: as long as it is not done with, nobody is told the same twice.
    ``mail`` is when it goes out by e-mail, as the person had chosen; ``letter`` the one that carries it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(pgettext_lazy("notice", "kind"), max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    href = models.CharField(max_length=300, blank=True)
    parameters = models.JSONField(default=dict)
    key = models.CharField(max_length=160)
    made_at = models.DateTimeField(_("told at"))
    act_id = models.UUIDField()
    read_at = models.DateTimeField(_("read at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    mail = models.CharField(_("by e-mail"), max_length=6, choices=Mail, default=Mail.NEVER)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="notices")

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "key"), name="notice_once", condition=Q(done_at__isnull=True)
            ),
        )
        indexes = (
            models.Index(
                fields=("user",), name="notice_unread",
                condition=Q(read_at__isnull=True, done_at__isnull=True),
            ),
            models.Index(fields=("user", "-made_at"), name="notice_of_person"),
            models.Index(
                fields=("subject_id", "kind"), name="notice_open_about",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(
                fields=("mail", "user"), name="notice_for_digest",
                condition=Q(letter__isnull=True, mail__in=("daily", "weekly")),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"


class Preference(models.Model):
    """When a person wants to be told of a kind by e-mail; without a row, as the kind has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(pgettext_lazy("notice", "kind"), max_length=60)
    mail = models.CharField(_("by e-mail"), max_length=6, choices=Mail)

    class Meta:
        verbose_name = _("choice of e-mail")
        verbose_name_plural = _("choices of e-mail")
        ordering = ("user", "kind")
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.mail}"
