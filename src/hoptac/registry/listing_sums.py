"""Whether the sums that a list writes agree with its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hoptac.foundation.tables import numbers
from hoptac.foundation.tables.result import Findings, Record

_KEYS = {
    "charter_capital": "charter_capital_vnd",
    "area": "area_ha",
    "members": "members",
    "workers": "workers",
}


@dataclass
class Label:
    """A row that names a group or a sum. ``position`` is how many records stand above it."""

    row: int
    kind: str
    column: int
    text: str
    count: int | None
    sums: Mapping[str, Any]
    position: int
    district: tuple[str, str] | None
    sector: str | None
    mark: str = ""


def check_sums(
    records: Sequence[Record],
    labels: Sequence[Label],
    columns: Mapping[str, int],
    notes: Findings,
    units: Mapping[str, Decimal | int],
    read: Callable[[str, Any], numbers.Number],
) -> None:
    """Note every subtotal, group sum and total that differs from the sum of its rows.

    A sum is held against each stretch of rows it may mean (since the last sum, the group, everything so
    far, the rows of its district or sector); the stretch that agrees best is taken to be meant. ``units``
    says by column what one is worth in the register's unit, ``read`` reads a cell of a column.
    """
    for index, label in enumerate(labels):
        if label.count is None and not label.sums:
            continue
        stretches = _stretches(records, labels, index)
        if not stretches:
            continue
        stated = {k: _stated(read(k, v), units.get(k, 1)) for k, v in label.sums.items()}
        sums = {k: v for k, v in stated.items() if v is not None}
        best: tuple[int, list[Record]] | None = None
        for stretch in stretches:
            agrees = sum(_sum(stretch, k) == v for k, v in sums.items())
            agrees += label.count is not None and len(stretch) == label.count
            if best is None or agrees > best[0]:
                best = (agrees, stretch)
        if best is None or (best[0] == 0 and len(sums) + (label.count is not None) > 1):
            best = (0, stretches[0])
        meant = best[1]
        if label.count is not None and label.count != len(meant):
            notes.problem("count_mismatch", label.row, label.column, "cooperatives", label.count,
                          repair=len(meant))  # fmt: skip
        for code, value in sums.items():
            true = _sum(meant, code)
            if value != true:
                unit = Decimal(units.get(code, 1))
                notes.problem("total_mismatch", label.row, columns[code], _KEYS[code], value / unit,
                              repair=true / unit)  # fmt: skip


def _stated(number: numbers.Number, unit: Decimal | int) -> Decimal | None:
    return None if number.value is None else Decimal(number.value) * Decimal(number.unit or unit)


def _sum(records: Sequence[Record], code: str) -> Decimal:
    key = _KEYS[code]
    return sum((Decimal(str(r[key])) for r in records if r[key] is not None), Decimal(0))


def _stretches(
    records: Sequence[Record], labels: Sequence[Label], index: int
) -> list[list[Record]]:
    """Return the stretches of rows that a label may sum, the likeliest first; empty ones left out."""
    label = labels[index]
    here = label.position
    found: list[list[Record]] = []

    def add(first: int, last: int) -> None:
        stretch = list(records[first:last])
        if stretch and stretch not in found:
            found.append(stretch)

    if label.kind == "group":
        later = [x.position for x in labels[index + 1 :] if x.kind in {"group", "total"}]
        same = [
            x.position for x in labels[index + 1 :]
            if x.kind == "total" or (x.kind == "group" and bool(x.sector) == bool(label.sector))
        ]  # fmt: skip
        for end in (*same[:1], len(records), *later[:1]):
            add(here, end)
    else:
        earlier = [x.position for x in labels[:index]]
        groups = [x.position for x in labels[:index] if x.kind == "group"]
        if label.kind == "total":
            add(0, here)
        if label.district:
            inside = [r for r in records if r["district_code"] == label.district[0]]
            since = list(records[max(earlier, default=0) : here])
            own = [r for r in since if r["district_code"] == label.district[0]]
            if own:
                found.append(own)
            if since and since not in found:
                found.append(since)
            if inside and inside not in found:
                found.append(inside)
        if label.sector:
            inside = [r for r in records if r["sector"] == label.sector]
            if inside:
                found.append(inside)
        add(max(earlier, default=0), here)
        add(max(groups, default=0), here)
        # Where groups lie within groups, a sum may be of the whole upper one.
        levels = {x.mark: x.position for x in labels[:index] if x.kind == "group"}
        for position in sorted(levels.values(), reverse=True):
            add(position, here)
        add(0, here)
        add(0, len(records))
    return found
