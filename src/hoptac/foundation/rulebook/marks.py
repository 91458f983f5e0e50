"""Brings confirmations from the database to the rules in memory.

Rules stay pure: they read memory. Pages, calls of the API and acts look here first; each process
asks the database once in half a minute, and at once after its own acts.
"""

from __future__ import annotations

import time

from django.conf import settings

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook.models import Confirmation

_KEEP_SECONDS = 30
_read_at = float("-inf")


def refresh(*, at_once: bool = False) -> None:
    """Bring what holds in the database, unless it was read a moment ago."""
    global _read_at
    now = time.monotonic()
    if not at_once and now < _read_at + _KEEP_SECONDS:
        return
    _read_at = now
    rows = Confirmation.objects.live().filter(
        province_code=settings.PROVINCE_CODE, fact__startswith="rule:"
    )
    rulebook.lay_over(
        rulebook.Mark(*row) for row in rows.values_list("fact", "fingerprint", "values")
    )


def forget() -> None:
    """Drop what was brought, and ask no sooner than usual (tests, whose database is swept)."""
    global _read_at
    _read_at = time.monotonic()
    rulebook.lay_over(())
