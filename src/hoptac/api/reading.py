# ruff: noqa: S608  (conditions are put together from constants; every value is a parameter)
"""Reading for machines: one statement a request, straight to JSON."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from hoptac.api.problem import Problem
from hoptac.foundation.access import Context
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.places import places
from hoptac.registry.names import search_words

COLUMNS = (
    "cooperative_id", "kind", "name", "registration_number", "sector", "activity", "commune_id",
    "province_code", "address", "established_on", "established_precision", "legal_era", "legal_status",
    "working_state", "charter_capital", "charter_capital_as_of", "area", "area_as_of", "members",
    "members_as_of", "workers", "workers_as_of", "chairman", "director", "phone",
)  # fmt: skip
_PEOPLE = ("chairman", "director", "phone")
_SELECT = ", ".join(f"p.{c}" for c in COLUMNS)
_NAMES = ("id", *COLUMNS[1:])


def reach_sql(ctx: Context, permission: str = "registry.view") -> tuple[str, list[Any]]:
    """Return the condition that keeps the caller's territory, and its parameters."""
    reach = ctx.coverage(permission)
    if reach.everything:
        return "true", []
    parts, values = [], []
    for column, kept in (
        ("province_code", reach.provinces), ("commune_id", reach.communes), ("cooperative_id", reach.cooperatives),
    ):  # fmt: skip
        if kept:
            parts.append(f"p.{column} = ANY(%s)")
            values.append(list(kept))
    return (f"({' OR '.join(parts)})", values) if parts else ("false", [])


def _is_narrow(ctx: Context) -> bool:
    """Tell whether the territory is so small that looking through all of it beats the index of words."""
    reach = ctx.coverage("registry.view")
    return not (reach.everything or reach.provinces)


def listed(
    ctx: Context, *, q: str, filters: dict[str, str], district: UUID | None, commune: UUID | None,
    day: date | None, ended: bool, cursor: str, limit: int,
) -> bytes:  # fmt: skip
    """Return a page of the register as JSON, in alphabetical order, with the cursor of the next."""
    where, values = reach_sql(ctx)
    conditions = [where]
    if day is None or day >= ctx.today:
        conditions.append("p.is_latest")
    else:
        conditions.append("p.valid @> %s")
        values.append(day)
    if not ended:
        conditions.append("p.legal_status <> 'ended'")
    for name, value in filters.items():
        conditions.append(f"p.{name} = %s")
        values.append(value)
    for unit in (district, commune):
        if unit is not None:
            known = places(unit).get(unit)
            conditions.append("p.commune_id = ANY(%s)")
            values.append(list(scope.covered_by(unit).communes) if known else [])
    words = search_words(q)
    if words:
        sees_people = ctx.may("registry.view_contacts")
        if sees_people and _is_narrow(ctx):
            conditions += ["' ' || p.fold LIKE %s"] * len(words)
            values += [f"% {w}%" for w in words]
        elif sees_people:
            conditions.append("array_to_tsvector(string_to_array(p.fold, ' ')) @@ %s::tsquery")
            values.append(" & ".join(f"{w}:*" for w in words))
        else:
            conditions.append("p.cooperative_id = ANY(%s)")
            from hoptac.registry.selectors import register_on

            found = register_on(ctx, day or ctx.today).named(q)
            values.append(list(found.values_list("cooperative_id", flat=True)[:5000]))
    if cursor:
        key, pk = read_cursor(cursor)
        conditions.append("(p.sort_key, p.cooperative_id) > (%s, %s)")
        values += [key, pk]
    sql = (
        f"SELECT {_SELECT}, p.sort_key FROM registry_period p WHERE {' AND '.join(conditions)} "
        "ORDER BY p.sort_key, p.cooperative_id LIMIT %s"
    )
    with connection.cursor() as db:
        db.execute(sql, [*values, limit + 1])
        rows = db.fetchall()
    more = len(rows) > limit
    rows = rows[:limit]
    sees_people = ctx.may("registry.view_contacts")
    return orjson.dumps(
        {
            "items": [as_body(r, sees_people) for r in rows],
            "next_cursor": write_cursor(rows[-1][-1], rows[-1][0]) if more else None,
            "as_of": day or ctx.today,
        },
        default=str,
    )


_ONE = f"""
SELECT {_SELECT}, o.version FROM registry_period p JOIN registry_cooperative o ON o.id = p.cooperative_id
WHERE p.cooperative_id = %s AND """


def one(ctx: Context, pk: UUID, day: date | None) -> tuple[dict[str, Any], int]:
    """Return a body on a day and its version.

    :raises Problem: 404 where it is unknown, outside the territory, or was not yet on the day
    """
    where, values = reach_sql(ctx)
    when, parameters = ("p.is_latest", []) if day is None else ("p.valid @> %s", [day])
    if day is not None:
        # Sight follows where the body lies now, or lay last.
        where = f"EXISTS (SELECT FROM registry_period l WHERE l.cooperative_id = p.cooperative_id AND l.is_latest AND {where.replace('p.', 'l.')})"  # noqa: E501
    with connection.cursor() as db:
        db.execute(f"{_ONE}{when} AND {where}", [pk, *parameters, *values])
        row = db.fetchone()
    if row is None:
        raise Problem(404)
    body = as_body(row, ctx.may("registry.view_contacts"))
    body["version"] = row[-1]
    return body, row[-1]


def as_body(row: tuple[Any, ...], sees_people: bool) -> dict[str, Any]:
    """Return a row as the schema ``Body`` has it; people only where the caller may see them."""
    body = dict(zip(_NAMES, row, strict=False))
    if not sees_people:
        for name in _PEOPLE:
            del body[name]
    if body["area"] is not None:
        body["area"] = float(body["area"])
    units = places()
    commune = units.get(body["commune_id"])
    parent = units.get(commune.parent_id) if commune else None
    body["commune"] = commune.full_name if commune else None
    body["district"] = parent.full_name if parent and parent.level == "district" else None
    return body


def write_cursor(key: str, pk: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([key, str(pk)])).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, UUID]:
    """Return what a cursor says.

    :raises Problem: 400 where it is none of ours
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key, pk = orjson.loads(raw)
        return str(key), UUID(pk)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise Problem(400, "The cursor is not one that this list gave.") from error
