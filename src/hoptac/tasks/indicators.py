"""Reading the live indicators of tasks: where it began, where it stands, how far to the target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hoptac.foundation.measures import Asked, Measure, Reading, measure
from hoptac.tasks.models import TiedIndicator
from hoptac.tasks.rules.progress import percent_of_way


@dataclass(frozen=True, kw_only=True)
class IndicatorLine:
    """An indicator as it stands on a day, with the numbers behind it."""

    tied: TiedIndicator
    measure: Measure | None
    on: date
    baseline: Decimal | None
    value: Decimal | None
    percent: int | None
    reading: Reading

    @property
    def is_reached(self) -> bool:
        return self.percent is not None and self.percent >= 100

    def as_kept(self) -> dict[str, Any]:
        """Return the reading as a proof keeps it."""
        return {
            "measure": self.tied.measure,
            "name": str(self.measure.name) if self.measure else self.tied.measure,
            "unit": str(self.measure.unit) if self.measure else "",
            "on": self.on.isoformat(), "baseline": _plain(self.baseline), "value": _plain(self.value),
            "target": _plain(self.tied.target), "percent": self.percent,
            "parts": [[label, _plain(value)] for label, value in self.reading.parts],
        }  # fmt: skip


def read(tied: TiedIndicator, on: date) -> IndicatorLine:
    """Return an indicator as of a day; without value where no app declares its measure (any more)."""
    known = measure(tied.measure)
    if known is None:
        nothing = Reading(value=None)
        return IndicatorLine(tied=tied, measure=None, on=on, baseline=None, value=None,
                             percent=None, reading=nothing)  # fmt: skip
    if known.counts_since:
        baseline: Decimal | None = Decimal(0)
        reading = known.take(_asked(tied, on, since=tied.baseline_on))
    else:
        baseline = known.take(_asked(tied, tied.baseline_on)).value
        reading = known.take(_asked(tied, on))
    return IndicatorLine(
        tied=tied, measure=known, on=on, baseline=baseline, value=reading.value, reading=reading,
        percent=percent_of_way(
            baseline, reading.value, tied.target, at_most=tied.direction == "at_most"
        ),
    )  # fmt: skip


def _asked(tied: TiedIndicator, on: date, since: date | None = None) -> Asked:
    return Asked(
        province_code=tied.task.province_code, on=on, unit_id=tied.unit_id, since=since,
        parameters=tied.parameters,
    )  # fmt: skip


def _plain(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return format(value.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize(), "f")
