"""The outbox is gone through every minute; nothing happens where no adapter is configured."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hoptac.exchange.delivery import deliver


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
