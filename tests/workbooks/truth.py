"""The truth beside a made workbook: the same keys and codes as the given truth files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.workbooks.grid import letters
from tests.workbooks.world import AS_OF

ERRORS = {
    "registration_number_format",
    "name_missing",
    "sector_missing",
    "registration_number_shared",
    "district_unknown",
    "commune_unknown",
    "date_impossible",
    "date_in_future",
    "number_unreadable",
    "capital_negative",
    "workers_negative",
    "duplicate_cooperative",
    "identity_format",
    "birth_date_impossible",
    "duplicate_person",
    "contribution_unreadable",
    "return_missing",
    "return_duplicate",
    "unit_jump_up",
    "unit_jump_down",
}


@dataclass
class Spoilt:
    """One problem put into a line on purpose; its place is known once the line has a row."""

    code: str
    field: str | None
    value: Any = None
    repair: Any = None
    related: list[Line] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Line:
    """One line of a list: what stands in its cells, and the record that it tells."""

    cells: dict[str, Any]
    record: dict[str, Any]
    subject: Any = None
    spoilt: list[Spoilt] = field(default_factory=list)
    row: int = -1
    sheet: str = ""
    is_record: bool = True

    def spoil(
        self, code: str, name: str | None, value: Any = None, repair: Any = None, **more: Any
    ) -> None:
        """Note a problem of this line."""
        related = more.pop("related", [])
        self.spoilt.append(Spoilt(code, name, value, repair, related, more))

    def accept(self, name: str, *values: Any) -> None:
        """Say that these values are right too."""
        self.record.setdefault("accept", {})[name] = [self.record.get(name), *values]


def plain_value(value: Any) -> Any:
    """Return a cell's value as the truth file writes it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def problem(
    code: str,
    sheet: str,
    row: int | None,
    column: int | None,
    name: str | None,
    value: Any,
    **more: Any,
) -> dict[str, Any]:
    """Return one problem as the truth file writes it; row counts from 1, column from 0."""
    letter = letters(column) if column is not None else None
    found = {
        "code": code,
        "severity": "error" if code in ERRORS else "warning",
        "sheet": sheet,
        "row": row,
        "column": letter,
        "cell": f"{letter}{row}" if letter and row else None,
        "field": name,
        "value": plain_value(value),
    }
    found.update({key: item for key, item in more.items() if item is not None})
    return found


def problems_of(lines: list[Line], columns: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Return the problems of the lines, placed; ``columns``: by sheet and field."""
    found = []
    for line in lines:
        place = columns[line.sheet]
        for spoilt in line.spoilt:
            related = sorted(other.row for other in spoilt.related) or None
            found.append(
                problem(
                    spoilt.code,
                    line.sheet,
                    line.row,
                    place.get(spoilt.field or ""),
                    spoilt.field,
                    spoilt.value,
                    repair=plain_value(spoilt.repair),
                    related_rows=related,
                    **spoilt.more,
                )
            )
    return found


def records_of(lines: list[Line]) -> list[dict[str, Any]]:
    """Return the records of the lines, with sheet and row."""
    return [
        {"sheet": line.sheet, "row": line.row, **line.record} for line in lines if line.is_record
    ]


def heading(kind: str, variant: str, seed: int, file: str) -> dict[str, Any]:
    """Return the opening of a truth file."""
    return {
        "file": file,
        "kind": kind,
        "variant": variant,
        "seed": seed,
        "as_of": AS_OF.isoformat(),
        "province_code": "91",
    }
