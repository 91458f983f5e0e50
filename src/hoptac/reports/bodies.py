"""What happened to bodies in the period of a report: as the register tells it, or as it was kept."""

from __future__ import annotations

from datetime import timedelta

from hoptac.foundation.measures import Asked
from hoptac.reports.models import BodyLine, Report
from hoptac.statistics.happened import Change, bodies_changed


def live_bodies(report: Report) -> list[Change]:
    """Return the bodies founded, joined to others or ended in the period up to the report's day."""
    return bodies_changed(
        Asked(
            province_code=report.province_code, on=report.as_of, since=report.begins_on - timedelta(days=1)
        )
    )  # fmt: skip


def bodies_of(report: Report) -> list[Change]:
    """Return the bodies of a report: as the register tells them now, or as they were kept when it was submitted."""
    if not report.is_kept:
        return live_bodies(report)
    names = ("cooperative_id", "what", "on", "kind", "name", "number", "place", "into")
    rows = BodyLine.objects.filter(report=report).order_by("position", "id")
    return [Change(*row) for row in rows.values_list(*names)]
