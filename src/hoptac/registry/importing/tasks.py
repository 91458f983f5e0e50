"""Reading and entering away from the page, so that nobody waits before a blank screen."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from hoptac.foundation.access import Context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.findings import Refused
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.transfers.progress import Progress
from hoptac.foundation.transfers.terms import BatchState
from hoptac.registry.importing import entering, service

logger = logging.getLogger(__name__)
# Files up to this size are read while the page waits: about a second.
SMALL = 1_500_000


@app.task(name="registry.read_file", queue="imports", retry=2)
def read_file(batch_id: str) -> None:
    """Read a batch's file and leave it ready, or refused with the reason."""
    batch = ImportBatch.objects.get(pk=UUID(batch_id))
    with Progress(batch.pk) as progress:
        service.read(batch, say=progress.say)


@app.task(name="registry.enter_file", queue="imports")
def enter_file(batch_id: str) -> None:
    """Enter a batch under the mandates that its officer holds now."""
    batch = ImportBatch.objects.get(pk=UUID(batch_id))
    ctx: Context = context_of(batch.user).by(channel="import")
    try:
        with Progress(batch.pk) as progress:
            entering.enter_list(ctx, batch, say=progress.say)
    except Exception as error:
        _give_back(batch, error)
        raise


def _give_back(batch: ImportBatch, error: Exception) -> None:
    """Leave the batch ready again, saying why it was not entered; nothing of it was."""
    refusal: dict[str, Any] = {}
    if isinstance(error, Refused):
        refusal = {"vi": "; ".join(str(f.message) for f in error.findings)}
    else:
        logger.exception("import %s", batch.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.READY, refusal=refusal, step="", progress=0
    )


def start_reading(batch: ImportBatch) -> None:
    """Read a small file at once and a large one in the background."""
    if batch.size <= SMALL:
        service.read(batch)
    else:
        read_file.defer(batch_id=str(batch.pk))


def start_entering(ctx: Context, batch: ImportBatch) -> bool:
    """Enter a small file at once (returns true) and a large one in the background."""
    if batch.size <= SMALL:
        entering.enter_list(ctx.by(channel="import"), batch)
        return True
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING, step="", progress=0)
    enter_file.defer(batch_id=str(batch.pk))
    return False
