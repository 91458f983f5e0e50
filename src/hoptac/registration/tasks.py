"""What the desk's days do by themselves: effects whose day has come, dossiers whose time is over."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.findings import Refused
from hoptac.registration.actions import carry_out, lapse, transfer
from hoptac.registration.models import Filing
from hoptac.registration.pauses import end_pauses
from hoptac.registration.selectors import to_transfer
from hoptac.registration.terms import State

logger = logging.getLogger(__name__)


@app.periodic(cron="12 0 * * *")
@app.task(name="registration.turn_the_day", queue="default")
def turn_the_day(timestamp: int) -> None:
    """Do what the new day asks; each filing in an act of its own, so that one refusal stops none."""
    turn(system_context(channel="job"))


def turn(ctx: Context) -> dict[str, int]:
    """Let granted filings take effect whose day has come, end pauses, void what was not supplied.

    Open filings pass to the registrar of the day, where another one registers since.

    Returns how many of each. What is refused is logged and stays on the desk.
    """
    done = {"took_effect": 0, "lapsed": 0, "transferred": 0, "went_on": end_pauses(ctx)}
    waiting = Filing.objects.filter(state=State.GRANTED, took_effect_on__isnull=True)
    for filing in waiting.order_by("pk"):
        try:
            carry_out(ctx, filing)
            done["took_effect"] += 1
        except Refused as refused:
            if "day_to_come" not in refused.codes:
                logger.warning("filing %s did not take effect: %s", filing.pk, refused)
    over = Filing.objects.filter(state=State.SUPPLEMENT, supplement_until__lt=ctx.today)
    for filing in over.order_by("pk"):
        try:
            lapse(ctx, filing)
            done["lapsed"] += 1
        except Refused as refused:
            logger.warning("filing %s did not lapse: %s", filing.pk, refused)
    for filing in list(to_transfer(ctx.today)):
        try:
            transfer(ctx, filing, on=ctx.today)
            done["transferred"] += 1
        except Refused as refused:
            logger.warning("filing %s did not pass to its registrar: %s", filing.pk, refused)
    return done
