"""An extract's way: its file kept, compared now or by the worker; the same file twice changes nothing."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from hoptac.exchange.actions import bring_in_extract, compare_extract
from hoptac.exchange.actions.extracts import Stopped
from hoptac.exchange.comparing import Say, silent
from hoptac.exchange.layouts import REGISTRATION
from hoptac.exchange.models import Extract
from hoptac.exchange.terms import UNFINISHED, ExtractState
from hoptac.foundation.access import Context
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.progress import Progress

# The first half of the advisory lock that whoever compares an extract holds.
_COMPARING = 0x4578


def bring_in(
    ctx: Context, path: Path, *, filename: str, as_of: date | None = None, is_whole: bool = False,
    system: str = REGISTRATION, again: bool = False,
) -> tuple[Extract, bool]:  # fmt: skip
    """Bring a file in, compare it at once, and return its extract, and whether it is new.

    :raises Refused: see :func:`bring_in_extract` and :func:`compare_extract`
    """
    extract, is_new = keep(
        ctx, path, filename=filename, as_of=as_of, is_whole=is_whole, system=system, again=again
    )
    return (compare(ctx, extract) if is_new else extract), is_new


def keep(
    ctx: Context, path: Path, *, filename: str, as_of: date | None = None, is_whole: bool = False,
    system: str = REGISTRATION, again: bool = False,
) -> tuple[Extract, bool]:  # fmt: skip
    """Keep a file, and return its extract and whether it is new.

    The very same file for the same day by the same caller is not taken again, unless asked: the
    register may have changed since. One that was refused or stopped is.

    :raises Refused: see :func:`bring_in_extract`
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not again:
        earlier = Extract.objects.filter(
            digest=digest, system=system, user=ctx.user, is_whole=is_whole
        ).exclude(state__in=(ExtractState.REFUSED, ExtractState.STOPPED))
        if as_of is not None:
            earlier = earlier.filter(as_of=as_of)
        known = earlier.order_by("-id").first()
        if known is not None:
            return known, False
    extract = bring_in_extract(
        ctx, path, filename=filename, digest=digest, as_of=as_of, is_whole=is_whole, system=system
    )
    return extract, True


def compare(ctx: Context, extract: Extract, *, say: Say = silent) -> Extract:
    """Compare an extract that waits; one that was stopped, or is done, is returned as it stands.

    :raises Refused: it could not be compared; its row says why
    """
    waiting = Extract.objects.filter(pk=extract.pk, state__in=UNFINISHED)
    if not waiting.update(state=ExtractState.COMPARING, refusal=""):
        extract.refresh_from_db()
        return extract
    try:
        return compare_extract(ctx, pk=extract.pk, say=say)
    except Stopped:
        extract.refresh_from_db()
        return extract
    except Refused as refused:
        words = "; ".join(str(f.message) for f in refused.findings)
        waiting.update(state=ExtractState.REFUSED, refusal=words[:1000], step="", progress=0)
        raise
    except Exception:
        waiting.update(state=ExtractState.WAITING, step="", progress=0)
        raise


class Watched(Progress):
    """Tells how far a comparison is, stops it when somebody asked, and shows that somebody is at it.

    It holds a lock of its connection as long as it works, so that one that died is known by the
    lock being free.
    """

    table = "exchange_extract"
    _asked = 0.0

    def is_mine(self) -> bool:
        """Take the extract for this worker; tell whether nobody else is at it."""
        with self.connection().cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock_of(self.batch_id))
            return bool(cursor.fetchone()[0])

    def say(self, step: str, percent: int) -> None:
        """Tell the step and the percentage.

        :raises Stopped: somebody asked for it
        """
        super().say(step, percent)
        now = time.monotonic()
        if now - self._asked < 0.1:
            return
        self._asked = now
        with self.connection().cursor() as cursor:
            cursor.execute("SELECT state FROM exchange_extract WHERE id = %s", [self.batch_id])
            found = cursor.fetchone()
        if found is not None and found[0] == ExtractState.STOPPED:
            raise Stopped


def lock_of(pk: UUID) -> list[int]:
    """Return the two numbers of the lock that whoever compares an extract holds."""
    return [_COMPARING, int.from_bytes(pk.bytes[-4:], signed=True)]


def is_left_alone(extract: Any) -> bool:
    """Tell whether nobody is at an extract that is not finished: its worker ended before its time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock_of(extract.pk))
        is_free = bool(cursor.fetchone()[0])
        if is_free:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock_of(extract.pk))
    return is_free
