"""How far a figure has come from its baseline to its target: pure."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal


def percent_of_way(
    baseline: Decimal | None, value: Decimal | None, target: Decimal, *, at_most: bool
) -> int | None:
    """Return the way covered in whole percent, 0 to 100, rounded down: 100 only where the target is reached.

    Without a value nothing can be said. Where the baseline already lies at or beyond the target the way
    has no length: 100 while the value keeps the target, else 0.
    """
    if value is None:
        return None
    is_reached = value <= target if at_most else value >= target
    if is_reached:
        return 100
    if baseline is None:
        return 0
    length = target - baseline
    if length == 0 or (length > 0) == at_most:
        return 0
    way = (value - baseline) / length * 100
    return int(min(max(way, Decimal(0)), Decimal(99)).to_integral_value(ROUND_FLOOR))
