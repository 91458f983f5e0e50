"""The outbox is gone through every minute; extracts are compared away from the page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hoptac.exchange import bringing
from hoptac.exchange.delivery import deliver
from hoptac.exchange.models import Extract
from hoptac.exchange.terms import UNFINISHED
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.accounts.middleware import context_of
from hoptac.foundation.findings import Refused

# Files up to this size are compared while the page waits: well below a second.
SMALL = 150_000
# How long an extract may wait before somebody looks whether its worker died.
_PATIENCE = timedelta(minutes=1)


@app.periodic(cron="* * * * *")
@app.task(
    name="exchange.deliver",
    queue="default",
    lock="exchange.deliver",
    queueing_lock="exchange.deliver",
)
def deliver_what_is_due(timestamp: int) -> None:
    """Send what is due to the national systems."""
    deliver(most=200)


@app.task(name="exchange.compare", queue="imports", retry=2)
def compare(extract_id: str) -> None:
    """Compare an extract under the mandates that its officer holds now."""
    extract = Extract.objects.select_related("user").get(pk=UUID(extract_id))
    ctx: Context = context_of(extract.user) if extract.user else system_context()
    with bringing.Watched(extract.pk) as progress:
        if not progress.is_mine():
            return
        try:
            bringing.compare(ctx.by(channel="import"), extract, say=progress.say)
        except Refused:
            return  # its row says why


def start_comparing(ctx: Context, extract: Extract) -> Extract:
    """Compare a small file at once and a large one in the background.

    :raises Refused: a small file could not be compared
    """
    if extract.size <= SMALL and not extract.is_whole:
        return bringing.compare(ctx.by(channel="import"), extract)
    queue(extract)
    return extract


def queue(extract: Extract) -> bool:
    """Let the worker compare an extract; tells whether it did not lie in the queue already."""
    try:
        compare.configure(queueing_lock=f"exchange.compare:{extract.pk}").defer(
            extract_id=str(extract.pk)
        )
    except AlreadyEnqueued:
        return False
    return True


@app.periodic(cron="* * * * *")
@app.task(name="exchange.take_up_again", queue="default", queueing_lock="exchange.take_up_again")
def take_up_again(timestamp: int) -> None:
    """Queue the extracts whose worker was killed: nothing of them was kept, so they begin anew."""
    take_up_left_alone()


def take_up_left_alone() -> int:
    """Queue what nobody is at any more; returns how many."""
    since = timezone.now() - _PATIENCE
    rows = Extract.objects.filter(state__in=UNFINISHED, created_at__lt=since).order_by("id")
    return sum(queue(extract) for extract in rows if bringing.is_left_alone(extract))
