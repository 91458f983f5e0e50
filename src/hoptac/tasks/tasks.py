"""What the days do to tasks by themselves: new periods, reminders, duties passing to successors."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.findings import Refused
from hoptac.tasks.actions import escalate, open_periods, pass_to_successors
from hoptac.tasks.selectors import agencies_gone, periods_to_open, terms_to_tell_of

logger = logging.getLogger(__name__)
_MOST_ROUNDS = 20


@app.periodic(cron="30 6 * * *")
@app.task(name="tasks.turn_the_day", queue="default")
def turn_the_day(timestamp: int) -> None:
    """Do what the new day asks; each task in an act of its own, so that one refusal stops none."""
    turn(system_context(channel="job"))


def turn(ctx: Context) -> dict[str, int]:
    """Pass duties to successors, open new periods, tell of what comes due or is late; return how many of each."""
    passed = 0
    # What passed to an agency that has ended since passes on at once.
    for _round in range(_MOST_ROUNDS):
        gone = agencies_gone(ctx.today)
        if not gone:
            break
        passed += sum(len(pass_to_successors(ctx, agency)) for agency in gone)
    opened = sum(len(open_periods(ctx, task)) for task in periods_to_open(ctx.today))
    told = 0
    for term in terms_to_tell_of(ctx.today):
        try:
            told += bool(escalate(ctx, term))
        except Refused as refused:
            logger.warning("term %s was not told of: %s", term.pk, refused)
    return {"passed": passed, "opened": opened, "told": told}
