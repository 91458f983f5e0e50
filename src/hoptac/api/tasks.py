"""What is done at night: old counts and answers are forgotten."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from hoptac.api.answers import forget_old
from hoptac.foundation.accounts.limits import forget_windows


@app.periodic(cron="27 2 * * *")
@app.task(name="api.forget_old", queue="default")
def forget_old_counts_and_answers(timestamp: int) -> None:
    """Remove what limits and keys no longer need."""
    forget_old()
    forget_windows(before=time.time() - 3600)
