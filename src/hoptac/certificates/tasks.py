"""Issuing batches away from the page, and taking up again what a worker that ended left behind."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hoptac.certificates import working
from hoptac.certificates.models import IssueBatch
from hoptac.certificates.terms import BatchState
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.middleware import context_of

_OPEN = (BatchState.WAITING, BatchState.RUNNING, BatchState.STOPPING)


@app.task(name="certificates.issue_batch", queue="certificates")
def issue_batch(batch_id: str) -> None:
    """Issue a batch under the mandates that its officer holds now."""
    batch = IssueBatch.objects.get(pk=UUID(batch_id))
    working.work(_context_of(batch), batch.pk)


def _context_of(batch: IssueBatch) -> Context:
    ctx = context_of(batch.user) if batch.user else system_context()
    return ctx.by(channel="job")


@app.periodic(cron="* * * * *")
@app.task(name="certificates.go_on_with_batches", queue="certificates")
def go_on_with_batches(timestamp: int) -> None:
    """Hand batches to a worker again whose worker was killed; one that is being issued is left alone."""
    for batch in IssueBatch.objects.filter(state__in=_OPEN).order_by("created_at"):
        with working.alone_with(batch.pk) as is_free:
            pass
        if is_free:
            hand_over(batch)


def hand_over(batch: IssueBatch) -> None:
    """Give a started batch to the worker."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        issue_batch.configure(queueing_lock=f"certificates batch {batch.pk}").defer(
            batch_id=str(batch.pk)
        )
