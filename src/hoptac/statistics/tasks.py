"""What is done at night: the roll-up is folded, and held against the register."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.statistics.roll_up import compact, has_gone_astray, rebuild

logger = logging.getLogger(__name__)


@app.periodic(cron="17 2 * * *")
@app.task(name="statistics.fold_roll_up", queue="default")
def fold_roll_up(timestamp: int) -> None:
    """Fold the rows that the day's acts added; make the roll-up anew should it say another thing."""
    compact()
    if has_gone_astray():
        logger.error("statistics: the roll-up differed from the register and was made anew")
        rebuild()
