"""What is wrong with a cooperative's members, seen together and each against its paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.tables.days import Day
from hoptac.foundation.tables.result import Findings, Record
from hoptac.foundation.vietnamese import fold


@dataclass(slots=True)
class Row:
    """A member's line: what was read, and where it stands (counted from 0)."""

    r: int
    record: Record
    notes: Findings
    column: Mapping[str, int]
    born: Day
    birth_column: int | None
    joined: date | None
    is_unread: bool
    share: float | None
    is_associate: bool = False  # one without capital, who may be younger


@dataclass(frozen=True)
class Law:
    """What the law of the roster's day asks: the largest part of the capital, the least ages."""

    cap: Decimal
    age: int
    associate_age: int


@dataclass
class Body:
    """A cooperative of a roster: what its heading states of it, and its lines."""

    number: str
    name: str
    notes: Findings
    capital: int | None = None
    stated_capital: int | None = None
    stated_members: int | None = None
    established_on: date | None = None
    rows: list[Row] = field(default_factory=list)

    def as_json(self) -> Record:
        """Return what was learnt of the cooperative; of what was never said, nothing."""
        return {
            "registration_number": self.number or None,
            "name": self.name or None,
            "charter_capital_vnd": self.capital,
            "members": self.stated_members,
            "established_on": self.established_on.isoformat() if self.established_on else None,
        }


def check_body(body: Body, law: Law) -> None:
    """Note everything that is wrong with the members of one cooperative."""
    for row in body.rows:
        _check_identity(row)
        _check_age(row, law.associate_age if row.is_associate else law.age)
    _check_sums(body)
    _check_cap(body, law.cap)
    _check_joined(body)
    _check_twice(body)


def _check_identity(row: Row) -> None:
    """Hold a number of 12 digits against gender and year of birth; nothing is refused for it."""
    number = row.record["id_number"]
    if number is None or len(number) != 12 or row.record["kind"] == "entity":
        return
    c = row.column["id_number"]
    sign = int(number[3])
    gender = row.record["gender"]
    if gender is not None and sign % 2 != (gender == "female"):
        row.notes.problem("identity_gender_mismatch", row.r, c, "id_number", number)
    born = row.born.on
    if born is not None and 1900 + 100 * (sign // 2) + int(number[4:6]) != born.year:
        row.notes.problem("identity_birth_mismatch", row.r, c, "id_number", number)


def _check_age(row: Row, least: int) -> None:
    born, joined = row.born.on, row.joined
    if born is None or joined is None or row.record["kind"] == "entity":
        return
    years = joined.year - born.year
    if row.born.precision == "day":
        years -= (joined.month, joined.day) < (born.month, born.day)
    if years < least:
        row.notes.problem("under_age", row.r, row.birth_column, "birth_date", born)


def _whole(body: Body, code: str, name: str | None, value: int, true: int) -> None:
    body.rows[0].notes.problem(
        code, None, None, name, value, repair=true, registration_number=body.number or None
    )


def _check_sums(body: Body) -> None:
    if body.stated_members is not None and body.stated_members != len(body.rows):
        _whole(body, "member_count_differs", None, len(body.rows), body.stated_members)
    paid = [row.record["contribution_vnd"] for row in body.rows]
    if body.stated_capital is None or any(row.is_unread for row in body.rows):
        return
    total = sum(p for p in paid if p is not None)
    if total and total != body.stated_capital:
        name = "contribution_vnd"
        _whole(body, "contributions_differ_from_capital", name, total, body.stated_capital)


def _capital_by_shares(body: Body) -> Decimal | None:
    """Return the capital that the largest share in percent and its amount imply."""
    told = [
        (Decimal(str(row.share)), Decimal(row.record["contribution_vnd"]))
        for row in body.rows
        if row.record["contribution_vnd"] and row.share and row.share > 0
    ]
    if not told:
        return None
    share, amount = max(told)
    return amount / share * 100


def _check_cap(body: Body, cap: Decimal) -> None:
    paid = [row.record["contribution_vnd"] or 0 for row in body.rows]
    whole = Decimal(sum(paid))
    is_full = not any(row.is_unread for row in body.rows)
    capital = Decimal(body.capital) if body.capital else _capital_by_shares(body)
    if capital is None:
        # Without any word of the capital only a full list tells what the whole is.
        if not is_full or sum(1 for p in paid if p) < 1 / cap:
            return
        capital = whole
    elif not body.capital and is_full and abs(whole - capital) * 50 < capital:
        capital = whole  # shares are rounded, the sum is not
    most = capital * cap if body.capital or capital == whole else capital * cap * Decimal("1.002")
    for row, amount in zip(body.rows, paid, strict=True):
        if amount > most:
            row.notes.problem(
                "contribution_over_cap",
                row.r,
                row.column["contribution_vnd"],
                "contribution_vnd",
                amount,
            )


def _founding(body: Body) -> tuple[date | None, bool]:
    """Return the day of founding and whether it is only inferred: the day on which most members joined.

    It is inferred only where hardly anybody joined earlier; else a later mass admission may be seen.
    """
    if body.established_on is not None:
        return body.established_on, False
    joined = [row.joined for row in body.rows if row.joined is not None]
    if not joined:
        return None, True
    by_day = Counter(joined)
    most = max(by_day.values())
    day = min(d for d, count in by_day.items() if count == most)
    earlier = sum(j < day for j in joined)
    if not earlier:
        return (day if most > 1 else None), True
    next_most = max(count for d, count in by_day.items() if d != day)
    clear = most > 2 and most * 4 >= len(joined) and next_most * 2 <= most
    if not clear or earlier > max(2, len(joined) // 20):
        return None, True
    return day, True


def _check_joined(body: Body) -> None:
    founded, _inferred = _founding(body)
    if founded is None:
        return
    body.established_on = founded
    for row in body.rows:
        if row.joined is not None and row.joined < founded:
            row.notes.problem(
                "joined_before_founding", row.r, row.column["joined_on"], "joined_on", row.joined
            )


def _check_twice(body: Body) -> None:
    """Note who stands twice: by number, or by name and birth where the papers do not tell them apart."""
    by_number: dict[str, Row] = {}
    by_person: dict[tuple[Any, ...], Row] = {}
    for row in body.rows:
        record = row.record
        name, number = fold(record["full_name"] or ""), record["id_number"]
        person = (name, row.born.on) if row.born.on and row.born.precision == "day" else None
        first = by_number.get(number) if number else None
        if first is None and person is not None and name:
            other = by_person.get(person)
            if other is not None and not _are_two(number, other.record["id_number"]):
                first = other
        if first is not None:
            row.notes.problem(
                "duplicate_person", row.r, row.column["full_name"], "full_name",
                record["full_name"], related_rows=[first.record["row"]],
            )  # fmt: skip
            continue
        if number:
            by_number[number] = row
        if person is not None:
            by_person.setdefault(person, row)


def _are_two(one: str | None, other: str | None) -> bool:
    """Tell whether two numbers of one kind of paper differ, so that they name two people."""
    return one is not None and other is not None and len(one) == len(other) and one != other
