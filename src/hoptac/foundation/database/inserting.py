"""Entering many new rows at once, for what acts write by the hundred."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

# Fewer are entered by one INSERT, which goes to the server once; more are cheaper by COPY.
_FEW = 20
# Fields of which the driver takes the values as they are.
_PLAIN = (
    models.CharField, models.TextField, models.UUIDField, models.DateField, models.IntegerField,
    models.BooleanField, models.BinaryField, models.ForeignKey,
)  # fmt: skip


def insert(rows: Sequence[models.Model]) -> None:
    """Enter new rows of one model, as ``bulk_create`` does, but that generated keys are not read back.

    :raises IntegrityError: a constraint of the table refuses one; then none is entered
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    if len(rows) < _FEW or any(f.has_db_default() for f in fields):  # type: ignore[attr-defined]
        model._default_manager.bulk_create(rows)
        return
    fields = [f for f in fields if not isinstance(f, models.AutoField)]
    values = [_value_of(f) for f in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(f.column)) for f in fields)
    sql = f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row([value(row) for value in values])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _value_of(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    name = field.attname
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda row: field.pre_save(row, add=True)
    if isinstance(field, models.JSONField):
        encode = json.JSONEncoder if field.encoder is None else field.encoder

        def as_json(row: Any) -> str | None:
            value = getattr(row, name)
            return None if value is None else json.dumps(value, cls=encode)

        return as_json
    if isinstance(field, _PLAIN):
        return lambda row: getattr(row, name)
    return lambda row: field.get_db_prep_save(getattr(row, name), connection)
