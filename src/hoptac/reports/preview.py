"""A draft as plain lines for the page that looks like the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hoptac.foundation.documents.official import (
    Bullets,
    Column,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
)
from hoptac.foundation.documents.official.outline import labels
from hoptac.foundation.documents.official.structure import Block
from hoptac.foundation.vietnamese import format_number


def shown(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks with what a template needs: ``kind`` and texts as (text, href)."""
    numbers = iter(labels(blocks))
    found: list[dict[str, Any]] = []
    for block in blocks:
        match block:
            case Heading():
                found.append({"kind": "heading", "level": block.level, "number": next(numbers),
                              "text": block.text, "code": block.anchor})  # fmt: skip
            case Paragraph():
                found.append({"kind": "paragraph", "runs": _runs(block.text)})
            case Bullets():
                found.append({"kind": "list", "items": [_runs(item) for item in block.items]})
            case Table():
                found.append(_table(block))
    return found


def _table(table: Table) -> dict[str, Any]:
    rows = []
    for row in table.rows:
        cells: Any = row.cells if isinstance(row, Row) else row
        is_bold = isinstance(row, Row) and row.bold
        rows.append({
            "is_bold": is_bold,
            "span": len(table.columns) if len(cells) == 1 else 0,
            "cells": [
                {"runs": _cell(cell, column), "css": "num" if column.kind == "number" else ""}
                for cell, column in zip(cells, table.columns, strict=False)
            ],
        })  # fmt: skip
    heads = [
        {
            "text": f"{c.group}: {c.title}" if c.group else c.title,
            "css": "num" if c.kind == "number" else "",
        }
        for c in table.columns
    ]
    return {
        "kind": "table", "title": table.title, "unit": table.unit, "heads": heads, "rows": rows,
        "note": _runs(table.note) if table.note else [],
    }  # fmt: skip


def _cell(cell: Any, column: Column) -> list[tuple[str, str]]:
    if isinstance(cell, date):
        return [(f"{cell:%d/%m/%Y}", "")]
    if cell is None:
        return [("", "")]
    if isinstance(cell, int | Decimal):
        return [(format_number(cell, column.decimals), "")]
    return _runs(cell, column.decimals)


def _runs(text: Any, decimals: int | None = None) -> list[tuple[str, str]]:
    parts = [text] if isinstance(text, str | Run) else text
    return [(p, "") if isinstance(p, str) else (_written(p, decimals), p.href) for p in parts]


def _written(run: Run, decimals: int | None) -> str:
    return run.text if isinstance(run.text, str) else format_number(run.text, decimals)
