"""What is wrong with returns: within a line, between the years, against the register."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from hoptac.foundation.tables.result import Findings, Record, plain
from hoptac.registry.listed import Known, KnownBodies
from hoptac.registry.names import core_name
from hoptac.returns.return_fields import MONEY, PARTS, STEADY, SUMS, key_of

# A part is never larger than its whole, so that one that is has the wrong unit.
_WHOLES = {
    "revenue_members": "revenue", "profit": "revenue", "indivisible_assets": "assets",
    "fund_development": "profit", "fund_reserve": "profit", "fund_other": "profit",
}  # fmt: skip
# A wrong unit: thousands for millions or the other way round.
_STEP = 1000
_WIDE, _NARROW, _SAME = 7.0, 2.5, 30.0


@dataclass(slots=True)
class Line:
    """One cooperative's line of one year; ``cells`` holds what stands in the columns."""

    r: int
    sheet: str
    record: Record
    cells: Mapping[str, Any]
    column: Mapping[str, int]
    units: Mapping[str, int]
    notes: Findings
    has_figures: bool

    @property
    def key(self) -> str:
        """Return what tells the cooperative from others."""
        return self.record["registration_number"] or core_name(self.record["name"] or "")

    def problem(self, code: str, field: str, **more: Any) -> None:
        self.notes.problem(code, self.r, self.column[field], field, self.cells.get(field), **more)


def check_lines(lines: Sequence[Line], registers: Mapping[int, KnownBodies | None]) -> None:
    """Note what is wrong with the lines that are records; wrong units are set right in them first."""
    by_body: dict[str, list[Line]] = {}
    for line in lines:
        by_body.setdefault(line.key, []).append(line)
    typical = _typical(lines)
    for body in by_body.values():
        for line, code, times in _jumps(body, registers, typical):
            _set_right(line, code, times)
    for line in lines:
        _check_sums(line)
        _check_parts(line)
        register = registers.get(line.record["year"])
        if register is not None:
            _check_register(line, register)


# --- Wrong units


def _typical(lines: Sequence[Line]) -> dict[str, float]:
    """Return the middle value of each kind of money over the whole file."""
    found = {}
    for code in MONEY:
        values = [abs(v) for x in lines if (v := x.record.get(key_of(code)))]
        if values:
            found[code] = float(median(values))
    return found


def _leap(value: float, other: float, slack: float) -> int:
    """Return 1 where a value is about 1000 times another, -1 where about a thousandth, else 0."""
    ratio = value / other
    if _STEP / slack <= ratio <= _STEP * slack:
        return 1
    return -1 if _STEP / slack <= 1 / ratio <= _STEP * slack else 0


def _jumps(
    body: Sequence[Line],
    registers: Mapping[int, KnownBodies | None],
    typical: Mapping[str, float],
) -> list[tuple[Line, str, int]]:
    """Return each figure in a wrong unit with the direction in which it leaps."""
    found = []
    for line in body:
        others = [x for x in body if x.record["year"] != line.record["year"]]
        known = _known(line, registers)
        leaps = {}
        for code in MONEY:
            leap = _leap_of(line, code, others, known, typical)
            if leap:
                leaps[code] = leap
        found += [(line, code, leap) for code, leap in _whole_row(line, others, leaps).items()]
    return found


def _known(line: Line, registers: Mapping[int, KnownBodies | None]) -> Known | None:
    register = registers.get(line.record["year"])
    if register is None:
        return None
    record = line.record
    return register.by_number.get(record["registration_number"] or "") or register.named(
        record["name"] or "", record["district"] or ""
    )


def _leap_of(
    line: Line,
    code: str,
    others: Sequence[Line],
    known: Known | None,
    typical: Mapping[str, float],
) -> int:
    key = key_of(code)
    value = abs(line.record.get(key) or 0)
    if not value:
        return 0
    if code == "charter_capital" and known is not None and known.charter_capital:
        leap = _leap(value, known.charter_capital, 1.5)
        if leap:
            return leap
    values = [abs(v) for x in others if (v := x.record.get(key))]
    if not values:
        return 0
    if code not in STEADY and not _shows_itself(line, code):
        return 0
    slack = _WIDE if code in STEADY else _NARROW
    leaps = [_leap(value, v, slack) for v in values]
    for leap in (1, -1):
        if leaps.count(leap) * 2 > len(leaps) and (
            len(leaps) > 1 or _is_odder(value, values[0], typical.get(code, 0))
        ):
            return leap
    return 0


def _shows_itself(line: Line, code: str) -> bool:
    """Tell whether a figure that changes much from year to year looks wrong in its own line too.

    It exceeds the whole of which it is a part, or has more decimals than the line's other money: a loss
    or a profit near nought is a thousandth of another year's by itself.
    """
    whole = line.record.get(key_of(_WHOLES.get(code, "")))
    if whole and abs(line.record[key_of(code)]) > abs(whole):
        return True
    others = [_decimals(line.cells.get(x)) for x in MONEY if x != code]
    return _decimals(line.cells.get(code)) > max(others, default=0) + 1


def _decimals(value: Any) -> int:
    if isinstance(value, (float, Decimal)):
        exponent = Decimal(str(value)).normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0
    return 0


def _is_odder(value: float, other: float, usual: float) -> bool:
    """Tell whether the first of two lies farther from what is usual in the file."""
    return usual > 0 and abs(math.log10(value / usual)) > abs(math.log10(other / usual))


def _whole_row(line: Line, others: Sequence[Line], leaps: dict[str, int]) -> dict[str, int]:
    """Return the leaps of a line; where the steady figures leap together, all its money does."""
    for leap in (1, -1):
        told = [c for c in STEADY if c != "income_per_worker" and line.record.get(key_of(c))]
        steady = sum(leaps.get(code) == leap for code in told)
        if not steady or steady < min(3, len(told)):
            continue
        whole = dict(leaps)
        for code in MONEY:
            value = abs(line.record.get(key_of(code)) or 0)
            if code in whole or not value or code == "income_per_worker":
                continue
            values = [abs(v) for x in others if (v := x.record.get(key_of(code)))]
            every = steady == len(told) >= 3  # the line was typed in another unit altogether
            if every or not any(1 / _SAME <= value / v <= _SAME for v in values):
                whole[code] = leap
        return whole
    return leaps


def _set_right(line: Line, code: str, leap: int) -> None:
    key = key_of(code)
    amount = Decimal(line.record[key])
    true = amount / _STEP if leap > 0 else amount * _STEP
    line.record[key] = int(true)
    repair = plain(true / line.units[code])
    line.problem("unit_jump_up" if leap > 0 else "unit_jump_down", code, repair=repair)


# --- Within a line, and against the register


def _check_sums(line: Line) -> None:
    for code, parts in SUMS:
        if not {code, *parts} <= line.column.keys():
            continue
        whole = line.record[key_of(code)]
        told = [line.record[key_of(p)] for p in parts]
        if whole is None or None in told:
            continue
        # Amounts are rounded to a tenth of the unit, each by itself.
        slack = line.units[code] * 0.15 if code in MONEY and line.units[code] > 1 else 0
        if abs(whole - sum(told)) > slack:
            line.problem("identity_broken", code, parts=list(parts))


def _check_parts(line: Line) -> None:
    for part, whole in PARTS:
        one, all_ = line.record.get(key_of(part)), line.record.get(key_of(whole))
        if one is not None and all_ is not None and one > all_:
            line.problem("part_exceeds_whole", part)


def _check_register(line: Line, register: KnownBodies) -> None:
    known = _known(line, {line.record["year"]: register})
    if known is None:
        line.notes.notice("not_in_register", line.r, line.column.get("name"), "name")
        return
    for code in ("members", "workers", "charter_capital"):
        said, true = line.record.get(key_of(code)), getattr(known, code)
        if said is None or true is None or code not in line.column:
            continue
        unit = line.units.get(code, 1)
        if abs(said - true) > (unit * 0.05 if unit > 1 else 0):
            line.problem("differs_from_register", code, register=plain(Decimal(true) / unit))
