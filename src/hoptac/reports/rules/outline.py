"""The official structure of a report, as its rule file says it: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TABLES = ("by_sector", "by_part", "by_agency")


@dataclass(frozen=True, kw_only=True)
class SectionSpec:
    """One section: its title, and what the system writes into it.

    ``is_written``: its prose must be entered by the author; ``is_contributed``: agencies may be
    asked for their part of it.
    """

    code: str
    level: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_written: bool = False
    is_contributed: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it only names what stands beneath it."""
        return not (
            self.sentences or self.tables or self.tasks or self.words
            or self.is_written or self.is_contributed
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outline:
    """An outline: for which kinds of report of which line of command, its title and sections."""

    code: str
    chain: str
    kinds: tuple[str, ...]
    about: str
    sections: tuple[SectionSpec, ...]
    annexes: tuple[str, ...]
    basis: str
    confirmed: bool

    def section(self, code: str) -> SectionSpec | None:
        return next((s for s in self.sections if s.code == code), None)


def outline_of(table: Mapping[str, Any]) -> Outline:
    """Return an outline as a table of the rule file says it.

    :raises ValueError: a section names a table that is not known, or two have the same code
    """
    sections = tuple(
        SectionSpec(
            code=s["code"], level=s["level"], title=s["title"], sentences=tuple(s.get("sentences", ())),
            tables=tuple(s.get("tables", ())), tasks=tuple(s.get("tasks", ())), words=tuple(s.get("words", ())),
            is_written=s.get("is_written", False), is_contributed=s.get("is_contributed", False),
        )
        for s in table["sections"]
    )  # fmt: skip
    unknown = {t for s in sections for t in s.tables} - set(TABLES)
    if unknown or len({s.code for s in sections}) < len(sections):
        raise ValueError(
            f"outline {table['code']}: {sorted(unknown) or 'two sections of one code'}"
        )
    return Outline(
        code=table["code"], chain=table["chain"], kinds=tuple(table["kinds"]), about=table["about"],
        sections=sections, annexes=tuple(table["annexes"]), basis=table["basis"], confirmed=table["confirmed"],
    )  # fmt: skip
