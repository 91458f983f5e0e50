"""Files on their way in: kept for a day between being read and being entered, for their bringer alone."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.findings import Finding, Refused

MOST_BYTES = 20 * 2**20
_KEPT_SECONDS = 24 * 3600
_MOST_FILES = 20
_TOKEN = re.compile(r"^[0-9a-f]{64}$")


def lay_down(ctx: Context, name: str, content: bytes) -> str:
    """Keep a file until it is entered, and return by which token it is taken up again.

    :raises Refused: it is empty or too big
    """
    if not content:
        raise Refused(Finding("file_empty", _("The file is empty."), field="file"))
    if len(content) > MOST_BYTES:
        raise Refused(Finding("file_too_big", _("The file is too big: at most 20 MB."), field="file"))  # fmt: skip
    folder = _folder(ctx)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    token = hashlib.sha256(content).hexdigest()
    (folder / token).write_bytes(content)
    (folder / f"{token}.name").write_text(name[:200], encoding="utf-8")
    return token


def take_up(ctx: Context, token: str) -> tuple[str, bytes] | None:
    """Return name and bytes of a file that the caller laid down; nothing where it is no longer there."""
    if not _TOKEN.match(token):
        return None
    path = _folder(ctx) / token
    try:
        return (path.with_suffix(".name").read_text(encoding="utf-8"), path.read_bytes())
    except OSError:
        return None


def _folder(ctx: Context) -> Path:
    who = str(ctx.user.pk) if ctx.user is not None else "system"
    return Path(settings.MEDIA_ROOT) / "intake" / who


def _sweep(folder: Path) -> None:
    """Drop what is a day old, and the oldest where there are too many."""
    held = sorted((p for p in folder.iterdir() if p.suffix == ""), key=lambda p: p.stat().st_mtime)
    old = time.time() - _KEPT_SECONDS
    for number, path in enumerate(held):
        if path.stat().st_mtime < old or number < len(held) - _MOST_FILES + 1:
            path.unlink(missing_ok=True)
            path.with_suffix(".name").unlink(missing_ok=True)
