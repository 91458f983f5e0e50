"""Tokens by which machines act for the person who made them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.identifiers import uuid7


class Scope(models.TextChoices):
    READ = "read", _("Read the register and statistics")
    WRITE = "write", _("Enter and correct")


def digest(secret: str) -> bytes:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


class ApiToken(models.Model):
    """A token of a person: never more than the person's mandates of the day, narrowed by scopes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.BinaryField(unique=True, max_length=32)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def scope_names(self) -> list[str]:
        return [str(Scope(s).label) for s in self.scopes]

    @classmethod
    def issue(
        cls, user: Any, name: str, scopes: list[str], expires_at: datetime
    ) -> tuple[ApiToken, str]:
        """Make a token; the secret is returned once and kept nowhere."""
        secret = f"hop_{secrets.token_urlsafe(32)}"
        token = cls.objects.create(
            user=user, name=name, prefix=secret[:10], digest=digest(secret), scopes=scopes,
            expires_at=expires_at,
        )  # fmt: skip
        return token, secret


class Answer(models.Model):
    """What an act sent with an Idempotency-Key was answered: the same call again gets the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    subject_id = models.UUIDField()
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="answer_once"),)
