"""What reading a file gives: records, problems, notices, layouts; the shape of the truth files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.tables.headings import column_letter

Record = dict[str, Any]


@dataclass
class ReadResult:
    """All that a reader made of a workbook; rows count from 1, columns by letter."""

    kind: str
    as_of: date | None = None
    records: list[Record] = field(default_factory=list)
    problems: list[Record] = field(default_factory=list)
    notices: list[Record] = field(default_factory=list)
    layouts: list[Record] = field(default_factory=list)
    totals: Record = field(default_factory=dict)
    sheets_without_records: list[str] = field(default_factory=list)
    extra: Record = field(default_factory=dict)

    def as_json(self) -> Record:
        """Return plain values with the keys of the truth files."""
        return {
            "kind": self.kind,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "layout": self.layouts,
            "totals": self.totals,
            "sheets_without_records": self.sheets_without_records,
            **self.extra,
            "problems": self.problems,
            "notices": self.notices,
            "records": self.records,
        }


SEVERITY = dict.fromkeys(
    (
        "registration_number_format", "registration_number_shared", "duplicate_cooperative",
        "name_missing", "sector_missing", "district_unknown", "commune_unknown",
        "date_impossible", "date_in_future", "number_unreadable",
        "capital_negative", "workers_negative", "identity_format",
        "duplicate_person", "birth_date_impossible", "contribution_unreadable", "return_missing",
        "return_duplicate", "unit_jump_up", "unit_jump_down",
    ),
    "error",
)  # fmt: skip


class Findings:
    """Collects problems and notices of one sheet."""

    def __init__(self, result: ReadResult, sheet: str) -> None:
        self.result, self.sheet = result, sheet

    def problem(
        self,
        code: str,
        row: int | None,
        column: int | None,
        field_: str | None,
        value: Any,
        *,
        repair: Any = None,
        severity: str = "",
        **more: Any,
    ) -> None:
        """Note a problem; ``row`` and ``column`` count from 0."""
        letter = column_letter(column) if column is not None else None
        number = row + 1 if row is not None else None
        found: Record = {
            "code": code,
            "severity": severity or SEVERITY.get(code, "warning"),
            "sheet": self.sheet,
            "row": number,
            "column": letter,
            "cell": f"{letter}{number}" if letter and number else None,
            "field": field_,
            "value": plain(value),
        }
        if repair is not None:
            found["repair"] = plain(repair)
        found.update(more)
        self.result.problems.append(found)

    def notice(self, kind: str, row: int, column: int | None, field_: str | None) -> None:
        self.result.notices.append(
            {
                "kind": kind,
                "sheet": self.sheet,
                "row": row + 1,
                "column": column_letter(column) if column is not None else None,
                "field": field_,
            }
        )


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: whole numbers as int, days as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if hasattr(value, "isoformat"):
        return (
            value.date().isoformat()
            if hasattr(value, "hour")
            and not any((value.hour, value.minute, value.second))
            and hasattr(value, "date")
            else value.isoformat()
        )
    return value


def spans(rows: Iterable[int]) -> list[int]:
    """Return row numbers counted from 1."""
    return [r + 1 for r in rows]
