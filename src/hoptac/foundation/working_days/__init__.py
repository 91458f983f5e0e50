"""Terms in working days, by the calendar of days off that an administrator keeps.

Where the year's calendar was not adopted, the holidays of the Labour Code count, computed, and the
exchanges that are known; :func:`year_of` tells which it was.
"""

from hoptac.foundation.working_days.reckoning import (
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
    year_of,
)

__all__ = [
    "add_working_days",
    "is_working_day",
    "next_working_day",
    "working_days_between",
    "year_of",
]
