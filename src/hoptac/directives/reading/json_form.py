"""The reading as JSON: stable keys, names beside ids, days as text. Described in ``docs/directives-reading.md``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from hoptac.directives.reading.result import VERSION, Reading, Span, Task


def as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain values, ready for :func:`json.dump`. Its order never changes.

    A span is ``[start, end]``, in code points of ``text``. Tasks carry the names of their actors; the same roles by
    id stand in ``lead_ids`` and so on.
    """
    head = _plain(reading.document)
    head["signer"] = reading.document.signatures[0].name if reading.document.signatures else ""
    return {
        "format": VERSION,
        "source": _plain(reading.source),
        "offsets": "code points of text",
        "document": head,
        "references": [_plain(r) for r in reading.references],
        "actors": [_plain(a) for a in reading.actors],
        "sections": [_plain(s) for s in reading.sections],
        "tasks": [_task(reading, t) for t in reading.tasks],
        "aims": [_task(reading, t) for t in reading.aims],
        "remarks": [_plain(r) for r in reading.remarks],
        "text": reading.text,
    }


_ROLES = ("lead", "coordinating", "executing", "recipients")


def _task(reading: Reading, task: Task) -> dict[str, Any]:
    plain = _plain(task)
    for role in _ROLES:
        ids = plain[role]
        plain[role] = [reading.actor(i).name for i in ids]
        plain[f"{role}_ids"] = ids
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value
