"""Which reader reads which kind; the readers of rosters and returns belong to higher apps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings

from hoptac.foundation.rulebook import NotInForce, rule_in_force
from hoptac.foundation.tables.result import ReadResult
from hoptac.foundation.transfers.cells import Workbook
from hoptac.jurisdiction.gazetteer import load_gazetteer
from hoptac.registry.listing import read_register
from hoptac.registry.rules.particulars import LeastMembersRule

Reader = Callable[..., ReadResult]
_READERS: dict[str, Reader] = {}


def declare_reader(kind: str, reader: Reader) -> None:
    """Make a kind of file readable; ``reader(workbook, as_of=, mapping=)`` returns what was read."""
    _READERS[kind] = reader


def read_kind(
    kind: str, workbook: Workbook, *, as_of: date | None, mapping: Mapping[str, Any] | None
) -> ReadResult:
    """Return records, problems, layouts and totals of a workbook of the kind."""
    return _READERS[kind](workbook, as_of=as_of, mapping=mapping)


def least_members(day: date) -> int:
    """Return the fewest members of a cooperative under the law of the day; 0 where none is known."""
    try:
        return rule_in_force(LeastMembersRule, on=day).cooperative
    except NotInForce:
        return 0


def _read_register(
    workbook: Workbook, *, as_of: date | None, mapping: Mapping[str, Any] | None
) -> ReadResult:
    folder = settings.RULEBOOK / "jurisdiction"
    return read_register(
        workbook, lambda day: load_gazetteer(folder, day), as_of=as_of, mapping=mapping,
        least_members=least_members,
    )  # fmt: skip


declare_reader("register", _read_register)
