"""What is done at night: the roll-up is folded, so that reading it stays quick."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hoptac.statistics.roll_up import compact


@app.periodic(cron="17 2 * * *")
@app.task(name="statistics.fold_roll_up", queue="default")
def fold_roll_up(timestamp: int) -> None:
    """Fold the rows that the day's acts added."""
    compact()
