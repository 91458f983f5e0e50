"""What an address of the figures' pages asks; wrong values are left out.

``i`` indicators; ``rows``, ``cols`` the two sides; ``on`` days (2019-12-31, several with commas);
``from``, ``to`` the years of a series; ``map``; ``base`` the year that growth is over; ``sector``,
``legal``, ``state``, ``era``, ``district``, ``commune`` keep bodies as the register's list does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from hoptac.foundation.access import Context
from hoptac.registry.filters import CODED, read_day
from hoptac.statistics.catalogue import indicators
from hoptac.statistics.dimensions import DIMENSIONS
from hoptac.statistics.selectors import BASE_YEAR, FILTERS, MAPS, Table, tabulate

USUAL = ("cooperatives", "charter_capital", "area", "members", "workers")
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Asked:
    """A table as asked for by an address."""

    today: date
    indicators: tuple[str, ...] = USUAL
    rows: str = "sector"
    columns: str = ""
    days: tuple[date, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    map: str = "of_the_day"
    base_year: int = BASE_YEAR
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        last = self.year_to or self.today.year
        first = self.year_from or last - 4
        return tuple(range(max(first, FIRST_YEAR), min(last, self.today.year) + 1))

    @property
    def has_years(self) -> bool:
        return "year" in (self.rows, self.columns)

    def table(self, ctx: Context) -> Table:
        """Return the table within the caller's territory (may refuse, as ``tabulate`` does)."""
        return tabulate(
            ctx, self.indicators, self.rows, self.columns or None, as_of=self.days,
            years=self.years if self.has_years else (), map=self.map, filters=self.filters,
            base_year=self.base_year,
        )  # fmt: skip

    def query(self, **changes: Any) -> str:
        return urlencode(list(replace(self, **changes)._pairs()))

    def _pairs(self) -> Iterable[tuple[str, str]]:
        yield from (("i", code) for code in self.indicators)
        yield "rows", self.rows
        single = {
            "cols": self.columns,
            "on": ",".join(d.isoformat() for d in self.days),
            "from": self.year_from,
            "to": self.year_to,
            "map": self.map if self.map != "of_the_day" else "",
            "base": self.base_year if self.base_year != BASE_YEAR else "",
        }
        yield from ((name, str(value)) for name, value in single.items() if value)
        for name, values in self.filters.items():
            yield from ((name, value) for value in values)


def read(given: QueryDict, *, today: date) -> Asked:
    """Return what an address asks, with the usual table where it asks nothing."""
    codes = [c for text in given.getlist("i") for c in text.split(",") if c in indicators()]
    rows = given.get("rows", "")
    rows = rows if rows in DIMENSIONS else "sector"
    columns = given.get("cols", "")
    columns = columns if columns in DIMENSIONS and columns != rows else ""
    if columns and DIMENSIONS[rows].is_time and DIMENSIONS[columns].is_time:
        columns = ""
    days = [read_day(text) for text in given.get("on", "").replace(";", ",").split(",")]
    on_map = given.get("map", "")
    first, last = _year(given.get("from")), _year(given.get("to"))
    return Asked(
        today=today,
        indicators=tuple(dict.fromkeys(codes)) or USUAL,
        rows=rows,
        columns=columns,
        days=tuple(sorted({min(d, today) for d in days if d is not None}))[:12],
        year_from=min(first, last) if first and last else first,
        year_to=max(first, last) if first and last else last,
        map=on_map if on_map in MAPS else "of_the_day",
        base_year=_year(given.get("base")) or BASE_YEAR,
        filters=_filters(given),
    )


def _filters(given: QueryDict) -> dict[str, tuple[str, ...]]:
    found = {}
    for name in FILTERS:
        known = dict(CODED[name][1]) if name in CODED else None
        values = [v for v in given.getlist(name) if (v in known if known else _is_uuid(v))]
        if values:
            found[name] = tuple(dict.fromkeys(values))[:50]
    return found


def _year(text: str | None) -> int | None:
    text = text or ""
    is_year = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if is_year and FIRST_YEAR <= int(text) <= 2200 else None


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
