"""Letters go out every minute, digests at their hour; what is old is removed at night."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.foundation.access import system_context
from hoptac.foundation.findings import Refused
from hoptac.foundation.notices import acts, digests, sending

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(
    name="notices.deliver",
    queue="default",
    lock="notices.deliver",
    queueing_lock="notices.deliver",
)
def deliver_what_is_due(timestamp: int) -> None:
    """Write the digests whose hour has come, and send what is due."""
    digests.write_digests()
    sending.deliver(most=200)


@app.periodic(cron="40 19 * * *")
@app.task(name="notices.remove_old", queue="default")
def remove_old(timestamp: int) -> None:
    """Remove what was read longer ago than it is kept."""
    try:
        acts.remove_old(system_context(channel="job"))
    except Refused:
        logger.info("no notices to remove")
