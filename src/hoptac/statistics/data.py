"""A table and the catalogue for programs: what ``./hoptac statistics --json`` and the API give.

A table is an object of

``as_of``     the last day that the table speaks of
``map``       whose units: ``of_the_day``, ``today``, ``districts``
``by``        the dimension of the rows; ``columns`` that of the columns, or null
``units``     the unit of each indicator
``rows``      a list, in the order of the desk; each with ``code`` (``none``: not stated or not
              placed), ``label`` and one figure for each indicator by its code
``total``     the figures of all rows together; left out where rows are years or days

With columns, the figure of an indicator is an object of figures by the code of the column, and of
``total`` where columns can be added. Counts, dong and persons are whole numbers, exact; hectares
and ratios have the catalogue's decimals; null stands where a ratio would divide by nothing.
"""

from __future__ import annotations

from typing import Any

from hoptac.statistics.catalogue import Indicator, Words, indicators
from hoptac.statistics.dimensions import DIMENSIONS, Member
from hoptac.statistics.selectors import Table


def as_data(table: Table) -> dict[str, Any]:
    """Return the table for a program: whole numbers exact, hectares and ratios as numbers."""

    def figures(row: Member | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for indicator in table.indicators:
            whole = _plain(indicator, table.value(indicator, row))
            if table.column_side is None:
                found[indicator.code] = whole
                continue
            cells = {
                c.code: _plain(indicator, table.value(indicator, row, c)) for c in table.columns
            }
            if table.has_total(of_rows=False):
                cells["total"] = whole
            found[indicator.code] = cells
        return found

    data: dict[str, Any] = {
        "as_of": table.day.isoformat(),
        "map": table.map,
        "by": table.row_side.code,
        "columns": table.column_side.code if table.column_side else None,
        "units": {i.code: i.unit.en for i in table.indicators},
        "rows": [{"code": r.code, "label": r.label, **figures(r)} for r in table.rows],
    }
    if table.has_total(of_rows=True):
        data["total"] = figures(None)
    return data


def _plain(indicator: Indicator, number: Any) -> int | float | None:
    if number is None:
        return None
    return float(number) if indicator.decimals else int(number)


def catalogue_data() -> list[dict[str, Any]]:
    """Return the catalogue for a program, in both languages."""

    def both(words: Words) -> dict[str, str]:
        return {"en": words.en, "vi": words.vi}

    return [
        {
            "code": i.code, "name": both(i.name), "definition": both(i.definition),
            "unit": both(i.unit), "source": both(i.source), "of": i.of, "kinds": list(i.kinds),
            "formula": i.formula,
            "as_of": "day" if i.of == "existing" else "year to day", "decimals": i.decimals, "basis": i.basis,
            "is_confirmed": i.confirmed, "dimensions": [d for d in DIMENSIONS if d not in i.without],
        }
        for i in indicators().values()
    ]  # fmt: skip
