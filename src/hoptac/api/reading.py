# ruff: noqa: S608  (conditions are put together from constants; every value is a parameter)
"""Reading for machines: one statement a request, straight to JSON."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from hoptac.api.problem import Problem
from hoptac.foundation.access import Context
from hoptac.foundation.database import ask
from hoptac.foundation.rulebook import NotInForce, rule_in_force
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.places import places
from hoptac.registry.names import search_words
from hoptac.registry.rules.particulars import LeastMembersRule
from hoptac.registry.selectors import register_on
from hoptac.registry.terms import Kind

COLUMNS = (
    "cooperative_id", "kind", "name", "registration_number", "sector", "activity", "commune_id",
    "province_code", "address", "established_on", "established_precision", "legal_era", "legal_status",
    "working_state", "charter_capital", "charter_capital_as_of", "area", "area_as_of", "members",
    "members_as_of", "workers", "workers_as_of", "chairman", "director", "phone",
)  # fmt: skip
_PEOPLE = ("chairman", "director", "phone")
_SELECT = ", ".join(f"p.{c}" for c in COLUMNS)
_NAMES = ("id", *COLUMNS[1:])
FIELDS = (*_NAMES, "commune", "district")
# What the list may be sorted by, as a text or a whole number without gaps: what is not stated
# stands last, whichever way.
_SORTED = {
    "name": ("p.sort_key", "p.sort_key"),
    "registration_number": ("p.registration_number", "p.registration_number"),
    "established_on": (
        "coalesce(p.established_on - date '1900-01-01', 9999999)",
        "coalesce(p.established_on - date '1900-01-01', -9999999)",
    ),
} | {
    column: (f"coalesce(({form})::bigint, 9000000000000000000)", f"coalesce(({form})::bigint, -1)")
    for column, form in (
        ("charter_capital", "p.charter_capital"), ("area", "p.area * 100"),
        ("members", "p.members"), ("workers", "p.workers"),
    )
}  # fmt: skip
SORTS = tuple(_SORTED)
_TEXTS = {"name", "registration_number"}
# No search goes through more bodies than these before people are left out of it.
_MOST_NAMED = 5000


@dataclass(frozen=True)
class Asked:
    """A page of the list as asked for. ``kept`` has the values wanted by column."""

    q: str = ""
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Sequence[Sequence[UUID]] = ()
    bounds: Sequence[tuple[str, Any]] = ()
    lacks: Sequence[str] = ()
    day: date | None = None
    ended: bool = False
    sort: str = "name"
    cursor: str = ""
    limit: int = 50
    fields: frozenset[str] = frozenset()


def reach_sql(
    ctx: Context, permission: str = "registry.view", table: str = "p"
) -> tuple[str, list[Any]]:
    """Return the condition that keeps the caller's territory, and its parameters."""
    reach = ctx.coverage(permission)
    if reach.everything:
        return "true", []
    parts, values = [], []
    for column, kept in (
        ("province_code", reach.provinces), ("commune_id", reach.communes), ("cooperative_id", reach.cooperatives),
    ):  # fmt: skip
        if kept:
            parts.append(f"{table}.{column} = ANY(%s)")
            values.append(list(kept))
    return (f"({' OR '.join(parts)})", values) if parts else ("false", [])


def _is_narrow(ctx: Context) -> bool:
    """Tell whether the territory is so small that looking through all of it beats the index of words."""
    reach = ctx.coverage("registry.view")
    return not (reach.everything or reach.provinces)


def listed(ctx: Context, asked: Asked) -> bytes:
    """Return a page of the register as JSON, with the cursor of the next.

    :raises Problem: 400 where the cursor is none of this list
    """
    conditions, values = _conditions(ctx, asked)
    name, falls = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    key = _SORTED[name][falls]
    if asked.cursor:
        conditions.append(f"({key}, p.cooperative_id) {'<' if falls else '>'} (%s, %s)")
        values += read_cursor(asked.cursor, asked.sort)
    way = "DESC" if falls else "ASC"
    limit = asked.limit + 1

    def page(*more: str) -> str:
        return (
            f"SELECT {_SELECT}, {key} AS k FROM registry_period p "
            f"WHERE {' AND '.join([*conditions, *more])} "
            f"ORDER BY {key} {way}, p.cooperative_id {way} LIMIT {limit:d}"
        )

    is_by_kind = name == "name" and "p.is_latest" in conditions and not _is_narrow(ctx)
    if is_by_kind and not asked.kept.get("kind") and not asked.q:
        # The index of a whole province is by kind: the first of each kind, then the first of all.
        pages = [page(f"p.kind = '{kind}'") for kind in Kind.values]
        sql = (
            " UNION ALL ".join(f"({p})" for p in pages)
            + f" ORDER BY k {way}, cooperative_id {way} LIMIT {limit:d}"
        )
        values *= len(pages)
    else:
        sql = page()
    if _is_narrow(ctx):
        rows = ask(sql, values)
    else:  # in a whole province common words and rare ones want different plans
        with connection.cursor() as db:
            db.execute(sql, values)
            rows = db.fetchall()
    is_cut = len(rows) > asked.limit
    rows = rows[: asked.limit]
    bodies = as_bodies(rows, ctx)
    if asked.fields:
        wanted = asked.fields
        bodies = [{k: v for k, v in body.items() if k in wanted} for body in bodies]
    last = write_cursor(asked.sort, rows[-1][-1], rows[-1][0]) if is_cut else None
    return orjson.dumps(
        {"items": bodies, "next_cursor": last, "as_of": min(asked.day or ctx.today, ctx.today)}
    )


def _conditions(ctx: Context, asked: Asked) -> tuple[list[str], list[Any]]:
    where, values = reach_sql(ctx)
    conditions = [where]
    day = asked.day if asked.day and asked.day < ctx.today else None
    if day is None:
        conditions.append("p.is_latest")
    else:
        conditions.append("p.valid @> %s")
        values.append(day)
    if not asked.ended and "ended" not in asked.kept.get("legal_status", ()):
        conditions.append("p.legal_status <> 'ended'")
    for name, wanted in asked.kept.items():
        if len(wanted) == 1:
            conditions.append(f"p.{name} = %s")
            values.append(wanted[0])
        elif wanted:
            conditions.append(f"p.{name} = ANY(%s)")
            values.append(list(wanted))
    for units in asked.units:
        if units:
            known = {c for u in units if places(u).get(u) for c in scope.covered_by(u).communes}
            conditions.append("p.commune_id = ANY(%s)")
            values.append(list(known))
    for bound, value in asked.bounds:
        conditions.append(f"p.{bound} %s")
        values.append(value)
    for code in asked.lacks:
        condition, given = _lacking(code, day or ctx.today)
        conditions.append(condition)
        values += given
    words = search_words(asked.q)
    if words and _is_narrow(ctx) and sees_people(ctx):
        conditions += ["' ' || p.fold LIKE %s"] * len(words)
        values += [f"% {w}%" for w in words]
    elif words and sees_people(ctx):
        conditions.append("array_to_tsvector(string_to_array(p.fold, ' ')) @@ %s::tsquery")
        values.append(" & ".join(f"{w}:*" for w in words))
    elif words:
        found = register_on(ctx, day or ctx.today).matching(asked.q).named(asked.q)
        conditions.append("p.cooperative_id = ANY(%s)")
        values.append(list(found.values_list("cooperative_id", flat=True)[:_MOST_NAMED]))
    return conditions, values


def _lacking(code: str, day: date) -> tuple[str, list[Any]]:
    """Return the condition of one thing that a record may lack; as ``registry.filters.lacking``."""
    if code == "no_number":
        return "(p.registration_number = '' AND p.kind IN ('cooperative', 'union'))", []
    if code == "old_figures":
        year_ago = day.replace(year=day.year - 1, day=min(day.day, 28))
        return "(p.members_as_of IS NULL OR p.members_as_of < %s)", [year_ago]
    try:
        rule = rule_in_force(LeastMembersRule, on=day)
    except NotInForce:
        return "false", []
    each = " OR ".join(f"(p.kind = '{kind}' AND p.members < %s)" for kind in Kind.values)
    return f"({each})", [getattr(rule, kind) for kind in Kind.values]


_ONE = f"""
SELECT {_SELECT}, o.version FROM registry_period p JOIN registry_cooperative o ON o.id = p.cooperative_id
WHERE p.cooperative_id = %s AND """


def one(ctx: Context, pk: UUID, day: date | None) -> tuple[dict[str, Any], int]:
    """Return a body on a day and its version.

    :raises Problem: 404 where it is unknown, outside the territory, or was not yet on the day
    """
    if day is None or day >= ctx.today:
        where, values = reach_sql(ctx)
        sql, parameters = f"{_ONE} p.is_latest AND {where}", [pk, *values]
    else:
        # Sight follows where the body lies now, or lay last.
        where, values = reach_sql(ctx, table="l")
        sql = (
            f"{_ONE} p.valid @> %s AND EXISTS (SELECT FROM registry_period l "
            f"WHERE l.cooperative_id = p.cooperative_id AND l.is_latest AND {where})"
        )
        parameters = [pk, day, *values]
    rows = ask(sql, parameters)
    if not rows:
        raise Problem(404)
    (row,) = rows
    (body,) = as_bodies(rows, ctx)
    body["version"] = row[-1]
    return body, row[-1]


def sees_people(ctx: Context) -> bool:
    """Tell whether people and telephones may be shown, and searched, for all that the caller reads."""
    return ctx.may_throughout("registry.view_contacts", of="registry.view")


def as_bodies(rows: Sequence[tuple[Any, ...]], ctx: Context) -> list[dict[str, Any]]:
    """Return rows as the schema ``Body`` has them; people only where the caller may see them."""
    may_see_people = sees_people(ctx)
    units = places().units
    found = []
    for row in rows:
        body = dict(zip(_NAMES, row, strict=False))
        if not may_see_people:
            for name in _PEOPLE:
                del body[name]
        if body["area"] is not None:
            body["area"] = float(body["area"])
        commune = units.get(body["commune_id"])
        parent = units.get(commune.parent_id) if commune and commune.parent_id else None
        body["commune"] = commune.full_name if commune else None
        body["district"] = parent.full_name if parent and parent.level == "district" else None
        found.append(body)
    return found


def write_cursor(sort: str, key: Any, pk: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([sort, key, pk])).decode().rstrip("=")


def read_cursor(cursor: str, sort: str) -> list[Any]:
    """Return where a page begins, as a cursor says.

    :raises Problem: 400 where it is none that this list gave
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        of, key, pk = orjson.loads(raw)
        is_text = sort.removeprefix("-") in _TEXTS
        if of != sort or type(key) is not (str if is_text else int) or "\0" in str(key):
            raise ValueError(of)
        if isinstance(key, int) and not -(2**63) < key < 2**63:
            raise ValueError(key)
        return [key, UUID(pk)]
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise Problem(400, _("The cursor is not one that this list gave.")) from error
