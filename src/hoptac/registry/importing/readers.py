"""Which reader reads which kind; the readers of rosters and returns belong to higher apps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Reader = Callable[..., Any]
_READERS: dict[str, Reader] = {}


def declare_reader(kind: str, reader: Reader) -> None:
    """Make a kind of file readable; ``reader(workbook, as_of=, mapping=)`` returns what was read."""
    _READERS[kind] = reader


def read_kind(
    kind: str, workbook: Any, *, as_of: date | None, mapping: Mapping[str, Any] | None
) -> Any:
    """Return records, problems, layouts and totals of a workbook of the kind."""
    return _READERS[kind](workbook, as_of=as_of, mapping=mapping)
