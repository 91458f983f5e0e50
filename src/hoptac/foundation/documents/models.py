"""Files that an act stored: what each is, and where its bytes lie."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import refused
from hoptac.foundation.documents.disk import place_in
from hoptac.foundation.identifiers import uuid7


class Damaged(OSError):
    """The bytes of a stored file are lost, or not those that were stored."""


class StoredFile(models.Model):
    """One file as an act stored it: its name and kind; the bytes lie under their SHA-256.

    The same bytes stored twice are kept once, and never changed. Who may see a file is told by what
    it belongs to, not here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField(_("size (bytes)"))
    media_type = models.CharField(_("kind of file"), max_length=100)
    name = models.CharField(_("file"), max_length=200)
    act_id = models.UUIDField(_("recorded by"))

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ("pk",)
        indexes = (models.Index(fields=("sha256",), name="stored_file_digest"),)
        triggers = refused("stored_file", "udt")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return place_of(self.sha256)

    def open(self) -> BinaryIO:
        """Return the bytes for reading, after they were held against their SHA-256.

        :raises Damaged: they are lost or altered
        """
        return io.BytesIO(self.read())

    def read(self) -> bytes:
        """Return the bytes.

        :raises Damaged: they are lost or altered
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise Damaged(f"{self.pk} {self.sha256}: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise Damaged(f"{self.pk} {self.sha256}: altered")
        return content


def folder() -> Path:
    """Return where the bytes of stored files lie."""
    return Path(settings.MEDIA_ROOT) / "stored"


def place_of(sha256: str) -> Path:
    """Return where bytes with this digest lie."""
    return place_in(folder(), sha256)
