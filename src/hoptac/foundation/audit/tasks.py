"""What is done by itself: the journal's head is anchored when an anchor is due."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from hoptac.foundation.audit import anchors

logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.anchor", queue="default")
def anchor(timestamp: int) -> None:
    """Sign the head after a thousand entries, or an hour after the last anchor."""
    place = anchors.folder()
    if not anchors.is_due(place):
        return
    try:
        anchors.sign(place, anchors.signing_key())
    except anchors.WillNotSign as refusal:
        logger.critical("the journal is not signed: %s; keep everything and call for help", refusal)
