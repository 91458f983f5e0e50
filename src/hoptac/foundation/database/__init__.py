"""Django's PostgreSQL backend, made cheap for what every page asks (``ENGINE`` names this package)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def ask(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a question that is asked again and again.

    The server plans it once for each connection and is then told only the values: several times
    cheaper than a query of the ORM, for the page and for the server. Name the columns (a ``*``
    fails on open connections once a migration adds one), and keep the text the same from call to
    call: values go into ``parameters``, several of them as ``= ANY(%s)``. Seen by query counters
    like any other query.
    """
    with cast(Any, connection).asking() as cursor:
        cursor.execute(sql, parameters)
        return cast(list[tuple[Any, ...]], cursor.fetchall())


def ask_for(model: type[Row], condition: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Return a model's rows that meet a condition (which may go on to say their order)."""
    select, names = _columns(model)
    rows = ask(f"{select} WHERE {condition}", parameters)
    return [model.from_db(connection.alias, names, row) for row in rows]


@cache
def _columns(model: type[Model]) -> tuple[str, tuple[str, ...]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    return f"SELECT {columns} FROM {model._meta.db_table}", tuple(f.attname for f in fields)  # noqa: S608
