"""A web server that is broken on purpose: its journal is written after the answer is certain.

The control of R1: killed between the two commits, it leaves records without entries.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import transaction

application = get_wsgi_application()

from hoptac.foundation.audit import journal  # noqa: E402  (after the apps are ready)

_append = journal.append


def _append_later(ctx: Any, entries: list[Any]) -> list[Any]:
    """Forget that record and entry belong into one transaction."""

    def later() -> None:
        time.sleep(0.02)
        with transaction.atomic():
            _append(ctx, entries)

    transaction.on_commit(later)
    return []


journal.append = _append_later
