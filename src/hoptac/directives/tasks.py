"""What the days do to distributed documents by themselves: whoever owes an answer is reminded."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.directives.actions import remind
from hoptac.directives.models import Directive
from hoptac.directives.reminders import directives_to_remind_of
from hoptac.foundation.access import Context, system_context
from hoptac.foundation.findings import Refused

logger = logging.getLogger(__name__)


@app.periodic(cron="40 6 * * *")
@app.task(name="directives.remind_recipients", queue="default")
def remind_recipients(timestamp: int) -> None:
    """Remind whoever owes a receipt or an own document, as the rule says; each document in an act of its own."""
    remind_all(system_context(channel="job"))


def remind_all(ctx: Context) -> int:
    """Remind of every document of which a step is due; return of how many. One refusal stops none."""
    told = 0
    for pk in directives_to_remind_of(ctx.today):
        try:
            told += bool(remind(ctx, Directive.objects.get(pk=pk)))
        except Refused as refused:
            logger.warning("directive %s was not reminded of: %s", pk, refused)
    return told
