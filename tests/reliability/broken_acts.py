"""Ways in which acts could be broken: the controls of what must hold when a process is killed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from hoptac.foundation.audit import journal
from hoptac.foundation.documents import storing
from hoptac.foundation.documents.disk import Kept


def journal_in_a_second_commit() -> None:
    """Forget that record and entry belong into one transaction."""
    append = journal.append

    def later(ctx: Any, entries: list[Any]) -> list[Any]:
        def then() -> None:
            with transaction.atomic():
                append(ctx, entries)

        transaction.on_commit(then)
        return []

    journal.append = later


def bytes_after_their_row() -> None:
    """Forget that a file's bytes are on the disk before its row is."""
    keep = storing.keep

    def later(content: bytes) -> Kept:
        transaction.on_commit(lambda: keep(content))
        return Kept(hashlib.sha256(content).hexdigest(), len(content))

    storing.keep = later
