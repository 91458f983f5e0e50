"""What each national system takes and gives: layouts and codes as the rulebook has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation import rulebook
from hoptac.foundation.rulebook.facts import words
from hoptac.foundation.vietnamese import fold

# The system whose extracts are held against the register, and which is told of filings.
REGISTRATION = "registration"
SYSTEMS = (
    REGISTRATION,
    "activity-cooperative",
    "activity-union",
    "activity-group",
    "activity-registrar",
)
# How many of our unit one of theirs holds.
_UNITS = {"triệu đồng": 10**6, "nghìn đồng": 10**3, "tỷ đồng": 10**9}


@dataclass(frozen=True)
class Column:
    """A column of a file: its code in JSON, its title in a sheet, the field behind it, the unit."""

    code: str
    title: str
    field: str
    unit: str
    since: date
    basis: str
    is_confirmed: bool
    key: str

    @property
    def scale(self) -> int:
        return _UNITS.get(fold(self.unit) and self.unit.lower(), 1)

    def outward(self, value: Any) -> Any:
        """Return a figure of ours in the unit of the column."""
        if value is None or self.scale == 1:
            return value
        told = Decimal(value) / self.scale
        return int(told) if told == told.to_integral_value() else told

    def inward(self, value: Any) -> Any:
        """Return a figure of the column in our own unit."""
        return value if value is None or self.scale == 1 else value * self.scale


@dataclass(frozen=True)
class Layout:
    """One file that a national system takes, as of a day."""

    system: str
    name: str
    kinds: tuple[str, ...]
    rows: str
    since: date
    basis: str
    note: str
    columns: tuple[Column, ...]
    is_confirmed: bool
    unconfirmed: int

    @property
    def gives(self) -> bool:
        """Whether its extracts can be held against the register."""
        return self.system == REGISTRATION

    def column_of(self, field: str) -> Column | None:
        return next((c for c in self.columns if c.field == field), None)


def layout(system: str, on: date) -> Layout | None:
    """Return a system's layout as of a day: the columns taken then, as confirmed or corrected.

    Nothing where the system takes no such file on the day. Unknown systems are a ``KeyError``.
    """
    if system not in SYSTEMS:
        raise KeyError(system)
    topic = f"exchange/{system}"
    head = rulebook.tables(topic, "layout")[0]
    if head["since"] > on:
        return None
    columns = []
    for table in rulebook.tables(topic, "column"):
        if table["taken"] != "yes" or table["since"] > on:
            continue
        columns.append(
            Column(
                table["code"], table["title"], table["field"], table.get("unit", ""), table["since"],
                table["basis"], bool(table.get("confirmed")), rulebook.key_of(topic, table),
            )
        )  # fmt: skip
    unconfirmed = sum(not c.is_confirmed for c in columns)
    return Layout(
        system, words(head["name"]), tuple(head["kinds"]), head["rows"], head["since"], head["basis"],
        words(rulebook.read_topic(topic).get("note", "")), tuple(columns),
        bool(head.get("confirmed")) and not unconfirmed, unconfirmed,
    )  # fmt: skip


@dataclass(frozen=True)
class Event:
    """Something that a system may be told as soon as it happens, and whether it is."""

    system: str
    code: str
    name: str
    is_sent: bool
    is_confirmed: bool


def events(system: str, on: date) -> list[Event]:
    """Return what a system may be told as of a day, as confirmed or corrected."""
    topic = f"exchange/{system}"
    if "event" not in rulebook.read_topic(topic):
        return []
    return [
        Event(system, t["code"], words(t["name"]), t["sent"] == "yes", bool(t.get("confirmed")))
        for t in rulebook.tables(topic, "event")
        if t["since"] <= on
    ]


def told_of(event: str, on: date) -> list[str]:
    """Return the systems that are told of an event on a day."""
    return [
        system
        for system in SYSTEMS
        if layout(system, on) and any(e.code == event and e.is_sent for e in events(system, on))
    ]


def event_names(on: date) -> dict[str, str]:
    """Return what every event is called."""
    return {e.code: e.name for system in SYSTEMS for e in events(system, on)}


def layouts(on: date) -> list[Layout]:
    """Return every layout in force on a day, the registration database first."""
    return [found for system in SYSTEMS if (found := layout(system, on))]


def _mappings(field: str, kind: str) -> Mapping[str, str]:
    return _mapped(field, "group" if kind == "group" else "body", rulebook.generation())


@functools.lru_cache(maxsize=16)
def _mapped(field: str, of: str, generation: int) -> Mapping[str, str]:
    rows = [t for t in rulebook.tables("exchange/codes", "mapping") if t["field"] == field]
    own = [t for t in rows if t["of"] == of] or rows
    return {t["ours"]: t["theirs"] for t in own}


def their_code(field: str, ours: str, kind: str = "cooperative") -> str:
    """Return the system's code for one of our values; ours itself where there is none."""
    return _mappings(field, kind).get(ours, ours)


@functools.lru_cache(maxsize=32)
def _readings(field: str, of: str, generation: int) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for table in rulebook.tables("exchange/codes", "mapping"):
        if table["field"] == field and table["of"] in {of, "body"}:
            known = {table["theirs"], table["ours"], table["name"]["vi"], table["name"]["en"]}
            for text in known:
                if table["of"] == of or fold(text) not in found:
                    found[fold(text)] = table["ours"]
    return found


def our_value(field: str, theirs: str, kind: str = "cooperative") -> str | None:
    """Return our value for what their file says: a code, or the wording of the text; else nothing."""
    of = "group" if kind == "group" else "body"
    return _readings(field, of, rulebook.generation()).get(fold(theirs))


CODED = frozenset({"status", "kind"})
