# ruff: noqa: S608  (columns of this file, never input)
"""Letting the database say which matched lines are written otherwise than the register has it.

Whoever is written alike, letter by letter, is passed over; what remains is judged by its sense
(``sameness``). It lets through too many, never too few: spelling habits are no business of SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from hoptac.exchange.reading import Line

# How each field is kept in the table of lines: type there, and what the register has for it.
_FIELDS = {
    "code": ("text", "p.registration_number"),
    "name": ("text", "p.name"),
    "short_name": ("text", "q.short_name"),
    "foreign_name": ("text", "q.foreign_name"),
    "status": ("text", "p.legal_status"),
    "established_on": ("date", "p.established_on"),
    "address": ("text", "p.address"),
    "commune": ("uuid", "p.commune_id"),
    "lines": ("text", "coalesce(b.codes, '')"),
    "representative": ("text", "coalesce(r.names, p.director)"),
    "charter_capital": ("bigint", "p.charter_capital"),
    "members": ("bigint", "p.members"),
    "workers": ("bigint", "p.workers"),
    "area": ("numeric", "p.area"),
    "phone": ("text", "p.phone"),
}
_JOINS = {
    "lines": """LEFT JOIN (
        SELECT cooperative_id, string_agg(vsic_code, '; ' ORDER BY vsic_code COLLATE "C") AS codes
        FROM registry_businessline WHERE retired_by IS NULL AND valid @> %(day)s::date
        GROUP BY cooperative_id) b ON b.cooperative_id = p.cooperative_id""",
    "representative": """LEFT JOIN (
        SELECT cooperative_id, string_agg(name, '; ' ORDER BY id) AS names
        FROM registration_legalrepresentative WHERE retired_by IS NULL AND valid @> %(day)s::date
        GROUP BY cooperative_id) r ON r.cooperative_id = p.cooperative_id""",
    "names": "LEFT JOIN registry_particulars q ON q.id = p.particulars_id",
}


def unlike(
    matched: Mapping[UUID, Line],
    communes: Mapping[UUID, UUID | None],
    compared: Collection[str],
    day: date,
) -> Iterable[tuple[UUID, list[str]]]:
    """Yield the bodies of which a line says something written otherwise today, with those fields.

    ``communes`` are the places that the lines name, as the map knows them.
    """
    names = [f for f in _FIELDS if f in compared]
    if not matched or not names:
        return
    columns = ", ".join(f"x_{f} {_FIELDS[f][0]}" for f in names)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS exchange_line_told")
        cursor.execute(
            f"CREATE TEMPORARY TABLE exchange_line_told (body uuid, unread text[], {columns}) ON COMMIT DROP"
        )
        head = ", ".join(("body", "unread", *(f"x_{f}" for f in names)))
        with cursor.copy(f"COPY exchange_line_told ({head}) FROM STDIN") as copy:
            for pk, line in matched.items():
                told = (_kept(f, line, communes.get(pk)) for f in names)
                copy.write_row((pk, list(line.unread), *told))
        cursor.execute("ANALYZE exchange_line_told")
        cursor.execute(_statement(names), {"day": day})
        yield from cursor.fetchall()


def _kept(name: str, line: Line, commune: UUID | None) -> Any:
    if name == "commune":
        return commune
    value = line.values.get(name)
    if name == "lines":
        return "; ".join(sorted(value or ()))
    if _FIELDS[name][0] == "text":
        return str(value or "").replace("\0", "")
    return value


def _statement(names: list[str]) -> str:
    tests = []
    for name in names:
        kind, ours = _FIELDS[name]
        theirs = f"l.x_{name}"
        if kind == "text":
            ours, theirs = f"coalesce({ours}, '')", f"coalesce({theirs}, '')"
        differs = f"{theirs} IS DISTINCT FROM {ours}"
        if name == "commune":  # a place that the map does not know says nothing
            differs = f"{theirs} IS NOT NULL AND {differs}"
        tests.append(f"CASE WHEN {differs} AND NOT '{name}' = ANY(l.unread) THEN '{name}' END")
    wanted = [_JOINS[n] for n in ("lines", "representative") if n in names]
    if {"short_name", "foreign_name"} & set(names):
        wanted.append(_JOINS["names"])
    return f"""
SELECT f.body, f.fields FROM (
    SELECT l.body, array_remove(ARRAY[{", ".join(tests)}], NULL) AS fields
    FROM exchange_line_told l
    JOIN registry_period p ON p.cooperative_id = l.body AND p.is_latest
    {" ".join(wanted)}
) f WHERE cardinality(f.fields) > 0 ORDER BY f.body
"""
